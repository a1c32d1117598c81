"""The pumps: one for each channel and lane takes what is due, page by page, and keeps as many under way as the rate needs.

Replies and broadcasts never wait for one another here: they have pumps, lines and counts of their own, and meet only
at the rate, where replies go first.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from services.domain.conversation import Lane, Outbound
from services.domain.errors import MarketByteError
from services.outbox.breaker import Breaker
from services.outbox.delivery import Delivery
from services.outbox.permits import Permits
from services.outbox_store import Due, OutboxStore
from services.ports import Clock

PAGE: Final = 200
LEASE: Final = timedelta(
    minutes=15
)  # what a process has in hand comes free when it dies; this is for the worst case
LEAST, MOST = 64, 2048  # messages in hand: enough that the rate is kept while each waits for its own chat
SECONDS_AHEAD: Final = 8.0  # of what was lately sent
IDLE: Final = 1.0  # seconds between looks when nobody wakes the pump
AFTER_ERROR: Final = 1.0


class Pump:
    """Takes the due messages of one lane of one channel and sees them delivered."""

    def __init__(  # noqa: PLR0913  # each room by name
        self,
        lane: Lane,
        channel: str,
        *,
        store: OutboxStore,
        clock: Clock,
        delivery: Delivery,
        permits: Permits,
        breakers: Mapping[str, Breaker],
    ) -> None:
        self.lane = lane
        self.channel = channel
        self._store = store
        self._clock = clock
        self._delivery = delivery
        self._permits = permits
        self._breakers = breakers
        self._lines: dict[str, deque[Due]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        self._in_hand = 0
        self._more = False
        self._done = 0
        self._pace = 0.0  # messages a second, lately at best
        self.taken = 0

    def wake(self) -> None:
        """Something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Work for ever; an error of the store is waited out."""
        pacing = asyncio.create_task(self._measure())
        try:
            while True:
                self._wake.clear()
                try:
                    more = await self.take()
                except MarketByteError:
                    more = False
                    await asyncio.sleep(AFTER_ERROR)
                if not more or self._room() < LEAST // 2:
                    await self._rest()
        finally:
            pacing.cancel()

    async def take(self) -> bool:
        """Take one page in hand; True if there may be more."""
        limit = min(PAGE, self._room())
        pause = self._breakers[self.channel].wait(asyncio.get_running_loop().time())
        if limit < 1 or pause:
            return False
        if self._breakers[self.channel].state != "closed":
            limit = 1  # the probe
        now, halted = self._clock.now(), await self._permits.halted()
        page = await self._store.lease(
            self.lane, (self.channel,), now, limit=limit, until=now + LEASE, without=tuple(halted)
        )
        self._delivery.in_hand.update(due.outbound.key for due in page)
        self._in_hand += len(page)
        ready = await self._permits.prepared(page)
        kept = {due.outbound.key for due in ready}
        for due in page:
            if due.outbound.key not in kept:
                self._over(due.outbound)
        self._start(ready)
        self._more = len(page) > limit // 2  # a page may lack the rest of its last address
        return self._more

    async def drained(self) -> None:
        """Wait until nothing is in hand."""
        while self._tasks:
            await asyncio.wait(set(self._tasks.values()))

    async def stop(self, seconds: float) -> dict[str, Sequence[str]]:
        """Let what is under way end, at most that long. Returns what was let go, with its parts that were taken before."""
        let_go: dict[str, Sequence[str]] = {}
        for name, task in list(self._tasks.items()):
            for due in self._lines.get(name, ()):
                if not self._delivery.posted(due.outbound.key):
                    let_go[due.outbound.key] = due.outbound.done
            if self._lines[name][0].outbound.key in let_go:
                task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks.values()), timeout=seconds)
        for task in self._tasks.values():
            task.cancel()
        return let_go

    def _start(self, page: Sequence[Due]) -> None:
        for due in page:
            name = str(due.outbound.address)
            if name in self._lines:
                self._lines[name].append(due)
                continue
            self._lines[name] = deque([due])
            self._tasks[name] = asyncio.create_task(self._line(name))

    async def _line(self, name: str) -> None:
        """The messages of one address, one after the other."""
        line = self._lines[name]
        try:
            while line:
                due = line[0]
                outcome = await self._delivery.send(due)
                self._over(line.popleft().outbound)
                self._done += 1
                self.taken += outcome.taken
                if outcome.wait is not None:
                    await self._behind(line, outcome.wait)
        except Exception:  # noqa: BLE001  # the store is away: what was in hand is found forgotten when it is back
            return
        finally:
            for due in line:
                self._over(due.outbound)
            del self._lines[name], self._tasks[name]

    async def _behind(self, line: deque[Due], wait: float) -> None:
        """What follows a message that is tried again waits as long, so that it is not told before it."""
        at = self._clock.now() + timedelta(seconds=wait)
        while line:
            outbound = line.popleft().outbound
            await self._store.again(
                outbound.key, "it waits for the one before it", at, done=outbound.done, counted=False,
                own=outbound.reply.sealed,
            )  # fmt: skip
            self._over(outbound)

    def _over(self, outbound: Outbound) -> None:
        self._delivery.in_hand.discard(outbound.key)
        self._permits.forget(outbound.key)
        self._in_hand -= 1
        if self._more and self._room() >= LEAST // 2:
            self._wake.set()

    def _room(self) -> int:
        return int(min(max(LEAST, self._pace * SECONDS_AHEAD + LEAST), MOST)) - self._in_hand

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(IDLE):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _measure(self) -> None:
        """How much was sent in the last second; a good second is remembered for a while."""
        while True:
            before = self._done
            await asyncio.sleep(1)
            self._pace = max(self._done - before, self._pace * 0.9)
