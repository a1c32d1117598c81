"""What imported rows and the operator say of single days, put onto a market's calendar.

A row of kind "holidays" closes its day, unless its name says more: "open" (the exchange trades after all) or "hours 09:00
09:17-14:00" (pre-open, open, close of a day of Ramadan; a second span behind a semicolon).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time, timedelta

from services.domain.calendar import Hours, Season
from services.domain.errors import BadInput
from services.domain.profiles import Market
from services.domain.rows import HolidayRow
from services.domain.trading_calendar import TradingCalendar

OPEN = "open"
_HOURS = re.compile(r"hours\b", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,2}:\d\d)\s+(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)")


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next session. ``tentative``: a day by the moon lies so near that it may move."""

    day: date
    tentative: bool


@dataclass(frozen=True, slots=True)
class Dated:
    """A calendar with what was said of single days. ``tentative`` are closed days that wait for the moon."""

    calendar: TradingCalendar
    tentative: frozenset[date] = frozenset()

    def is_tentative(self, day: date) -> bool:
        """Whether a day is closed and may still move."""
        if day in self.tentative:
            return True
        closure = self.calendar.closure(day)
        return closure is not None and closure.estimated

    def next_session(self, day: date) -> Ahead:
        """The first session behind a day; moon days move by one day, so those around it count as well."""
        found = self.calendar.next_session(day)
        around = [day + timedelta(days=n) for n in range(1, (found - day).days + 2)]
        sure = found in self.calendar.reopened
        return Ahead(found, not sure and any(self.is_tentative(each) for each in around))


def hours_of(name: str) -> Hours | None:
    """The hours that a row's name gives its day; None if it is a closure's name.

    Raises:
        BadInput: If it begins as hours and cannot be read.
    """
    if not _HOURS.match(name):
        return None
    spans = [_SPAN.fullmatch(part.strip()) for part in _HOURS.sub("", name, count=1).split(";")]
    with suppress(ValueError):
        read = [tuple(_time(text) for text in span.groups()) for span in spans if span is not None]
        flat = [moment for span in read for moment in span]
        if 0 < len(read) == len(spans) and flat == sorted(set(flat)):
            return Hours(tuple((before, opens, closes) for before, opens, closes in read), None)
    raise BadInput(f"{name[:60]!r} are no hours; write: hours 09:00 09:17-14:00 (pre-open, open, close)")


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def dated(
    rows: Iterable[HolidayRow],
    *,
    market: Market = "psx",
    closed: Mapping[date, str] | None = None,
    reopened: Collection[date] = (),
) -> Dated:
    """The calendar of a market with imported rows, and the operator's word above them.

    A row whose hours cannot be read (the import refuses those) leaves its day as it is.
    """
    by_row: dict[date, str] = {}
    traded: set[date] = set()
    seasons: list[Season] = []
    tentative: set[date] = set()
    for row in rows:
        if row.name.strip().casefold() == OPEN:
            traded.add(row.day)
            continue
        with suppress(BadInput):
            hours = hours_of(row.name.strip())
            if hours is not None:
                seasons.append(Season(row.day, row.day, hours, hours))
                continue
            by_row[row.day] = row.name
            tentative |= {row.day} if row.tentative else set()
    said = closed or {}
    return Dated(
        TradingCalendar(
            market,
            closed={day: name for day, name in {**by_row, **said}.items() if day not in reopened},
            reopened=frozenset(traded - said.keys()) | frozenset(reopened),
            seasons=tuple(seasons),
        ),
        frozenset(tentative - said.keys() - frozenset(reopened)),
    )
