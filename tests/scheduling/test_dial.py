"""Where the clocks are changed: an hour that comes twice or not at all fires once, and sums of times are sums of seconds."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from scheduling.runner import OnOurClock, OnTheWall, Runner
from scheduling.timetable import timetable
from services.domain.campaigns import morning_after, times
from services.domain.profiles import PSX, US, zone_of
from services.sources.clock import TickingClock

NEW_YORK = ZoneInfo("America/New_York")
KARACHI = ZoneInfo("Asia/Karachi")
FORWARD, BACK = date(2026, 3, 8), date(2026, 11, 1)
# Two years of moments at all hours; none of a list of dates that somebody thought of.
MOMENTS = [
    datetime(2025, 11, 20, tzinfo=UTC) + n * timedelta(hours=293, minutes=23, seconds=11) for n in range(60)
]


def of_day(hour: str, minute: str, day: date, zone: ZoneInfo = NEW_YORK) -> list[str]:
    """The hours at which a line fires on a day, each with its offset."""
    trigger = OnTheWall(hour, minute, zone)
    at = trigger.get_next_fire_time(None, datetime.combine(day, time(), zone))
    found: list[str] = []
    while at is not None and at.astimezone(zone).date() == day:
        found.append(at.astimezone(zone).strftime("%H:%M %z"))
        at = trigger.get_next_fire_time(at, at)
    return found


def test_an_hour_that_does_not_come_fires_once_as_much_later():
    assert of_day("2", "30", FORWARD) == ["03:30 -0400"]
    assert of_day("2-3", "30", FORWARD) == ["03:30 -0400"]
    assert of_day("1,3", "30", FORWARD) == ["01:30 -0500", "03:30 -0400"]


def test_an_hour_that_comes_twice_fires_the_first_time():
    assert of_day("1", "30", BACK) == ["01:30 -0400"]
    assert of_day("0-2", "0", BACK) == ["00:00 -0400", "01:00 -0400", "02:00 -0500"]


def test_who_starts_in_the_hour_that_comes_again_does_not_fire_it_again():
    again = datetime(2026, 11, 1, 1, 10, tzinfo=NEW_YORK, fold=1)
    fires = OnTheWall("1", "30", NEW_YORK).get_next_fire_time(None, again)
    assert fires == datetime(2026, 11, 2, 1, 30, tzinfo=NEW_YORK)
    before = OnTheWall("1", "30", NEW_YORK).get_next_fire_time(None, again.replace(fold=0))
    assert before == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(FORWARD, 23), (BACK, 25), (date(2026, 11, 2), 24)])
def test_what_fires_every_minute_fires_in_every_minute(day, hours):
    assert len(of_day("*", "*", day)) == hours * 60


@pytest.mark.parametrize("day", [FORWARD, BACK, date(2026, 6, 19)])
def test_on_the_days_of_change_each_line_fires_as_often_as_on_any_day(day):
    for entry in timetable(US):
        if entry.hour != "*":
            wanted = of_day(entry.hour, entry.minute, date(2026, 6, 18))
            told = of_day(entry.hour, entry.minute, day)
            assert [each[:5] for each in told] == [each[:5] for each in wanted], entry.job


def test_in_karachi_it_is_the_librarys_own_dial():
    for entry in timetable(PSX):
        library = CronTrigger(hour=entry.hour, minute=entry.minute, timezone=KARACHI)
        ours = OnTheWall(entry.hour, entry.minute, KARACHI)
        for now in MOMENTS:
            first = ours.get_next_fire_time(None, now)
            assert first == library.get_next_fire_time(None, now), entry.job
            following = library.get_next_fire_time(first, first + timedelta(seconds=1))
            assert ours.get_next_fire_time(first, now) == following, entry.job


@pytest.mark.parametrize(
    "ahead", [timedelta(days=-183, hours=3), timedelta(0), timedelta(days=100, seconds=7)]
)
def test_on_a_clock_set_to_another_season_it_still_fires_at_five(ahead):
    trigger = OnOurClock(OnTheWall("5", "00", NEW_YORK), ahead)
    for now in MOMENTS:
        fires = trigger.get_next_fire_time(None, now.astimezone(NEW_YORK))
        following = trigger.get_next_fire_time(fires.astimezone(NEW_YORK), fires.astimezone(NEW_YORK))
        first, second = ((each + ahead).astimezone(NEW_YORK) for each in (fires, following))
        assert (first.time(), second.time()) == (time(5), time(5))
        assert second.date() - first.date() == timedelta(days=1)
        assert timedelta(0) <= fires - now <= timedelta(hours=25)


def test_the_next_fires_are_told_in_the_markets_zone():
    clock = TickingClock(datetime(2026, 11, 23, 4, 59, 30, tzinfo=NEW_YORK), NEW_YORK)
    fires = {entry.job: when for entry, when in Runner(None, clock, profile=US).next_fires()}  # type: ignore[arg-type]
    assert fires["market_pre_market"].isoformat() == "2026-11-23T05:00:00-05:00"
    assert fires["market_evening"].isoformat() == "2026-11-23T19:00:00-05:00"
    assert fires["housekeeping"].isoformat() == "2026-11-24T03:30:00-05:00"
    assert len(fires) == len(timetable(US))


# ---- the clock


class Machine(TickingClock):
    """One whose machine stands where it is put."""

    at = datetime(2026, 11, 1, 5, 59, 30, tzinfo=UTC).astimezone(KARACHI)

    def _machine(self) -> datetime:  # type: ignore[override]
        return self.at


def test_a_minute_is_a_minute_when_the_clocks_are_put_back():
    clock = Machine(zone=NEW_YORK)
    before = clock.now()
    assert (before.hour, before.minute, before.utcoffset()) == (1, 59, timedelta(hours=-4))
    until = before + timedelta(minutes=1)
    clock.at += timedelta(minutes=1)
    after = clock.now()
    assert (after.hour, after.minute, after.utcoffset()) == (1, 0, timedelta(hours=-5))
    assert after == until
    assert after > before
    assert after - before == timedelta(minutes=1)


def test_a_clock_set_to_another_season_begins_at_that_moment():
    start = datetime(2026, 7, 1, 9, 30, tzinfo=NEW_YORK)
    clock = Machine(start, NEW_YORK)
    assert clock.now() == start
    assert f"{clock.now():%H:%M}" == "09:30"
    karachi = Machine(start)
    assert (karachi.now().tzinfo, f"{karachi.now():%H:%M}") == (KARACHI, "18:30")


def test_the_zone_is_known_by_the_clock_and_is_karachi_where_none_is_borne():
    assert zone_of(Machine(zone=NEW_YORK).now()) is US.zone
    assert zone_of(datetime(2026, 7, 1, tzinfo=NEW_YORK)) is US.zone
    assert zone_of(Machine().now()) is PSX.zone
    assert zone_of(datetime(2026, 7, 1, tzinfo=UTC)) is PSX.zone


# ---- nobody is woken


def test_the_night_is_new_yorks_by_its_clock():
    clock = Machine(datetime(2026, 3, 7, 23, 10, tzinfo=NEW_YORK), NEW_YORK)
    begins, expires = times("announcement", clock.now())
    assert begins == datetime(2026, 3, 8, 7, tzinfo=NEW_YORK)
    assert begins.utcoffset() == timedelta(hours=-4)  # the clocks went forward in that night
    assert expires - begins.astimezone(UTC) == timedelta(hours=24)
    afternoon = Machine(
        datetime(2026, 11, 23, 15, tzinfo=NEW_YORK), NEW_YORK
    ).now()  # one at night in Karachi
    assert times("alert", afternoon)[0] is None
    assert morning_after(afternoon) is not None
    assert times("brief", clock.now())[0] is None
