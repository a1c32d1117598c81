"""What every channel is to the rest of the bot: a door that proves, reads, sends, and knows its provider's measures."""

import hmac
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar, runtime_checkable

from services.domain.conversation import Address, Inbound, Lane, Moved, Notice, Outbound, Receipt
from services.domain.conversation import Channel as ChannelName
from services.domain.errors import Scope
from services.domain.numbering import Gap

Event = Inbound | Notice | Moved
Now = Callable[[], datetime]
Gate = Callable[[], Awaitable[None]]  # awaited right before each request that puts something before a person
Upload = Callable[[], Awaitable[tuple[str, datetime | None]]]
V = TypeVar("V")
# What a notice of kind "other" may be about that an operator has to act on; they are kinds of alarms too.
WORRIES = frozenset({"account", "template", "spam"})


class MediaSource(Protocol):
    """Where the bytes of a picture, sound or file come from; the ``MediaStore`` port fits as it is."""

    async def get(self, key: str) -> bytes: ...


class KnownFiles(Protocol):
    """The ids under which a provider already has our pictures and sounds, shared by all processes, kept in between.

    ``owner`` is the bot or number that an id belongs to; ``key`` the media key with what it is sent as before it
    ("voice:ab12….ogg"), since an id is bound to its kind.
    """

    async def of(self, channel: str, owner: str, key: str, upload: Upload) -> tuple[str, bool]:
        """The provider's id, and True if it was had without calling *this* ``upload``.

        While one upload of a key runs, all others wait for its id; when it fails, its caller gets the error and the
        next one in line tries. ``upload`` returns the id ("" = the provider told none; nothing is kept) and when it ends
        (None = never). With Telegram the upload *is* the first message: send it with its bytes inside ``upload`` (the
        gate included), and send by id only if True comes back. Whoever has waited too long uploads itself.
        """
        ...

    async def drop(self, channel: str, owner: str, key: str, identity: str) -> None:
        """The provider refused this id: forget it, unless a newer one has taken its place."""
        ...


class Pace(Protocol):
    """What the provider permits in a time; the ``Rates`` port fits as it is."""

    async def admit(self, address: Address, lane: Lane) -> None: ...
    async def hold(self, address: Address, scope: Scope, seconds: float) -> None: ...


class Gaps(Protocol):
    """Which numbers a message may have got whose answer was lost, where a provider numbers what it takes in one row."""

    async def around(self, key: str) -> Gap | None:
        """The numbers that nobody is known to have around the message of that key; None if that cannot be told."""
        ...

    async def witness(self, key: str) -> tuple[Outbound, int] | None:
        """A message that surely is there, of the same broadcast, with the number of its last part."""
        ...


class Channel(Protocol):
    """One way to a person. ``WebChat`` is only this; the three with a webhook are a ``Webhook`` as well."""

    @property
    def name(self) -> ChannelName: ...

    @property
    def configured(self) -> bool:
        """Whether its door may be open at all: every secret and id it needs is set. False means 404."""
        ...

    async def send(self, outbound: Outbound, media: MediaSource, gate: Gate) -> Receipt:
        """Send every part of the reply, in order, behind those that ``outbound.done`` names.

        ``gate`` is awaited right before each request that delivers a part (never before an upload): it waits for the
        rate, and the first time it takes the right to send, so whatever it raises ends the sending.

        Raises:
            DeliveryFailed: or one of its kinds; its flags say what may be done next, its ``done`` how far it got.
        """
        ...

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        """Ask the provider whether it took a message that was sent after ``since`` with no answer; None if surely not.

        Raises:
            NotAvailable: this provider has no way to tell (its callbacks may).
            DeliveryFailed: it did not answer.
        """
        ...

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:
        """Show "typing" or "recording" (and acknowledge a press); never raises."""
        ...


@runtime_checkable
class Mending(Channel, Protocol):
    """A channel whose provider may refuse a medium late, with a status."""

    async def instead(self, outbound: Outbound, code: str, ref: str) -> Outbound | None:
        """What to put in the place of a message whose medium was refused; None if nothing can be."""
        ...


class Webhook(Channel, Protocol):
    """A channel whose provider calls us."""

    def verify(self, headers: Mapping[str, str], path_qs: str, body: bytes) -> None:
        """Prove who sent this, before anything of it is read. ``path_qs`` is the raw path with its query.

        Raises:
            Forbidden: the signature or secret is missing or wrong, or none is configured.
        """
        ...

    def parse(self, body: bytes, content_type: str) -> list[Event]:
        """Read a verified body. What is not understood becomes a ``Notice`` of kind "other", never an exception.

        Raises:
            Malformed: the body as a whole is not the provider's format; acknowledge it and keep it aside.
        """
        ...


@runtime_checkable
class Greets(Protocol):
    """A channel with events that want something at once, whatever becomes of them: a pressed button waits for its sign."""

    def greet(self, event: Event) -> None:
        """Begin it behind the acknowledgement; never raises, never waits."""
        ...


@dataclass(frozen=True, slots=True)
class Measure:
    """The limits of one provider. Texts are counted in UTF-16 units, the strictest count any of them documents.

    ``body`` is the text over reply buttons, ``list_body`` the text over a list. 0 means: there is no such thing.
    """

    text: int
    caption: int
    body: int
    list_body: int
    buttons: int
    button_title: int
    rows: int
    row_title: int
    row_description: int
    press_bytes: int
    picture_bytes: int
    voice_bytes: int
    document_bytes: int


# Sources, read 2026: Telegram: core.telegram.org/bots/api (sendMessage, sendPhoto, InlineKeyboardButton), bots/faq.
# Meta: developers.facebook.com/documentation/business-messaging/whatsapp (messages: text, interactive; media).
# Twilio: twilio.com/docs/whatsapp/api, docs/api/errors/21617, docs/content/twilio-quick-reply, help article 360017961894.
LIMITS: Mapping[str, Measure] = {
    "telegram": Measure(
        text=4096, caption=1024, body=4096, list_body=0, buttons=100, button_title=64, rows=0, row_title=0,
        row_description=0, press_bytes=64, picture_bytes=10_000_000, voice_bytes=50_000_000, document_bytes=50_000_000,
    ),
    "meta": Measure(
        text=4096, caption=1024, body=1024, list_body=4096, buttons=3, button_title=20, rows=10, row_title=24,
        row_description=72, press_bytes=200, picture_bytes=5_000_000, voice_bytes=16_000_000, document_bytes=100_000_000,
    ),
    "twilio": Measure(
        text=1600, caption=1600, body=1024, list_body=1024, buttons=3, button_title=20, rows=10, row_title=24,
        row_description=72, press_bytes=200, picture_bytes=5_000_000, voice_bytes=16_000_000, document_bytes=16_000_000,
    ),
}  # fmt: skip


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of a header in whatever case it came, "" if it is absent."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), "")


def secrets_of(setting: str) -> tuple[str, ...]:
    """The one or (while they are rotated) two values of a secret setting; blanks are none."""
    return tuple(part for part in (piece.strip() for piece in setting.split(",")) if part)


def matches_any(given: str, expected: list[str]) -> bool:
    """Whether a proof is one of those expected; takes the same time whichever it is, and with none says no."""
    proof = given.encode("utf-8", "surrogatepass")  # a header's stray bytes reach us as lone surrogates
    results = [hmac.compare_digest(proof, c.encode("utf-8", "surrogatepass")) for c in expected]
    return bool(given) and any(results)


class Recent(Generic[V]):
    """A bounded memory of recent values by key (file ids, numbers, shown buttons); the oldest is forgotten first."""

    def __init__(self, room: int = 10_000) -> None:
        self._room = room
        self._values: OrderedDict[str, V] = OrderedDict()

    def get(self, key: str) -> V | None:
        return self._values.get(key)

    def put(self, key: str, value: V) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._room:
            self._values.popitem(last=False)

    def drop(self, key: str) -> None:
        self._values.pop(key, None)
