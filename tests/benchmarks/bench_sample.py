"""How long the sample day takes to read, how much memory it holds, and how fast a price and a reason are answered."""

import asyncio
import gc
import resource
import statistics
import time
from datetime import datetime

from services.market import Market
from services.sources.sample import KARACHI, SampleMarket, read
from services.wording.layouts.explain import explain_reply
from services.wording.layouts.market import quote_reply


class Still:
    def now(self) -> datetime:
        return datetime(2026, 8, 20, 17, 0, tzinfo=KARACHI)


def shown(name: str, seconds: list[float]) -> None:
    """One line: median and 99th percentile in milliseconds."""
    ordered = sorted(seconds)
    print(
        f"{name}: p50 {statistics.median(ordered) * 1e3:.2f} ms, p99 {ordered[int(len(ordered) * 0.99)] * 1e3:.2f} ms"
    )


async def main() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    read()
    print(f"first read: {(time.perf_counter() - started) * 1e3:.0f} ms")
    print(f"peak memory: +{(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.1f} MB")
    times = []
    for _ in range(10):
        gc.collect()
        started = time.perf_counter()
        read()
        times.append(time.perf_counter() - started)
    shown("read", times)
    market = Market(SampleMarket(), Still())
    book = await market.book()
    await market.past()
    for name, codes in (
        ("quote", list(book.quotes)),
        ("explain share", list(book.quotes)),
        ("explain index", ["KSE100"] * 100),
    ):
        times = []
        for code in codes:
            started = time.perf_counter()
            if name == "quote":
                quote_reply("en", await market.quote(code), book)
            else:
                explain_reply("en", await market.explain(code), book)
            times.append(time.perf_counter() - started)
        shown(name, times)


if __name__ == "__main__":
    asyncio.run(main())
