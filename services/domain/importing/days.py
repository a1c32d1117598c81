"""Dates as files write them. Whether 03/04 is March or April is decided by the whole column, and refused if it does not tell."""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

from services.domain.importing.figures import NOTHING
from services.domain.importing.grid import Cell

Order = Literal["day first", "month first", "either"]
PAKISTAN = timezone(
    timedelta(hours=5)
)  # no summer time since 2009; an epoch stamp of the exchange is 16:00 there
EXCEL_EPOCH = date(
    1899, 12, 30
)  # so that serial 60, a 29 February that never was, changes nothing after 1900
SERIALS = range(20_000, 80_000)  # 1954 to 2119: what a bare number in a column of dates can be
STAMPS = range(600_000_000, 4_000_000_000)  # seconds since 1970: 1989 to 2096
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[Tt ].*)?", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[Tt ,].*)?", re.ASCII)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+)?"
_DAY_WORD = re.compile(
    _WEEKDAY + r"(\d{1,2})(?:st|nd|rd|th)?[-\s,./]*([a-z]{3,9})\.?[-\s,./]*(\d{4}|\d{2})\b.*", re.ASCII
)
_WORD_DAY = re.compile(
    _WEEKDAY + r"([a-z]{3,9})\.?[-\s]*(\d{1,2})(?:st|nd|rd|th)?[-\s,]+(\d{4}|\d{2})\b.*", re.ASCII
)
_MONTH = re.compile(
    r"(?:(\d{4})[-/](\d{1,2})|(\d{1,2})/(\d{4})|([a-z]{3,9})\.?[-\s,]*(\d{4}|\d{2}))", re.ASCII
)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
NO_DATE = "text where a date belongs"


class Unclear(ValueError):
    """A column whose dates can be read in two ways, or only in both; ``place`` is where it shows."""

    def __init__(self, reason: str, place: int) -> None:
        super().__init__(reason)
        self.place = place


def days(cells: Sequence[Cell], *, months: bool = False) -> tuple[list[date | None], dict[int, str]]:
    """The dates of a column (None = empty) and, by place, why a cell is none.

    Args:
        cells: As they stand in the file.
        months: A month alone ("May 2026", "2026-05") is its last day.

    Raises:
        Unclear: Days and months cannot be told apart.
    """
    order = _order(cells)
    if (
        len(set(map(type, cells))) == 1
    ):  # nothing in it equals another thing, as 1 does True: each is read once
        once = {cell: day(cell, order, months=months) for cell in set(cells)}
        if not any(isinstance(value, str) for value in once.values()):
            return list(map(once.__getitem__, cells)), {}  # type: ignore[arg-type]  # no sentences in it, as looked at
    known: dict[Cell, date | str | None] = {}
    found: list[date | None] = []
    wrong: dict[int, str] = {}
    for place, cell in enumerate(cells):
        if cell in known and type(cell) is str:
            value = known[cell]
        else:
            value = known[cell] = day(cell, order, months=months)
        if isinstance(value, str):
            wrong[place] = value
            value = None
        found.append(value)
    return found, wrong


def day(cell: Cell, order: Order = "either", *, months: bool = False) -> date | str | None:
    """One cell's date; None if it is empty; a sentence if it is none."""
    if cell is None or isinstance(cell, datetime):
        return cell.astimezone(PAKISTAN).date() if cell is not None and cell.tzinfo else cell and cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        return NO_DATE if isinstance(cell, bool) else _numbered(float(cell))
    text = cell.strip().casefold()
    if text in NOTHING:
        return None
    return _worded(text, order, months=months)


def _worded(text: str, order: Order, *, months: bool) -> date | str:
    if text.isascii() and text.isdecimal() and len(text) != 8:
        return _numbered(float(text))
    return _dated(text, order) or (_month(text) if months else None) or NO_DATE


def only_day(texts: Iterable[Cell]) -> date | None:
    """The one date that stands in some lines of text (above a table); None if there is none or more than one."""
    found: set[date] = set()
    for cell in texts:
        value = day(cell) if isinstance(cell, date) else _within(cell) if isinstance(cell, str) else None
        if isinstance(value, date):
            found.add(value)
    return found.pop() if len(found) == 1 else None


_INSIDE = re.compile(
    r"\b(\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?[-\s]+[A-Za-z]{3,9}[-\s,]+(?:\d{4}|\d{2})"
    r"|[A-Za-z]{3,9}\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})\b"
)


def _within(text: str) -> date | None:
    fits = _INSIDE.search(text)
    value = _dated(fits[1].casefold(), "either") if fits else None
    return value if isinstance(value, date) else None


def _order(cells: Sequence[Cell]) -> Order:
    """What the column as a whole tells about 03/04/2026."""
    day_first = month_first = unclear = -1
    for text, place in {cell: place for place, cell in enumerate(cells) if type(cell) is str}.items():
        fits = _SLASHED.fullmatch(text.strip())
        if fits is None:
            continue
        first, second = int(fits[1]), int(fits[2])
        if first > 12:
            day_first = place
        elif second > 12:
            month_first = place
        elif first != second:
            unclear = place
    if day_first >= 0 and month_first >= 0:
        raise Unclear("some dates have the day first, some the month: write them as 2026-08-20", month_first)
    if day_first < 0 and month_first < 0 and unclear >= 0:
        raise Unclear(
            "nothing tells whether the day or the month comes first: write dates as 2026-08-20", unclear
        )
    return "day first" if day_first >= 0 else "month first" if month_first >= 0 else "either"


def _numbered(value: float) -> date | str:
    if not math.isfinite(value):
        return NO_DATE
    if int(value) in SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(value))
    if int(value) in STAMPS:
        return datetime.fromtimestamp(int(value), UTC).astimezone(PAKISTAN).date()
    return "a number where a date belongs"


def _dated(text: str, order: Order) -> date | None:
    if fits := _ISO.fullmatch(text) or _PACKED.fullmatch(text):
        return _made(fits[1], fits[2], fits[3])
    if fits := _SLASHED.fullmatch(text):
        first, second = (fits[2], fits[1]) if order == "month first" else (fits[1], fits[2])
        return _made(fits[3], second, first)
    if fits := _DAY_WORD.fullmatch(text):
        return _made(fits[3], _month_number(fits[2]), fits[1])
    if fits := _WORD_DAY.fullmatch(text):
        return _made(fits[3], _month_number(fits[1]), fits[2])
    return None


def _made(year: str, month: str | int, day_: str | int) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= 69 else 2000  # as POSIX reads two digits
    try:
        return date(number, int(month), int(day_))
    except ValueError:
        return None


def _month_number(word: str) -> int:
    """1 to 12; 0 for what is no month."""
    return next(
        (n for n, name in enumerate(_MONTHS, 1) if name.startswith(word) or word == "sept" == name[:4]), 0
    )


def _month(text: str) -> date | None:
    """The last day of a month that stands alone."""
    fits = _MONTH.fullmatch(text)
    if fits is None:
        return None
    year, month = fits[1] or fits[4] or fits[6], fits[2] or fits[3] or _month_number(fits[5] or "")
    first = _made(year, month, 1)
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) if first else None
