"""Fires the timetable: APScheduler on our clock, so a demo or a replay may start at any hour.

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
from scheduling.timetable import TIMETABLE, Entry
from services.domain.errors import MarketByteError
from services.ports import Clock

KARACHI = ZoneInfo("Asia/Karachi")
Job = Callable[[], Awaitable[str]]

log = structlog.get_logger()


class OnOurClock(BaseTrigger):  # type: ignore[misc]  # apscheduler ships no types
    """A trigger of our timetable, in the machine's time. ``ahead`` is our clock minus the machine's."""

    def __init__(self, inner: BaseTrigger, ahead: timedelta) -> None:
        self._inner = inner
        self._ahead = ahead

    @override
    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        before = previous_fire_time + self._ahead if previous_fire_time else None
        fires: datetime | None = self._inner.get_next_fire_time(before, now + self._ahead)
        return fires - self._ahead if fires else None


class Runner:
    """Starts and stops the timetable. A job that fails is logged and fires again at its next hour."""

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone=KARACHI)
        self._catching_up: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to fire; what was missed in the last two hours is caught up first."""
        ahead = self._clock.now() - datetime.now(UTC)  # noqa: TID251  # the one place where the two clocks meet
        named = self._jobs.by_name()
        for entry in TIMETABLE:
            trigger = CronTrigger(hour=entry.hour, minute=entry.minute, timezone=KARACHI)
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
        """Each line of the timetable with its next time, on our clock."""
        now = self._clock.now()
        return [
            (entry, fires)
            for entry in TIMETABLE
            if (
                fires := CronTrigger(
                    hour=entry.hour, minute=entry.minute, timezone=KARACHI
                ).get_next_fire_time(None, now)
            )
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
