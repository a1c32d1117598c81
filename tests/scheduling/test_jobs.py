"""Who is told what and when: only the due, each once, whatever fails, stops, doubles or comes late."""

import asyncio
from datetime import date, time

import pytest

from services.domain.conversation import Address
from services.outbox import Outbox
from services.outbox.neighbours import Neighbours
from tests.fakes.sender import Recorder

MORNING, EVENING = time(9), time(17)
SATURDAY = date(2026, 8, 22)
MILAD = date(2026, 8, 26)
INDEPENDENCE = date(2026, 8, 14)


async def test_all_who_are_due_are_told_once(office):
    for name in ("a", "b", "c"):
        await office.person(name)
    outcome = await office.jobs.briefs(MORNING)
    assert await office.told() == ["a", "b", "c"]
    assert outcome.startswith("3 due, 3 put, 0 told before, 0 failed")
    assert await office.outbox.sweep() == 3
    assert sorted((o.address.key[0], o.lane, o.key) for o in office.sender.sent) == [
        (name, "broadcast", f"brief:2026-08-20:09:00:{name}:0") for name in ("a", "b", "c")
    ]


async def test_twice_is_once(office):
    await office.person("a")
    await office.jobs.briefs(MORNING)
    assert await office.jobs.briefs(MORNING) == "already run"
    assert await office.told() == ["a"]
    assert len(office.briefs.composed) == 1


async def test_two_schedulers_at_once_make_one_run(office):
    for number in range(12):
        await office.person(f"u{number:02}")
    other = office.second()
    outcomes = await asyncio.gather(office.jobs.briefs(MORNING), other.jobs.briefs(MORNING))
    assert sorted(outcome == "already run" for outcome in outcomes) == [False, True]
    assert len(office.briefs.composed + other.briefs.composed) == 12
    assert sorted(await office.told()) == sorted({f"u{n:02}" for n in range(12)})


async def test_two_senders_at_once_send_each_brief_once(office):
    for number in range(12):
        await office.person(f"u{number:02}")
    await office.jobs.briefs(MORNING)
    other = office.second()
    await asyncio.gather(*(one.outbox.sweep() for one in (office, other, office, other)))
    keys = [outbound.key for outbound in office.sender.sent + other.sender.sent]
    assert len(keys) == len(set(keys)) == 12


@pytest.mark.parametrize(
    "not_due",
    [
        {"stage": "stopped"},
        {"stage": "blocked"},
        {"stage": "new"},
        {"stage": "onboarding"},
        {"days": (0, 1, 2, 4)},  # every weekday but Thursday
        {"paused_until": date(2026, 8, 20)},  # up to and including today
        {"paused_until": date(2026, 9, 1)},
        {"inactive": (Address("web", "no-000000000000000"),)},
    ],
    ids=[
        "stopped",
        "blocked",
        "new",
        "onboarding",
        "other days",
        "paused till today",
        "paused on",
        "unreachable",
    ],
)
async def test_who_is_not_due_is_left_alone(office, not_due):
    await office.person("no", **not_due)
    await office.person("yes")
    await office.jobs.briefs(MORNING)
    assert await office.told() == ["yes"]


async def test_a_pause_that_ended_yesterday_is_over(office):
    await office.person("back", paused_until=date(2026, 8, 19))
    await office.jobs.briefs(MORNING)
    assert await office.told() == ["back"]


async def test_only_the_wanted_time_counts(office):
    await office.person("early", time(9))
    await office.person("late", time(17))
    await office.jobs.briefs(MORNING)
    assert await office.told() == ["early"]
    office.clock.put(17)
    await office.jobs.briefs(EVENING)
    assert await office.told() == ["early", "late"]
    assert office.briefs.composed == [("early", "morning"), ("late", "evening")]


async def test_somebody_with_a_void_address_is_told_at_the_next_one(office):
    void, good = Address("telegram", "1"), Address("web", "good-000000000000000")
    await office.person("two", addresses=(void, good), inactive=(void,))
    await office.jobs.briefs(MORNING)
    await office.outbox.sweep()
    assert [outbound.address for outbound in office.sender.sent] == [good]


@pytest.mark.parametrize("day", [SATURDAY, INDEPENDENCE, MILAD], ids=["weekend", "fixed holiday", "moon day"])
async def test_without_a_session_nobody_is_told(office, day):
    await office.person("a", days=(0, 1, 2, 3, 4, 5, 6))
    office.clock.put(9, day=day)
    assert await office.jobs.briefs(MORNING) == "no session today"
    assert await office.told() == []


async def test_the_operators_holiday_counts(office):
    await office.person("a")
    await office.operations.add_holiday(office.clock.now().date(), "Rain")
    assert await office.jobs.briefs(MORNING) == "no session today"
    assert await office.told() == []


async def test_while_the_operator_paused_nobody_is_told(office):
    await office.person("a")
    await office.operations.set_paused(paused=True)
    assert await office.jobs.briefs(MORNING) == "paused"
    office.alerts.waiting.append(office.alert("x1", "a"))
    assert await office.jobs.alerts_due() == "paused"
    assert await office.told() == []
    await office.operations.set_paused(paused=False)
    await office.jobs.briefs(MORNING)
    assert await office.told() == ["a"], "a paused run did not use up the slot"


async def test_one_persons_error_is_theirs_alone(office):
    for name in ("a", "b", "c"):
        await office.person(name)
    office.briefs.broken = {"b"}
    outcome = await office.jobs.briefs(MORNING)
    assert outcome.startswith("3 due, 2 put, 0 told before, 1 failed")
    assert await office.told() == ["a", "c"]
    assert [type(error) for error in office.broke] == [ZeroDivisionError]


async def test_an_operators_word_counts_without_a_session_and_tells_nobody_twice(office):
    await office.person("a", days=(0, 1, 2, 3, 4, 5, 6))
    office.clock.put(9, day=SATURDAY)
    run = office.jobs.on_request()["morning_brief"]
    assert (await run()).startswith("1 due, 1 put")
    assert (await run()).startswith("1 due, 0 put, 1 told before")
    assert await office.told() == ["a"]


async def test_what_was_told_last_is_remembered(office):
    user = await office.person("a")
    assert user.last_brief == ""
    await office.jobs.briefs(MORNING)
    kept = await office.store.get("a")
    assert kept is not None
    assert kept.last_brief == "book of morning"


async def test_what_a_person_changes_while_the_run_composes_is_kept(office):
    """Composing takes seconds; a "stop" in between must not be overwritten by the run's own note."""
    await office.person("a")
    compose = office.briefs.delivery

    async def slow(user, slot):
        reply = await compose(user, slot)
        known = await office.store.get("a")
        await office.users.stop(known)
        return reply

    office.briefs.delivery = slow
    await office.jobs.briefs(MORNING)
    kept = await office.store.get("a")
    assert kept is not None
    assert kept.stage == "stopped"


# ---- quarter hours of one's own


async def test_ones_own_quarter_hour(office):
    await office.person("own", time(10, 15))
    await office.person("nine")
    await office.jobs.briefs(MORNING)
    office.clock.put(10, 15, 2)
    await office.jobs.own_time_briefs()
    assert await office.told() == ["nine", "own"]
    assert office.briefs.composed == [("nine", "morning"), ("own", "morning")]


@pytest.mark.parametrize(("hour", "slot"), [(10, "morning"), (12, "midday"), (14, "midday"), (16, "evening")])
async def test_the_hour_says_which_brief_it_is(office, hour, slot):
    await office.person("own", time(hour))
    office.clock.put(hour)
    await office.jobs.own_time_briefs()
    assert office.briefs.composed == [("own", slot)]


async def test_the_two_main_times_have_their_own_line(office):
    await office.person("a")
    await office.jobs.own_time_briefs()
    assert await office.told() == []


async def test_a_quarter_hour_that_fires_late_is_still_told(office):
    """The machine slept from 10:10 to 10:31: APScheduler fires once, and both quarter hours are owed."""
    await office.person("quarter", time(10, 15))
    await office.person("half", time(10, 30))
    office.clock.put(10, 31)
    await office.jobs.own_time_briefs()
    assert sorted(await office.told()) == ["half", "quarter"]


async def test_a_stop_after_the_brief_was_put_still_counts(office):
    """Promise 6: STOP works at once, also for what already waits in the outbox."""
    await office.person("a")
    await office.person("b")
    await office.jobs.briefs(MORNING)
    stopped = await office.store.get("a")
    await office.users.stop(stopped)

    async def wanting(user_ids):
        return {user_id for user_id in user_ids if await office.users.wants_broadcasts(user_id)}

    held = Outbox(office.outbox._store, Recorder(), office.clock, neighbours=Neighbours(wanting=wanting))
    assert await held.sweep() == 1
    counts = await held.counts()
    assert counts == {"accepted": 1, "cancelled": 1}
