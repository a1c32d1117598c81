"""Promise 1 as a function: a text passes only if a known fact stands behind every figure in it.

``check`` reads a text left to right with one pattern, each match consumed once: names that hold digits, dates,
times, windows ("52-week"), then figures. A figure passes if some fact, brought to the figure's scale (crore, million, percent)
and rounded to the digits shown, is that figure; a written sign or a word such as "fell" must agree with the fact.
Numbers spelled out before a unit cannot be traced and are refused.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from services.domain.errors import Ungrounded
from services.domain.market import Fact, Unit

# Lengths of time that describe a calculation and claim nothing about the market.
WINDOWS = frozenset({1, 3, 5, 6, 10, 12, 14, 20, 24, 30, 50, 52, 60, 90, 100, 200, 252, 365})
# The exchange's hours and ours (PSX trading hours, times at which flows and NAVs appear, times of the briefs).
TIMES = frozenset(
    time(*hm)
    for hm in (
        (9, 0), (9, 15), (9, 17), (9, 30), (9, 32), (12, 0), (13, 0), (14, 0), (14, 15), (14, 32),
        (15, 30), (15, 50), (16, 0), (16, 30), (17, 0), (18, 0), (19, 0), (19, 30),
    )
)  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january", "جنوری"), ("feb", "february", "فروری"), ("mar", "march", "مارچ"),
            ("apr", "april", "اپریل"), ("may", "مئی"), ("jun", "june", "جون"),
            ("jul", "july", "جولائی"), ("aug", "august", "اگست"), ("sep", "september", "ستمبر"),
            ("oct", "october", "اکتوبر"), ("nov", "november", "نومبر"), ("dec", "december", "دسمبر"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_SCALES = {
    **dict.fromkeys(("thousand", "hazar", "hazaar", "ہزار", "k"), Decimal(1_000)),
    **dict.fromkeys(("lakh", "lac", "لاکھ"), Decimal(100_000)),
    **dict.fromkeys(("million", "mn", "m", "ملین"), Decimal(1_000_000)),
    **dict.fromkeys(("crore", "کروڑ"), Decimal(10_000_000)),
    **dict.fromkeys(("billion", "bn", "ارب", "arab"), Decimal(1_000_000_000)),
    **dict.fromkeys(("trillion", "tn"), Decimal(1_000_000_000_000)),
}
_UP = "up|rose|gained|added|climbed|advanced|higher by|ahead by|barha|barhe|اضافہ"
_DOWN = "down|fell|lost|dropped|slipped|declined|shed|eased|lower by|behind by|gira|gire|کمی"
_NOUNS: dict[str, frozenset[Unit]] = {
    "points": frozenset(("index points", "count")),
    "shares": frozenset(("shares", "count")),
    "rupees": frozenset(("PKR", "PKR mn", "PKR per USD")),
    "dollars": frozenset(("USD", "USD mn")),
}
_NOUNS |= {
    "point": _NOUNS["points"],
    "پوائنٹس": _NOUNS["points"],
    "روپے": _NOUNS["rupees"],
    "rupay": _NOUNS["rupees"],
}
_PERCENT = r"%|٪|per\s?cent(?:age\s+points?)?\b|percentage\s+points?\b|pp\b|فیصد|fee?\s?sad\b"
_PERCENT_UNITS: frozenset[Unit] = frozenset(("fraction", "%"))
_RUPEE_UNITS: frozenset[Unit] = frozenset(("PKR", "PKR mn", "PKR per USD"))
_SIZES: dict[Unit, Decimal] = {"USD mn": Decimal(1_000_000), "PKR mn": Decimal(1_000_000)}
_month = "|".join(sorted(_MONTHS, key=len, reverse=True))
_scale = "|".join(sorted(_SCALES, key=len, reverse=True))
_TOKEN = re.compile(
    rf"""
    (?P<name>\b(?:KSE[-\s]?(?:100|30)(?:PR)?|KMI[-\s]?30|MII[-\s]?30|PSXDIV[-\s]?20|UPP[-\s]?9|T\+1
       |S&P\s?(?:400|500|600)|Russell\s?[123]000|Nasdaq[-\s]100|DOW30|SP500)\b)
    |(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)
    |\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_month})\b(?:,?\s+(?P<year>\d{{4}})\b)?
    |\b(?P<month2>{_month})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,\s*(?P<year2>\d{{4}})\b)?
    |\b(?P<month3>{_month})\s+(?P<year3>\d{{4}})\b
    |\b(?P<clock>\d{{1,2}}:\d{{2}})\b
    |\b(?P<window>\d{{1,3}})[-\s]?(?:(?:trading|calendar|known)\s+)?
       (?:days?|weeks?|sessions?|closes|months?|years?|hours?|din|hafton|hafte|mahine|دن|دنوں|ہفتے|ہفتوں|ماہ|سیشن)(?!\w)
    |(?:\b(?P<way>{_UP}|{_DOWN})\s+(?:by\s+|another\s+|about\s+)?)?
     (?P<sign>(?<![\w.,)])[+\-](?=[\dRrPp$₨])|\b(?:minus|plus|manfi)\s+|منفی\s+)?
     (?:(?P<money>(?:Rs\.?|PKR|₨)\s?|(?:US\s?)?\$\s?|USD\s)(?P<sign2>[+\-])?)?
     (?P<figure>\d{{1,3}}(?:,\d{{2,3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
     (?:\s?(?P<scale>{_scale})\b)?
     (?:\s?(?P<percent>{_PERCENT}))?
     (?:\s(?P<noun>points?|shares|rupees|dollars|پوائنٹس|روپے|rupay)\b)?
    |(?P<bare>\b(?:percent|per\scent|lakh|crore|million|billion|trillion|fee?sad)\b|فیصد|لاکھ|کروڑ)
    |\b(?P<spelled>(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty
       |sixty|seventy|eighty|ninety|hundred|thousand)\s+(?:points|rupees|dollars|paisa)\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CODE = re.compile(r"(?=.*\d)(?=.*[A-Za-z]{2})")
_DIGITS = str.maketrans("٫٬٪−–", ".,%--")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written: its size, the digits shown, its scale and what it claims to be.

    ``sign`` is +1 or −1 where the text states one, 0 where it does not. ``units`` are those it may belong to.
    """

    text: str
    size: Decimal
    digits: int
    scale: Decimal
    sign: int
    units: frozenset[Unit] | None

    @property
    def value(self) -> Decimal:
        """The figure with its sign, at full scale; percents stay percents."""
        return self.size * self.scale * (-1 if self.sign < 0 else 1)


def check(text: str, facts: Iterable[Fact], days: Iterable[date] = (), names: Iterable[str] = ()) -> None:
    """Pass silently if every figure of ``text`` is one of ``facts``.

    Args:
        text: What is to be sent; Urdu and other digits are read as digits.
        facts: The facts that may be told. Their ``as_of`` days may be told too.
        days: Further days that may be told (events).
        names: Proper names that hold digits and claim nothing.

    Raises:
        Ungrounded: The detail and ``values['figure']`` name the first figure without a fact.
    """
    known = tuple(facts)
    allowed = frozenset(days) | {fact.as_of.date() for fact in known}
    times = TIMES | {fact.as_of.time().replace(second=0, microsecond=0) for fact in known}
    for match in _TOKEN.finditer(_plain(text, _coded(text, known, names))):
        if not _stands(match, known, allowed, times):
            figure = " ".join(match.group().split())
            raise Ungrounded(f"no fact stands behind {figure!r}; send the plain lines instead", figure=figure)


def facts_in(text: str, stem: Fact) -> tuple[Fact, ...]:
    """Turn the figures of a record's own title into facts of that record, so that the title may be quoted.

    Args:
        text: A title from a dated record ("final dividend 250%").
        stem: Gives the id's beginning, entity, time and source; its value and unit are not used.
    """
    found: list[Fact] = []
    for match in _TOKEN.finditer(_plain(text, ())):
        if match["figure"]:
            figure = _figure(match)
            unit: Unit = "count" if figure.units is None else _first(figure.units)
            value = figure.value / _SIZES.get(unit, Decimal(1))
            found.append(replace(stem, id=f"{stem.id}:{len(found)}", value=value, unit=unit))
    return tuple(found)


def days_in(text: str, year: int) -> frozenset[date]:
    """The days that a record's title names; those without a year are taken to be in ``year``."""
    written = (m for m in _TOKEN.finditer(_plain(text, ())) if m["iso"] or m["day"] or m["day2"])
    return frozenset(day for m in written if (day := _date(m, year)) is not None)


def _first(units: frozenset[Unit]) -> Unit:
    """The plainest of the units a written form can mean."""
    order: tuple[Unit, ...] = ("%", "PKR", "USD mn", "USD", "shares", "count", "index points")
    return next(unit for unit in order if unit in units)


def _coded(text: str, facts: tuple[Fact, ...], names: Iterable[str]) -> tuple[str, ...]:
    """Names with digits in the text that claim nothing: codes among the facts, and those handed in."""
    told = {name for name in (*names, *(f.entity for f in facts)) if name in text and _CODE.search(name)}
    return tuple(sorted(told, key=len, reverse=True))


def _plain(text: str, names: tuple[str, ...]) -> str:
    """The text with ASCII digits, without the given names.

    Raises:
        Ungrounded: At a numeral that is no decimal digit (½, ², Ⅳ).
    """
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "·", text)
    letters = []
    for letter in text.translate(_DIGITS):
        if not letter.isascii() and letter.isnumeric():
            plain = unicodedata.decimal(letter, None)
            if plain is None:
                raise Ungrounded(f"the numeral {letter!r} cannot be traced", figure=letter)
            letters.append(str(plain))
        else:
            letters.append(letter)
    return "".join(letters)


def _stands(
    match: re.Match[str], facts: tuple[Fact, ...], days: frozenset[date], times: frozenset[time]
) -> bool:
    """Whether one match of the pattern is a name, a known day or time, a window, or a known figure."""
    if match["bare"] or match["spelled"]:
        return False
    if match["clock"]:
        return _time(match["clock"]) in times
    if match["window"]:
        whole = Decimal(match["window"])
        return int(whole) in WINDOWS or any(
            fact.value == whole for fact in facts if fact.unit in {"count", "days"}
        )
    if match["figure"]:
        return _known(_figure(match), facts) or _is_year(match, days)
    return bool(match["name"]) or _dated(match, days)


def _time(text: str) -> time | None:
    hour, minute = (int(part) for part in text.split(":"))
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _date(match: re.Match[str], year: int) -> date | None:
    """The day a match names, in ``year`` if it names none; None if there is no such day."""
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        stated = int(match["year"] or match["year2"] or year)
        month = _MONTHS[(match["month"] or match["month2"]).lower()]
        return date(stated, month, int(match["day"] or match["day2"]))
    except ValueError:
        return None


def _dated(match: re.Match[str], days: frozenset[date]) -> bool:
    """Whether a written day (or month of a year) is one that may be told; a day without a year fits any year."""
    if match["month3"]:
        return (int(match["year3"]), _MONTHS[match["month3"].lower()]) in {(d.year, d.month) for d in days}
    return any(_date(match, day.year) == day for day in days)


def _is_year(match: re.Match[str], days: frozenset[date]) -> bool:
    """A bare year of a known day ("since 2025")."""
    claims = any(match[part] for part in ("way", "sign", "sign2", "money", "scale", "percent", "noun"))
    return not claims and match["figure"] in {str(day.year) for day in days}


def _figure(match: re.Match[str]) -> Figure:
    """Read the named parts of a match as a figure."""
    digits = match["figure"].replace(",", "")
    scale = _SCALES[match["scale"].lower()] if match["scale"] else Decimal(1)
    return Figure(
        text=match.group(),
        size=Decimal(digits),
        digits=len(digits.partition(".")[2]),
        scale=scale,
        sign=_sign(match),
        units=_units(match),
    )


def _sign(match: re.Match[str]) -> int:
    """+1 or −1 where a sign or a word states a direction, else 0."""
    written = ((match["sign"] or "") + (match["sign2"] or "")).strip().lower()
    if written in {"-", "minus", "manfi", "منفی"}:
        return -1
    if written in {"+", "plus"}:
        return 1
    if match["way"]:
        return 1 if match["way"].lower() in _UP.split("|") else -1
    return 0


def _units(match: re.Match[str]) -> frozenset[Unit] | None:
    """The units that the words around a figure claim; None where they claim nothing."""
    if match["percent"]:
        return _PERCENT_UNITS
    if match["money"]:
        return _NOUNS["dollars"] if "$" in match["money"] or "USD" in match["money"].upper() else _RUPEE_UNITS
    return _NOUNS[match["noun"].lower()] if match["noun"] else None


def _known(figure: Figure, facts: tuple[Fact, ...]) -> bool:
    return any(_is(figure, fact) for fact in facts)


def _is(figure: Figure, fact: Fact) -> bool:
    """Whether ``fact``, at the figure's scale and rounded to its digits, is the figure, and the direction agrees."""
    if figure.units is None:
        if fact.unit == "%":  # a percentage without its sign misleads
            return False
    elif fact.unit not in figure.units:
        return False
    value = fact.value * _SIZES.get(fact.unit, Decimal(1)) / figure.scale
    if figure.units is _PERCENT_UNITS and fact.unit == "fraction":
        value *= 100
    if figure.sign and value * figure.sign < 0:
        return False
    if figure.size == 0 and figure.digits == 0:
        return value == 0
    return abs(abs(value) - figure.size) * 2 <= Decimal(1).scaleb(-figure.digits)
