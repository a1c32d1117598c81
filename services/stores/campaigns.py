"""Campaigns: how far each broadcast was composed, whether it may go on, and what became of its messages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from services.domain.campaigns import HELD, Campaign, State, is_night
from services.domain.profiles import zone_of
from services.ports import Clock
from services.stores.mongo import Document, Mongo, Taken, reported, wall_clock

_CAMPAIGN: Final = TypeAdapter(Campaign)
_COUNTS: Final = ("due", "put", "twice", "failed")


class MongoCampaigns:
    """``CampaignStore`` on MongoDB.

    Args:
        mongo: The database.
        clock: Tells whether people sleep.
    """

    def __init__(self, mongo: Mongo, clock: Clock) -> None:
        self._campaigns = mongo["campaigns"]
        self._clock = clock

    @reported
    async def begin(self, campaign: Campaign) -> Campaign:
        """Insert it, or take over the composing of the one that is there; one composed to its end begins anew."""
        try:
            await self._campaigns.insert_one(_document(campaign))
        except Taken:
            kept = _value(await self._campaigns.find_one({"_id": campaign.id}) or {})
            if kept.state == "cancelled":
                return kept
            return await self._set(campaign.id, {"$set": _taken_over(kept, campaign)}) or kept
        return campaign

    @reported
    async def advance(self, campaign: Campaign) -> Campaign:
        """Keep cursor, counts and ``composed``; returns it as it stands now, which tells whether it was cancelled."""
        fields: Document = {name: getattr(campaign, name) for name in _COUNTS}
        if campaign.composed:
            fields["composed"] = True
        change = {"$set": fields, "$max": {"cursor": campaign.cursor}}
        return await self._set(campaign.id, change) or replace(campaign, state="cancelled")

    @reported
    async def change(
        self, campaign_id: str, state: State, reason: str, at: datetime, *, of: Sequence[State]
    ) -> bool:
        """Move it to a state if it is in one of these."""
        fields: Document = {
            "state": state,
            "reason": reason,
            "ended": at if state in {"done", "cancelled"} else None,
        }
        done = await self._campaigns.update_one(
            {"_id": campaign_id, "state": {"$in": list(of)}}, {"$set": fields}
        )
        return done.matched_count == 1

    @reported
    async def get(self, campaign_id: str) -> Campaign | None:
        """The campaign of that id."""
        found = await self._campaigns.find_one({"_id": campaign_id})
        return _value(found) if found else None

    @reported
    async def newest(self, *, limit: int = 10) -> list[Campaign]:
        """The newest, newest first."""
        found = await self._campaigns.find().sort([("started", -1), ("_id", -1)]).limit(limit).to_list(None)
        return [_value(document) for document in found]

    @reported
    async def open(self) -> list[Campaign]:
        """All that are neither done nor cancelled, oldest first."""
        found = self._campaigns.find({"state": {"$in": ["running", *HELD]}}).sort("started", 1)
        return [_value(document) for document in await found.to_list(None)]

    @reported
    async def adopt(self, campaign: Campaign, owner: str) -> bool:
        """Become the one who composes it, if it still has the owner that ``campaign`` says."""
        known: Document = {"_id": campaign.id, "owner": campaign.owner, "composed": False}
        return (await self._campaigns.update_one(known, {"$set": {"owner": owner}})).matched_count == 1

    @reported
    async def halted(self) -> Mapping[str, str]:
        """Of which campaigns nothing may be sent now, and why."""
        where: Document = {"state": {"$in": [*HELD, "cancelled"]}}
        now = self._clock.now()
        if is_night(now, zone_of(now)):
            where = {"$or": [where, {"state": "running", "asleep": True}]}
        rows = await self._campaigns.find(where, {"state": 1}).to_list(None)
        return {str(row["_id"]): "asleep" if row["state"] == "running" else str(row["state"]) for row in rows}

    async def _set(self, campaign_id: str, change: Document) -> Campaign | None:
        found = await self._campaigns.find_one_and_update({"_id": campaign_id}, change, return_document=True)
        return _value(found) if found else None


def _taken_over(kept: Campaign, campaign: Campaign) -> Document:
    """What changes when a run is made again: the owner; its time, if that is over; all, if it was at its end."""
    fields: Document = {"owner": campaign.owner}
    if kept.composed or (kept.expires is not None and kept.expires <= campaign.started):
        fields |= {"started": campaign.started, "expires": campaign.expires}
    if kept.composed:
        fields |= {
            "state": "running" if kept.state == "done" else kept.state,
            "composed": False,
            "cursor": "",
            "ended": None,
            **dict.fromkeys(_COUNTS, 0),
        }
    return fields


def _document(campaign: Campaign) -> Document:
    fields = _CAMPAIGN.dump_python(campaign)
    return {"_id": fields.pop("id"), **fields, "kept_at": wall_clock()}


def _value(document: Document) -> Campaign:
    fields = {name: value for name, value in document.items() if name not in {"_id", "kept_at"}}
    return _CAMPAIGN.validate_python({"id": document.get("_id", ""), **fields})
