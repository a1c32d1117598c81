"""How long understanding takes: first use, then p50/p99 a message over the held-out table. Run: python tests/benchmarks/bench_intents.py."""

import asyncio
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))


async def main() -> None:
    started = time.perf_counter()
    from services.intents import Intents

    imported = time.perf_counter() - started
    from services.domain.errors import Unavailable
    from services.domain.instruments import Directory
    from services.sources.sample import read

    class Silent:
        async def understand(self, text: str, lang: str) -> None:
            raise Unavailable("no model")

        async def narrate(self, prompt: str, inputs: dict[str, str]) -> str:
            raise Unavailable("no model")

    known = Directory(read())

    async def names() -> Directory:
        return known

    intents = Intents(Silent(), names)
    started = time.process_time()
    await intents.understand("why is the market down today", "en")
    first = time.process_time() - started
    lines = (ROOT / "tests/intents/held_out.tsv").read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t")[2] for line in lines]
    for text in texts:
        await intents.understand(text, "en")
    times = []
    for text in texts * 3:
        started = time.process_time()
        await intents.understand(text, "en")
        times.append((time.process_time() - started) * 1000)
    started = time.perf_counter()
    await intents.understand("tell me why " * 900, "en")
    long = (time.perf_counter() - started) * 1000
    cuts = statistics.quantiles(times, n=100)
    print(f"import {imported * 1000:.0f} ms, first use {first * 1000:.0f} ms of processor (with numpy)")
    print(
        f"warm, {len(times)} messages: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms of processor; 10,800 characters {long:.2f} ms"
    )
    half = time.process_time()
    for text in texts:
        known.mentions(text)
    print(f"of which finding names: {(time.process_time() - half) * 1000 / len(texts):.2f} ms on average")


if __name__ == "__main__":
    asyncio.run(main())
