"""The lake under several writers, readers and sweeps at one time: nothing is lost, nothing that is needed goes."""

import asyncio
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import LocalStore

from services.domain.errors import Unavailable
from services.domain.records import Batch, Kind, Row
from services.domain.rows import Bar
from services.stores.lake import ParquetLake
from services.stores.objects import open_store
from tests.fakes.every_row import AT, DAY
from tests.fakes.storage import Meddled, contents, fresh


def batch(kind: Kind, *rows: Row, at: datetime = AT, status: str = "live", origin: str = "o") -> Batch:
    return Batch(kind, rows, at, "psx", status, origin)


def bar(close: float, day: date = DAY, symbol: str = "LUCK") -> Bar:
    return Bar(symbol, day, None, None, None, close, 1)


async def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    lakes = [ParquetLake(LocalStore(tmp_path)) for _ in range(3)]

    async def work(number: int) -> None:
        for n in range(8):
            await lakes[number].write(
                [batch("bars", bar(float(n), symbol=f"W{number}N{n}"), origin=f"{number}-{n}")]
            )

    await asyncio.gather(*(work(n) for n in range(3)))
    assert {row.symbol for row in await lakes[0].rows("bars")} == {
        f"W{w}N{n}" for w in range(3) for n in range(8)
    }


_WRITER = """
import asyncio, sys
from datetime import UTC, date, datetime
from services.domain.records import Batch
from services.domain.rows import Bar
from services.stores.lake import ParquetLake
from services.stores.objects import open_store

async def main(folder, who):
    lake = ParquetLake(open_store(folder))
    for n in range(12):
        rows = (Bar(who, date(2026, 1 + n, 5), None, None, None, 1.0, n), Bar(f"{who}{n}", date(2026, 8, 20), None, None, None, 1.0, n))
        await lake.write([Batch("bars", rows, datetime(2026, 8, 20, tzinfo=UTC), "t", "live", f"{who}{n}")])

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    running = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", _WRITER, str(tmp_path), who, cwd=root)
        for who in ("A", "B")
    ]
    assert [await process.wait() for process in running] == [0, 0]
    found = await ParquetLake(open_store(str(tmp_path))).rows("bars")
    assert len(found) == 2 * 24
    assert {row.symbol for row in found if row.day == DAY} == {f"{w}{n}" for w in "AB" for n in range(12)}


async def test_the_sweep_leaves_what_is_needed() -> None:
    store, lake = fresh()
    await store.put_async("raw/aa/x", b"not the lake's")
    for n in range(5):
        await lake.write([batch("bars", bar(float(n)), at=AT + timedelta(minutes=n), origin=f"{n}")])
    before = await contents(store)
    assert await lake.sweep() == 0  # too young
    assert await lake.sweep(timedelta(0)) == 4
    assert await lake.sweep(timedelta(0)) == 0
    left = sorted([o["path"] async for chunk in store.list() for o in chunk])
    assert len([p for p in left if p.startswith("clean/")]) == 1
    assert len([p for p in left if p.startswith("manifest/")]) == 1
    assert "raw/aa/x" in left
    assert await contents(store) == before
    assert await ParquetLake(store).rows("bars") == [bar(4.0)]
    await lake.write([batch("bars", bar(7.0), at=AT + timedelta(hours=1), origin="7")])
    assert await lake.rows("bars") == [bar(7.0)]


async def test_content_that_is_wanted_again_outlives_its_sweep() -> None:
    """The undo makes a file of the very content (and so the name) that is being swept."""
    store, lake = fresh()
    await lake.write([batch("bars", bar(1.0), origin="page")])
    await lake.write([batch("bars", bar(2.0), at=AT + timedelta(1), status="imported", origin="file")])
    before = await contents(store)
    other = ParquetLake(store)
    slow = ParquetLake(Meddled(store, "put", "manifest/", lambda: other.sweep(timedelta(0))))
    assert await slow.remove("file") == 1
    assert await other.sweep(timedelta(0)) > 0
    assert await lake.rows("bars") == await other.rows("bars") == [bar(1.0)]
    assert await contents(store) != before


async def test_a_slow_sweep_does_not_take_what_is_wanted_again() -> None:
    """The same file is imported again between the sweep's word and its deed."""
    store, lake = fresh()
    again = batch("bars", bar(2.0), at=AT + timedelta(1), status="imported", origin="file")
    await lake.write([batch("bars", bar(1.0), origin="page")])
    await lake.write([again])
    await lake.remove("file")
    slow = ParquetLake(Meddled(store, "delete", "clean/", lambda: lake.write([again])))
    assert await slow.sweep(timedelta(0)) == 1
    assert await lake.rows("bars") == [bar(2.0)]


async def test_a_writer_whose_files_were_swept_writes_them_again() -> None:
    store, lake = fresh()
    await lake.write([batch("bars", bar(1.0), origin="page")])
    slow = ParquetLake(Meddled(store, "put", "manifest/", lambda: lake.sweep(timedelta(0))))
    assert await slow.write([batch("bars", bar(5.0, symbol="SYS"), origin="two")]) == 1
    assert [row.symbol for row in await lake.rows("bars")] == ["LUCK", "SYS"]


async def test_a_reader_overtaken_by_a_sweep_reads_what_is_there_now() -> None:
    store, lake = fresh()
    await lake.write([batch("bars", bar(1.0))])

    async def meddle() -> None:
        await lake.write([batch("bars", bar(2.0), at=AT + timedelta(1), origin="b")])
        await lake.sweep(timedelta(0))

    assert await ParquetLake(Meddled(store, "get", "clean/", meddle)).rows("bars") == [bar(2.0)]


async def test_a_storage_that_went_away_is_unavailable(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    lake = ParquetLake(open_store(str(folder)))
    await lake.write([batch("bars", bar(1.0))])
    (folder / "clean").rename(tmp_path / "gone")
    (folder / "clean").write_text("a file stands in the way")
    with pytest.raises(Unavailable):
        await lake.write([batch("bars", bar(2.0))])
    with pytest.raises(Unavailable):
        await lake.rows("bars")
