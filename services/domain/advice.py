"""Promise 4 as a function: tells whether a text tells somebody what to do; used on words that a model wrote."""

import re

_ADVICE = re.compile(
    r"""
    \b(?:should|must|ought\s+to|need\s+to|time\s+to|better\s+to|advis\w+\s+to|consider)\s+(?:\w+\s+)?
       (?:buy|sell|hold|book|accumulate|exit|enter|avoid|invest|switch|add|reduce)\w*
    |\b(?:strong\s+)?(?:buy|sell|hold)\s+(?:call|rating|signal|now|recommendation)
    |\b(?:we|i)\s+(?:recommend|suggest|advise|prefer|like)\b
    |\b(?:target\s+price|price\s+target|stop[-\s]?loss|take\s+profits?|don'?t\s+miss|hurry|last\s+chance|guaranteed)\b
    |\b(?:khareed|bech)\s?(?:lo|len|lein|do|dein|den)\b
    |خرید\s?لیں|بیچ\s?دیں
    """,
    re.VERBOSE | re.IGNORECASE,
)


def gives_advice(text: str) -> bool:
    """Whether a text holds a call, a target, a stop or urgency; it errs on the side of yes."""
    return _ADVICE.search(text) is not None
