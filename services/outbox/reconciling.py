"""What nobody knows: messages of processes that died, and requests without an answer. Found out, never guessed."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from services.counts import Counts
from services.domain.conversation import Receipt
from services.domain.errors import DeliveryFailed, MarketByteError, NotAvailable, OnlyEchoes
from services.outbox.neighbours import Neighbours
from services.outbox_store import Journal, OutboxStore, Unsure
from services.ports import Clock, Sender

ROUND: Final = 2.0  # seconds between looks
TIDY_EVERY: Final = 5  # rounds between the looks that are dearer
FORGOTTEN: Final = timedelta(seconds=45)  # longer than any request
SHOWN: Final = timedelta(
    seconds=60
)  # after this a message that its provider does not list was surely not taken
ASK_AGAIN: Final = timedelta(seconds=15)
AT_ONCE: Final = 8  # questions under way
PAGE: Final = 4 * AT_ONCE  # so that the dead are looked for meanwhile
GIVEN_UP: Final = timedelta(hours=24)
LISTENED: Final = timedelta(minutes=10)  # so long a provider's silence may still become clear


class Reconciler:
    """Looks after what is left behind, for the channels of this process."""

    def __init__(  # noqa: PLR0913  # each room by name
        self,
        *,
        store: OutboxStore,
        sender: Sender,
        clock: Clock,
        neighbours: Neighbours,
        counts: Counts,
        in_hand: set[str],
        journal: Journal,
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._neighbours = neighbours
        self._counts = counts
        self._in_hand = in_hand
        self._journal = journal

    async def run(self, channels: tuple[str, ...]) -> None:
        """Look for ever; when the store is away, later."""
        rounds = 0
        while True:
            try:
                await self.orphans()
                await self.unsure(channels)
                if rounds % TIDY_EVERY == 0:
                    await self.tidy()
            except MarketByteError:
                pass  # whoever needs the store tells that it is away
            rounds += 1
            await asyncio.sleep(ROUND)

    async def orphans(self) -> int:
        """Free what dead processes held; what they were sending is unknown now: how many those are."""
        owners = await self._store.owners()
        dead = await self._neighbours.dead(owners) if owners else set()
        return sum([await self._store.orphaned(owner, await self._read(owner)) for owner in dead])

    async def _read(self, owner: str) -> set[str] | None:
        """What the journal of a dead process tells is not unknown: what was taken, and what never went out.

        Returns what had gone out and had no answer; None if there is no journal to tell.
        """
        left = self._journal.left_by(owner)
        if left is None:
            return None
        unsure: set[str] = set()
        unsent: dict[str, tuple[str, ...]] = {}
        for outbound in await self._store.sending(owner):
            key, now = outbound.key, self._clock.now()
            if key in left.taken:
                receipt = Receipt(left.taken[key], now)
                await self._store.accepted(key, receipt, channel=outbound.address.channel)
            elif key not in left.posted:
                # The ids of parts that were taken just before the end are known to nobody.
                nameless = max(0, left.waiting.get(key, 1) - 1 - len(outbound.done))
                unsent[key] = (*outbound.done, *[""] * nameless)
            else:
                unsure.add(key)
        await self._store.unsent(unsent)
        return unsure

    async def unsure(self, channels: tuple[str, ...]) -> int:
        """Ask the providers for the messages whose outcome nobody knows; returns how many are clear now."""
        waiting = await self._store.unsure(self._clock.now(), channels, limit=PAGE)
        few = asyncio.Semaphore(AT_ONCE)

        async def asked(one: Unsure) -> bool:
            async with few:
                return await self._asked(one)

        return sum(await asyncio.gather(*(asked(one) for one in waiting)))

    async def tidy(self) -> None:
        """End what came too late, take up what an error let fall, and show how much waits."""
        now = self._clock.now()
        await self._store.expire(now)
        await self._store.forgotten(self._in_hand, now - FORGOTTEN)
        waiting = await self._store.waiting()
        for lane in ("interactive", "broadcast"):
            count, since = waiting.get(lane, (0, now))
            self._counts.level("waiting", count, kind=lane)
            self._counts.level("oldest", max(0.0, (now - since).total_seconds()), kind=lane)

    async def _asked(self, one: Unsure) -> bool:
        outbound, now = one.outbound, self._clock.now()
        channel, done = outbound.address.channel, outbound.done
        try:
            receipt = await self._sender.find(outbound, one.started)
        except NotAvailable as nobody:
            return await self._listened(one, LISTENED if isinstance(nobody, OnlyEchoes) else timedelta())
        except DeliveryFailed as failure:
            if len(failure.done) <= len(done):
                await self._later(one, now + 4 * ASK_AGAIN if now - one.started < GIVEN_UP else None, "")
                return False
            receipt, done = None, failure.done  # some parts were taken: what is behind them follows
        if receipt is not None:
            self._counts.add("reconciled", channel=channel, kind="found")
            await self._store.accepted(outbound.key, receipt, channel=channel)
            return True
        if now - one.started < SHOWN:
            await self._later(one, min(now + ASK_AGAIN, one.started + SHOWN), "")
            return False
        self._counts.add("reconciled", channel=channel, kind="absent")
        await self._store.absent(outbound.key, done=done)
        return True

    async def _listened(self, one: Unsure, listening: timedelta) -> bool:
        """Nobody can be asked. Whether it is clear now, as nothing was heard of it where a status would have told."""
        now = self._clock.now()
        age = now - one.started
        if age >= listening:
            await self._later(one, None, "unsure")
            return False
        done = await self._store.unheard(one.outbound.key) if age >= SHOWN else None
        if done is None:
            await self._later(one, max(now + ASK_AGAIN, one.started + SHOWN), "")
            return False
        self._counts.add("reconciled", channel=one.outbound.address.channel, kind="absent")
        await self._store.absent(one.outbound.key, done=done)
        return True

    async def _later(self, one: Unsure, at: datetime | None, kind: str) -> None:
        if kind:
            self._counts.add("reconciled", channel=one.outbound.address.channel, kind=kind)
        await self._store.ask_later(one.outbound.key, at)
