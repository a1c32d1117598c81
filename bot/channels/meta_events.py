"""Meta's WhatsApp events read tolerantly: every entry, change, message and status on its own, one bad one harming none."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial

from bot.channels.base import Event, Now, Recent
from bot.channels.meta_codes import UNDELIVERABLE, Undeliverable, fate_of
from bot.channels.meta_fields import Raw, digest, digits, identity, items, part, text
from bot.channels.meta_news import news_in
from bot.channels.meta_people import Cards, Person, moves_of, person_of, updates_of
from bot.channels.meta_said import said_in
from bot.channels.wire import Fate
from services.domain.conversation import Address, Inbound, Notice, NoticeKind

STATUSES: Mapping[str, NoticeKind] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "played",
    "failed": "failed",
}
HELD = frozenset({"held", "paced", "held_for_quality_assessment"})  # taken, and let go bit by bit
ARRIVED = frozenset({"delivered", "read", "played"})
PREFERENCES: Mapping[str, NoticeKind] = {"stop": "stopped", "resume": "unblocked", "signup": "unblocked"}
LONGEST_KEY = 512


class EventReader:
    """Reads the events of one number.

    Args:
        now: The clock.
        phones: Learns, by user id, the number that a verified event showed beside it.
        undeliverable: Learns from statuses who cannot be reached.
    """

    def __init__(self, now: Now, phones: Recent[str], undeliverable: Undeliverable) -> None:
        self._now = now
        self._phones = phones
        self._holders: Recent[str] = Recent(100_000)  # the user id that a number was last seen with
        self._undeliverable = undeliverable

    def read(self, payload: Raw) -> list[Event]:
        """Every event of a payload, in order."""
        events: list[Event] = []
        for entry in items(payload, "entry"):
            for change in items(entry, "changes"):
                events += self._change(change, entry)
        return events or [self._other(digest(payload), "unknown")]

    def _change(self, change: Raw, entry: Raw) -> list[Event]:
        value, field = part(change, "value"), text(change, "field")
        events: list[Event] = []
        for read, raw in self._members(value):
            try:
                events += read(raw)
            except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
                # The other events of this post must not be lost with it, and Meta would send it again for days.
                events.append(self._other(f"unreadable:{digest(raw)}", "unreadable"))
        if events:
            return events
        about, word = ("unknown", "") if field == "messages" else news_in(field, value)
        return [self._other(digest({"time": entry.get("time"), **change}), about, word)]

    def _members(self, value: Raw) -> Iterator[tuple[Callable[[Raw], list[Event]], Raw]]:
        """Every message, status, preference … of a change with what reads it."""
        cards = Cards(items(value, "contacts"))

        readers: Mapping[str, Callable[[Raw], list[Event]]] = {
            "messages": partial(self._message, cards),
            "statuses": partial(self._status, cards),
            "user_preferences": partial(self._preference, cards),
            "errors": self._error,
            "message_echoes": self._echo,
            "user_id_update": self._update,
        }
        for name, read in readers.items():
            for raw in items(value, name):
                yield read, raw

    def _message(self, cards: Cards, message: Raw) -> list[Event]:
        wamid = identity(message, "id")
        phone, user_id = digits(text(message, "from")), text(message, "from_user_id")
        person = person_of(
            user_id, phone, cards.of(phone, user_id), shared_id=text(message, "from_parent_user_id")
        )
        event_id, at = f"meta:{wamid or digest(message)}", self._time(message)
        if moved := moves_of(message, event_id, at):
            return [*moved]
        said = said_in(message)
        if not wamid or person.address is None or said.about:
            return [Notice(event_id, "other", person.address, at, about=said.about or "unknown")]
        self._heard(person)
        return [
            Inbound(
                event_id=event_id,
                address=person.address,
                at=at,
                text=said.text,
                pressed=said.pressed,
                name=person.name,
                reply_ref=wamid,
                attachments=said.attachments,
                aliases=person.aliases,
            )
        ]

    def _status(self, cards: Cards, status: Raw) -> list[Event]:
        wamid, said, at = identity(status, "id"), text(status, "status"), self._time(status)
        address = self._recipient(status, cards)
        told = {name: status.get(name) for name in _TELLING}
        event_id = f"meta:{wamid}:{said[:30]}:{digest(told)[:12]}" if wamid else f"meta:{digest(status)}"
        kind, code = STATUSES.get(said, "other"), _first_code(status)
        about = "" if kind != "other" else "held" if said in HELD else "status"
        key = text(status, "biz_opaque_callback_data")[:LONGEST_KEY]
        notice = Notice(event_id, kind, address, at, wamid, code, key, about)
        return [notice, *self._consequences(notice)]

    def _consequences(self, status: Notice) -> list[Event]:
        """What a status means for its person, beside its message: they want no more, or cannot be reached."""
        if status.address is None:
            return []
        if status.kind in ARRIVED:
            self._undeliverable.reached(status.address.key)
        if status.kind != "failed":
            return []
        if status.code and fate_of(status.code) is Fate.OPTED_OUT:
            return [_follows(status, "stopped")]
        void = status.code == UNDELIVERABLE and self._undeliverable.missed(status.address.key, status.ref)
        return [_follows(status, "blocked")] if void else []

    def _recipient(self, status: Raw, cards: Cards) -> Address | None:
        """Whom a status is about; nobody if it is about a group."""
        if text(status, "recipient_type") == "group":
            return None
        phone, user_id = digits(text(status, "recipient_id")), text(status, "recipient_user_id")
        return person_of(user_id, phone, cards.of(phone, user_id)).address

    def _preference(self, cards: Cards, preference: Raw) -> list[Event]:
        phone, user_id = digits(text(preference, "wa_id")), text(preference, "user_id")
        address = person_of(user_id, phone, cards.of(phone, user_id)).address
        kind = PREFERENCES.get(text(preference, "value"), "other")
        event_id, at = f"meta:{digest(preference)}", self._time(preference)
        return [Notice(event_id, kind, address, at, about="" if kind != "other" else "preference")]

    def _error(self, error: Raw) -> list[Event]:
        """An error that is about no message of ours: our account, or something of a person's that cannot be told."""
        code = _code(error)
        about = "account" if code and fate_of(code) is Fate.ACCOUNT else "error"
        return [self._other(digest(error), about, code)]

    def _echo(self, echo: Raw) -> list[Event]:
        """A message of ours that somebody wrote by hand in WhatsApp's own application."""
        return [self._other(identity(echo, "id") or digest(echo), "echo")]

    def _update(self, update: Raw) -> list[Event]:
        event_id = f"meta:{digest(update)}"
        return [*updates_of(update, event_id, self._time(update))] or [self._other(digest(update), "unknown")]

    def _heard(self, person: Person) -> None:
        if person.address is None:
            return
        self._undeliverable.reached(person.address.key)
        for alias in person.aliases:
            before = self._holders.get(alias.key)
            if before not in {None, person.address.key}:
                self._phones.drop(before or "")  # the number has gone to somebody else
            self._holders.put(alias.key, person.address.key)
            self._phones.put(person.address.key, alias.key)

    def _other(self, name: str, about: str, code: str = "") -> Notice:
        return Notice(f"meta:{name}", "other", None, self._now(), code=code, about=about)

    def _time(self, holder: Raw) -> datetime:
        stamp = str(holder.get("timestamp", ""))[:20]
        if not (stamp.isascii() and stamp.isdecimal() and 0 < int(stamp) < 2**33):
            return self._now()
        return datetime.fromtimestamp(int(stamp), UTC)


# A status is one event by these and its message.
_TELLING = (
    "timestamp",
    "recipient_id",
    "recipient_user_id",
    "recipient_participant_id",
    "recipient_participant_user_id",
)


def _follows(status: Notice, kind: NoticeKind) -> Notice:
    return Notice(f"{status.event_id}:{kind}", kind, status.address, status.at, "", status.code)


def _first_code(status: Raw) -> str:
    errors = items(status, "errors")
    return _code(errors[0]) if errors else ""


def _code(error: Raw) -> str:
    code = error.get("code")
    return str(code)[:9] if isinstance(code, int) and not isinstance(code, bool) else ""
