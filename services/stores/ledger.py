"""The book in which senders write what they use of a provider's limit: in this process, in Redis, or in MongoDB.

All times are seconds of this process's event loop; a book that is shared converts them.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from services.stores.limits import ChatRule, Limit, booked, drained, full_again

BULK_SECONDS: Final = 2.0  # so long after the last demand of a broadcast one is still taken to run
REFUSED_SECONDS: Final = 60.0  # so long after a refusal replies keep to the sender's rate as well
LEASE_SECONDS: Final = 1.0  # a slot whose taker is not heard of again counts as used so long after its time
NEVER: Final = float("-inf")
_SWEEP_FROM: Final = 4096


@dataclass(slots=True)
class Slot:
    """The right to use one place at ``at``. ``free`` is when the place was free; ``used`` when it was used, if it was."""

    place: int
    at: float
    free: float
    used: float | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sender wants to know and to tell: slots wanted, slots done with, and uses nobody had a slot for.

    ``extra`` are the times of replies that went while no broadcast ran. ``bulk``: a broadcast wants to send.
    ``close_until``: the provider refused, nothing of this sender may go before (0 = no refusal). ``empty``: the process
    has no slot in hand; it gets the next one there is, however far ahead, so that processes take turns.
    """

    wanted: int = 0
    done: Sequence[Slot] = ()
    extra: Sequence[float] = ()
    bulk: bool = False
    close_until: float = 0.0
    empty: bool = True


@dataclass(frozen=True, slots=True)
class Granted:
    """The answer. ``again``: when to ask again if there were fewer slots than wanted."""

    slots: Sequence[Slot]
    again: float
    bulk_until: float
    closed_until: float
    refused_until: float


@dataclass(frozen=True, slots=True)
class Booking:
    """One request to one chat, at the earliest at ``at``; ``drain``: the chat is closed until then instead."""

    chat: str
    rule: ChatRule
    at: float
    drain: bool = False


class Ledger(Protocol):
    """``ahead`` is how far ahead of time slots are given, in seconds; 0 means that every answer is immediate."""

    @property
    def ahead(self) -> float: ...

    async def claim(self, limit: Limit, now: float, claim: Claim) -> Granted:
        """Take slots and give account of those taken before.

        Raises:
            Unavailable: The book is out of reach.
        """
        ...

    async def book(self, bookings: Sequence[Booking]) -> list[float]:
        """When each request may go as far as its chat is concerned; all are counted.

        Raises:
            Unavailable: The book is out of reach.
        """
        ...

    def opens(self, chat: str, rule: ChatRule, at: float) -> float:
        """When a request to a chat could go, as far as this process knows; nothing is counted."""
        ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class _Sender:
    free: list[tuple[float, int]]  # a heap: when each place is free again
    next: float = NEVER
    bulk: float = NEVER
    closed: float = NEVER
    refused: float = NEVER


@dataclass(slots=True)
class LocalLedger:
    """The book of one process that sends alone.

    ``fresh_after``: nothing is free for so many cycles at the beginning; ``first``: the number of the first place.
    """

    ahead: float = 0.0
    fresh_after: float = 0.0
    first: int = 0
    _senders: dict[str, _Sender] = field(default_factory=dict)
    _chats: dict[str, list[float]] = field(default_factory=dict)
    _rules: dict[str, ChatRule] = field(default_factory=dict)
    _sweep_at: int = _SWEEP_FROM

    async def claim(self, limit: Limit, now: float, claim: Claim) -> Granted:
        sender = self._senders.get(limit.name)
        if sender is None:
            free = now + self.fresh_after * limit.cycle if self.fresh_after else NEVER
            sender = self._senders[limit.name] = _Sender(
                [(free, self.first + number) for number in range(limit.places)]
            )
        self._account(sender, limit, claim)
        if claim.bulk:
            sender.bulk = now
        if claim.close_until:
            sender.closed = max(sender.closed, claim.close_until)
            sender.refused = now
        slots: list[Slot] = []
        while len(slots) < claim.wanted and sender.free and sender.closed <= now:
            free, place = heapq.heappop(sender.free)
            slots.append(Slot(place, max(free, sender.next, now), free))
            sender.next = slots[-1].at + limit.spacing
        again = max(sender.closed, sender.free[0][0] if sender.free else now + limit.spacing)
        return Granted(
            slots, again, sender.bulk + BULK_SECONDS, sender.closed, sender.refused + REFUSED_SECONDS
        )

    @staticmethod
    def _account(sender: _Sender, limit: Limit, claim: Claim) -> None:
        for slot in claim.done:
            heapq.heappush(
                sender.free, (slot.free if slot.used is None else slot.used + limit.cycle, slot.place)
            )
            if slot.used is None:
                sender.next = min(sender.next, slot.at)
        for used in per_place(claim.extra, limit.size):
            if sender.free:
                free, place = sender.free[0]
                heapq.heapreplace(sender.free, (max(free, used + limit.cycle), place))

    async def book(self, bookings: Sequence[Booking]) -> list[float]:
        return [self._book(booking) for booking in bookings]

    def _book(self, booking: Booking) -> float:
        state = self._chats.get(booking.chat, ())
        if booking.drain:
            slot, after = booking.at, drained(booking.rule, booking.at)
        else:
            slot, after = booked(booking.rule, state, booking.at)
        self._chats[booking.chat] = after
        self._rules[booking.chat] = booking.rule
        if len(self._chats) >= self._sweep_at:
            self._forget(booking.at)
        return slot

    def opens(self, chat: str, rule: ChatRule, at: float) -> float:
        """When a request to a chat could go, without counting one."""
        state = self._chats.get(chat)
        return booked(rule, state, at)[0] if state else at

    def _forget(self, now: float) -> None:
        """Chats whose allowance is whole again need no memory; the next look is when there are twice as many."""
        for chat in [c for c, state in self._chats.items() if full_again(self._rules[c], state) <= now]:
            del self._chats[chat], self._rules[chat]
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._chats))

    async def close(self) -> None:
        """Nothing is held."""


def per_place(uses: Sequence[float], size: int) -> list[float]:
    """The times at which places count as used, if ``size`` uses go into each: the last of each handful."""
    ordered = sorted(uses)
    return [ordered[min(start + size, len(ordered)) - 1] for start in range(0, len(ordered), size)]
