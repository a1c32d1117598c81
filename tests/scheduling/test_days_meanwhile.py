"""A day that is opened or closed while its briefs are due: what was missed comes, what is no longer true does not."""

from datetime import date, time

THURSDAY, MORNING = date(2026, 8, 20), time(9)


async def test_a_day_opened_within_two_hours_brings_the_missed_brief_at_the_next_quarter(office, desk):
    await office.person("nine")
    await office.person("late", time(17))
    await office.operations.add_holiday(THURSDAY, "Storm")
    assert await office.jobs.briefs(MORNING) == "no session today"
    office.clock.put(9, 40)
    await desk.days.reopen(THURSDAY)
    for minute in (45, 45, 50):
        office.clock.put(9, minute)
        await office.jobs.own_time_briefs()
    assert office.briefs.composed == [("nine", "morning")]


async def test_a_brief_that_begins_while_its_day_is_closed_is_told_to_nobody(office, desk):
    """The operator's word comes behind the look at the calendar and before anything could be taken back."""
    await office.person("a")
    begin = office.broadcasts._begin

    async def slowly(*of, **more):
        if of[0].startswith("brief:"):
            await desk.days.close(THURSDAY, "Storm")
        return await begin(*of, **more)

    office.broadcasts._begin = slowly
    await office.jobs.briefs(MORNING)
    assert await office.jobs.own_time_briefs() == ""
    assert {row["campaign"] async for row in office.mongo["outbox"].find()} <= {"holiday:2026-08-20"}
