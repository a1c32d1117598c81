"""Share of the permitted rate, violations, a reply's wait and the cost of an admission, for each place rates are kept in.

    python tests/benchmarks/bench_rates.py [messages at 30/s, default 600] [messages at 1000/s, default 10000]

Arrivals are stamped by the kernel at a port of the loopback; a violation is one too many in any second. The share is that
of the time in which all of the processes want to send.
The processes send broadcasts as fast as they may, and each a reply every quarter of a second meanwhile.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.domain.conversation import Address, Lane
from services.stores.embedded import EmbeddedMongo
from services.stores.ledger import LocalLedger
from services.stores.limits import limit
from services.stores.rates import PacedRates
from tests.fakes.rate_senders import Sending, counting, in_processes
from tests.fakes.redis_server import REDIS, RedisServer

ROW = "{:<8} {:>9} {:>7} {:>8} {:>11} {:>12} {:>12} {:>14}"


async def cost(lane: Lane, pause: float) -> tuple[float, float]:
    """Microseconds for one admission in process that need not wait: half and 99 of 100 are quicker."""
    count, rates = 1000, PacedRates([limit("telegram", "1", 1000)], LocalLedger())
    spent = []
    for number in range(count):
        person = Address("telegram", str(number))
        begun = time.perf_counter()
        await rates.admit(person, lane)
        spent.append(time.perf_counter() - begun)
        await asyncio.sleep(pause)
    await rates.close()
    spent.sort()
    return spent[count // 2] * 1e6, spent[count * 99 // 100] * 1e6


async def measure(backend: str, url: str, processes: int, rate: int, messages: int) -> None:
    async with counting() as counter:
        said = await in_processes(
            [
                Sending(backend, url, rate, messages // processes, counter.port, str(number))
                for number in range(1, processes + 1)
            ]
        )
    spans = counter.closest(rate)
    print(
        ROW.format(
            backend, processes, rate, len(counter.came), f"{counter.share(rate, min(one['ended'] for one in said)):.2%}",
            sum(span < 1 for span in spans), f"{(spans[0] - 1) * 1000:.1f} ms",
            f"{max(one['p99'] for one in said) * 1000:.0f} ms",
        ),
        f"{max(one['cpu'] for one in said) * 1000:.2f} ms",
        flush=True,
    )  # fmt: skip


async def main() -> None:
    slow, fast = (int(given) for given in (*sys.argv[1:3], *("600", "10000")[len(sys.argv[1:3]) :]))
    lanes: tuple[tuple[Lane, float], ...] = (("interactive", 0.0), ("broadcast", 0.012))
    for lane, pause in lanes:
        half, most = await cost(lane, pause)
        print(f"admit, nobody waits, {lane}: p50 {half:.1f} µs, p99 {most:.1f} µs")
    print(
        ROW.format(
            "ledger", "processes", "rate/s", "arrived", "share", "violations", "closest +1s", "reply p99"
        ),
        "CPU/send",
    )
    with tempfile.TemporaryDirectory(prefix="mb-", ignore_cleanup_errors=True) as folder:
        mongo = EmbeddedMongo(Path(folder))
        urls = {"local": "", "mongo": await mongo.start()}
        redis = RedisServer(Path(folder))
        if REDIS:
            redis.start()
            urls["redis"] = redis.url
        for rate, messages in ((30, slow), (1000, fast)):
            for backend, url in urls.items():
                if messages:
                    await measure(backend, url, 1 if backend == "local" else 4, rate, messages)
        redis.stop()
        await mongo.stop()


if __name__ == "__main__":
    asyncio.run(main())
