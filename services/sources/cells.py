"""What a cell of a published page says, as a value: numbers, counts, days and times, or a ``ValueError`` that says why not.

Strict on purpose: only the digits 0-9, only full groups of thousands, nothing infinite, nothing absurd. A page that was cut or
garbled shall fail here and not slip through as a number.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from services.sources.clock import KARACHI

MISSING = frozenset({"", "-", "--", "—", "–", "n/a", "na", "nil", "null", "none"})
"""How sources show that there is no value (compared in lower case)."""
MOST = 1e16
"""No published figure is larger: the whole market's capitalisation is some 2e13 rupees."""

_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,20})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?=\.?\d)(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_MAGNITUDE = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_MONTHS = {
    name: place + 1
    for place, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
_LONG = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTHS |= {name: place + 1 for place, name in enumerate(_LONG)} | {"sept": 9}
_MONTH_FIRST = re.compile(r"(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/ ]([A-Za-z]{3,9}|\d{1,2})[-/ ,]{1,2}(\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp])\.?[Mm]\.?)?", re.ASCII)
_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9.&_-]{0,23}", re.ASCII)


def tidy(text: str) -> str:
    """The text with every run of blanks (line ends, no-break spaces) made one space, none at its ends."""
    return " ".join(text.split())


def is_missing(text: str) -> bool:
    """Whether that is how a source shows that there is no value."""
    return text.strip().lower() in MISSING


def number(text: str) -> float:
    """A finite number: "1,234.50", "-0.09", "(3.45)" = -3.45, "1.2e-7". Raises ``ValueError``."""
    if _PLAIN.fullmatch(text):  # nine of ten
        return float(text)
    shown, sign = _unbracketed(text)
    if _NUMBER.fullmatch(shown) is None:
        raise ValueError(f"{_quoted(text)} is no number")
    value = float(shown.replace(",", ""))
    if not abs(value) < MOST:
        raise ValueError(f"{_quoted(text)} is larger than any figure of a market")
    return sign * value


def percent(text: str) -> float:
    """A number that may bear its sign of percent: "15.52%" is 15.52, "(3.45%)" is -3.45."""
    shown, sign = _unbracketed(text)
    if shown.startswith("("):
        raise ValueError(f"{_quoted(text)} is no number")
    return sign * number(shown.removesuffix("%").rstrip())


def magnitude(text: str) -> float:
    """A number that may end in its thousands: "892.2M" is 892,200,000; K, M, B, T."""
    shown = text.strip()
    factor = _MAGNITUDE.get(shown[-1:].upper())
    return number(shown) if factor is None else number(shown[:-1]) * factor


def whole(text: str) -> int:
    """A count: not negative, no decimals (".00" is none). Raises ``ValueError``."""
    value = number(text)
    if value < 0 or value != int(value):
        raise ValueError(f"{_quoted(text)} is no count (0, 1, 2 …)")
    return int(value)


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """A day however pages write it, the day before the month where both are numbers.

    "Jan 3, 2025", "August 10, 2026", "Wed, Sep 30, 2026", "18/08/2026", "29-09-2026", "17-Jul-26", "2026-09-30".
    """
    shown = tidy(text)
    if found := _MONTH_FIRST.fullmatch(shown):
        month, number_of_day, year = found.groups()
    elif found := _DAY_FIRST.fullmatch(shown):
        number_of_day, month, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(shown):
        year, month, number_of_day = found.groups()
    else:
        raise ValueError(f"{_quoted(text)} is no day")
    which = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), which, int(number_of_day))
    except ValueError as wrong:
        raise ValueError(f"{_quoted(text)} is no day of the calendar") from wrong


def moment(day_text: str, clock_text: str = "") -> datetime:
    """A day and its time in Karachi: ("Aug 11, 2026", "3:29 PM") or both in one, "Sep 30, 2026 3:50 PM"."""
    shown = tidy(f"{day_text} {clock_text}")
    found = _CLOCK.search(shown)
    if found is None or found.end() != len(shown):
        raise ValueError(f"{_quoted(shown)} is no day with its time")
    hour, minute, second, half = found.groups()
    hours = int(hour)
    if half is not None:
        if not 1 <= hours <= 12:
            raise ValueError(f"{_quoted(shown)}: there is no such hour")
        hours = hours % 12 + (12 if half in "pP" else 0)
    of = day(shown[: found.start()].rstrip(" ,"))
    try:
        return datetime(of.year, of.month, of.day, hours, int(minute), int(second or 0), tzinfo=KARACHI)
    except ValueError as wrong:
        raise ValueError(f"{_quoted(shown)}: there is no such time") from wrong


def stamp(seconds: float) -> datetime:
    """A Unix time in Karachi. Raises ``ValueError`` for what lies before 1990 or after 2200 (milliseconds, rubbish)."""
    if not 631_152_000 <= seconds < 7_258_118_400:
        raise ValueError(f"{seconds!r} is no Unix time in seconds")
    return datetime.fromtimestamp(seconds, KARACHI)


def symbol(text: str) -> str:
    """A ticker as the exchange writes it: capitals and digits ("786" is one). Raises ``ValueError``."""
    shown = text.strip()
    if _SYMBOL.fullmatch(shown) is None:
        raise ValueError(f"{_quoted(text)} is no symbol")
    return shown


def in_time(of: date, fetched_at: datetime) -> date:
    """The day itself, unless it lies more than a day after the fetch or before 1990 (``ValueError``)."""
    if of > last_day(fetched_at) or of.year < 1990:
        raise ValueError(f"{of.isoformat()} cannot be on a page fetched on {fetched_at:%Y-%m-%d}")
    return of


@lru_cache(maxsize=64)
def last_day(fetched_at: datetime) -> date:
    """The last day that can be on a page: one after its fetch in Karachi. One conversion a page, not one a row."""
    return fetched_at.astimezone(KARACHI).date() + timedelta(days=1)


def _unbracketed(text: str) -> tuple[str, int]:
    """What stands in brackets is negative, as accountants write it."""
    shown = text.strip()
    return (shown[1:-1].strip(), -1) if shown.startswith("(") and shown.endswith(")") else (shown, 1)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
