"""Values to documents and back: the shape in which people, messages and alerts lie in the database.

A value's own form lies under ``body`` in JSON types (a ``Decimal`` as its exact text, a time with its offset); beside
it stand only the fields that a query or an index needs. A field added to a value later takes its default when an old
document is read.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from services.domain.conversation import Address, Inbound, Outbound, Reply, Session, Text
from services.domain.users import Alert, User

_USER: Final = TypeAdapter(User)
_SESSION: Final = TypeAdapter(Session)
_INBOUND: Final = TypeAdapter(Inbound)
_OUTBOUND: Final = TypeAdapter(Outbound)
_ALERT: Final = TypeAdapter(Alert)
LANES: Final = {"interactive": 0, "broadcast": 1}
# What a process holds for itself comes free when it dies; the time counts only where that cannot be seen.
OWN_HOLD: Final = timedelta(minutes=15)


def address_key(address: Address) -> str:
    """How an address is written in a document: ``channel:key``."""
    return str(address)


def user_document(user: User) -> dict[str, Any]:
    """A person. Addresses that went void still belong to them: who comes back is known."""
    keys = list(dict.fromkeys(address_key(a) for a in (*user.addresses, *user.inactive)))
    return {"_id": user.id, "stage": user.stage, "keys": keys, "body": _USER.dump_python(user, mode="json")}


def user_value(document: dict[str, Any]) -> User:
    """The person back."""
    return _USER.validate_python(document["body"])


def session_document(session: Session) -> dict[str, Any]:
    """Where a conversation stands."""
    return {"_id": session.user_id, "body": _SESSION.dump_python(session, mode="json")}


def session_value(document: dict[str, Any]) -> Session:
    """The session back."""
    return _SESSION.validate_python(document["body"])


def inbound_body(inbound: Inbound) -> dict[str, Any]:
    """A message that came in; the caller has masked its text."""
    return dict(_INBOUND.dump_python(inbound, mode="json"))


def inbound_value(document: dict[str, Any]) -> Inbound:
    """The message back, as masked as it was stored."""
    return _INBOUND.validate_python(document["body"])


def sealed(outbound: Outbound, sealed_text: str) -> Outbound:
    """A sealed message as it may be written: no words, no picture, no button or parameter that may bear an amount."""
    if not outbound.reply.sealed:
        return outbound
    reply = Reply((Text(sealed_text),), sealed=True)
    return replace(outbound, reply=reply, template=None)


def outbound_document(
    outbound: Outbound,
    *,
    sealed_text: str,
    put: int,
    kept_at: datetime,
    owner: str = "",
    begun: bool = False,
) -> dict[str, Any]:
    """A message on its way out.

    Args:
        outbound: The message.
        sealed_text: What stands for the words of a sealed one.
        put: The order of putting, nanoseconds.
        kept_at: The real time, from which its days of keeping count.
        owner: The process that will deliver it itself; "" = whoever is first.
        begun: That process sends it right now.
    """
    ready = max(outbound.at, outbound.not_before or outbound.at)
    document = {
        "_id": outbound.key,
        "user_id": outbound.user_id,
        "address": address_key(outbound.address),
        "channel": outbound.address.channel,
        "lane": LANES[outbound.lane],
        "campaign": outbound.campaign,
        "state": "sending" if begun else "queued",
        "next_at": ready + OWN_HOLD if owner and not begun else ready,
        "expires_at": outbound.expires_at,
        "tries": 0,
        "put": put,
        "kept_at": kept_at,
        "sealed": outbound.reply.sealed,
        "body": _OUTBOUND.dump_python(sealed(outbound, sealed_text), mode="json"),
    }
    if owner:
        document |= {"owner": owner, "leased_at": outbound.at}
    if begun:
        document["started_at"] = outbound.at
    return document


def outbound_value(document: dict[str, Any]) -> Outbound:
    """The message back; a sealed one without its words."""
    return _OUTBOUND.validate_python(document["body"])


def alert_document(alert: Alert) -> dict[str, Any]:
    """A watch."""
    body = _ALERT.dump_python(alert, mode="json")
    return {"_id": alert.id, "user_id": alert.user_id, "active": alert.fired_at is None, "body": body}


def alert_value(document: dict[str, Any]) -> Alert:
    """The watch back."""
    return _ALERT.validate_python(document["body"])


def plain(value: object) -> object:
    """A stored document in JSON types, for a person's export."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
