"""What goes out: stored once by its key before it is sent, claimed by one sender at a time, followed to its reader."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from services.domain.conversation import Address, Notice, Outbound, Receipt
from services.ports import Clock
from services.stores.documents import address_key, outbound_document, outbound_value
from services.stores.mongo import Document, Mongo, insert_new, reported, wall_clock

# A later word never undoes a better one: what was read is not "delivered" again, and what arrived did not fail.
_RANKS: Final = {"sent": 1, "failed": 2, "delivered": 3, "read": 4, "played": 5}
_WITH_STATUSES: Final = ("twilio", "meta")  # the channels that call back with a status
_STATES: Final = ("failed", "expired", "unknown")


def unique_keys(outbounds: Sequence[Outbound]) -> list[Outbound]:
    """The first of each key, in order."""
    return list({o.key: o for o in reversed(outbounds)}.values())[::-1]


def prepared(
    outbounds: Sequence[Outbound], sealed_text: str, *, hold: timedelta | None = None
) -> list[Document]:
    """The documents of messages that are put now, in their order; ``hold`` keeps a sweep off them for so long."""
    at, kept_at = time.time_ns(), wall_clock()
    return [
        outbound_document(o, sealed_text=sealed_text, put=at + n, kept_at=kept_at, hold=hold)
        for n, o in enumerate(outbounds)
    ]


class MongoOutbox:
    """``OutboxStore`` on MongoDB.

    States: pending -> claimed -> sent | failed | expired | unknown (it may have arrived; nobody tries again).

    Args:
        mongo: The database.
        clock: Tells whether another sender's claim has run out.
        sealed_text: Stands for the words of a sealed message, which are written nowhere.
    """

    def __init__(self, mongo: Mongo, clock: Clock, sealed_text: str) -> None:
        self._mongo = mongo
        self._outbox = mongo["outbox"]
        self._notices = mongo["notices"]
        self._clock = clock
        self._sealed_text = sealed_text

    @reported
    async def put(self, outbounds: Sequence[Outbound]) -> list[Outbound]:
        """Store each once by its key; returns those that were new, with their words."""
        unique = unique_keys(outbounds)
        new = await insert_new(self._outbox, prepared(unique, self._sealed_text))
        return [o for o in unique if o.key in new]

    @reported
    async def claim(self, key: str, *, until: datetime) -> bool:
        """Take the right to send; False if another has it, it is done, or its time has passed."""
        now = self._clock.now()
        free: Document = {
            "_id": key,
            "open": True,
            "expires_at": {"$not": {"$lte": now}},
            "$or": [{"state": "pending"}, {"next_at": {"$lte": now}}],
        }
        taken = await self._outbox.update_one(
            free, {"$set": {"state": "claimed", "next_at": until}, "$inc": {"tries": 1}}
        )
        return taken.modified_count == 1

    @reported
    async def release_turns(self) -> int:
        """Free the answers that turns of a dead process still hold; returns how many."""
        held: Document = {"open": True, "state": "claimed", "by_turn": True}
        freed = await self._outbox.update_many(
            held, {"$set": {"state": "pending", "next_at": None, "by_turn": False}}
        )
        return freed.modified_count

    @reported
    async def sent(self, key: str, receipt: Receipt) -> str:
        """The provider took it. Statuses that were quicker than this are applied now; a failure's code is returned."""
        refs = list(receipt.refs)
        done: Document = {
            "state": "sent",
            "sent_at": receipt.at,
            "next_at": None,
            "status": "sent",
            "rank": 1,
        }
        found = await self._outbox.find_one_and_update(
            {"_id": key, "sent_at": None},
            {"$set": done | ({"refs": refs} if refs else {}), "$unset": {"open": "", "reason": ""}},
            projection={"address": 1},
        )
        if found is None or found["address"].split(":")[0] not in _WITH_STATUSES:
            return ""
        refused = ""
        for early in await self._notices.find({"_id": {"$in": refs}}).to_list(None):
            await self._rank_up(early)
            await self._notices.delete_one({"_id": early["_id"]})
            refused = refused or (early["code"] if early["status"] == "failed" else "")
        return refused

    @reported
    async def failed(
        self, key: str, reason: str, *, retry_at: datetime | None, state: str = "failed"
    ) -> None:
        """It was not taken: try again at that time, or give it up in that state (failed, expired, unknown)."""
        if state not in _STATES:
            message = f"a message does not end as {state!r}"
            raise ValueError(message)
        change: Document = {"$set": {"reason": reason, "next_at": retry_at}}
        if retry_at is None:
            change["$set"]["state"] = state
            change["$unset"] = {"open": ""}
        else:
            change["$set"]["state"] = "pending"
        await self._outbox.update_one({"_id": key, "open": True}, change)

    @reported
    async def due(self, now: datetime, *, limit: int = 100, channels: Sequence[str] = ()) -> list[Outbound]:
        """What waits to be sent, the interactive lane first, in the order of putting; what came too late expires."""
        await self._outbox.update_many(
            {"open": True, "expires_at": {"$lte": now}},
            {"$set": {"state": "expired", "next_at": None}, "$unset": {"open": ""}},
        )
        waiting: Document = {"open": True, "next_at": {"$not": {"$gt": now}}}
        if channels:
            waiting["address"] = {"$regex": f"^({'|'.join(channels)}):"}
        found = self._outbox.find(waiting).sort([("lane", 1), ("put", 1)]).limit(limit)
        return [outbound_value(document) for document in await found.to_list(None)]

    @reported
    async def note(self, notice: Notice) -> None:
        """A delivery status by the provider's message id; other kinds of notice are left alone."""
        rank = _RANKS.get(notice.kind)
        if rank is None or not notice.ref:
            return
        early: Document = {
            "_id": notice.ref,
            "rank": rank,
            "status": notice.kind,
            "at": notice.at,
            "code": notice.code,
            "kept_at": wall_clock(),
        }
        if await self._rank_up(early) or await self._outbox.count_documents({"refs": notice.ref}, limit=1):
            return
        # A callback may be quicker than our own note of the id: it waits for that in its own collection.
        if await insert_new(self._notices, [early]) == set():
            await self._notices.replace_one({"_id": notice.ref, "rank": {"$lt": rank}}, early)
        await self._rank_up(early)

    async def _rank_up(self, early: Document) -> bool:
        status: Document = {"status": early["status"], "rank": early["rank"], "status_at": early["at"]}
        if early["code"]:
            status["code"] = early["code"]
        status["state"] = "failed" if early["status"] == "failed" else "sent"
        done = await self._outbox.update_one(
            {"refs": early["_id"], "rank": {"$lt": early["rank"]}}, {"$set": status}
        )
        return done.matched_count == 1

    @reported
    async def by_ref(self, ref: str) -> Outbound | None:
        """The message that bears this id of the provider, unless it has arrived; a sealed one without its words."""
        if not ref:
            return None
        found = await self._outbox.find_one({"refs": ref, "rank": {"$lt": _RANKS["delivered"]}})
        return outbound_value(found) if found else None

    @reported
    async def history(self, address: Address, *, limit: int = 50) -> list[Outbound]:
        """The last messages put for an address, oldest first; sealed ones without their words."""
        found = self._outbox.find({"address": address_key(address)}).sort("put", -1).limit(limit)
        return [outbound_value(document) for document in reversed(await found.to_list(None))]

    @reported
    async def counts(self) -> dict[str, int]:
        """How many messages there are by state."""
        rows = await self._mongo.aggregate("outbox", [{"$group": {"_id": "$state", "n": {"$sum": 1}}}])
        return {str(row["_id"]): int(row["n"]) for row in rows}
