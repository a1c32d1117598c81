"""``marketbyte refresh``: a line a source, exit 0 only if all gave everything, 2 for a name that is none."""

import json
from contextlib import asynccontextmanager
from datetime import date

import aiohttp
import pytest

from bot.commands.refreshing import make_anew, refresh
from services.domain.errors import Fewer
from services.ingestion import Ingestion
from services.sources.clock import TickingClock
from services.sources.fetching import HttpFetcher
from tests.fakes.market_stores import DailyInMemory, LakeInMemory, RawInMemory
from tests.fakes.tiny_source import sheet_bytes, tiny_source, watch_bytes
from tests.fakes.upstream import Upstream

DAY = date(2026, 8, 20)


class Room:
    def __init__(self, upstream):
        self.upstream, self.lake = upstream, LakeInMemory()

    @asynccontextmanager
    async def opened(self):
        async with aiohttp.ClientSession() as session:
            clock = TickingClock()
            sources = [tiny_source(name, self.upstream.base) for name in ("psx", "fmp")]
            sources.append(tiny_source("sbp", self.upstream.base, pages=("sheet",)))
            fetcher = HttpFetcher(session, clock, first_wait=0.001)
            yield Ingestion(
                sources,
                fetcher,
                RawInMemory(),
                self.lake,
                DailyInMemory(),
                clock,
                off={"nccpl": "import its files"},
            )

    async def run(self, *names, **more):
        return await refresh(self.opened(), list(names), **{"as_json": False, **more})


@pytest.fixture
async def room():
    async with Upstream({"/watch": watch_bytes(["MEBL", "786"], DAY)}) as upstream:
        yield Room(upstream)


async def test_all_well(room, capsys):
    assert await room.run("psx", "fmp") == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split("[")[0].strip() for line in told] == [
        "psx ok: 1 pages, 2 rows", "fmp ok: 1 pages, 2 rows",
    ]  # fmt: skip


async def test_a_source_that_failed_is_told_and_is_exit_1(room, capsys):
    assert await room.run() == 1
    told = capsys.readouterr().out
    assert "psx ok" in told
    assert "sbp failed: 1 pages, 0 rows, 1 rejected (sbp.sheet: answered 404)" in told


async def test_an_unknown_name_is_exit_2_with_the_list(room, capsys):
    assert await room.run("psx", "nasdaq") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "no source 'nasdaq'; there are: fmp, nccpl, psx, sbp" in told.err
    assert not room.upstream.log


async def test_one_that_is_off_says_what_to_do(room, capsys):
    assert await room.run("nccpl") == 1
    assert "nccpl off: import its files" in capsys.readouterr().out


async def test_json_is_one_document(room, capsys):
    assert await room.run(as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    by_name = {source["name"]: source for source in document["sources"]}
    assert document["ok"] is False
    assert by_name["psx"]["rows"] == {"watch": 2}
    assert (by_name["psx"]["status"], by_name["sbp"]["status"]) == ("ok", "failed")
    assert by_name["sbp"]["rejected"][0]["page"] == "sbp.sheet"


async def test_past_days_are_asked_for_where_a_page_takes_a_day(room):
    class Thursday:
        def now(self):
            return TickingClock().now().replace(year=2026, month=8, day=20, hour=20)

    for day in (14, 17, 18, 19, 20):
        room.upstream.pages[f"/{day}-Aug-26"] = sheet_bytes(date(2026, 8, day))
    async with aiohttp.ClientSession() as session:
        sources = [tiny_source("sbp", room.upstream.base, pages=("sheet", "watch"))]
        fetcher = HttpFetcher(session, Thursday(), first_wait=0.001)
        ingestion = Ingestion(sources, fetcher, RawInMemory(), room.lake, DailyInMemory(), Thursday())
        report = await ingestion.refresh(since=date(2026, 8, 14))
    assert report.ok
    assert report.sources[0].rows == {
        "fx": 5,
        "watch": 2,
    }  # the weekend is left out, the page without a day asked once
    assert room.upstream.asked("/watch") == 1


class Smaller:
    """A rebuilding whose lake would have fewer rows."""

    async def run(self, *, fewer=False):
        if not fewer:
            raise Fewer("made anew the lake would have fewer rows: 3 of bars; it stays as it was")
        return 7


async def test_a_smaller_lake_is_only_taken_when_that_is_said(capsys):
    @asynccontextmanager
    async def opened():
        yield Smaller()

    assert await make_anew(opened(), as_json=False, anyway=False) == 1
    told = capsys.readouterr()
    assert (told.out, "3 of bars" in told.err, "--rebuild --anyway" in told.err) == ("", True, True)
    assert await make_anew(opened(), as_json=True, anyway=True) == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 7}
