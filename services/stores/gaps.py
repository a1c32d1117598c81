"""What lies around a message of unknown outcome in Telegram's row of numbers, out of the outbox."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from services.domain.conversation import Outbound
from services.domain.numbering import SETTLED, Gap, Neighbour, gap
from services.stores.documents import outbound_value
from services.stores.mongo import Document, Mongo, reported

BEHIND: Final = timedelta(minutes=1)
LATER: Final = timedelta(minutes=10)
_BEFORE: Final = 20
_EARLIER: Final = 3
_MOST: Final = 4000  # rows; a minute and a half at Telegram's rate
_TALK: Final = 30  # messages of one chat
_SHOWN: Final = {"refs": 1, "started_at": 1, "sent_at": 1, "body.done": 1}


class MongoGaps:
    """``Gaps`` for the messages of broadcasts to private chats."""

    def __init__(self, mongo: Mongo) -> None:
        self._outbox = mongo["outbox"]

    @reported
    async def around(self, key: str) -> Gap | None:
        """Which numbers an unknown message may have got; None if that will never be told."""
        where: Document = {"_id": key, "state": "unknown", "campaign": {"$gt": ""}}
        row = await self._outbox.find_one({**where, "lost_at": {"$exists": True}})
        chat = row["address"].partition(":")[2] if row else ""
        if row is None or not chat.isdecimal():  # groups have rows of their own
            return None
        began, lost = row["started_at"], row["lost_at"]
        talk = await self._talk(row["address"], key)
        if talk is None:
            return Gap((), closed=False)
        rows = [*await self._campaign(row, began, lost), *await self._talked(row["channel"], began, lost)]
        unique = {each["_id"]: each for each in rows if each.get("started_at")}
        neighbours = [n for each in unique.values() if (n := _neighbour(each))]
        earlier = {number for each in unique.values() for number in _numbers(_done(each))}
        return gap(neighbours, began=began, lost=lost, others=talk | earlier)

    @reported
    async def witness(self, key: str) -> tuple[Outbound, int] | None:
        """The message taken last of those sent with that one, and the number of its last part."""
        row = await self._outbox.find_one({"_id": key}, {"campaign": 1, "channel": 1})
        if row is None or not row["campaign"]:
            return None
        where: Document = {
            "campaign": row["campaign"],
            "channel": row["channel"],
            "sent_at": {"$exists": True},
        }
        found = self._outbox.find({**where, "sealed": False, "refs.0": {"$exists": True}}).sort("sent_at", -1)
        for taken in await found.limit(1).to_list(None):
            number = next(iter(_numbers(taken["refs"][-1:])), None)
            return (outbound_value(taken), number) if number is not None else None
        return None

    async def _talk(self, address: str, key: str) -> set[int] | None:
        """The numbers of what else this chat was told; None if another of its messages is unknown as well."""
        found = self._outbox.find({"address": address, "_id": {"$ne": key}}, {"refs": 1, "state": 1})
        rows = await found.sort("put", -1).limit(_TALK).to_list(None)
        if any(row["state"] in {"unknown", "sending"} for row in rows):
            return None
        return {number for row in rows for number in _numbers(row.get("refs", ()))}

    async def _campaign(self, row: Document, began: datetime, lost: datetime) -> list[Document]:
        around = {"campaign": row["campaign"], "channel": row["channel"]}
        early = self._outbox.find({**around, "sent_at": {"$lte": began}}, _SHOWN).sort("sent_at", -1)
        later = self._outbox.find({**around, "sent_at": {"$gt": began, "$lte": lost + BEHIND}}, _SHOWN)
        return [*await early.limit(_BEFORE).to_list(None), *await later.limit(_MOST).to_list(None)]

    async def _talked(self, channel: str, began: datetime, lost: datetime) -> list[Document]:
        """What was put before and behind it, of any kind: a broadcast has a beginning and an end."""
        where: Document = {"channel": channel, "refs": {"$exists": True}}
        early = self._outbox.find({**where, "kept_at": {"$lte": began}, "sent_at": {"$lte": began}}, _SHOWN)
        put = {"$gte": lost + SETTLED, "$lte": lost + LATER}
        later = self._outbox.find({**where, "kept_at": put}, _SHOWN)
        return [
            *await early.sort("kept_at", -1).limit(_EARLIER).to_list(None),
            *await later.sort("kept_at", 1).limit(_BEFORE).to_list(None),
        ]


def _done(row: Document) -> list[str]:
    """The parts that were taken in an earlier try, before the one whose time is kept."""
    return row.get("body", {}).get("done") or []


def _neighbour(row: Document) -> Neighbour | None:
    numbers = tuple(_numbers(ref for ref in row.get("refs", ()) if ref not in _done(row)))
    return Neighbour(numbers, row["started_at"], row["sent_at"]) if numbers else None


def _numbers(refs: Iterable[str]) -> Iterable[int]:
    """Of private chats' messages: "<chat>:<number>", with a mark behind it where a part goes on."""
    for ref in refs:
        chat, _, number = ref.rstrip("+").partition(":")
        if chat.isdecimal() and number.isdecimal():
            yield int(number)
