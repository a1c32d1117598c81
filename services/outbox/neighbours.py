"""What the outbox asks of the other rooms and tells them, as functions that the wiring hands in."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from services.domain.conversation import Address, Lane, Outbound
from services.domain.errors import DeliveryFailed, Scope
from services.outbox_store import Left


async def _nothing(*_: object) -> None:
    return None


async def _none_halted() -> Mapping[str, str]:
    return {}


async def _nobody_dead(_: Collection[str]) -> set[str]:
    return set()


async def _nothing_instead(_: Outbound, _code: str, _ref: str) -> Outbound | None:
    return None


async def _room(_: Address) -> bool:
    return True


class OpenRates:
    """``Rates`` where nothing is limited: for tests and commands."""

    def ready(self, address: Address, lane: Lane) -> bool:  # noqa: ARG002  # the port's shape
        return True

    async def admit(self, address: Address, lane: Lane) -> None: ...
    async def hold(self, address: Address, scope: Scope, seconds: float) -> None: ...


OPEN: Final = OpenRates()


class NoJournal:
    """``Journal`` where nothing need survive the process: for tests and commands."""

    def open(self) -> None: ...
    def waits(self, key: str, part: int) -> None: ...
    def posted(self, key: str, part: int) -> None: ...
    def taken(self, key: str, refs: Sequence[str]) -> None: ...
    def settled(self, key: str) -> None: ...
    def left_by(self, owner: str) -> Left | None:  # noqa: ARG002  # the port's shape
        return None


UNWRITTEN: Final = NoJournal()


class Told(Protocol):
    """What knows why something late was refused: the providers' tables of codes."""

    def __call__(self, channel: str, code: str) -> DeliveryFailed | None: ...


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The other rooms. What is left out does nothing.

    Attributes:
        gone: A provider called this address void.
        stopped: The person behind this address told the provider STOP.
        moved: A provider said that an address is another one from now on: (old, new).
        wanting: Which of these people still want scheduled messages, by their ids; asked right before one is sent.
        heard: When these addresses last wrote to us; None = windows are not looked at.
        halted: Of which campaigns nothing may go now, and why ("cancelled" is for good).
        halt: A campaign's template is refused: nothing of it goes until an operator mends it; (campaign, why). Returns
            whether it was the first to say so; None = it calls no operator itself.
        within_day: Whether one more person may be written to outside their window today; counts them.
        dead: Which of these processes are dead.
        alarm: Something that an operator must know: (kind, detail).
        judge: What a code means that came late, with a status.
        instead: What to put in the place of a message whose medium was refused late: (message, code, the refused id).
        known: Whether a code stands in the table of its provider; None = nobody knows the tables.
    """

    gone: Callable[[Address], Awaitable[None]] = _nothing
    stopped: Callable[[Address], Awaitable[None]] = _nothing
    moved: Callable[[Address, Address], Awaitable[object]] = _nothing
    wanting: Callable[[Sequence[str]], Awaitable[Collection[str]]] | None = None
    heard: Callable[[Sequence[Address]], Awaitable[Mapping[Address, datetime]]] | None = None
    halted: Callable[[], Awaitable[Mapping[str, str]]] = _none_halted
    halt: Callable[[str, str], Awaitable[object]] = _nothing
    within_day: Callable[[Address], Awaitable[bool]] = _room
    dead: Callable[[Collection[str]], Awaitable[set[str]]] = _nobody_dead
    alarm: Callable[[str, str], Awaitable[None]] = _nothing
    judge: Told | None = None
    instead: Callable[[Outbound, str, str], Awaitable[Outbound | None]] = _nothing_instead
    known: Callable[[str, str], bool] | None = None


NOBODY: Final = Neighbours()
