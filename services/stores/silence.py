"""What a provider's silence tells: of all that went around a message it has told, and of that one not a word.

A lost answer and a lost status may have one cause (our line was down), so that silence alone tells nothing. It does when
the statuses of the messages before and behind have come, each with our key in it: then they come, and what was taken
would have been told of as well.
"""

from datetime import timedelta
from typing import Final

from pymongo.asynchronous.collection import AsyncCollection

from services.stores.mongo import Document

NEAR: Final = timedelta(seconds=60)  # of each other: what is further away says nothing of this moment
SIDE: Final = 50  # messages on each side, the nearest ones
LEAST: Final = 5  # fewer on both sides together are no evidence
LEAST_BEHIND: Final = 3  # as what broke the answer off may have begun with it


async def unheard(outbox: AsyncCollection[Document], key: str) -> tuple[str, ...] | None:
    """The ids of the parts that were taken of an unknown message if the next one surely was not; None if who knows.

    Args:
        outbox: The collection.
        key: Of a message of a broadcast; of any other there is nothing near enough to tell by.
    """
    row = await outbox.find_one({"_id": key, "state": "unknown", "campaign": {"$gt": ""}})
    if row is None or "lost_at" not in row:
        return None
    taken = max(row.get("refs") or [], row["body"].get("done") or [], key=len)
    if len(taken) != row.get("begun", 1) - 1:
        return None  # a part before it was not told of either, though it was taken
    around: Document = {"campaign": row["campaign"], "channel": row["channel"]}
    at, shown = row["lost_at"], {"echoed": 1}
    behind = {**around, "sent_at": {"$gt": at, "$lte": at + NEAR}}
    before = {**around, "sent_at": {"$gte": at - NEAR, "$lte": at}}
    later = await outbox.find(behind, shown).sort("sent_at", 1).limit(SIDE).to_list(None)
    early = await outbox.find(before, shown).sort("sent_at", -1).limit(SIDE).to_list(None)
    if len(later) < LEAST_BEHIND or len(later) + len(early) < LEAST:
        return None
    return tuple(taken) if all(near.get("echoed") for near in (*later, *early)) else None
