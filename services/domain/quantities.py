"""Numbers with what they count, as people type them beside a name: percents, parts, halves, shares, rupees, dollars."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.domain.letters import plain

Unit = Literal["percent", "part", "count", "amount", "bare"]

_PERCENT = r"%|per\s?cent(?:age)?|pct|pc|fi\s?sad|fee\s?sad|فیصد|فی صد|پرسنٹ"
_COUNT = r"shares?|units?|scrips?|stocks?|شیئرز?|شئیرز?|یونٹس?|حصص"
_PART = r"hiss(?:a|e|ay|ey|ah)|parts?|حصہ|حصے|حصّہ|حصّے"
_RUPEES = r"rs\.?|pkr|rupees?|rupa?(?:y|ye|yay|iya|iye|e)|₨|/-|روپے|روپیہ|روپیے|روپئے"
_DOLLARS = r"(?:us\s?)?\$|usd|(?:us\s)?dollars?|bucks|ڈالرز?"
_MONEY = rf"{_RUPEES}|{_DOLLARS}"
_LOCAL = frozenset(("lakh", "lakhs", "lac", "lacs", "لاکھ", "crore", "crores", "cr", "karor", "کروڑ"))
_SCALES = {
    "k": 3, "thousand": 3, "hazar": 3, "hazaar": 3, "ہزار": 3, "lakh": 5, "lakhs": 5, "lac": 5, "lacs": 5, "لاکھ": 5,
    "mn": 6, "m": 6, "million": 6, "ملین": 6, "crore": 7, "crores": 7, "cr": 7, "karor": 7, "کروڑ": 7, "bn": 9,
    "billion": 9, "arab": 9, "ارب": 9,
}  # fmt: skip
_COUNTED = {
    "one": 1, "ek": 1, "aik": 1, "ایک": 1, "two": 2, "do": 2, "دو": 2, "three": 3, "teen": 3, "تین": 3, "four": 4,
    "char": 4, "chaar": 4, "چار": 4, "five": 5, "panch": 5, "paanch": 5, "پانچ": 5, "six": 6, "chay": 6, "chhe": 6,
    "چھ": 6, "seven": 7, "saat": 7, "سات": 7, "eight": 8, "aath": 8, "آٹھ": 8, "nine": 9, "nau": 9, "نو": 9, "ten": 10,
    "das": 10, "dus": 10, "دس": 10, "twenty": 20, "bees": 20, "بیس": 20, "thirty": 30, "tees": 30, "تیس": 30,
    "forty": 40, "chalis": 40, "chalees": 40, "چالیس": 40, "fifty": 50, "pachas": 50, "پچاس": 50, "sixty": 60,
    "saath": 60, "ساٹھ": 60, "seventy": 70, "sattar": 70, "ستر": 70, "eighty": 80, "assi": 80, "اسی": 80, "ninety": 90,
    "nawway": 90, "نوے": 90, "hundred": 100, "so": 100, "sau": 100, "سو": 100,
}  # fmt: skip
_FRACTIONS = {
    "half": 2, "aadha": 2, "adha": 2, "aadhi": 2, "adhi": 2, "aadhay": 2, "nisf": 2, "آدھا": 2, "آدھی": 2, "آدھے": 2,
    "نصف": 2, "third": 3, "thirds": 3, "tihai": 3, "تہائی": 3, "quarter": 4, "quarters": 4, "fourth": 4, "chauthai": 4,
    "chothai": 4, "چوتھائی": 4, "fifth": 5, "fifths": 5,
}  # fmt: skip
_VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅛": "1/8"}


def _any(options: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, options), key=len, reverse=True))


_END = r"(?![^\W\d_])"  # a unit is a whole word: "m" is not the start of "MEBL"
_NUMBER = re.compile(
    rf"""(?P<before>(?<!\w)(?:{_MONEY})\s*)?
    (?<![\w.,])(?P<sign>-)?
    (?P<digits>\d{{1,3}}(?:,\d{{2,3}})*,\d{{3}}(?!\d)|\d+)(?P<decimals>\.\d+)?
    (?:\s?/\s?(?P<under>\d{{1,3}})(?![\d-]))?
    (?:\s*(?P<scale>{_any(_SCALES)}){_END})?
    (?:\s*(?:(?P<percent>(?:{_PERCENT}))|(?P<count>(?:{_COUNT}){_END})|(?P<part>(?:{_PART}){_END})|(?P<money>(?:{_MONEY}){_END})))?""",
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(
    rf"""(?<!\w)(?:(?:(?P<many>{_any(_COUNTED)})\s+)?(?P<fraction>{_any(_FRACTIONS)}){_END}
    |(?P<value>{_any(_COUNTED)})\s+(?:(?P<percent>(?:{_PERCENT}))|(?P<part>(?:{_PART}){_END})|(?P<count>(?:{_COUNT}){_END})|(?P<scale>{_any(_SCALES)}){_END}))""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` in its unit (percent: 60 means 60 %; a half is 50 percent). ``signed``: a minus stood before it.

    ``currency`` is what an amount names ("PKR", "USD"; lakh and crore alone are rupees), "" where it names none.
    """

    value: Decimal
    unit: Unit
    start: int
    end: int
    signed: bool = False
    currency: str = ""


def opened(text: str) -> str:
    """The text with plain digits, and numbers set apart from letters ("LUCK40%", "60MEBL", "½")."""
    text = plain(text)
    for sign, spelt in _VULGAR.items():
        text = text.replace(sign, f" {spelt} ")
    text = re.sub(r"(?<=[^\W\d_])(?=\d+(?:\.\d+)?\s*%)", " ", text)
    return re.sub(r"(?<=\d)(?=[A-Z]{3,}\b)", " ", text)


def quantities(text: str, taken: tuple[tuple[int, int], ...] = ()) -> tuple[Quantity, ...]:
    """The quantities of a text that was ``opened``, in its order; ``taken`` are spans of names, passed over."""
    free = list(text)
    for start, end in taken:
        free[start:end] = "\0" * (end - start)
    rest = "".join(free)
    found = [_from_number(m) for m in _NUMBER.finditer(rest)]
    busy = [(q.start, q.end) for q in found]
    free_words = (m for m in _WORD.finditer(rest) if not any(s < m.end() and m.start() < e for s, e in busy))
    found += map(_from_word, free_words)
    return tuple(sorted(found, key=lambda q: q.start))


def _from_number(match: re.Match[str]) -> Quantity:
    value = Decimal(match["digits"].replace(",", "") + (match["decimals"] or ""))
    start, end, signed = match.start(), match.end(), match["sign"] is not None
    if match["under"] and int(match["under"]):
        return Quantity(100 * value / int(match["under"]), "percent", start, end, signed)
    if match["scale"]:
        value = value.scaleb(_SCALES[match["scale"].lower()])
    return Quantity(value, _unit(match, value), start, end, signed, _currency(match))


def _currency(match: re.Match[str]) -> str:
    mark = match["before"] or match["money"]
    if mark:
        return "USD" if re.match(_DOLLARS, mark.strip(), re.IGNORECASE) else "PKR"
    return "PKR" if (match["scale"] or "").lower() in _LOCAL else ""


def _unit(match: re.Match[str], value: Decimal) -> Unit:
    if match["percent"]:
        return "percent"
    if match["count"]:
        return "count"
    if match["part"]:
        return "part" if value <= 20 else "count"
    return "amount" if match["before"] or match["money"] or match["scale"] or value >= 1000 else "bare"


def _from_word(match: re.Match[str]) -> Quantity:
    if match["fraction"]:
        many = _COUNTED.get((match["many"] or "one").lower(), 1)
        value = Decimal(100 * many) / _FRACTIONS[match["fraction"].lower()]
        return Quantity(value, "percent", match.start(), match.end())
    value = Decimal(_COUNTED[match["value"].lower()])
    if match["scale"]:
        scale = match["scale"].lower()
        currency = "PKR" if scale in _LOCAL else ""
        return Quantity(value.scaleb(_SCALES[scale]), "amount", match.start(), match.end(), currency=currency)
    unit: Unit = "percent" if match["percent"] else "part" if match["part"] else "count"
    return Quantity(value, unit, match.start(), match.end())
