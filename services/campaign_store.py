"""The door to what is remembered of campaigns; belongs to ``services.ports``, from where it is imported."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.domain.campaigns import Campaign, State


class CampaignStore(Protocol):
    async def begin(self, campaign: Campaign) -> Campaign:
        """Insert it, or take over the composing of the one that is there under its id; returns it as it stands.

        One that was composed to its end begins anew (the keys keep everybody from being told twice).
        """
        ...

    async def advance(self, campaign: Campaign) -> Campaign:
        """Keep how far it was composed: cursor (never backwards), counts, ``composed``. Returns it as it stands now."""
        ...

    async def change(
        self, campaign_id: str, state: State, reason: str, at: datetime, *, of: Sequence[State]
    ) -> bool:
        """Move it to that state if it is in one of these; False if not."""
        ...

    async def get(self, campaign_id: str) -> Campaign | None: ...
    async def newest(self, *, limit: int = 10) -> list[Campaign]:
        """The newest, newest first."""
        ...

    async def open(self) -> list[Campaign]:
        """All that are neither done nor cancelled."""
        ...

    async def adopt(self, campaign: Campaign, owner: str) -> bool:
        """Become the one who composes it, if it still has the owner that ``campaign`` says."""
        ...

    async def halted(self) -> Mapping[str, str]:
        """Of which campaigns nothing may be sent now, and why: paused, cancelled, stopped, asleep. Cheap: asked often."""
        ...
