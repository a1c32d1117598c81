"""The gate before a message's requests: may it go, is it ours to send, has its turn come?

The order matters. The right to send is written before the turn comes, so that between the turn and the request there is
nothing to wait for: providers count arrivals. What waits with that right and never went out is queued again at once,
also after a crash (``Journal``).
"""

import asyncio
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Final

from services.domain.conversation import Lane, Outbound
from services.domain.errors import NotOurs
from services.outbox.breaker import Breaker
from services.outbox.deck import Deck
from services.outbox.permits import Permits, Postponed
from services.outbox_store import Journal, OutboxStore
from services.ports import Clock, Rates

MOST_FLYING: Final = 256  # requests of one channel and lane under way at one time
LONG_WAIT: Final = 1.0  # seconds after which it is asked again whether a message may go
ECHOES: Final = frozenset(
    {"meta"}
)  # channels whose statuses bear our key: which parts were begun is written for them


class Gatekeeper:
    """What the gates of all messages share."""

    def __init__(
        self,
        *,
        store: OutboxStore,
        clock: Clock,
        rates: Rates,
        permits: Permits,
        breakers: dict[str, Breaker],
        journal: Journal,
    ) -> None:
        self.store = store
        self.rates = rates
        self.permits = permits
        self.journal = journal
        self.posted: set[str] = set()  # messages of which a request is under way
        self._clock = clock
        self._breakers = breakers
        self._decks: defaultdict[str, Deck] = defaultdict(Deck)
        self._landed = asyncio.Event()
        self._flying: Counter[tuple[str, Lane]] = Counter()

    async def first(self, outbound: Outbound) -> None:
        """Before the first request of a message that waited.

        Raises:
            Withdrawn: It must not go any more.
            Postponed: Not now.
            NotOurs: Another process has it, or it was cancelled this moment.
        """
        self.paused(outbound)
        while self._flying[outbound.address.channel, outbound.lane] >= MOST_FLYING:
            self._landed.clear()
            await self._landed.wait()
        deck, patient = self._decks[outbound.address.channel], outbound.lane == "broadcast"
        if patient:
            await deck.enter(outbound.key)
        try:
            await self.permits.ask(outbound)
            if not await self.store.begin(outbound.key, patient=patient):
                raise NotOurs("another process has it, or it was withdrawn")
            await self.turn(outbound)
        finally:
            deck.leave(outbound.key)
        deck.departed()

    async def turn(self, outbound: Outbound) -> None:
        """Wait for the turn of a message that is begun; raises as :meth:`first` if it must not go any more."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        await self.rates.admit(outbound.address, outbound.lane)
        if loop.time() - since > LONG_WAIT:
            await self.permits.ask(outbound)
        self.permits.look(outbound)
        if not self._breakers[outbound.address.channel].enter(loop.time()):
            self.paused(outbound)

    def paused(self, outbound: Outbound) -> None:
        """Raises ``Postponed`` while the breaker lets nothing through."""
        wait = self._breakers[outbound.address.channel].wait(asyncio.get_running_loop().time())
        if wait:
            at = self._clock.now() + timedelta(seconds=wait)
            raise Postponed(f"nothing goes over {outbound.address.channel} at the moment", at)

    def took_off(self, outbound: Outbound) -> None:
        self.posted.add(outbound.key)
        self._flying[outbound.address.channel, outbound.lane] += 1

    def landed(self, outbound: Outbound) -> None:
        self.posted.discard(outbound.key)
        self._flying[outbound.address.channel, outbound.lane] -= 1
        self._landed.set()


class Gate:
    """What a channel awaits before each request of one message; ``begun``: its turn has begun it already."""

    def __init__(self, keeper: Gatekeeper, outbound: Outbound, *, begun: bool) -> None:
        self._keeper = keeper
        self._outbound = outbound
        self._begun = begun
        self.calls = 0

    async def __call__(self) -> None:
        """Wait for the rate, and the first time take the right to send.

        Raises:
            NotOurs: It must not go, or not now (then as ``Withdrawn`` or ``Postponed``).
        """
        outbound, keeper = self._outbound, self._keeper
        number = len(outbound.done) + self.calls + 1
        if self.calls:
            await self._further(number)
        elif self._begun:
            keeper.paused(outbound)
            await keeper.turn(outbound)
        else:
            await keeper.first(outbound)
        keeper.journal.posted(outbound.key, number)
        self.calls += 1
        if self.calls == 1:
            keeper.took_off(outbound)

    async def _further(self, number: int) -> None:
        """Before the request of a further part: those before it were taken."""
        outbound, keeper = self._outbound, self._keeper
        keeper.journal.waits(outbound.key, number)
        if outbound.address.channel in ECHOES:
            await keeper.store.part(outbound.key, number)
        await keeper.rates.admit(outbound.address, outbound.lane)

    def close(self) -> None:
        """The message is no more under way."""
        if self.calls:
            self._keeper.landed(self._outbound)
