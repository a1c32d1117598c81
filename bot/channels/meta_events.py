"""Meta's WhatsApp events read tolerantly: every entry, change, message and status on its own, one bad one harming none."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Literal

import orjson

from bot.channels.base import Event, Now, Recent
from services.domain.conversation import Address, Attachment, Inbound, Notice, NoticeKind

# A business-scoped user id: a country, perhaps "ENT", and up to 128 letters and digits (since 2026; never a number).
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
STATUSES: Mapping[str, NoticeKind] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "played",
    "failed": "failed",
}
STOPPED_CODES = frozenset({"131050"})  # the person asked Meta for no more of our messages
Kind = Literal["image", "voice", "audio", "video", "document", "location", "contact", "sticker", "other"]
MEDIA: Mapping[str, Kind] = {
    "image": "image",
    "video": "video",
    "document": "document",
    "audio": "audio",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
    "order": "other",
    "unsupported": "other",
}
Raw = Mapping[str, object]
EMPTY: Raw = {}


class EventReader:
    """Reads the events of one number. ``phones`` remembers, by address key, the number a verified event showed."""

    def __init__(self, now: Now, phones: Recent[str]) -> None:
        self._now = now
        self._phones = phones

    def read(self, payload: Raw) -> list[Event]:
        """Every event of a payload, in order."""
        events: list[Event] = []
        for change in _changes(payload):
            value = _object(change, "value")
            contacts = _objects(value, "contacts")
            for message in _objects(value, "messages"):
                events += self._safely("message", message, contacts)
            for status in _objects(value, "statuses"):
                events += self._safely("status", status, contacts)
            for preference in _objects(value, "user_preferences"):
                events += self._safely("preference", preference, contacts)
        # Template, account and quality updates, echoes of our own messages: acknowledged, nothing to do.
        return events or [Notice(f"meta:{_digest(payload)}", "other", None, self._now())]

    def _safely(self, kind: str, raw: Raw, contacts: list[Raw]) -> list[Event]:
        read = {"message": self._message, "status": self._status, "preference": self._preference}[kind]
        try:
            return read(raw, contacts)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            # The other events of this post must not be lost with it, and Meta would send it again for days.
            return [Notice(f"meta:unreadable:{_digest(raw)}", "other", None, self._now())]

    def _message(self, message: Raw, contacts: list[Raw]) -> list[Event]:
        wamid = _string(message, "id")
        phone = _digits(_string(message, "from"))
        contact = _contact(contacts, phone, _string(message, "from_user_id"))
        user_id = _string(message, "from_user_id") or _string(contact, "user_id")
        address = self._address(user_id, phone or _digits(_string(contact, "wa_id")))
        event_id, at = f"meta:{wamid}", self._time(message)
        said = None if "group_id" in message else _said(message)
        if not wamid or address is None or said is None:
            return [Notice(event_id if wamid else f"meta:{_digest(message)}", "other", address, at)]
        text, pressed, attachments = said
        name = _string(_object(contact, "profile"), "name")
        return [Inbound(event_id, address, at, text, pressed, name, wamid, attachments)]

    def _status(self, status: Raw, contacts: list[Raw]) -> list[Event]:
        wamid, said = _string(status, "id"), _string(status, "status")
        group = _string(status, "recipient_type") == "group"
        phone = "" if group else _digits(_string(status, "recipient_id"))
        user_id = _string(status, "recipient_user_id") or _string(_contact(contacts, phone), "user_id")
        address = None if group else self._address(user_id, phone)
        at = self._time(status)
        code = _first_code(status)
        person = _string(status, "recipient_participant_user_id") or _string(
            status, "recipient_participant_id"
        )
        event_id = f"meta:{wamid}:{said}" + (f":{_digest({'of': person})}" if person else "")
        events: list[Event] = [Notice(event_id, STATUSES.get(said, "other"), address, at, wamid, code)]
        if code in STOPPED_CODES:
            events.append(Notice(f"{event_id}:stopped", "stopped", address, at, "", code))
        return events

    def _preference(self, preference: Raw, contacts: list[Raw]) -> list[Event]:
        phone = _digits(_string(preference, "wa_id"))
        user_id = _string(preference, "user_id") or _string(_contact(contacts, phone), "user_id")
        wanted = _string(preference, "value")
        kind: NoticeKind = "stopped" if wanted == "stop" else "unblocked" if wanted == "resume" else "other"
        return [
            Notice(f"meta:{_digest(preference)}", kind, self._address(user_id, phone), self._time(preference))
        ]

    def _address(self, user_id: str, phone: str) -> Address | None:
        """The person's lasting key: the user id if there is one, for numbers change and may be hidden; else the number.

        The form of the key tells which it is, and so how to write to it.
        """
        key = user_id if BSUID.fullmatch(user_id) else phone
        if not key:
            return None
        if phone:
            self._phones.put(key, phone)
        return Address("meta", key)

    def _time(self, holder: Raw) -> datetime:
        stamp = str(holder.get("timestamp", ""))
        if not (stamp.isascii() and stamp.isdecimal() and 0 < int(stamp) < 2**33):
            return self._now()
        return datetime.fromtimestamp(int(stamp), UTC)


def _said(message: Raw) -> tuple[str, str, tuple[Attachment, ...]] | None:
    """Text, pressed id and attachments of a message; None if nobody spoke (reaction, edit, revoke, system, unknown)."""
    kind = _string(message, "type")
    body = _object(message, kind)
    if kind == "text":
        return _string(body, "body"), "", ()
    if kind == "button":
        return _string(body, "text"), _string(body, "payload"), ()
    if kind == "interactive":
        chosen = _object(body, "button_reply") or _object(body, "list_reply")
        return (_string(chosen, "title"), _string(chosen, "id"), ()) if chosen else None
    if kind in MEDIA:
        return _string(body, "caption"), "", (_attachment(kind, body),)
    return None


def _attachment(kind: str, body: Raw) -> Attachment:
    known: Kind = "voice" if kind == "audio" and body.get("voice") is True else MEDIA[kind]
    ref = _string(body, "id")
    if kind == "location":
        ref = f"{body.get('latitude', '')},{body.get('longitude', '')}"
    return Attachment(known, ref, _string(body, "mime_type"))


def _changes(payload: Raw) -> Iterator[Raw]:
    for entry in _objects(payload, "entry"):
        yield from _objects(entry, "changes")


def _contact(contacts: list[Raw], phone: str, user_id: str = "") -> Raw:
    """The contact card of a sender: the one of that number or user id, else the only one if it says nothing else.

    Another person's card must never lend its user id or number: rights and holdings go by them.
    """
    known = {"wa_id": phone, "user_id": user_id}
    for name, value in known.items():
        for contact in contacts:
            if value and _string(contact, name) == value:
                return contact
    if len(contacts) != 1:
        return EMPTY
    only = contacts[0]
    other = any(value and _string(only, name) not in {"", value} for name, value in known.items())
    return EMPTY if other else only


def _first_code(status: Raw) -> str:
    errors = _objects(status, "errors")
    return str(errors[0].get("code", "")) if errors else ""


def _digest(raw: Raw) -> str:
    """A short id made of the content itself, so that the same event sent again is known as the same."""
    packed = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(packed).hexdigest()[:24]


def _digits(value: str) -> str:
    number = value.removeprefix("+")
    return number if number.isascii() and number.isdecimal() else ""


def _objects(holder: Raw, name: str) -> list[Raw]:
    value = holder.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _object(holder: Raw, name: str) -> Raw:
    value = holder.get(name)
    return value if isinstance(value, dict) else EMPTY


def _string(holder: Raw, name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""
