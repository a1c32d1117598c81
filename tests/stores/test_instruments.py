"""Shares and funds by any of their names, on both drivers; seeded as often as one likes."""

from datetime import date

import pytest

from services.domain.rows import NavRow, Symbol
from services.stores.instruments import MongoInstruments
from services.stores.mongo import Mongo

DAY = date(2026, 8, 20)
SYMBOLS = [
    Symbol("ENGROH", DAY, "Engro Holdings Limited", "INV. COMPANIES"),
    Symbol("LUCK", DAY, "Lucky Cement Limited", "CEMENT"),
    Symbol("LCI", DAY, "Lucky Core Industries", "CHEMICAL"),
    Symbol("786", DAY, "786 Investments", "INV. BANKS"),
    Symbol("MZNPETF", DAY, "Meezan Pakistan ETF", "ETF", is_etf=True),
]
NAVS = [
    NavRow("Al Meezan Fund", DAY, "Open-End", "Equity", 10.0, "AM1", "KMI30"),
    NavRow("B Fund", DAY, "VPS", "Debt", None),
]
ALIASES = {"LUCK": ["Lucky", "lucky cement"], "LCI": ["Lucky"], "Al Meezan Fund": ["AMF", "المیزان فنڈ"]}


@pytest.fixture
async def instruments(mongo: Mongo) -> MongoInstruments:
    store = MongoInstruments(mongo)
    assert await store.seed(SYMBOLS, NAVS, ALIASES) == 7
    return store


async def test_by_code_former_code_alias_and_name(instruments: MongoInstruments) -> None:
    async def code(name: str, day: date = DAY) -> str | None:
        found = await instruments.symbol(name, day)
        return found.symbol.symbol if found else None

    assert await code("luck") == await code(" Lucky  CEMENT! ") == "LUCK"
    assert await code("786") == "786"
    assert await code("ENGRO") == await code("dawh") == await code("ENGROH") == "ENGROH"
    assert await code("ICI") == "LCI"
    assert await code("Lucky") is None, "two bear it: it is asked back, never guessed"
    assert await code("nobody") is await code("") is None
    found = await instruments.symbol("ENGROH", DAY)
    assert found
    assert (found.symbol, found.former) == (SYMBOLS[0], ("DAWH", "ENGRO"))


async def test_funds_by_name_and_alias(instruments: MongoInstruments) -> None:
    found = await instruments.fund("amf")
    assert found
    assert (found.fund, found.category, found.rating, found.benchmark) == (
        "Al Meezan Fund",
        "Equity",
        "AM1",
        "KMI30",
    )
    assert await instruments.fund("المیزان فنڈ") == found == await instruments.fund("al-meezan fund")
    assert await instruments.fund("C Fund") is None
    assert [fund.fund for fund in await instruments.funds()] == ["Al Meezan Fund", "B Fund"]


async def test_seeding_again_changes_nothing_and_older_lists_neither(instruments: MongoInstruments) -> None:
    before = await instruments.symbols()
    assert [listing.symbol for listing in before] == sorted(SYMBOLS, key=lambda row: row.symbol)
    assert await instruments.seed(SYMBOLS, NAVS, ALIASES) == 0
    assert await instruments.seed([Symbol("LUCK", date(2026, 1, 1), "Old name", "")]) == 0
    assert await instruments.seed(SYMBOLS, NAVS) == 0, "no word of aliases leaves them"
    assert await instruments.symbols() == before
    newer = Symbol("LUCK", date(2026, 8, 21), "Lucky Cement Ltd", "CEMENT")
    assert await instruments.seed([SYMBOLS[1], newer]) == 1
    found = await instruments.symbol("lucky cement", DAY)
    assert found
    assert (found.symbol, found.aliases) == (newer, ("Lucky", "lucky cement"))
    assert await instruments.seed() == 0
