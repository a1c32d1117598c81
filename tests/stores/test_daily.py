"""The last 30 days in the database: merged by key and age, one question for a day, forgotten by the server."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta

import pytest

from services.domain.errors import BadInput
from services.domain.records import Batch, Kind, Row
from services.domain.rows import Bar, NewsRow, RateRow, Tick
from services.stores.daily import MongoDaily
from services.stores.day_rows import Known, Stamp, packed
from services.stores.mongo import Mongo, connect
from tests.fakes.every_row import AT, DAY, KARACHI, ROWS


def batch(kind: Kind, *rows: Row, at: datetime = AT, source: str = "psx", origin: str = "o") -> Batch:
    return Batch(kind, rows, at, source, "live", origin)


def bar(close: float, day: date = DAY, symbol: str = "LUCK") -> Bar:
    return Bar(symbol, day, None, None, None, close, 1)


@pytest.fixture
def daily(mongo: Mongo) -> MongoDaily:
    return MongoDaily(mongo)


async def test_every_kind_comes_back_as_it_was(daily: MongoDaily) -> None:
    given = {kind: batch(kind, *rows) for kind, rows in ROWS.items()}
    await daily.put(list(given.values()))
    for kind, rows in ROWS.items():
        found = await daily.newest(kind)
        assert found is not None
        assert (found.kind, found.as_of, found.source, found.status, found.origin) == (
            kind,
            AT,
            "psx",
            "live",
            "o",
        )
        assert len(found.rows) == len(rows)
        assert all(row in rows for row in found.rows)
    assert found.as_of.utcoffset() == timedelta(hours=5)


async def test_an_older_batch_changes_nothing(daily: MongoDaily) -> None:
    await daily.put([batch("bars", bar(2.0))])
    await daily.put([batch("bars", bar(1.0), at=AT - timedelta(seconds=1), origin="old")])
    found = await daily.newest("bars")
    assert found
    assert (found.rows, found.origin) == ((bar(2.0),), "o")
    await daily.put([batch("bars", bar(3.0), origin="same moment")])
    found = await daily.newest("bars")
    assert found
    assert (found.rows, found.origin) == ((bar(3.0),), "same moment")


async def test_rows_of_several_pages_stand_side_by_side(daily: MongoDaily) -> None:
    """The page of another symbol that was fetched a moment earlier is not lost."""
    await daily.put([batch("bars", bar(1.0, symbol="B"), origin="b")])
    earlier = AT - timedelta(seconds=2)
    await daily.put([batch("bars", bar(2.0, symbol="A"), at=earlier, source="file", origin="a")])
    found = await daily.newest("bars")
    assert found
    assert [row.symbol for row in found.rows] == ["A", "B"]
    assert (found.as_of, found.source) == (AT, "psx")
    assert [(b.source, b.rows[0].symbol) for b in await daily.since("bars", DAY)] == [
        ("file", "A"),
        ("psx", "B"),
    ]


async def test_the_newest_day_at_or_before_a_time(daily: MongoDaily) -> None:
    days = [DAY - timedelta(days=n) for n in (2, 1, 0)]
    for day in days:
        at = datetime(day.year, day.month, day.day, 17, tzinfo=KARACHI)
        await daily.put([batch("bars", bar(float(day.day), day), at=at)])

    async def close(before: datetime | None) -> float | None:
        found = await daily.newest("bars", before=before)
        return found.rows[0].close if found else None

    assert await close(None) == 20.0
    assert await close(datetime(2026, 8, 20, 17, tzinfo=KARACHI)) == 20.0
    assert await close(datetime(2026, 8, 20, 16, 59, tzinfo=KARACHI)) == 19.0
    assert await close(datetime(2026, 8, 17, tzinfo=KARACHI)) is None
    assert await daily.newest("fx") is None
    assert [b.rows[0].day for b in await daily.since("bars", days[1])] == days[1:]
    await daily.forget("bars", [days[2], days[0]])
    assert [b.rows[0].day for b in await daily.since("bars", days[0])] == [days[1]]
    assert await daily.since("fx", days[0]) == []


async def test_only_the_last_days_of_a_long_history_are_kept(daily: MongoDaily) -> None:
    days = [DAY - timedelta(days=n) for n in range(400)]
    await daily.put([batch("bars", *(bar(1.0, day) for day in days))])
    kept = [b.rows[0].day for b in await daily.since("bars", date(2020, 1, 1))]
    assert kept == sorted(days[:31])
    monthly = date(2026, 5, 31)
    await daily.put([batch("rates", RateRow("cpi_yoy", monthly, 9.5, "%"))])
    found = await daily.newest("rates")
    assert found, "the newest of a batch is kept, however old"
    assert found.rows[0].day == monthly


async def test_the_server_forgets_after_thirty_days(daily: MongoDaily, mongo: Mongo) -> None:
    await daily.put([batch("bars", bar(1.0))])
    indexes = await mongo["daily"].index_information()
    assert indexes["forget"]["expireAfterSeconds"] == 30 * 86_400
    kept = await mongo["daily"].find_one({"_id": "bars/2026-08-20/00"})
    assert kept
    assert abs(kept["kept_at"] - datetime.now(UTC)) < timedelta(minutes=1)
    assert (kept["kind"], kept["day"], kept["rows"]) == ("bars", "2026-08-20", 1)


async def test_very_many_ticks_of_a_day(daily: MongoDaily, mongo: Mongo) -> None:
    ticks = [Tick(f"S{n % 100}", AT + timedelta(milliseconds=n), 10.0 + n, n) for n in range(60_000)]
    await daily.put([batch("ticks", *ticks)])
    more = Tick("S1", AT + timedelta(hours=1), 11.0, 0)
    await daily.put([batch("ticks", more, at=AT + timedelta(hours=1))])
    found = await daily.newest("ticks")
    assert found
    assert len(found.rows) == 60_001
    assert set(found.rows) == {*ticks, more}
    assert 16 < await mongo["daily"].count_documents({}) <= 32


async def test_two_processes_lose_nothing(mongo_uri: str, mongo: Mongo) -> None:
    other = await connect(mongo_uri, mongo.database.name, driver="pymongo")
    try:
        stores = (MongoDaily(mongo), MongoDaily(other))
        await asyncio.gather(
            *(
                stores[n % 2].put(
                    [batch("bars", bar(1.0, symbol=f"S{n}"), at=AT + timedelta(seconds=n), origin=f"{n}")]
                )
                for n in range(24)
            )
        )
        found = await stores[0].newest("bars")
        assert found
        assert {row.symbol for row in found.rows} == {f"S{n}" for n in range(24)}
        assert found.origin == "23"
    finally:
        await other.close()


def test_what_no_document_can_hold_is_said() -> None:
    noise = random.Random(1)
    stamp = Stamp(AT, "s", "live", "o")
    known: Known = {
        (f"{n}",): (stamp, NewsRow(f"{n}", AT, noise.randbytes(100_000).hex(), "l", "p")) for n in range(200)
    }
    with pytest.raises(BadInput, match="200 rows of news"):
        packed("news", known)
