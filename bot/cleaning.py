"""What a message is rid of before it is kept: half characters that no store can write down, and senseless lengths."""

import hashlib
from dataclasses import replace
from typing import Final

from services.domain.conversation import Address, Attachment, Inbound
from services.domain.errors import Malformed

# Beyond what any provider lets a person send (texts: Telegram 4,096 characters, WhatsApp 4,096, Twilio 1,600; buttons
# 256; names 256): a body that was tampered with is cut here, not carried through every reader of texts.
_LONGEST: Final = {"text": 8192, "pressed": 1024, "name": 256, "reply_ref": 1024}
_ID: Final = 300
_KEY: Final = 256
_MOST: Final = 10  # attachments, aliases


def readable(inbound: Inbound) -> Inbound:
    """The message as it can be kept.

    Raises:
        Malformed: Its address is none that a provider gives.
    """
    fields = {name: _clean(getattr(inbound, name), longest) for name, longest in _LONGEST.items()}
    changed = {name: value for name, value in fields.items() if value != getattr(inbound, name)}
    for address in (inbound.address, *inbound.aliases):
        _check(address)
    event_id = _identity(inbound.event_id)
    if event_id != inbound.event_id:
        changed["event_id"] = event_id
    if changed:
        inbound = replace(inbound, **changed)  # type: ignore[arg-type]  # only names of text fields are in it
    if inbound.attachments:
        inbound = replace(inbound, attachments=tuple(map(_attached, inbound.attachments[:_MOST])))
    return inbound


def _clean(text: str, longest: int) -> str:
    if len(text) > longest:
        text = text[:longest]
    return text if text.isascii() else text.encode("utf-8", "ignore").decode()


def _identity(event_id: str) -> str:
    """The key of the event: different ones stay different, whatever they are made of."""
    cleaned = _clean(event_id, _ID)
    if cleaned == event_id:
        return event_id
    digest = hashlib.sha256(event_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{cleaned[:100]}:{digest}"


def _check(address: Address) -> None:
    if not address.key or _clean(address.key, _KEY) != address.key:
        raise Malformed("an address that no provider gives")


def _attached(attachment: Attachment) -> Attachment:
    return replace(attachment, ref=_clean(attachment.ref, 4096), mime=_clean(attachment.mime, 256))
