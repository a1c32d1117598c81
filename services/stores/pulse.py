"""Whether a provider still tells us what becomes of our messages, seen in what is stored: it works across processes."""

from datetime import timedelta
from typing import Final

from services.stores.mongo import Document, Mongo, reported, wall_clock

WITHIN: Final = timedelta(hours=1)  # older messages say nothing about now
LONGEST: Final = 1500  # milliseconds; this is a probe, it may not become a load
TOLD: Final = ("sent", "delivered", "read", "played", "failed")


class MongoPulse:
    """Looks at the newest messages, over the index by which they are forgotten."""

    def __init__(self, mongo: Mongo) -> None:
        self._outbox = mongo["outbox"]

    @reported
    async def silent(self, channel: str, after: timedelta) -> bool:
        """Whether that provider took messages of the last hour, at least one so long ago, and told of none of them."""
        now = wall_clock()
        recent: Document = {"channel": channel, "kept_at": {"$gte": now - WITHIN}}
        old: Document = {
            "channel": channel,
            "kept_at": {"$gte": now - WITHIN, "$lt": now - after},
            "state": "accepted",
        }
        if await self._outbox.find_one(old, {"_id": 1}, max_time_ms=LONGEST) is None:
            return False
        told = recent | {"state": {"$in": list(TOLD)}, "refs": {"$exists": True}}
        return await self._outbox.find_one(told, {"_id": 1}, max_time_ms=LONGEST) is None
