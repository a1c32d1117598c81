"""How many different people may be written to in a day outside their window: a limit of Meta's portfolios."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from services.domain.conversation import Address
from services.stores.documents import address_key
from services.stores.mongo import Document, Mongo, reported, wall_clock

# Counted by the quarter of an hour: the sum over a day and one quarter is never less than what any 24 hours hold.
_QUARTER: Final = 900
_QUARTERS: Final = 24 * 4 + 1


class MongoPeople:
    """The people of the last 24 hours, kept in the database: the count outlives a restart and is one for all processes.

    Args:
        mongo: The database.
        limits: The number of people by channel ("meta": 2000); 0 or absent = no limit.
    """

    def __init__(self, mongo: Mongo, limits: Mapping[str, int]) -> None:
        self._people = mongo["people"]
        self._limits = limits

    @reported
    async def within_day(self, address: Address) -> bool:
        """Whether this person may be written to; they are counted with that, once in 24 hours.

        Raises:
            Unavailable: The database does not answer.
        """
        limit = self._limits.get(address.channel, 0)
        if not limit:
            return True
        now = wall_clock()
        key, today = address_key(address), {"$gt": now - timedelta(hours=24)}
        if await self._people.find_one({"_id": key, "kept_at": today}):
            return True
        if not await self._counted(address.channel, int(now.timestamp()) // _QUARTER, limit):
            return False
        # Counted first: a crash in between costs one of the day's people, never one too many.
        before = await self._people.find_one_and_update({"_id": key}, {"$set": {"kept_at": now}}, upsert=True)
        if (
            before is not None and before["kept_at"] > today["$gt"]
        ):  # another process was writing to them just now
            await self._people.update_one(
                {"_id": _total(address.channel)},
                {"$inc": {f"quarters.{int(now.timestamp()) // _QUARTER}": -1}},
            )
        return True

    async def _counted(self, channel: str, quarter: int, limit: int) -> bool:
        """Add one to the count of this quarter unless the day's sum has reached the limit, in one step."""
        fresh: Document = {
            "$filter": {
                "input": {"$objectToArray": {"$ifNull": ["$quarters", {}]}},
                "cond": {"$gt": [{"$toLong": "$$this.k"}, quarter - _QUARTERS]},
            }
        }
        name = str(quarter)
        old = {"$ifNull": [f"$quarters.{name}", 0]}
        room: Document = {"$lt": [{"$sum": "$quarters_list.v"}, limit]}
        after: Document | None = await self._people.find_one_and_update(
            {"_id": _total(channel)},
            [
                {"$set": {"quarters_list": fresh}},
                {"$set": {"taken": room, "quarters": {"$arrayToObject": "$quarters_list"}}},
                {
                    "$set": {
                        f"quarters.{name}": {"$cond": ["$taken", {"$add": [old, 1]}, old]},
                        "kept_at": "$$NOW",
                    }
                },
                {"$unset": "quarters_list"},
            ],
            upsert=True,
            return_document=True,
        )
        return after is not None and bool(after["taken"])


def _total(channel: str) -> str:
    return f"{channel} in all"
