"""Symbols and funds are kept beside the daily data, and found by any of their names where the market book has none."""

from datetime import date, datetime, timedelta

import pytest

from services.domain.calendar import KARACHI
from services.domain.records import Batch
from services.domain.rows import NavRow, Symbol
from services.listings import Known, Listings
from services.stores.daily import MongoDaily
from services.stores.instruments import MongoInstruments
from services.stores.listed_days import ListedDays
from services.stores.mongo import Mongo
from tests.fakes.long_book import long_book

NOW = datetime(2026, 8, 20, 18, tzinfo=KARACHI)
DAY = date(2026, 8, 20)


class World:
    """The clock and the market of these tests."""

    def now(self) -> datetime:
        return NOW

    async def book(self):
        return long_book()


@pytest.fixture
def days(mongo: Mongo) -> ListedDays:
    return ListedDays(MongoDaily(mongo), MongoInstruments(mongo))


@pytest.fixture
def listings(mongo: Mongo) -> Listings:
    return Listings(MongoInstruments(mongo), World(), World())


def batch(kind, *rows) -> Batch:
    return Batch(kind, rows, NOW, "psx", "live", "page")


async def test_a_list_that_comes_is_kept_for_the_day_and_for_look_ups(days, listings) -> None:
    rows = [Symbol("TPLP", DAY, "TPL Properties Limited", "PROPERTY"), Symbol("DHPL", DAY, "DH Partners", "")]
    await days.put(
        [batch("symbols", *rows), batch("navs", NavRow("Rare Fund", DAY, "Open-End", "Debt", 10.0))]
    )
    kept = await days.newest("symbols")
    assert kept is not None
    assert {row.symbol for row in kept.rows} == {"TPLP", "DHPL"}
    assert await listings.find(" tpl properties LIMITED ") == Known("TPLP", "TPL Properties Limited", False)
    assert await listings.find("rare fund") == Known("Rare Fund", "Rare Fund", False)
    assert await listings.find("nobody") is None
    assert await listings.find("") is None


async def test_the_books_own_names_are_brought_once_and_say_less_than_a_source(days, listings, mongo) -> None:
    book = long_book()
    code, share = next(iter(book.shares.items()))
    await days.put([batch("symbols", Symbol(code, DAY, "A newer name", "S"))])
    assert await listings.bring() > 0
    assert await listings.bring() == 0
    assert await Listings(MongoInstruments(mongo), World(), World()).bring() == 0, "a restart changes nothing"
    found = await listings.find(code)
    assert found == Known(code, "A newer name", code in book.quotes)
    await days.put([batch("symbols", Symbol(code, DAY - timedelta(9), "An old name", "S"))])
    assert await listings.find(code) == found
    assert share.name != found.name


async def test_a_code_given_up_leads_to_todays(days, listings) -> None:
    rows = [Symbol("ENGROH", DAY, "Engro Holdings Limited", ""), Symbol("HALEON", DAY, "Haleon Pakistan", "")]
    await days.put([batch("symbols", *rows)])
    for old, new in (("ENGRO", "ENGROH"), ("dawh", "ENGROH"), ("GSKCH", "HALEON")):
        found = await listings.find(old)
        assert found is not None
        assert (found.code, found.former) == (new, True)


async def test_a_price_alone_lists_no_fund(days, listings) -> None:
    await days.put([batch("navs", NavRow("Price Only Fund", DAY, "Open-End", "", 10.0, part="prices"))])
    assert await listings.find("Price Only Fund") is None
    await days.forget("navs", [DAY])
    assert await days.since("navs", DAY) == []
