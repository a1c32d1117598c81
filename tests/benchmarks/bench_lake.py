"""How fast the lake is: bars written, written again, a day added, ten years of 100 symbols asked for, undone, swept.

``python tests/benchmarks/bench_lake.py [FOLDER]``: generated bars (ten years, 100 symbols) and, where they lie beside the
project, the shared price files, in a folder of this machine. Prints seconds and the process's greatest memory in use.
"""

import asyncio
import math
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.domain.records import Batch
from services.domain.rows import Bar, Watch
from services.stores.lake import ParquetLake
from services.stores.objects import open_store

SHARED = Path("/work/shared/data/prices/psx_eod_unadjusted_2018_2026.parquet")
KARACHI = timezone(timedelta(hours=5))
NOON = datetime(2026, 8, 20, 12, 0, tzinfo=KARACHI)


def generated(years: int = 10, symbols: int = 100) -> list[Bar]:
    first = date(2026 - years, 8, 21)
    days = [first + timedelta(days=n) for n in range(365 * years + 3)]
    sessions = [day for day in days if day.weekday() < 5]
    bars = []
    for n, day in enumerate(sessions):
        for s in range(symbols):
            close = round(100 + s + 20 * math.sin(n / 50 + s), 2)
            bars.append(Bar(f"S{s:03}", day, close - 0.5, close + 1.25, close - 1.5, close, 1000 * s + n))
    return bars


def shared() -> list[Bar]:
    import pyarrow.parquet as pq

    bars = []
    for batch in pq.ParquetFile(SHARED).iter_batches(20_000):
        columns = (
            batch.column(name).to_pylist()
            for name in ("symbol", "date", "open", "high", "low", "close", "volume")
        )
        bars += [
            Bar(s, day_of(d), o, h, low, c, int(v)) for s, d, o, h, low, c, v in zip(*columns, strict=True)
        ]
    return bars


def day_of(found: object) -> date:
    return date.fromisoformat(str(found)[:10])


def memory() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def timed(what: str, work: Callable[[], Awaitable[object]], times: int = 1) -> None:
    taken = []
    result: object = None
    for _ in range(times):
        pauses = asyncio.create_task(longest_pause())
        await asyncio.sleep(0)
        begun, cpu = time.perf_counter(), time.process_time()
        result = await work()
        taken.append((time.perf_counter() - begun, time.process_time() - cpu))
        pauses.cancel()
        WORST.append(await pauses)
    taken.sort()
    shown = len(result) if isinstance(result, (list, dict)) else result
    print(
        f"{what:<58} p50 {taken[len(taken) // 2][0]:7.3f} s  worst {taken[-1][0]:7.3f} s  cpu {taken[0][1]:6.3f} s  loop held {max(WORST) * 1000:5.0f} ms"
        f"  result {shown}  peak {memory():.0f} MB"
    )
    WORST.clear()


WORST: list[float] = []


async def longest_pause() -> float:
    longest = 0.0
    try:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - begun - 0.001)
    except asyncio.CancelledError:
        return longest


async def measure(title: str, bars: list[Bar], folder: str) -> None:
    print(f"\n{title}: {len(bars):,} bars, memory before {memory():.0f} MB")
    lake = ParquetLake(open_store(folder))
    last = max(bar.day for bar in bars)
    whole = Batch("bars", bars, NOON, "file", "imported", "a" * 64)
    await timed("write all", lambda: lake.write([whole]))
    await timed("write the same again", lambda: lake.write([whole]))
    day = [Bar(b.symbol, last, b.open, b.high, b.low, b.close + 1, b.volume) for b in bars if b.day == last]
    later = NOON + timedelta(minutes=1)
    await timed(
        "write one day anew", lambda: lake.write([Batch("bars", day, later, "file", "imported", "b" * 64)])
    )
    names = sorted({bar.symbol for bar in bars})[:100]
    await timed("columns: all days x 100 symbols", lambda: lake.columns("bars", names=names), 5)
    await timed(
        "columns: day and close of all x 100 symbols",
        lambda: lake.columns("bars", names=names, only=("symbol", "day", "close")),
        5,
    )
    await timed("rows: all days x 100 symbols", lambda: lake.rows("bars", names=names), 3)
    await timed("columns: all days x 1 symbol", lambda: lake.columns("bars", names=names[:1]), 5)
    await timed(
        "columns: a year x 100 symbols",
        lambda: lake.columns("bars", first=last - timedelta(days=365), names=names),
        5,
    )
    await timed("rows: the last day", lambda: lake.rows("bars", first=last), 5)
    await timed("undo the day", lambda: lake.remove("b" * 64))
    await timed("undo all", lambda: lake.remove("a" * 64))
    await timed("sweep", lambda: lake.sweep(timedelta(0)))


async def rounds(folder: str) -> None:
    """A month of the market watch, 13 fetches a day."""
    lake = ParquetLake(open_store(folder))
    print("\nthe market watch of 550 symbols, 13 fetches a day for 21 days")
    begun, slowest = time.perf_counter(), 0.0
    for day in range(1, 22):
        for fetch in range(13):
            at = datetime(2026, 7, day, 9, 30, tzinfo=KARACHI) + timedelta(minutes=30 * fetch)
            rows = [
                Watch(
                    f"S{n}",
                    at.date(),
                    "name",
                    "0801",
                    ("KSE100",),
                    (),
                    1.0,
                    1.0,
                    1.0,
                    1.0,
                    1.0 + fetch,
                    0.0,
                    0.0,
                    fetch,
                )
                for n in range(550)
            ]
            one = time.perf_counter()
            await lake.write([Batch("watch", rows, at, "psx", "live", f"{day:032}{fetch:032}")])
            slowest = max(slowest, time.perf_counter() - one)
    taken = time.perf_counter() - begun
    print(f"273 writes {taken:.1f} s, slowest {slowest * 1000:.0f} ms, peak {memory():.0f} MB")
    await timed("rows: the newest day of the watch", lambda: lake.rows("watch", first=date(2026, 7, 21)), 20)


async def main(base: str, *, real: bool) -> None:
    if real:
        await measure("shared prices", shared(), f"{base}/shared")
    await measure("generated", generated(), f"{base}/generated")
    await rounds(f"{base}/watch")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mb-lake-") as folder:
        asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else folder, real=SHARED.exists()))
