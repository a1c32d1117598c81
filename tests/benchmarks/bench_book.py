"""How fast the market book is made from the stores: the first time, again with nothing new in the past, for 1,000 readers.

``python tests/benchmarks/bench_book.py``: 550 generated symbols, 600 days of bars in a lake in memory, the day's kinds in a
daily store in memory behind the cache. Prints seconds, CPU, store reads and the process's greatest memory in use.
"""

import asyncio
import cProfile
import math
import pstats
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.books import Books
from services.books.psx import PsxBindery
from services.domain.records import Batch, Kind, Row
from services.domain.rows import Bar, FlowRow, IndexRow, NavRow, Screened, Watch
from services.domain.trading_calendar import TradingCalendar
from services.sources.sample import SampleMarket
from services.stores.day_cache import CachedDays
from services.stores.lake import ParquetLake
from services.stores.lake_days import LakeDays
from services.stores.objects import open_store
from tests.fakes.market_stores import DailyInMemory

KARACHI = ZoneInfo("Asia/Karachi")
DAY = date(2026, 8, 21)
NOW = datetime(2026, 8, 21, 19, 0, tzinfo=KARACHI)
SYMBOLS = [f"S{n:03}" for n in range(550)]


class Counted(DailyInMemory):
    reads = 0

    async def newest(self, kind: Kind, **asked: object) -> Batch | None:
        self.reads += 1
        return await super().newest(kind, **asked)

    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        self.reads += 1
        return await super().since(kind, first)


class Fixed:
    def now(self) -> datetime:
        return NOW


def close(symbol: int, day: int) -> float:
    return round(100 + symbol + 5 * math.sin(day / 30 + symbol), 2)


def batch(kind: Kind, rows: Sequence[Row], hour: int = 17, day: date = DAY) -> Batch:
    when = datetime(day.year, day.month, day.day, hour, 0, tzinfo=KARACHI)
    return Batch(kind, tuple(rows), when, "generated", "live", f"{kind}{day}{hour}")


def past() -> list[Batch]:
    days = [day for n in range(600) if (day := DAY - timedelta(days=600 - n)).weekday() < 5]
    return [
        batch(
            "bars",
            [Bar(s, day, c, c + 1, c - 1, c, 1000) for i, s in enumerate(SYMBOLS) for c in [close(i, n)]],
            day=day,
        )
        for n, day in enumerate(days)
    ]


def today() -> list[Batch]:
    prices = [close(n, 430) for n in range(550)]
    pairs = list(zip(SYMBOLS, prices, strict=True))
    indices = [
        batch(
            "indices",
            [
                IndexRow(f"I{n}", datetime(d.year, d.month, d.day, h, 0, tzinfo=KARACHI), None, None, 1000.0 + h, 1.0, 0.1)
                for n in range(18)
            ],
            h,
            d,
        )
        for back in range(30)
        for d in [DAY - timedelta(days=back)]
        for h in range(10, 16)
    ]  # fmt: skip
    return [
        batch("watch", [Watch(s, DAY, s, "0804", ("ALLSHR",), (), c - 1, c, c, c, c, 1.0, 1.0, 500) for s, c in pairs], 15),
        batch("bars", [Bar(s, DAY, c, c, c, c, 500) for s, c in pairs]),
        batch("screener", [Screened(s, DAY, "0804", ("ALLSHR",), (), 1e9, c, 1.0, 1.0, 8.0, 3.0, 1e7, 1e5) for s, c in pairs]),
        batch("navs", [NavRow(f"Fund {n} Fund", DAY, "Open-End", "Equity", 10.0, returns={"1D": 0.1, "MTD": 1.0, "YTD": 9.0}) for n in range(400)]),
        batch("flows", [FlowRow(DAY, "FIPI", f"C{n}", "All", 1.0) for n in range(60)]),
        *indices,
    ]  # fmt: skip


def memory() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


async def moved(daily: Counted) -> None:
    """Five minutes later every share has another price, and every index another level."""
    watch, levels = daily.kept["watch", DAY], daily.kept["indices", DAY]
    at = watch.as_of + timedelta(minutes=5)
    prices = [replace(row, current=row.current + 0.01, volume=row.volume + 1) for row in watch.rows]
    moves = [replace(row, current=row.current + 1) for row in levels.rows]
    await daily.put(
        [replace(watch, rows=tuple(prices), as_of=at), replace(levels, rows=tuple(moves), as_of=at)]
    )


async def timed(what: str, books: Books, daily: Counted) -> None:
    reads, cpu, start = daily.reads, time.process_time(), time.perf_counter()
    await books.book()
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    print(
        f"{what:34} {wall * 1000:8.1f} ms wall {used * 1000:8.1f} ms CPU {daily.reads - reads:4} reads {memory():6.0f} MB"
    )


async def main() -> None:
    lake, daily = ParquetLake(open_store("memory://")), Counted()
    await lake.write(past())
    await daily.put(today())
    print(f"{'generated, in the stores':34} {memory():58.0f} MB")
    cached = CachedDays(daily, "psx")

    async def calendar() -> TradingCalendar:
        return TradingCalendar("psx")

    books = Books(PsxBindery(SampleMarket(), cached, LakeDays(lake, lambda: DAY), lake), Fixed(), calendar)
    await timed("first build", books, daily)
    for n in range(3):
        books.changed()
        await timed(f"market pack {n + 1} (the past is known)", books, daily)
    books.changed()
    await cached.changed()
    await timed("after a change of the day's rows", books, daily)
    for _ in range(3):
        await moved(daily)
        books.changed()
        await cached.changed()
        await timed("after new prices of all shares", books, daily)
    books.changed()
    await cached.changed()
    reads, start = daily.reads, time.perf_counter()
    told = await asyncio.gather(*(books.book() for _ in range(1000)))
    print(
        f"1,000 readers at one time: {daily.reads - reads} reads, {len({id(book) for book in told})} book, {(time.perf_counter() - start) * 1000:.1f} ms"
    )
    if "profile" in sys.argv:
        books.changed()
        found = cProfile.Profile()
        stock: list[object] = []
        import services.books as room

        real = room.psx_book
        room.psx_book = lambda *a, **k: stock.append((a, k)) or real(*a, **k)
        await books.book()
        a, k = stock[0]
        found.runcall(real, *a, **k)
        pstats.Stats(found).sort_stats("cumulative").print_stats(18)
    await cached.close()


if __name__ == "__main__":
    asyncio.run(main())
