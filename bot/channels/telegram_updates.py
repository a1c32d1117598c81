"""Telegram's updates read tolerantly: raw JSON in, Inbound and Notice out, nothing required that we can do without."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.channels.base import Event, Now
from services.domain.conversation import Address, Attachment, Inbound, Notice

CALLBACK = "callback:"  # before the query id in ``reply_ref``: a press must be answered

# What people send, and what we call it. Anything else beside the envelope is a service message: nobody spoke.
CONTENT: Mapping[str, Attachment] = {
    "photo": Attachment("image", mime="image/jpeg"),
    "voice": Attachment("voice"),
    "audio": Attachment("audio"),
    "video": Attachment("video"),
    "video_note": Attachment("video"),
    "animation": Attachment("video"),
    "document": Attachment("document"),
    "sticker": Attachment("sticker"),
    "location": Attachment("location"),
    "contact": Attachment("contact"),
    "story": Attachment("other"),
    "poll": Attachment("other"),
    "dice": Attachment("other"),
    "game": Attachment("other"),
    "paid_media": Attachment("other"),
    "checklist": Attachment("other"),
}
Raw = Mapping[str, object]
EMPTY: Raw = {}


class UpdateReader:
    """Reads one bot's updates.

    Args:
        bot_id: The number before the colon of the token; update ids are unique per bot only.
        username: The bot's own name without "@", to tell "/help@us" from "/help@them"; "" if unknown.
        now: The clock, for updates without a date.
    """

    def __init__(self, bot_id: str, username: str, now: Now) -> None:
        self._bot_id = bot_id
        self._username = username.lower()
        self._now = now

    def read(self, update: Raw) -> list[Event]:
        """The one event of an update."""
        event_id = f"telegram:{self._bot_id}:{update.get('update_id', '')}"
        if message := _object(update, "message"):
            return [self._message(event_id, message)]
        if query := _object(update, "callback_query"):
            return [self._press(event_id, query)]
        if member := _object(update, "my_chat_member"):
            return [self._membership(event_id, member)]
        # Edits never run a command again; channel posts, polls, reactions and what comes new are not talk.
        return [Notice(event_id, "other", None, self._now())]

    def _message(self, event_id: str, message: Raw) -> Event:
        chat, sender = _object(message, "chat"), _object(message, "from")
        address = _private(chat)
        at = self._time(message)
        text = _string(message, "text") or _string(message, "caption")
        attachments = _attachments(message)
        silent = not text and not attachments
        if address is None or silent or sender.get("is_bot") is True or self._for_another(text):
            return Notice(event_id, "other", address, at)
        return Inbound(
            event_id=event_id,
            address=address,
            at=at,
            text=self._unaddressed(text),
            name=_string(sender, "first_name") or _string(chat, "first_name"),
            attachments=attachments,
        )

    def _press(self, event_id: str, query: Raw) -> Event:
        message, sender = _object(query, "message"), _object(query, "from")
        chat = _object(message, "chat") or {"id": sender.get("id"), "type": "private"}
        address = _private(chat)
        data = _string(query, "data")
        if address is None or not data:
            return Notice(event_id, "other", address, self._now())
        return Inbound(
            event_id=event_id,
            address=address,
            at=self._now(),  # a query bears no time of its own, only that of the message under which it was pressed
            text=_title(message, data),
            pressed=data,
            name=_string(sender, "first_name"),
            reply_ref=CALLBACK + _string(query, "id"),
        )

    def _membership(self, event_id: str, member: Raw) -> Event:
        address = _private(_object(member, "chat"))
        status = _string(_object(member, "new_chat_member"), "status")
        at = self._time(member)
        if address is not None and status == "kicked":
            return Notice(event_id, "blocked", address, at)
        if address is not None and status == "member":
            return Notice(event_id, "unblocked", address, at)
        return Notice(event_id, "other", address, at)

    def _time(self, holder: Raw) -> datetime:
        date = holder.get("date")
        if not isinstance(date, int) or not 0 < date < 2**33:
            return self._now()
        return datetime.fromtimestamp(date, UTC)

    def _for_another(self, text: str) -> bool:
        name = _addressee(text)
        return bool(name and self._username) and name.lower() != self._username

    def _unaddressed(self, text: str) -> str:
        """The command without our own name behind it."""
        name = _addressee(text)
        return text.replace(f"@{name}", "", 1) if name else text


def _addressee(text: str) -> str:
    """The name in "/command@name", "" if there is none."""
    word = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    return word.partition("@")[2]


def _private(chat: Raw) -> Address | None:
    """The address of a private chat; groups and channels have none: holdings are nobody else's business.

    Old updates lack the type; a private chat's id is its user's and positive.
    """
    number = chat.get("id")
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    kind = chat.get("type")
    private = kind == "private" or (kind is None and number > 0)
    return Address("telegram", str(number)) if private else None


def _attachments(message: Raw) -> tuple[Attachment, ...]:
    for kind, known in CONTENT.items():
        value = message.get(kind)
        if isinstance(value, list) and value:
            value = value[-1]  # photo sizes come smallest first
        if isinstance(value, dict):
            return (
                Attachment(known.kind, _string(value, "file_id"), _string(value, "mime_type") or known.mime),
            )
    return ()


def _title(message: Raw, data: str) -> str:
    """The words on the button that was pressed, "" if the message is no longer to be had."""
    rows = _object(message, "reply_markup").get("inline_keyboard")
    buttons = [b for row in rows if isinstance(row, list) for b in row] if isinstance(rows, list) else []
    for button in buttons:
        if isinstance(button, dict) and button.get("callback_data") == data:
            return _string(button, "text")
    return ""


def _object(holder: Raw, name: str) -> Raw:
    value = holder.get(name)
    return value if isinstance(value, dict) else EMPTY


def _string(holder: Raw, name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""
