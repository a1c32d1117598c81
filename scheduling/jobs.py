"""What the timetable starts: each job is one call of a service, safe to run twice."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

import structlog

from scheduling.slots import PHASES, floored, push_slot, quarters, slot_of, summed, was_there
from scheduling.timetable import job_of
from services.alerts import Alerts
from services.briefing import Briefings
from services.broadcasts import Broadcasts, Outcome, is_due
from services.campaigns import Campaigns
from services.domain.briefing.brief import Slot
from services.domain.conversation import Reply
from services.domain.profiles import PSX, Hour, Profile
from services.domain.sourcing import When
from services.domain.users import User
from services.ingestion import Ingestion
from services.ingestion.report import in_words
from services.ports import Clock, OperationsStore
from services.pushing import Pushes
from services.trading_days import TradingDays
from services.users import Users

KEPT_MEDIA = timedelta(days=14)
NOON = time(12)
LINES_TURN = timedelta(minutes=10)
"""A brief with its own line in the timetable is left to that for so long."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Jobs:
    """All jobs. ``sweep_media`` removes media older than that and returns how many; no ``ingestion``: nothing to fetch.

    ``profile`` is whose hours they keep; ``pushes`` composes what all are told alike, of the briefings if it is not given.
    """

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
    profile: Profile = PSX
    pushes: Pushes | None = None

    @property
    def calendar(self) -> TradingDays:
        """Which days have a session; without the wiring's own: by the calendar and the operator's word alone."""
        return self.days or TradingDays(
            self.operations, self.broadcasts, self.campaigns, self.clock, market=self.profile.market
        )

    def by_name(self) -> dict[str, Callable[[], Awaitable[str]]]:
        """The jobs as the timetable names them."""
        return {
            **{job_of(hour): partial(self._hourly, hour) for hour in self.profile.hours},
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
            **{job_of(hour): partial(self._hourly, hour, asked=True) for hour in self.profile.hours},
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
        now = self._now()
        day = now.date()
        if await self.operations.paused():
            return "paused"
        silent = not asked and await self.calendar.is_presumed_closed(day)
        if not asked and not silent and not await self.calendar.is_session(day):
            return "no session today"
        moment = datetime.combine(day, at, now.tzinfo)

        def wanted(user: User) -> bool:
            return is_due(user, day, at) and (asked or was_there(user, moment))

        async def tell() -> Outcome:
            if silent:
                return await self.calendar.tell_silence(day, wanted)
            return await self._tell(moment, wanted, asked=asked)

        return await self._once(slot_of(moment), wanted, tell, asked=asked)

    async def push(self, hour: Hour, *, asked: bool = False) -> str:
        """The market's or the sectors' brief of an hour of today, to all who take briefs and were not told yet.

        Who pauses, or chose other days or no brief times at all, is left alone.
        """
        now = self._now()
        day = now.date()
        if await self.operations.paused():
            return "paused"
        if not asked and not await self.calendar.is_session(day):
            return "no session today"
        moment, part = datetime.combine(day, hour.at, now.tzinfo), self._part(hour.at)

        def wanted(user: User) -> bool:
            takes = is_due(user, day) and bool(user.preferences.times)
            return takes and (asked or was_there(user, moment))

        pushes = self.pushes or Pushes(self.briefings)

        async def compose(user: User) -> Sequence[Reply]:
            if hour.brief == "sectors":
                return (await pushes.sectors(user),)
            return (await pushes.market(user, part),)

        slot = push_slot(hour, day)
        still = None if asked else partial(self.calendar.is_session, day)
        tell = partial(self.broadcasts.run, slot, wanted, compose, template="brief", still=still)
        return await self._once(slot, wanted, tell, asked=asked)

    async def _hourly(self, hour: Hour, *, asked: bool = False) -> str:
        """The brief of an hour of the market's profile."""
        if hour.brief == "personal":
            return await self.briefs(hour.at, asked=asked)
        return await self.push(hour, asked=asked)

    async def _once(
        self,
        slot: str,
        wanted: Callable[[User], bool],
        tell: Callable[[], Awaitable[Outcome]],
        *,
        asked: bool,
    ) -> str:
        """One run of a slot, unless another scheduler has it or there is nobody to tell."""
        if not await self.broadcasts.anybody(wanted):
            return ""
        if not asked and not await self.operations.claim_slot(slot, self.clock.now()):
            return "already run"
        outcome = await tell()
        await self.operations.claim_slot(f"{slot}:done", self.clock.now())
        return summed(outcome)

    async def own_time_briefs(self) -> str:
        """The quarter hours that are owed, but for those whose own line in the timetable has its turn.

        Usually that is the one that is now. After the machine slept, a pause, or a day that was opened after all it is
        each one of the last two hours that was missed.
        """
        return await self._owed()

    async def market_voice(self, *, asked: bool = False) -> str:
        """Composes and speaks the English market brief, so that whoever asks for it need not wait.

        The sentences stay in the voice cache, which processes share; running it twice costs next to nothing.
        """
        if not asked and not await self.calendar.is_session(self._now().date()):
            return "no session today"
        told = await self.briefings.market("en")
        notes = await self.briefings.voiced(told)
        await self.briefings.mp3(told)
        return f"{len(notes)} notes of {sum(note.seconds for note in notes):.0f} s"

    async def catch_up(self) -> str:
        """After a start: announcements cut short by a crash, and the briefs of the last two hours that were missed or cut."""
        await self.campaigns_due()
        return await self._owed(release=True)

    async def _owed(self, *, release: bool = False) -> str:
        """Runs the slots of the last two hours that are not done.

        ``release``: also those with a line of their own that is to come; what was begun is taken from a dead scheduler.
        """
        now = self._now()
        today = now.date()
        if not await self.calendar.is_session(today) and not await self.calendar.is_presumed_closed(today):
            return ""
        run = {slot for slot, _ in await self.operations.slots(limit=50)}
        outcomes: list[str] = []
        for moment in quarters(now):
            for slot, job in self._of_quarter(moment, lined=release or now - moment >= LINES_TURN):
                if f"{slot}:done" in run:
                    continue
                if release and slot in run:
                    await self.operations.release_slot(slot)
                outcome = await job()
                outcomes += [f"{moment:%H:%M} {outcome}"] if outcome else []
        return "; ".join(outcomes)

    def _of_quarter(self, moment: datetime, *, lined: bool) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
        """What is told at a quarter hour, slot by slot; ``lined``: also what has a line of its own in the timetable."""
        at = moment.time()
        personal = (slot_of(moment), partial(self.briefs, at))
        if not lined:
            return [] if at in self.profile.times("personal") else [personal]
        pushed = [hour for hour in self.profile.hours if hour.at == at and hour.brief != "personal"]
        return [personal, *((push_slot(hour, moment.date()), partial(self.push, hour)) for hour in pushed)]

    async def alerts_due(self) -> str:
        """Tells everybody whose alert has come true, each once."""
        if await self.operations.paused():
            return "paused"
        if not await self.calendar.is_session(self._now().date()):
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
        """Goes on with announcements and words on days whose process died; closes campaigns of which nothing waits any more."""
        taken = await self.broadcasts.go_on() + await self.calendar.go_on()
        closed = await self.campaigns.settle()
        return f"{taken} gone on with, {closed} closed" if taken or closed else ""

    async def refresh(self, when: When, *, asked: bool = False) -> str:
        """Fetches what is due at that part of the day; each slot once, whichever scheduler comes first."""
        if self.ingestion is None or not self.ingestion.has(when):
            return ""
        now = self._now()
        if not asked and when != "daily":
            due = PHASES[when][self.profile.market]
            if await self.calendar.phase(now) not in due:
                return ""
        slot = f"refresh:{when}:{floored(now, when):%Y-%m-%d:%H:%M}"
        if not asked and not await self.operations.claim_slot(slot, now):
            return "already run"
        return in_words(await self.ingestion.refresh(when=when))

    async def housekeeping(self) -> str:
        return f"{await self.sweep_media(KEPT_MEDIA)} files removed"

    async def _tell(self, moment: datetime, wanted: Callable[[User], bool], *, asked: bool) -> Outcome:
        versions: dict[str, str] = {}
        part = self._part(moment.time())

        async def compose(user: User) -> Sequence[Reply]:
            reply, versions[user.id] = await self.briefings.delivery(user, part)
            return (reply,)

        async def remember(told: Sequence[User]) -> None:
            await self.users.told_all({user.id: versions.pop(user.id) for user in told})

        return await self.broadcasts.run(
            slot_of(moment),
            wanted,
            compose,
            template="brief",
            told=remember,
            still=None if asked else partial(self.calendar.is_session, moment.date()),
        )

    def _now(self) -> datetime:
        """The time on the market's own clock: its day, its hours."""
        return self.clock.now().astimezone(self.profile.zone)

    def _part(self, at: time) -> Slot:
        return "morning" if at < NOON else "midday" if at < self.profile.evening_from else "evening"
