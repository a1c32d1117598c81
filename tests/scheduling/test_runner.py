"""The timetable on our own clock: it fires at our hour wherever the machine stands, late rather than never, once."""

import asyncio
import time as machine
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from scheduling.jobs import Jobs
from scheduling.runner import OnOurClock, Runner, _guarded
from scheduling.timetable import timetable
from services.domain.profiles import PSX
from services.sources.clock import TickingClock

KARACHI = ZoneInfo("Asia/Karachi")
NINE = CronTrigger(hour="9", minute="0", timezone=KARACHI)


class CountedJobs:
    """Every job only counts that it was started."""

    def __init__(self) -> None:
        self.started: Counter[str] = Counter()
        self.slow = asyncio.Event()
        self.ended: list[str] = []

    def by_name(self):
        return {entry.job: self._job(entry.job) for entry in timetable(PSX)}

    async def catch_up(self) -> str:
        self.started["catch_up"] += 1
        return ""

    def _job(self, name):
        async def run() -> str:
            self.started[name] += 1
            await self.slow.wait()
            self.ended.append(name)
            return "done"

        return run


def at(hour: int, minute: int = 0, second: float = 0.0, day: int = 20) -> datetime:
    whole = datetime(2026, 8, day, hour, minute, tzinfo=KARACHI)
    return whole + timedelta(seconds=second)


async def after(jobs: CountedJobs, name: str, seconds: float = 20.0) -> None:
    for _ in range(int(seconds / 0.02)):
        if jobs.started[name]:
            return
        await asyncio.sleep(0.02)


# ---- the trigger


@given(
    st.integers(1_700_000_000, 1_900_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.timedeltas(min_value=timedelta(days=-2000), max_value=timedelta(days=2000)),
)
def test_the_trigger_fires_when_our_clock_says_nine(now, ahead):
    fires = OnOurClock(NINE, ahead).get_next_fire_time(None, now)
    assert fires is not None
    ours = (fires + ahead).astimezone(KARACHI)
    assert (ours.hour, ours.minute, ours.second, ours.microsecond) == (9, 0, 0, 0)
    assert timedelta(0) <= fires - now <= timedelta(days=1)


def test_after_it_fired_the_next_one_is_tomorrow():
    ahead = timedelta(days=-93, hours=5, seconds=7)
    trigger = OnOurClock(NINE, ahead)
    first = trigger.get_next_fire_time(None, datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert first is not None
    second = trigger.get_next_fire_time(first, first + timedelta(seconds=1))
    assert second is not None
    assert second - first == timedelta(days=1)


def test_a_misfire_is_asked_from_the_time_that_was_missed():
    """APScheduler walks from the last fire time: none in between may be left out on a shifted clock."""
    quarters = CronTrigger(hour="6-22", minute="*/15", timezone=KARACHI)
    ahead = timedelta(days=-93)
    trigger = OnOurClock(quarters, ahead)
    now = at(10, 50) - ahead
    last, missed = at(10, 0) - ahead, []
    while (fires := trigger.get_next_fire_time(last, now)) is not None and fires <= now:
        missed.append((fires + ahead).astimezone(KARACHI).strftime("%H:%M"))
        last = fires
    assert missed == ["10:15", "10:30", "10:45"]


# ---- the timetable


def test_every_line_has_its_job_and_every_slot_its_time():
    names = set(Jobs(*[None] * 8).by_name())  # type: ignore[arg-type]
    assert {entry.job for entry in timetable(PSX)} == names
    for entry in timetable(PSX):
        CronTrigger(hour=entry.hour, minute=entry.minute, timezone=KARACHI)
        assert entry.grace > 0
        if entry.slot is not None:
            assert (int(entry.hour), int(entry.minute)) == (entry.slot.hour, entry.slot.minute)
    assert {entry.slot for entry in timetable(PSX)} == {None, time(9), time(17)}


def test_the_next_fires_are_told_on_our_clock():
    runner = Runner(CountedJobs(), TickingClock(at(8, 59, 30)))  # type: ignore[arg-type]
    fires = {entry.job: when.astimezone(KARACHI) for entry, when in runner.next_fires()}
    assert fires["morning_brief"] == at(9)
    assert fires["evening_brief"] == at(17)
    assert fires["own_time_briefs"] == at(9)
    assert fires["housekeeping"] == at(3, 30, day=21)


# ---- running


@pytest.fixture
async def run():
    """Starts a runner on a clock that was put to an hour; stops it at the end."""
    started: list[Runner] = []

    def begin(now: datetime) -> CountedJobs:
        jobs = CountedJobs()
        jobs.slow.set()
        runner = Runner(jobs, TickingClock(now))  # type: ignore[arg-type]
        runner.start()
        started.append(runner)
        return jobs

    yield begin
    for runner in started:
        await runner.stop()


async def test_half_a_second_before_nine_it_fires_once_and_catches_up_first(run):
    jobs = run(at(8, 59, 59.5))
    await after(jobs, "morning_brief")
    await asyncio.sleep(0.7)
    assert jobs.started["morning_brief"] == 1
    assert jobs.started["catch_up"] == 1
    assert jobs.started["evening_brief"] == 0
    assert jobs.started["own_time_briefs"] == 1


async def test_after_nine_nothing_fires_but_what_was_missed_is_looked_for(run):
    jobs = run(at(9, 0, 1.0))
    await after(jobs, "catch_up")
    await asyncio.sleep(0.3)
    assert jobs.started == {"catch_up": 1}


async def test_a_machine_that_slept_over_nine_fires_late_and_once(run):
    """The loop stands still over the hour (a laptop's lid, a long stop): late is better than never, twice is wrong."""
    jobs = run(at(8, 59, 59.2))
    await asyncio.sleep(0.1)
    machine.sleep(1.5)  # noqa: ASYNC251  # this is the standstill
    await after(jobs, "morning_brief")
    await asyncio.sleep(0.5)
    assert jobs.started["morning_brief"] == 1


async def test_two_runners_each_fire_and_the_claim_decides(run):
    """Both schedulers start the job; that only one run comes of it is the store's claim (test_jobs)."""
    first, second = run(at(8, 59, 59.4)), run(at(8, 59, 59.4))
    await after(first, "morning_brief")
    await after(second, "morning_brief")
    assert (first.started["morning_brief"], second.started["morning_brief"]) == (1, 1)


async def test_a_job_that_fails_is_logged_and_ends_nothing(capsys):
    async def broken() -> str:
        raise ZeroDivisionError("oops")

    await _guarded("morning_brief", broken)
    said = capsys.readouterr()
    assert "job_failed" in said.out + said.err
    assert "ZeroDivisionError" in said.out + said.err


async def test_stopping_fires_no_more():
    jobs = CountedJobs()
    runner = Runner(jobs, TickingClock(at(8, 59, 59.6)))  # type: ignore[arg-type]
    runner.start()
    await runner.stop()
    await asyncio.sleep(0.8)
    assert jobs.started["morning_brief"] == 0
    await runner.stop()  # twice is once
