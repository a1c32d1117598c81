"""What is watched of this bot: the checks behind ``/readyz``, the levels of ``/metrics``, and who is called about them."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import get_args

from bot.channels.telegram import Telegram
from bot.dispatcher import MOST_IN_HAND, Dispatcher
from bot.health import WITHIN, Check, Health, Run, both, going, heard_of, in_time
from bot.metrics import COUNTS
from bot.world import World
from services.alarms import Alarm
from services.domain.conversation import Lane
from services.domain.errors import DeliveryFailed, MarketByteError, Unavailable

WITH_STATUSES = ("twilio", "meta")  # the providers that tell what became of a message
SELDOM = 30.0  # seconds between looks that cost a provider's request or a count over the outbox
WATCH_EVERY = 60.0  # seconds between looks of our own, for those who have nobody to ask /readyz


class Watching:
    """The looks at one bot. What is counted over the outbox is counted once for all doors."""

    def __init__(self, world: World, dispatcher: Dispatcher, alarm: Alarm) -> None:
        self._world = world
        self._dispatcher = dispatcher
        self._alarm = alarm
        self._waiting: Mapping[Lane, tuple[int, datetime]] = {}
        self._counted = float("-inf")
        self._counting = asyncio.Lock()
        self.health = Health(self._checks())

    async def watch(self) -> None:
        """Look from time to time, for ever, and call an operator about what is not well."""
        while True:
            await asyncio.sleep(WATCH_EVERY)
            await self.call()

    async def call(self) -> None:
        """Look now, and call an operator about what is not well. A refused account is called about where it is refused."""
        report = await self.health.report()
        for name, outcome in report.findings.items():
            if outcome == "ok" or _refused(name):
                continue
            await self._alarm(f"webhook:{name}" if name in self._world.webhooks else name, outcome)

    async def look(self) -> None:
        """Bring the levels up to now; a store that is away leaves them as they were."""
        COUNTS.level("in_hand", self._dispatcher.in_hand)
        with suppress(MarketByteError, TimeoutError):
            async with asyncio.timeout(WITHIN):
                waiting = await self.waiting()
            now = self._world.clock.now()
            for lane in get_args(Lane):
                count, since = waiting.get(lane, (0, now))
                COUNTS.level("waiting", count, kind=lane)
                COUNTS.level("oldest", max((now - since).total_seconds(), 0.0), kind=lane)

    async def waiting(self) -> Mapping[Lane, tuple[int, datetime]]:
        """What waits in the outbox, by lane; counted at most twice a minute."""
        async with self._counting:
            now = asyncio.get_running_loop().time()
            if now - self._counted >= SELDOM:
                self._waiting = await self._world.outbox.waiting()
                self._counted = now
        return self._waiting

    def _checks(self) -> list[Check]:
        """Every dependency: vital is only what keeps what comes in."""
        checks = [
            Check("mongodb", self._world.ping, vital=True),
            Check("inbox", self._room, vital=True),
            Check("market", self._market),
            Check("outbox", in_time(self.waiting, self._world.clock.now)),
        ]
        for name, door in self._world.webhooks.items():
            runs = [going(name, _refused)]
            if isinstance(door, Telegram):
                runs.append(_calling(door))
            if name in WITH_STATUSES:
                runs.append(heard_of(name, self._world.silent))
            if door.configured:
                checks.append(Check(name, both(*runs), every=SELDOM))
        return checks

    async def _market(self) -> None:
        await self._world.market.book()

    async def _room(self) -> None:
        if self._dispatcher.in_hand >= MOST_IN_HAND:
            raise Unavailable("this process has too many messages in hand")


def _refused(channel: str) -> bool:
    return COUNTS.stands("breaker", channel=channel) > 0


def _calling(telegram: Telegram) -> Run:
    """Telegram's own view of the webhook: what waits there, and whom it calls."""

    async def run() -> None:
        setup = await telegram.setup()
        try:
            await setup.check()
        except DeliveryFailed as error:
            raise Unavailable(f"telegram does not tell how our webhook does: {error.detail}") from None

    return run
