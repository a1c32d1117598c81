"""Everything that goes out: stored before it is sent, sent once, tried again where that can help.

A message is queued, being sent, accepted, then followed by its statuses; or it failed, expired, was cancelled, or its
outcome is unknown. Replies and broadcasts have lanes of their own on every channel.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from services.counts import UNCOUNTED, Counts
from services.domain.conversation import Address, Lane, Notice, Outbound
from services.domain.errors import MarketByteError, WindowClosed
from services.outbox.breaker import Breaker
from services.outbox.delivery import Delivery
from services.outbox.gate import Gatekeeper
from services.outbox.lanes import Pump
from services.outbox.neighbours import NOBODY, OPEN, UNWRITTEN, Neighbours
from services.outbox.permits import Permits
from services.outbox.reconciling import Reconciler
from services.outbox.refusals import Refusals
from services.outbox_store import Due, Journal, OutboxStore
from services.ports import Clock, Rates, Sender

CHANNELS = ("telegram", "twilio", "meta", "web", "terminal")
LANES: tuple[Lane, ...] = ("interactive", "broadcast")
LOOK_EVERY = 0.25  # seconds between looks for replies that wait
# A status by which WhatsApp tells late that the 24 hours were over: Twilio's and Meta's (their tables of error codes).
WINDOW_SHUT = frozenset({"63016", "131047"})


class Outbox:
    """Puts, delivers, follows; ``run`` works off what waits.

    Args:
        store: Where messages lie.
        sender: The channels.
        clock: What is due and too late.
        rates: What the providers permit.
        neighbours: The other rooms, as functions.
        counts: Where it is counted.
        journal: What this process is sending, where a crash leaves it.
    """

    def __init__(  # noqa: PLR0913  # each room by name
        self,
        store: OutboxStore,
        sender: Sender,
        clock: Clock,
        *,
        rates: Rates = OPEN,
        neighbours: Neighbours = NOBODY,
        counts: Counts = UNCOUNTED,
        journal: Journal = UNWRITTEN,
    ) -> None:
        self._store = store
        self._clock = clock
        self._rates = rates
        self._neighbours = neighbours
        self._counts = counts
        self._breakers: defaultdict[str, Breaker] = defaultdict(Breaker)
        self._permits = Permits(store, clock, neighbours, counts)
        self._refusals = Refusals(
            store=store, clock=clock, rates=rates, neighbours=neighbours,
            permits=self._permits, counts=counts, breakers=self._breakers,
        )  # fmt: skip
        self._keeper = Gatekeeper(
            store=store,
            clock=clock,
            rates=rates,
            permits=self._permits,
            breakers=self._breakers,
            journal=journal,
        )
        self._delivery = Delivery(
            store=store, sender=sender, clock=clock, keeper=self._keeper,
            refusals=self._refusals, neighbours=neighbours, counts=counts,
        )  # fmt: skip
        self._reconciler = Reconciler(
            store=store, sender=sender, clock=clock, neighbours=neighbours, counts=counts,
            in_hand=self._delivery.in_hand,
            journal=journal,
        )  # fmt: skip
        self._pumps: tuple[Pump, ...] = ()
        self._running: list[asyncio.Task[None]] = []

    async def put(self, outbounds: Sequence[Outbound], *, own: bool = False) -> list[Outbound]:
        """Store each once by its key; returns the new ones. ``own``: the caller delivers them itself, at once."""
        new = await self._store.put(outbounds, own=own)
        if new and not own:
            for pump in self._pumps:
                pump.wake()
        return new

    def ready(self, address: Address) -> bool:
        """Whether a reply to this address would leave at once."""
        return self._breakers[address.channel].state == "closed" and self._rates.ready(address, "interactive")

    async def deliver(self, outbound: Outbound, *, begun: bool = False) -> bool:
        """Send one message that this process holds; True if the provider took it, else it waits or is over.

        ``begun``: it was committed as being sent by this process.
        """
        return (await self._delivery.send(Due(outbound), begun=begun)).taken

    async def note(self, notice: Notice) -> None:
        """Follow a message by its status. What a late refusal means for others is done first.

        If we die in between, the status comes again and finds the message still unfailed.
        """
        if notice.kind == "failed" and notice.code:
            await self._refused_late(notice)
        await self._store.note(notice)

    async def shown(self, address: Address, *, limit: int = 1) -> list[Outbound]:
        """The last messages that this address was sent and may have seen, oldest first."""
        return await self._store.shown(address, limit=limit)

    async def history(self, address: Address) -> list[Outbound]:
        return await self._store.history(address)

    async def counts(self) -> dict[str, int]:
        """How many messages there are by state."""
        return await self._store.counts()

    async def cancel(self, campaign: str) -> int:
        """Nothing of that campaign goes any more; returns how many messages had still waited."""
        self._permits.halt(campaign, "cancelled")
        return await self._store.cancel(campaign)

    async def take_over(self) -> int:
        """Free what dead processes held; what they were sending is unknown until it is found out: how many those are."""
        self._keeper.journal.open()
        return await self._reconciler.orphans()

    async def run(self, channels: Sequence[str]) -> None:
        """Work off what waits on these channels, for ever; cancelled, it lets what is under way end within 10 s."""
        self._keeper.journal.open()
        names = tuple(channels)
        self._pumps = tuple(self._pump(lane, channel) for channel in names for lane in LANES)
        work = [pump.run() for pump in self._pumps]
        self._running = [
            asyncio.create_task(one) for one in (*work, self._reconciler.run(names), self._look(names))
        ]
        try:
            await asyncio.gather(*self._running)
        finally:
            for task in self._running:
                task.cancel()

    async def stop(self, seconds: float) -> None:
        """No new sending; let what is under way end, at most that long, and write what was taken."""
        for task in self._running:
            task.cancel()
        for let_go in await asyncio.gather(*(pump.stop(seconds) for pump in self._pumps)):
            await self._store.unsent(let_go)
        await self.settled()

    async def settled(self) -> None:
        """Wait until all that was taken is written."""
        await self._delivery.settled()

    async def sweep(self, channels: Sequence[str] = ()) -> int:
        """Deliver all that is due now, once; returns how many were taken. For commands and tests."""
        pumps = [self._pump(lane, channel) for channel in channels or CHANNELS for lane in LANES]
        await self._reconciler.tidy()
        for pump in pumps:
            while await pump.take():
                await pump.drained()
            await pump.drained()
        await self.settled()
        return sum(pump.taken for pump in pumps)

    async def reconcile(self, channels: Sequence[str] = CHANNELS) -> int:
        """Ask for the messages of unknown outcome once; returns how many are clear now."""
        return await self._reconciler.unsure(tuple(channels))

    def _pump(self, lane: Lane, channel: str) -> Pump:
        return Pump(
            lane, channel, store=self._store, clock=self._clock, delivery=self._delivery,
            permits=self._permits, breakers=self._breakers,
        )  # fmt: skip

    async def _look(self, channels: Sequence[str]) -> None:
        """Replies that another process put, or that are tried again, are not left lying."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                waiting = await self._store.waits("interactive", channels, self._clock.now())
            except MarketByteError:
                continue
            for pump in self._pumps:
                if pump.lane == "interactive" and pump.channel in waiting:
                    pump.wake()

    async def _refused_late(self, notice: Notice) -> None:
        refused = await self._store.told_of(notice)
        if refused is None:
            return
        channel = refused.address.channel
        judge = self._neighbours.judge
        failure = judge(channel, notice.code) if judge else None
        if failure is None and notice.code in WINDOW_SHUT:
            failure = WindowClosed(f"{channel} refused it late (code {notice.code})", code=notice.code)
        if failure is not None:
            await self._refusals.late(refused, failure, notice.ref)
