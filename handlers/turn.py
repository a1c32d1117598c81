"""All that a handler is given: what was said, by whom, what it means, and the use-cases it may call."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.admin import Admin
from services.alerts import Alerts
from services.briefing import Briefings
from services.broadcasts import Broadcasts
from services.campaigns import Campaigns
from services.domain.conversation import Inbound, Lang, Session
from services.domain.instruments import Directory
from services.domain.intents import Understanding
from services.domain.letters import words
from services.domain.profiles import Profile, market_of
from services.domain.users import User
from services.dry_runs import DryRuns
from services.files import Files
from services.listings import Listings
from services.market import Market
from services.opportunities import Opportunities
from services.portfolio import Portfolios
from services.uploads import Uploads
from services.users import Users
from services.xray import XRays


@dataclass(frozen=True, slots=True)
class Services:
    """The use-cases. ``directory`` resolves names against the newest market book.

    ``listings`` know what that book does not hold; None where no database is open.
    """

    users: Users
    portfolios: Portfolios
    market: Market
    directory: Callable[[], Awaitable[Directory]]
    xrays: XRays
    opportunities: Opportunities
    briefings: Briefings
    alerts: Alerts
    broadcasts: Broadcasts
    campaigns: Campaigns
    dry_runs: DryRuns
    admin: Admin
    files: Files
    uploads: Uploads
    listings: Listings | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of talk.

    ``understanding`` says which intent and details were read (also of a button); ``now`` is the time of the turn.
    ``is_admin`` is decided by the verified address alone. ``progress`` shows "typing…" or "recording…".
    """

    inbound: Inbound
    user: User
    session: Session
    understanding: Understanding
    services: Services
    now: datetime
    is_admin: bool = False
    progress: Callable[[str], Awaitable[None]] | None = None

    @property
    def details(self) -> Mapping[str, str]:
        return self.understanding.details

    @property
    def profile(self) -> Profile:
        """The market that this bot follows: the one on whose clock the turn is."""
        return market_of(self.now)

    @property
    def sector(self) -> str:
        """The code of the sector that was asked for, "" if this market has none that is called so."""
        named = self.details.get("sector", "")
        if not named or named in self.profile.sectors or self.profile.economy:
            return named
        # The understanding's own codes are PSX's; the words tell which sector of this market is meant.
        return self.profile.sector_named(words(self.text))

    @property
    def lang(self) -> Lang:
        return self.user.preferences.lang

    @property
    def text(self) -> str:
        return self.inbound.text

    def remembering(self, memo: Mapping[str, str]) -> "Turn":
        """The same turn as if the session held this memo."""
        return replace(self, session=replace(self.session, memo=dict(memo)))

    async def working(self, kind: str = "typing") -> None:
        """Show that an answer is being made ("typing" or "recording")."""
        if self.progress is not None:
            await self.progress(kind)
