"""The operator's hand on campaigns: what goes on, pause, go on, cancel; and what stops one that would fail alike for all."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from services.counts import UNCOUNTED, Counts
from services.domain.campaigns import HELD, Campaign, Progress, State, progress_of
from services.domain.errors import BadInput
from services.domain.letters import short
from services.ports import CampaignStore, Clock, OutboxStore

Alarm = Callable[[str, str], Awaitable[None]]
Run = tuple[Campaign, Progress]
_LEVELS = {"brief": "brief", "announcement": "announce", "alert": "alert"}  # as the counters name them

LOOKED_AT = 100  # more campaigns than a few days have


class Campaigns:
    """Campaigns by name; a name may be shortened as long as it means one that is open.

    Args:
        store: Where they are remembered.
        outbox: Where their messages are.
        clock: The time.
        alarm: Tells the operators: kind and detail.
        counts: Where steps are counted.
    """

    def __init__(
        self,
        store: CampaignStore,
        outbox: OutboxStore,
        clock: Clock,
        alarm: Alarm,
        counts: Counts = UNCOUNTED,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._alarm = alarm
        self._counts = counts

    async def newest(self, *, limit: int = 8) -> list[Run]:
        """The newest with how far they came, newest first."""
        return await self._with_progress(await self._store.newest(limit=limit))

    async def under_way(self) -> list[Run]:
        """Those that are neither done nor cancelled, with how far they came."""
        await self.settle()
        return await self._with_progress(await self._store.open())

    async def pause(self, name: str) -> Campaign:
        """Send nothing more of it until it is resumed; what is put meanwhile waits.

        Raises:
            BadInput: If no campaign that runs goes by that name.
        """
        return await self._move(name, "paused", ("running",))

    async def resume(self, name: str) -> Campaign:
        """Let one that was paused or stopped go on.

        Raises:
            BadInput: If none that is held goes by that name.
        """
        return await self._move(name, "running", ("paused", "stopped"))

    async def cancel(self, name: str) -> tuple[Campaign, int]:
        """End it: who was not told yet never is. Returns it and how many waiting messages were taken back.

        Raises:
            BadInput: If none that is open goes by that name.
        """
        campaign = await self._move(name, "cancelled", ("running", *HELD))
        return campaign, await self._outbox.cancel(campaign.id)

    async def taken_back(self, beginnings: tuple[str, ...]) -> dict[str, int]:
        """The newest cancelled ones whose names begin so, with how many of their messages had still waited.

        Whoever cancelled them may have died before these were taken back; now they are.
        """
        ended = [c.id for c in await self._store.newest(limit=LOOKED_AT) if c.state == "cancelled"]
        return {name: await self._outbox.cancel(name) for name in ended if name.startswith(beginnings)}

    async def stop(self, campaign_id: str, reason: str) -> bool:
        """A message of it was refused in a way that all others would be (its template): hold it and call an operator.

        Returns whether this was the first to say so. ``reason`` names codes only.
        """
        if not campaign_id or not await self._store.change(
            campaign_id, "stopped", reason, self._clock.now(), of=("running",)
        ):
            return False
        self._counts.add("campaign", kind="paused")
        await self._alarm(
            "template",
            f"{campaign_id} stands still: {reason}. Nothing more of it is sent. Mend the template (or its name in the "
            f"settings), then /resume {campaign_id}, or end it with /cancel {campaign_id}.",
        )
        return True

    async def settle(self) -> int:
        """Close those of which nothing waits any more; returns how many."""
        runs = await self._with_progress([c for c in await self._store.open() if c.composed])
        left = dict.fromkeys(_LEVELS.values(), 0)
        closed = 0
        for campaign, progress in runs:
            left[_LEVELS[campaign.kind]] += progress.left
            if not progress.left and campaign.state == "running":
                closed += await self._store.change(
                    campaign.id, "done", "", self._clock.now(), of=("running",)
                )
        for kind, count in left.items():
            self._counts.level("campaign_left", count, kind=kind)
        self._counts.add("campaign", kind="finished", count=closed)
        return closed

    async def _with_progress(self, campaigns: Sequence[Campaign]) -> list[Run]:
        return [
            (campaign, progress_of(await self._outbox.campaign_counts(campaign.id))) for campaign in campaigns
        ]

    async def _move(self, name: str, state: State, of: Sequence[State]) -> Campaign:
        campaign = await self._named(name, of)
        now = self._clock.now()
        if not await self._store.change(campaign.id, state, "", now, of=of):
            raise BadInput(f"{campaign.id} is not what it was a moment ago; see /campaigns")
        self._counts.add("campaign", kind={"running": "resumed"}.get(state, state))
        return replace(campaign, state=state)

    async def _named(self, name: str, of: Sequence[State]) -> Campaign:
        """The one campaign in one of these states that goes by a name or a piece of it."""
        wanted = name.strip().casefold()
        fitting = [c for c in await self._store.open() if c.state in of]
        exact = [c for c in fitting if c.id.casefold() == wanted]
        near = exact or [c for c in fitting if wanted and wanted in c.id.casefold()]
        if len(near) == 1:
            return near[0]
        there = ", ".join(c.id for c in (near or fitting)[:8]) or "none"
        shown = short(name).replace("*", "").replace("_", "")
        raise BadInput(
            f"{'several campaigns go' if near else 'no such campaign goes'} by {shown!r}; there are: {there}"
        )
