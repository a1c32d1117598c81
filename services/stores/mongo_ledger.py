"""The ledger in MongoDB, for parts that run as processes of their own without Redis: one question for a block of slots."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from pymongo import UpdateOne, WriteConcern

from services.stores.grouping import Grouped
from services.stores.ledger import (
    BULK_SECONDS,
    LEASE_SECONDS,
    NEVER,
    REFUSED_SECONDS,
    Booking,
    Claim,
    Granted,
    Slot,
    per_place,
)
from services.stores.limits import ChatRule, Limit
from services.stores.mongo import Document, Mongo, reported
from services.stores.server_time import ServerTime

AHEAD: Final = 0.1  # seconds of slots taken at once
ANNOUNCED: Final = 0.25  # a broadcast begins so long after it was announced
_FORGET_MS: Final = 600_000
_NOW: Final = {"$toLong": "$$NOW"}


class MongoLedger:
    """``Ledger`` in the collection ``rates``: a document for each sender, one for each chat that was lately written to.

    All times in it are milliseconds of the server's clock.

    Args:
        mongo: The database.
        member: This process's name.
    """

    ahead: Final = AHEAD

    def __init__(self, mongo: Mongo, *, member: str) -> None:
        # What a failover may lose here is a few requests' count; waiting for the disk would cost each block more.
        self._rates = mongo["rates"].with_options(write_concern=WriteConcern(1))
        self._member = member
        self._time = ServerTime()
        self._group = Grouped(self._book_all)
        self.members = 1

    @reported
    async def claim(self, limit: Limit, now: float, claim: Claim) -> Granted:
        """Take slots and give account, in one question."""
        if not self._time.known:
            await self._learn_time()
        asked = asyncio.get_running_loop().time()
        after = await self._after(f"sender:{limit.name}:{limit.places}", self._claim_steps(limit, now, claim))
        self._time.hear(asked, after["now"] / 1000)
        slots = [
            Slot(row["place"], self._here(row["at"]) + self._time.slack, self._here(row["free"]))
            for row in after["given"]
        ]
        return Granted(
            slots,
            self._here(after["again"]),
            self._here(after["bulk"]) + BULK_SECONDS,
            self._here(after["closed"]),
            self._here(after["refused"]) + REFUSED_SECONDS,
        )

    def _claim_steps(self, limit: Limit, now: float, claim: Claim) -> list[Document]:
        known = {
            "free": {"$ifNull": ["$free", [{"$add": [_NOW, limit.cycle * 1000]}] * limit.places]},
            "next": {"$max": ["$next", _NOW]},
            "bulk": {"$ifNull": ["$bulk", 0]},
            "closed": {"$ifNull": ["$closed", 0]},
            "refused": {"$ifNull": ["$refused", 0]},
            "now": _NOW,
        }
        steps: list[Document] = [{"$set": known}]
        steps += self._reports(limit, claim)
        if claim.bulk:
            silent = {"$gt": [{"$subtract": ["$now", "$bulk"]}, BULK_SECONDS * 1000]}
            announced = {"$max": ["$next", {"$add": ["$now", ANNOUNCED * 1000]}]}
            steps += [{"$set": {"next": {"$cond": [silent, announced, "$next"]}, "bulk": "$now"}}]
        if claim.close_until:
            closed = {"$add": ["$now", max(0.0, claim.close_until - now) * 1000]}
            steps += [{"$set": {"closed": {"$max": ["$closed", closed]}, "refused": "$now"}}]
        return steps + _taking(limit, claim)

    def _reports(self, limit: Limit, claim: Claim) -> list[Document]:
        """Write down when each place we had is free again; then what went without a place, each in the earliest one."""
        steps: list[Document] = []
        told: list[float | None] = [None] * limit.places
        for slot in claim.done:
            told[slot.place] = self._there(_free(slot, limit) + self._time.slack)
        if claim.done:
            pairs = {"$zip": {"inputs": ["$free", told]}}
            new = {"$ifNull": [{"$arrayElemAt": ["$$this", 1]}, {"$arrayElemAt": ["$$this", 0]}]}
            steps.append({"$set": {"free": {"$map": {"input": pairs, "in": new}}}})
        extra = [
            self._there(used + limit.cycle + self._time.slack) for used in per_place(claim.extra, limit.size)
        ]
        if extra:
            steps.append(
                {"$set": {"free": {"$reduce": {"input": extra, "initialValue": "$free", "in": _EARLIEST}}}}
            )
        return steps

    @reported
    async def book(self, bookings: Sequence[Booking]) -> list[float]:
        """Count requests for their chats; all that ask at one time ask together."""
        if len(bookings) > 1:
            return await self._book_all(bookings)
        return [await self._group(bookings[0])]

    async def _book_all(self, bookings: Sequence[Booking]) -> list[float]:
        """Each chat once in a question: who comes twice asks twice."""
        if not self._time.known:
            await self._learn_time()
        answers: dict[int, float] = {}
        waiting = list(enumerate(bookings))
        while waiting:
            once: dict[str, tuple[int, Booking]] = {}
            for number, booking in waiting:
                once.setdefault(booking.chat, (number, booking))
            slots = await self._book_once([booking for _, booking in once.values()])
            answers |= {
                number: self._here(slots[chat]) for chat, (number, _) in once.items() if chat in slots
            }
            waiting = [(number, booking) for number, booking in waiting if number not in answers]
        return [answers[number] for number in range(len(bookings))]

    async def _book_once(self, bookings: Sequence[Booking]) -> dict[str, float]:
        """The slots by chat. Where another process wrote in between, its chat is left out: it asks again."""
        ids = {f"chat:{booking.chat}": booking.chat for booking in bookings}
        updates = [self._booking_steps(booking) for booking in bookings]
        if len(bookings) == 1:
            first = await self._after(next(iter(ids)), updates[0])
            return {bookings[0].chat: first["slot"]}
        await self._rates.bulk_write(
            [UpdateOne({"_id": key}, steps, upsert=True) for key, steps in zip(ids, updates, strict=True)],
            ordered=False,
        )
        rows = self._rates.find({"_id": {"$in": list(ids)}, "by": self._member}, {"slot": 1})
        return {ids[row["_id"]]: row["slot"] for row in await rows.to_list(None)}

    def _booking_steps(self, booking: Booking) -> list[Document]:
        """The arithmetic of ``limits.booked`` and ``limits.drained``, at the server."""
        rule, at = booking.rule, self._there(booking.at)
        step = rule.seconds * 1000
        spare = (rule.count - 1) * step
        slot: Any = at
        state: Document
        if rule.kind == "bucket":
            full = {"$ifNull": ["$full", 0]}
            slot = at if booking.drain else {"$max": [at, {"$subtract": [full, spare]}]}
            state = {"full": at + spare if booking.drain else {"$add": [{"$max": [full, "$slot"]}, step]}}
        elif booking.drain:
            state = {"times": [at - step + number * step / rule.count for number in range(rule.count)]}
        else:
            times = {"$ifNull": ["$times", []]}
            oldest = {"$add": [{"$arrayElemAt": [times, -rule.count]}, step]}
            slot = {"$cond": [{"$gte": [{"$size": times}, rule.count]}, {"$max": [at, oldest]}, at]}
            state = {"times": {"$slice": [{"$concatArrays": [times, ["$slot"]]}, -rule.count]}}
        end = {"$toDate": {"$toLong": {"$add": ["$slot", spare + step + _FORGET_MS]}}}
        return [{"$set": {"slot": slot, "by": self._member}}, {"$set": {**state, "forget_at": end}}]

    def opens(self, chat: str, rule: ChatRule, at: float) -> float:  # noqa: ARG002 - only the server knows
        """Nothing is known here of a chat: ``at``."""
        return at

    async def close(self) -> None:
        """The database is closed by whoever opened it."""

    async def _learn_time(self) -> None:
        await self._rates.find_one_and_update(
            {"_id": "time"}, [_FORGET_STEP], upsert=True
        )  # once: it is made
        for _ in range(5):
            asked = asyncio.get_running_loop().time()
            row = await self._after("time", [_FORGET_STEP])
            self._time.hear(asked, row["now"] / 1000)

    async def _after(self, key: str, steps: list[Document]) -> Document:
        """The document after these steps, in one."""
        after: Document | None = await self._rates.find_one_and_update(
            {"_id": key}, steps, upsert=True, return_document=True
        )
        return after or {}

    def _there(self, time: float) -> float:
        return self._time.there(time) * 1000 if time > NEVER else 0.0

    def _here(self, value: float) -> float:
        return self._time.here(value / 1000)


_FORGET_STEP: Final[Document] = {"$set": {"now": _NOW, "forget_at": {"$add": ["$$NOW", _FORGET_MS]}}}


def _free(slot: Slot, limit: Limit) -> float:
    return slot.free if slot.used is None else slot.used + limit.cycle


def _with(array: str, index: str, value: object) -> Document:
    """An array with another value at one place."""
    item = {"$arrayElemAt": [array, "$$i"]}
    return {
        "$map": {
            "input": {"$range": [0, {"$size": array}]},
            "as": "i",
            "in": {"$cond": [{"$eq": ["$$i", index]}, value, item]},
        }
    }


# Of an array of times: the earliest replaced by a later one.
_EARLIEST: Final[Document] = {
    "$let": {
        "vars": {
            "first": {"$indexOfArray": ["$$value", {"$min": "$$value"}]},
            "time": {"$max": ["$$this", {"$min": "$$value"}]},
        },
        "in": _with("$$value", "$$first", "$$time"),
    }
}


def _taking(limit: Limit, claim: Claim) -> list[Document]:
    """Take the places that are free first, one after the other, as far as ``AHEAD``; the first of all if none is in hand.

    A place counts as used until its taker tells when it was.
    """
    spacing = limit.spacing * 1000
    value = "$$value"
    at = {"$max": [f"{value}.next", {"$min": f"{value}.free"}]}
    soon: Document = {"$lte": ["$$at", {"$add": ["$now", AHEAD * 1000]}]}
    if claim.empty:
        soon = {"$or": [soon, {"$eq": [f"{value}.given", []]}]}
    lost = {"$add": ["$$at", (LEASE_SECONDS + limit.cycle) * 1000]}
    given = {"place": "$$place", "free": {"$min": f"{value}.free"}, "at": "$$at"}
    taken = {
        "given": {"$concatArrays": [f"{value}.given", [given]]},
        "free": _with(f"{value}.free", "$$place", lost),
        "next": {"$add": ["$$at", spacing]},
    }
    one = {
        "$let": {
            "vars": {
                "at": at,
                "place": {"$indexOfArray": [f"{value}.free", {"$min": f"{value}.free"}]},
            },
            "in": {"$cond": [soon, taken, value]},
        }
    }
    times = {"$cond": [{"$gt": ["$closed", "$now"]}, [], list(range(claim.wanted))]}
    start = {"given": [], "free": "$free", "next": "$next"}
    return [
        {"$set": {"took": {"$reduce": {"input": times, "initialValue": start, "in": one}}}},
        {"$set": {"given": "$took.given", "free": "$took.free", "next": "$took.next"}},
        {
            "$set": {
                "again": {"$max": ["$next", {"$min": "$free"}, "$closed"]},
                "forget_at": {"$add": ["$$NOW", _FORGET_MS]},
            }
        },
        {"$unset": "took"},
    ]
