"""The door to what is kept of messages that go out; a part of ``services.ports`` in a file of its own."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.domain.conversation import Address, Lane, Notice, Outbound, Receipt


@dataclass(frozen=True, slots=True)
class Due:
    """A message that may go now, and how often it was tried in vain."""

    outbound: Outbound
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Unsure:
    """A message of unknown outcome, and when its sending began."""

    outbound: Outbound
    started: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """What a process that died was at; nothing of any other message went out.

    ``posted`` had no answer yet; ``waiting`` waited for the turn of that part, those before it were taken; ``taken`` were
    taken, with the provider's ids.
    """

    posted: frozenset[str] = frozenset()
    waiting: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Journal(Protocol):
    """What this process is sending at this moment, where it survives the process. Never raises, never waits."""

    def open(self) -> None:
        """From now on: of what is not written here nothing went out."""
        ...

    def waits(self, key: str, part: int) -> None:
        """The parts before this one were taken; its request has not gone out."""
        ...

    def posted(self, key: str, part: int) -> None:
        """The request of this part goes out now."""
        ...

    def taken(self, key: str, refs: Sequence[str]) -> None:
        """The provider took it all."""
        ...

    def settled(self, key: str) -> None:
        """The database knows what came of it."""
        ...

    def left_by(self, owner: str) -> Left | None:
        """What a dead process was at; None if that cannot be told."""
        ...


class OutboxStore(Protocol):
    """What goes out. Calls of one moment cost one question; a state only moves forward (``services/outbox``)."""

    async def put(self, outbounds: Sequence[Outbound], *, own: bool = False) -> list[Outbound]:
        """Store each once by its key, before it is sent; returns those that were new.

        ``own``: this process delivers them itself; nobody else takes them while it lives.
        """
        ...

    async def lease(
        self,
        lane: Lane,
        channels: Sequence[str],
        now: datetime,
        *,
        limit: int,
        until: datetime,
        without: Collection[str] = (),
    ) -> list[Due]:
        """A page of what is due, in order, for this process alone until that time; ``without``: campaigns left out."""
        ...

    async def begin(self, key: str, *, patient: bool = False) -> bool:
        """Queued -> sending; False if another has it, it was cancelled, or it is too late. ``patient``: in good time."""
        ...

    async def part(self, key: str, number: int) -> None:
        """The request of a further part (2, 3 …) follows at once."""
        ...

    async def accepted(self, key: str, receipt: Receipt, *, channel: str) -> str:
        """The provider took it. Returns the code of a failure whose status was quicker than this, else ""."""
        ...

    async def again(
        self,
        key: str,
        reason: str,
        at: datetime,
        *,
        done: Sequence[str] = (),
        counted: bool = True,
        own: bool = False,
    ) -> None:
        """Certainly not taken, but for the parts ``done``: queued again for that time; ``own``: for this process only."""
        ...

    async def ended(
        self, key: str, state: str, reason: str, *, code: str = "", done: Sequence[str] = ()
    ) -> None:
        """It ends as failed, expired or cancelled, or nobody can tell (``unknown``)."""
        ...

    async def note(self, notice: Notice) -> None:
        """Record a delivery status, by the provider's id or our echoed key; monotone in any order and repetition."""
        ...

    async def told_of(self, notice: Notice) -> Outbound | None:
        """The message that a status is about, unless any of it has arrived."""
        ...

    async def get(self, key: str) -> Outbound | None:
        """The message that was put under that key; a sealed one without its words."""
        ...

    async def cancel(self, campaign: str) -> int:
        """Nothing of that campaign goes any more; returns how many messages had still waited."""
        ...

    async def owners(self) -> list[str]:
        """Every process that holds or sends a message, alive or dead."""
        ...

    async def orphaned(self, owner: str, unsure: Collection[str] | None = None) -> int:
        """What a dead process held is free; what it was sending (of that, ``unsure``) is unknown: how many those were."""
        ...

    async def sending(self, owner: str) -> list[Outbound]:
        """What a process is sending, as far as the store knows."""
        ...

    async def unsent(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Messages on the point of being sent of which no request went out behind these parts: queued again."""
        ...

    async def unsure(self, now: datetime, channels: Sequence[str], *, limit: int = 100) -> list[Unsure]:
        """Messages of unknown outcome whose time to be asked for has come."""
        ...

    async def ask_later(self, key: str, at: datetime | None) -> None:
        """Ask for an unknown outcome again at that time; None = nobody can be asked."""
        ...

    async def unheard(self, key: str) -> tuple[str, ...] | None:
        """The parts that were taken of an unknown message if its provider's silence tells that the next was not."""
        ...

    async def absent(self, key: str, *, done: Sequence[str] = ()) -> None:
        """An unknown one was surely not taken (but for the parts ``done``): queued again."""
        ...

    async def forgotten(self, in_hand: Collection[str], before: datetime) -> int:
        """What this process took before that time and has no more in hand (an error came between): free, or unknown."""
        ...

    async def expire(self, now: datetime) -> int:
        """End what came too late; returns how many."""
        ...

    async def hold_back(self, address: Address, until: datetime) -> None:
        """No broadcast to that address before that time."""
        ...

    async def held_back(self, addresses: Iterable[Address], now: datetime) -> set[Address]:
        """To which of these no broadcast goes now."""
        ...

    async def shown(self, address: Address, *, limit: int = 1) -> list[Outbound]:
        """The last messages that this address was sent and may have seen, oldest first."""
        ...

    async def history(self, address: Address, *, limit: int = 50) -> list[Outbound]:
        """The last messages put for an address, oldest first."""
        ...

    async def counts(self) -> dict[str, int]:
        """How many messages there are by state."""
        ...

    async def campaign_counts(self, campaign: str) -> dict[str, int]:
        """How many messages of a campaign there are by state."""
        ...

    async def waits(self, lane: Lane, channels: Sequence[str], now: datetime) -> set[str]:
        """On which of these channels something is due in that lane."""
        ...

    async def waiting(self) -> dict[Lane, tuple[int, datetime]]:
        """By lane: how many wait, and since when the oldest might have gone."""
        ...
