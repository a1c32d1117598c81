"""The doors to what is kept of messages that come in; a part of ``services.ports`` in a file of its own."""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.domain.conversation import Address, Inbound, Outbound, Session
from services.domain.users import User


class InboxStore(Protocol):
    async def accept(self, inbound: Inbound) -> bool:
        """Store once by ``event_id``; False if it was seen before. Raises ``Unavailable`` if it could not be stored."""
        ...

    async def open(self, *, older_than: datetime) -> list[Inbound]:
        """What was accepted before that time and not answered yet, oldest first."""
        ...

    async def tried(self, event_id: str) -> int:
        """Count an attempt; returns how many there have been, 0 if it is not open any more."""
        ...

    async def quarantine(self, event_id: str, reason: str) -> None: ...
    async def poison(self, channel: str, raw: bytes, reason: str) -> None:
        """Keep the raw body of a verified post that could not be read, for an operator's look."""
        ...

    async def noted(self, event_id: str) -> bool:
        """Whether an event that is no message was followed already."""
        ...

    async def note(self, event_id: str, address: Address) -> None:
        """Remember that an event that is no message was followed."""
        ...

    async def heard(self, addresses: Sequence[Address]) -> Mapping[Address, datetime]:
        """When each of these last wrote to us (WhatsApp's window counts from there); absent if not in 14 days."""
        ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who has just written: the person, if we know them, and their session, if one is kept."""

    user: User | None
    session: Session | None


class TurnStore(Protocol):
    def arriving(self, addresses: Sequence[Address]) -> Awaitable[Arrival]:
        """Who is reached at any of these and where they stand: asked from now on, to be awaited later or never."""
        ...

    async def session(self, user_id: str) -> Session: ...

    async def commit(
        self,
        event_id: str,
        session: Session,
        outbounds: Sequence[Outbound],
        *,
        loaded: Session | None = None,
        begun: bool = True,
    ) -> list[Outbound]:
        """As one: the session, the answers (once by key), the inbox entry closed. Returns what was new.

        ``loaded`` is the session with which the turn began (if it is the same there is nothing to move); ``begun``: the
        answers are sent at this very moment. Sealed outbounds are stored without their words.
        """
        ...

    async def settle(self) -> None:
        """Write now what may wait: to be called before the process ends."""
        ...


class Processes(Protocol):
    """Which processes of the bot are alive. ``instance`` is this one's name for ever: it owns what it is sending."""

    @property
    def instance(self) -> str: ...

    async def dead_owners(self, ids: Iterable[str]) -> set[str]:
        """Which of these processes are dead; never this one, never one that may still be at work."""
        ...

    async def listen(self) -> None:
        """From now on this process takes messages."""
        ...

    def down(self) -> tuple[datetime, datetime] | None:
        """The last time in which no process took messages; None if unknown."""
        ...
