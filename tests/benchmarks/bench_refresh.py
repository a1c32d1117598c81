"""How long an end-of-day refresh takes, and in how much memory: the aim is 550 symbols within 10 s and 400 MB.

``python tests/benchmarks/bench_refresh.py [SYMBOLS]``: a server in a process of its own serves pages in the portal's
shape; the real fetcher (pace 0), the real parsers, the real archive and lake in a folder, the daily data in MongoDB.
First into an empty lake (five years of bars), then the next day on top of it, then the same bytes again.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[2]))

import aiohttp
from aiohttp import web

from services.domain.sourcing import Pace, SourceSpec
from services.ingestion import Ingestion
from services.ingestion.report import Report
from services.market_store import DailyData
from services.sources.fetching import HttpFetcher
from services.sources.psx.source import psx
from services.stores.lake import ParquetLake
from services.stores.objects import open_store
from services.stores.raw import ObjectRaw
from tests.fakes.psx_pages import indices, market_watch, screener, sector_summary, series, symbols

KARACHI = ZoneInfo("Asia/Karachi")
FIRST = date(2026, 8, 19)
PAGES = {"psx.market_watch", "psx.indices", "psx.sector_summary", "psx.screener"}


class HandClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 8, 19, 16, 40, tzinfo=KARACHI)

    def now(self) -> datetime:
        return self.at


async def serve(count: int) -> None:
    """The upstream; ``/day/N`` moves it to the Nth day."""
    names = symbols(count)
    now = {"day": FIRST}

    async def answer(request: web.Request) -> web.Response:
        path, day = request.path, now["day"]
        if path.startswith("/day/"):
            now["day"] = FIRST + timedelta(days=int(path.rpartition("/")[2]))
            return web.Response()
        if path.startswith("/timeseries/eod/"):
            return web.Response(body=series(int(path[-4:]), day), content_type="application/json")
        pages = {
            "/market-watch": lambda: market_watch(names, day), "/indices": lambda: indices(day),
            "/sector-summary/sectorwise": lambda: sector_summary(day), "/screener": lambda: screener(names, day),
        }  # fmt: skip
        return web.Response(body=pages[path](), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


def source(base: str) -> SourceSpec:
    portal = psx(base)
    pages = tuple(page for page in portal.pages if page.name in PAGES)
    each = next(page for page in portal.pages if page.name == "psx.eod")
    return replace(
        portal, pages=(*pages, replace(each, when=("close",))), pace=Pace(0.0, 8, 30.0, 3), delay=0.0
    )


@asynccontextmanager
async def daily(folder: Path) -> AsyncIterator[DailyData]:
    try:
        from services.stores.daily import MongoDaily
    except ImportError:
        from tests.fakes.market_stores import DailyInMemory

        print("daily data: in memory")
        yield DailyInMemory()
        return
    from services.stores.embedded import EmbeddedMongo
    from services.stores.mongo import connect

    server = EmbeddedMongo(folder)
    mongo = await connect(await server.start(), "bench")
    try:
        yield MongoDaily(mongo)
    finally:
        await mongo.close()
        await server.stop()


def told(what: str, report: Report, seconds: float, used: float) -> None:
    [one] = report.sources
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:22} {seconds:6.2f} s ({used:.1f} s of CPU)  {memory:5.0f} MB at most  {one.status}  {one.pages} pages"
        f"  {sum(one.rows.values()):,} rows, {one.changed:,} changed  {one.detail}"
    )
    assert report.ok, one.rejected[:3]


async def run(count: int, base: str, folder: Path) -> None:
    clock, names = HandClock(), symbols(count)

    async def wanted(_source: SourceSpec) -> tuple[str, ...]:
        return names

    store = open_store(f"file://{folder / 'market'}")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session, daily(folder) as days:
        ingestion = Ingestion(
            (source(base),), HttpFetcher(session, clock), ObjectRaw(store), ParquetLake(store), days, clock, wanted=wanted
        )  # fmt: skip
        for number, what in ((0, "empty lake, 5 years"), (1, "the next day"), (1, "the same bytes again")):
            await session.get(f"{base}/day/{number}")
            clock.at = datetime(2026, 8, 19 + number, 16, 40, tzinfo=KARACHI)
            started, used = time.perf_counter(), time.process_time()
            report = await ingestion.refresh(when="close")
            told(what, report, time.perf_counter() - started, time.process_time() - used)


def main() -> None:
    if "--serve" in sys.argv:
        asyncio.run(serve(int(sys.argv[-1])))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 550
    command = [sys.executable, __file__, "--serve", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            base = f"http://127.0.0.1:{server.stdout.readline().strip()}"
            with tempfile.TemporaryDirectory(prefix="mb-refresh-", ignore_cleanup_errors=True) as folder:
                asyncio.run(run(count, base, Path(folder)))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
