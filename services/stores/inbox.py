"""What came in: every event once by the provider's own id, kept until it is answered, its amounts never written."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bson import Binary

from services.domain.conversation import Address, Inbound
from services.ports import Clock, Processes
from services.stores.batches import Fate, insert_each
from services.stores.closing import answered
from services.stores.documents import address_key, inbound_body, inbound_value
from services.stores.grouping import Grouped
from services.stores.mongo import Document, Mongo, reported, wall_clock

ACCEPT_EVERY: Final = 0.008  # seconds from one group of messages to the next, under load
RAW_BYTES: Final = 64 * 1024  # of an unreadable body are kept


class MongoInbox:
    """``InboxStore`` on MongoDB.

    Args:
        mongo: The database.
        clock: Tells when something was accepted (a provider's own time may be hours old on a repeat).
        mask: Takes rupee amounts out of a typed text; only its result is written.
        processes: Who is alive: what another living process has in hand is left to it.
    """

    def __init__(
        self, mongo: Mongo, clock: Clock, mask: Callable[[str], str], processes: Processes | None = None
    ) -> None:
        self._mongo = mongo
        self._inbox = mongo["inbox"]
        self._clock = clock
        self._mask = mask
        self._processes = processes
        self._dead: set[str] = set()
        self._accepting = Grouped(self._accept, linger=ACCEPT_EVERY)

    async def accept(self, inbound: Inbound) -> bool:
        """Store once; False if it was seen in the last 14 days. On True it is on disk.

        Raises:
            Unavailable: It may not be kept; the provider has to bring it again.
            Malformed: It can never be kept as it is.
        """
        fate = await self._accepting(inbound)
        if isinstance(fate, str):
            return fate == "new"
        raise fate

    @reported
    async def _accept(self, inbounds: Sequence[Inbound]) -> list[Fate]:
        now, kept_at = self._clock.now(), wall_clock()
        documents = [self._document(inbound, now, kept_at) for inbound in inbounds]
        return await insert_each(self._mongo, "inbox", documents)

    def _document(self, inbound: Inbound, now: datetime, kept_at: datetime) -> Document:
        return {
            "_id": inbound.event_id,
            "address": address_key(inbound.address),
            "state": "open",
            "accepted_at": now,
            "said_at": min(inbound.at, now),
            "kept_at": kept_at,
            "tries": 0,
            "owner": self._processes.instance if self._processes else "",
            "body": inbound_body(replace(inbound, text=self._mask(inbound.text))),
        }

    @reported
    async def open(self, *, older_than: datetime) -> list[Inbound]:
        """What waits for its answer since before that time, oldest first; texts are masked.

        What another living process has in hand is not told. An entry whose answer was committed is closed here: the
        answer is the proof, the closing may have died with its process.
        """
        found = self._inbox.find({"state": "open", "accepted_at": {"$lt": older_than}}).sort("accepted_at", 1)
        rows = [row for row in await found.to_list(None) if "body" in row]
        if rows and self._processes:
            others = {row.get("owner", "") for row in rows} - {self._processes.instance, ""}
            self._dead = await self._processes.dead_owners(others)
            rows = [row for row in rows if row.get("owner", "") not in others - self._dead]
        done = await answered(self._mongo, [row["_id"] for row in rows])
        return [inbound_value(row) for row in rows if row["_id"] not in done]

    @reported
    async def tried(self, event_id: str) -> int:
        """Count an attempt and take the event over; 0 for one that is not open any more or that another has taken."""
        here = self._processes.instance if self._processes else ""
        document = await self._inbox.find_one_and_update(
            {"_id": event_id, "state": "open", "owner": {"$in": [None, "", here, *self._dead]}},
            {"$inc": {"tries": 1}, "$set": {"owner": here}},
            projection={"tries": 1},
            return_document=True,
        )
        return int(document["tries"]) if document else 0

    @reported
    async def quarantine(self, event_id: str, reason: str) -> None:
        """Put an event aside that cannot be answered; it is kept for a look and never tried again."""
        await self._inbox.update_one(
            {"_id": event_id, "state": "open"}, {"$set": {"state": "quarantined", "reason": reason}}
        )

    @reported
    async def poison(self, channel: str, raw: bytes, reason: str) -> None:
        """Keep the first 64 KB of a verified body that could not be read, 7 days; the same body again is counted."""
        digest = hashlib.sha256(raw).hexdigest()
        await self._mongo["poison"].update_one(
            {"_id": f"{channel}:{digest}"},
            {
                "$setOnInsert": {
                    "channel": channel,
                    "at": self._clock.now(),
                    "raw": Binary(raw[:RAW_BYTES]),
                    "size": len(raw),
                },
                "$set": {"reason": reason, "kept_at": wall_clock()},
                "$inc": {"times": 1},
            },
            upsert=True,
        )

    @reported
    async def noted(self, event_id: str) -> bool:
        """Whether this event, which is no message, has been followed already."""
        return await self._inbox.find_one({"_id": event_id}, {"_id": 1}) is not None

    @reported
    async def note(self, event_id: str, address: Address) -> None:
        """Remember that this event was followed: a repeat of it, days later, changes nothing any more."""
        now = self._clock.now()
        entry: Document = {
            "_id": event_id,
            "address": address_key(address),
            "state": "closed",
            "accepted_at": now,
            "kept_at": wall_clock(),
            "tries": 0,
            "notice": True,
        }
        await insert_each(self._mongo, "inbox", [entry])

    @reported
    async def heard(self, addresses: Sequence[Address]) -> Mapping[Address, datetime]:
        """When each of these last wrote to us, by the provider's time but never later than we know; in 14 days."""
        by_key = {address_key(address): address for address in addresses}
        rows = await self._mongo.aggregate(
            "inbox",
            [
                {"$match": {"address": {"$in": list(by_key)}, "said_at": {"$exists": True}}},
                {"$group": {"_id": "$address", "at": {"$max": "$said_at"}}},
            ],
        )
        zone = self._clock.now().tzinfo
        return {by_key[row["_id"]]: row["at"].astimezone(zone) for row in rows}
