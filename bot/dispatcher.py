"""What came in, from its acceptance to its turn: stored once, acknowledged, worked off in the order of its chat.

The lines of the chats are local to the process, which is right as long as the Procfile runs one web process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.answering import Answering
from bot.cleaning import readable
from bot.lateness import Down, Lateness
from bot.lines import Lines, Place
from bot.manners import Manners
from bot.router import Router
from bot.turning import Message, Turning
from handlers.turn import Services
from services.domain.conversation import Address, Inbound
from services.domain.errors import Unavailable
from services.outbox import Outbox
from services.ports import Arrival, Clock, InboxStore, Sender, TurnStore

ACCEPT_WITHIN: Final = 1.5  # seconds; then the provider hears 503, within the 2 s we promise
LEFT_BEHIND = timedelta(
    seconds=10
)  # an entry in nobody's hand that is older was left by a crash or a slow store
MOST_IN_HAND: Final = 20_000  # about 4 KB each
# The store is away in the middle of a turn: the message is kept in hand with its live words, and its chat waits.
PAUSES: Final = (0.5, 1, 2, 5, 10, 20, 30)

log = structlog.get_logger()


@dataclass(slots=True)
class _Hand:
    """A message in hand. ``stored`` comes true when it is kept, false when it was seen before, or is what went wrong."""

    inbound: Inbound
    received: datetime
    place: Place
    arrival: Awaitable[Arrival] | None = None
    stored: bool | Exception | None = None
    waiting: list[asyncio.Future[bool | Exception]] = field(default_factory=list)


class Dispatcher:
    """Takes accepted messages to their answers."""

    def __init__(  # noqa: PLR0913  # the wiring hands over each part by name; they have nothing in common to bundle
        self,
        *,
        services: Services,
        router: Router,
        inbox: InboxStore,
        turns: TurnStore,
        outbox: Outbox,
        sender: Sender,
        clock: Clock,
        is_admin: Callable[[Address], bool],
        down: Down = lambda: None,
        most_in_hand: int = MOST_IN_HAND,
    ) -> None:
        self._inbox = inbox
        self._turns = turns
        self._clock = clock
        self._is_admin = is_admin
        self._most_in_hand = most_in_hand
        self._turning = Turning(
            services=services,
            answering=Answering(router),
            turns=turns,
            outbox=outbox,
            sender=sender,
            clock=clock,
            is_admin=is_admin,
            lateness=Lateness(down),
        )
        self._lines = Lines()
        self._manners = Manners()
        self._in_hand: dict[str, _Hand] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def in_hand(self) -> int:
        """How many messages this process has accepted or is accepting and not yet answered."""
        return len(self._in_hand)

    def takes(self, inbound: Inbound) -> bool:
        """Whether there is room for this message; an operator is always heard, and so is what we have in hand."""
        if len(self._in_hand) < self._most_in_hand or inbound.event_id in self._in_hand:
            return True
        return any(map(self._is_admin, (inbound.address, *inbound.aliases)))

    async def accept(self, inbound: Inbound) -> bool:
        """Store a message once and start its turn; False if it was seen before. The caller acknowledges after this.

        Raises:
            Unavailable: It could not be stored in time; the provider has to bring it again. If it is stored later all
                the same, its turn starts then, and what the provider brings is a repeat.
            Malformed: It can never be stored.
        """
        inbound = readable(inbound)
        known = self._in_hand.get(inbound.event_id)
        hand = known or self._begin(inbound)
        stored = hand.stored if hand.stored is not None else await self._told(hand)
        if isinstance(stored, Exception):
            raise stored
        return stored and known is None

    async def say(self, inbound: Inbound) -> None:
        """Accept a message and wait for its answer (the terminal)."""
        inbound = readable(inbound)
        if inbound.event_id in self._in_hand:
            return
        hand = self._hand(inbound)
        await self._through(hand)
        if isinstance(hand.stored, Exception):
            raise hand.stored

    async def recover(self, *, all_of_them: bool) -> int:
        """Take up what was accepted and never answered: all of it at start, later what somebody left behind."""
        now = self._clock.now()
        left = await self._inbox.open(older_than=now if all_of_them else now - LEFT_BEHIND)
        orphaned = [inbound for inbound in left if inbound.event_id not in self._in_hand]
        for inbound in orphaned:
            # Taken as received when it was said: what was accepted once is not refused as late after our own fall.
            self._keep(self._take(self._hand(inbound, received=inbound.at), again=True))
        return len(orphaned)

    async def drain(self, seconds: float) -> None:
        """Let the turns under way end, at most that long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        try:
            await self._turns.settle()
        except Unavailable as error:
            log.warning("not_settled", error=type(error).__name__, reason=error.detail)

    def _begin(self, inbound: Inbound) -> _Hand:
        hand = self._hand(inbound)
        self._keep(self._through(hand))
        return hand

    def _hand(self, inbound: Inbound, received: datetime | None = None) -> _Hand:
        """Take a message in hand: from here on it has its place in the line of its chat."""
        place = self._lines.join(map(str, (inbound.address, *inbound.aliases)))
        hand = self._in_hand[inbound.event_id] = _Hand(inbound, received or self._clock.now(), place)
        return hand

    async def _through(self, hand: _Hand) -> None:
        """Store, then answer. Who has written is asked for meanwhile, if nobody before them can still change that."""
        inbound = hand.inbound
        if hand.place.free and not self._manners.crowded:
            hand.arrival = self._turns.arriving((inbound.address, *inbound.aliases))
        self._manners.knock()
        try:
            fresh = await self._inbox.accept(inbound)
        except Exception as error:  # noqa: BLE001  # it belongs to whoever brought the message
            fresh = False
            self._stored(hand, error)
        except BaseException:
            self._stored(hand, Unavailable("this process ends"))
            self._drop(hand)
            raise
        else:
            self._stored(hand, fresh)
        finally:
            self._manners.opened()
        if fresh:
            await self._take(hand)
        else:
            self._drop(hand)

    async def _take(self, hand: _Hand, *, again: bool = False) -> None:
        """Answer one message when its turn comes. ``again``: it was left behind, and may have been tried before."""
        try:
            await hand.place.turn()
            if await self._manners.give_way():
                hand.arrival = None  # asked too long ago
            for pause in (*PAUSES, None):
                try:
                    return await self._turn(hand, again=again)
                except Unavailable as error:
                    log.warning("turn_postponed", error=type(error).__name__, reason=error.detail)
                if pause is not None:
                    await asyncio.sleep(pause)
                again = True
        finally:
            self._drop(hand)

    async def _turn(self, hand: _Hand, *, again: bool) -> None:
        # Only a message taken up again can have been tried before; the first try saves the look.
        attempts = await self._inbox.tried(hand.inbound.event_id) if again else 1
        if attempts:  # none: it was answered (or its person forgotten) while it waited here
            arrival, hand.arrival = hand.arrival, None
            await self._turning.run(Message(hand.inbound, attempts, hand.received, hand.place.crowd, arrival))

    async def _told(self, hand: _Hand) -> bool | Exception:
        """What became of it, as far as that is known in time."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool | Exception] = loop.create_future()
        hand.waiting.append(waiter)
        slow = Unavailable("the database is slow: the message is not kept yet")
        timer = loop.call_later(ACCEPT_WITHIN, _tell, waiter, slow)
        try:
            return await waiter
        finally:
            timer.cancel()

    def _stored(self, hand: _Hand, what: bool | Exception) -> None:
        hand.stored = what
        for waiter in hand.waiting:
            _tell(waiter, what)

    def _drop(self, hand: _Hand) -> None:
        if self._in_hand.get(hand.inbound.event_id) is hand:
            del self._in_hand[hand.inbound.event_id]
            hand.place.leave()

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _tell(waiter: asyncio.Future[bool | Exception], what: bool | Exception) -> None:
    if not waiter.done():
        waiter.set_result(what)
