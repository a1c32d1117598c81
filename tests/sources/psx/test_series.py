"""The series read column by column says what row by row says, and gives way to it where anything is out of the ordinary."""

from datetime import UTC, date, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.domain.sourcing import Page
from services.sources.psx import series

NOW = datetime(2026, 8, 19, 12, tzinfo=UTC)
FIRST = 1_787_137_200  # 19 August 2026, 16:00 in Karachi


def page(points):
    body = orjson.dumps({"status": 1, "message": "", "data": points})
    return Page("psx.eod", body, NOW, asked={"symbol": "HBL"})


def answer(read):
    try:
        return read()
    except BrokenPage as broken:
        return (broken.detail, broken.page, broken.column, broken.row)


rubbish = st.sampled_from(
    [0, -1, 1.5, 1e17, 10**17, FIRST + 200_000, 8e9, 600_000_000, 1_000_000_000, FIRST - 0.5]
)


@given(st.lists(st.tuples(st.integers(0, 3), rubbish, st.integers(0, 5)), max_size=3), st.integers(1, 6))
def test_column_by_column_is_row_by_row(swaps, count):
    points = [[FIRST - 86_400 * n, 302.5 + n, 1000 * n, 300 if n % 2 else 0] for n in range(count)]
    for column, value, row in swaps:
        points[row % count][column] = value
    whole = page(points)
    assert answer(lambda: series.eod(whole)) == answer(lambda: series._checked_bars(whole, "HBL", points))


def test_the_day_is_karachis_to_the_second():
    midnight = FIRST + 8 * 3600  # 20 August, 00:00
    assert [bar.day for bar in series.eod(page([[midnight, 2, 1, 2], [midnight - 1, 2, 1, 2]]))] == [
        date(2026, 8, 20),
        date(2026, 8, 19),
    ]


def test_days_before_2010_had_summer_time():
    late = int(
        datetime(2009, 7, 1, 18, 30, tzinfo=UTC).timestamp()
    )  # 00:30 of 2 July with the hour of summer
    assert [bar.day for bar in series.eod(page([[late, 2, 1, 2]]))] == [date(2009, 7, 2)]


def test_the_same_day_twice_is_named_by_its_row():
    with pytest.raises(BrokenPage, match="not newest first") as broken:
        series.eod(page([[FIRST, 2, 1, 2], [FIRST - 60, 2, 1, 2]]))
    assert (broken.value.column, broken.value.row) == ("time", 2)
