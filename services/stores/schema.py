"""What the database looks like: every collection with its validator and its indexes, as data."""

from dataclasses import dataclass
from typing import Any, Final

from pymongo import IndexModel

DAY: Final = 86_400
INBOX_DAYS: Final = 14  # providers repeat an event for up to 7 days (Meta)
OUTBOX_DAYS: Final = 30
NOTICE_DAYS: Final = 2
HOLD_DAYS: Final = 2
SLOT_DAYS: Final = 400
FILE_DAYS: Final = 60  # a picture that was not sent for so long is uploaded again
CAMPAIGN_DAYS: Final = 30  # as long as its messages
PROCESS_DAYS: Final = 30
POISON_DAYS: Final = 7
DAILY_DAYS: Final = 30  # market data; for ever it is in the lake


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
            IndexModel([("address", 1), ("said_at", -1)], name="heard"),
        ),
    ),
    Plan(
        "poison",
        _shape(channel="string", raw="binData", size="int", reason="string", times="int", kept_at="date"),
        (_forget(POISON_DAYS),),
    ),
    Plan(
        "outbox",
        _shape(
            user_id="string",
            address="string",
            channel="string",
            lane="int",
            campaign="string",
            state=[
                "queued",
                "sending",
                "accepted",
                "sent",
                "delivered",
                "read",
                "played",
                "failed",
                "unknown",
                "expired",
                "cancelled",
            ],
            put="long",
            kept_at="date",
            sealed="bool",
            body="object",
        ),
        (
            _forget(OUTBOX_DAYS),
            # What is due, by lane of a channel, in the order in which it may go; the rest of the key spares a look.
            IndexModel(
                [("channel", 1), ("lane", 1), ("next_at", 1), ("put", 1), ("campaign", 1)],
                name="due",
                partialFilterExpression={"state": "queued"},
            ),
            IndexModel([("expires_at", 1)], name="late", partialFilterExpression={"state": "queued"}),
            IndexModel([("check_at", 1)], name="unsure", partialFilterExpression={"state": "unknown"}),
            IndexModel([("owner", 1)], name="owner", sparse=True),
            IndexModel([("address", 1), ("put", -1)], name="history"),
            IndexModel([("user_id", 1)], name="user"),
            IndexModel([("refs", 1)], name="refs", sparse=True),
            IndexModel([("campaign", 1), ("state", 1)], name="campaign"),
            # What was taken around a message of a broadcast, in the order of time.
            IndexModel(
                [("campaign", 1), ("channel", 1), ("sent_at", 1)],
                name="around",
                partialFilterExpression={"campaign": {"$gt": ""}, "sent_at": {"$exists": True}},
            ),
        ),
    ),
    Plan("holds", _shape(until="date", kept_at="date"), (_forget(HOLD_DAYS),)),
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
    Plan(
        "processes",
        _shape(beat_at="date", alive_at="date", listens="bool", place="string", pid="int", kept_at="date"),
        (_forget(PROCESS_DAYS),),
    ),
    Plan(
        "campaigns",
        _shape(
            kind=["brief", "announcement", "alert"],
            state=["running", "paused", "cancelled", "done", "stopped"],
            started="date",
            kept_at="date",
        ),
        (
            _forget(CAMPAIGN_DAYS),
            IndexModel([("state", 1)], name="state"),
            IndexModel([("started", -1), ("_id", -1)], name="newest"),
        ),
    ),
    # Each chat's and sender's use of a provider's rates; void as soon as the allowance is whole again.
    Plan(
        "rates",
        _shape(forget_at="date"),
        (IndexModel([("forget_at", 1)], name="forget", expireAfterSeconds=0),),
    ),
    Plan("people", _shape(kept_at="date"), (_forget(2),)),
    Plan("files", _shape(kept_at="date"), (_forget(FILE_DAYS),)),
    Plan("holidays", _shape(name="string")),
    Plan(
        "daily",
        _shape(kind="string", day="string", as_of="date", rows="int", body="binData", kept_at="date"),
        (_forget(DAILY_DAYS), IndexModel([("kind", 1), ("day", -1)], name="newest")),
    ),
    Plan(
        "symbols",
        _shape(names="array", day="string", name="string", sector="string"),
        (IndexModel([("names", 1)], name="names"),),
    ),
    Plan(
        "funds",
        _shape(names="array", day="string", sector="string", category="string"),
        (IndexModel([("names", 1)], name="names"),),
    ),
    Plan(
        "imports",
        _shape(kind="string", name="string", at="date", by="string", rows="int", undone="bool"),
        (IndexModel([("at", -1)], name="newest"),),
    ),
    Plan(
        "tickets",
        _shape(user_id="string", kind="string", text="string", at="date", number="int"),
        (IndexModel([("user_id", 1)], name="user"), IndexModel([("number", -1)], name="newest", unique=True)),
    ),
    Plan("switches", _shape()),
    Plan("sources", _shape(condition=["new", "ok", "partly", "failing", "gated"], failures="int")),
    Plan(
        "codes",
        _shape(user_id="string", until="date", kept_at="date"),
        (_forget(1), IndexModel([("user_id", 1)], name="user")),
    ),
)
