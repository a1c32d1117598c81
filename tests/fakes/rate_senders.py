"""Processes that send as fast as their rates let them, to a server that counts arrivals as a provider does.

Run as a script it is one such sender; it prints what it saw as a line of JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from services.domain.conversation import Address
from services.stores.ledger import Ledger, LocalLedger
from services.stores.limits import limit
from services.stores.mongo import connect
from services.stores.mongo_ledger import MongoLedger
from services.stores.rates import PacedRates
from services.stores.redis_ledger import RedisLedger
from services.stores.spare_ledger import SpareLedger

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Counter:
    """When each request came to ``port``, in seconds of a steady clock."""

    port: int = 0
    came: list[float] = field(default_factory=list)

    def closest(self, count: int) -> list[float]:
        """The spans of each ``count`` + 1 arrivals behind one another: under 1 s is one too many for a second."""
        times = sorted(self.came)
        return sorted(late - early for early, late in zip(times, times[count:], strict=False))

    def share(self, rate: float) -> float:
        """What part of the rate arrived, from the second second to the last but one."""
        times = sorted(self.came)
        inner = [time for time in times if times[0] + 1 <= time <= times[-1] - 1]
        return (len(inner) - 1) / (inner[-1] - inner[0]) / rate


@asynccontextmanager
async def counting() -> AsyncIterator[Counter]:
    """A bare server: it reads a request and stamps it, so that its own work makes nothing late."""
    counter = Counter()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while await reader.readline():
                counter.came.append(time.monotonic())
                writer.write(ANSWER)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    counter.port = server.sockets[0].getsockname()[1]
    async with server:
        yield counter


@dataclass(frozen=True)
class Sending:
    """What one process does: so many messages of a broadcast, and a reply every ``reply_every`` seconds meanwhile."""

    backend: str  # "local", "redis" or "mongo"
    url: str
    rate: float
    count: int
    port: int
    name: str
    reply_every: float = 0.25


async def in_processes(sendings: list[Sending]) -> list[dict[str, float]]:
    """Run each as a process of its own, all at once; what each printed."""
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fakes.rate_senders", json.dumps(sending.__dict__),
            stdout=asyncio.subprocess.PIPE,
        )
        for sending in sendings
    ]  # fmt: skip
    said = [(await child.communicate())[0] for child in children]
    return [json.loads(line) for line in said]


async def send(sending: Sending) -> dict[str, float]:
    """One process's part."""
    mongo = await connect(sending.url, "rates", driver="pymongo") if sending.backend == "mongo" else None
    ledger: Ledger = LocalLedger()
    if mongo is not None:
        ledger = SpareLedger(MongoLedger(mongo, member=sending.name))
    elif sending.backend == "redis":
        ledger = SpareLedger(RedisLedger(sending.url, member=sending.name))
    rates = PacedRates([limit("telegram", "bench", sending.rate)], ledger)
    _, writer = await asyncio.open_connection("127.0.0.1", sending.port)
    waits: list[float] = []

    async def broadcast(number: int) -> None:
        await rates.admit(Address("telegram", f"{sending.name}{number}"), "broadcast")
        writer.write(b"\n")

    async def replies() -> None:
        number = 0
        while not crowd.done():
            await asyncio.sleep(sending.reply_every)
            number += 1
            asked = time.perf_counter()
            await rates.admit(Address("telegram", f"{sending.name}0{number % 40}"), "interactive")
            waits.append(time.perf_counter() - asked)
            writer.write(b"\n")

    begun = time.process_time()
    crowd = asyncio.gather(*(broadcast(number) for number in range(sending.count)))
    await asyncio.gather(crowd, replies())
    cpu = time.process_time() - begun
    await writer.drain()
    writer.close()
    await rates.close()
    if mongo is not None:
        await mongo.close()
    waits.sort()
    sent = sending.count + len(waits)
    return {"p99": waits[int(len(waits) * 0.99)] if waits else 0.0, "cpu": cpu / sent, "sent": sent}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(send(Sending(**json.loads(sys.argv[1]))))))
