"""What came in: every event once by the provider's own id, kept until it is answered, its amounts never written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from services.domain.conversation import Inbound
from services.ports import Clock
from services.stores.documents import address_key, inbound_body, inbound_value
from services.stores.mongo import Mongo, Taken, reported, wall_clock


class MongoInbox:
    """``InboxStore`` on MongoDB.

    Args:
        mongo: The database.
        clock: Tells when something was accepted (a provider's own time may be hours old on a repeat).
        mask: Takes rupee amounts out of a typed text; only its result is written.
    """

    def __init__(self, mongo: Mongo, clock: Clock, mask: Callable[[str], str]) -> None:
        self._inbox = mongo["inbox"]
        self._clock = clock
        self._mask = mask

    @reported
    async def accept(self, inbound: Inbound) -> bool:
        """Store once; False if it was seen in the last 14 days. On True it is on disk."""
        body = inbound_body(replace(inbound, text=self._mask(inbound.text)))
        try:
            await self._inbox.insert_one(
                {
                    "_id": inbound.event_id,
                    "address": address_key(inbound.address),
                    "state": "open",
                    "accepted_at": self._clock.now(),
                    "kept_at": wall_clock(),
                    "tries": 0,
                    "body": body,
                }
            )
        except Taken:
            return False
        return True

    @reported
    async def open(self, *, older_than: datetime) -> list[Inbound]:
        """What waits for its answer since before that time, oldest first; texts are masked."""
        found = self._inbox.find({"state": "open", "accepted_at": {"$lt": older_than}}).sort("accepted_at", 1)
        return [inbound_value(document) for document in await found.to_list(None)]

    @reported
    async def tried(self, event_id: str) -> int:
        """Count an attempt; 0 for an event that is not open any more."""
        document = await self._inbox.find_one_and_update(
            {"_id": event_id, "state": "open"},
            {"$inc": {"tries": 1}},
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
