"""What the tables of one evening say of a fund, in whatever order they come: all of it is in the book."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from services.domain.fund_values import by_fund, first
from services.domain.records import Batch
from services.domain.rows import NavRow

AT = datetime(2026, 9, 10, 20, 0, tzinfo=ZoneInfo("Asia/Karachi"))
DAY = date(2026, 9, 10)
RETURNS = NavRow("F", DAY, "Open-End", "Money Market (Annualized Return)", 10.5, "AA+(f)", "x", {"1D": 9.1})
PRICES = NavRow("F", DAY, "Open-End", "Money Market", 10.5, offer=10.7, repurchase=10.5, part="prices")
OWN = NavRow("F", DAY, "Open-End", "Money Market", 10.5, expense_ratio_pct=1.2, part="fund")


def batch(row: NavRow, at: datetime = AT, origin: str = "o") -> tuple[NavRow, Batch]:
    return row, Batch("navs", (row,), at, "mufap", "live", origin)


@pytest.mark.parametrize("order", list(permutations([RETURNS, PRICES, OWN])))
def test_the_table_of_returns_goes_first_whatever_came_last(order: tuple[NavRow, ...]) -> None:
    told = [batch(row, AT + timedelta(minutes=n)) for n, row in enumerate(order)]
    rows = by_fund(told, DAY)["F"]
    assert rows[0][0] is RETURNS
    assert first(rows, lambda row: row.offer) is not None
    fee = first(rows, lambda row: row.expense_ratio_pct is not None)
    assert fee is not None
    assert fee[0] is OWN
    assert first(rows, lambda row: row.category == "none") is None


def test_a_later_day_goes_before_and_a_day_to_come_is_not_told() -> None:
    later = replace(PRICES, day=DAY + timedelta(days=1), nav=10.6)
    told = [batch(RETURNS), batch(later)]
    assert [row.day for row, _ in by_fund(told, later.day)["F"]] == [later.day, DAY]
    assert [row.day for row, _ in by_fund(told, DAY)["F"]] == [DAY]
    assert by_fund(told, DAY - timedelta(days=1)) == {}


def test_of_two_of_one_table_the_one_that_came_last_counts() -> None:
    corrected = replace(RETURNS, nav=11.0)
    told = [batch(RETURNS), batch(corrected, AT + timedelta(hours=1), "file")]
    assert by_fund(told, DAY)["F"][0][0].nav == 11.0
