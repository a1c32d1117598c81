"""How long the database takes for one message: accept, who is it, commit, claim, sent; alone and fifty at a time.

Run: ``python tests/benchmarks/bench_stores.py [N]``. Every write is on disk when it returns (journalled).
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.domain.conversation import Address, Button, Inbound, Outbound, Receipt, Reply, Session, Text
from services.domain.users import User
from services.stores.embedded import EmbeddedMongo
from services.stores.inbox import MongoInbox
from services.stores.media import ObjectMedia
from services.stores.mongo import Driver, Mongo, connect
from services.stores.outbox import MongoOutbox
from services.stores.turns import MongoTurns
from services.stores.users import MongoUsers

AT = datetime.fromisoformat("2026-08-20T09:00:00+05:00")
LATER = AT + timedelta(minutes=1)
REPLY = Reply(
    (Text("KSE-100 151,203 (+0.4%). " * 20),), (Button("X-Ray", "xray"), Button("Menu", "help")), "source"
)


class Still:
    def now(self) -> datetime:
        return AT


def address(n: int) -> Address:
    return Address("telegram", str(n))


def out(n: int) -> Outbound:
    return Outbound(f"reply:{n}:0", f"u{n}", address(n), REPLY, AT)


async def measure(name: str, work: Callable[[int], Awaitable[object]], n: int, *, together: int = 1) -> None:
    times: list[float] = []

    async def one(i: int) -> None:
        start = time.perf_counter()
        await work(i)
        times.append((time.perf_counter() - start) * 1000)

    begun = time.perf_counter()
    for first in range(0, n, together):
        await asyncio.gather(*(one(i) for i in range(first, min(first + together, n))))
    rate = n / (time.perf_counter() - begun)
    times.sort()
    print(f"  {name:<24} p50 {times[n // 2]:7.2f} ms   p99 {times[int(n * 0.99)]:7.2f} ms   {rate:8.0f}/s")


async def stores(mongo: Mongo, n: int, together: int) -> None:
    users, inbox = MongoUsers(mongo), MongoInbox(mongo, Still(), str)
    turns, outbox = MongoTurns(mongo, "…"), MongoOutbox(mongo, Still(), "…")
    steps: dict[str, Callable[[int], Awaitable[object]]] = {
        "users.save": lambda i: users.save(User(f"u{i}", (address(i),), AT)),
        "inbox.accept": lambda i: inbox.accept(Inbound(f"e{i}", address(i), AT, "xray meezan")),
        "users.by_address": lambda i: users.by_address(address(i)),
        "turns.session": lambda i: turns.session(f"u{i}"),
        "turns.commit": lambda i: turns.commit(f"e{i}", Session(f"u{i}", "step", {"a": "b"}), [out(i)]),
        "outbox.claim": lambda i: outbox.claim(f"reply:{i}:0", until=LATER),
        "outbox.sent": lambda i: outbox.sent(f"reply:{i}:0", Receipt((f"r{i}",), AT)),
    }
    print(f" {together} at a time")
    for name, step in steps.items():
        await measure(name, step, n, together=together)
    start = time.perf_counter()
    await outbox.put([out(10**6 + i) for i in range(1000)])
    print(f"  outbox.put of 1,000      {(time.perf_counter() - start) * 1000:7.1f} ms")


def memory(pid: int | None) -> str:
    return Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split("\n")[0].strip()


async def main(n: int) -> None:
    with tempfile.TemporaryDirectory(prefix="mb-") as folder:
        server = EmbeddedMongo(Path(folder))
        start = time.perf_counter()
        uri = await server.start()
        print(f"server writable after {time.perf_counter() - start:.2f} s")
        drivers: tuple[Driver, ...] = ("motor", "pymongo")
        for driver in drivers:
            for together in (1, 50):
                start = time.perf_counter()
                mongo = await connect(uri, f"b{driver}{together}", driver=driver)
                print(f"{driver}: connected and prepared in {(time.perf_counter() - start) * 1000:.0f} ms")
                await stores(mongo, n, together)
                await mongo.close()
        print(f"mongod memory {memory(server.pid)}")
        media = ObjectMedia(f"file://{folder}/media")
        await measure(
            "media.put 100 kB", lambda i: media.put(i.to_bytes(4) + bytes(100_000), "image/png"), 200
        )
        start = time.perf_counter()
        await server.stop()
        print(f"stopped in {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
