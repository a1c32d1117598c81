"""Rows made by columns are the rows that calls make, frozen like them."""

import pickle
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from itertools import repeat

import pytest

from services.domain.making import made
from services.domain.records import day_of, days_of
from services.domain.rows import Bar, IndexRow

DAY = date(2026, 8, 20)


def test_rows_by_column_are_the_rows_of_calls():
    rows = made(
        Bar,
        (
            ("HBL", "786"),
            repeat(DAY),
            (1.0, None),
            (3.0, None),
            (0.5, None),
            (2.0, 4.0),
            (7, 0),
            repeat(None),
        ),
    )
    assert rows == [Bar("HBL", DAY, 1.0, 3.0, 0.5, 2.0, 7), Bar("786", DAY, None, None, None, 4.0, 0)]
    assert [type(row) for row in rows] == [Bar, Bar]
    assert {rows[0]: 1}[Bar("HBL", DAY, 1.0, 3.0, 0.5, 2.0, 7)] == 1
    assert pickle.loads(pickle.dumps(rows)) == rows
    with pytest.raises(FrozenInstanceError):
        rows[0].close = 5.0


def test_a_column_too_few_or_too_many_is_a_mistake():
    with pytest.raises(TypeError):
        made(Bar, (("HBL",), (DAY,)))
    with pytest.raises(TypeError):
        made(Bar, (("HBL",),) * 9)


def test_the_days_of_rows_at_once_are_those_of_each():
    bars = [
        Bar("HBL", DAY, None, None, None, 2.0, 7),
        Bar("HBL", date(2026, 8, 19), None, None, None, 2.0, 7),
    ]
    levels = [IndexRow("KSE100", datetime(2026, 8, 20, 15, tzinfo=UTC), None, None, 1.0, 0.0, 0.0)]
    for rows in (bars, levels, [*bars, *levels], []):
        assert days_of(rows) == [day_of(row) for row in rows]
