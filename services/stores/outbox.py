"""What goes out: stored once by its key before it is sent, sent by one process at a time, followed to its reader."""

import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pymongo import UpdateOne

from services.domain.conversation import Address, Lane, Notice, Outbound, Receipt
from services.outbox_store import Due
from services.ports import Clock
from services.stores.documents import LANES, address_key, outbound_document, outbound_value
from services.stores.grouping import Grouped
from services.stores.mongo import Document, Mongo, Session, insert_new, reported, wall_clock
from services.stores.orphans import Orphans
from services.stores.statuses import FAILED, Statuses, Taken

LINGER: Final = 0.2  # seconds for which what a provider took may wait for company before it is written
PATIENCE: Final = 0.1  # seconds; the same for the right to send one of a broadcast, taken ahead of its turn
_ENDS: Final = ("failed", "expired", "cancelled", "unknown")
_SHOWN: Final = ["sending", "accepted", "sent", "delivered", "read", "played", "unknown"]


def unique_keys(outbounds: Sequence[Outbound]) -> list[Outbound]:
    """The first of each key, in order."""
    first: dict[str, Outbound] = {}
    for outbound in outbounds:
        first.setdefault(outbound.key, outbound)
    return list(first.values())


def prepared(
    outbounds: Sequence[Outbound], sealed_text: str, *, begun: bool = False, owner: str = ""
) -> list[Document]:
    """The documents of messages that are put now, in their order.

    Args:
        outbounds: The messages.
        sealed_text: Stands for the words of a sealed one.
        begun: The owner sends them right now: they begin as ``sending``.
        owner: The process that will deliver them itself as long as it lives; "" = whoever comes first.
    """
    at, kept_at = time.time_ns(), wall_clock()
    return [
        outbound_document(
            o, sealed_text=sealed_text, put=at + n, kept_at=kept_at, owner=owner, begun=begun and bool(owner)
        )
        for n, o in enumerate(outbounds)
    ]


@dataclass(frozen=True, slots=True)
class _Put:
    outbounds: Sequence[Outbound]
    own: bool


class MongoOutbox(Orphans):
    """``OutboxStore`` on MongoDB. Calls of one moment are one question (``Grouped``).

    States: queued -> sending -> accepted -> sent -> delivered -> read -> played, and failed, expired, cancelled,
    unknown (it may have arrived; nobody sends it again before that is clear).

    Args:
        mongo: The database.
        clock: Tells what is due and what is too late.
        sealed_text: Stands for the words of a sealed message, which are written nowhere.
        owner: This process's name for ever.
    """

    def __init__(self, mongo: Mongo, clock: Clock, sealed_text: str, owner: str = "alone") -> None:
        super().__init__(mongo, clock, owner)
        self._sealed_text = sealed_text
        self._statuses = Statuses(mongo)
        self._puts = Grouped(self._put_all)
        self._begins = Grouped(self._begin_all)
        self._patient_begins = Grouped(self._begin_all, linger=PATIENCE)
        self._accepts = Grouped(self._statuses.settle, linger=LINGER)
        self._changes = Grouped(self._change_all)
        self._notes = Grouped(self._statuses.note)

    @reported
    async def put(self, outbounds: Sequence[Outbound], *, own: bool = False) -> list[Outbound]:
        """Store each once by its key; returns those that were new, with their words.

        ``own``: this process delivers them itself; as long as it lives nobody else takes them.
        """
        return await self._puts(_Put(unique_keys(outbounds), own)) if outbounds else []

    async def _put_all(self, groups: Sequence[_Put]) -> list[list[Outbound]]:
        first: dict[str, tuple[int, Outbound]] = {}
        for number, group in enumerate(groups):
            for outbound in group.outbounds:
                first.setdefault(outbound.key, (number, outbound))
        documents: list[Document] = []
        for number, outbound in first.values():
            # The words of a sealed message are in this process only: nobody else could say them.
            own = groups[number].own or outbound.reply.sealed
            documents += prepared([outbound], self._sealed_text, owner=self._owner if own else "")
        new = await insert_new(self._outbox, documents)
        return [
            [o for o in group.outbounds if o.key in new and first[o.key][0] == number]
            for number, group in enumerate(groups)
        ]

    @reported
    async def lease(
        self,
        lane: Lane,
        channels: Sequence[str],
        now: datetime,
        *,
        limit: int,
        until: datetime,
        without: Collection[str] = (),
    ) -> list[Due]:
        """A page of what is due, for this process alone until that time; ``without`` are campaigns left out."""
        where = self._due(lane, channels, now, without)
        rows = await self._outbox.find(where).sort([("next_at", 1), ("put", 1)]).limit(limit).to_list(None)
        if len(rows) == limit:  # the last address may have more: they stay together, for the next page
            rows = [row for row in rows if row["address"] != rows[-1]["address"]] or rows
        if not rows:
            return []
        mark, keys = secrets.token_hex(8), [row["_id"] for row in rows]
        still: Document = {"_id": {"$in": keys}, "state": "queued", "next_at": {"$lte": now}}
        mine = {"owner": self._owner, "next_at": until, "leased_at": now, "mark": mark}

        async def take(transaction: Session) -> int:
            done = await self._outbox.update_many(still, {"$set": mine}, session=transaction)
            return done.modified_count

        # Whole pages or none: were two processes to mix theirs row by row, an address would be torn in two.
        if await self._mongo.transaction(take) < len(rows):  # another process was as quick
            won = {row["_id"] for row in await self._marked(keys, mark)}
            rows = [row for row in rows if row["_id"] in won]
        return [Due(outbound_value(row), int(row["tries"])) for row in rows]

    def _due(self, lane: Lane, channels: Sequence[str], now: datetime, without: Collection[str]) -> Document:
        where: Document = {
            "state": "queued",
            "channel": {"$in": list(channels)},
            "lane": LANES[lane],
            "next_at": {"$lte": now},
            "expires_at": {"$not": {"$lte": now}},
            "$or": [{"sealed": False}, {"owner": {"$in": [None, self._owner]}}],
        }
        if without:
            where["campaign"] = {"$nin": sorted(without)}
        return where

    async def _marked(self, keys: Sequence[str], mark: str) -> list[Document]:
        return await self._outbox.find({"_id": {"$in": list(keys)}, "mark": mark}, {"_id": 1}).to_list(None)

    @reported
    async def begin(self, key: str, *, patient: bool = False) -> bool:
        """Queued -> sending, before the request; False if it is not ours to send any more (or too late).

        ``patient``: its turn is still to come, so that it may wait ``PATIENCE`` for company.
        """
        return await (self._patient_begins if patient else self._begins)(key)

    async def _begin_all(self, keys: Sequence[str]) -> list[bool]:
        now, mark, wanted = self._clock.now(), secrets.token_hex(8), set(keys)
        where: Document = {
            "_id": {"$in": sorted(wanted)},
            "state": "queued",
            "owner": {"$in": [None, self._owner]},
            "expires_at": {"$not": {"$lte": now}},
        }
        fields = {"state": "sending", "owner": self._owner, "started_at": now, "mark": mark}
        done = await self._outbox.update_many(where, {"$set": fields})
        if done.modified_count < len(wanted):
            wanted = {row["_id"] for row in await self._marked(sorted(wanted), mark)}
        results = []
        for key in keys:  # of two who ask for one key at one time the first has it
            results.append(key in wanted)
            wanted.discard(key)
        return results

    @reported
    async def part(self, key: str, number: int) -> None:
        """The request of a further part follows (2, 3 …); written first: a crash leaves no doubt which were begun."""
        await self._changes(UpdateOne({"_id": key, "state": "sending"}, {"$set": {"begun": number}}))

    @reported
    async def accepted(self, key: str, receipt: Receipt, *, channel: str) -> str:
        """The provider took it. Returns the code of a failure whose status was quicker than this, else "".

        Written within ``LINGER``; statuses that came before are applied with it.
        """
        return await self._accepts(Taken(key, channel, receipt))

    @reported
    async def again(
        self,
        key: str,
        reason: str,
        at: datetime,
        *,
        done: Sequence[str] = (),
        counted: bool = True,
        own: bool = False,
    ) -> None:
        """Certainly not taken (but for the parts ``done``): queued again for that time.

        ``counted`` as a failed try. ``own``: only this process can send it (its words are nowhere else).
        """
        change: Document = {
            "$set": {"state": "queued", "next_at": at, "reason": reason, "begun": len(done) + 1},
            "$unset": {"mark": "", "started_at": "", "leased_at": ""},
        }
        if not own:
            change["$unset"]["owner"] = ""
        if counted:
            change["$inc"] = {"tries": 1}
        if done:
            change["$set"]["body.done"] = list(done)
        await self._changes(UpdateOne({"_id": key, "state": {"$in": ["queued", "sending"]}}, change))

    @reported
    async def ended(
        self, key: str, state: str, reason: str, *, code: str = "", done: Sequence[str] = ()
    ) -> None:
        """It is over without being sent, or (``unknown``) nobody can tell yet.

        Args:
            key: Of the message.
            state: failed, expired, cancelled or unknown.
            reason: Why, in a few words that bear nobody's.
            code: The provider's, if it refused.
            done: The ids of the parts that were taken before.
        """
        if state not in _ENDS:
            message = f"a message does not end as {state!r}"
            raise ValueError(message)
        fields: Document = {"state": state, "reason": reason}
        if code:
            fields["code"] = code
        if done:
            fields["body.done"] = list(done)
        now = self._clock.now()
        fields |= {"check_at": now, "lost_at": now} if state == "unknown" else {"ended": True}
        where = {"_id": key, "state": {"$in": ["queued", "sending"]}}
        await self._changes(UpdateOne(where, {"$set": fields, "$unset": {"owner": "", "mark": ""}}))

    async def _change_all(self, changes: Sequence[UpdateOne]) -> list[None]:
        await self._outbox.bulk_write(list(changes))
        return [None] * len(changes)

    @reported
    async def note(self, notice: Notice) -> None:
        """A delivery status, by the provider's message id or our own key; other kinds of notice are left alone."""
        await self._notes(notice)

    @reported
    async def told_of(self, notice: Notice) -> Outbound | None:
        """The message that a status is about, unless it has arrived; a sealed one without its words.

        Its ``done`` are the ids of all its parts that the provider took, so that the refused one can be told.
        """
        about: list[Document] = [{"refs": notice.ref}] if notice.ref else []
        about += [{"_id": notice.key}] if notice.key else []
        if not about:
            return None
        found = await self._outbox.find_one({"$or": about, "ranks": {"$not": {"$gt": FAILED}}})
        if not found:
            return None
        told = outbound_value(found)
        return replace(told, done=tuple(found.get("refs") or told.done))

    @reported
    async def get(self, key: str) -> Outbound | None:
        """The message that was put under that key; a sealed one without its words."""
        found = await self._outbox.find_one({"_id": key})
        return outbound_value(found) if found else None

    @reported
    async def cancel(self, campaign: str) -> int:
        """Nothing of that campaign goes any more; returns how many messages had still waited."""
        waiting = {"campaign": campaign, "state": "queued"}
        fields = {"state": "cancelled", "reason": "the campaign was cancelled", "ended": True}
        done = await self._outbox.update_many(waiting, {"$set": fields, "$unset": {"owner": "", "mark": ""}})
        return done.modified_count

    @reported
    async def shown(self, address: Address, *, limit: int = 1) -> list[Outbound]:
        """The last messages that this address was sent and may have seen, oldest first."""
        where: Document = {"address": address_key(address), "state": {"$in": _SHOWN}}
        found = self._outbox.find(where).sort("put", -1).limit(limit)
        return [outbound_value(document) for document in reversed(await found.to_list(None))]

    @reported
    async def history(self, address: Address, *, limit: int = 50) -> list[Outbound]:
        """The last messages put for an address, oldest first; sealed ones without their words."""
        found = self._outbox.find({"address": address_key(address)}).sort("put", -1).limit(limit)
        return [outbound_value(document) for document in reversed(await found.to_list(None))]
