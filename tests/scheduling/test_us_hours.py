"""New York's timetable as its people live it: a week with Thanksgiving, its half day, and who is told what, once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.runner import OnTheWall
from scheduling.timetable import job_of, timetable
from services.domain.conversation import Reply, Text
from services.domain.profiles import PSX, US
from services.domain.users import Preferences
from services.ingestion.report import Report

NEW_YORK = ZoneInfo("America/New_York")
KARACHI = ZoneInfo("Asia/Karachi")
SUNDAY, SATURDAY = date(2026, 11, 22), date(2026, 11, 28)
MONDAY, THANKSGIVING, HALF_DAY = date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 27)


def there(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), NEW_YORK)


def fires(hour: str, minute: str, first: datetime, last: datetime) -> Iterator[datetime]:
    """When a line fires between two times, as the scheduler asks for it."""
    trigger = OnTheWall(hour, minute, NEW_YORK)
    at = trigger.get_next_fire_time(None, first)
    while at is not None and at < last:
        yield at
        at = trigger.get_next_fire_time(at, at)


class ScriptedPushes:
    """A line for everybody; ``broken`` are the users whose composing fails."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.told: list[str] = []

    async def market(self, user, slot) -> Reply:
        self.told.append(f"{slot} market")
        if user.id in self.broken:
            raise ZeroDivisionError("a bug of one person's language")
        return Reply((Text(f"the market, {slot}"),))

    async def sectors(self, user) -> Reply:
        self.told.append("sectors")
        return Reply((Text("the sectors"),))


class Fetching:
    """Sources with a page for every part of the day."""

    def __init__(self, clock) -> None:
        self.clock, self.fetched = clock, []

    def has(self, _when) -> bool:
        return True

    async def refresh(self, *, when) -> Report:
        at = self.clock.now().astimezone(NEW_YORK)
        self.fetched.append((at.date(), when, f"{at:%H:%M}"))
        return Report(self.clock.now(), when, (), 0.0)


@pytest.fixture
def us(office):
    """The office's jobs in New York; its clock goes on telling Karachi's time, as a UTC one would."""
    office.clock.at = there(8).astimezone(KARACHI)
    office.pushes, office.fetching = ScriptedPushes(), Fetching(office.clock)
    office.jobs = replace(office.jobs, profile=US, pushes=office.pushes, ingestion=office.fetching)
    return office


def put(office, hour: int, minute: int = 0, day: date = MONDAY) -> None:
    office.clock.at = there(hour, minute, day).astimezone(KARACHI)


async def live(office, jobs: set[str]) -> None:
    """The week from Sunday to Saturday, each line of the timetable at its minute."""
    first, last = there(0, 0, SUNDAY), there(0, 0, SATURDAY + timedelta(days=1))
    named = office.jobs.by_name()
    due = sorted(
        (at, entry.job)
        for entry in timetable(US)
        if entry.job in jobs
        for at in fires(entry.hour, entry.minute, first, last)
        if entry.job != "own_time_briefs"
        or f"{at.astimezone(NEW_YORK):%H:%M}" == "10:15"  # nobody else has one
    )
    for at, job in due:
        office.clock.at = at
        await named[job]()


def test_the_profile_is_where_the_hours_stand():
    lines = {entry.job: (entry.hour, entry.minute, entry.trading) for entry in timetable(US)}
    assert {job: lines[job] for job in map(job_of, US.hours)} == {
        "market_pre_market": ("5", "00", True),
        "sectors": ("7", "00", True),
        "morning_brief": ("9", "00", True),
        "market_midday": ("13", "00", True),
        "evening_brief": ("17", "00", True),
        "market_evening": ("19", "00", True),
    }
    assert lines["market_voice"][:2] == ("4,12,18", "45")
    moved = replace(US, hours=(replace(US.hours[0], at=time(5, 30)),))
    assert [(e.hour, e.minute) for e in timetable(moved)[:2]] == [("5", "30"), ("5", "15")]


def test_every_line_has_its_job(us):
    assert {entry.job for entry in timetable(US)} == set(us.jobs.by_name()) == set(us.jobs.on_request())
    psx = replace(us.jobs, profile=PSX)
    assert not {"sectors", "market_midday"} & set(psx.by_name())


async def test_the_week_of_thanksgiving(us):
    await us.person("both")
    await us.person("own", time(10, 15))
    silent = await us.person("silent")
    await us.store.save(replace(silent, preferences=Preferences(times=())))
    await live(us, {job_of(hour) for hour in US.hours} | {"own_time_briefs"})
    rows = await us.mongo["outbox"].find().to_list(None)
    told: dict[date, list[str]] = {}
    for row in rows:
        _, day, *what = row["_id"].split(":")
        told.setdefault(date.fromisoformat(day), []).append(":".join(what))
    all_alike = [
        f"{slot}:{who}:0"
        for slot in ("market:05:00", "sectors:07:00", "market:13:00", "market:19:00")
        for who in ("both", "own")
    ]
    full = sorted(["09:00:both:0", "17:00:both:0", "10:15:own:0", *all_alike])
    sessions = [MONDAY, date(2026, 11, 24), date(2026, 11, 25), HALF_DAY]
    assert {day: sorted(what) for day, what in told.items()} == dict.fromkeys(sessions, full)
    begun = {run.id: run.started.astimezone(NEW_YORK) for run, _ in await us.campaigns.newest(limit=50)}
    assert begun["brief:2026-11-23:market:05:00"] == there(5)
    assert begun["brief:2026-11-27:17:00"] == there(17, 0, HALF_DAY)


async def test_prices_are_fetched_in_the_session_and_behind_its_own_close(us):
    await live(us, {"refresh_session", "refresh_close", "refresh_evening", "refresh_daily"})
    of = {
        day: [(when, at) for fetched, when, at in us.fetching.fetched if fetched == day]
        for day in (SUNDAY, MONDAY, THANKSGIVING, HALF_DAY)
    }
    assert of[SUNDAY] == of[THANKSGIVING] == [("daily", "04:15")]
    halves = [f"{hour:02}:{minute}" for hour in range(9, 16) for minute in ("00", "30")][1:]
    assert [at for when, at in of[MONDAY] if when == "session"] == halves
    assert [each for each in of[MONDAY] if each[0] in {"close", "evening"}] == [
        ("close", "16:20"), ("evening", "18:30"), ("evening", "20:30")
    ]  # fmt: skip
    assert [at for when, at in of[HALF_DAY] if when == "session"] == halves[:7]  # the last at 12:30
    assert [at for when, at in of[HALF_DAY] if when == "close"] == ["13:20", "16:20"]


async def test_the_parts_of_the_day_are_new_yorks(us):
    await us.person("a")
    await us.person("late", time(16))
    for hour in US.hours:
        put(us, hour.at.hour)
        await us.jobs.by_name()[job_of(hour)]()
    put(us, 16)
    await us.jobs.own_time_briefs()
    assert us.pushes.told == [
        "morning market", "morning market", "sectors", "sectors",
        "midday market", "midday market", "evening market", "evening market",
    ]  # fmt: skip
    assert us.briefs.composed == [("a", "morning"), ("a", "evening"), ("late", "evening")]


async def test_friday_evening_in_new_york_is_a_trading_day_though_karachi_has_saturday(us):
    await us.person("a")
    put(us, 19, 0, date(2026, 11, 20))
    assert us.clock.now().date() == date(2026, 11, 21)
    assert (await us.jobs.by_name()["market_evening"]()).startswith("1 due, 1 put")
    put(us, 19, 0, date(2026, 11, 22))  # Monday in Karachi, Sunday there
    assert await us.jobs.by_name()["market_evening"]() == "no session today"


async def test_a_push_is_told_once_and_is_no_personal_brief(us):
    await us.person("own", time(13))
    put(us, 13)
    push = us.jobs.by_name()["market_midday"]
    await push()
    assert await push() == "already run"
    assert (await us.jobs.on_request()["market_midday"]()).startswith("1 due, 0 put, 1 told before")
    await us.jobs.own_time_briefs()
    rows = await us.mongo["outbox"].find().sort("_id", 1).to_list(None)
    assert [row["_id"] for row in rows] == [
        "brief:2026-11-23:13:00:own:0",
        "brief:2026-11-23:market:13:00:own:0",
    ]


@pytest.mark.parametrize(
    "not_due",
    [
        {"stage": "stopped"},
        {"stage": "onboarding"},
        {"paused_until": MONDAY},
        {"preferences": Preferences(days=(1, 2, 3, 4))},
        {"preferences": Preferences(times=())},
        {"consented_at": there(13, 1)},
    ],
)
async def test_who_takes_no_briefs_is_not_pushed_to(us, not_due):
    kept = await us.person("no")
    await us.store.save(replace(kept, **not_due))
    put(us, 13, 2)
    assert await us.jobs.by_name()["market_midday"]() == ""
    assert await us.told() == []


async def test_a_paused_operator_a_holiday_and_one_persons_error(us):
    await us.person("a")
    await us.person("b")
    put(us, 5)
    push = us.jobs.by_name()["market_pre_market"]
    await us.operations.set_paused(paused=True)
    assert await push() == "paused"
    await us.operations.set_paused(paused=False)
    await us.operations.add_holiday(MONDAY, "Storm")
    assert await push() == "no session today"
    put(us, 5, 0, date(2026, 11, 24))
    us.pushes.broken = {"a"}
    assert (await push()).startswith("2 due, 1 put, 0 told before, 1 failed")


async def test_after_a_restart_what_was_missed_is_pushed_once(us):
    await us.person("a")
    put(us, 7, 40)
    caught = await us.jobs.catch_up()
    assert caught == "07:00 1 due, 1 put, 0 told before, 0 failed"  # five o'clock is more than two hours ago
    assert await us.jobs.catch_up() == ""
    put(us, 9, 1)
    assert "09:00" in await us.jobs.catch_up()
    assert sorted(await us.told()) == ["a", "a"]


async def test_a_push_cut_short_goes_on_after_a_restart(us):
    for name in ("a", "b", "c"):
        await us.person(name)
    put(us, 19)
    us.pushes.broken = {"c"}
    await us.jobs.by_name()["market_evening"]()
    await us.operations.release_slot("brief:2026-11-23:market:19:00:done")
    us.pushes.broken = set()
    put(us, 19, 20)  # the personal briefs of 17:00 are too late by then
    await us.jobs.catch_up()
    assert await us.told() == ["a", "b", "c"]
