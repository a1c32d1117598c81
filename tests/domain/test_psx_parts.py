"""What a part of a book is made of decides whether it is made again: equal is enough, and anything else is not."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.domain.market import MarketBook
from services.domain.psx_book import psx_book
from services.domain.psx_history import history_of
from services.domain.psx_parts import Parts
from services.domain.psx_stock import Stock
from services.domain.records import Batch
from services.domain.rows import FlowRow, NavRow, Screened, Watch
from services.domain.trading_calendar import TradingCalendar
from services.sources.sample import read

DAY = date(2026, 8, 21)
AT = datetime(2026, 8, 21, 17, 0, tzinfo=ZoneInfo("Asia/Karachi"))
BASE = read()
HISTORY = history_of(BASE, (), (), ())
CODES = {fund.name: code for code, fund in BASE.funds.items()}
FUND = next(iter(CODES))


def stock(price: float = 430.0, *, pe: float = 8.0, nav: float = 10.0, net: float = 1.0) -> Stock:
    """What the stores tell, as new objects every time."""
    rows = {
        "watch": Watch("LUCK", DAY, "L", "0804", (), (), 428.0, price, price, price, price, 1.0, 1.0, 5),
        "screener": Screened("LUCK", DAY, "0804", (), (), 1e9, 430.0, 1.0, None, pe, 2.0, 1e7, 1e5),
        "navs": NavRow(FUND, DAY, "Open-End", "Equity", nav),
        "flows": FlowRow(DAY, "FIPI", "Foreign", "All", net),
    }
    return Stock(HISTORY, {kind: Batch(kind, (row,), AT, "PSX", "live", kind) for kind, row in rows.items()})


def book(given: Stock, parts: Parts, base: MarketBook = BASE) -> MarketBook:
    return psx_book(base, given, now=AT, calendar=TradingCalendar("psx"), parts=parts)


def test_what_has_not_changed_is_told_again():
    parts = Parts()
    before, after = book(stock(), parts), book(stock(431.0), parts)
    assert after.quotes["LUCK"].price.value == 431
    assert after.fundamentals is before.fundamentals
    assert after.flows is before.flows


def test_what_has_changed_is_made_anew():
    parts = Parts()
    before, after = book(stock(), parts), book(stock(pe=9.0, nav=11.0, net=2.0), parts)
    assert [each.fundamentals["LUCK"].pe.value for each in (before, after)] == [8, 9]
    assert [each.flows[0].net.value for each in (before, after)] == [1, 2]
    code = CODES[FUND]
    assert [each.funds[code].nav.value for each in (before, after)] == [10, 11]


def test_parts_of_another_frozen_book_are_its_own():
    parts = Parts()
    other = replace(BASE, shares={"LUCK": BASE.shares["LUCK"]})
    assert set(book(stock(), parts).shares) != set(book(stock(), parts, other).shares)


def test_of_one_making_only_the_last_is_kept():
    parts, made = Parts(), []

    def count(number: int) -> int:
        made.append(number)
        return number

    assert [parts.kept(count, number) for number in (1, 1, 2, 2, 1)] == [1, 1, 2, 2, 1]
    assert made == [1, 2, 1]


def test_series_are_put_together_when_they_are_asked_for_and_only_once():
    made = book(stock(431.0), Parts())
    luck = made.series["LUCK"]
    assert (luck.days[-1], luck.close[-1], luck.close[:-1]) == (DAY, 431.0, BASE.series["LUCK"].close)
    assert made.series["LUCK"] is luck
    assert made.series["HBL"].days == BASE.series["HBL"].days
    assert set(made.series) == set(BASE.series) | {"LUCK"}
    assert len(made.series) == len(list(made.series))
    assert made.series.get("NOBODY") is None
    assert "KSE100" not in made.series
    assert made.series == book(stock(431.0), Parts()).series != book(stock(432.0), Parts()).series
