"""Days told by the lake itself: the newest day, as it was known at a time; read again only when something changed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.domain.records import Batch, Kind, Row
from services.domain.rows import Bar
from services.stores.lake import ParquetLake
from services.stores.lake_days import LakeDays
from services.stores.objects import open_store
from tests.fakes.every_row import AT, DAY, KARACHI, ROWS

CLOSE = datetime(2026, 8, 20, 17, 0, tzinfo=KARACHI)


class Watched(ParquetLake):
    """A lake that counts how often its rows are read."""

    reads = 0

    async def columns(self, kind: Kind, **asked: Any) -> Any:
        self.reads += 1
        return await super().columns(kind, **asked)


@pytest.fixture
def lake() -> Watched:
    return Watched(open_store("memory://"))


@pytest.fixture
def days(lake: Watched) -> LakeDays:
    return LakeDays(lake, lambda: DAY)


def batch(kind: Kind, *rows: Row, at: datetime = CLOSE, status: str = "live", origin: str = "o") -> Batch:
    return Batch(kind, rows, at, "psx", status, origin)


def bar(close: float, day: date = DAY, symbol: str = "LUCK") -> Bar:
    return Bar(symbol, day, None, None, None, close, 1)


async def test_nothing_is_nothing(days: LakeDays) -> None:
    assert await days.newest("bars") is None
    assert list(await days.since("bars", DAY)) == []


async def test_every_kind_comes_back_with_its_stamp(lake: Watched, days: LakeDays) -> None:
    await lake.write([batch(kind, *rows, at=AT) for kind, rows in ROWS.items()])
    for kind, rows in ROWS.items():
        (told,) = await days.since(kind, date(2020, 1, 1))
        assert (told.as_of, told.source, told.status, told.origin) == (AT, "psx", "live", "o")
        assert len(told.rows) == len(rows)
        assert all(row in rows for row in told.rows)


async def test_the_newest_day_and_all_of_it(lake: Watched, days: LakeDays) -> None:
    old = DAY - timedelta(days=1)
    await lake.write(
        [
            batch("bars", bar(1.0, old), at=CLOSE - timedelta(days=1), origin="a"),
            batch("bars", bar(2.0), origin="b"),
            batch("bars", bar(3.0, symbol="MEBL"), at=CLOSE + timedelta(hours=1), origin="c"),
        ]
    )
    newest = await days.newest("bars")
    assert newest is not None
    assert [(row.symbol, row.close) for row in newest.rows] == [("LUCK", 2.0), ("MEBL", 3.0)]
    assert (newest.as_of, newest.origin) == (CLOSE + timedelta(hours=1), "c")
    assert [each.origin for each in await days.since("bars", old)] == ["a", "b", "c"]
    assert [each.origin for each in await days.since("bars", DAY)] == ["b", "c"]


@pytest.mark.parametrize("age", [5, 45, 700])
async def test_the_newest_day_may_be_long_ago(lake: Watched, days: LakeDays, age: int) -> None:
    await lake.write([batch("bars", bar(1.0, DAY - timedelta(days=age)))])
    newest = await days.newest("bars")
    assert newest is not None
    assert newest.rows == (bar(1.0, DAY - timedelta(days=age)),)


async def test_what_came_later_was_not_known(lake: Watched, days: LakeDays) -> None:
    await lake.write(
        [
            batch("bars", bar(1.0), origin="a"),
            batch("bars", bar(9.0, symbol="MEBL"), at=CLOSE + timedelta(hours=2), origin="b"),
            batch("bars", bar(7.0, DAY + timedelta(days=1)), at=CLOSE + timedelta(days=1), origin="c"),
        ]
    )
    newest = await days.newest("bars", before=CLOSE)
    assert newest is not None
    assert newest.rows == (bar(1.0),)
    later = await days.newest("bars", before=CLOSE + timedelta(days=2), last=DAY)
    assert later is not None
    assert len(later.rows) == 2
    assert await days.newest("bars", before=CLOSE - timedelta(hours=3)) is None


async def test_an_import_tells_of_its_days_whenever_it_came(lake: Watched, days: LakeDays) -> None:
    await lake.write([batch("bars", bar(1.0), at=CLOSE + timedelta(days=90), status="imported")])
    newest = await days.newest("bars", before=CLOSE)
    assert newest is not None
    assert newest.status == "imported"


async def test_it_is_read_again_only_when_a_row_of_its_kind_changed(lake: Watched, days: LakeDays) -> None:
    await lake.write([batch("bars", bar(1.0)), batch("rates", *ROWS["rates"])])
    first = [await days.newest("bars"), await days.since("bars", DAY)]
    reads = lake.reads
    await lake.write([batch("rates", *ROWS["rates"], at=CLOSE + timedelta(hours=1), origin="p")])
    assert [await days.newest("bars"), await days.since("bars", DAY)] == first
    assert lake.reads == reads
    await lake.write([batch("bars", bar(2.0), at=CLOSE + timedelta(hours=1), origin="p")])
    newest = await days.newest("bars")
    assert newest is not None
    assert newest.rows == (bar(2.0),)
    assert (await days.since("bars", DAY))[-1].rows == (bar(2.0),)
    await lake.remove("p")
    assert await days.newest("bars") is None or (await days.newest("bars")).rows != (bar(2.0),)


async def test_answers_are_not_piled_up(lake: Watched, days: LakeDays) -> None:
    await lake.write([batch("bars", bar(1.0))])
    for n in range(200):
        await days.since("bars", DAY - timedelta(days=n))
    assert len(days._kept) <= 60
