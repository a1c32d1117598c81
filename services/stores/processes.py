"""Which processes of the bot are alive: who died leaves work to others, and what came while all were dead is late.

Beats are stamped by the server's clock, so that machines whose clocks differ agree; a process of this machine that is
gone is seen at once, one elsewhere when its beats have stopped for a while.
"""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from services.domain.errors import MarketByteError
from services.ports import Clock
from services.stores.mongo import Document, Mongo, reported, wall_clock

BEAT_EVERY: Final = 2.0  # seconds
DEAD_AFTER: Final = 15.0  # seconds without a beat
_OUTAGE: Final = 60.0  # seconds in which nothing could be kept: what was sent then comes late


class MongoProcesses:
    """``Processes`` on MongoDB: one document a process.

    Args:
        mongo: The database.
        clock: The bot's time, by which the last moment of taking messages is remembered.

    Attributes:
        instance: This process's name for ever; it owns what it is sending.
    """

    def __init__(self, mongo: Mongo, clock: Clock) -> None:
        self._mongo = mongo
        self._processes = mongo["processes"]
        self._clock = clock
        self.instance: Final = secrets.token_hex(8)
        self._listens = False
        self._down: tuple[datetime, datetime] | None = None
        self._steady_since = self._last_beat = time.monotonic()
        self._last_alive = clock.now()

    @reported
    async def beat(self) -> None:
        """Say that this process lives; to be called every ``BEAT_EVERY`` seconds."""
        now = self._clock.now()
        # The server's own time in the one field by which the dead are told from the living.
        await self._processes.update_one(
            {"_id": self.instance},
            [
                {
                    "$set": {
                        "beat_at": "$$NOW",
                        "alive_at": now,
                        "listens": self._listens,
                        "place": _place(),
                        "pid": os.getpid(),
                        "born": _born(os.getpid()),
                        "kept_at": wall_clock(),
                    }
                }
            ],
            upsert=True,
        )
        silence = time.monotonic() - self._last_beat
        self._last_beat = time.monotonic()
        if silence > DEAD_AFTER / 2:
            self._steady_since = self._last_beat
        if silence > _OUTAGE and self._listens:  # suspended, or the database was away: nobody could reach us
            self._down = (self._last_alive, now)
        self._last_alive = now

    @reported
    async def listen(self) -> None:
        """From now on this process takes messages; since when nobody did is remembered."""
        rows = self._processes.find({"listens": True, "_id": {"$ne": self.instance}}, {"alive_at": 1})
        newest = await rows.sort("alive_at", -1).limit(1).to_list(None)
        now = self._clock.now()
        if newest:
            self._down = (newest[0]["alive_at"].astimezone(now.tzinfo), now)
        self._listens = True
        await self.beat()

    def down(self) -> tuple[datetime, datetime] | None:
        """The last time in which no process took messages: from the last beat before it to its end; None if unknown."""
        return self._down

    def last_alive_before_start(self) -> datetime | None:
        """When a process last took messages before this one did; None if there was none."""
        return self._down[0] if self._down else None

    @reported
    async def dead_owners(self, ids: Iterable[str]) -> set[str]:
        """Which of these processes are dead; never this one, and never one that may still be at work."""
        others = set(ids) - {self.instance, ""}
        if not others:
            return set()
        fresh: Document = {"$gt": ["$beat_at", {"$subtract": ["$$NOW", int(DEAD_AFTER * 1000)]}]}
        rows = await self._mongo.aggregate(
            "processes",
            [
                {"$match": {"_id": {"$in": sorted(others)}}},
                {"$project": {"place": 1, "pid": 1, "born": 1, "fresh": fresh}},
            ],
        )
        here = _place()
        gone = {
            row["_id"]
            for row in rows
            if here and row["place"] == here and _born(row["pid"]) != (row.get("born") or -1)
        }
        # After a silence of the database every process looks dead: each gets the time to be heard again.
        if time.monotonic() - self._steady_since < DEAD_AFTER:
            return gone
        return gone | (others - {row["_id"] for row in rows if row["fresh"]})

    @reported
    async def leave(self) -> None:
        """An orderly end: what this process still held is free at once."""
        ended = {"pid": 0, "beat_at": datetime.fromtimestamp(0, UTC), "alive_at": self._clock.now()}
        await self._processes.update_one({"_id": self.instance}, {"$set": ended})

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Beat as long as the block lasts, then leave. A beat that fails is made up by the next."""
        await self.beat()
        task = asyncio.create_task(self._beat_on())
        try:
            yield
        finally:
            task.cancel()
            with suppress(MarketByteError):
                await self.leave()

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY)
            with suppress(MarketByteError):
                await self.beat()


def _place() -> str:
    """Where process numbers mean the same: this boot of this machine (and container); "" if it cannot be told."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}:{Path('/proc/self/ns/pid').stat().st_ino}"
    return ""


def _born(pid: int) -> int:
    """When the process of that number began, in ticks since this boot; 0 if there is none (numbers are given anew)."""
    if not pid:
        return 0
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[19])
