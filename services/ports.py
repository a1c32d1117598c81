"""The doors to the outside world, as Protocols. An adapter stands behind each; ``bot/world.py`` chooses which."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.campaign_store import CampaignStore as CampaignStore  # noqa: PLC0414  # handed on: a door of its own file
from services.domain.conversation import (
    Address,
    Inbound,
    Lane,
    Lang,
    MediaRef,
    Outbound,
    Receipt,
)
from services.domain.day_orders import Order
from services.domain.errors import Scope
from services.domain.intents import Understanding
from services.domain.market import MarketBook
from services.domain.pictures import PictureSpec
from services.domain.users import Alert, User
from services.inbox_store import Arrival as Arrival  # noqa: PLC0414  # handed on: a door of its own file
from services.inbox_store import InboxStore as InboxStore  # noqa: PLC0414
from services.inbox_store import Processes as Processes  # noqa: PLC0414
from services.inbox_store import TurnStore as TurnStore  # noqa: PLC0414
from services.outbox_store import OutboxStore as OutboxStore  # noqa: PLC0414  # handed on: a door of its own file


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, aware, in Asia/Karachi (or the market's own zone)."""
        ...


class MarketData(Protocol):
    async def book(self) -> MarketBook:
        """The newest complete market book; cheap after the first call."""
        ...


class UserStore(Protocol):
    async def get(self, user_id: str) -> User | None: ...
    async def by_address(self, address: Address) -> User | None: ...
    async def by_addresses(self, addresses: Sequence[Address]) -> User | None:
        """The person who is reached at any of these; lookups of many turns at one time cost one question."""
        ...

    async def save(self, user: User) -> None:
        """Insert or replace. Two users can never share an address."""
        ...

    async def change(self, before: User, after: User) -> None:
        """Write only what differs, so that two changes at one time both stay. A person who was deleted stays so.

        Raises ``BadInput`` if an address belongs to somebody else.
        """
        ...

    async def remember_brief(self, user_id: str, brief: str) -> None:
        """Note the last brief and nothing else: the person may be changing their settings at this moment."""
        ...

    async def remember_briefs(self, briefs: Mapping[str, str]) -> None:
        """The same for many, by user id, in one question."""
        ...

    def page(self, *, stages: Sequence[str] = (), after: str = "") -> AsyncIterator[User]:
        """Every user (of these stages) behind that id, in the order of ids, without holding all in memory."""
        ...

    async def among(self, user_ids: Sequence[str]) -> list[User]:
        """Those of these people who are there, in one question; in no order."""
        ...

    async def counts(self) -> dict[str, int]:
        """How many users there are by stage."""
        ...

    async def held(self) -> list[str]:
        """The codes that anybody holds, what most people hold first."""
        ...

    async def delete(self, user_id: str) -> None:
        """Forget the person: user, session, inbox, outbox, alerts, tickets."""
        ...

    async def everything(self, user_id: str) -> dict[str, object]:
        """All that is stored of a person, ready for JSON."""
        ...


class AlertStore(Protocol):
    async def add(self, alert: Alert) -> None: ...
    async def of(self, user_id: str) -> list[Alert]: ...
    async def remove(self, user_id: str, alert_id: str) -> bool: ...
    def active(self) -> AsyncIterator[Alert]: ...
    async def fired(self, alert_id: str, at: datetime) -> bool:
        """Mark as fired, once; False if it was already."""
        ...


class OperationsStore(Protocol):
    async def claim_slot(self, slot: str, at: datetime) -> bool:
        """Insert a slot ("morning_brief:2026-08-20"); False if it is there: two schedulers, one run."""
        ...

    async def release_slot(self, slot: str) -> None: ...
    async def slots(self, *, limit: int = 20) -> list[tuple[str, datetime]]:
        """The newest slots that were run."""
        ...

    async def holidays(self) -> dict[date, str]: ...
    async def add_holiday(self, day: date, name: str) -> None:
        """Close a day; a re-opened one is closed again."""
        ...

    async def reopened(self) -> frozenset[date]:
        """Days on which the exchange trades by the operator's word, whatever the calendar says."""
        ...

    async def reopen(self, day: date) -> None:
        """Open a day; a declared holiday of that day is gone."""
        ...

    async def order_day(self, day: date, name: str, *, opens: bool, at: datetime, owner: str) -> Order:
        """Close or open a day, and in the same write note that people are to be told of it."""
        ...

    async def day_orders(self) -> list[Order]:
        """Those of which not everybody was told yet, by day."""
        ...

    async def told_order(self, order: Order) -> None:
        """Everybody was told; a later word on that day stays noted."""
        ...

    async def paused(self) -> bool: ...
    async def set_paused(self, *, paused: bool) -> None: ...
    async def open_ticket(self, user_id: str, kind: str, text: str, at: datetime) -> str:
        """Keep a complaint or praise; returns its short number."""
        ...

    async def put_code(self, code: str, user_id: str, until: datetime) -> None:
        """Keep a short code that stands for a user until that time."""
        ...

    async def take_code(self, code: str, now: datetime) -> str | None:
        """The user behind a code that is still good, once; None otherwise."""
        ...

    async def tickets(self, *, limit: int = 20) -> list[dict[str, str]]: ...


class MediaStore(Protocol):
    async def put(self, data: bytes, mime: str, name: str = "") -> MediaRef:
        """Keep bytes under their content hash; the same bytes twice are one object."""
        ...

    async def get(self, key: str) -> bytes:
        """Raises ``NotAvailable`` if there is no such object."""
        ...


class Charts(Protocol):
    async def draw(self, spec: PictureSpec) -> bytes:
        """A PNG, drawn off the event loop."""
        ...


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice note: OGG/Opus mono bytes, its length, and the words that are spoken."""

    data: bytes
    seconds: float
    transcript: str


class Speech(Protocol):
    async def speak(self, sentences: Sequence[str], lang: Lang, *, within: float | None = None) -> Recording:
        """Speak **written** sentences (it normalises them itself); parts are cached by content.

        ``within`` is a length in seconds that is kept by speaking faster, as far as that stays easy to follow; what
        cannot be brought into it is longer. Without it the pace is the voice's own.

        Raises ``Unavailable`` when no voice speaks that language, ``BadInput`` when there is nothing to say.
        """
        ...

    async def speak_mp3(
        self, chapters: Sequence[Sequence[str]], lang: Lang, *, within: float | None = None
    ) -> Recording:
        """Chapters behind one another as one MP3 file; each sounds as ``speak`` with the same ``within`` makes it."""
        ...

    async def as_mp3(self, sound: bytes) -> bytes:
        """A recording as MP3, for whom the OGG is refused. Raises ``Unavailable`` if it cannot be made."""
        ...


class Model(Protocol):
    """The optional language model. The offline one raises ``Unavailable``; callers fall back."""

    async def understand(self, text: str, lang: Lang) -> Understanding: ...
    async def narrate(self, prompt: str, inputs: dict[str, str]) -> str:
        """Fill the named prompt and return the text; the caller grounds it before use."""
        ...


Gate = Callable[[], Awaitable[None]]


class Sender(Protocol):
    async def send(self, outbound: Outbound, gate: Gate) -> Receipt:
        """Send over the channel of its address, behind the parts in ``outbound.done``.

        ``gate`` is awaited right before each request that delivers something. Raises ``DeliveryFailed`` or one of its
        kinds, or what the gate raises.
        """
        ...

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:
        """Whether the provider took a message sent after ``since`` whose answer we never saw; None if surely not.

        Raises ``NotAvailable`` if its provider cannot tell, ``DeliveryFailed`` if it does not answer.
        """
        ...

    async def instead(self, outbound: Outbound, code: str, ref: str) -> Outbound | None:
        """What to put in the place of a message whose medium was refused late, by a status; None if nothing can be.

        ``ref`` is the provider's id that was refused, "" if it is not known which part it was.
        """
        ...

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:
        """Show "typing…" or "recording…"; never raises."""
        ...


class Rates(Protocol):
    """What providers allow in a time: by sender, by chat, by group; shared by all processes that send."""

    def ready(self, address: Address, lane: Lane) -> bool:
        """Whether ``admit`` would let a message through at once."""
        ...

    async def admit(self, address: Address, lane: Lane) -> None:
        """Wait until one request to this address may go, and count it. Interactive ones go first, always."""
        ...

    async def hold(self, address: Address, scope: Scope, seconds: float) -> None:
        """The provider asked for a pause of this chat, this sender or the account: nothing of that scope goes within."""
        ...
