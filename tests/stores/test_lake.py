"""The lake: rows come back as they were, filed by kind and month, newest batch first, undone exactly, swept safely."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from obstore.store import MemoryStore

from services.domain import rows as r
from services.domain.records import Batch, Kind, Row
from services.domain.rows import Bar, EventRow, IndexRow, Tick
from services.stores.lake import ParquetLake
from services.stores.objects import open_store
from tests.fakes.every_row import AT, DAY, KARACHI, ROWS
from tests.fakes.storage import contents, fresh


def batch(kind: Kind, *rows: Row, at: datetime = AT, status: str = "live", origin: str = "o") -> Batch:
    return Batch(kind, rows, at, "psx", status, origin)


def bar(close: float, day: date = DAY, symbol: str = "LUCK") -> Bar:
    return Bar(symbol, day, None, None, None, close, 1)


async def test_every_kind_comes_back_as_it_was(tmp_path: Path) -> None:
    assert set(ROWS) == set(get_args(Kind))
    lake = ParquetLake(open_store(str(tmp_path)))
    assert await lake.write([batch(kind, *rows) for kind, rows in ROWS.items()]) == sum(
        map(len, ROWS.values())
    )
    again = ParquetLake(open_store(str(tmp_path)))
    for kind, rows in ROWS.items():
        found = await again.rows(kind)
        assert len(found) == len(rows)
        assert all(row in rows for row in found)
    notice = (await again.rows("announcements"))[0]
    assert isinstance(notice, r.Notice)
    assert notice.at.utcoffset() == timedelta(hours=5)
    paths = [o["path"] async for chunk in open_store(str(tmp_path)).list("clean") for o in chunk]
    assert {path.rpartition("-")[0] for path in paths} >= {
        "clean/bars/2026/08",
        "clean/ticks/2026/08/20",
        "clean/news/all",
    }


async def test_columns_tell_where_a_row_comes_from() -> None:
    _, lake = fresh()
    await lake.write([batch("bars", *ROWS["bars"], at=AT, status="imported", origin="file")])
    found = await lake.columns("bars")
    assert found["symbol"] == ["786", "LUCK"]
    assert found["open"] == [None, 1.0]
    assert found["volume"] == [0, 2**40]
    assert found["day"] == found["filed"] == [DAY, DAY]
    assert (found["source"], found["status"], found["origin"]) == (
        ["psx"] * 2,
        ["imported"] * 2,
        ["file"] * 2,
    )
    assert found["batch_as_of"] == [AT.astimezone(UTC)] * 2
    assert await lake.columns("bars", only=("close", "symbol")) == {
        "close": [12.34, 1.5],
        "symbol": ["786", "LUCK"],
    }
    assert await lake.columns("indices", only=("as_of",)) == {"as_of": []}
    await lake.write([batch("indices", *ROWS["indices"])])
    assert await lake.columns("indices", only=("as_of",), names=["KSE100"]) == {"as_of": [AT]}


async def test_questions_are_cut_to_days_and_names() -> None:
    _, lake = fresh()
    days = [date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 31), date(2026, 9, 1)]
    await lake.write([batch("bars", *(bar(1.0, day, symbol) for day in days for symbol in ("B", "A", "C")))])
    found = await lake.rows("bars", first=days[1], last=days[2], names=["A", "C", "unknown"])
    assert [(row.day, row.symbol) for row in found] == [
        (days[1], "A"),
        (days[1], "C"),
        (days[2], "A"),
        (days[2], "C"),
    ]
    assert len(await lake.rows("bars", last=days[0])) == len(await lake.rows("bars", first=days[3])) == 3
    assert await lake.rows("bars", first=date(2027, 1, 1)) == []
    assert await lake.rows("ticks") == []
    assert len(await lake.rows("bars", first=date.min, last=date.max)) == 12
    await lake.write([batch(kind, *ROWS[kind]) for kind in ("news", "constituents", "flows", "holidays")])
    assert [n.id for n in await lake.rows("news", names=["SYS"])] == ["n1"]
    assert await lake.rows("news", names=["SY"]) == []
    assert len(await lake.rows("constituents", names=["LUCK"])) == 2
    assert len(await lake.rows("constituents", names=["KSE30"])) == 1
    assert len(await lake.rows("flows", names=["Banks"])) == 1
    await lake.write([batch("totals", *ROWS["totals"])])
    assert len(await lake.rows("totals", names=["LUCK"])) == 1


async def test_the_order_is_by_the_day_it_is_filed_by_even_across_the_turn_of_a_month() -> None:
    """2 a.m. in Karachi is the evening before in UTC."""
    _, lake = fresh()
    early = datetime(2026, 9, 1, 2, 0, tzinfo=KARACHI)
    late = datetime(2026, 9, 1, 12, 0, tzinfo=KARACHI)
    rows = [IndexRow("Z", early, None, None, 1.0, 0, 0), IndexRow("A", late, None, None, 2.0, 0, 0)]
    await lake.write([batch("indices", *rows)])
    assert [row.code for row in await lake.rows("indices", first=date(2026, 9, 1))] == ["A", "Z"]
    assert await lake.rows("indices", last=date(2026, 8, 31)) == []


async def test_many_ticks_of_a_day_are_cut_by_row_groups() -> None:
    _, lake = fresh()
    rows = [Tick(f"S{n % 50:02}", AT + timedelta(milliseconds=n), 1.0, n) for n in range(40_000)]
    await lake.write([batch("ticks", *rows)])
    found = await lake.rows("ticks", names=["S07"], first=DAY, last=DAY)
    assert [t.volume for t in found] == list(range(7, 40_000, 50))


async def test_an_older_batch_never_replaces_a_newer_one() -> None:
    store, lake = fresh()
    assert await lake.write([batch("bars", bar(2.0), at=AT, origin="new")]) == 1
    before = await contents(store)
    assert await lake.write([batch("bars", bar(1.0), at=AT - timedelta(minutes=1), origin="old")]) == 0
    assert await contents(store) == before
    assert await lake.write([batch("bars", bar(3.0), at=AT, origin="same moment")]) == 1
    assert await lake.rows("bars") == [bar(3.0)]


async def test_the_same_again_changes_nothing_and_makes_no_generation() -> None:
    store, lake = fresh()
    given = [batch(kind, *rows) for kind, rows in ROWS.items()]
    await lake.write(given)
    before = await contents(store), await lake.version("bars")
    assert await lake.write(given) == 0
    assert await lake.write([]) == 0
    assert await lake.write([batch("bars")]) == 0
    assert (await contents(store), await lake.version("bars")) == before
    assert sum([len(chunk) async for chunk in store.list("manifest")]) == 1


async def test_the_version_follows_the_rows_of_its_kind_alone() -> None:
    _, lake = fresh()
    empty = await lake.version("bars")
    await lake.write([batch("bars", bar(1.0))])
    first = await lake.version("bars")
    await lake.write([batch("news", *ROWS["news"])])
    assert await lake.version("bars") == first != empty
    await lake.write([batch("bars", bar(2.0), status="imported", at=AT + timedelta(1), origin="i")])
    assert await lake.version("bars") != first
    await lake.remove("i")
    assert await lake.version("bars") == first


async def test_what_an_import_replaced_is_there_again() -> None:
    _, lake = fresh()
    later = AT + timedelta(hours=1)
    other = date(2025, 1, 2)
    await lake.write([batch("bars", bar(1.0), origin="page")])
    await lake.write(
        [
            batch("bars", bar(2.0), bar(9.0, other), at=later, status="imported", origin="one"),
            batch("rates", *ROWS["rates"], at=later, status="imported", origin="one"),
        ]
    )
    await lake.write([batch("bars", bar(3.0), at=later, status="imported", origin="two")])
    assert (
        await lake.remove("one") == 2
    )  # the day of 2025 and the rate; the third version of the bar stands above
    assert await lake.rows("bars") == [bar(3.0)]
    assert await lake.rows("rates") == []
    assert await lake.remove("two") == 1
    assert await lake.rows("bars") == [bar(1.0)]
    assert await lake.remove("two") == await lake.remove("never there") == 0


async def test_a_notice_that_is_dated_anew_is_not_there_twice() -> None:
    _, lake = fresh()
    event = ROWS["events"][0]
    assert isinstance(event, EventRow)
    moved = replace(event, at=AT + timedelta(days=40))
    await lake.write([batch("events", event)])
    await lake.write([batch("events", moved, at=AT + timedelta(hours=1), status="imported", origin="file")])
    assert await lake.rows("events") == [moved]
    assert await lake.rows("events", last=DAY) == []
    await lake.remove("file")
    assert await lake.rows("events") == [event]


async def test_a_time_without_its_zone_is_refused_and_nothing_is_kept() -> None:
    store, lake = fresh()
    bad = IndexRow("X", AT.replace(tzinfo=None), None, None, 1.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="zone"):
        await lake.write([batch("bars", bar(1.0)), batch("indices", bad)])
    with pytest.raises(ValueError, match="zone"):
        await lake.write([batch("bars", bar(1.0), at=AT.replace(tzinfo=None))])
    assert await contents(store) == {}


async def test_an_empty_lake_answers() -> None:
    lake = ParquetLake(MemoryStore())
    assert await lake.rows("bars") == []
    assert (await lake.columns("bars"))["close"] == []
    assert await lake.remove("x") == 0
    assert await lake.sweep(timedelta(0)) == 0
