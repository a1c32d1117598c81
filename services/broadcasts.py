"""One message for many: who is due, what each is told, once. Each run is a campaign."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from hashlib import blake2b

from services.composing import (
    Compose,
    Composer,
    Plan,
    Told,
    Wanted,
    announcement,
    reachable_address,
)
from services.counts import UNCOUNTED, Counts
from services.domain.campaigns import Campaign, Kind, times
from services.domain.conversation import Reply
from services.domain.users import User
from services.ports import CampaignStore, Clock, OutboxStore, Processes
from services.users import Users

PATIENCE = 3.0  # seconds that an operator waits for an announcement to be composed; it goes on without them
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
TOLD_AGAIN = timedelta(days=3)  # how long the brief behind a "Send audio" is still worth hearing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: how many were due, newly put, already told, and how many could not be composed."""

    due: int = 0
    put: int = 0
    twice: int = 0
    failed: int = 0


def is_due(user: User, day: date, at: clock_time | None = None) -> bool:
    """Whether a user wants a scheduled message that day (and at that time of theirs, if one is given)."""
    wanted = user.preferences
    if user.stage != "active" or day.weekday() not in wanted.days:
        return False
    if user.paused_until is not None and day <= user.paused_until:
        return False
    if not reachable_address(user):
        return False
    return at is None or at in wanted.times


def short_name(key: str) -> str:
    """Seven consonants for a long key, always the same: easy to type, no word, no digits, nothing of the key in it."""
    number = int.from_bytes(blake2b(key.encode(), digest_size=8).digest())
    return "".join(_CONSONANTS[number // 20**place % 20] for place in range(7))


class Broadcasts:
    """Runs campaigns over all who are due.

    Args:
        users: The people.
        outbox: Where messages are put.
        campaigns: Where it is remembered how far each run came.
        composer: Composes them page by page.
        clock: The time.
        failed: Told what broke in the background.
        processes: Which processes live; this one's name.
        counts: Where steps are counted.
    """

    def __init__(  # noqa: PLR0913  # the wiring hands over each part by name
        self,
        *,
        users: Users,
        outbox: OutboxStore,
        campaigns: CampaignStore,
        composer: Composer,
        clock: Clock,
        failed: Callable[[Exception], None],
        processes: Processes,
        counts: Counts = UNCOUNTED,
    ) -> None:
        self._users = users
        self._outbox = outbox
        self._campaigns = campaigns
        self._composer = composer
        self._clock = clock
        self._failed = failed
        self._processes = processes
        self._counts = counts
        self._composing: dict[str, asyncio.Task[None]] = {}

    async def run(  # each by name
        self,
        name: str,
        wanted: Wanted,
        compose: Compose,
        *,
        template: str = "",
        told: Told | None = None,
        still: Callable[[], Awaitable[bool]] | None = None,
    ) -> Outcome:
        """Put the brief ``compose(user)`` for every active user that is ``wanted``; key ``<name>:<user id>:<n>``.

        ``told`` is called with those for whom something new was put, a page at a time. ``still`` is asked once the campaign
        is there for everybody to take back: if it is not true any more (its day was closed this moment), nobody is told.
        """
        campaign = await self._begin(name, "brief")
        if still is not None and not await still():
            await self._campaigns.change(name, "cancelled", "no session", self._clock.now(), of=("running",))
            return Outcome()
        done = await self._composer.go(campaign, Plan(wanted, compose, template, told))
        return Outcome(done.due, done.put, done.twice, done.failed)

    async def tell(self, name: str, user: User, replies: Sequence[Reply]) -> bool:
        """One person, once under ``name``; True if it is new. Somebody who stopped or cannot be reached is left alone."""
        if user.stage != "active" or not reachable_address(user):
            return False
        alert = Campaign(name, "alert", self._clock.now(), asleep=True)
        put = [replace(o, campaign="") for o in self._composer.outbounds(alert, user, replies, "alert")]
        return bool(await self._outbox.put(put))

    async def notice(
        self, name: str, wanted: Wanted, compose: Compose, *, until: datetime | None = None
    ) -> Outcome:
        """Tell those who are ``wanted`` something of their day, each once under ``name``; nobody is woken for it.

        ``until``: as long it is worth telling; three hours if nothing is said.
        """
        campaign = await self._begin(name, "alert", until=until)
        done = await self._composer.go(campaign, Plan(wanted, compose, "announcement"))
        return Outcome(
            done.due - campaign.due,
            done.put - campaign.put,
            done.twice - campaign.twice,
            done.failed - campaign.failed,
        )

    async def announce(self, key: str, text: str, *, urgent: bool = False) -> Campaign:
        """An operator's words to everybody who is active; ``urgent`` wakes people. Returns the campaign as it stands.

        A small one is composed when this returns; a large one is composed on in the background.
        """
        campaign = await self._begin(f"announce:{short_name(key)}", "announcement", text=text, urgent=urgent)
        if campaign.state != "cancelled" and not campaign.composed:
            await asyncio.wait({self._go(campaign)}, timeout=PATIENCE)
        return await self._campaigns.get(campaign.id) or campaign

    async def go_on(self) -> int:
        """Compose on the announcements whose process died; returns how many.

        A brief is gone on with by the job that it belongs to.
        """
        left = [
            campaign
            for campaign in await self._campaigns.open()
            if campaign.kind == "announcement"
            and not campaign.composed
            and campaign.id not in self._composing
        ]
        gone = await self.gone([c.owner for c in left])
        mine = [c for c in left if c.owner in gone and await self._campaigns.adopt(c, self.instance)]
        return len([self._go(campaign) for campaign in mine])

    @property
    def instance(self) -> str:
        """The name of this process."""
        return self._processes.instance

    async def gone(self, owners: Sequence[str]) -> set[str]:
        """Whose work this process may go on with: its own, and that of the dead among these."""
        return {*await self._processes.dead_owners(owners), self.instance} if owners else set()

    async def close(self) -> None:
        """Stop composing; another process goes on, or this one at its next start."""
        tasks = list(self._composing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def anybody(self, wanted: Wanted) -> bool:
        """Whether a run would have somebody to tell."""
        async for user in self._users.everybody("active"):
            if wanted(user):
                return True
        return False

    async def count_reachable(self) -> int:
        """How many an announcement would reach."""
        count = 0
        async for user in self._users.everybody("active"):
            count += reachable_address(user)
        return count

    async def told_before(self, user: User, key: str) -> Reply | None:
        """The brief put for this person under that key in the last three days, as it was put; None otherwise.

        The key comes back from a button, so it may be forged, old, or another person's: then there is nothing.
        """
        if not key.startswith("brief:"):
            return None
        kept = await self._outbox.get(key)
        if kept is None or kept.user_id != user.id or self._clock.now() - kept.at > TOLD_AGAIN:
            return None
        return kept.reply if kept.reply.blocks and not kept.reply.sealed else None

    async def _begin(
        self, name: str, kind: Kind, *, text: str = "", urgent: bool = False, until: datetime | None = None
    ) -> Campaign:
        now = self._clock.now()
        asleep = kind != "brief" and not urgent
        _, expires = times(kind, now, urgent=urgent)
        self._counts.add("campaign", kind="started")
        return await self._campaigns.begin(
            Campaign(name, kind, now, expires=until or expires, text=text, owner=self.instance, asleep=asleep)
        )

    def _go(self, campaign: Campaign) -> "asyncio.Task[None]":
        """Compose an announcement in the background, once at a time."""
        task = self._composing.get(campaign.id)
        if task is None:
            task = self._composing[campaign.id] = asyncio.create_task(self._announced(campaign))
            task.add_done_callback(lambda _: self._composing.pop(campaign.id, None))
        return task

    async def _announced(self, campaign: Campaign) -> None:
        told = announcement(campaign.text)

        async def compose(user: User) -> Sequence[Reply]:
            return (told[user.preferences.lang],)

        plan = Plan(reachable_address, compose, "announcement")
        try:
            await self._composer.go(campaign, plan)
        except Exception as error:  # noqa: BLE001  # nobody waits for this task; it is gone on with later
            self._failed(error)
