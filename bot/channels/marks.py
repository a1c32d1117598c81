"""The two marks a text may bear, ``*bold*`` and ``_italic_`` around whole words on one line, and how channels write them."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

# The sign stands before what is asked of its left side: so a text is searched for signs, not tried at each place.
MARK = re.compile(
    r"(?P<link>https?://\S+)"  # the signs in a link are its own
    r"|\*(?<![\w*]\*)(?=\S)(?P<bold>[^*\n]*[^*\s])\*(?![\w*])|_(?<!\w_)(?=\S)(?P<italic>[^_\n]*[^_\s])_(?!\w)"
)
# What a reader never sees and a writer with bad intent likes: controls, what turns the direction of foreign text round,
# characters of no width (the two joiners and the two direction marks stay: Urdu and emoji need them), hidden tags that
# stand behind no flag, halves of characters. Texts of strangers come near to ours: names, suggestions, announcements.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
    r"|[\ud800-\udfff]|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+"
)
_DOUBTFUL = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u180e\u200b\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Where WhatsApp would read a sign as one of its marks; each is written as its look-alike of the same length, except in a
# link (faq.whatsapp.com/539178204879377: *bold*, _italic_, ~struck~, `code`, ```block```).
_WOULD_MARK = re.compile(r"(?P<link>https?://\S+)|(?:(?<!\w)[*_~`](?=\S))|(?:(?<=\S)[*_~`](?!\w))")
_SIGN = re.compile(r"[*_~`]")
_ALIKE = {
    "*": "∗",
    "_": "＿",
    "~": "∼",
    "`": "‵",
}  # none is a letter, which would change what stands beside it


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Runs = tuple[Run, ...]
Dress = Callable[[Runs], str]


def seen(text: str) -> str:
    """The text as its reader sees it: one kind of line break, and nothing invisible but what letters need."""
    return _UNSEEN.sub("", _BREAK.sub("\n", text)) if _DOUBTFUL.search(text) else text


def read_marks(text: str) -> Runs:
    """The styled runs of a marked text; their texts joined are what is seen of it, without its marks."""
    return _styled(seen(text), bold=False, italic=False)


def to_html(runs: Runs) -> str:
    """Telegram's HTML: everything escaped, ``<b>`` and ``<i>`` for the marks."""
    return "".join(
        _wrap(html.escape(run.text, quote=False), run, ("<b>", "</b>"), ("<i>", "</i>")) for run in runs
    )


def to_whatsapp(runs: Runs) -> str:
    """WhatsApp's own marks, which are the same signs; a sign that is none of ours is kept from being read as one."""
    return "".join(_wrap(_unmarked(run.text), run, ("*", "*"), ("_", "_")) for run in runs)


def to_plain(runs: Runs) -> str:
    """The words alone: for a terminal, a caption, a second try."""
    return "".join(run.text for run in runs)


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts (core.telegram.org/api/entities#entity-length)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _styled(text: str, *, bold: bool, italic: bool) -> Runs:
    runs: list[Run] = []
    end = 0
    for found in MARK.finditer(text):
        if found["link"]:
            continue
        if found.start() > end:
            runs.append(Run(text[end : found.start()], bold, italic))
        inner = found["bold"] or found["italic"]
        within = bold or bool(found["bold"]), italic or bool(found["italic"])
        plain = "*" not in inner and "_" not in inner
        runs += (Run(inner, *within),) if plain else _styled(inner, bold=within[0], italic=within[1])
        end = found.end()
    if end < len(text):
        runs.append(Run(text[end:], bold, italic))
    return tuple(runs)


def _unmarked(text: str) -> str:
    return _WOULD_MARK.sub(_plainly, text) if _SIGN.search(text) else text


def _plainly(found: re.Match[str]) -> str:
    return found["link"] or _ALIKE[found[0]]


def _wrap(text: str, run: Run, bold: tuple[str, str], italic: tuple[str, str]) -> str:
    if not (run.bold or run.italic) or not text.strip():
        return text
    before, after = ("", "")
    for wanted, (opening, closing) in ((run.bold, bold), (run.italic, italic)):
        if wanted:
            before, after = before + opening, closing + after
    # A mark must stand against the words: blanks at the ends of a run stay outside.
    core = text.strip()
    start = text.index(core)
    return f"{text[:start]}{before}{core}{after}{text[start + len(core) :]}"
