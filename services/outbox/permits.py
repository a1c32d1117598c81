"""Whether a message may still go: its campaign, its person's wish, its time, its window. Asked for many at one time."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from services.counts import Counts
from services.domain.conversation import Outbound, Reply
from services.domain.errors import NotOurs
from services.domain.window import is_open
from services.outbox.neighbours import Neighbours
from services.outbox_store import Due, OutboxStore
from services.ports import Clock

WHATSAPP: Final = frozenset({"twilio", "meta"})
FRESH: Final = timedelta(
    minutes=5
)  # an answer younger than this follows its person's message: the window is open
HALTED_EVERY: Final = (
    0.4  # seconds for which the answer about campaigns counts: a pause works within a second
)
WANTED_FOR: Final = 1.0  # seconds for which a person's wish counts
TOGETHER: Final = 100  # people asked about with one question
DAY_FULL: Final = timedelta(hours=1)  # until the day's number of people is looked at again


class Withdrawn(NotOurs):
    """It is over: (state, reason) for the store."""

    def __init__(self, state: str, reason: str) -> None:
        super().__init__(reason)
        self.state = state


class Postponed(NotOurs):
    """Not now: it waits until that time, which is no failed try."""

    def __init__(self, reason: str, at: datetime) -> None:
        super().__init__(reason)
        self.at = at


class Permits:
    """Asks before sending. Answers count for a short time, and one question serves many messages."""

    def __init__(self, store: OutboxStore, clock: Clock, neighbours: Neighbours, counts: Counts) -> None:
        self._store = store
        self._clock = clock
        self._neighbours = neighbours
        self._counts = counts
        self._halted: Mapping[str, str] = {}
        self._halted_at = float("-inf")
        self._waiting: dict[str, Outbound] = {}  # broadcast messages that were prepared and not begun
        self._asking = asyncio.Lock()
        self._wishes: dict[str, tuple[float, bool]] = {}

    async def halted(self) -> Mapping[str, str]:
        """The campaigns of which nothing goes now, and why."""
        now = asyncio.get_running_loop().time()
        if now - self._halted_at > HALTED_EVERY:
            self._halted_at = now
            self._halted = await self._neighbours.halted()
        return self._halted

    def halt(self, campaign: str, why: str) -> None:
        """From this moment on nothing of it goes from here; the next look at the campaigns decides further."""
        self._halted = {**self._halted, campaign: why}

    async def prepared(self, page: Sequence[Due]) -> list[Due]:
        """A page as it may be sent: where a window is shut, as its template. What may not go at all is ended."""
        page = await self._not_held(page)
        page = await self._windowed(page)
        for due in page:
            if due.outbound.lane == "broadcast":
                self._waiting[due.outbound.key] = due.outbound
        return list(page)

    async def ask(self, outbound: Outbound) -> None:
        """Whether it may go.

        Raises:
            Withdrawn: It must not go any more.
            Postponed: Not now.
        """
        now = self._clock.now()
        if outbound.expires_at is not None and outbound.expires_at <= now:
            raise Withdrawn("expired", "its time had passed")
        if outbound.campaign:
            await self.halted()
            self.look(outbound)
        if outbound.lane == "broadcast" and not await self._wanted(outbound):
            raise Withdrawn("cancelled", "stopped before it was sent")

    def look(self, outbound: Outbound) -> None:
        """The same without asking anybody, by what is known this moment."""
        if outbound.campaign and (why := self._halted.get(outbound.campaign)):
            if why == "cancelled":
                raise Withdrawn("cancelled", "the campaign was cancelled")
            raise Postponed(f"the campaign is {why}", self._clock.now())

    def forget(self, key: str) -> None:
        """It was begun, or is over."""
        self._waiting.pop(key, None)

    async def _not_held(self, page: Sequence[Due]) -> Sequence[Due]:
        addresses = {due.outbound.address for due in page if due.outbound.lane == "broadcast"}
        if not addresses:
            return page
        held = await self._store.held_back(addresses, self._clock.now())
        if not held:
            return page
        out = [d for d in page if d.outbound.lane == "broadcast" and d.outbound.address in held]
        reason = "its provider holds messages to this person back for a day"
        await asyncio.gather(*(self._store.ended(d.outbound.key, "failed", reason) for d in out))
        return [due for due in page if due not in out]

    async def _windowed(self, page: Sequence[Due]) -> Sequence[Due]:
        """Free words only where the window is open; elsewhere the template, and where there is none, nothing."""
        now = self._clock.now()
        asked = {d.outbound.address for d in page if self._may_be_shut(d.outbound, now)}
        if self._neighbours.heard is None or not asked:
            return page
        heard = await self._neighbours.heard(sorted(asked, key=str))
        ready: list[Due] = []
        for due in page:
            outbound = due.outbound
            if not self._may_be_shut(outbound, now) or is_open(heard.get(outbound.address), now):
                ready.append(due)
            elif (changed := await self._outside(outbound, now)) is not None:
                ready.append(Due(changed, due.tries))
        return ready

    async def _outside(self, outbound: Outbound, now: datetime) -> Outbound | None:
        """The message for somebody outside the window; None if it does not go (now)."""
        if outbound.reply.blocks:
            self._counts.add("window_missed", channel=outbound.address.channel)
        if outbound.template is None:
            reason = "the 24-hour window is shut, and there is no template for this message"
            await self._store.ended(outbound.key, "failed", reason)
            return None
        if not await self._neighbours.within_day(outbound.address):
            reason = "the day's number of people outside their window is reached"
            await self._store.again(outbound.key, reason, now + DAY_FULL, counted=False)
            return None
        return replace(outbound, reply=Reply(())) if outbound.reply.blocks else outbound

    @staticmethod
    def _may_be_shut(outbound: Outbound, now: datetime) -> bool:
        old = outbound.lane == "broadcast" or now - outbound.at > FRESH
        return outbound.address.channel in WHATSAPP and old

    async def _wanted(self, outbound: Outbound) -> bool:
        """Whether its person still wants it; one question at a time, which takes those along who come next."""
        if self._neighbours.wanting is None:
            return True
        async with self._asking:
            now = asyncio.get_running_loop().time()
            asked_at, wish = self._wishes.get(outbound.user_id, (float("-inf"), False))
            if now - asked_at <= WANTED_FOR:
                return wish
            coming = (waiting.user_id for waiting in self._waiting.values())
            people = list(dict.fromkeys([outbound.user_id, *islice(coming, TOGETHER - 1)]))
            wanting = set(await self._neighbours.wanting(people))
            if len(self._wishes) > 20 * TOGETHER:
                self._wishes.clear()
            self._wishes |= {person: (now, person in wanting) for person in people}
            return outbound.user_id in wanting
