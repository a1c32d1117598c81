"""What the timetable starts: each job is one call of a service, safe to run twice."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from services.alerts import Alerts
from services.briefing import Briefings

from scheduling.timetable import EVENING, MORNING
from services.broadcasts import Broadcasts, Outcome, is_due
from services.domain.briefing.brief import Slot
from services.domain.calendar import is_session
from services.domain.conversation import Reply
from services.domain.users import User
from services.ports import Clock, OperationsStore
from services.users import Users

KEPT_MEDIA = timedelta(days=14)
CATCH_UP = timedelta(hours=2)
NOON, CLOSE = time(12), time(15, 30)


@dataclass(frozen=True, slots=True)
class Jobs:
    """All jobs. ``sweep_media`` removes media older than that and returns how many."""

    users: Users
    briefings: Briefings
    broadcasts: Broadcasts
    alerts: Alerts
    operations: OperationsStore
    clock: Clock
    sweep_media: Callable[[timedelta], Awaitable[int]]

    def by_name(self) -> dict[str, Callable[[], Awaitable[str]]]:
        """The jobs as the timetable names them."""
        return {
            "morning_brief": lambda: self.briefs(MORNING),
            "evening_brief": lambda: self.briefs(EVENING),
            "own_time_briefs": self.own_time_briefs,
            "alerts": self.alerts_due,
            "housekeeping": self.housekeeping,
        }

    def on_request(self) -> dict[str, Callable[[], Awaitable[str]]]:
        """The same for ``/run``: an operator's word counts on a day without a session too."""
        return {
            **self.by_name(),
            "morning_brief": lambda: self.briefs(MORNING, asked=True),
            "evening_brief": lambda: self.briefs(EVENING, asked=True),
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
        if not asked and not is_session(day, await self.operations.holidays()):
            return "no session today"
        slot = f"brief:{day}:{at:%H:%M}"
        if not await self.broadcasts.anybody(lambda user: is_due(user, day, at)):
            return ""
        if not asked and not await self.operations.claim_slot(slot, now):
            return "already run"
        outcome = await self._tell(slot, at)
        await self.operations.claim_slot(f"{slot}:done", self.clock.now())
        return _in_words(outcome)

    async def own_time_briefs(self) -> str:
        """The quarter hour that is now, unless it is one of the two that have their own line in the timetable."""
        now = self.clock.now()
        at = time(now.hour, now.minute - now.minute % 15)
        return "has its own line" if at in {MORNING, EVENING} else await self.briefs(at)

    async def catch_up(self) -> str:
        """After a start: the briefs of the last two hours that were missed or cut short by a crash."""
        now = self.clock.now()
        if not is_session(now.date(), await self.operations.holidays()):
            return ""
        done = {slot for slot, _ in await self.operations.slots(limit=50)}
        caught: list[str] = []
        quarter = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
        start = quarter - CATCH_UP
        while start <= quarter:
            slot = f"brief:{start.date()}:{start:%H:%M}"
            if start.date() == now.date() and f"{slot}:done" not in done:
                if slot in done:
                    await self.operations.release_slot(slot)
                outcome = await self.briefs(start.time())
                caught += [f"{start:%H:%M} {outcome}"] if outcome else []
            start += timedelta(minutes=15)
        return "; ".join(caught)

    async def alerts_due(self) -> str:
        """Tells everybody whose alert has come true, each once."""
        if await self.operations.paused():
            return "paused"
        told = 0
        async for alert, reply in self.alerts.due():
            user = await self.users.get(alert.user_id)
            if user is not None:
                told += await self.broadcasts.tell(f"alert:{alert.id}", user, (reply,))
        return f"{told} told"

    async def housekeeping(self) -> str:
        return f"{await self.sweep_media(KEPT_MEDIA)} files removed"

    async def _tell(self, slot: str, at: time) -> Outcome:
        day = self.clock.now().date()
        slot_of_day: Slot = "morning" if at < NOON else "midday" if at < CLOSE else "evening"
        versions: dict[str, str] = {}

        async def compose(user: User) -> Sequence[Reply]:
            reply, versions[user.id] = await self.briefings.delivery(user, slot_of_day)
            return (reply,)

        return await self.broadcasts.run(
            slot,
            lambda user: is_due(user, day, at),
            compose,
            template="brief",
            told=lambda user: self.users.told(user, versions.pop(user.id)),
        )


def _in_words(outcome: Outcome) -> str:
    return f"{outcome.due} due, {outcome.put} put, {outcome.twice} told before, {outcome.failed} failed"
