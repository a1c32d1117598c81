"""Telegram's updates read tolerantly: raw JSON in, Inbound, Notice and Moved out, nothing required that we can do without."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.channels.base import Event, Now
from bot.channels.telegram_commands import addressed
from services.domain.conversation import Address, Attachment, Inbound, Moved, Notice

CALLBACK = "callback:"  # before the query id in ``reply_ref`` or a Notice's ``ref``: a press must be answered
LONGEST_PRESS = 64  # bytes of callback_data (core.telegram.org/bots/api#inlinekeyboardbutton)
GONE = frozenset({"kicked", "left"})
PRESENT = frozenset({"member", "administrator", "creator", "restricted"})

# What people send, and what we call it. Anything else beside the envelope is a service message: nobody spoke.
CONTENT: Mapping[str, Attachment] = {
    "photo": Attachment("image", mime="image/jpeg"),
    "live_photo": Attachment("image"),
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
    "rich_message": Attachment("other"),
}
# Updates that nobody speaks in, by their key, and what a Notice is about; the first key that is there counts.
# What no line names is "unknown": a kind that Telegram has invented since.
SILENT: Mapping[str, str] = {
    "edited_message": "edit",
    "channel_post": "channel",
    "edited_channel_post": "channel",
    "business_connection": "business",
    "business_message": "business",
    "edited_business_message": "business",
    "deleted_business_messages": "business",
    "guest_message": "guest",
    "message_reaction": "reaction",
    "message_reaction_count": "reaction",
    "inline_query": "inline",
    "chosen_inline_result": "inline",
    "shipping_query": "payment",
    "pre_checkout_query": "payment",
    "purchased_paid_media": "payment",
    "poll": "poll",
    "poll_answer": "poll",
    "chat_member": "membership",
    "chat_join_request": "membership",
    "chat_boost": "boost",
    "removed_chat_boost": "boost",
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
        self._readers: Mapping[str, Callable[[str, Raw], Event]] = {
            "message": self._message,
            "callback_query": self._press,
            "my_chat_member": self._membership,
        }

    def learn_name(self, username: str) -> None:
        """Our own name, once Telegram has told it."""
        self._username = username.lower()

    def read(self, update: Raw) -> list[Event]:
        """The one event of an update."""
        event_id = f"telegram:{self._bot_id}:{update.get('update_id', '')}"
        for key, reader in self._readers.items():
            if value := _object(update, key):
                return [reader(event_id, value)]
        key = next((key for key in SILENT if key in update), "")
        # Never talk. An edit does not run a command again; whoever wants another answer asks again.
        holder = _object(update, key)
        address = _private(_object(holder, "chat")) if key == "edited_message" else None
        return [Notice(event_id, "other", address, self._time(holder), about=SILENT.get(key, "unknown"))]

    def _message(self, event_id: str, message: Raw) -> Event:
        chat, sender = _object(message, "chat"), _object(message, "from")
        at = self._time(message)
        address = _private(chat)
        if address is None:
            return self._elsewhere(event_id, message, at)
        attachments = _attachments(message)
        typed = _string(message, "text") or _string(message, "caption")
        entities = message.get("entities") if _string(message, "text") else message.get("caption_entities")
        text = addressed(typed, entities, self._username)
        if reason := _unheard(text, attachments, sender, address):
            return Notice(event_id, "other", address, at, about=reason)
        return Inbound(
            event_id=event_id,
            address=address,
            at=at,
            text=text or "",
            name=_string(sender, "first_name") or _string(chat, "first_name"),
            attachments=attachments,
        )

    def _elsewhere(self, event_id: str, message: Raw, at: datetime) -> Event:
        """A message in a group or channel: nobody is answered there, but a group that becomes a supergroup moves."""
        here = _chat(_object(message, "chat"))
        to, came = _identity(message, "migrate_to_chat_id"), _identity(message, "migrate_from_chat_id")
        if here is not None and to is not None:
            return Moved(event_id, here, to, at)
        if here is not None and came is not None:
            return Moved(event_id, came, here, at)
        return Notice(event_id, "other", None, at, about="group")

    def _press(self, event_id: str, query: Raw) -> Event:
        message, sender = _object(query, "message"), _object(query, "from")
        # Under an inline message there is no chat: whoever pressed is answered in private.
        chat = _object(message, "chat") or {"id": sender.get("id"), "type": "private"}
        address = _private(chat)
        data = _string(query, "data")
        ref = CALLBACK + identity if (identity := _string(query, "id")) else ""
        forged = not 1 <= len(data.encode()) <= LONGEST_PRESS or _another(sender, address)
        if address is None or forged:
            return Notice(event_id, "other", address, self._now(), ref=ref, about="press")
        return Inbound(
            event_id=event_id,
            address=address,
            at=self._now(),  # a query bears no time of its own, only that of the message under which it was pressed
            text=_title(message, data),
            pressed=data,
            name=_string(sender, "first_name"),
            reply_ref=ref,
        )

    def _membership(self, event_id: str, member: Raw) -> Event:
        chat = _object(member, "chat")
        private, anywhere = _private(chat), _chat(chat)
        status = _string(_object(member, "new_chat_member"), "status")
        at = self._time(member)
        if anywhere is not None and status in GONE:
            return Notice(event_id, "blocked", anywhere, at)
        if private is not None and status in PRESENT:
            return Notice(event_id, "unblocked", private, at)
        # Added to a group: we stay silent there (@BotFather's "Allow Groups?" is the switch for operators).
        return Notice(event_id, "other", private, at, about="membership")

    def _time(self, holder: Raw) -> datetime:
        date = holder.get("date")
        if not isinstance(date, int) or not 0 < date < 2**33:
            return self._now()
        return datetime.fromtimestamp(date, UTC)


def _unheard(text: str | None, attachments: tuple[Attachment, ...], sender: Raw, address: Address) -> str:
    """Why a private message is no talk with us, "" if it is."""
    if text is None:
        return "command for another bot"
    if sender.get("is_bot") is True or _another(sender, address):
        return "sender"
    return "" if text or attachments else "service"


def _another(sender: Raw, address: Address | None) -> bool:
    """Whether somebody else speaks than the one whose private chat it is. Rights go by the chat, so both must agree."""
    number = sender.get("id")
    return address is not None and number is not None and str(number) != address.key


def _chat(chat: Raw) -> Address | None:
    """The address of any chat."""
    return _identity(chat, "id")


def _identity(holder: Raw, name: str) -> Address | None:
    number = holder.get(name)
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return Address("telegram", str(number))


def _private(chat: Raw) -> Address | None:
    """The address of a private chat; groups and channels have none: holdings are nobody else's business.

    Old updates lack the type; a private chat's id is its user's and positive.
    """
    address = _chat(chat)
    kind = chat.get("type")
    private = kind == "private" or (kind is None and address is not None and not address.key.startswith("-"))
    return address if private else None


def _attachments(message: Raw) -> tuple[Attachment, ...]:
    for kind, known in CONTENT.items():
        value = message.get(kind)
        if isinstance(value, list) and value:
            value = value[-1]  # photo sizes come smallest first
        if isinstance(value, dict):
            mime = _string(value, "mime_type") or known.mime
            return (Attachment(known.kind, _string(value, "file_id"), mime),)
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
