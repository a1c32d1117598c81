"""New York's calendar against the library it was made from, known days, and clock times through the changes of time."""

import warnings
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.calendar import Hours, Season
from services.domain.errors import NotAvailable
from services.domain.new_york import (
    KNOWN_FROM,
    KNOWN_UNTIL,
    NEW_YORK,
    closure,
    closures,
    early_closes,
    is_session,
    next_session,
    previous_session,
    session_hours,
    state,
)

DAYS = st.dates(date(2018, 1, 2), date(2035, 11, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def test_every_day_from_2018_to_2035_equals_the_library():
    with warnings.catch_warnings():  # the library asks pandas for what pandas will change
        warnings.simplefilter("ignore")
        import exchange_calendars

        theirs = exchange_calendars.get_calendar("XNYS", start=str(KNOWN_FROM), end=str(KNOWN_UNTIL))
    sessions = {session.date() for session in theirs.sessions}
    assert {day for day in days(KNOWN_FROM, KNOWN_UNTIL) if is_session(day)} == sessions
    opens, closes = theirs.opens.dt.tz_convert(NEW_YORK), theirs.closes.dt.tz_convert(NEW_YORK)
    hours = {session.date(): (opens[session].time(), closes[session].time()) for session in theirs.sessions}
    assert {day: (session_hours(day).opens, session_hours(day).closes) for day in sessions} == hours


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-07-03", "Independence Day"),  # the 4th is a Saturday
        ("2022-06-20", "Juneteenth"),
        ("2025-01-09", "Day of mourning for President Carter"),
        ("2018-12-05", "Day of mourning for President Bush"),
        ("2026-04-03", "Good Friday"),
        ("2026-01-19", "Martin Luther King Jr. Day"),
        ("2023-01-02", "New Year's Day"),
        ("2026-11-26", "Thanksgiving Day"),
    ],
)
def test_known_closures(day: str, name: str):
    found = closure(date.fromisoformat(day))
    assert found is not None
    assert (found.name, found.estimated) == (name, False)


@pytest.mark.parametrize("day", ["2021-12-31", "2026-10-12", "2026-11-11", "2021-06-18"])
def test_days_that_look_like_holidays_and_are_none(day: str):
    """New Year on a Saturday, Columbus Day, Veterans Day, Juneteenth before it was one."""
    assert is_session(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20T03:59", "early"),
        ("2026-11-20T04:00", "pre-open"),
        ("2026-11-20T09:29:59", "pre-open"),
        ("2026-11-20T09:30", "open"),
        ("2026-11-20T15:59:59", "open"),
        ("2026-11-20T16:00", "post-close"),
        ("2026-11-20T20:00", "closed"),
        ("2026-11-27T12:59", "open"),  # the day after Thanksgiving ends at 13:00
        ("2026-11-27T13:00", "post-close"),
        ("2026-11-27T17:00", "closed"),
        ("2026-11-26T12:00", "holiday"),
        ("2026-11-21T12:00", "holiday"),
    ],
)
def test_state_by_the_clock(moment: str, expected: str):
    assert state(at(moment)) == expected


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        ("2026-03-06T14:29:00", "pre-open"),  # the Friday before summer time: the open is 14:30 UTC
        ("2026-03-06T14:30:00", "open"),
        ("2026-03-09T13:30:00", "open"),  # the Monday after: 13:30 UTC
        ("2026-10-30T13:30:00", "open"),
        ("2026-11-02T13:30:00", "pre-open"),  # winter time again
        ("2026-11-03T02:00:00", "closed"),  # 21:00 of the day before in New York
    ],
)
def test_summer_time_is_the_zone_s_affair(utc: str, expected: str):
    assert state(datetime.fromisoformat(utc).replace(tzinfo=UTC)) == expected


def test_the_operator_s_word_goes_first():
    day = date(2026, 11, 20)
    assert not is_session(day, {day: "Storm"})
    assert closure(day, {day: "Storm"}).name == "Storm"
    assert next_session(date(2026, 11, 19), {day: "Storm"}) == date(2026, 11, 23)
    assert is_session(date(2026, 11, 26), reopened={date(2026, 11, 26)})
    short = Hours(((time(4), time(9, 30), time(12)),), None)
    season = Season(day, day, short, short)
    assert state(at("2026-11-20T12:00"), seasons=(season,)) == "closed"


@given(DAYS)
def test_next_and_previous_are_each_other_s_inverse(day: date):
    after = next_session(day)
    assert day < after
    assert is_session(after)
    assert not any(is_session(each) for each in days(day + timedelta(days=1), after - timedelta(days=1)))
    if is_session(day):
        assert previous_session(after) == day


def test_nothing_is_guessed_of_years_that_are_not_known():
    for day in (date(2017, 12, 29), date(2036, 1, 2)):
        with pytest.raises(NotAvailable, match="2018 to 2035"):
            is_session(day)


def test_a_year_has_its_closures_in_order_and_early_closes_are_sessions():
    for year in range(2018, 2036):
        found = [each.day for each in closures(year)]
        assert found == sorted(set(found))
        assert 8 <= len(found) <= 11
        assert all(is_session(day) for day in early_closes(year))


def test_all_days_closed_is_said():
    everything = dict.fromkeys(days(date(2026, 1, 1), date(2026, 3, 1)), "Closed")
    with pytest.raises(ValueError, match="30 days"):
        next_session(date(2026, 1, 1), everything)
