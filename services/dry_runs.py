"""The dry run of an announcement: how many it reaches on which channel, how, how long it takes and what it costs."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from services.composing import announcement, reachable_address, set_up, told_at
from services.domain.campaigns import DryRun, Lane, Way, morning_after
from services.domain.conversation import Address, Channel, Template
from services.domain.profiles import zone_of
from services.domain.users import User
from services.domain.window import is_open
from services.ports import Clock
from services.users import Users

PAGE = 500
SAMPLE = 20_000  # people looked at; ids are drawn by chance, so the first of them stand for all
WITH_WINDOW = frozenset({"twilio", "meta"})


class DryRuns:
    """Looks at everybody whom an announcement would reach; nothing is put.

    Args:
        users: The people.
        heard: When each of these addresses last wrote to us.
        ways: The channels.
        clock: The time.
        most: After how many people the rest is estimated from them.
    """

    def __init__(
        self,
        users: Users,
        heard: Callable[[Sequence[Address]], Awaitable[Mapping[Address, datetime]]],
        ways: Mapping[Channel, Way],
        clock: Clock,
        *,
        most: int = SAMPLE,
    ) -> None:
        self._users = users
        self._heard = heard
        self._ways = ways
        self._clock = clock
        self._most = most

    async def of(self, text: str) -> DryRun:
        """What announcing these words would do, if it were confirmed now."""
        now = self._clock.now()
        begins = morning_after(now, zone_of(now))
        inside: Counter[Channel] = Counter()
        outside: Counter[Channel] = Counter()
        parts: dict[Channel, int] = {}
        seen = 0
        page: list[User] = []
        async for user in self._users.everybody("active"):
            seen += 1
            page.append(user)
            if len(page) == PAGE or seen >= self._most:
                await self._count(page, begins or now, inside, outside)
                page = []
            if seen >= self._most:
                break
        await self._count(page, begins or now, inside, outside)
        scale = max(1.0, (await self._users.counts()).get("active", 0) / seen) if seen >= self._most else 1.0
        for channel in {*inside, *outside}:
            parts[channel] = self._parts(channel, text)
        lanes = [
            self._lane(
                channel, round(inside[channel] * scale), round(outside[channel] * scale), parts[channel]
            )
            for channel in sorted(parts)
        ]
        return DryRun(tuple(lanes), begins, sampled=scale > 1)

    async def _count(
        self, page: Sequence[User], at: datetime, inside: Counter[Channel], outside: Counter[Channel]
    ) -> None:
        """Sort one page of people by the channel they are told on, and by whether free words may go there."""
        addresses = [told_at(user) for user in page if reachable_address(user)]
        asked = [address for address in addresses if address.channel in WITH_WINDOW]
        heard = await self._heard(asked) if asked else {}
        for address in addresses:
            free = address.channel not in WITH_WINDOW or is_open(heard.get(address), at)
            (inside if free else outside)[address.channel] += 1

    def _parts(self, channel: Channel, text: str) -> int:
        """Into how many messages the words are cut there, at most, in whichever language."""
        way = self._ways.get(channel)
        return max(way.parts(reply) for reply in announcement(text).values()) if way else 1

    def _lane(self, channel: Channel, inside: int, outside: int, parts: int) -> Lane:
        way = self._ways.get(channel)
        template = way is not None and set_up(Template("announcement"), way.templates)
        per_second, per_day = (way.per_second, way.per_day) if way else (0.0, 0)
        return Lane(channel, inside, outside, parts, per_second, template, per_day)
