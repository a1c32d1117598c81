"""What the operator's side remembers: which runs were made, extra holidays, the pause switch, tickets."""

from collections.abc import Callable
from datetime import date, datetime

from services.domain.dated_days import OPEN
from services.domain.day_orders import Order
from services.stores.mongo import Document, Mongo, Taken, reported, wall_clock

_PAUSED = "paused"
_TICKETS = "ticket_number"


class MongoOperations:
    """``OperationsStore`` on MongoDB.

    Args:
        mongo: The database.
        mask: Takes rupee amounts out of what a person wrote in a ticket; only its result is written.
    """

    def __init__(self, mongo: Mongo, mask: Callable[[str], str]) -> None:
        self._slots = mongo["slots"]
        self._holidays = mongo["holidays"]
        self._switches = mongo["switches"]
        self._tickets = mongo["tickets"]
        self._codes = mongo["codes"]
        self._mask = mask

    @reported
    async def claim_slot(self, slot: str, at: datetime) -> bool:
        """Take a run; False if another scheduler has it."""
        try:
            await self._slots.insert_one({"_id": slot, "at": at, "kept_at": wall_clock()})
        except Taken:
            return False
        return True

    @reported
    async def release_slot(self, slot: str) -> None:
        """Give a run back, so that it can be made again."""
        await self._slots.delete_one({"_id": slot})

    @reported
    async def slots(self, *, limit: int = 20) -> list[tuple[str, datetime]]:
        """The newest runs, newest first; times in UTC."""
        found = await self._slots.find().sort([("at", -1), ("_id", -1)]).limit(limit).to_list(None)
        return [(str(row["_id"]), row["at"]) for row in found]

    @reported
    async def holidays(self) -> dict[date, str]:
        """The operator's extra holidays by day, in order."""
        found = await self._holidays.find({"open": {"$ne": True}}).sort("_id", 1).to_list(None)
        return {date.fromisoformat(row["_id"]): str(row["name"]) for row in found}

    @reported
    async def add_holiday(self, day: date, name: str) -> None:
        """Keep a holiday; the same day again renames it."""
        await self._say(day, {"name": name, "open": False})

    @reported
    async def reopened(self) -> frozenset[date]:
        """Days that the operator opened."""
        found = await self._holidays.find({"open": True}).to_list(None)
        return frozenset(date.fromisoformat(row["_id"]) for row in found)

    @reported
    async def reopen(self, day: date) -> None:
        """Open a day; it is no holiday any more."""
        await self._say(day, {"name": OPEN, "open": True})

    @reported
    async def order_day(self, day: date, name: str, *, opens: bool, at: datetime, owner: str) -> Order:
        """Close or open a day; that people are to be told of it stands in the same document, so both are kept or none."""
        said = await self._holidays.find_one_and_update(
            {"_id": day.isoformat()},
            {
                "$set": {"name": name, "open": opens, "order": {"at": at, "owner": owner}},
                "$inc": {"words": 1},
            },
            upsert=True,
            return_document=True,
        )
        return Order(day, name, opens, at, int(said["words"]) if said else 1, owner)

    @reported
    async def day_orders(self) -> list[Order]:
        """Those of which not everybody was told yet, by day; times in UTC."""
        found = await self._holidays.find({"order": {"$exists": True}}).sort("_id", 1).to_list(None)
        return [_order(row) for row in found]

    @reported
    async def told_order(self, order: Order) -> None:
        """Everybody was told; a later word on that day stays noted."""
        of = {"_id": order.day.isoformat(), "words": order.number}
        await self._holidays.update_one(of, {"$unset": {"order": ""}})

    async def _say(self, day: date, word: Document) -> None:
        """Keep a word of which nobody is told; how many there were on that day stays known."""
        await self._holidays.update_one(
            {"_id": day.isoformat()}, {"$set": word, "$unset": {"order": ""}}, upsert=True
        )

    @reported
    async def paused(self) -> bool:
        """Whether scheduled messages are held back."""
        row = await self._switches.find_one({"_id": _PAUSED})
        return bool(row and row["on"])

    @reported
    async def set_paused(self, *, paused: bool) -> None:
        """Hold scheduled messages back, or no longer."""
        await self._switches.replace_one({"_id": _PAUSED}, {"on": paused}, upsert=True)

    @reported
    async def open_ticket(self, user_id: str, kind: str, text: str, at: datetime) -> str:
        """Keep praise or a complaint; returns its number, "T-17"."""
        counted = await self._switches.find_one_and_update(
            {"_id": _TICKETS}, {"$inc": {"n": 1}}, upsert=True, return_document=True
        )
        number = int(counted["n"]) if counted else 1
        name = f"T-{number}"
        ticket = {"user_id": user_id, "kind": kind, "text": self._mask(text), "at": at, "number": number}
        await self._tickets.insert_one({"_id": name, **ticket})
        return name

    @reported
    async def put_code(self, code: str, user_id: str, until: datetime) -> None:
        """Keep a short code that stands for a person until that time."""
        await self._codes.insert_one(
            {"_id": code, "user_id": user_id, "until": until, "kept_at": wall_clock()}
        )

    @reported
    async def take_code(self, code: str, now: datetime) -> str | None:
        """The person behind a code that is still good; it is good once."""
        taken = await self._codes.find_one_and_delete({"_id": code, "until": {"$gt": now}})
        return str(taken["user_id"]) if taken else None

    @reported
    async def tickets(self, *, limit: int = 20) -> list[dict[str, str]]:
        """The newest tickets, newest first: ``number, user_id, kind, text, at`` (ISO, UTC)."""
        found = await self._tickets.find().sort("number", -1).limit(limit).to_list(None)
        return [
            {
                "number": row["_id"],
                "at": row["at"].isoformat(),
                **{k: row[k] for k in ("user_id", "kind", "text")},
            }
            for row in found
        ]


def _order(row: Document) -> Order:
    told = row["order"]
    return Order(
        date.fromisoformat(row["_id"]), row["name"], row["open"], told["at"], row["words"], told["owner"]
    )
