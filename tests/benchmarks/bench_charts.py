"""Times the pictures, and measures memory and the event loop's pauses; run it from the project's root."""

import asyncio
import resource
import statistics
import sys
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.domain.indicators import history
from services.domain.opportunities import outline
from services.domain.pictures import Bar, DayPicture, PictureSpec
from services.domain.portfolio import Holding, balanced
from services.domain.xray import analyse
from services.media.charts import Matplotlib, drawn
from services.sources.sample import SampleMarket
from services.wording.layouts.opportunities import price_picture
from services.wording.layouts.xray import exposure_picture, own

MIXED = {"KSE100": 40, "MZNPETF": 20, "MIF": 10, "NSF": 10, "LUCK": 5, "SYS": 5, "MTL": 5, "DHPL": 5}
ROUNDS = 200


def resident() -> float:
    """The process's memory now, MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def timed(name: str, spec: PictureSpec, rounds: int = ROUNDS) -> None:
    """Wall time and, for a busy machine, the thread's own time."""
    drawn(spec)
    wall, own_time = [], []
    for _ in range(rounds):
        start, cpu = time.perf_counter(), time.thread_time()
        data = drawn(spec)
        wall.append((time.perf_counter() - start) * 1000)
        own_time.append((time.thread_time() - cpu) * 1000)
    p99 = statistics.quantiles(wall, n=100)[98]
    print(
        f"{name:18} p50 {statistics.median(wall):6.1f}   p99 {p99:6.1f} ms   "
        f"CPU p50 {statistics.median(own_time):6.1f} ms   {len(data) / 1000:.0f} kB"
    )


async def pauses(spec: PictureSpec) -> None:
    """How long the loop stands still while a picture is drawn: the first with the import, then a warm one."""
    charts = Matplotlib()
    for name in ("first, with import", "warm"):
        longest, task, start = 0.0, asyncio.ensure_future(charts.draw(spec)), time.perf_counter()
        while not task.done():
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before - 0.001)
        await task
        took = (time.perf_counter() - start) * 1000
        print(f"{name:18} {took:6.0f} ms, longest pause of the loop {longest * 1000:.1f} ms")


def main() -> None:
    book = asyncio.run(SampleMarket().book())
    past = history(book)
    found = analyse(balanced(tuple(Holding(code, Decimal(w)) for code, w in MIXED.items())), book, past)
    xrays = {lang: exposure_picture(found, lang, own(lang).title) for lang in ("en", "ur", "roman")}
    moves = tuple(Bar(f"Fund {n}", (n - 4) / 200) for n in range(8))
    before = resident()
    asyncio.run(pauses(xrays["en"]))
    print(f"memory: import and first pictures +{resident() - before:.0f} MB")
    for lang, spec in xrays.items():
        timed(f"X-Ray, {lang}", spec)
    warm = resident()
    timed("price, 252 days", price_picture(outline("LUCK", book, past), "en"))
    timed("day, 8 bars", DayPicture("Your day", "20 Aug 2026", moves, book.label))
    timed("X-Ray again", xrays["ur"])
    print(f"memory: {3 * ROUNDS} more pictures {resident() - warm:+.1f} MB")


if __name__ == "__main__":
    main()
