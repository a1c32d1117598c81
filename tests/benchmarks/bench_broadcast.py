"""A broadcast against each provider's fake, with somebody asking meanwhile; then the same with kills.

``python tests/benchmarks/bench_broadcast.py``: 600 messages a channel. ``--full``: 10,000. ``--kills 20``: the storm.
Each fake is a process of its own, answers after 200 ms and enforces its limits; the bot is ``python -m bot serve``.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import aiohttp

from tests.fakes.crowd import gather, states, told
from tests.fakes.providers import RATE, Provider
from tests.fakes.served import Served, free_port
from tests.fakes.storm import storm

LATENCY = 0.2


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def broadcast(channel: str, count: int) -> None:
    """One line of the table."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-", ignore_cleanup_errors=True) as folder:
        port, bot = free_port(), free_port()
        provider = Provider(channel, port, f"http://127.0.0.1:{bot}", latency=LATENCY, visitor=1.0)
        server = Served(Path(folder), port=bot, settings=provider.settings())
        try:
            server.start()
            async with aiohttp.ClientSession() as session:
                await asyncio.sleep(8)  # warm, and the visitor is known
                before, asked = await provider.watch(session), cpu(server.pid)
                mongo = await gather(server.uri(), channel, count)
                await told(mongo, count / RATE[channel] * 3 + 60)
                used = cpu(server.pid) - asked
                watch, report = await provider.watch(session), await provider.report(session)
                last = await states(mongo)
                await mongo.close()
            sent = watch["arrivals"] - before["arrivals"]
            rate = await _rate(watch, before)
            waits = [1000 * wait for wait in watch["asked"][len(before["asked"]) :]]
            print(
                f"{channel:9} {sent:6} sent at {rate:6.2f}/s = {100 * rate / RATE[channel]:6.2f} % of what is permitted; "
                f"violations {report['violations']}; asked meanwhile {len(waits)}: p50 {statistics.median(waits):.0f} "
                f"p99 {max(waits) if len(waits) < 100 else statistics.quantiles(waits, n=100)[98]:.0f} ms; "
                f"{1000 * used / sent:.2f} ms CPU a message; {last}",
                flush=True,
            )
            print("          ", report, flush=True)
        except Exception:
            print(server.log()[-3000:], flush=True)
            raise
        finally:
            server.stop()
            provider.stop()


async def _rate(watch: dict, before: dict) -> float:
    """Messages a second over the middle of the broadcast: its first and last second are getting up and lying down."""
    times = watch["times"][before["arrivals"] :]
    middle = [at for at in times if times[0] + 1 <= at <= times[-1] - 1]
    return (len(middle) - 1) / (middle[-1] - middle[0])


async def main(options: argparse.Namespace) -> None:
    for channel in options.channels.split(","):
        if options.kills:
            started = time.monotonic()
            line = await storm(
                channel, options.count, kills=options.kills, faults=0.08, seed=options.seed, latency=LATENCY
            )
            print(f"{channel:9} {line} in {time.monotonic() - started:.0f} s", flush=True)
        else:
            await broadcast(channel, options.count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", default="telegram,twilio,meta")
    parser.add_argument("--full", action="store_true", help="10,000 messages")
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument(
        "--kills", type=int, default=0, help="kill -9 the bot so often during it, with faults on"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.count = 10_000 if given.full else given.count
    asyncio.run(main(given))
