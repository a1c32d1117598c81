"""Who has just written, and where their conversation stands: both by one question, for all who write at that moment."""

import asyncio
from collections.abc import Sequence
from typing import Final

from services.domain.conversation import Address
from services.ports import Arrival
from services.stores.documents import address_key, session_value, user_value
from services.stores.grouping import Grouped
from services.stores.mongo import Document, Mongo, reported

ARRIVE_EVERY: Final = 0.012  # seconds from one group to the next, under load
_WITH_SESSION: Final[Document] = {
    "$lookup": {"from": "sessions", "localField": "_id", "foreignField": "_id", "as": "sessions"}
}


class Arrivals:
    """Finds people with their sessions."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._finding = Grouped(self._find, linger=ARRIVE_EVERY)

    def of(self, addresses: Sequence[Address]) -> "asyncio.Future[Arrival]":
        """The person at any of these addresses (of several the one at the first), with their session if one is kept.

        The question begins with the call, whenever its answer is awaited.
        """
        found = self._finding.begin(tuple(map(address_key, addresses)))
        found.add_done_callback(_looked_at)
        return found

    @reported
    async def _find(self, asked: Sequence[tuple[str, ...]]) -> list[Arrival]:
        wanted = list({key for keys in asked for key in keys})
        rows = await self._mongo.aggregate("users", [{"$match": {"keys": {"$in": wanted}}}, _WITH_SESSION])
        by_key = {key: row for row in rows for key in row["keys"]}
        return [_arrival(next((by_key[key] for key in keys if key in by_key), None)) for keys in asked]


def _looked_at(found: "asyncio.Future[Arrival]") -> None:
    """An error that nobody waits for any more (the message was a repeat) is no news."""
    if not found.cancelled():
        found.exception()


def _arrival(row: Document | None) -> Arrival:
    if row is None:
        return Arrival(None, None)
    kept = row["sessions"]
    return Arrival(user_value(row), session_value(kept[0]) if kept else None)
