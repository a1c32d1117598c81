"""Numbers and dates as people write them; what can be read in two ways is refused for the whole column."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.importing.days import Unclear, day, days, only_day
from services.domain.importing.figures import number, numbers

TRADED = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("1,234.50", 1234.5), ("12,34,567", 1234567.0), ("(3.45)", -3.45), ("-3.45", -3.45), ("\u22123.45", -3.45),
        ("1.2M", 1_200_000.0), ("15.4B", 15_400_000_000.0), ("892.2m", 892_200_000.0), ("7k", 7000.0), ("Rs. 306.10", 306.1),
        ("Rs 1,000", 1000.0), ("15.52%", 15.52), ("(2.5%)", -2.5), ("+4", 4.0), (".5", 0.5), ("1e3", 1000.0), (" 7 ", 7.0),
        ("5-", -5.0), (7, 7.0), (0, 0.0), ("0", 0.0), ("-0.5", -0.5), ("1 234", 1234.0), ("1\xa0234", 1234.0),
    ],
)  # fmt: skip
def test_a_number_is_read(written, means):
    assert number(written) == means


@pytest.mark.parametrize("written", ["", " ", "-", "--", "N/A", "n/a", "NaN", "nil", "—", None, float("nan")])
def test_nothing_is_none_and_no_zero(written):
    assert number(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "12,3",
        "1.234,56",
        "abc",
        "1_000",
        "0x10",
        "1,2,3",
        "٣",
        "inf",
        "1e999",
        "12 Aug",
        True,
        TRADED,
        "$",
        "M",
    ],
)
def test_this_is_no_number_and_is_not_repeated(written):
    reason = number(written)
    assert isinstance(reason, str)
    assert str(written) not in reason.split()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32)))
def test_a_program_s_column_comes_back_as_it_went(figures):
    assert numbers([str(figure) for figure in figures]) == (figures, {})
    assert numbers(figures) == (figures, {})


@given(
    st.lists(
        st.one_of(st.text(max_size=8), st.none(), st.integers(), st.booleans(), st.floats()), max_size=20
    )
)
def test_no_column_breaks_the_reading(cells):
    found, wrong = numbers(cells)
    assert len(found) == len(cells)
    assert all(found[place] is None for place in wrong)
    try:
        dated, faults = days(cells)
    except Unclear:
        return
    assert len(dated) == len(cells)
    assert all(dated[place] is None for place in faults)


@pytest.mark.parametrize(
    "written",
    [
        "2026-08-03", "2026/08/03", "20260803", "2026-08-03 00:00:00", "2026-08-03T16:00:00+05:00", "Aug 3, 2026",
        "August 3, 2026", "3 Aug 2026", "03-Aug-26", "3-August-2026", "Mon, 03 Aug 2026", "3rd August, 2026", "Aug 3, 2026 4:15 PM",
        46237, 46237.0, "46237", datetime(2026, 8, 3, 11, 0, tzinfo=UTC), datetime(2026, 8, 3, 16, 0), TRADED,  # noqa: DTZ001
        int(datetime(2026, 8, 3, 11, 0, tzinfo=UTC).timestamp()),
    ],
)  # fmt: skip
def test_a_date_is_read(written):
    assert day(written) == TRADED


def test_a_stamp_of_late_evening_is_the_day_in_pakistan():
    assert day(datetime(2026, 8, 2, 20, 0, tzinfo=UTC)) == TRADED


@pytest.mark.parametrize("written", ["", None, "-", "N/A"])
def test_no_date(written):
    assert day(written) is None


@pytest.mark.parametrize(
    "written", ["yesterday", "2026-02-30", "13 Foo 2026", 7, "12", True, "2026-13-01", "Aug 2026"]
)
def test_this_is_no_date(written):
    assert isinstance(day(written), str)


def test_months_alone_are_their_last_day_where_that_is_meant():
    assert [day(text, months=True) for text in ("2026-02", "May 2026", "Jun-26", "02/2024")] == [
        date(2026, 2, 28), date(2026, 5, 31), date(2026, 6, 30), date(2024, 2, 29),
    ]  # fmt: skip


def test_the_whole_column_tells_day_from_month():
    assert days(["03/08/2026", "13/08/2026"])[0] == [TRADED, date(2026, 8, 13)]
    assert days(["08/03/2026", "08/13/2026"])[0] == [TRADED, date(2026, 8, 13)]
    assert days(["08/08/2026", "2026-08-03"])[0] == [date(2026, 8, 8), TRADED]
    with pytest.raises(Unclear, match="nothing tells") as unclear:
        days(["2026-08-01", "03/08/2026"])
    assert unclear.value.place == 1
    with pytest.raises(Unclear, match="some dates"):
        days(["13/08/2026", "08/13/2026"])


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2060, 1, 1)), min_size=1, max_size=30),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]),
)
def test_a_slashed_column_is_read_right_or_not_at_all(dates, form):
    try:
        found, wrong = days([one.strftime(form) for one in dates])
    except Unclear:
        assert all(one.day <= 12 for one in dates)
        return
    assert (found, wrong) == (dates, {})


def test_the_one_date_above_a_table():
    assert only_day(["Prices", "As of 20 Aug 2026", None]) == date(2026, 8, 20)
    assert only_day(["From 2026-08-01 on", "to 20 Aug 2026"]) is None
    assert only_day(["no date"]) is None
