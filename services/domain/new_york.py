"""When the New York exchanges trade: sessions, early closes, hours and the state of the market at a given time.

The days are a table, made from ``exchange_calendars`` 4.13.2 (calendar XNYS) and held against it by a test: that library
costs pandas at start-up, the table nothing. It answers the same questions as ``services.domain.calendar`` does for Pakistan.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from services.domain.calendar import Closure, Hours, Phase, Season
from services.domain.errors import NotAvailable

NEW_YORK = ZoneInfo("America/New_York")

# Year: weekdays without a session, then those that end at 13:00.
_YEARS: Mapping[int, tuple[str, str]] = {
    2018: ("01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-25", "07-03 11-23 12-24"),
    2019: ("01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25", "07-03 11-29 12-24"),
    2020: ("01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25", "11-27 12-24"),
    2021: ("01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", "11-26"),
    2022: ("01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", "11-25"),
    2023: ("01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24"),
    2024: ("01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24"),
    2025: ("01-01 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25", "07-03 11-28 12-24"),
    2026: ("01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25", "11-27 12-24"),
    2027: ("01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24", "11-26"),
    2028: ("01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24"),
    2029: ("01-01 01-15 02-19 03-30 05-28 06-19 07-04 09-03 11-22 12-25", "07-03 11-23 12-24"),
    2030: ("01-01 01-21 02-18 04-19 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24"),
    2031: ("01-01 01-20 02-17 04-11 05-26 06-19 07-04 09-01 11-27 12-25", "07-03 11-28 12-24"),
    2032: ("01-01 01-19 02-16 03-26 05-31 06-18 07-05 09-06 11-25 12-24", "11-26"),
    2033: ("01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", "11-25"),
    2034: ("01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24"),
    2035: ("01-01 01-15 02-19 03-23 05-28 06-19 07-04 09-03 11-22 12-25", "07-03 11-23 12-24"),
}
# Days on which the exchanges closed once, by proclamation.
_SPECIAL: Mapping[date, str] = {
    date(2018, 12, 5): "Day of mourning for President Bush",
    date(2025, 1, 9): "Day of mourning for President Carter",
}
# A year's closures have their months to themselves but for January, which has two.
_NAMES: Mapping[int, str] = {
    2: "Washington's Birthday", 3: "Good Friday", 4: "Good Friday", 5: "Memorial Day", 6: "Juneteenth",
    7: "Independence Day", 9: "Labor Day", 11: "Thanksgiving Day", 12: "Christmas Day",
}  # fmt: skip
KNOWN_FROM, KNOWN_UNTIL = date(min(_YEARS), 1, 1), date(max(_YEARS), 12, 31)
"""Of other years nothing is known here, and nothing is guessed."""

# Pre-market trade from 04:00, the session, late trade until 20:00 (on an early close until 17:00).
_FULL = Hours(((time(4), time(9, 30), time(16)),), (time(16), time(20)))
_SHORT = Hours(((time(4), time(9, 30), time(13)),), (time(13), time(17)))


@cache
def closures(year: int) -> tuple[Closure, ...]:
    """The weekdays of a year without a session, in order.

    Raises:
        NotAvailable: If the year is not in the table.
    """
    found = {day: Closure(day, _name(day)) for day in _days_of(year, 0)}
    found |= {day: Closure(day, name) for day, name in _SPECIAL.items() if day.year == year}
    return tuple(found[day] for day in sorted(found))


@cache
def early_closes(year: int) -> frozenset[date]:
    """The sessions of a year that end at 13:00.

    Raises:
        NotAvailable: If the year is not in the table.
    """
    return frozenset(_days_of(year, 1))


def _days_of(year: int, which: int) -> list[date]:
    if year not in _YEARS:
        known = f"{KNOWN_FROM.year} to {KNOWN_UNTIL.year}"
        raise NotAvailable(f"New York's calendar is known for {known}, not for {year}", what="calendar")
    return [date.fromisoformat(f"{year}-{text}") for text in _YEARS[year][which].split()]


def _name(day: date) -> str:
    if day.month == 1:
        return "New Year's Day" if day.day < 8 else "Martin Luther King Jr. Day"
    return _NAMES[day.month]


def closure(day: date, extra_holidays: Mapping[date, str] | Collection[date] = ()) -> Closure | None:
    """Why a weekday has no session: the operator's word first, then the table; None if it has one."""
    if day in extra_holidays:
        return Closure(day, extra_holidays[day] if isinstance(extra_holidays, Mapping) else "Holiday")
    return next((each for each in closures(day.year) if each.day == day), None)


def is_session(day: date, extra_holidays: Collection[date] = (), *, reopened: Collection[date] = ()) -> bool:
    """Whether New York trades on a day. ``reopened``: days that were opened after all, by the operator's word."""
    if day.weekday() >= 5:
        return False
    return day in reopened or closure(day, extra_holidays) is None


def next_session(
    day: date, extra_holidays: Collection[date] = (), *, reopened: Collection[date] = ()
) -> date:
    """The first session after a day."""
    return _first(_days(day, 1), extra_holidays, reopened)


def previous_session(
    day: date, extra_holidays: Collection[date] = (), *, reopened: Collection[date] = ()
) -> date:
    """The last session before a day."""
    return _first(_days(day, -1), extra_holidays, reopened)


def _days(day: date, step: int) -> Iterable[date]:
    return (day + timedelta(days=step * count) for count in range(1, 31))


def _first(days: Iterable[date], extra_holidays: Collection[date], reopened: Collection[date]) -> date:
    found = next((day for day in days if is_session(day, extra_holidays, reopened=reopened)), None)
    if found is None:
        raise ValueError("no session within 30 days: the operator's closures cover them all")
    return found


def session_hours(day: date, seasons: Iterable[Season] = ()) -> Hours:
    """The hours of a session on that day, New York time; a season (by the operator's word) has its own."""
    for season in seasons:
        if season.first <= day <= season.last:
            return season.friday if day.weekday() == 4 else season.weekdays
    return _SHORT if day in early_closes(day.year) else _FULL


def state(
    now: datetime,
    extra_holidays: Collection[date] = (),
    *,
    reopened: Collection[date] = (),
    seasons: Iterable[Season] = (),
) -> Phase:
    """What the market does at an aware time; summer time is the zone's own affair.

    "pre-open" is the pre-market from 04:00, "post-close" the late trade; there is no "break".
    """
    local = now.astimezone(NEW_YORK)
    if not is_session(local.date(), extra_holidays, reopened=reopened):
        return "holiday"
    return _phase(session_hours(local.date(), seasons), local.time())


def _phase(hours: Hours, at: time) -> Phase:
    marks: tuple[tuple[time, Phase], ...] = (
        (hours.spans[0][0], "early"),
        (hours.opens, "pre-open"),
        (hours.closes, "open"),
        (hours.post_close[1] if hours.post_close else hours.closes, "post-close"),
    )
    return next((phase for until, phase in marks if at < until), "closed")
