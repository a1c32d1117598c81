"""Numbers as people type them: percents, rupees in lakh and crore, levels and times of day, in three languages."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from services.domain.letters import fold

_WORDS: dict[str, str] = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100",
    "half": "0.5", "a": "1", "ek": "1", "aik": "1", "do": "2", "teen": "3", "tin": "3", "char": "4", "chaar": "4",
    "paanch": "5", "panch": "5", "che": "6", "chay": "6", "saat": "7", "sat": "7", "aath": "8", "ath": "8", "nau": "9", "no": "9",
    "das": "10", "dus": "10", "pandra": "15", "pandrah": "15", "bees": "20", "pachees": "25", "pachis": "25", "tees": "30",
    "chalees": "40", "pachas": "50", "pachaas": "50", "sau": "100", "so": "100", "adha": "0.5", "aadha": "0.5", "derh": "1.5",
    "dairh": "1.5", "dhai": "2.5", "dhaai": "2.5", "ایک": "1", "دو": "2", "تین": "3", "چار": "4", "پانچ": "5", "چھ": "6",
    "سات": "7", "آٹھ": "8", "نو": "9", "دس": "10", "پندرہ": "15", "بیس": "20", "پچیس": "25", "تیس": "30", "چالیس": "40",
    "پچاس": "50", "سو": "100", "آدھا": "0.5", "ڈیڑھ": "1.5", "ڈھائی": "2.5",
}  # fmt: skip
_UNITS: dict[str, str] = {
    "k": "1e3", "thousand": "1e3", "hazar": "1e3", "hazaar": "1e3", "ہزار": "1e3",
    "lakh": "1e5", "lac": "1e5", "lacs": "1e5", "lakhs": "1e5", "lkh": "1e5", "laakh": "1e5", "لاکھ": "1e5",
    "crore": "1e7", "crores": "1e7", "cr": "1e7", "karor": "1e7", "croor": "1e7", "کروڑ": "1e7",
    "million": "1e6", "mn": "1e6", "m": "1e6", "billion": "1e9", "bn": "1e9", "arab": "1e9", "ارب": "1e9",
}  # fmt: skip
NUMBER_WORDS = {fold(word): Decimal(value) for word, value in _WORDS.items()}
_SCALE = {fold(word): Decimal(value) for word, value in _UNITS.items()}

_DIGITS = r"(?:\d{1,3}(?:,\d{2,3})+|\d+)(?:\.\d+)?"
_SPELT = "|".join(sorted(map(re.escape, NUMBER_WORDS), key=len, reverse=True))
_UNIT = "|".join(sorted(map(re.escape, _SCALE), key=len, reverse=True))
_RUPEES = r"(?:rs\.?|pkr|rupees?|rupay|rupai|rupaye|rupe|روپے|روپیے)"
_PERCENT = r"(?:%|percent|per cent|pct|fisad|feesad|fi sad|فیصد|فی صد)"
_HALVES = r"(?:am|pm|a\.m\.?|p\.m\.?)"
_OCLOCK = rf"(?:bajay|bajey|baje|bje|{fold('بجے')})"
_DAYPART = (
    rf"(?:subah|subha|sham|shaam|sham|raat|rat|dopahar|{'|'.join(map(fold, ('صبح', 'شام', 'رات', 'دوپہر')))})"
)

PERCENT = re.compile(rf"(?<![\w.])({_DIGITS})\s*{_PERCENT}(?!\w)")
AMOUNT = re.compile(
    rf"(?:(?<!\w){_RUPEES}\s*)?(?<![\w.,])(?:({_DIGITS})\s*|({_SPELT})\s+)({_UNIT})(?!\w)(?:\s*{_RUPEES}(?!\w))?"
    rf"|(?<!\w){_RUPEES}\s*({_DIGITS})(?!\w)|(?<![\w.,])({_DIGITS})\s*{_RUPEES}(?!\w)"
)
TIME = re.compile(
    rf"(?<![\w:.])(?:({_DAYPART})\s+)?(?:(\d{{1,2}})[:.](\d{{2}})|(\d{{1,2}})(?=\s*(?:{_HALVES}|{_OCLOCK}|o'?clock)))"
    rf"\s*({_HALVES})?(?:\s*(?:{_OCLOCK}|o'?clock))?(?!\w|%)"
)
NUMBER = re.compile(rf"(?<![\w.])({_DIGITS})(?![\w])")
_EVENING = tuple(map(fold, ("sham", "shaam", "raat", "rat", "شام", "رات")))


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a text, in the order in which they stand; ``masked`` is the text with a sign for each."""

    masked: str
    percents: tuple[Decimal, ...]
    amounts: tuple[Decimal, ...]
    times: tuple[str, ...]
    numbers: tuple[Decimal, ...]


def figures(folded: str) -> Figures:
    """Take the figures out of a folded text: "5 lakh ka 10%" -> "@amt ka @pct"."""
    percents: list[Decimal] = []
    amounts: list[Decimal] = []
    times: list[str] = []
    numbers: list[Decimal] = []

    def percent(match: re.Match[str]) -> str:
        percents.append(plain_number(match[1]))
        return " @pct "

    def amount(match: re.Match[str]) -> str:
        amounts.append(_rupees(match))
        return " @amt "

    def time(match: re.Match[str]) -> str:
        clock = _clock(match)
        if clock:
            times.append(clock)
        return " @time " if clock else match[0]

    def number(match: re.Match[str]) -> str:
        numbers.append(plain_number(match[1]))
        return " @num "

    masked = AMOUNT.sub(amount, PERCENT.sub(percent, folded))
    masked = NUMBER.sub(number, TIME.sub(time, masked))
    return Figures(masked, tuple(percents), _joined(masked, amounts), tuple(times), tuple(numbers))


def plain_number(text: str) -> Decimal:
    """Numbers such as "2,50,000" and "12.5"."""
    return Decimal(text.replace(",", ""))


def written(value: Decimal) -> str:
    """A number without exponent or trailing zeros: 500000, 12.5."""
    return f"{value.normalize():f}"


def _rupees(match: re.Match[str]) -> Decimal:
    digits, spelt, unit, after, before = match.groups()
    if unit:
        return (plain_number(digits) if digits else NUMBER_WORDS[spelt]) * _SCALE[unit]
    return plain_number(after or before)


def _joined(masked: str, amounts: list[Decimal]) -> tuple[Decimal, ...]:
    """One amount of "2 lakh 50 hazar": neighbours that fall in size are added up."""
    runs = re.findall(r"@amt(?:\s+@amt)*", masked)
    result: list[Decimal] = []
    rest = iter(amounts)
    for run in runs:
        part = [next(rest) for _ in range(run.count("@amt"))]
        falling = all(a > b for a, b in pairwise(part))
        result.extend([sum(part, Decimal(0))] if falling else part)
    return tuple(result)


def _clock(match: re.Match[str]) -> str:
    daypart, hour, minute, bare, half = match.groups()
    hours, minutes = int(hour or bare), int(minute or 0)
    late = (half or "").startswith("p") or daypart in _EVENING
    early = (half or "").startswith("a") or bool(daypart)
    if late and hours < 12:
        hours += 12
    elif early and not late and hours == 12 and daypart is None:
        hours = 0
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else ""
