"""What a WhatsApp message says: words, the id that was pressed, things sent along; or that nobody spoke to us."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.channels.meta_fields import Raw, part, text
from services.domain.conversation import Attachment

LONGEST_PRESS = 256  # the id of a reply button; list rows have 200, template buttons 128
Kind = Literal["image", "voice", "audio", "video", "document", "location", "contact", "sticker", "other"]
MEDIA: Mapping[str, Kind] = {
    "image": "image",
    "video": "video",
    "document": "document",
    "audio": "audio",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
}
# Nobody speaks to us by these; the word is what the notice is about.
SILENT: Mapping[str, str] = {
    "reaction": "reaction",
    "edit": "edit",
    "revoke": "revoke",
    "system": "system",
    "request_welcome": "welcome",
    "ephemeral": "system",
}
CHOICES = ("button_reply", "list_reply")


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said. With ``about`` set they did not speak to us, and that is what happened instead."""

    text: str = ""
    pressed: str = ""
    attachments: tuple[Attachment, ...] = ()
    about: str = ""


UNREADABLE = Said(
    attachments=(Attachment("other"),)
)  # they spoke, in a way we cannot read: it gets one answer


def said_in(message: Raw) -> Said:
    """Read one message. A kind that we do not know gets an answer too: its sender waits for one."""
    kind = text(message, "type")
    if "group_id" in message:
        return Said(about="group")
    if not kind or kind in SILENT:
        return Said(about=SILENT.get(kind, "unknown"))
    body = part(message, kind)
    if kind in MEDIA:
        return Said(text(body, "caption"), attachments=(_attachment(kind, body),))
    read = READERS.get(kind)
    return read(body) if read else UNREADABLE


def _text(body: Raw) -> Said:
    return Said(text(body, "body"))


def _template_button(body: Raw) -> Said:
    return Said(text(body, "text"), text(body, "payload")[:LONGEST_PRESS])


def _chosen(body: Raw) -> Said:
    for name in CHOICES:
        if chosen := part(body, name):
            return Said(text(chosen, "title"), text(chosen, "id")[:LONGEST_PRESS])
    # Seen in the wild without a body, with an error beside it: a press that Meta could not tell.
    return Said(about="interactive") if text(body, "type") == "call_permission_reply" else UNREADABLE


def _attachment(kind: str, body: Raw) -> Attachment:
    known: Kind = "voice" if kind == "audio" and body.get("voice") is True else MEDIA[kind]
    ref = text(body, "id") or text(body, "url")
    if kind == "location":
        ref = f"{body.get('latitude', '')},{body.get('longitude', '')}"
    return Attachment(known, ref[:2000], text(body, "mime_type")[:200])


READERS: Mapping[str, Callable[[Raw], Said]] = {
    "text": _text,
    "button": _template_button,
    "interactive": _chosen,
}
