"""What is said: the values that travel between a channel, a turn of talk and the outbox. None of them can act."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from typing_extensions import override

Channel = Literal["telegram", "twilio", "meta", "web", "terminal"]
Lang = Literal["en", "ur", "roman"]
NoticeKind = Literal[
    "sent", "delivered", "read", "played", "failed", "blocked", "unblocked", "stopped", "other"
]
LANGUAGES: tuple[Lang, ...] = ("en", "ur", "roman")


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached. ``key`` is opaque: with WhatsApp user names a phone number may be absent."""

    channel: Channel
    key: str

    @override
    def __str__(self) -> str:
        return f"{self.channel}:{self.key}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something a user sent beside text; ``ref`` is the provider's own id or URL for fetching it."""

    kind: Literal["image", "voice", "audio", "video", "document", "location", "contact", "sticker", "other"]
    ref: str = ""
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or button press of one person.

    ``event_id`` is the provider's own id with the channel before it ("telegram:123456"); it is the inbox key.
    ``pressed`` is the id of the button, "" for typed text. ``reply_ref`` is the provider's id that typing
    indicators and callback answers need. ``at`` is aware. ``aliases`` are other addresses that the provider proved, in
    the same payload, to be the same person's (a phone number beside a user id); one person is one record.
    """

    event_id: str
    address: Address
    at: datetime
    text: str = ""
    pressed: str = ""
    name: str = ""
    reply_ref: str = ""
    attachments: tuple[Attachment, ...] = ()
    aliases: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A provider says that somebody is reached elsewhere from now on: new number, new user id, migrated group."""

    event_id: str
    old: Address
    new: Address
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a channel reports that is no message: a delivery status, a block, an unblock, an opt-out.

    ``ref`` is the provider's message id for statuses, "" otherwise; ``code`` the provider's error code, if any; ``key``
    our own outbox key where the provider echoes it (Meta's opaque data). ``about`` names what a kind "other" is
    ("edit", "revoke", "reaction", "system", "template", "account", "unknown" …): one of a channel's fixed words, never
    the payload's own.
    """

    event_id: str
    kind: NoticeKind
    address: Address | None
    at: datetime
    ref: str = ""
    code: str = ""
    key: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A picture, sound or file kept in the media store. ``key`` is the SHA-256 of its bytes plus an ending."""

    key: str
    mime: str
    size: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words. ``*bold*`` and ``_italic_`` are the only marks; each channel renders them its own way."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Picture:
    media: MediaRef
    caption: str = ""
    alt: str = ""
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note, OGG/Opus mono. ``transcript`` is what is spoken, for those who cannot listen."""

    media: MediaRef
    seconds: float
    transcript: str = ""
    kind: Literal["voice"] = "voice"


@dataclass(frozen=True, slots=True)
class Document:
    media: MediaRef
    caption: str = ""
    kind: Literal["document"] = "document"


Block = Text | Picture | Voice | Document


@dataclass(frozen=True, slots=True)
class Button:
    """``press`` comes back as ``Inbound.pressed``: "intent" or "intent?key=value&…" or "step:choice"; at most 64 bytes."""

    title: str
    press: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, channel-free. ``source`` is the short disclaimer line (source, time) under a market message.

    ``sealed``: holds rupee amounts a user typed; it is sent but its words are written nowhere.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    source: str = ""
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler returns. ``awaiting`` names the step that the next message belongs to; ``memo`` is its notes.

    ``forget``: once this is sent, everything kept of the person is deleted. ``speaker`` is the id of the person whom
    the speaker became by linking channels, if that happened. ``more`` makes further replies one after the other: each is
    sent as soon as it is there, so that nobody waits for the last to see the first.
    """

    replies: tuple[Reply, ...]
    awaiting: str | None = None
    memo: Mapping[str, str] = field(default_factory=dict)
    forget: bool = False
    speaker: str = ""
    more: Callable[[], AsyncIterator[Reply]] | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Where a conversation stands between two turns."""

    user_id: str
    awaiting: str | None = None
    memo: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """The approved message to use where WhatsApp's window is shut: its name in our settings and its parameters.

    ``header`` is the picture above it; ``press`` what its one quick-reply button ("Send audio") comes back as.
    """

    name: str
    parameters: tuple[str, ...] = ()
    header: MediaRef | None = None
    press: str = ""


Lane = Literal["interactive", "broadcast"]


@dataclass(frozen=True, slots=True)
class Outbound:
    """One reply on its way to one address. ``key`` is unique for ever: putting it twice is once.

    Keys: ``reply:<event_id>:<n>``, ``brief:<day>:<time>:<user>:<n>``,
    ``announce:<id>:<user>:<n>``, ``alert:<alert id>:<user>:<n>``.
    ``campaign`` is the run of a broadcast it belongs to ("" = none), by which it is paused or cancelled. It is not sent
    before ``not_before`` nor after ``expires_at``. ``done`` are the provider's ids of the parts already taken in an
    earlier try: sending goes on behind them.
    """

    key: str
    user_id: str
    address: Address
    reply: Reply
    at: datetime
    lane: Lane = "interactive"
    expires_at: datetime | None = None
    template: Template | None = None
    reply_ref: str = ""
    campaign: str = ""
    not_before: datetime | None = None
    done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider said on taking a message: its ids, in the order in which the parts were sent.

    ``moved``: where it really went, if the provider said that the address is another one from now on.
    """

    refs: tuple[str, ...]
    at: datetime
    moved: Address | None = None
