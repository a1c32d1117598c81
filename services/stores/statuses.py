"""How far a message got, by its provider's statuses: the same end in whatever order and however often they come.

Each part of a message keeps the best that was told of it. The message stands where the part stands that is furthest
behind: it is delivered when its last part is, and it failed as long as any part has failed and not arrived after all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pymongo import DeleteOne, UpdateOne

from services.domain.conversation import Notice, Receipt
from services.stores.mongo import Document, Mongo, wall_clock

# A later word never undoes a better one: what was read is not "delivered" again, and what arrived did not fail.
STATES: Final = ("accepted", "sent", "failed", "delivered", "read", "played")
RANKS: Final[Mapping[str, int]] = {state: rank for rank, state in enumerate(STATES)}
FAILED: Final = RANKS["failed"]
WITH_STATUSES: Final = ("twilio", "meta")  # the channels that call back with a status
_UNSETTLED: Final = ["queued", "sending", "unknown"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that its provider took."""

    key: str
    channel: str
    receipt: Receipt


class Statuses:
    """Applies statuses to the messages they belong to; those that came before we knew the id wait for it."""

    def __init__(self, mongo: Mongo) -> None:
        self._outbox = mongo["outbox"]
        self._early = mongo["notices"]

    async def settle(self, taken: Sequence[Taken]) -> list[str]:
        """Messages that their provider took, with its ids. Returns the code of a failure that was told before, else ""."""
        whole = await self._outbox.bulk_write([_accepted(t) for t in taken], ordered=False)
        if whole.matched_count < len(taken):  # a status was quicker and taught us an id
            await self._outbox.bulk_write([_merged(t) for t in taken], ordered=False)
        refs = [ref for t in taken if t.channel in WITH_STATUSES for ref in t.receipt.refs]
        refused = await self._catch_up(refs) if refs else {}
        return [next((refused[r] for r in t.receipt.refs if r in refused), "") for t in taken]

    async def note(self, notices: Sequence[Notice]) -> list[None]:
        """Statuses of one moment: two questions for all of them."""
        told = [notice for notice in notices if notice.kind in RANKS and notice.ref]
        left = await self._apply(told)
        if left:
            await self._keep(left)
            await self._apply(left)  # its message may have learnt its id meanwhile
        return [None] * len(notices)

    async def _apply(self, notices: Sequence[Notice]) -> list[Notice]:
        """Apply what can be; returns what belongs to no message that we know."""
        if not notices:
            return []
        refs, keys = await self._known(notices)
        changes: list[UpdateOne] = []
        left: list[Notice] = []
        for notice in notices:
            if notice.ref in refs:
                changes.append(UpdateOne({"_id": refs[notice.ref]}, _ranked(notice.ref, _fact(notice))))
            elif notice.key in keys:
                changes += _taught(notice)
            else:
                left.append(notice)
        if changes:
            await self._outbox.bulk_write(changes)
        return left

    async def _known(self, notices: Iterable[Notice]) -> tuple[dict[str, str], set[str]]:
        """The messages by the ids that they bear, and those still under way whose own key was echoed."""
        refs = {notice.ref for notice in notices}
        keys = {notice.key for notice in notices if notice.key}
        where: Document = {"refs": {"$in": sorted(refs)}}
        if keys:
            echoed = {"_id": {"$in": sorted(keys)}, "state": {"$in": ["sending", "unknown"]}}
            where = {"$or": [where, echoed]}
        rows = await self._outbox.find(where, {"refs": 1}).to_list(None)
        known = {ref: row["_id"] for row in rows for ref in row.get("refs", ()) if ref in refs}
        return known, {row["_id"] for row in rows} & keys

    async def _keep(self, notices: Iterable[Notice]) -> None:
        """A callback may be quicker than our own note of the id: it waits for that in its own collection."""
        changes = []
        for notice in notices:
            fresh = {"_id": notice.ref, **_fact(notice), "kept_at": wall_clock()}
            better = {"$gt": [fresh["rank"], {"$ifNull": ["$rank", -1]}]}
            change = [{"$replaceWith": {"$cond": [better, {"$literal": fresh}, "$$ROOT"]}}]
            changes.append(UpdateOne({"_id": notice.ref}, change, upsert=True))
        await self._early.bulk_write(changes)

    async def _catch_up(self, refs: Sequence[str]) -> dict[str, str]:
        """Apply what was told of these ids before we knew them; returns the codes of failures."""
        rows = await self._early.find({"_id": {"$in": list(refs)}}).to_list(None)
        if not rows:
            return {}
        await self._outbox.bulk_write([UpdateOne({"refs": r["_id"]}, _ranked(r["_id"], r)) for r in rows])
        await self._early.bulk_write([DeleteOne({"_id": row["_id"], "rank": row["rank"]}) for row in rows])
        return {row["_id"]: str(row["code"]) for row in rows if row["rank"] == FAILED}


def _fact(notice: Notice) -> Document:
    fact = {"rank": RANKS[notice.kind], "status": notice.kind, "at": notice.at, "code": notice.code}
    return fact | {"echoed": bool(notice.key)}


def _accepted(taken: Taken) -> UpdateOne:
    """The usual case: nothing was told of it yet."""
    refs = _ids(taken)
    change: Document = {"state": "accepted", "sent_at": taken.receipt.at, "refs": refs}
    change |= {"rank": 0, "ranks": [0] * len(refs)}
    where: Document = {"_id": taken.key, "state": {"$in": _UNSETTLED}, "refs": {"$exists": False}}
    return UpdateOne(where, {"$set": change, "$unset": _SETTLED})


def _ids(taken: Taken) -> list[str]:
    """The ids of its parts; that of one taken by a process that died in between is known to nobody."""
    return [ref for ref in taken.receipt.refs if ref]


_SETTLED: Final = {"owner": "", "mark": "", "reason": "", "check_at": ""}


def _merged(taken: Taken) -> UpdateOne:
    """The parts that were heard of keep what was told of them, the others begin at "accepted"."""
    old = {"$indexOfArray": ["$refs", "$$ref"]}
    rank = {"$cond": [{"$gte": [old, 0]}, {"$arrayElemAt": ["$ranks", old]}, 0]}
    refs = {"$literal": _ids(taken)}
    ranks = {"$map": {"input": refs, "as": "ref", "in": rank}}
    stages: list[Document] = [
        {"$set": {"ranks": ranks, "sent_at": taken.receipt.at, "state": "accepted"}},
        {"$set": {"refs": refs}},
        *_standing(),
        {"$unset": [*_SETTLED]},
    ]
    return UpdateOne({"_id": taken.key, "state": {"$in": _UNSETTLED}}, stages)


def _ranked(ref: str, fact: Mapping[str, Any]) -> list[Document]:
    """What one part's status makes of its message, as stages of an update."""
    position = {"$indexOfArray": ["$refs", {"$literal": ref}]}
    old = {"$ifNull": [{"$arrayElemAt": ["$ranks", "$$n"]}, 0]}
    best = {"$cond": [{"$eq": ["$$n", position]}, {"$max": [old, fact["rank"]]}, old]}
    ranks = {"$map": {"input": {"$range": [0, {"$size": "$refs"}]}, "as": "n", "in": best}}
    told: Document = {"ranks": ranks, "status_at": {"$max": ["$status_at", fact["at"]]}}
    if fact["code"]:
        told["code"] = {"$literal": fact["code"]}
    if fact.get("echoed"):  # what was kept by an earlier version knows nothing of it
        told["echoed"] = True
    return [{"$set": told}, *_standing()]


def _standing() -> list[Document]:
    """Where the message stands by its parts; what is not settled or was ended by us keeps its state."""
    rank = {"$cond": [{"$in": [FAILED, "$ranks"]}, FAILED, {"$min": "$ranks"}]}
    follows = {"$and": [{"$in": ["$state", list(STATES)]}, {"$ne": ["$ended", True]}]}
    state = {"$cond": [follows, {"$arrayElemAt": [list(STATES), "$rank"]}, "$state"]}
    return [{"$set": {"rank": {"$ifNull": [rank, 0]}}}, {"$set": {"state": state}}]


def _taught(notice: Notice) -> list[UpdateOne]:
    """A status that echoes our key teaches its id to a message whose sending had no answer (yet).

    When every part that was begun is heard of, nothing about it is unsure any more: it goes on behind those parts.
    """
    ref, fact = notice.ref, _fact(notice)
    learnt: Document = {
        "refs": {"$concatArrays": [{"$ifNull": ["$refs", []]}, [{"$literal": ref}]]},
        "ranks": {"$concatArrays": [{"$ifNull": ["$ranks", []]}, [fact["rank"]]]},
        "echoed": True,
    }
    if fact["code"]:
        learnt["code"] = {"$literal": fact["code"]}
    under_way: Document = {"_id": notice.key, "state": {"$in": ["sending", "unknown"]}}
    return [
        UpdateOne({**under_way, "refs": {"$ne": ref}}, [{"$set": learnt}]),
        # Whatever its state is by now: its answer may have come since it was looked up, and brought the same id.
        UpdateOne({"_id": notice.key, "refs": ref}, _ranked(ref, fact)),
        UpdateOne({"_id": notice.key, **heard_of(notice.at)[0]}, heard_of(notice.at)[1]),
    ]


def heard_of(now: datetime) -> tuple[Document, list[Document]]:
    """Which unsure messages are sure by now, and the change that lets them go on: (where, stages)."""
    begun = {"$lte": [{"$ifNull": ["$begun", 1]}, {"$size": {"$ifNull": ["$refs", []]}}]}
    where: Document = {"state": "unknown", "refs": {"$exists": True}, "$expr": begun}
    late = {"$and": [{"$ne": ["$expires_at", None]}, {"$lte": ["$expires_at", now]}]}
    stages: list[Document] = [
        {"$set": {"state": {"$cond": [late, "accepted", "queued"]}, "next_at": now, "body.done": "$refs"}},
        {"$set": {"begun": {"$add": [{"$size": "$refs"}, 1]}}},
        *_standing(),
        {"$unset": ["check_at", "owner", "mark"]},
    ]
    return where, stages
