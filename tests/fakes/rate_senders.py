"""Processes that send as fast as their rates let them, to a server that counts arrivals as a provider does.

Run as a script it is one such sender; it prints what it saw as a line of JSON.
"""

import asyncio
import json
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from services.domain.conversation import Address
from services.stores.ledger import Ledger, LocalLedger
from services.stores.limits import limit
from services.stores.mongo import connect
from services.stores.mongo_ledger import MongoLedger
from services.stores.rates import PacedRates
from services.stores.redis_ledger import RedisLedger
from services.stores.spare_ledger import SpareLedger

_STAMPED = 35  # SO_TIMESTAMPNS, which Python does not name


@dataclass
class Counter:
    """When each request came to ``port``, in seconds."""

    port: int = 0
    came: list[float] = field(default_factory=list)

    def closest(self, count: int) -> list[float]:
        """The spans of each ``count`` + 1 arrivals behind one another: under 1 s is one too many for a second."""
        times = sorted(self.came)
        return sorted(late - early for early, late in zip(times, times[count:], strict=False))

    def share(self, rate: float, until: float) -> float:
        """What part of the rate arrived, from the second second until then."""
        times = sorted(self.came)
        inner = [time for time in times if times[0] + 1 <= time <= until]
        return (len(inner) - 1) / (inner[-1] - inner[0]) / rate


@asynccontextmanager
async def counting() -> AsyncIterator[Counter]:
    """A place to send to. The kernel stamps each arrival, so that a busy counter makes nothing late."""
    counter = Counter()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.setsockopt(socket.SOL_SOCKET, _STAMPED, 1)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        door.setblocking(False)
        door.bind(("127.0.0.1", 0))
        counter.port = door.getsockname()[1]

        def take() -> None:
            with suppress(BlockingIOError):
                while True:
                    _, notes, _, _ = door.recvmsg(16, 64)
                    seconds, nanos = struct.unpack("qq", notes[0][2])
                    counter.came.append(seconds + nanos / 1e9)

        asyncio.get_running_loop().add_reader(door, take)
        yield counter
        await asyncio.sleep(0.1)
        asyncio.get_running_loop().remove_reader(door)


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
            stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
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
    post = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    post.connect(("127.0.0.1", sending.port))
    waits: list[float] = []

    async def broadcast(number: int) -> None:
        await rates.admit(Address("telegram", f"{sending.name}{number}"), "broadcast")
        post.send(b"1")

    async def replies() -> None:
        number = 0
        while not crowd.done():
            await asyncio.sleep(sending.reply_every)
            number += 1
            asked = time.perf_counter()
            await rates.admit(Address("telegram", f"{sending.name}0{number % 40}"), "interactive")
            waits.append(time.perf_counter() - asked)
            post.send(b"1")

    begun = time.process_time()
    crowd = asyncio.gather(*(broadcast(number) for number in range(sending.count)))
    ended: list[float] = []
    crowd.add_done_callback(lambda _: ended.append(time.time()))
    await asyncio.gather(crowd, replies())
    cpu = time.process_time() - begun
    post.close()
    await rates.close()
    if mongo is not None:
        await mongo.close()
    waits.sort()
    sent = sending.count + len(waits)
    return {
        "p99": waits[int(len(waits) * 0.99)] if waits else 0.0,
        "cpu": cpu / sent,
        "sent": sent,
        "ended": ended[0],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(send(Sending(**json.loads(sys.argv[1]))))))
