"""Twilio's form posts read tolerantly: messages, button presses, statuses and opt-outs of WhatsApp."""

import re
from collections.abc import Mapping
from typing import Literal

import orjson

from bot.channels.base import Event, Now
from bot.channels.twilio_codes import fate_of
from bot.channels.twilio_signature import pairs
from bot.channels.wire import Fate
from services.domain.conversation import Address, Attachment, Inbound, Notice, NoticeKind

# Twilio's message statuses as ours; those not named here (queued, sending, …) say nothing that we keep.
STATUSES: Mapping[str, NoticeKind] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}
INCOMING = frozenset({"", "received", "receiving"})
# Failures by which a person says no, or is not there.
REFUSED_BY_PERSON: Mapping[Fate, NoticeKind] = {Fate.OPTED_OUT: "stopped", Fate.GONE: "blocked"}
FAMILIES: Mapping[str, Literal["image", "audio", "video"]] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
}
# What a message without words or media may be, by Twilio's MessageType: nothing that wants an answer.
SILENT: Mapping[str, str] = {
    "reaction": "reaction", "system": "system", "edit": "edit", "edited": "edit", "revoke": "revoke",
    "revoked": "revoke", "deleted": "revoke",
}  # fmt: skip
WORDED = frozenset({"", "text", "button", "interactive", "location"})
WHATSAPP = "whatsapp:"
USER_ID = re.compile(r"whatsapp:[A-Z]{2}(\.[A-Za-z0-9]{1,64}){1,3}")
PHONE = re.compile(r"whatsapp:\+[0-9]{5,17}")
LONGEST_PRESS = 256  # a list's id has at most 200
MOST_MEDIA = 10
Form = Mapping[str, str]


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form body, blank ones kept; the first of repeated ones. {} if it is none of Twilio's."""
    fields: dict[str, str] = {}
    try:
        for name, value in pairs(body):
            fields.setdefault(name, value)
    except ValueError:
        return {}
    return fields


def events_of(form: Form, now: Now) -> list[Event]:
    """What a form reports; unknown fields are ignored, for Twilio adds them without notice."""
    status = _status_word(form)
    if status not in INCOMING:
        return _status(form, status, now)
    sid, sender = _sid(form), form.get("From", "")
    if not sid or not sender.startswith(WHATSAPP) or sender == WHATSAPP:
        return [_other(form, "account" if "PayloadType" in form else "unknown", now)]
    return _heard(form, sid, Address("twilio", sender), now)


def _heard(form: Form, sid: str, address: Address, now: Now) -> list[Event]:
    """What a person did: wrote or pressed something, said STOP or START, or something that wants no answer."""
    opted = form.get("OptOutType", "").upper()
    if opted == "STOP":  # Twilio has answered by itself and takes nothing more for this person
        return [Notice(f"twilio:{sid}", "stopped", address, now())]
    kind = form.get("MessageType", "").lower()
    if kind in SILENT:
        return [Notice(f"twilio:{sid}", "other", address, now(), about=SILENT[kind])]
    back = [Notice(f"twilio:{sid}:start", "unblocked", address, now())] if opted == "START" else []
    return [*back, _message(form, sid, address, now)]


def _message(form: Form, sid: str, address: Address, now: Now) -> Inbound:
    # A press is typed text to the eye: "Body" repeats the title; the id is in a field of its own.
    pressed = form.get("ButtonPayload") or form.get("ListId", "")
    text = form.get("Body") or form.get("ButtonText") or form.get("ListTitle", "")
    return Inbound(
        event_id=f"twilio:{sid}",
        address=address,
        at=now(),
        text=text,
        pressed=pressed[:LONGEST_PRESS],
        name=form.get("ProfileName") or _told(form, "ProfileName"),
        reply_ref=sid,
        attachments=_attachments(form, worded=bool(text or pressed)),
        aliases=_aliases(form, address),
    )


def _aliases(form: Form, address: Address) -> tuple[Address, ...]:
    """The same person's other addresses, as Twilio signed them: their user ids beside a number.

    ``WaId`` is none: it repeats the sender's number as text, and is blank or stale where the number is hidden.
    """
    ids = (form.get("ExternalUserId", ""), form.get("ParentExternalUserId", ""))
    keys = [value if value.startswith(WHATSAPP) else WHATSAPP + value for value in ids if value]
    known = dict.fromkeys(key for key in keys if USER_ID.fullmatch(key) or PHONE.fullmatch(key))
    return tuple(Address("twilio", key) for key in known if key != address.key)


def _status(form: Form, status: str, now: Now) -> list[Event]:
    sid, code = _sid(form), form.get("ErrorCode", "").strip()
    if not sid:
        return [_other(form, "unknown", now)]
    code = "" if not code.isascii() or not code.isdecimal() or not int(code[:9]) else code[:9]
    to = form.get("To", "")
    address = Address("twilio", to) if to.startswith(WHATSAPP) and to != WHATSAPP else None
    event_id = f"twilio:{sid}:{status[:20]}"
    kind = STATUSES.get(status, "other")
    about = "status" if kind == "other" else ""
    events: list[Event] = [Notice(event_id, kind, address, now(), sid, code, about=about)]
    refusal = REFUSED_BY_PERSON.get(fate_of(code)) if kind == "failed" and code else None
    if refusal is not None:
        events.append(Notice(f"{event_id}:{refusal}", refusal, address, now(), "", code))
    return events


def _status_word(form: Form) -> str:
    """The status of one of our messages, or "received" (or nothing) for one of theirs."""
    word = form.get("MessageStatus") or form.get("SmsStatus") or form.get("EventType", "")
    return word.strip().lower()


def _other(form: Form, about: str, now: Now) -> Notice:
    sid, sender = _sid(form) or form.get("Sid", ""), form.get("From", "")
    address = Address("twilio", sender) if sender.startswith(WHATSAPP) and sender != WHATSAPP else None
    return Notice(f"twilio:{sid[:64] or 'unknown'}", "other", address, now(), about=about)


def _attachments(form: Form, *, worded: bool) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    count, kind = form.get("NumMedia", "0"), form.get("MessageType", "").lower()
    for number in range(min(int(count[:3]), MOST_MEDIA) if count.isascii() and count.isdecimal() else 0):
        mime = form.get(f"MediaContentType{number}", "")
        found.append(_attachment(form.get(f"MediaUrl{number}", ""), mime.lower(), kind))
    if "Latitude" in form and "Longitude" in form:
        found.append(Attachment("location", f"{form['Latitude']},{form['Longitude']}"))
    if not found and not worded and kind not in WORDED:
        found.append(Attachment("contact" if kind == "contacts" else "other"))
    return tuple(found)


def _attachment(url: str, mime: str, message_type: str) -> Attachment:
    if message_type == "sticker" or mime == "image/webp":
        return Attachment("sticker", url, mime)
    if message_type == "contacts" or "vcard" in mime:
        return Attachment("contact", url, mime)
    if mime.startswith("audio/ogg"):
        return Attachment("voice", url, mime)
    return Attachment(FAMILIES.get(mime.partition("/")[0], "document"), url, mime)


def _told(form: Form, name: str) -> str:
    """A field of ``ChannelMetadata``, which is JSON when it is well; "" otherwise."""
    try:
        told = orjson.loads(form.get("ChannelMetadata", ""))
    except orjson.JSONDecodeError:
        return ""
    for key in ("data", "context", name):
        told = told.get(key) if isinstance(told, dict) else None
    return told if isinstance(told, str) else ""


def _sid(form: Form) -> str:
    return form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid", "")
