"""After a start: what was missed or cut short is told, once, and to nobody who joined later."""

import asyncio
from datetime import date, time

MORNING, EVENING = time(9), time(17)


async def test_a_missed_slot_is_caught_up(office):
    await office.person("a")
    await office.person("own", time(9, 30))
    office.clock.put(9, 47)
    caught = await office.jobs.catch_up()
    assert sorted(await office.told()) == ["a", "own"]
    assert "09:00" in caught
    assert "09:30" in caught


async def test_a_run_cut_short_is_finished_and_nobody_is_told_twice(office):
    """The crash: the slot is claimed, one of three is put, the run never said it was done."""
    for name in ("a", "b", "c"):
        await office.person(name)
    office.briefs.broken = {"b", "c"}
    await office.jobs.briefs(MORNING)
    await office.operations.release_slot("brief:2026-08-20:09:00:done")
    office.briefs.broken = set()
    office.clock.put(9, 2)
    await office.jobs.catch_up()
    assert await office.told() == ["a", "b", "c"]


async def test_what_is_done_is_not_caught_up(office):
    await office.person("a")
    await office.jobs.briefs(MORNING)
    office.clock.put(9, 20)
    assert await office.jobs.catch_up() == ""
    assert await office.told() == ["a"]
    assert len(office.briefs.composed) == 1


async def test_more_than_two_hours_late_is_too_late(office):
    await office.person("a")
    office.clock.put(11, 16)
    assert await office.jobs.catch_up() == ""
    assert await office.told() == []


async def test_catching_up_soon_after_midnight_leaves_yesterday_alone(office):
    await office.person("night", time(22, 45))
    office.clock.put(0, 10, day=date(2026, 8, 21))
    assert await office.jobs.catch_up() == ""
    assert await office.told() == []


async def test_two_that_catch_up_at_once_tell_once(office):
    for number in range(6):
        await office.person(f"u{number}")
    other = office.second()
    office.clock.put(9, 5)
    await asyncio.gather(office.jobs.catch_up(), other.jobs.catch_up())
    assert sorted(await office.told()) == [f"u{n}" for n in range(6)]


async def test_a_brief_that_could_not_be_sent_in_time_is_not_sent_late(office):
    await office.person("a")
    await office.jobs.briefs(MORNING)
    office.clock.put(12, 1)
    assert await office.outbox.sweep() == 0
    assert office.sender.sent == []


async def test_who_joined_after_the_hour_is_not_told_of_it_by_a_restart(office):
    await office.person("old")
    await office.jobs.briefs(MORNING)
    office.clock.put(9, 30)
    await office.person("new", consented_at=office.clock.now(), created_at=office.clock.now())
    office.clock.put(9, 50)
    await office.jobs.catch_up()
    assert await office.told() == ["old"]


async def test_who_joined_alone_after_the_hour_is_not_told_of_it_by_a_restart(office):
    """The same where nobody else was due, so that no run was noted."""
    office.clock.put(9)
    await office.jobs.briefs(MORNING)
    office.clock.put(9, 30)
    await office.person("new", consented_at=office.clock.now(), created_at=office.clock.now())
    office.clock.put(9, 50)
    await office.jobs.catch_up()
    assert await office.told() == []
