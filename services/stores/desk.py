"""One sender's desk: who may send next. Replies before broadcasts, each at its chat's own pace, all at the sender's."""

import asyncio
import heapq
import random
from collections import deque
from typing import Final

from services.domain.conversation import Address, Lane
from services.stores.closures import Closures
from services.stores.ledger import BULK_SECONDS, LEASE_SECONDS, NEVER, Booking, Claim, Granted, Ledger, Slot
from services.stores.limits import Limit, Wary
from services.stores.waiting import Later, Waiting, stamp, until

REPORT_SECONDS: Final = 0.1  # so late, at most, others hear what we used, and we what they want
_JITTER_SHARE: Final = 0.05  # after a pause, processes begin at different times
_JITTER_MOST: Final = 1.0
_TRUSTED: Final = 0.7  # of the time after which a slot that nobody gave account of goes to others
# New slots are fetched when the last one is nearer than this share of what is taken at once.
_EARLY: Final = 0.4
_ROUNDED: Final = 0.001  # seconds that a time may differ by when it comes back from a server
_LANES: Final = {"interactive": 0, "broadcast": 1}


class Desk:
    """The queue of one sender in this process.

    A reply is counted for its chat when it comes, a broadcast shortly before its slot; both then wait for a slot, and a
    slot goes to the first reply, or else to the first message of a broadcast. While no broadcast runs anywhere and the
    provider has refused nothing for a minute, a reply needs no slot: it is only written down.
    """

    def __init__(self, limit: Limit, ledger: Ledger) -> None:
        self.limit = limit
        self._ledger = ledger
        self._closures = Closures()
        self._wary = Wary(limit)
        self._number = 0
        self._ready: list[Waiting] = []  # a heap, by lane and order; counted for their chats
        self._crowd: list[Waiting] = []  # a heap as well; broadcasts that are not counted yet
        self._slots: deque[Slot] = deque()
        self._next: Slot | None = None  # the one whose time is awaited
        self._done: list[Slot] = []
        self._block = max(1, int(ledger.ahead / limit.cycle * limit.places))  # slots taken at once
        self._extra: deque[float] = deque(maxlen=limit.places * limit.size)
        self._bulk_until = self._refused_until = self._closed_there = self._heard = self._gone = NEVER
        self._pump: asyncio.Task[None] | None = None
        self._stocking: asyncio.Task[Granted] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._stopped = False

    def free(self, now: float) -> bool:
        """Whether a reply needs no slot."""
        return self._bulk_until <= now and self._refused_until <= now and not self._ready

    def ready(self, address: Address, lane: Lane, now: float) -> bool:
        """Whether a request would go at once, as far as this process knows."""
        chat, rule = self._name(address), self.limit.rule(address)
        if max(self._closures.opens(chat, now), self._ledger.opens(chat, rule, now)) > now:
            return False
        if lane == "interactive" and self.free(now):
            return True
        return self._idle() and self._gone + self.limit.spacing <= now

    async def reply(self, address: Address) -> None:
        """Wait until a reply may go; count it."""
        loop = asyncio.get_running_loop()
        order, chat = self._order("interactive"), self._name(address)
        while True:
            await until(self._closures.opens(chat, NEVER))
            counted = loop.time()
            at = (await self._ledger.book([self._booking(address, counted)]))[0]
            if self._ledger.ahead and loop.time() - self._heard > REPORT_SECONDS:
                await self._listen()
            await until(at)
            if self._closures.since(chat, counted):
                continue
            if self.free(now := loop.time()):
                self._note(now)
                return
            if await self._leave(order, address, self._ready, counted) is None:
                return

    async def broadcast(self, address: Address) -> None:
        """Wait until a message of a broadcast may go, and count it."""
        now = asyncio.get_running_loop().time()
        self._bulk_until = max(self._bulk_until, now + BULK_SECONDS)
        if self._ledger.ahead == 0 and self._idle() and await self._at_once(address, now):
            return
        order, queue, counted = self._order("broadcast"), self._crowd, now
        while later := await self._leave(order, address, queue, counted):
            await until(later.at)
            queue, counted = (self._crowd, now) if later.counted is None else (self._ready, later.counted)

    async def _at_once(self, address: Address, now: float) -> bool:
        """Let a message go without queueing, if there is a slot this moment; only where answers are immediate."""
        if not self.ready(address, "broadcast", now):
            return False
        slot = (await self._settle(now, 1, bulk=True)).slots[0]
        self._slots.clear()
        self._done.append(slot)
        if slot.at > now:
            return False
        await self._ledger.book([self._booking(address, now)])
        slot.used = self._gone = now
        return True

    async def close_chat(self, address: Address, seconds: float) -> None:
        """Nothing goes to this chat for so long; after that one by one."""
        now = asyncio.get_running_loop().time()
        until = now + seconds * (1 + random.random() * _JITTER_SHARE)  # noqa: S311 - spreads, hides nothing
        chat = self._name(address)
        self._closures.close_chat(chat, until, now)
        await self._ledger.book([Booking(chat, self.limit.rule(address), until, drain=True)])

    async def close_all(self, seconds: float) -> None:
        """Nothing of this sender goes for so long, in any process."""
        now = asyncio.get_running_loop().time()
        self._closures.close_all(now + seconds, now)
        self._wary.refused(now)
        self._refused_until = max(self._refused_until, now + seconds)
        self._heed(await self._ledger.claim(self._wary.limit(now), now, Claim(close_until=now + seconds)))

    async def stop(self) -> None:
        """Let the ones that wait go nowhere."""
        self._stopped = True
        running = list(filter(None, (self._pump, self._stocking, self._listening)))
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _idle(self) -> bool:
        return not self._ready and not self._crowd

    def _order(self, lane: Lane) -> tuple[int, int]:
        self._number += 1
        return _LANES[lane], self._number

    async def _leave(
        self, order: tuple[int, int], address: Address, queue: list[Waiting], counted: float
    ) -> Later | None:
        """Wait in a queue; None once it may go."""
        loop = asyncio.get_running_loop()
        waiting = Waiting(order, address, counted, loop.create_future())
        heapq.heappush(queue, waiting)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._run())
        answer = await waiting.go
        if isinstance(answer, Later):
            return answer
        loop.call_soon(stamp, answer)  # when its request has been written, not when its turn came
        return None

    def _note(self, now: float) -> None:
        """Write down a reply that went without a slot."""
        self._extra.append(now)
        if self._ledger.ahead:
            asyncio.get_running_loop().call_later(REPORT_SECONDS, self._report)

    async def _run(self) -> None:
        """Give slots to those who wait, as long as somebody does."""
        try:
            while slot := await self._next_slot():
                self._next = slot
                if not self._ready and self._stocking is not None:
                    await asyncio.wait([self._stocking])  # somebody is being called up
                if self._ready:
                    await until(slot.at)
                self._next = None
                self._grant(slot)
                await asyncio.sleep(0)  # those who go write their requests,
                await asyncio.sleep(0)  # and stamp their slot before it is accounted for
                self._done.append(slot)
        finally:
            self._done += self._slots  # what was taken and not needed is free again
            self._slots.clear()
            if self._ledger.ahead:
                asyncio.get_running_loop().call_later(REPORT_SECONDS, self._report)

    async def _next_slot(self) -> Slot | None:
        """The next slot of ours; more are taken when none is left, all given back when the sender is closed.

        None when nobody waits any more.
        """
        loop = asyncio.get_running_loop()
        while not self._idle() or self._calling():
            now = loop.time()
            if self._closures.sender > now:
                self._done += self._slots
                self._slots.clear()
                await until(self._closures.sender)
            elif self._slots:
                if not self._calling() and self._slots[-1].at - now < self._ledger.ahead * _EARLY:
                    self._stocking = asyncio.create_task(self._stock())  # while the last ones are spent
                return self._slots.popleft()
            elif self._stocking is not None and self._calling():
                await asyncio.wait([self._stocking])
            else:
                again = (await self._stock()).again
                if not self._slots:
                    await asyncio.sleep(max(0.002, again - self._ledger.ahead - loop.time()))
        return None

    def _calling(self) -> bool:
        return self._stocking is not None and not self._stocking.done()

    async def _stock(self) -> Granted:
        """Take slots and call up those who will leave in them."""
        now = asyncio.get_running_loop().time()
        demand = len(self._ready) + len(self._crowd) - len(self._in_hand()) * self.limit.size
        wanted = max(0, min(self._block, -(-demand // self.limit.size)))
        bulk = bool(self._crowd) or any(waiting.order[0] for waiting in self._ready)
        granted = await self._settle(now, wanted, bulk=bulk)
        await self._call_up()
        return granted

    async def _call_up(self) -> None:
        """Bring as many of the crowd forward as there are slots, and count them for their chats."""
        slots, before = self._in_hand(), len(self._ready)
        room = len(slots) * self.limit.size - before
        called: list[Waiting] = []
        while self._crowd and len(called) < room:
            if not (waiting := heapq.heappop(self._crowd)).go.done():
                called.append(waiting)
        if not called:
            return
        now = asyncio.get_running_loop().time()
        times = [max(now, slots[(before + number) // self.limit.size].at) for number in range(len(called))]
        bookings = [self._booking(waiting.address, at) for waiting, at in zip(called, times, strict=True)]
        for waiting, opens, at in zip(called, await self._ledger.book(bookings), times, strict=True):
            waiting.counted = now
            if opens <= at + _ROUNDED:
                heapq.heappush(self._ready, waiting)
            elif not waiting.go.done():
                waiting.go.set_result(Later(opens, now))

    def _in_hand(self) -> list[Slot]:
        return [self._next, *self._slots] if self._next else list(self._slots)

    def _grant(self, slot: Slot) -> None:
        """Let up to ``size`` go; those whose chat was closed meanwhile come again."""
        now = asyncio.get_running_loop().time()
        left = self.limit.size if self._closures.sender <= now and not self._stale(slot, now) else 0
        while left and self._ready:
            waiting = heapq.heappop(self._ready)
            if waiting.go.done():
                continue
            chat = self._name(waiting.address)
            if self._closures.since(chat, waiting.counted):
                waiting.go.set_result(Later(self._closures.opens(chat, now)))
                continue
            slot.used = self._gone = now
            waiting.go.set_result(slot)
            left -= 1

    def _stale(self, slot: Slot, now: float) -> bool:
        """Whether this process was silent for so long that a slot may be another's by now."""
        return self._ledger.ahead > 0 and now - slot.at > LEASE_SECONDS * _TRUSTED

    def _name(self, address: Address) -> str:
        return f"{self.limit.name}:{address.key}"

    def _booking(self, address: Address, at: float) -> Booking:
        return Booking(self._name(address), self.limit.rule(address), at)

    async def _settle(self, now: float, wanted: int = 0, *, bulk: bool = False) -> Granted:
        """Give account of what was used, take what is wanted, hear what the other processes do."""
        done = [slot for slot in self._done if not self._stale(slot, now)]
        extra = [*self._extra, *(slot.used for slot in self._done if slot.used and self._stale(slot, now))]
        self._done = []
        self._extra.clear()
        claim = Claim(wanted, done, extra, bulk, empty=not self._in_hand())
        granted = await self._ledger.claim(self._wary.limit(now), now, claim)
        self._heed(granted)
        self._slots.extend(granted.slots)
        return granted

    def _heed(self, granted: Granted) -> None:
        self._heard = now = asyncio.get_running_loop().time()
        self._bulk_until = granted.bulk_until
        self._refused_until = max(self._refused_until, granted.refused_until)
        if granted.closed_until > max(now, self._closed_there + 0.01):
            self._closed_there = granted.closed_until
            jitter = min(_JITTER_MOST, (granted.closed_until - now) * _JITTER_SHARE) * random.random()  # noqa: S311
            self._closures.close_all(granted.closed_until + jitter, now)

    def _report(self) -> None:
        if self._stopped:
            return
        if (self._extra or self._done) and (self._listening is None or self._listening.done()):
            self._listening = asyncio.create_task(self._hear())

    async def _listen(self) -> None:
        """Hear what other processes do; all who ask at one time ask once."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._hear())
        await asyncio.shield(self._listening)

    async def _hear(self) -> None:
        await self._settle(asyncio.get_running_loop().time())
