"""When the Pakistan Stock Exchange trades: sessions, hours and the state of the market at a given time.

Closures are data: fixed days by rule, days by the moon and one-off days as dated rows checked against the days on
which really nobody traded (2018 to 20 Aug 2026). Moon days after that are estimates: the exchange confirms them by
notice, so every question takes the operator's own closures and re-opened days as arguments.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

KARACHI = ZoneInfo("Asia/Karachi")
Phase = Literal["holiday", "early", "pre-open", "open", "break", "post-close", "closed"]

# (month, day): name and the first year in which PSX closed on it.
_FIXED: Mapping[tuple[int, int], tuple[str, int]] = {
    (2, 5): ("Kashmir Day", 1990),
    (3, 23): ("Pakistan Day", 1956),
    (5, 1): ("Labour Day", 1972),
    (5, 28): ("Youm-e-Takbeer", 2024),
    (8, 14): ("Independence Day", 1947),
    (11, 9): ("Iqbal Day", 2022),
    (12, 25): ("Quaid-e-Azam Day", 1948),
}

_FITR, _ADHA, _ASHURA, _MILAD = "Eid-ul-Fitr", "Eid-ul-Azha", "Ashura", "Eid Milad un-Nabi"
_SPECIAL = "Special closure"

# Year: name -> "MM-DD" days. Weekends are not listed.
_DATED: Mapping[int, Mapping[str, str]] = {
    2018: {_FITR: "06-15 06-18", _ADHA: "08-21 08-22 08-23", _ASHURA: "09-20 09-21", _MILAD: "11-21",
           _SPECIAL: "06-08", "General election": "07-25"},
    2019: {_FITR: "06-04 06-05 06-06 06-07", _ADHA: "08-12 08-13 08-15", _ASHURA: "09-09 09-10", _SPECIAL: "05-31"},
    2020: {_FITR: "05-22 05-25 05-26 05-27", _ADHA: "07-31", _MILAD: "10-30"},
    2021: {_FITR: "05-10 05-11 05-12 05-13 05-14", _ADHA: "07-20 07-21 07-22", _ASHURA: "08-18 08-19",
           _MILAD: "10-19", _SPECIAL: "05-07"},
    2022: {_FITR: "05-02 05-03 05-04 05-05", _ADHA: "07-08 07-11 07-12", _ASHURA: "08-08 08-09", _SPECIAL: "04-29"},
    2023: {_FITR: "04-21 04-24 04-25", _ADHA: "06-28 06-29 06-30", _ASHURA: "07-28", _MILAD: "09-29",
           _SPECIAL: "04-14"},
    2024: {_FITR: "04-10 04-11 04-12", _ADHA: "06-17 06-18 06-19", _ASHURA: "07-16 07-17", _MILAD: "09-17",
           "General election": "02-08", _SPECIAL: "04-05"},
    2025: {_FITR: "03-31 04-01 04-02", _ADHA: "06-06 06-09", _SPECIAL: "03-28"},
    2026: {_FITR: "03-20", _ADHA: "05-26 05-27 05-28", _ASHURA: "06-25 06-26", _MILAD: "08-26"},
    2027: {_FITR: "03-10 03-11 03-12", _ADHA: "05-17 05-18 05-19", _ASHURA: "06-15 06-16"},
}  # fmt: skip
CONFIRMED_UNTIL = date(2026, 8, 26)
"""Moon days after this are estimates."""
KNOWN_UNTIL = date(2027, 12, 31)
"""Later years have their fixed days only."""


@dataclass(frozen=True, slots=True)
class Closure:
    """A weekday on which PSX does not trade. ``estimated``: depends on the moon and is not confirmed yet."""

    day: date
    name: str
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """A session's times, Karachi: one or two spans of continuous trading, each with its pre-open; then post-close."""

    spans: tuple[tuple[time, time, time], ...]
    post_close: tuple[time, time] | None

    @property
    def opens(self) -> time:
        """The first trade is possible from here."""
        return self.spans[0][1]

    @property
    def closes(self) -> time:
        """The last moment of trading; the official closing price is settled in the post-close after it."""
        return self.spans[-1][2]


# Each span: pre-open, open, close.
_WEEKDAYS = Hours(((time(9, 15), time(9, 32), time(15, 30)),), (time(15, 35), time(15, 50)))
# Friday's post-close is known to exist; its clock times are taken to lie as far after the close as on other days.
_FRIDAY = Hours(
    ((time(9), time(9, 17), time(12)), (time(14, 15), time(14, 32), time(16, 30))),
    (time(16, 35), time(16, 50)),
)


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of days with hours of its own, by the exchange's notice (Ramadan)."""

    first: date
    last: date
    weekdays: Hours
    friday: Hours


# Only the notices we know; the hours of Ramadan 2022, 2023, 2025 and 2026 are not in our sources.
SEASONS: tuple[Season, ...] = (
    Season(date(2021, 4, 14), date(2021, 5, 6),
           Hours(((time(10), time(10, 17), time(14)),), None), Hours(((time(10), time(10, 17), time(13)),), None)),
    Season(date(2024, 3, 12), date(2024, 4, 9),
           Hours(((time(9), time(9, 17), time(14)),), None), Hours(((time(9), time(9, 17), time(13)),), None)),
)  # fmt: skip


@cache
def closures(year: int) -> tuple[Closure, ...]:
    """The weekdays of a year on which PSX is closed by its calendar, in order."""
    found = {
        date(year, month, day): Closure(date(year, month, day), name)
        for (month, day), (name, since) in _FIXED.items()
        if year >= since
    }
    for name, days in _DATED.get(year, {}).items():
        for text in days.split():
            day = date.fromisoformat(f"{year}-{text}")
            found.setdefault(day, Closure(day, name, estimated=day > CONFIRMED_UNTIL))
    return tuple(found[day] for day in sorted(found) if day.weekday() < 5)


def closure(day: date, extra_holidays: Mapping[date, str] | Collection[date] = ()) -> Closure | None:
    """Why PSX is closed on a weekday: the operator's word first, then the calendar; None if it is not."""
    if day in extra_holidays:
        return Closure(day, extra_holidays[day] if isinstance(extra_holidays, Mapping) else "Holiday")
    return next((each for each in closures(day.year) if each.day == day), None)


def is_session(day: date, extra_holidays: Collection[date] = (), *, reopened: Collection[date] = ()) -> bool:
    """Whether PSX trades on a day. ``reopened``: days the exchange opened after all, by the operator's word."""
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


def session_hours(day: date, seasons: Iterable[Season] = SEASONS) -> Hours:
    """The hours of a session on that day of the week, in a season its own ones."""
    friday = day.weekday() == 4
    for season in seasons:
        if season.first <= day <= season.last:
            return season.friday if friday else season.weekdays
    return _FRIDAY if friday else _WEEKDAYS


def state(
    now: datetime,
    extra_holidays: Collection[date] = (),
    *,
    reopened: Collection[date] = (),
    seasons: Iterable[Season] = SEASONS,
) -> Phase:
    """What the market does at an aware time.

    "early" is a session day before the first pre-open; "break" the Friday pause; "closed" after the session.
    """
    local = now.astimezone(KARACHI)
    if not is_session(local.date(), extra_holidays, reopened=reopened):
        return "holiday"
    hours, at = session_hours(local.date(), seasons), local.time()
    if at < hours.spans[0][0]:
        return "early"
    if at >= hours.closes:
        return _after(hours, at)
    return _within(hours, at)


def _within(hours: Hours, at: time) -> Phase:
    for before, opens, closes in hours.spans:
        if opens <= at < closes:
            return "open"
        if before <= at < opens:
            return "pre-open"
    return "break"


def _after(hours: Hours, at: time) -> Phase:
    ends = hours.post_close[1] if hours.post_close else hours.closes
    return "post-close" if at < ends else "closed"
