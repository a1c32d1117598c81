"""Numbers as people type them: percents, rupees in lakh and crore, levels and times of day, in three languages."""

import re
from dataclasses import dataclass
from decimal import Decimal

from services.domain.letters import fold, words
from services.domain.profiles import Currency

_NUMBER_WORDS = words(
    """one two three four five six seven eight nine ten fifteen twenty thirty forty fifty hundred half a ek
    aik do teen tin char chaar paanch panch che chay saat sat aath ath nau no das dus pandra pandrah bees
    pachees pachis tees chalees pachas pachaas sau so adha aadha derh dairh dhai dhaai ایک دو تین چار پانچ
    چھ سات آٹھ نو دس پندرہ بیس پچیس تیس چالیس پچاس سو آدھا ڈیڑھ ڈھائی"""
)
_SCALES = words(
    """k thousand hazar hazaar ہزار lakh lac lacs lakhs lkh laakh لاکھ crore crores cr karor croor کروڑ
    million mn m billion bn arab ارب"""
)

_DIGITS = r"(?:\d{1,3}(?:,\d{2,3})+|\d+)(?:\.\d+)?"
_SPELT = "|".join(sorted(map(re.escape, _NUMBER_WORDS), key=len, reverse=True))
_UNIT = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
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
DOLLARS = re.compile(
    rf"(?<![\w$])(?:us\s?)?\$\s*{_DIGITS}(?:\s*(?:{_UNIT})(?!\w))?|(?<!\w)usd\s*{_DIGITS}(?:\s*(?:{_UNIT})(?!\w))?"
    rf"|(?<![\w.,]){_DIGITS}\s*(?:{_UNIT})?\s*(?:usd|dollars?|bucks|{fold('ڈالرز')}|{fold('ڈالر')})(?!\w)"
)
"""Amounts where prices are in dollars; elsewhere "100 dollars" asks for an exchange rate."""
TIME = re.compile(
    rf"(?<![\w:.])(?:({_DAYPART})\s+)?(?:(\d{{1,2}})[:.](\d{{2}})|(\d{{1,2}})(?=\s*(?:{_HALVES}|{_OCLOCK}|o'?clock)))"
    rf"\s*({_HALVES})?(?:\s*(?:{_OCLOCK}|o'?clock))?(?!\w|%)"
)
NUMBER = re.compile(rf"(?<![\w.])({_DIGITS})(?![\w])")
_EVENING = tuple(map(fold, ("sham", "shaam", "raat", "rat", "شام", "رات")))


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a text, in the order in which they stand; ``masked`` is the text with a sign for each.

    Rupee amounts are only masked here; ``services.domain.amounts.find`` reads them.
    """

    masked: str
    percents: tuple[Decimal, ...]
    times: tuple[str, ...]
    numbers: tuple[Decimal, ...]


def figures(folded: str, currency: Currency = "PKR") -> Figures:
    """Take the figures out of a folded text: "5 lakh ka 10%" -> "@amt ka @pct". ``currency``: what prices are in."""
    percents: list[Decimal] = []
    times: list[str] = []
    numbers: list[Decimal] = []

    def percent(match: re.Match[str]) -> str:
        percents.append(plain_number(match[1]))
        return " @pct "

    def time(match: re.Match[str]) -> str:
        clock = _clock(match)
        if clock:
            times.append(clock)
        return " @time " if clock else match[0]

    def number(match: re.Match[str]) -> str:
        numbers.append(plain_number(match[1]))
        return " @num "

    masked = PERCENT.sub(percent, folded)
    if currency == "USD":
        masked = DOLLARS.sub(" @amt ", masked)
    masked = AMOUNT.sub(" @amt ", masked)
    masked = NUMBER.sub(number, TIME.sub(time, masked))
    return Figures(masked, tuple(percents), tuple(times), tuple(numbers))


def plain_number(text: str) -> Decimal:
    """Numbers such as "2,50,000" and "12.5"."""
    return Decimal(text.replace(",", ""))


def written(value: Decimal) -> str:
    """A number without exponent or trailing zeros: 500000, 12.5."""
    return f"{value.normalize():f}"


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
