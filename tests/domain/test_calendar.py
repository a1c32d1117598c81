"""The trading calendar against the days on which really nobody traded, and against clock times."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain import calendar
from services.domain.calendar import (
    KARACHI,
    closure,
    closures,
    is_session,
    next_session,
    previous_session,
    session_hours,
    state,
)

TRUTH = Path("/work/shared/data/symbols/psx_weekday_closures_2018_2026.csv")
DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KARACHI)


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2026-08-20", True),  # the sample day, a Thursday
        ("2026-08-22", False),  # Saturday
        ("2026-08-14", False),  # Independence Day
        ("2026-08-26", False),  # Milad, a day later than the exchange's January notice
        ("2026-08-25", True),
        ("2025-09-05", True),  # where exchange_calendars is wrong
        ("2026-03-20", False),
        ("2026-05-29", True),
        ("2026-11-09", False),
        ("2021-11-09", True),  # Iqbal Day is a closure since 2022 only
        ("2023-05-29", True),
    ],
)
def test_known_days(day: str, open_: bool):
    assert is_session(date.fromisoformat(day)) is open_


def test_every_weekday_since_2018_equals_what_really_happened():
    if not TRUTH.exists():
        return
    with TRUTH.open(encoding="utf-8") as file:
        really = {date.fromisoformat(row["date"]) for row in csv.DictReader(file)}
    day, wrong = date(2018, 1, 1), []
    while day <= date(2026, 8, 20):
        if day.weekday() < 5 and is_session(day) == (day in really):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


# How many sessions were really traded in each month, counted over 98 shares' bars; our own ground truth.
TRADED = {
    2018: "23 19 21 21 22 18 21 19 18 23 21 20",
    2019: "23 19 21 22 21 16 23 18 19 23 21 21",
    2020: "23 19 21 22 16 22 22 20 22 21 21 22",
    2021: "21 19 22 22 15 22 19 20 22 20 22 23",
    2022: "21 20 22 20 18 22 18 21 22 21 21 22",
    2023: "22 20 22 16 22 19 20 22 20 22 21 20",
    2024: "23 19 21 18 21 17 21 21 20 23 21 21",
    2025: "23 19 19 20 20 19 23 20 22 23 20 22",
    2026: "22 19 20 22 17 20 23 13 0 0 0 0",
}


def test_every_months_number_of_sessions_is_what_was_traded():
    for year, counts in TRADED.items():
        for month, count in enumerate(map(int, counts.split()), 1):
            days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
            found = [
                day for day in days if day.month == month and day <= date(2026, 8, 20) and is_session(day)
            ]
            assert len(found) == count, f"{year}-{month:02}"
    assert sum(int(count) for counts in TRADED.values() for count in counts.split()) == 2_137


def test_up_to_the_week_behind_the_last_moon_day_there_were_2142_sessions():
    days = (
        date(2018, 1, 1) + timedelta(days=n) for n in range((date(2026, 8, 28) - date(2018, 1, 1)).days + 1)
    )
    assert sum(map(is_session, days)) == 2_142


def test_the_sessions_of_the_sample_are_the_calendar():
    from services.sources.sample import read

    book = read()
    first = book.sessions[0]
    expected = [first + timedelta(days=n) for n in range((book.day - first).days + 1)]
    assert list(book.sessions) == [day for day in expected if is_session(day)]


def test_moon_days_ahead_agree_with_the_holidays_package_and_are_marked_estimated():
    import holidays

    theirs = {day for day in holidays.country_holidays("PK", years=2027) if day.weekday() < 5}
    assert {each.day for each in closures(2027)} == theirs
    eid = closure(date(2027, 3, 10))
    assert eid is not None
    assert eid.estimated
    assert not next(each for each in closures(2027) if each.day == date(2027, 2, 5)).estimated


def test_the_operator_outranks_the_calendar():
    notice = {date(2026, 8, 20): "Heavy rain"}
    assert not is_session(date(2026, 8, 20), notice)
    found = closure(date(2026, 8, 20), notice)
    assert found is not None
    assert found.name == "Heavy rain"
    assert is_session(date(2026, 8, 14), reopened={date(2026, 8, 14)})
    assert next_session(date(2026, 8, 19), notice) == date(2026, 8, 21)
    with pytest.raises(ValueError, match="30 days"):
        next_session(date(2026, 8, 19), [date(2026, 8, 19) + timedelta(days=n) for n in range(40)])


@pytest.mark.parametrize(
    ("when", "phase"),
    [
        ("2026-08-20T09:00", "early"),  # the morning brief
        ("2026-08-20T09:15", "pre-open"),
        ("2026-08-20T09:31", "pre-open"),
        ("2026-08-20T09:32", "open"),
        ("2026-08-20T15:29", "open"),
        ("2026-08-20T15:30", "post-close"),
        ("2026-08-20T15:50", "closed"),
        ("2026-08-21T09:00", "pre-open"),  # Friday
        ("2026-08-21T11:59", "open"),
        ("2026-08-21T13:00", "break"),
        ("2026-08-21T14:20", "pre-open"),
        ("2026-08-21T16:29", "open"),
        ("2026-08-21T17:00", "closed"),
        ("2026-08-22T11:00", "holiday"),
        ("2024-03-13T14:30", "closed"),  # Ramadan closes at 14:00
        ("2024-03-15T13:30", "closed"),  # and at 13:00 on its Fridays, without a break
        ("2024-03-15T12:30", "open"),
    ],
)
def test_phases(when: str, phase: str):
    assert state(at(when)) == phase


def test_the_state_is_asked_in_karachi_whatever_the_zone_of_the_clock():
    assert state(datetime(2026, 8, 20, 4, 32, tzinfo=UTC)) == "open"  # 09:32 in Karachi
    assert state(datetime(2026, 8, 20, 20, 0, tzinfo=UTC)) == "early"  # 01:00 on Friday in Karachi


def test_friday_has_two_spans():
    hours = session_hours(date(2026, 8, 21))
    assert len(hours.spans) == 2
    assert (hours.opens.isoformat(), hours.closes.isoformat()) == ("09:17:00", "16:30:00")


@given(DAYS)
def test_next_and_previous_session_are_inverse_on_sessions(day: date):
    following = next_session(day)
    assert following > day
    assert is_session(following)
    assert not any(is_session(day + timedelta(days=n)) for n in range(1, (following - day).days))
    if is_session(day):
        assert previous_session(following) == day


@given(DAYS, st.times())
def test_a_phase_is_a_holiday_exactly_on_days_without_a_session(day: date, clock):
    phase = state(datetime.combine(day, clock, KARACHI))
    assert (phase == "holiday") is (not is_session(day))


def test_no_closure_is_listed_on_a_weekend():
    listed = [
        date.fromisoformat(f"{y}-{t}")
        for y, names in calendar._DATED.items()
        for v in names.values()
        for t in v.split()
    ]
    assert [day for day in listed if day.weekday() >= 5] == []
    assert len(listed) == len(set(listed))
