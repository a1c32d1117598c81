"""Urdu market text prepared for a voice: signs, rupees, dollars, percent, dates and times as Urdu words; tickers as names.

Plain figures stay figures: the Urdu engine reads them itself, with lakh and crore.
"""

import re
from collections.abc import Mapping

from services.wording.spoken import cleaned, cut
from services.wording.spoken_numbers import NUM
from services.wording.spoken_rule import letters

_MONTHS = {
    "Jan": "جنوری", "Feb": "فروری", "Mar": "مارچ", "Apr": "اپریل", "May": "مئی", "Jun": "جون", "Jul": "جولائی",
    "Aug": "اگست", "Sep": "ستمبر", "Oct": "اکتوبر", "Nov": "نومبر", "Dec": "دسمبر",
}  # fmt: skip
_MAGNITUDES = {
    "crore": " کروڑ", "cr": " کروڑ", "lakh": " لاکھ", "bn": " ارب", "billion": " ارب", "mn": " ملین",
    "million": " ملین", "trillion": " ٹریلین", "ٹریلین": " ٹریلین", "ملین": " ملین", "کروڑ": " کروڑ", "لاکھ": " لاکھ", "ارب": " ارب",
}  # fmt: skip
# Names whose signs would be read as something else, and endings whose dot would end the sentence.
_NAMES = (
    (re.compile(r"S&P(?![A-Za-z])"), "ایس اینڈ پی"),
    (re.compile(r"(?<![A-Za-z])Nasdaq Composite(?![A-Za-z])", re.IGNORECASE), "نیسڈیک کمپوزٹ"),
    (re.compile(r"(?<![A-Za-z])Nasdaq(?![A-Za-z])", re.IGNORECASE), "نیسڈیک"),
    (re.compile(r"Dow Jones Industrial Average"), "ڈاؤ جونز انڈسٹریل ایوریج"),
    (re.compile(r"(?<![A-Za-z])Russell(?=\s\d)"), "رسل"),
    (re.compile(r"(?<![A-Za-z])YoY(?![A-Za-z])"), "سالانہ"),
    (re.compile(r"(?<![A-Za-z])(Inc|Corp|Co|Ltd)\.(?=\s)"), r"\1"),
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_MONEY = re.compile(
    rf"(?P<minus>[−–-])?(?P<currency>Rs\.?|PKR|روپے|(?:US)?\$|USD)\s?(?P<inner>[−–-])?(?P<figure>{NUM})(?:\s?(?P<mag>{'|'.join(_MAGNITUDES)})(?!\w))?"
)
_DATE = re.compile(rf"(?<!\d)(\d{{1,2}})\s({'|'.join(_MONTHS)})[a-z]*(?:\s(\d{{4}}))?")
_TIME = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d)(?![\d:])")
_TICKER = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]+(?![A-Za-z0-9])")
_SIGNS = (
    (re.compile(r"(?<![\w)])[−–-](?=\d)"), "منفی "),
    (re.compile(r"(?<!\w)\+(?=\d)"), "مثبت "),
    (re.compile(r"\s?%"), " فیصد"),
    (re.compile(r"&"), " اور "),
    (re.compile(r"(?<=\d),(?=\d)"), ""),
    (re.compile(r"\s*[()|•·—«»\"]\s*|\s[–-]\s"), "، "),
    (re.compile(r"[^\w\s.,:;!?'،؛؟۔\u064b-\u0655\u0670-]|_"), " "),
    (re.compile(r"،(?:\s*[،,])+"), "،"),
    (re.compile(r"\s*[،,]\s*(?=[۔؟!.])"), ""),
    (re.compile(r"(?<=[A-Z])-(?=\d)"), " "),
    (re.compile(r"\s+(?=[.,،۔؟!؛])"), ""),
    (re.compile(r"\s+"), " "),
)
_SENTENCE_END = re.compile(r"(?<=[۔؟!?])\s+|(?<=[^\d]\.)\s+(?=\S)")


def spoken_urdu(text: str, names: Mapping[str, str] | None = None) -> list[str]:
    """A written Urdu text as pieces for the Urdu voice, each at most ``MAX_CHARACTERS`` long.

    Args:
        text: Urdu in its own script; Latin names may stand in it.
        names: Ticker -> spoken name ("" = spell it).
    """
    table = names or {}
    said = _ADDRESS.sub("", cleaned(text))
    said = _TIME.sub(_time, _DATE.sub(_date, _MONEY.sub(_money, said)))
    said = _TICKER.sub(lambda m: table.get(m[0]) or letters(m[0]), _named(said))
    said = _named(said)  # names of tickers too
    for pattern, words in _SIGNS:
        said = pattern.sub(words, said)
    sentences = (part.strip(" ،,") for part in _SENTENCE_END.split(said))
    return [piece for part in sentences for piece in cut(part) if any(char.isalnum() for char in piece)]


def _named(text: str) -> str:
    for pattern, name in _NAMES:
        text = pattern.sub(name, text)
    return text


def _money(m: re.Match[str]) -> str:
    sign = "منفی " if m["minus"] or m["inner"] else ""
    figures = m["figure"].removesuffix(".00")
    coin = "ڈالر" if m["currency"].endswith(("$", "USD")) else "روپے"
    return f"{sign}{figures}{_MAGNITUDES.get(m['mag'] or '', '')} {coin}"


def _date(m: re.Match[str]) -> str:
    return f"{m[1]} {_MONTHS[m[2]]}{' ' + m[3] if m[3] else ''}"


def _time(m: re.Match[str]) -> str:
    hour, minute = int(m[1]), int(m[2])
    hour = (hour - 1) % 12 + 1
    return f"{hour} بجے" if minute == 0 else f"{hour} بج کر {minute} منٹ"
