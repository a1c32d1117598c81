"""A broadcast during which the bot is killed again and again while its provider has a bad day: who was told what?"""

import asyncio
import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from services.stores.mongo import connect
from tests.fakes.crowd import CAMPAIGN, OPEN, address, gather, person_of
from tests.fakes.providers import RATE, Provider
from tests.fakes.served import Served, free_port


@dataclass(frozen=True, slots=True)
class Toll:
    """What came of it. ``doubled`` and ``missed`` are people; ``flying`` the requests under way at the kills."""

    people: int
    once: int
    doubled: int
    missed: int
    unknown: int
    killed_unknown: int
    flying: int
    kills: int
    violations: int

    def __str__(self) -> str:
        return (
            f"{self.people} people, {self.kills} kills: {self.once} told once, {self.doubled} twice, {self.missed} missed "
            f"(and not reported); {self.unknown} unknown, of which {self.killed_unknown} by kills with {self.flying} "
            f"requests under way; violations {self.violations}"
        )


async def storm(  # noqa: PLR0913
    channel: str,
    count: int,
    *,
    kills: int,
    faults: float,
    seed: int,
    latency: float = 0.2,
    patience: float = 700.0,
) -> Toll:
    """Tell a crowd, kill the bot so often at random moments, start it again, and count.

    ``patience``: seconds for which unknown outcomes may still become clear when nothing else waits any more.
    """
    chance, flying, died = random.Random(seed), 0, 0
    with tempfile.TemporaryDirectory(prefix="mb-storm-", ignore_cleanup_errors=True) as folder:
        port, bot = free_port(), free_port()
        provider = Provider(
            channel, port, f"http://127.0.0.1:{bot}", latency=latency, faults=faults, seed=seed
        )
        server = Served(Path(folder), port=bot, settings=provider.settings())
        try:
            server.start()
            await (await gather(server.uri(), channel, count)).close()
            async with aiohttp.ClientSession() as session:
                share = count / RATE[channel] / (kills + 1)
                while died < kills and await _left(server):
                    await asyncio.sleep(share * chance.uniform(0.4, 1.2))
                    before = (await provider.watch(session))["flying"]
                    server.kill()
                    # Behind the kill those are there as well whose bytes were still on the way.
                    flying += max(before, (await provider.watch(session))["flying"])
                    died += 1
                    server.start()
                await _over(server, count / RATE[channel] * 4 + 240 + patience, patience)
                return await _toll(server, provider, session, channel, count, flying, died)
        finally:
            server.stop()
            provider.stop()


async def _left(server: Served) -> int:
    mongo = await connect(server.uri())
    try:
        return await mongo["outbox"].count_documents({"campaign": CAMPAIGN, "state": OPEN})
    finally:
        await mongo.close()


async def _over(server: Served, seconds: float, patience: float) -> None:
    """Until nothing waits, and no unknown outcome is still being asked for or that takes too long."""
    mongo = await connect(server.uri())
    waits = {"campaign": CAMPAIGN, "state": OPEN}
    unclear = {"campaign": CAMPAIGN, "state": "unknown", "check_at": {"$exists": True}}
    loop, until = asyncio.get_running_loop(), 0.0
    try:
        async with asyncio.timeout(seconds):
            for _ in range(2):
                while True:
                    if await mongo["outbox"].count_documents(waits, limit=1) == 0:
                        until = until or loop.time() + patience
                        if loop.time() > until or not await mongo["outbox"].count_documents(unclear, limit=1):
                            break
                    await asyncio.sleep(0.5)
                await asyncio.sleep(2)  # statuses that resolve what nobody could be asked for
    finally:
        await mongo.close()


async def _toll(  # noqa: PLR0913
    server: Served,
    provider: Provider,
    session: aiohttp.ClientSession,
    channel: str,
    count: int,
    flying: int,
    died: int,
) -> Toll:
    mongo = await connect(server.uri())
    rows = await mongo["outbox"].find({"campaign": CAMPAIGN}).to_list(None)
    await mongo.close()
    came = Counter(person_of(channel, message) for message in await provider.messages(session))
    crowd = [address(channel, number).key for number in range(count)]
    unknown = [row for row in rows if row["state"] == "unknown"]
    reported = {row["address"].partition(":")[2] for row in unknown}
    return Toll(
        people=count,
        once=sum(came[key] == 1 for key in crowd),
        doubled=sum(came[key] > 1 for key in crowd),
        missed=sum(not came[key] and key not in reported for key in crowd),
        unknown=len(unknown),
        killed_unknown=sum("died" in row.get("reason", "") for row in unknown),
        flying=flying,
        kills=died,
        violations=(await provider.report(session))["violations"],
    )
