"""Times, days and ends of pauses in three languages."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.moments import read_days, read_halves, read_times, read_until, rounded, until_problem

THURSDAY = date(2026, 8, 20)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9 am aur 5 pm", ["09:00", "17:00"]), ("09:00, 17:00", ["09:00", "17:00"]), ("17:00 09:00", ["09:00", "17:00"]),
        ("subah 8 baje", ["08:00"]), ("شام ۵ بجے", ["17:00"]), ("صبح ۹ بجے اور شام ۵ بجے", ["09:00", "17:00"]),
        ("default", ["09:00", "17:00"]), ("9 aur 5", ["09:00", "17:00"]), ("raat 9 baje", ["21:00"]), ("8:30am", ["08:30"]),
        ("12 am", ["00:00"]), ("12 pm", ["12:00"]), ("send it at 9am and 9pm", ["09:00", "21:00"]), ("17.30", ["17:30"]),
        ("9 09:00 9am", ["09:00"]),
    ],
)  # fmt: skip
def test_times(text, hours):
    assert [f"{t:%H:%M}" for t in read_times(text)] == hours


@pytest.mark.parametrize(
    "text", ["", "MEBL 40", "25:00", "9:75", "settings", "MEBL 40, LUCK 60", "soon", "9 am and 26:00", "100%"]
)
def test_no_times(text):
    assert read_times(text) == ()


@given(st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_a_written_clock_time_is_read_back(moment):
    assert read_times(f"{moment:%H:%M}") == (moment,)
    assert read_times(f"at {moment:%I:%M} {moment:%p} please") == (moment,)


@given(st.text(max_size=100))
def test_any_text_gives_times_in_order(text):
    times = read_times(text)
    assert list(times) == sorted(set(times))
    assert all(isinstance(t, time) for t in times)
    assert all(0 <= d <= 6 for d in read_days(text))
    until = read_until(text, THURSDAY)
    assert until is None or THURSDAY <= until <= THURSDAY + timedelta(days=366)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("weekdays", (0, 1, 2, 3, 4)), ("Mon Wed Fri", (0, 2, 4)), ("rozana", tuple(range(7))), ("har roz", tuple(range(7))),
        ("Mon-Fri", (0, 1, 2, 3, 4)), ("peer se jumma", (0, 1, 2, 3, 4)), ("except friday", (0, 1, 2, 3)), ("پیر اور جمعہ", (0, 4)),
        ("daily except sunday", (0, 1, 2, 3, 4, 5)), ("sat to mon", (0, 5, 6)), ("9 am", ()), ("weekend", (5, 6)),
    ],
)  # fmt: skip
def test_days(text, days):
    assert read_days(text) == days


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("till Monday", date(2026, 8, 24)), ("thursday tak", date(2026, 8, 27)), ("2 hafte", date(2026, 9, 3)),
        ("aik mahina", date(2026, 9, 19)), ("kal tak", date(2026, 8, 21)), ("parso", date(2026, 8, 22)), ("5 Sep", date(2026, 9, 5)),
        ("sep 1", date(2026, 9, 1)), ("2026-09-05", date(2026, 9, 5)), ("5/9", date(2026, 9, 5)), ("1 august", date(2027, 8, 1)),
        ("ایک ہفتہ", date(2026, 8, 27)), ("end of month", date(2026, 8, 31)), ("next week", date(2026, 8, 27)),
        ("Eid tak", None), ("forever", None), ("30 feb", None), ("2020-01-01", None), ("99999 days", None),
    ],
)  # fmt: skip
def test_until(text, until):
    assert read_until(text, THURSDAY) == until


def test_a_day_of_the_moon_is_not_fixed():
    assert [until_problem(t) for t in ("Eid tak", "ramzan tak", "عید تک", "monday")] == [
        "until_lunar"
    ] * 3 + [""]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("sadhe 8 baje", ["08:30"]), ("صبح ساڑھے آٹھ بجے", ["08:30"]), ("paune 9 baje aur sham 5 baje", ["08:45", "17:00"]),
        ("half past eight", ["08:30"]), ("quarter to 9 am", ["08:45"]), ("sawa 9", ["09:15"]), ("subah aath baje", ["08:00"]),
        ("shaam sadhe paanch baje", ["17:30"]), ("sadhe 5", ["17:30"]), ("08:00,18:00", ["08:00", "18:00"]), ("8am,6pm", ["08:00", "18:00"]),
        ("5,000", []), ("Rs 1,500 pm", []),
    ],
)  # fmt: skip
def test_spoken_times(text, hours):
    assert [f"{t:%H:%M}" for t in read_times(text)] == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("subah", [9]), ("evening please", [17]), ("both", [9, 17]), ("صبح اور شام", [9, 17]), ("morning price", []), ("", []),
        ("good morning", []),
    ],
)  # fmt: skip
def test_parts_of_the_day(text, hours):
    assert [t.hour for t in read_halves(text)] == hours


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ([time(8, 7)], [time(8)]), ([time(8, 8)], [time(8, 15)]), ([time(9), time(9, 2)], [time(9)]), ([time(5, 53)], [time(6)]),
        ([time(22, 7)], [time(22)]), ([time(22, 8)], []), ([time(23)], []), ([time(5), time(17)], []), ([], []),
    ],
)  # fmt: skip
def test_times_are_rounded_to_when_briefs_go_out(given, sent):
    assert list(rounded(tuple(given))) == sent


def test_why_an_end_is_not_read():
    assert until_problem("Eid tak band") == "until_lunar"
    assert until_problem("stop till 31 Feb") == "until_unread"
    assert until_problem("stop") == ""
