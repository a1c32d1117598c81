"""How fast the hot store is: putting and point-reading a day of each kind, listings by name; prints p50 and p99 in ms.

``python tests/benchmarks/bench_daily.py``: the embedded database, both drivers, 550 symbols and funds.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.domain.records import Batch
from services.domain.rows import FxRow, IndexRow, NavRow, Symbol, Tick, Watch
from services.listings import Listings
from services.sources.sample import SampleMarket
from services.stores.daily import MongoDaily
from services.stores.embedded import EmbeddedMongo
from services.stores.instruments import MongoInstruments
from services.stores.mongo import Driver, connect

AT = datetime(2026, 8, 20, 15, 30, tzinfo=timezone(timedelta(hours=5)))
DAY = date(2026, 8, 20)
N = 550


def batches(minute: int = 0) -> dict[str, Batch]:
    at = AT + timedelta(minutes=minute)
    rows = {
        "indices": [IndexRow(f"I{n}", AT, 2.0, 1.0, 1.5 + minute, 0.5, 0.1) for n in range(18)],
        "fx": [FxRow(f"C{n}", DAY, 280.5 + minute, {"1-WEEK": 281.0, "1-MONTH": 282.5}) for n in range(28)],
        "watch": [
            Watch(f"S{n}", DAY, f"Company {n} Limited", "0801", ("ALLSHR", "KSE100"), (), 10.5, 10.5, 11.5, 9.5, 10.25 + minute, -0.25, -2.38, 1000 * n)
            for n in range(N)
        ],
        "navs": [
            NavRow(f"Fund {n}", DAY, "Open-End", "Equity", 10.5 + minute, "AM1", "KMI30", {f"{d}D": 1.25 for d in (1, 15, 30, 90, 180, 270, 365)})
            for n in range(N)
        ],
    }  # fmt: skip
    return {kind: Batch(kind, found, at, "psx", "live", f"{kind}{minute}") for kind, found in rows.items()}  # type: ignore[arg-type]


class HandClock:
    """Stands still."""

    def now(self) -> datetime:
        return AT


async def timed(what: str, times: int, work: Callable[[], Awaitable[object]]) -> None:
    await work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    print(f"  {what:<34} p50 {taken[len(taken) // 2]:8.2f} ms   p99 {taken[int(len(taken) * 0.99)]:8.2f} ms")


async def measure(uri: str, driver: Driver) -> None:
    print(driver)
    mongo = await connect(uri, f"bench_{driver}", driver=driver)
    daily, instruments = MongoDaily(mongo), MongoInstruments(mongo)
    minute = iter(range(1, 10_000))
    await timed("put indices, fx, watch, navs", 20, lambda: daily.put(list(batches(next(minute)).values())))
    for kind in ("indices", "fx", "watch", "navs"):
        await timed(f"newest {kind}", 200, lambda kind=kind: daily.newest(kind))  # type: ignore[misc]
    ticks = [Tick(f"S{n % N}", AT + timedelta(milliseconds=n), 10.5, n) for n in range(100_000)]
    await timed("put 100,000 ticks", 1, lambda: daily.put([Batch("ticks", ticks, AT, "psx", "live", "t")]))
    await timed("newest ticks", 3, lambda: daily.newest("ticks"))
    symbols = [Symbol(f"S{n}", DAY, f"Company {n} Limited", "CEMENT") for n in range(1041)]
    navs = [row for row in batches()["navs"].rows if isinstance(row, NavRow)]
    await timed("seed 1,041 symbols and 550 funds", 3, lambda: instruments.seed(symbols, navs))
    await timed("symbol by code", 300, lambda: instruments.symbol("S77", DAY))
    await timed("symbol by name", 300, lambda: instruments.symbol("company 99 limited", DAY))
    await timed("fund by name", 300, lambda: instruments.fund("fund 5"))
    listings = Listings(instruments, SampleMarket(), HandClock())
    print(f"  the sample book brought: {await listings.bring()} listings new or changed")
    await timed("listings.find by a former code", 300, lambda: listings.find("GSKCH"))
    await timed("listings.find of nothing", 300, lambda: listings.find("no such name"))
    await mongo.drop()
    await mongo.close()


async def main(folder: str) -> None:
    server = EmbeddedMongo(Path(folder))
    uri = await server.start()
    try:
        await measure(uri, "motor")
        await measure(uri, "pymongo")
    finally:
        await server.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mb-", ignore_cleanup_errors=True) as folder:
        asyncio.run(main(folder))
