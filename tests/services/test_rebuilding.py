"""The lake is made anew from what was kept raw: after any history the very same bytes."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import orjson
import pytest
from obstore.store import MemoryStore

from services.domain.errors import BrokenPage, Fewer
from services.imports import Brought, Imports
from services.ingestion import Ingestion, InMind
from services.quarantine import Quarantine
from services.rebuilding import Rebuilding
from services.sources.fetching import HttpFetcher
from services.sources.files.reading import read_tables
from services.stores.raw import ObjectRaw
from services.stores.takings import ObjectTakings
from tests.fakes import table_files as made
from tests.fakes.long_book import long_book
from tests.fakes.market_stores import DailyInMemory, LedgerInMemory
from tests.fakes.storage import contents, fresh
from tests.fakes.tiny_source import tiny_source, watch_bytes
from tests.fakes.upstream import Upstream

NOW = datetime(2026, 8, 20, 16, 40, tzinfo=ZoneInfo("Asia/Karachi"))
DAY = date(2026, 8, 20)
HEAD = ["symbol", "date", "open", "high", "low", "close", "volume"]


def series(symbol: str, last: date, *, falls: int) -> bytes:
    """Two hundred closes, the last ``falls`` of them a fifth of those before: a jump that nothing explains."""
    rows = [
        [(last - timedelta(days=back)).isoformat(), 20.0 if back < falls else 100.0] for back in range(200)
    ]
    return orjson.dumps({"symbol": symbol, "rows": rows, "end": True})


class House:
    """The market's rooms over a store in memory; also its clock, its book and the symbols that are asked for."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.store, self.lake = fresh()
        self.at = NOW
        self.raw, self.takings = ObjectRaw(self.store), ObjectTakings(self.store)
        self.daily = DailyInMemory()
        source = tiny_source("psx", base, pages=("watch", "series", "sheet"), delay=300)
        self.sources = (source, tiny_source("two", base, pages=("watch",)))
        fetcher = HttpFetcher(session, self, first_wait=0.001)
        self.ingestion = Ingestion(
            self.sources, fetcher, self.raw, self.lake, self.daily, self,
            standings=InMind(), wanted=self.wanted, takings=self.takings,
        )  # fmt: skip
        self.imports = Imports(
            raw=self.raw, lake=self.lake, daily=self.daily, ledger=LedgerInMemory(), market=self, tables=read_tables, clock=self
        )  # fmt: skip
        self.quarantine = Quarantine(self.lake, self.daily, self, archive=self.raw)

    def now(self) -> datetime:
        return self.at

    async def book(self):
        return long_book()

    async def wanted(self, _source) -> list[str]:
        return ["LUCK"]

    async def bring(self, *rows) -> str:
        """A file of prices, taken; returns its id."""
        self.at += timedelta(minutes=1)
        brought = [Brought("p.csv", made.csv([HEAD, *[[s, d, c, c, c, c, 100] for s, d, c in rows]]))]
        taken = await self.imports.take(await self.imports.preview("prices", brought), brought, "tester")
        return taken[0].id

    async def refresh(self) -> None:
        self.at += timedelta(minutes=30)
        assert (await self.ingestion.refresh()).ok

    def rebuilding(self, lake, sources=None) -> Rebuilding:
        return Rebuilding(
            archive=self.raw,
            takings=self.takings,
            sources=self.sources if sources is None else sources,
            imports=self.imports.reread,
            rebuild=lake.rebuild,
        )

    async def check(self) -> None:
        """Made anew in its place and in an empty one: the bytes that are there."""
        before = await contents(self.store)
        assert before
        count = await self.rebuilding(self.lake).run()
        assert await contents(self.store) == before
        empty, lake = fresh()
        assert await self.rebuilding(lake).run() == count
        assert await contents(empty) == before


@pytest.fixture
async def house() -> AsyncIterator[tuple[House, Upstream]]:
    pages = {
        "/watch": watch_bytes(["LUCK", "MEBL"], DAY),
        "/eod/LUCK": series("LUCK", DAY, falls=10),
        "/sheet-20-Aug-26": orjson.dumps({"day": DAY.isoformat(), "rows": [["USD", 281.5]], "end": True}),
    }
    async with (
        Upstream(pages, content_type="application/json") as upstream,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        yield House(session, upstream.base), upstream


async def test_refreshed_settled_imported_and_taken_back_it_is_the_same_bytes(house) -> None:
    at_home, upstream = house
    await at_home.refresh()
    await at_home.check()
    (jump,) = (await at_home.quarantine.judged()).quarantined
    await at_home.quarantine.settle("luck", jump.day, "split 5:1", "u1")
    assert (await at_home.quarantine.judged()).quarantined == ()
    await at_home.check()
    first = await at_home.bring(("LUCK", "2026-08-19", 21.0), ("OGDC", "2026-08-19", 300.0))
    second = await at_home.bring(("LUCK", "2026-08-19", 22.0))
    await at_home.check()
    await at_home.imports.undo(second)
    await at_home.check()
    at_home.at += timedelta(minutes=1)
    await at_home.quarantine.settle("LUCK", jump.day, "ok", "u1")  # a second thought
    await at_home.check()
    upstream.pages["/watch"] = watch_bytes(["LUCK", "MEBL"], DAY, 101.0)
    upstream.pages["/eod/LUCK"] = series("LUCK", DAY, falls=9)  # one day is another: its month comes again
    await at_home.refresh()
    await at_home.check()
    await at_home.imports.undo(first)
    await at_home.check()
    await at_home.bring(("LUCK", "2026-08-19", 22.0))  # the very bytes that were taken back before
    await at_home.check()
    assert [row.note for row in await at_home.lake.rows("actions")] == [
        "accepted as it is; operator u1: ok"
    ] * 2


async def test_a_page_that_was_refused_or_had_nothing_new_gives_nothing(house) -> None:
    at_home, upstream = house
    await at_home.refresh()
    upstream.pages["/watch"] = watch_bytes(["LUCK"], DAY)  # half of the rows are gone: it is not believed
    at_home.at += timedelta(minutes=30)
    assert not (await at_home.ingestion.refresh()).ok
    noted = [took async for took in at_home.takings.listed()]
    assert sorted(took.raw.name for took in noted) == ["psx.series", "psx.sheet", "psx.watch", "two.watch"]
    await at_home.check()


async def test_of_a_long_page_only_the_months_that_were_new_are_read_again(house) -> None:
    at_home, upstream = house
    await at_home.refresh()
    upstream.pages["/eod/LUCK"] = series("LUCK", DAY, falls=9)
    await at_home.refresh()
    months = [took.months async for took in at_home.takings.listed() if took.raw.name == "psx.series"]
    assert len(months[0]) == 7
    assert months[1] == ("2026-08",)
    origins = set((await at_home.lake.columns("bars", first=date(2026, 7, 1)))["origin"])
    assert len(origins) == 2
    await at_home.check()


async def test_a_source_that_is_gone_is_named_and_the_lake_stays(house) -> None:
    at_home, _ = house
    await at_home.refresh()
    before = await contents(at_home.store)
    with pytest.raises(BrokenPage, match="switch it on"):
        await at_home.rebuilding(at_home.lake, at_home.sources[1:]).run()
    assert await contents(at_home.store) == before


async def test_pages_of_which_no_note_was_kept_are_told_of_and_not_lost(house) -> None:
    at_home, _ = house
    await at_home.refresh()
    count = len(await at_home.lake.rows("bars"))
    before = await contents(at_home.store)
    at_home.takings = ObjectTakings(MemoryStore())  # of a version that kept no notes
    with pytest.raises(Fewer, match=f"{count} of bars, 1 of fx"):
        await at_home.rebuilding(at_home.lake).run()
    assert await contents(at_home.store) == before
    assert await at_home.rebuilding(at_home.lake).run(fewer=True) == 0


async def test_a_settlement_whose_bytes_are_none_is_told(house) -> None:
    from services.domain.settled import settlement_rows

    for body in (
        b"",
        b"{}",
        b"[]",
        b'{"rows": [{"symbol": "X"}]}',
        b"\xff",
        b'{"rows": 3}',
        b'{"rows": [3]}',
    ):
        with pytest.raises(BrokenPage, match="no settlement"):
            settlement_rows(body)
