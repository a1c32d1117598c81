"""Which setting somebody wants changed, and to what: language, times, days, voice, charts, Shariah-only, a linked channel."""

import re

from services.domain.letters import fold
from services.domain.moments import read_days, read_times
from services.intents.heard import Heard

_LANGS: tuple[tuple[str, str], ...] = (
    ("roman", rf"\broman\b|{fold('رومن')}"),
    ("en", rf"\b(?:english|angre?zi|inglish|englsh)\b|{fold('انگریزی')}|{fold('انگلش')}"),
    ("ur", rf"\burdu\b|{fold('اردو')}"),
)
_OFF = re.compile(
    rf"\b(?:no|not|dont|don t|off|stop|disable|without|mute|remove|band|bnd|bund|mat|na|nahi|nahin|nhi|hatao|hata|rok\w*|cancel|only text)\b"
    rf"|(?:{'|'.join(map(fold, ('بند', 'مت', 'نہ', 'نہیں', 'ختم', 'روک', 'آف')))})(?!\w)"
)
_ONLY_TEXT = re.compile(
    rf"\b(?:text only|only text|just text|sirf (?:text|likh\w*|tehreer)|likha hua)\b|{fold('صرف تحریر')}|{fold('صرف لکھا')}"
)
_SUBJECTS: tuple[tuple[str, str], ...] = (
    ("link", rf"\b(?:link|connect|jor\w*)\b|{fold('جوڑ')}"),
    ("charts", rf"\b(?:charts?|graphs?|pictures?|images?|pics?|photos?|tasv?w?e+r\w*)\b|{fold('چارٹ')}|{fold('تصویر')}|{fold('تصاویر')}"),
    ("voice", rf"\b(?:voices?|audio|awa+z|sound)\b|{fold('آواز')}|{fold('وائس')}|{fold('آڈیو')}"),
    ("shariah", rf"\b(?:halal|shari\w*|islamic)\b|{fold('حلال')}|{fold('شریعہ')}|{fold('شرعی')}"),
)  # fmt: skip
_TIMES = re.compile(
    rf"\b(?:times?|timings?|waqt|schedule|baje|subah?a?|sha+m|morning|evening|am|pm)\b|@time|(?:{'|'.join(map(fold, ('وقت', 'بجے', 'صبح', 'شام')))})(?!\w)"
)
_DAYS = re.compile(rf"\b(?:days?|din|weekdays?)\b|{fold('دن')}(?!\w)")
_LANGUAGE = re.compile(rf"\b(?:lang\w*|langu?age|zu?ba+n|reply in|speak)\b|{fold('زبان')}")
_HALVES: tuple[tuple[str, str, str], ...] = (
    ("09:00", rf"\b(?:morning|suba\w*)\b|{fold('صبح')}", "17:00"),
    ("17:00", rf"\b(?:evening|sha+m)\b|{fold('شام')}", "09:00"),
)
_TRADING_DAYS = range(5)


def setting(heard: Heard) -> dict[str, str]:
    """``setting`` is lang, times, days, voice, charts, shariah or link; ``value`` is "" where only the subject is named."""
    text = heard.folded
    days = read_days(text)
    times = ",".join(moment.strftime("%H:%M") for moment in read_times(text))
    if _ONLY_TEXT.search(text):
        return {"setting": "voice", "value": "off"}
    subject = next((name for name, pattern in _SUBJECTS if re.search(pattern, text)), "")
    if subject:
        return {
            "setting": subject,
            "value": "" if subject == "link" else "off" if _OFF.search(text) else "on",
        }
    language = next((code for code, pattern in _LANGS if re.search(pattern, text)), "")
    if language or _LANGUAGE.search(text):
        return {"setting": "lang", "value": language}
    return _timed(heard, times, days)


def _timed(heard: Heard, times: str, days: tuple[int, ...]) -> dict[str, str]:
    text = heard.folded
    if times:
        return {"setting": "times", "value": times}
    if days:
        kept = [d for d in _TRADING_DAYS if d not in days] if _OFF.search(text) else list(days)
        return {"setting": "days", "value": ",".join(map(str, kept))}
    if not _TIMES.search(heard.masked):
        return {"setting": "days"} if _DAYS.search(text) else {}
    for clock, pattern, other in _HALVES:
        if re.search(pattern, text):
            return {"setting": "times", "value": other if _OFF.search(text) else clock}
    bare = [f"{int(n):02d}:00" for n in heard.figures.numbers if 0 <= n < 24 and n == int(n)]
    return {"setting": "times", "value": ",".join(bare)}
