"""Watches that people set: kept, listed, handed to the checker, fired once."""

from collections.abc import AsyncIterator
from datetime import datetime

from services.domain.users import Alert
from services.stores.documents import alert_document, alert_value
from services.stores.mongo import Mongo, reported


class MongoAlerts:
    """``AlertStore`` on MongoDB."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._alerts = mongo["alerts"]

    @reported
    async def add(self, alert: Alert) -> None:
        """Keep it; the same id again replaces it."""
        await self._alerts.replace_one({"_id": alert.id}, alert_document(alert), upsert=True)

    @reported
    async def of(self, user_id: str) -> list[Alert]:
        """A person's alerts, fired ones too, oldest first."""
        alerts = [alert_value(d) for d in await self._alerts.find({"user_id": user_id}).to_list(None)]
        return sorted(alerts, key=lambda alert: (alert.created_at, alert.id))

    @reported
    async def remove(self, user_id: str, alert_id: str) -> bool:
        """Take one away; False if that person has no such alert."""
        gone = await self._alerts.delete_one({"_id": alert_id, "user_id": user_id})
        return gone.deleted_count == 1

    async def active(self) -> AsyncIterator[Alert]:
        """Every alert that has not fired, in the order of ids, a page at a time."""
        async for document in self._mongo.pages("alerts", {"active": True}):
            yield alert_value(document)

    @reported
    async def fired(self, alert_id: str, at: datetime) -> bool:
        """Mark as fired; True for the one caller who did it."""
        done = await self._alerts.update_one(
            {"_id": alert_id, "active": True}, {"$set": {"active": False, "body.fired_at": at.isoformat()}}
        )
        return done.modified_count == 1
