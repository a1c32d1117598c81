"""Composes a campaign a page of people at a time: put by pages, remembered by a cursor, gone on with after anything.

A page is put before the cursor moves, so a crash in between composes that page again; the keys make twice once. At no
time more than a page is in memory, whatever the number of people.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from services.domain.campaigns import Campaign, times
from services.domain.conversation import (
    LANGUAGES,
    Address,
    Channel,
    Lang,
    Outbound,
    Reply,
    Template,
    Text,
)
from services.domain.errors import Unavailable
from services.domain.users import User
from services.ports import CampaignStore, Clock, OutboxStore
from services.users import Users
from services.wording import say
from services.wording.parameters import broadcast_template

Compose = Callable[[User], Awaitable[Sequence[Reply]]]
Wanted = Callable[[User], bool]
Told = Callable[[Sequence[User]], Awaitable[object]]
PAGE = 100
AT_ONCE = 4  # people composed for at one time: a chart or a voice waits on a thread meanwhile
WITH_CHART = "-chart"  # behind a template's name: the same approved with a picture above and a button below
AGAIN = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds between tries while the database is away; the last one repeats


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign tells. ``told`` is called with those of a page for whom something new was put."""

    wanted: Wanted
    compose: Compose
    template: str = ""
    told: Told | None = None


def reachable_address(user: User) -> bool:
    """Whether any address of theirs is not known to be void."""
    return any(address not in user.inactive for address in user.addresses)


def told_at(user: User) -> Address:
    """Where they are told: at their first address that is not void (there is one: ``reachable_address``)."""
    return next(address for address in user.addresses if address not in user.inactive)


def announcement(text: str) -> dict[Lang, Reply]:
    """An operator's words under our heading in each language."""
    return {lang: Reply((Text(f"*{say(lang, 'broadcast.announcement')}*\n{text}"),)) for lang in LANGUAGES}


def set_up(template: Template, known: AbstractSet[str]) -> bool:
    """Whether it, or its form with a picture and a button, is among the approved templates of a channel."""
    rich = template.header is not None and bool(template.press)
    return template.name in known or (rich and f"{template.name}{WITH_CHART}" in known)


class Composer:
    """Composes campaigns.

    Args:
        users: The people.
        outbox: Where messages are put.
        campaigns: Where it is remembered how far each came.
        clock: The time.
        failed: Told each error that was one person's alone.
        templates: Which of our templates are set up on a channel; where one is missing, or the channel needs none, a
            message bears none, so that it fails alone and does not stop its campaign.
        again: The pauses between tries while the database is away, in seconds.
    """

    def __init__(  # noqa: PLR0913  # the wiring hands over each part by name
        self,
        users: Users,
        outbox: OutboxStore,
        campaigns: CampaignStore,
        clock: Clock,
        failed: Callable[[Exception], None],
        *,
        templates: Mapping[Channel, AbstractSet[str]],
        again: Sequence[float] = AGAIN,
    ) -> None:
        self._users = users
        self._outbox = outbox
        self._campaigns = campaigns
        self._clock = clock
        self._failed = failed
        self._templates = templates
        self._again = again

    async def go(self, campaign: Campaign, plan: Plan) -> Campaign:
        """Compose for everybody behind the cursor; returns the campaign as it then stands.

        A database that is away is waited for as long as the campaign is worth telling.

        Raises:
            Unavailable: It was away until the campaign was stale.
        """
        tries = 0
        while not campaign.composed and campaign.state != "cancelled":
            try:
                async for advanced in self._pages(campaign, plan):
                    campaign, tries = advanced, 0
            except Unavailable:
                if self._is_stale(campaign):
                    raise
                await asyncio.sleep(self._again[min(tries, len(self._again) - 1)])
                tries += 1
        if campaign.state == "cancelled":
            await self._outbox.cancel(campaign.id)  # a page may have been put after the operator's word
        return campaign

    def outbounds(
        self, campaign: Campaign, user: User, replies: Sequence[Reply], template: str
    ) -> list[Outbound]:
        """One person's messages of a campaign, to their first address that is not void; keys ``<campaign>:<user>:<n>``.

        The first bears the template for all of them; its button brings the whole of it back (a brief's "Send audio").
        """
        now = self._clock.now()
        begins, expires = times(campaign.kind, now, urgent=not campaign.asleep)
        key = f"{campaign.id}:{user.id}"
        words = self._template(template, user, replies, f"{key}:0" if campaign.kind == "brief" else "")
        return [
            Outbound(
                key=f"{key}:{n}",
                user_id=user.id,
                address=told_at(user),
                reply=reply,
                at=now,
                lane="broadcast",
                expires_at=campaign.expires or expires,
                template=words if n == 0 else None,
                campaign=campaign.id,
                not_before=begins,
            )
            for n, reply in enumerate(replies)
        ]

    def _template(self, name: str, user: User, replies: Sequence[Reply], key: str) -> Template | None:
        known = self._templates.get(told_at(user).channel)
        if not known or not name:
            return None
        press = f"audio?told={key}" if key else ""
        made = broadcast_template(name, user.name, replies, user.preferences.lang, press)
        return made if set_up(made, known) else None

    async def _pages(self, campaign: Campaign, plan: Plan) -> AsyncIterator[Campaign]:
        """Each page put, then the end marked; stops when the campaign was cancelled."""
        page: list[User] = []
        async for user in self._users.everybody("active", after=campaign.cursor):
            page.append(user)
            if len(page) == PAGE:
                campaign = await self._page(campaign, plan, page)
                yield campaign
                page = []
                if campaign.state == "cancelled" or self._is_stale(campaign):
                    break
        if page:
            campaign = await self._page(campaign, plan, page)
            yield campaign
        if campaign.state != "cancelled":
            yield await self._campaigns.advance(replace(campaign, composed=True))

    async def _page(self, campaign: Campaign, plan: Plan, page: Sequence[User]) -> Campaign:
        due = [user for user in page if plan.wanted(user)]
        composed, failed = await self._composed(plan, await self._reachable(due))
        # Composing takes seconds: who said "stop" meanwhile is not told any more.
        now_known = await self._users.among([user.id for user, _ in composed]) if composed else {}
        current = [(now_known[user.id], replies) for user, replies in composed if user.id in now_known]
        wanted = [(user, told) for user, told in current if user.stage == "active" and plan.wanted(user)]
        fresh, broken = await self._put(campaign, plan, wanted)
        told = [user for user, _ in wanted if user.id in fresh]
        if told and plan.told is not None:
            await plan.told(told)
        return await self._campaigns.advance(
            replace(
                campaign,
                cursor=page[-1].id,
                due=campaign.due + len(due),
                put=campaign.put + len(told),
                twice=campaign.twice + len(wanted) - len(told) - broken,
                failed=campaign.failed + failed + broken,
            )
        )

    async def _reachable(self, users: Sequence[User]) -> Sequence[User]:
        """Without those whom the provider told us to leave alone for a day."""
        if not users:
            return users
        held = await self._outbox.held_back([told_at(user) for user in users], self._clock.now())
        return [user for user in users if told_at(user) not in held]

    async def _composed(
        self, plan: Plan, users: Sequence[User]
    ) -> tuple[list[tuple[User, Sequence[Reply]]], int]:
        """What each is told, in their order, and for how many it could not be made."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(user: User) -> tuple[User, Sequence[Reply]] | None:
            async with gate:
                try:
                    made = await plan.compose(user)
                except Exception as error:  # noqa: BLE001  # one user's error is his alone; it is reported and the rest go on
                    self._failed(error)
                    return None
                await asyncio.sleep(0)  # whoever talks to the bot just now comes first
                return user, made

        made = await asyncio.gather(*(one(user) for user in users))
        done = [each for each in made if each is not None]
        return done, len(users) - len(done)

    async def _put(
        self, campaign: Campaign, plan: Plan, page: Sequence[tuple[User, Sequence[Reply]]]
    ) -> tuple[set[str], int]:
        """Put a page in one question; returns for whom something was new, and how many could not be put.

        If the page as a whole is refused, each is put alone: what is wrong is one person's.
        """
        made = [self.outbounds(campaign, user, replies, plan.template) for user, replies in page]
        try:
            fresh = await self._outbox.put([outbound for own in made for outbound in own])
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001  # the one whose it is is found below
            return await self._put_singly(made)
        return {outbound.user_id for outbound in fresh}, 0

    async def _put_singly(self, made: Sequence[Sequence[Outbound]]) -> tuple[set[str], int]:
        told: set[str] = set()
        broken = 0
        for own in made:
            try:
                told |= {outbound.user_id for outbound in await self._outbox.put(own)}
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001  # one user's error is his alone
                broken += 1
                self._failed(error)
        return told, broken

    def _is_stale(self, campaign: Campaign) -> bool:
        return campaign.expires is not None and self._clock.now() >= campaign.expires
