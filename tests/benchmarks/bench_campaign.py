"""What composing an announcement for many costs: seconds, CPU a person, memory.

Run: ``python tests/benchmarks/bench_campaign.py [PEOPLE]`` (10,000). Composing and putting only, on the embedded
database; people are created before the clock starts. The loop's longest hold is measured meanwhile.
"""

import asyncio
import resource
import sys
import tempfile
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.broadcasts import Broadcasts
from services.composing import Composer
from services.domain.amounts import mask
from services.domain.conversation import Address
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import User
from services.stores.campaigns import MongoCampaigns
from services.stores.documents import user_document
from services.stores.embedded import EmbeddedMongo
from services.stores.mongo import Driver, connect
from services.stores.operations import MongoOperations
from services.stores.outbox import MongoOutbox
from services.stores.processes import MongoProcesses
from services.stores.users import MongoUsers
from services.users import Users

AT = datetime.fromisoformat("2026-08-20T09:00:00+05:00")
WORDS = (
    "The exchange is closed on Monday for Independence Day; your next brief comes on Tuesday at nine. " * 5
)


class Still:
    def now(self) -> datetime:
        return AT


def memory() -> float:
    """Resident megabytes now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


async def crowd(mongo, people: int) -> None:
    holds = Portfolio((Holding("MEBL", Decimal("0.4")), Holding("LUCK", Decimal("0.6"))))
    for first in range(0, people, 1000):
        users = [
            User(f"{n:08x}", (Address("telegram", str(n)),), AT, "Ayesha", stage="active", portfolio=holds)
            for n in range(first, min(first + 1000, people))
        ]
        await mongo["users"].insert_many([user_document(user) for user in users], ordered=False)


async def longest_hold(until: asyncio.Event) -> float:
    """The longest time for which somebody else had to wait for the loop, in seconds."""
    worst = 0.0
    while not until.is_set():
        asked = time.perf_counter()
        await asyncio.sleep(0)
        worst = max(worst, time.perf_counter() - asked)
        await asyncio.sleep(0.001)
    return worst


async def measure(uri: str, driver: Driver, people: int) -> None:
    mongo = await connect(uri, f"campaign_{driver}", driver=driver)
    await crowd(mongo, people)
    clock = Still()
    users = Users(MongoUsers(mongo), MongoOperations(mongo, mask), clock)
    outbox, campaigns = MongoOutbox(mongo, clock, "…"), MongoCampaigns(mongo, clock)
    broadcasts = Broadcasts(
        users=users,
        outbox=outbox,
        campaigns=campaigns,
        composer=Composer(users, outbox, campaigns, clock, print, templates={}),
        clock=clock,
        failed=print,
        processes=MongoProcesses(mongo, clock),
    )
    over = asyncio.Event()
    watching = asyncio.create_task(longest_hold(over))
    before, started, spent = memory(), time.perf_counter(), time.process_time()
    await broadcasts.announce("bench", WORDS)
    middle = memory()
    await asyncio.gather(*broadcasts._composing.values())
    seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    over.set()
    put = await outbox.campaign_counts((await campaigns.newest())[0].id)
    print(
        f"{driver:<8} {put} in {seconds:6.2f} s ({people / seconds:6.0f}/s), CPU {cpu / people * 1e6:5.0f} µs a person, "
        f"memory {before:.0f} -> {middle:.0f} -> {memory():.0f} MB, loop held {await watching * 1000:.0f} ms at most"
    )
    await mongo.drop()
    await mongo.close()


async def main(people: int) -> None:
    with tempfile.TemporaryDirectory(prefix="mb-") as folder:
        server = EmbeddedMongo(Path(folder))
        uri = await server.start()
        drivers: tuple[Driver, ...] = ("motor", "pymongo")
        for driver in drivers:
            await measure(uri, driver, people)
        await server.stop()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
