"""What a refresh stores: bytes first, whole pages only, nothing twice, nothing that cannot be believed."""

import asyncio
import contextlib
from datetime import date, timedelta

import pytest

from services.domain.errors import Unavailable
from tests.fakes.refreshing import DAY, SYMBOLS
from tests.fakes.tiny_source import series_bytes, tiny_source, watch_bytes
from tests.fakes.upstream import Upstream


async def test_when_no_address_can_be_read_each_reason_is_told(house, upstream):
    upstream.pages["/20-Aug-26"] = b"<html>"
    report = await house.ingestion(tiny_source("sbp", upstream.base, pages=("sheet",))).refresh()
    [rejected] = report.sources[0].rejected
    assert rejected.asked == {"day": "2026-08-20"}
    assert "answered 404" in rejected.reason
    assert "no JSON" in rejected.reason


async def test_bytes_are_kept_before_they_are_read(house, upstream):
    upstream.pages["/watch"] = b'{"rows": [["S000", 1'
    report = await house.ingestion(tiny_source("psx", upstream.base)).refresh()
    assert report.sources[0].status == "failed"
    assert list(house.raw.bodies.values()) == [b'{"rows": [["S000", 1']
    assert await house.stored() == 0


async def test_without_the_archive_nothing_is_read(house, upstream):
    house.raw.fails["keep"] = Unavailable("the folder is full")
    report = await house.ingestion(tiny_source("psx", upstream.base, pages=("watch", "series"))).refresh()
    assert report.sources[0].status == "failed"
    assert "the folder is full" in report.sources[0].detail
    assert await house.stored() == 0
    assert len(upstream.log) == 1


@pytest.mark.parametrize("store", ["write", "put"])
async def test_a_store_that_fails_is_mended_by_the_next_visit(house, upstream, store):
    """As a kill between the raw bytes and the lake, or between the lake and the daily data."""
    ingestion = house.ingestion(tiny_source("psx", upstream.base))
    (house.lake if store == "write" else house.daily).fails[store] = Unavailable("gone")
    first = await ingestion.refresh()
    assert first.sources[0].status == "failed"
    assert first.sources[0].rows == {}
    assert await house.daily.newest("watch") is None
    assert (await ingestion.refresh()).ok
    assert await house.stored() == 20
    assert len((await house.daily.newest("watch")).rows) == 20


@pytest.mark.parametrize(("room", "verb"), [("raw", "keep"), ("lake", "write"), ("daily", "put")])
async def test_killed_in_the_middle_and_refreshed_again(house, upstream, room, verb):
    """The process dies while it writes; the next one has the same rows as if nothing had happened."""
    at_the_point = asyncio.Event()
    store = getattr(house, room)

    async def forever(*args):
        at_the_point.set()
        await asyncio.Event().wait()

    setattr(store, verb, forever)
    run = asyncio.create_task(house.ingestion(tiny_source("psx", upstream.base)).refresh())
    await at_the_point.wait()
    run.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await run
    delattr(store, verb)
    assert len(house.raw.bodies) == (room != "raw")
    assert await house.daily.newest("watch") is None
    assert (await house.ingestion(tiny_source("psx", upstream.base)).refresh()).ok
    assert await house.stored() == 20
    assert len((await house.daily.newest("watch")).rows) == 20


async def test_far_fewer_rows_are_not_believed(house, upstream):
    ingestion = house.ingestion(tiny_source("psx", upstream.base))
    await ingestion.refresh()
    house.clock.at += timedelta(days=1)
    upstream.pages["/watch"] = watch_bytes(SYMBOLS[:11], DAY + timedelta(days=1), 90.0)
    report = await house.ingestion(tiny_source("psx", upstream.base)).refresh()  # known after a restart
    [rejected] = report.sources[0].rejected
    assert rejected.suspect
    assert "11 rows where 20 were before" in rejected.reason
    assert (await house.daily.newest("watch")).rows[0].day == DAY
    assert len(house.raw.bodies) == 2
    assert house.alarms
    upstream.pages["/watch"] = watch_bytes(SYMBOLS[:12], DAY + timedelta(days=1), 90.0)
    assert (await ingestion.refresh()).ok  # 60 % of them are


async def test_an_older_day_is_not_believed_until_an_operator_says_so(house, upstream):
    ingestion = house.ingestion(tiny_source("psx", upstream.base))
    await ingestion.refresh()
    upstream.pages["/watch"] = watch_bytes(SYMBOLS, DAY - timedelta(days=1), 90.0)
    report = await ingestion.refresh()
    assert "goes back to 2026-08-19" in report.sources[0].rejected[0].reason
    assert await house.stored() == 20
    assert (await ingestion.refresh(names=("psx",), anyway=True)).ok
    assert await house.stored() == 40


async def test_a_page_without_rows_is_refused(house, upstream):
    upstream.pages["/watch"] = watch_bytes([], DAY)
    report = await house.ingestion(tiny_source("psx", upstream.base)).refresh()
    assert "no rows" in report.sources[0].rejected[0].reason


async def test_a_parsers_bug_is_its_pages_alone(house, upstream):
    upstream.pages["/watch"] = b'{"end": true, "day": "2026-08-20", "rows": [["S000"]]}'
    report = await house.ingestion(tiny_source("psx", upstream.base, pages=("watch", "series"))).refresh()
    [source] = report.sources
    assert source.status == "partly"
    assert "a mistake of ours (ValueError)" in source.rejected[0].reason
    assert await house.stored("bars") == 9
    assert len(house.bugs) == 1


async def test_a_page_whose_format_changed_is_not_asked_for_every_symbol(house, upstream):
    house.symbols = [f"X{number:03}" for number in range(200)]
    report = await house.ingestion(tiny_source("psx", upstream.base, pages=("series", "watch"))).refresh()
    [source] = report.sources
    assert 25 <= upstream.log.__len__() <= 30
    assert source.unasked >= 170
    assert source.rows == {"watch": 20}


async def test_old_rows_go_to_the_lake_only(house, upstream):
    house.symbols = ["S000"]
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY, 100)
    await house.ingestion(tiny_source("psx", upstream.base, pages=("series",))).refresh()
    assert await house.stored("bars") == 100
    assert min(day for _, day in house.daily.kept) == DAY - timedelta(days=31)


@pytest.mark.parametrize("seed", range(6))
async def test_a_bad_day_ends_with_whole_pages_only(house, seed):
    pages = {"/watch": watch_bytes(SYMBOLS, DAY)} | {
        f"/eod/{symbol}": series_bytes(symbol, DAY, 7) for symbol in SYMBOLS
    }
    house.symbols = SYMBOLS
    kinds = (
        "too_many",
        "error",
        "reset",
        "truncated",
        "wrong",
        "gzip_broken",
        "missing",
        "elsewhere",
        "gzip",
    )
    async with Upstream(pages, seed=seed, rate=0.3, kinds=kinds, content_type="application/json") as bad:
        ingestion = house.ingestion(tiny_source("psx", bad.base, pages=("watch", "series")))
        [source] = (await ingestion.refresh()).sources
        assert source.status in {"ok", "partly"}
        assert await house.stored("bars") % 7 == 0
        assert await house.stored("bars") == source.rows.get("bars", 0)
        for _ in range(12):
            await ingestion.refresh()
    assert await house.stored("bars") == 20 * 7
    assert await house.stored() == 20


async def test_of_a_long_history_only_the_months_that_changed_are_stored(house, upstream):
    """The lake is written what is new, after a restart too; an operator's correction of an old day stays."""
    house.symbols = ["S000"]
    written = []
    write = house.lake.write

    async def noted(batches):
        written.append([row.day for batch in batches for row in batch.rows])
        return await write(batches)

    house.lake.write = noted
    source = tiny_source("psx", upstream.base, pages=("series",))
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY, 120)
    await house.ingestion(source).refresh()
    house.clock.at += timedelta(days=1)
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY + timedelta(days=1), 121)
    report = await house.ingestion(source).refresh()
    assert (report.sources[0].rows, report.sources[0].changed) == ({"bars": 121}, 1)
    assert len(written[0]) == 120
    assert sorted(written[1]) == [date(2026, 8, 1) + timedelta(days=number) for number in range(21)]
    assert await house.stored("bars") == 121


async def test_a_changed_old_day_is_noticed(house, upstream):
    house.symbols = ["S000"]
    ingestion = house.ingestion(tiny_source("psx", upstream.base, pages=("series",)))
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY, 120)
    await ingestion.refresh()
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY, 120).replace(
        b'"2026-05-05",100.0', b'"2026-05-05",99.5'
    )
    assert (await ingestion.refresh()).sources[0].changed == 1
    rows = await house.lake.rows("bars", first=date(2026, 5, 5), last=date(2026, 5, 5))
    assert [row.close for row in rows] == [99.5]
