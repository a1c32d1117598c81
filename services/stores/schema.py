"""What the database looks like: every collection with its validator and its indexes, as data."""

from dataclasses import dataclass
from typing import Any, Final

from pymongo import IndexModel

DAY: Final = 86_400
INBOX_DAYS: Final = 14  # providers repeat an event for up to 7 days (Meta)
OUTBOX_DAYS: Final = 30
NOTICE_DAYS: Final = 2
SLOT_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Plan:
    """One collection: its name, its JSON-schema validator, its indexes."""

    name: str
    validator: dict[str, Any]
    indexes: tuple[IndexModel, ...] = ()


def _shape(**fields: str | list[str]) -> dict[str, Any]:
    """A validator by which these fields are there, with these BSON types (a list of values for an enumeration)."""
    properties: dict[str, Any] = {"_id": {"bsonType": "string"}}
    for name, kind in fields.items():
        properties[name] = {"enum": kind} if isinstance(kind, list) else {"bsonType": kind}
    return {"$jsonSchema": {"bsonType": "object", "required": list(properties), "properties": properties}}


def _forget(days: int) -> IndexModel:
    return IndexModel([("kept_at", 1)], name="forget", expireAfterSeconds=days * DAY)


COLLECTIONS: Final = (
    Plan(
        "users",
        _shape(stage=["new", "onboarding", "active", "stopped", "blocked"], keys="array", body="object"),
        (
            IndexModel([("keys", 1)], name="address", unique=True),
            IndexModel([("stage", 1), ("_id", 1)], name="stage"),
        ),
    ),
    Plan("sessions", _shape(body="object")),
    Plan(
        "inbox",
        _shape(
            address="string",
            state=["open", "closed", "quarantined"],
            accepted_at="date",
            kept_at="date",
            tries="int",
        ),
        (
            _forget(INBOX_DAYS),
            IndexModel(
                [("state", 1), ("accepted_at", 1)], name="open", partialFilterExpression={"state": "open"}
            ),
            IndexModel([("address", 1)], name="address"),
        ),
    ),
    Plan(
        "outbox",
        _shape(
            user_id="string",
            address="string",
            lane="int",
            state=["pending", "claimed", "sent", "failed", "expired", "unknown"],
            put="long",
            kept_at="date",
            sealed="bool",
            body="object",
        ),
        (
            _forget(OUTBOX_DAYS),
            IndexModel([("lane", 1), ("put", 1)], name="due", partialFilterExpression={"open": True}),
            IndexModel([("address", 1), ("put", -1)], name="history"),
            IndexModel([("user_id", 1)], name="user"),
            IndexModel([("refs", 1)], name="refs", sparse=True),
            IndexModel([("state", 1)], name="state"),
        ),
    ),
    Plan("notices", _shape(rank="int", status="string", kept_at="date"), (_forget(NOTICE_DAYS),)),
    Plan(
        "alerts",
        _shape(user_id="string", active="bool", body="object"),
        (
            IndexModel([("user_id", 1)], name="user"),
            IndexModel([("active", 1), ("_id", 1)], name="active"),
        ),
    ),
    Plan(
        "slots",
        _shape(at="date", kept_at="date"),
        (_forget(SLOT_DAYS), IndexModel([("at", -1)], name="newest")),
    ),
    Plan("holidays", _shape(name="string")),
    Plan(
        "tickets",
        _shape(user_id="string", kind="string", text="string", at="date", number="int"),
        (IndexModel([("user_id", 1)], name="user"), IndexModel([("number", -1)], name="newest", unique=True)),
    ),
    Plan("switches", _shape()),
    Plan(
        "codes",
        _shape(user_id="string", until="date", kept_at="date"),
        (_forget(1), IndexModel([("user_id", 1)], name="user")),
    ),
)
