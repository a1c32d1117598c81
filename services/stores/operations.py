"""What the operator's side remembers: which runs were made, extra holidays, the pause switch, tickets."""

from collections.abc import Callable
from datetime import date, datetime

from services.stores.mongo import Mongo, Taken, reported, wall_clock

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
        await self._holidays.replace_one({"_id": day.isoformat()}, {"name": name}, upsert=True)

    @reported
    async def reopened(self) -> frozenset[date]:
        """Days that the operator opened."""
        found = await self._holidays.find({"open": True}).to_list(None)
        return frozenset(date.fromisoformat(row["_id"]) for row in found)

    @reported
    async def reopen(self, day: date) -> None:
        """Open a day; it is no holiday any more."""
        await self._holidays.replace_one(
            {"_id": day.isoformat()}, {"name": "open", "open": True}, upsert=True
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
