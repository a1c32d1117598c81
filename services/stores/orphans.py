"""What a process that died left behind in the outbox, what nobody knows the outcome of, and how much waits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from pymongo import UpdateOne

from services.domain.conversation import Address, Lane, Outbound
from services.outbox_store import Unsure
from services.ports import Clock
from services.stores.documents import LANES, address_key, outbound_value
from services.stores.mongo import Document, Mongo, reported, wall_clock
from services.stores.silence import unheard
from services.stores.statuses import heard_of

_GLANCE: Final = 20
_LANES: Final[Mapping[int, Lane]] = {0: "interactive", 1: "broadcast"}


class Orphans:
    """The outbox's work on the whole of it: owners, unsure outcomes, expiry, holds, numbers."""

    def __init__(self, mongo: Mongo, clock: Clock, owner: str) -> None:
        self._mongo = mongo
        self._owner = owner
        self._outbox = mongo["outbox"]
        self._holds = mongo["holds"]
        self._clock = clock

    @reported
    async def owners(self) -> list[str]:
        """Every process that holds or sends a message, alive or dead."""
        return [str(owner) for owner in await self._outbox.distinct("owner", {"owner": {"$exists": True}})]

    @reported
    async def orphaned(self, owner: str, unsure: Collection[str] | None = None) -> int:
        """What this dead process held is free, what it was sending is ``unknown``. Returns how many of the latter.

        One whose every begun part was told of by a status goes on behind those parts.

        Args:
            owner: The process.
            unsure: Only these of what it was sending. A write of its last moment may still arrive behind the look at
                them, and is for the next look. None = all.
        """
        return await self._free({"owner": owner}, "its process died while it was sent", unsure)

    @reported
    async def sending(self, owner: str) -> list[Outbound]:
        """What a process is sending, as far as the store knows."""
        rows = await self._outbox.find({"owner": owner, "state": "sending"}).to_list(None)
        return [outbound_value(row) for row in rows]

    @reported
    async def unsent(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Messages on the point of being sent of which no request went out behind these parts: queued again."""
        now = self._clock.now()
        gone = {"owner": "", "mark": "", "started_at": "", "leased_at": ""}
        changes: list[UpdateOne] = []
        for key, done in keys.items():
            fields: Document = {"state": "queued", "next_at": now, "begun": len(done) + 1}
            if done:
                fields["body.done"] = list(done)
            changes.append(UpdateOne({"_id": key, "state": "sending"}, {"$set": fields, "$unset": gone}))
        if changes:
            await self._outbox.bulk_write(changes)

    @reported
    async def forgotten(self, in_hand: Collection[str], before: datetime) -> int:
        """What this process took before that time and has no more in hand (an error came between): free, or unknown."""
        states: Document = {"$in": ["queued", "sending"]}
        mine: Document = {"owner": self._owner, "leased_at": {"$lte": before}, "state": states}
        rows = await self._outbox.find(mine, {"started_at": 1}).to_list(None)
        old = [r["_id"] for r in rows if r["_id"] not in in_hand and r.get("started_at", before) <= before]
        if not old:
            return 0
        await self._free({"_id": {"$in": old}, "owner": self._owner}, "its sending broke off")
        return len(old)

    async def _free(self, whose: Document, reason: str, unsure: Collection[str] | None = None) -> int:
        """Nobody holds these any more: what was being sent is unknown, the rest waits for whoever comes."""
        now = self._clock.now()
        lost: Document = {"state": "unknown", "reason": reason, "check_at": now, "lost_at": now}
        sent = {**whose, "state": "sending"} | (
            {"_id": {"$in": sorted(unsure)}} if unsure is not None else {}
        )
        found = await self._outbox.update_many(sent, {"$set": lost, "$unset": {"owner": "", "mark": ""}})
        if found.modified_count:
            where, stages = heard_of(now)
            await self._outbox.update_many(where, stages)
        await self._outbox.update_many(
            {**whose, "state": "queued"}, {"$set": {"next_at": now}, "$unset": {"owner": "", "mark": ""}}
        )
        return found.modified_count

    @reported
    async def unsure(self, now: datetime, channels: Sequence[str], *, limit: int = 100) -> list[Unsure]:
        """Messages of unknown outcome whose time to be asked for has come, the longest waiting first."""
        where = {"state": "unknown", "check_at": {"$lte": now}, "channel": {"$in": list(channels)}}
        rows = await self._outbox.find(where).sort("check_at", 1).limit(limit).to_list(None)
        zone = now.tzinfo
        return [Unsure(outbound_value(r), r.get("started_at", now).astimezone(zone)) for r in rows]

    @reported
    async def ask_later(self, key: str, at: datetime | None) -> None:
        """Ask for an unknown outcome again at that time; None = nobody can be asked, only a status will tell."""
        change: Document = {"$set": {"check_at": at}} if at else {"$unset": {"check_at": ""}}
        await self._outbox.update_one({"_id": key, "state": "unknown"}, change)

    @reported
    async def absent(self, key: str, *, done: Sequence[str] = ()) -> None:
        """An unknown one was surely not taken (but for the parts ``done``): queued again."""
        await self._outbox.update_one(
            {"_id": key, "state": "unknown"},
            {
                "$set": {
                    "state": "queued",
                    "next_at": self._clock.now(),
                    "begun": len(done) + 1,
                    "body.done": list(done),
                },
                "$unset": {"check_at": "", "owner": "", "mark": ""},
            },
        )

    @reported
    async def unheard(self, key: str) -> tuple[str, ...] | None:
        """The parts that were taken of an unknown message if the next one surely was not; None if that cannot be told.

        Told by silence: of all that went around it in its broadcast its provider has told, of this part it has not.
        """
        return await unheard(self._outbox, key)

    @reported
    async def expire(self, now: datetime) -> int:
        """End what came too late; returns how many."""
        late: Document = {"state": "queued", "expires_at": {"$lte": now}}
        fields = {"state": "expired", "reason": "its time had passed", "ended": True}
        done = await self._outbox.update_many(late, {"$set": fields, "$unset": {"owner": "", "mark": ""}})
        return done.modified_count

    @reported
    async def hold_back(self, address: Address, until: datetime) -> None:
        """No broadcast to that address before that time: its provider chose to withhold one."""
        hold = {"until": until, "kept_at": wall_clock()}
        await self._holds.update_one({"_id": address_key(address)}, {"$set": hold}, upsert=True)

    @reported
    async def held_back(self, addresses: Iterable[Address], now: datetime) -> set[Address]:
        """To which of these no broadcast goes now."""
        named = {address_key(address): address for address in addresses}
        rows = self._holds.find({"_id": {"$in": sorted(named)}, "until": {"$gt": now}}, {"_id": 1})
        return {named[row["_id"]] for row in await rows.to_list(None)}

    @reported
    async def counts(self) -> dict[str, int]:
        """How many messages there are by state."""
        rows = await self._mongo.aggregate(
            "outbox",
            [{"$match": {"campaign": {"$gte": ""}}}, {"$group": {"_id": "$state", "n": {"$sum": 1}}}],
        )
        return {str(row["_id"]): int(row["n"]) for row in rows}

    @reported
    async def campaign_counts(self, campaign: str) -> dict[str, int]:
        """How many messages of a campaign there are by state."""
        rows = await self._mongo.aggregate(
            "outbox", [{"$match": {"campaign": campaign}}, {"$group": {"_id": "$state", "n": {"$sum": 1}}}]
        )
        return {str(row["_id"]): int(row["n"]) for row in rows}

    @reported
    async def waits(self, lane: Lane, channels: Sequence[str], now: datetime) -> set[str]:
        """On which of these channels something is due in that lane, as far as a quick look tells."""
        where: Document = {
            "state": "queued",
            "channel": {"$in": list(channels)},
            "lane": LANES[lane],
            "next_at": {"$lte": now},
        }
        rows = await self._outbox.find(where, {"channel": 1}).limit(_GLANCE).to_list(None)
        return set(channels) if len(rows) == _GLANCE else {str(row["channel"]) for row in rows}

    @reported
    async def waiting(self) -> dict[Lane, tuple[int, datetime]]:
        """By lane: how many messages wait, and since when the oldest of them might have gone. An empty lane is absent."""
        group: Document = {"_id": "$lane", "n": {"$sum": 1}, "since": {"$min": "$next_at"}}
        rows = await self._mongo.aggregate(
            "outbox",
            [{"$match": {"state": "queued", "lane": {"$in": list(LANES.values())}}}, {"$group": group}],
        )
        zone = self._clock.now().tzinfo
        return {_LANES[int(row["_id"])]: (int(row["n"]), row["since"].astimezone(zone)) for row in rows}
