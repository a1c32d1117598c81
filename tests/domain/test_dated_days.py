"""Single days by imported rows: closures, re-opened days, days of Ramadan with their own hours, and what is tentative."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.calendar import KARACHI
from services.domain.dated_days import Dated, dated, hours_of
from services.domain.errors import BadInput
from services.domain.rows import HolidayRow
from services.domain.trading_calendar import TradingCalendar

THURSDAY, FRIDAY = date(2026, 8, 20), date(2026, 8, 21)


def test_a_row_closes_its_day_and_another_opens_one():
    state = dated([HolidayRow(THURSDAY, "Election"), HolidayRow(date(2026, 8, 26), "open")]).calendar
    assert not state.is_session(THURSDAY)
    assert state.closure(THURSDAY).name == "Election"
    assert state.is_session(date(2026, 8, 26))


def test_dated_hours_of_ramadan():
    rows = [HolidayRow(date(2027, 2, 9) + timedelta(n), "Hours 09:00 09:17-14:00") for n in range(3)]
    rows.append(HolidayRow(date(2027, 2, 12), "hours 9:00 9:17-13:00"))
    state = dated(rows).calendar
    assert all(state.is_session(row.day) for row in rows)
    assert state.state(datetime(2027, 2, 10, 14, 30, tzinfo=KARACHI)) == "closed"
    assert state.state(datetime(2027, 2, 12, 12, 30, tzinfo=KARACHI)) == "open"  # a Friday without a break
    assert (
        state.state(datetime(2027, 2, 16, 14, 30, tzinfo=KARACHI)) == "open"
    )  # behind the rows: usual hours


def test_two_spans():
    hours = hours_of("hours 09:00 09:17-12:00; 14:15 14:32-16:30")
    assert (hours.opens, hours.closes, len(hours.spans)) == (time(9, 17), time(16, 30), 2)
    assert hours_of("Eid-ul-Fitr") is None
    assert hours_of("Hourslong strike") is None


@pytest.mark.parametrize(
    "name",
    ["hours", "hours 9", "hours 09:00 09:17", "hours 09:17 09:00-14:00", "hours 25:00 26:00-27:00",
     "hours 09:00 09:17-14:00;", "hours 09:00 09:17-14:00; x", "hours 09:00 09:17-14:00; 13:00 13:10-15:00"],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_refused_and_never_break_a_calendar(name):
    with pytest.raises(BadInput, match="hours"):
        hours_of(name)
    assert dated([HolidayRow(THURSDAY, name)]).calendar.is_session(THURSDAY)


@given(st.text(max_size=40))
def test_no_name_breaks_a_calendar(name: str):
    dated([HolidayRow(THURSDAY, name), HolidayRow(THURSDAY, f"hours {name}")]).calendar.is_session(THURSDAY)


def test_the_operators_word_outranks_rows():
    rows = [HolidayRow(THURSDAY, "Moon", tentative=True), HolidayRow(FRIDAY, "open")]
    state = dated(rows, closed={FRIDAY: "Rain"}, reopened={THURSDAY})
    assert state.calendar.is_session(THURSDAY)
    assert not state.calendar.is_session(FRIDAY)
    assert not state.is_tentative(THURSDAY)


@pytest.mark.parametrize(
    ("after", "session", "tentative"),
    [
        ("2026-08-20", "2026-08-21", False),
        ("2027-03-09", "2027-03-15", True),  # behind Eid-ul-Fitr, 10 to 12 March by the moon
        ("2027-03-08", "2027-03-09", True),  # the day before: Eid may begin on it
        ("2027-03-04", "2027-03-05", False),
        ("2027-02-04", "2027-02-08", False),  # behind Kashmir Day, a fixed day, and a weekend
        ("2026-08-25", "2026-08-27", False),  # Milad 2026 is confirmed
    ],
)
def test_a_next_session_near_a_moon_day_is_tentative(after: str, session: str, tentative: bool):
    ahead = Dated(TradingCalendar("psx")).next_session(date.fromisoformat(after))
    assert (ahead.day.isoformat(), ahead.tentative) == (session, tentative)


def test_an_imported_tentative_row_counts_until_the_operator_confirms_it():
    row = HolidayRow(THURSDAY, "Urs", tentative=True)
    before = THURSDAY - timedelta(1)
    assert dated([row]).next_session(before).tentative
    assert not dated([row], closed={THURSDAY: "Urs"}).next_session(before).tentative
