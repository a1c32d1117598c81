"""Times the X-Ray's sums, its words, the price history and the screens; run it from the project's root."""

import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.domain.indicators import history
from services.domain.opportunities import screen, top
from services.domain.portfolio import Holding, balanced
from services.domain.xray import analyse, to_json
from services.sources.sample import SampleMarket
from services.wording.layouts.xray import exposure_picture, overview, own

TEN = {
    "KSE100": 30,
    "MZNPETF": 20,
    "MIF": 10,
    "MEBL": 8,
    "LUCK": 8,
    "OGDC": 8,
    "SYS": 6,
    "HUBC": 4,
    "FFC": 3,
    "PSO": 3,
}


def timed(name: str, work: Callable[[], object], rounds: int, limit: float | None = None) -> None:
    """Print the first run and the p50 and p99 of the rest, milliseconds."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    warm = times[1:]
    p99 = statistics.quantiles(warm, n=100)[98] if len(warm) > 1 else warm[0]
    wanted = "" if limit is None else f"   wanted ≤ {limit:g} ms"
    print(f"{name:34} first {times[0]:7.2f}   p50 {statistics.median(warm):7.2f}   p99 {p99:7.2f} ms{wanted}")


def main() -> None:
    book = asyncio.run(SampleMarket().book())
    portfolio = balanced(tuple(Holding(code, Decimal(w)) for code, w in TEN.items()))
    start = time.perf_counter()
    screen(book)
    print(f"screens, cold, with the history: {(time.perf_counter() - start) * 1000:.1f} ms   wanted ≤ 150 ms")
    past = history(book)
    timed("history of all shares", lambda: history(book), 20)
    timed("X-Ray sums, 10 holdings + index", lambda: analyse(portfolio, book, past), 200, 20)
    found = analyse(portfolio, book, past)
    timed("X-Ray as JSON", lambda: to_json(found), 100)
    timed("X-Ray in words", lambda: overview(found, "en", own("en")), 100)
    timed("X-Ray picture spec, Urdu", lambda: exposure_picture(found, "ur", "x"), 100)
    timed("screens, history at hand", lambda: screen(book, past), 20)
    shown = screen(book, past)
    timed("top three for a user", lambda: top(shown), 200)


if __name__ == "__main__":
    main()
