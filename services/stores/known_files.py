"""The ids under which providers already have our pictures and sounds: a million sends of one chart upload it once."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from services.domain.errors import Unavailable
from services.ports import Clock
from services.stores.mongo import Document, Mongo, Taken, reported, wall_clock

PATIENCE: Final = 20.0  # seconds that others wait for an upload before one of them does it anew
_LOOK_AGAIN: Final = (0.05, 0.1, 0.2, 0.4)  # seconds between looks whether another process is done
_ROOM: Final = 10_000

Upload = Callable[[], Awaitable[tuple[str, datetime | None]]]


@dataclass(slots=True, eq=False)
class _Flight:
    """An upload under way. ``landed`` is answered with True when it is worth to look again."""

    since: float
    landed: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class MongoFiles:
    """``KnownFiles`` on MongoDB, with the newest ids in memory.

    Within a process one upload of a file runs at a time; between processes a lease in the database does the same as
    long as it answers: if it does not, sending goes on, and a file may be uploaded once too often.

    Args:
        mongo: The database.
        clock: The bot's time, by which a provider's id ends.
        patience: Seconds that others wait for one upload.
        room: How many ids are kept in memory.
    """

    def __init__(self, mongo: Mongo, clock: Clock, *, patience: float = PATIENCE, room: int = _ROOM) -> None:
        self._files = mongo["files"]
        self._clock = clock
        self._patience = patience
        self._room = room
        self._known: OrderedDict[str, tuple[str, datetime | None]] = OrderedDict()
        self._flights: dict[str, _Flight] = {}
        self._member = secrets.token_hex(8)

    async def of(self, channel: str, owner: str, key: str, upload: Upload) -> tuple[str, bool]:
        """The provider's id, and True if it was had without calling this ``upload``.

        Raises whatever ``upload`` raises, to its own caller alone; the next one in line then tries.
        """
        name = f"{channel}:{owner}:{key}"
        loop = asyncio.get_running_loop()
        while True:
            if known := self._in_memory(name):
                return known, True
            flight = self._flights.get(name)
            if flight is None or loop.time() >= flight.since + self._patience:
                return await self._lead(name, upload)
            left = flight.since + self._patience - loop.time()
            await asyncio.wait([flight.landed], timeout=left)

    async def drop(self, channel: str, owner: str, key: str, identity: str) -> None:
        """The provider refused this id: forget it, unless a newer one has taken its place."""
        name = f"{channel}:{owner}:{key}"
        if self._known.get(name, ("", None))[0] == identity:
            del self._known[name]
        try:
            await self._forget(name, identity)
        except Unavailable:
            return  # it will be refused and dropped again

    async def _lead(self, name: str, upload: Upload) -> tuple[str, bool]:
        """Look in the database, else upload; the others wait for this."""
        flight = self._flights[name] = _Flight(asyncio.get_running_loop().time())
        done = False
        try:
            identity, until = await self._kept_or_leased(name) or ("", None)
            known = bool(identity)
            if not known:
                identity, until = await upload()
            if identity:
                self._remember(name, identity, until)
            done = True
        finally:
            self._land(name, flight)
            if not done:
                await self._give_back(name)
        if not known:
            await self._keep(name, identity, until)
        return identity, known

    def _land(self, name: str, flight: _Flight) -> None:
        """Tell those who wait, also those who wait for somebody who took over meanwhile."""
        told = [flight]
        if self._flights.get(name) is flight or name in self._known:
            told.append(self._flights.pop(name, flight))
        for one in told:
            if not one.landed.done():
                one.landed.set_result(True)

    # In memory

    def _in_memory(self, name: str) -> str:
        identity, until = self._known.get(name, ("", None))
        if identity and until is not None and until <= self._clock.now():
            del self._known[name]
            return ""
        return identity

    def _remember(self, name: str, identity: str, until: datetime | None) -> None:
        self._known[name] = identity, until
        self._known.move_to_end(name)
        if len(self._known) > self._room:
            self._known.popitem(last=False)

    # In the database

    async def _kept_or_leased(self, name: str) -> tuple[str, datetime | None] | None:
        """What another process or an earlier life knows; None once the upload is ours to do."""
        deadline = asyncio.get_running_loop().time() + self._patience
        looks = 0
        try:
            while True:
                document = await self._find(name)
                if document and document["ref"] and self._good(document["until"]):
                    return document["ref"], document["until"]
                if await self._lease(name, document) or asyncio.get_running_loop().time() >= deadline:
                    return None
                await asyncio.sleep(_LOOK_AGAIN[min(looks, len(_LOOK_AGAIN) - 1)])
                looks += 1
        except Unavailable:
            return None

    def _good(self, until: datetime | None) -> bool:
        return until is None or until > self._clock.now()

    @reported
    async def _find(self, name: str) -> Document | None:
        return await self._files.find_one({"_id": name})

    @reported
    async def _lease(self, name: str, seen: Document | None) -> bool:
        """Take the right to upload; False if another process has it."""
        now = wall_clock()
        lease = {"ref": "", "until": None, "by": self._member, "kept_at": now}
        lease["lease"] = now + timedelta(seconds=self._patience)
        if seen is None:
            try:
                await self._files.insert_one({"_id": name, **lease})
            except Taken:
                return False
            return True
        free = {"_id": name, "ref": seen["ref"], "lease": {"$lte": now}}
        return (await self._files.update_one(free, {"$set": lease})).modified_count == 1

    async def _keep(self, name: str, identity: str, until: datetime | None) -> None:
        if not identity:
            await self._give_back(name)
            return
        now = wall_clock()
        kept = {"ref": identity, "until": until, "by": self._member, "lease": now, "kept_at": now}
        try:
            await self._save(name, kept)
        except Unavailable:
            return  # this process remembers it

    @reported
    async def _save(self, name: str, kept: Document) -> None:
        await self._files.update_one({"_id": name}, {"$set": kept}, upsert=True)

    async def _give_back(self, name: str) -> None:
        """Our upload failed: another process may try at once."""
        try:
            await self._end_lease(name)
        except Unavailable:
            return  # it ends by itself

    @reported
    async def _end_lease(self, name: str) -> None:
        await self._files.delete_one({"_id": name, "ref": "", "by": self._member})

    @reported
    async def _forget(self, name: str, identity: str) -> None:
        await self._files.delete_one({"_id": name, "ref": identity})
