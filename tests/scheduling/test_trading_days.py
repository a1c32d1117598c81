"""A day that is closed, opened or silent: every job follows at once, and who is due is told once."""

from datetime import date, datetime, time, timedelta

import pytest

from services.domain.calendar import KARACHI
from services.domain.rows import HolidayRow
from services.domain.silence import PRESUMED, LastTrade

THURSDAY, FRIDAY, SATURDAY = date(2026, 8, 20), date(2026, 8, 21), date(2026, 8, 22)
MORNING, EVENING = time(9), time(17)
YESTERDAY = date(2026, 8, 19)


async def texts(office) -> list[str]:
    rows = await office.mongo["outbox"].find().sort("_id", 1).to_list(None)
    return [str(row) for row in rows]


# ---- /holiday


async def test_closing_tomorrow_tells_those_with_a_brief_that_day_once(office, desk):
    await office.person("a")
    await office.person("b", days=(0, 1, 2, 3))  # no brief on Fridays
    await office.person("c", stage="stopped")
    office.clock.put(11)
    change = await desk.days.close(FRIDAY, "Heavy rain")
    assert (change.changed, change.told, change.ahead.day) == (True, 1, date(2026, 8, 24))
    assert await office.told() == ["a"]
    again = await desk.days.close(FRIDAY, "Heavy rain")
    assert (again.changed, again.told) == (False, 0)
    assert await office.told() == ["a"]
    office.clock.put(9, day=FRIDAY)
    assert await office.jobs.briefs(MORNING) == "no session today"
    (text,) = await texts(office)
    assert "closed on 21 Aug 2026: Heavy rain" in text
    assert "Next session: 24 Aug 2026" in text


async def test_closing_today_takes_back_what_waits_and_tells_whose_brief_is_still_to_come(office, desk):
    await office.person("both")
    await office.person("early", time(7))
    await office.jobs.briefs(MORNING)
    assert await office.told() == ["both"]
    office.clock.put(9, 5)
    change = await desk.days.close(THURSDAY, "Storm")
    assert (change.told, change.cancelled) == (1, 1)
    assert await office.outbox.sweep() == 1
    assert [outbound.key for outbound in office.sender.sent] == ["holiday:2026-08-20:both:0"]
    office.clock.put(17)
    assert await office.jobs.briefs(EVENING) == "no session today"
    assert await office.jobs.alerts_due() == "no session today"
    assert await office.jobs.own_time_briefs() == ""


@pytest.mark.parametrize(
    "day", [SATURDAY, date(2026, 8, 26), YESTERDAY], ids=["weekend", "closed anyway", "past"]
)
async def test_a_day_that_changes_nothing_is_told_to_nobody(office, desk, day):
    await office.person("a", days=(0, 1, 2, 3, 4, 5, 6))
    change = await desk.days.close(day, "Rest")
    assert (change.changed, change.told) == (False, 0)
    assert await office.told() == []


async def test_reopening_a_moon_day_brings_the_briefs_back_and_says_so(office, desk):
    milad = date(2026, 8, 26)
    await office.person("a")
    change = await desk.days.reopen(milad)
    assert (change.changed, change.told) == (True, 1)
    (text,) = await texts(office)
    assert "open on 26 Aug 2026 after all" in text
    office.clock.put(9, day=milad)
    assert (await office.jobs.briefs(MORNING)).startswith("1 due, 1 put")


async def test_people_are_told_in_their_language(office, desk):
    from services.domain.users import Preferences

    await office.person("r", preferences=Preferences(lang="roman", times=(MORNING,), days=(0, 1, 2, 3, 4)))
    await desk.days.close(date(2027, 2, 1), "Eid-ul-Fitr")
    (text,) = await texts(office)
    assert "band hai: Eid-ul-Fitr" in text


async def test_nobody_is_woken_for_it(office, desk):
    await office.person("a")
    office.clock.put(23)
    await desk.days.close(FRIDAY, "Eid")
    assert await office.outbox.sweep() == 0
    office.clock.put(7, day=FRIDAY)
    assert await office.outbox.sweep() == 1


async def test_a_next_session_behind_the_moon_is_tentative(office, desk):
    office.clock.put(11, day=date(2027, 3, 8))
    await office.person("a")
    change = await desk.days.close(date(2027, 3, 9), "Strike")
    assert (change.ahead.day, change.ahead.tentative) == (
        date(2027, 3, 15),
        True,
    )  # Eid 10 to 12 Mar, estimated
    (text,) = await texts(office)
    assert "15 Mar 2027 (tentative, it depends on the moon)" in text


async def test_the_plan_shows_own_days_and_moon_days_ahead(office, desk):
    await desk.days.close(FRIDAY, "Rain")
    await desk.days.reopen(date(2026, 8, 26))
    office.clock.put(11, day=date(2026, 12, 1))
    plan = await desk.days.plan()
    assert plan.closed == {FRIDAY: "Rain"}
    assert plan.reopened == (date(2026, 8, 26),)
    assert plan.tentative[0] == (date(2027, 3, 10), "Eid-ul-Fitr")


async def test_imported_days_count_and_the_operator_outranks_them(office, desk):
    desk.rows = [
        HolidayRow(FRIDAY, "Election"),
        HolidayRow(date(2026, 8, 26), "open"),
        HolidayRow(date(2026, 8, 24), "hours 09:00 10:17-14:00"),
    ]
    assert not await desk.days.is_session(FRIDAY)
    assert await desk.days.is_session(date(2026, 8, 26))
    state = (await desk.days.calendar()).calendar
    assert state.session_hours(date(2026, 8, 24)).closes == time(14)
    await desk.days.reopen(FRIDAY)
    assert await desk.days.is_session(FRIDAY)
    await desk.days.close(date(2026, 8, 26), "Milad")
    assert not await desk.days.is_session(date(2026, 8, 26))


async def test_what_a_dead_process_had_begun_to_tell_is_told_after_a_start_and_every_minute(office, desk):
    await office.person("a")
    office.clock.put(11, 15)
    for word, name in ((office.jobs.catch_up, "Rain"), (office.jobs.campaigns_due, "Storm")):
        day = FRIDAY if name == "Rain" else date(2026, 8, 24)
        owner, now = office.broadcasts.instance, office.clock.now()
        await office.operations.order_day(day, name, opens=False, at=now, owner=owner)
        await word()
        assert await office.operations.day_orders() == []
        assert not await desk.days.is_session(day)
    assert [row["campaign"] async for row in office.mongo["outbox"].find().sort("_id", 1)] == [
        "holiday:2026-08-21",
        "holiday:2026-08-24",
    ]


# ---- no fresh trade by 10:00


def seen(office, day: date | None, ago: int = 1) -> LastTrade:
    return LastTrade(day, office.clock.now() - timedelta(minutes=ago))


async def test_a_silent_session_counts_as_closed_and_the_evening_says_so(office, desk):
    await office.person("a", MORNING, time(12), EVENING)
    office.clock.put(10, 15)
    desk.source.last = seen(office, YESTERDAY, ago=10)
    assert await office.jobs.watch_open() == "no trade seen: closed"
    assert await office.operations.holidays() == {THURSDAY: PRESUMED}
    assert [kind for kind, _ in desk.alarms] == ["market"]
    assert "/holiday 2026-08-20 open" in desk.alarms[0][1]
    assert await office.jobs.watch_open() == "", "said once"
    assert await office.jobs.alerts_due() == "no session today"
    office.clock.put(12)
    await office.jobs.own_time_briefs()
    office.clock.put(17)
    await office.jobs.briefs(EVENING)
    assert await office.told() == ["a"], "two brief times, told once"
    assert office.briefs.composed == []
    (text,) = await texts(office)
    assert "No trade was seen" in text
    assert "Last figures: 19 Aug 2026. Next session: 21 Aug 2026." in text


async def test_trades_that_come_late_open_the_day_again(office, desk):
    await office.person("a")
    office.clock.put(10, 15)
    desk.source.last = seen(office, YESTERDAY, ago=10)
    await office.jobs.watch_open()
    assert await desk.days.phase(office.clock.now()) == "open", "it goes on being looked at"
    office.clock.put(10, 45)
    desk.source.last = seen(office, THURSDAY)
    assert await office.jobs.watch_open() == "trades are seen: open after all"
    assert await desk.days.is_session(THURSDAY)
    assert len(desk.alarms) == 2
    office.clock.put(17)
    assert (await office.jobs.briefs(EVENING)).startswith("1 due, 1 put")


@pytest.mark.parametrize(
    "day", [THURSDAY, SATURDAY, date(2026, 8, 26)], ids=["session", "weekend", "holiday"]
)
async def test_without_a_live_source_it_never_fires(office, desk, day):
    office.clock.put(11, day=day)
    assert await office.jobs.watch_open() == ""
    assert (await office.operations.holidays(), desk.alarms) == ({}, [])


@pytest.mark.parametrize(
    ("now", "day", "fetched"),
    [
        ("2026-08-20T09:59", YESTERDAY, "2026-08-20T09:58"),  # too early to say
        ("2026-08-20T10:15", THURSDAY, "2026-08-20T10:14"),  # it trades
        ("2026-08-20T10:15", YESTERDAY, "2026-08-20T09:30"),  # fetched before the open: shows nothing
        ("2026-08-20T10:15", YESTERDAY, "2026-08-19T16:00"),  # the source has not answered today
        ("2026-08-22T10:15", THURSDAY, "2026-08-22T10:14"),  # Saturday
    ],
)
async def test_it_waits_for_an_answer_after_the_open(office, desk, now, day, fetched):
    office.clock.at = datetime.fromisoformat(now).replace(tzinfo=KARACHI)
    desk.source.last = LastTrade(day, datetime.fromisoformat(fetched).replace(tzinfo=KARACHI))
    assert await office.jobs.watch_open() == ""


async def test_a_late_open_of_ramadan_is_waited_for(office, desk):
    desk.rows = [HolidayRow(THURSDAY, "hours 10:00 10:17-14:00")]
    office.clock.put(10, 30)
    desk.source.last = seen(office, YESTERDAY)
    assert await office.jobs.watch_open() == ""
    office.clock.put(10, 45)
    desk.source.last = seen(office, YESTERDAY)
    assert await office.jobs.watch_open() == "no trade seen: closed"


async def test_the_operators_open_ends_the_presumption_for_good(office, desk):
    office.clock.put(10, 15)
    desk.source.last = seen(office, YESTERDAY)
    await office.jobs.watch_open()
    change = await desk.days.reopen(THURSDAY)
    assert change.changed
    office.clock.put(10, 30)
    desk.source.last = seen(office, YESTERDAY)
    assert await office.jobs.watch_open() == ""
    assert await desk.days.is_session(THURSDAY)


async def test_naming_a_silent_day_tells_people_at_once(office, desk):
    await office.person("a")
    office.clock.put(10, 15)
    desk.source.last = seen(office, YESTERDAY)
    await office.jobs.watch_open()
    change = await desk.days.close(THURSDAY, "Milad")
    assert (change.changed, change.told) == (True, 1)
    office.clock.put(17)
    assert await office.jobs.briefs(EVENING) == "no session today"
    assert await office.told() == ["a"]
