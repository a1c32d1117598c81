"""Twilio's form posts read tolerantly: messages, button presses, statuses and opt-outs of WhatsApp."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import parse_qsl

from bot.channels.base import Event, Now
from services.domain.conversation import Address, Attachment, Inbound, Notice, NoticeKind

# Twilio's message statuses as ours; those not named here (queued, sending, …) say nothing that we keep.
STATUSES: Mapping[str, NoticeKind] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
}
INCOMING = frozenset({"", "received", "receiving"})
# Failures by which a person says no: twilio.com/docs/api/errors/21610 (STOP list), 63014 (blocked by the user).
REFUSED_BY_PERSON: Mapping[str, NoticeKind] = {"21610": "stopped", "63014": "blocked"}
FAMILIES: Mapping[str, Literal["image", "audio", "video"]] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
}
Form = Mapping[str, str]


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form body, blank ones kept; the first of repeated ones."""
    fields: dict[str, str] = {}
    for name, value in pairs(body):
        fields.setdefault(name, value)
    return fields


def pairs(body: bytes) -> list[tuple[str, str]]:
    """Every field as it was sent: blank, repeated and unknown ones too (the signature covers them all)."""
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def events_of(form: Form, now: Now) -> list[Event]:
    """What a form reports; unknown fields are ignored, for Twilio adds them without notice."""
    status = form.get("MessageStatus") or form.get("SmsStatus", "")
    if status.lower() not in INCOMING:
        return _status(form, status.lower(), now)
    sid = _sid(form)
    address = _address(form.get("From", ""))
    if not sid or address is None:
        return [Notice(f"twilio:{sid or 'unknown'}", "other", address, now())]
    match form.get("OptOutType", "").upper():
        case "STOP":  # Twilio has answered by itself and takes nothing more for this person
            return [Notice(f"twilio:{sid}", "stopped", address, now())]
        case "START":
            return [
                Notice(f"twilio:{sid}:start", "unblocked", address, now()),
                _message(form, sid, address, now),
            ]
        case _:
            return [_message(form, sid, address, now)]


def _message(form: Form, sid: str, address: Address, now: Now) -> Inbound:
    # A press is typed text to the eye: "Body" repeats the title; the id is in a field of its own.
    pressed = form.get("ButtonPayload") or form.get("ListId", "")
    text = form.get("Body") or form.get("ButtonText") or form.get("ListTitle", "")
    return Inbound(
        event_id=f"twilio:{sid}",
        address=address,
        at=now(),
        text=text,
        pressed=pressed,
        name=form.get("ProfileName", ""),
        reply_ref=sid,
        attachments=_attachments(form),
    )


def _status(form: Form, status: str, now: Now) -> list[Event]:
    sid, code = _sid(form), form.get("ErrorCode", "")
    address = _address(form.get("To", ""))
    event_id = f"twilio:{sid}:{status}"
    kind = STATUSES.get(status, "other")
    events: list[Event] = [Notice(event_id, kind, address, now(), sid, code)]
    if kind == "failed" and code in REFUSED_BY_PERSON:
        refusal = REFUSED_BY_PERSON[code]
        events.append(Notice(f"{event_id}:{refusal}", refusal, address, now(), "", code))
    return events


def _attachments(form: Form) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    count = form.get("NumMedia", "0")
    for number in range(min(int(count), 10) if count.isascii() and count.isdecimal() else 0):
        mime = form.get(f"MediaContentType{number}", "")
        found.append(_attachment(form.get(f"MediaUrl{number}", ""), mime, form.get("MessageType", "")))
    if "Latitude" in form and "Longitude" in form:
        found.append(Attachment("location", f"{form['Latitude']},{form['Longitude']}"))
    return tuple(found)


def _attachment(url: str, mime: str, message_type: str) -> Attachment:
    if message_type == "sticker" or mime == "image/webp":
        return Attachment("sticker", url, mime)
    if "vcard" in mime:
        return Attachment("contact", url, mime)
    if mime.startswith("audio/ogg"):
        return Attachment("voice", url, mime)
    return Attachment(FAMILIES.get(mime.partition("/")[0], "document"), url, mime)


def _sid(form: Form) -> str:
    return form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid", "")


def _address(value: str) -> Address | None:
    """The exact value: "whatsapp:+92…" or, for those who hide their number, "whatsapp:PK.…"."""
    return Address("twilio", value) if value else None
