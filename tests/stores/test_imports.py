"""The ledger of imported files, on both drivers."""

from datetime import date, datetime, timedelta, timezone

from services.market_store import Imported
from services.stores.imports import MongoImports
from services.stores.mongo import Mongo

AT = datetime(2026, 8, 20, 15, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5)))


def imported(name: str, minutes: int = 0) -> Imported:
    at = AT + timedelta(minutes=minutes)
    return Imported(name * 64, "prices", f"{name}.csv", at, "admin", 193_127, date(2018, 1, 1), None)


async def test_a_file_is_known_by_its_content_until_and_after_its_undoing(mongo: Mongo) -> None:
    ledger = MongoImports(mongo)
    one = imported("a")
    assert await ledger.known(one.id) is None
    await ledger.record(one)
    assert await ledger.known(one.id) == one
    await ledger.undone(one.id)
    found = await ledger.known(one.id)
    assert found
    assert found.undone
    await ledger.record(imported("a", 5))
    assert await ledger.known(one.id) == imported("a", 5)
    await ledger.undone("never there")
    assert await ledger.known("never there") is None


async def test_the_newest_come_first(mongo: Mongo) -> None:
    ledger = MongoImports(mongo)
    for minutes, name in ((1, "b"), (3, "d"), (0, "a"), (2, "c")):
        await ledger.record(imported(name, minutes))
    assert [entry.name for entry in await ledger.newest(limit=3)] == ["d.csv", "c.csv", "b.csv"]
    assert len(await ledger.newest()) == 4
