"""Fires the timetable by the dial on the market's wall: APScheduler on our clock, so a demo or a replay may start at any hour.

The library reads the machine's clock; our triggers are shifted by the difference to the clock we were given, which
ticks at the same rate.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from typing_extensions import override

from scheduling.jobs import Jobs
from scheduling.timetable import Entry, timetable
from services.domain.errors import MarketByteError
from services.domain.profiles import PSX, Profile
from services.ports import Clock

Job = Callable[[], Awaitable[str]]

log = structlog.get_logger()


class OnTheWall(BaseTrigger):  # type: ignore[misc]  # apscheduler ships no types
    """Cron fields on the dial of a zone.

    The library's own zones fire an hour that comes twice (clocks put back) twice. Here it fires the first time only; an hour
    that does not come (clocks put forward) fires as much later as it was skipped. What fires every hour follows no dial: it
    fires in all of them.
    """

    def __init__(self, hour: str, minute: str, zone: ZoneInfo) -> None:
        self._dial = CronTrigger(hour=hour, minute=minute, timezone=UTC)  # a dial as such, without a place
        self._zone = UTC if hour == "*" else zone

    @override
    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        if previous_fire_time:  # what was missed since then is fired too
            return self._after(self._shown(previous_fire_time) + timedelta(seconds=1))
        fires = self._after(self._shown(now))
        while fires is not None and fires < now:  # the dial shows for a second time what has fired
            fires = self._after(self._shown(fires) + timedelta(seconds=1))
        return fires

    def _after(self, shown: datetime) -> datetime | None:
        fires: datetime | None = self._dial.get_next_fire_time(None, shown)
        return self._there(fires) if fires else None

    def _shown(self, moment: datetime) -> datetime:
        """What the dial shows at a moment, as if that were UTC."""
        return moment.astimezone(self._zone).replace(tzinfo=UTC, fold=0)

    def _there(self, shown: datetime) -> datetime:
        """The first moment at which the dial shows that, or would have shown it; in UTC."""
        return shown.replace(tzinfo=self._zone).astimezone(UTC)


class OnOurClock(BaseTrigger):  # type: ignore[misc]  # apscheduler ships no types
    """A trigger of our timetable, in the machine's time. ``ahead`` is our clock minus the machine's.

    It reckons in UTC: between times of one zone the difference is one of dials.
    """

    def __init__(self, inner: BaseTrigger, ahead: timedelta) -> None:
        self._inner = inner
        self._ahead = ahead

    @override
    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        before = previous_fire_time.astimezone(UTC) + self._ahead if previous_fire_time else None
        fires: datetime | None = self._inner.get_next_fire_time(before, now.astimezone(UTC) + self._ahead)
        return fires.astimezone(UTC) - self._ahead if fires else None


class Runner:
    """Starts and stops the timetable. A job that fails is logged and fires again at its next hour."""

    def __init__(self, jobs: Jobs, clock: Clock, *, profile: Profile = PSX) -> None:
        self._jobs = jobs
        self._clock = clock
        self._profile = profile
        self._scheduler = AsyncIOScheduler(timezone=UTC)  # its own sums must not follow a dial
        self._catching_up: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to fire; what was missed in the last two hours is caught up first."""
        ahead = self._clock.now() - datetime.now(UTC)  # noqa: TID251  # the one place where the two clocks meet
        named = self._jobs.by_name()
        for entry in timetable(self._profile):
            trigger = OnTheWall(entry.hour, entry.minute, self._profile.zone)
            self._scheduler.add_job(
                _guarded,
                OnOurClock(trigger, ahead),
                args=(entry.job, named[entry.job]),
                id=entry.job,
                misfire_grace_time=entry.grace,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()
        self._catching_up = asyncio.create_task(_guarded("catch_up", self._jobs.catch_up))

    async def stop(self) -> None:
        """Fire no more. A job under way is cut short; what it still owed is caught up at the next start."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._catching_up is not None:
            self._catching_up.cancel()
            await asyncio.gather(self._catching_up, return_exceptions=True)

    def next_fires(self) -> list[tuple[Entry, datetime]]:
        """Each line of the timetable with its next time, on our clock, in the market's zone."""
        now, zone = self._clock.now(), self._profile.zone
        return [
            (entry, fires.astimezone(zone))
            for entry in timetable(self._profile)
            if (fires := OnTheWall(entry.hour, entry.minute, zone).get_next_fire_time(None, now))
        ]


async def _guarded(name: str, job: Job) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    try:
        outcome = await job()
    except Exception as error:  # noqa: BLE001  # a job's bug must not end the timetable
        # Only our own errors say what a log may hold; a driver's could carry a person's data.
        reason = error.detail if isinstance(error, MarketByteError) else ""
        log.warning("job_failed", job=name, error=type(error).__name__, reason=reason)
        return
    if outcome:
        log.info("job", job=name, reason=outcome, seconds=round(loop.time() - started, 2))
