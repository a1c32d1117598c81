"""What the timetable starts: each job is one call of a service, safe to run twice."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog

from scheduling.timetable import EVENING, MORNING
from services.alerts import Alerts
from services.briefing import Briefings
from services.broadcasts import Broadcasts, Outcome, is_due
from services.campaigns import Campaigns
from services.domain.briefing.brief import Slot
from services.domain.calendar import Phase
from services.domain.conversation import Reply
from services.domain.sourcing import When
from services.domain.users import User
from services.ingestion import Ingestion
from services.ingestion.report import in_words
from services.ports import Clock, OperationsStore
from services.trading_days import TradingDays
from services.users import Users

KEPT_MEDIA = timedelta(days=14)
CATCH_UP = timedelta(hours=2)
NOON, CLOSE = time(12), time(15, 30)
# What the market must be doing: on Fridays the close is an hour later, and nothing is traded over noon.
_PHASES: Mapping[When, frozenset[Phase]] = {
    "session": frozenset({"open"}),
    "close": frozenset({"post-close", "closed"}),
    "evening": frozenset({"closed"}),
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Jobs:
    """All jobs. ``sweep_media`` removes media older than that and returns how many; no ``ingestion``: nothing to fetch."""

    users: Users
    briefings: Briefings
    broadcasts: Broadcasts
    campaigns: Campaigns
    alerts: Alerts
    operations: OperationsStore
    clock: Clock
    sweep_media: Callable[[timedelta], Awaitable[int]]
    ingestion: Ingestion | None = None
    days: TradingDays | None = None

    @property
    def calendar(self) -> TradingDays:
        """Which days have a session; without the wiring's own: by the calendar and the operator's word alone."""
        return self.days or TradingDays(self.operations, self.broadcasts, self.campaigns, self.clock)

    def by_name(self) -> dict[str, Callable[[], Awaitable[str]]]:
        """The jobs as the timetable names them."""
        return {
            "morning_brief": lambda: self.briefs(MORNING),
            "evening_brief": lambda: self.briefs(EVENING),
            "own_time_briefs": self.own_time_briefs,
            "market_voice": self.market_voice,
            "watch_open": self.watch_open,
            "alerts": self.alerts_due,
            "campaigns": self.campaigns_due,
            "refresh_session": lambda: self.refresh("session"),
            "refresh_close": lambda: self.refresh("close"),
            "refresh_evening": lambda: self.refresh("evening"),
            "refresh_daily": lambda: self.refresh("daily"),
            "housekeeping": self.housekeeping,
        }

    def on_request(self) -> dict[str, Callable[[], Awaitable[str]]]:
        """The same for ``/run``: an operator's word counts on a day without a session too."""
        return {
            **self.by_name(),
            "morning_brief": lambda: self.briefs(MORNING, asked=True),
            "evening_brief": lambda: self.briefs(EVENING, asked=True),
            "market_voice": lambda: self.market_voice(asked=True),
            "refresh_session": lambda: self.refresh("session", asked=True),
            "refresh_close": lambda: self.refresh("close", asked=True),
            "refresh_evening": lambda: self.refresh("evening", asked=True),
            "refresh_daily": lambda: self.refresh("daily", asked=True),
        }

    async def briefs(self, at: time, *, asked: bool = False) -> str:
        """The personal briefs of one brief time of today, to all who are due and were not told yet.

        The claim keeps two schedulers from composing at once; the outbox keys keep everybody from being told twice,
        so an interrupted run is simply run again.
        """
        now = self.clock.now()
        day = now.date()
        if await self.operations.paused():
            return "paused"
        silent = not asked and await self.calendar.is_presumed_closed(day)
        if not asked and not silent and not await self.calendar.is_session(day):
            return "no session today"
        moment = datetime.combine(day, at, now.tzinfo)

        def wanted(user: User) -> bool:
            # Who joined after the hour chose the next one; only an operator's word counts for them too.
            joined_later = user.consented_at is not None and user.consented_at > moment
            return is_due(user, day, at) and (asked or not joined_later)

        if not await self.broadcasts.anybody(wanted):
            return ""
        slot = _slot(moment)
        if not asked and not await self.operations.claim_slot(slot, now):
            return "already run"
        outcome = await (self.calendar.tell_silence(day, wanted) if silent else self._tell(slot, at, wanted))
        await self.operations.claim_slot(f"{slot}:done", self.clock.now())
        return _in_words(outcome)

    async def own_time_briefs(self) -> str:
        """The quarter hours that are owed, but for the two that have their own line in the timetable.

        Usually that is the one that is now; after the machine slept it is each one that was missed.
        """
        return await self._owed(spare={MORNING, EVENING})

    async def market_voice(self, *, asked: bool = False) -> str:
        """Composes and speaks the English market brief, so that whoever asks for it need not wait.

        The sentences stay in the voice cache, which processes share; running it twice costs next to nothing.
        """
        if not asked and not await self.calendar.is_session(self.clock.now().date()):
            return "no session today"
        told = await self.briefings.market("en")
        notes = await self.briefings.voiced(told)
        await self.briefings.mp3(told)
        return f"{len(notes)} notes of {sum(note.seconds for note in notes):.0f} s"

    async def catch_up(self) -> str:
        """After a start: announcements cut short by a crash, and the briefs of the last two hours that were missed or cut."""
        await self.campaigns_due()
        return await self._owed(release=True)

    async def _owed(self, *, spare: AbstractSet[time] = frozenset(), release: bool = False) -> str:
        """Runs the slots of the last two hours that are not done; ``release`` takes them from a dead scheduler."""
        now = self.clock.now()
        today = now.date()
        if not await self.calendar.is_session(today) and not await self.calendar.is_presumed_closed(today):
            return ""
        run = {slot for slot, _ in await self.operations.slots(limit=50)}
        outcomes: list[str] = []
        for moment in _quarters(now):
            slot = _slot(moment)
            if moment.time() in spare or f"{slot}:done" in run:
                continue
            if release and slot in run:
                await self.operations.release_slot(slot)
            outcome = await self.briefs(moment.time())
            outcomes += [f"{moment:%H:%M} {outcome}"] if outcome else []
        return "; ".join(outcomes)

    async def alerts_due(self) -> str:
        """Tells everybody whose alert has come true, each once."""
        if await self.operations.paused():
            return "paused"
        if not await self.calendar.is_session(self.clock.now().date()):
            return "no session today"
        told = 0
        async for alert, reply in self.alerts.due():
            try:
                user = await self.users.get(alert.user_id)
                if user is not None:
                    told += await self.broadcasts.tell(f"alert:{alert.id}", user, (reply,))
            except Exception as error:  # noqa: BLE001  # one person's broken alert is theirs alone
                log.warning("alert_failed", error=type(error).__name__)
        return f"{told} told"

    async def watch_open(self) -> str:
        """A planned session in which live sources show no trade counts as closed; it never fires without one."""
        return await self.calendar.watch_open()

    async def campaigns_due(self) -> str:
        """Goes on with announcements whose process died, and closes the campaigns of which nothing waits any more."""
        taken = await self.broadcasts.go_on()
        closed = await self.campaigns.settle()
        return f"{taken} gone on with, {closed} closed" if taken or closed else ""

    async def refresh(self, when: When, *, asked: bool = False) -> str:
        """Fetches what is due at that part of the day; each slot once, whichever scheduler comes first."""
        if self.ingestion is None or not self.ingestion.has(when):
            return ""
        now = self.clock.now()
        if not asked and when != "daily" and await self.calendar.phase(now) not in _PHASES[when]:
            return ""
        slot = f"refresh:{when}:{_floored(now, when):%Y-%m-%d:%H:%M}"
        if not asked and not await self.operations.claim_slot(slot, now):
            return "already run"
        return in_words(await self.ingestion.refresh(when=when))

    async def housekeeping(self) -> str:
        return f"{await self.sweep_media(KEPT_MEDIA)} files removed"

    async def _tell(self, slot: str, at: time, wanted: Callable[[User], bool]) -> Outcome:
        slot_of_day: Slot = "morning" if at < NOON else "midday" if at < CLOSE else "evening"
        versions: dict[str, str] = {}

        async def compose(user: User) -> Sequence[Reply]:
            reply, versions[user.id] = await self.briefings.delivery(user, slot_of_day)
            return (reply,)

        async def remember(told: Sequence[User]) -> None:
            await self.users.told_all({user.id: versions.pop(user.id) for user in told})

        return await self.broadcasts.run(
            slot,
            wanted,
            compose,
            template="brief",
            told=remember,
        )


def _slot(moment: datetime) -> str:
    return f"brief:{moment.date()}:{moment:%H:%M}"


def _floored(now: datetime, when: When) -> datetime:
    """The start of the slot: the half hour, the hour, or for the daily one the day."""
    minute = now.minute - now.minute % 30 if when == "session" else 0
    return now.replace(hour=0 if when == "daily" else now.hour, minute=minute, second=0, microsecond=0)


def _quarters(now: datetime) -> list[datetime]:
    """The quarter hours of today within the last two hours, oldest first, the one that is now included."""
    last = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
    moments = [
        last - timedelta(minutes=15 * back) for back in range(CATCH_UP // timedelta(minutes=15), -1, -1)
    ]
    return [moment for moment in moments if moment.date() == now.date()]


def _in_words(outcome: Outcome) -> str:
    return f"{outcome.due} due, {outcome.put} put, {outcome.twice} told before, {outcome.failed} failed"
