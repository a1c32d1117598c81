"""A campaign reaches each of its people once, whatever happens to the processes that compose it."""

import asyncio
import random
from collections import Counter
from dataclasses import replace

import pytest

import services.composing
from services.composing import reachable_address
from services.domain.campaigns import Campaign
from services.domain.conversation import Address, MediaRef, Picture, Reply, Text
from services.domain.errors import Unavailable
from tests.campaigns.conftest import Fuse, Killed

NAME = "brief:2026-08-20:09:00"


async def brief(user):
    return (Reply((Text(f"the brief of {user.id}"),)),)


async def run(process, compose=brief, **more):
    return await process.broadcasts.run(NAME, reachable_address, compose, template="brief", **more)


async def test_killed_and_resumed_at_a_hundred_random_points_everybody_is_told_once(hall, monkeypatch):
    """Behaviour 39: kill -9 at any call of any store, up to four times over, before or after it took effect."""
    monkeypatch.setattr(services.composing, "PAGE", 5)
    ids = await hall.crowd(25)
    chance = random.Random(20260820)
    deaths = 0
    for _ in range(100):
        await hall.forget()
        composed: Counter[str] = Counter()

        async def counted(user, composed=composed):
            composed[user.id] += 1
            return await brief(user)

        for _ in range(chance.randrange(1, 5)):
            process = hall.process(fuse=Fuse(chance.randrange(1, 28), after=chance.random() < 0.5))
            try:
                await run(process, counted)
            except Killed:
                deaths += 1
        outcome = await run(hall.process(), counted)
        rows = await hall.put()
        assert Counter(row["user_id"] for row in rows) == dict.fromkeys(ids, 1)
        assert {row["_id"] for row in rows} == {f"{NAME}:{user_id}:0" for user_id in ids}
        assert outcome.due == outcome.put + outcome.twice <= len(ids)
        kept = await hall.campaigns.get(NAME)
        assert kept is not None
        assert kept.composed
    assert deaths > 120, "the fuse must have burnt in most runs"


async def test_the_composing_goes_on_behind_the_cursor(hall, monkeypatch):
    monkeypatch.setattr(services.composing, "PAGE", 10)
    await hall.crowd(50)
    composed = []

    async def noted(user):
        composed.append(user.id)
        if user.id == "u00025":
            raise Killed
        return await brief(user)

    with pytest.raises(Killed):
        await run(hall.process(), noted)
    composed.clear()
    await run(hall.process())
    kept = await hall.campaigns.get(NAME)
    assert (kept.cursor, kept.put, kept.due) == ("u00049", 50, 50)
    first = await hall.campaigns.newest()
    assert len(first) == 1
    again = []

    async def anew(user):
        again.append(user.id)
        return await brief(user)

    assert (await run(hall.process(), anew)).twice == 50, (
        "a run that was at its end begins anew; keys make it once"
    )
    assert len(again) == 50


async def test_what_was_composed_before_a_kill_is_not_composed_again(hall, monkeypatch):
    monkeypatch.setattr(services.composing, "PAGE", 10)
    await hall.crowd(30)
    # begin, held_back, among, put, advance of the first page, then dead.
    with pytest.raises(Killed):
        await run(hall.process(fuse=Fuse(6)))
    seen = []

    async def noted(user):
        seen.append(user.id)
        return await brief(user)

    await run(hall.process(), noted)
    assert seen == [f"u{n:05}" for n in range(10, 30)]


async def test_an_announcement_of_a_dead_process_is_gone_on_with_by_another(hall, monkeypatch):
    monkeypatch.setattr(services.composing, "PAGE", 5)
    ids = await hall.crowd(20)
    first = hall.process("first", Fuse(8))
    with pytest.raises(Killed):
        await first.broadcasts.announce("telegram:77", "Holiday on Monday")
    assert 0 < len(await hall.put()) < 20
    second = hall.process("second")
    assert await second.broadcasts.go_on() == 0, "its process may still live"
    hall.dead.add("first")
    assert await second.broadcasts.go_on() == 1
    assert await second.broadcasts.go_on() == 0, "it is in hand"
    await asyncio.gather(*second.broadcasts._composing.values())
    rows = await hall.put()
    assert [row["user_id"] for row in rows] == ids
    assert all("Holiday on Monday" in str(row["body"]) for row in rows)


async def test_while_the_database_is_away_it_waits_and_then_goes_on(hall, monkeypatch):
    monkeypatch.setattr(services.composing, "PAGE", 5)
    ids = await hall.crowd(20)
    process = hall.process()
    put, left = hall.outbox.put, [3]

    async def shaky(outbounds, **more):
        if outbounds[0].user_id == ids[10] and left[0]:
            left[0] -= 1
            raise Unavailable("away")
        return await put(outbounds, **more)

    monkeypatch.setattr(hall.outbox, "put", shaky)
    outcome = await run(process)
    assert (outcome.due, outcome.put, outcome.twice, outcome.failed) == (20, 20, 0, 0)
    assert left == [0]
    assert len(await hall.put()) == 20


async def test_a_database_away_until_the_brief_is_stale_ends_it(hall, monkeypatch):
    await hall.crowd(2)

    async def away(outbounds, **more):
        hall.clock.forward(hours=2)
        raise Unavailable("away")

    monkeypatch.setattr(hall.outbox, "put", away)
    with pytest.raises(Unavailable):
        await run(hall.process())


async def test_one_persons_error_is_theirs_alone_in_making_and_in_putting(hall, monkeypatch):
    await hall.crowd(6)
    put = hall.outbox.put

    async def picky(outbounds, **more):
        if any(o.user_id == "u00004" for o in outbounds):
            raise ValueError("cannot be written")
        return await put(outbounds, **more)

    async def compose(user):
        if user.id == "u00002":
            raise ZeroDivisionError
        return await brief(user)

    monkeypatch.setattr(hall.outbox, "put", picky)
    outcome = await run(hall.process(), compose)
    assert (outcome.due, outcome.put, outcome.failed, outcome.twice) == (6, 4, 2, 0)
    assert [row["user_id"] for row in await hall.put()] == ["u00000", "u00001", "u00003", "u00005"]
    assert [type(error) for error in hall.broke] == [ZeroDivisionError, ValueError]


async def test_who_stops_while_it_is_composed_or_is_held_back_by_the_provider_is_left_out(hall):
    await hall.crowd(5)
    process = hall.process()
    await hall.outbox.hold_back(Address("telegram", "7003"), hall.clock.now().replace(hour=20))

    async def compose(user):
        if user.id == "u00001":
            await process.users.stop(user)
        if user.id == "u00002":
            await process.users.forget(user)
        return await brief(user)

    told = []

    async def remember(users):
        told.extend(user.id for user in users)

    outcome = await run(process, compose, told=remember)
    assert [row["user_id"] for row in await hall.put()] == ["u00000", "u00004"]
    assert sorted(told) == ["u00000", "u00004"]
    assert (outcome.due, outcome.put) == (5, 2)


async def test_people_are_composed_for_four_at_a_time_and_the_loop_stays_free(hall):
    await hall.crowd(40)
    under_way, most, ticks = 0, 0, 0

    async def compose(user):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.002)
        under_way -= 1
        return await brief(user)

    async def tick():
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await run(hall.process(), compose)
    ticking.cancel()
    assert most == 4
    assert ticks > 10


async def test_each_message_bears_its_campaign_its_template_and_its_time(hall):
    await hall.people.save(
        hall.user("two", key="8", addresses=(Address("meta", "0"), Address("twilio", "1")))
    )
    one = await hall.people.get("two")
    await hall.people.save(replace(one, inactive=(Address("meta", "0"),)))

    async def compose(_user):
        return (Reply((Text("*Hi*\nall"),), source="PSX, 20 Aug"), Reply((Text("more"),)))

    await run(hall.process(), compose)
    first, second = [await hall.outbox.get(f"{NAME}:two:{n}") for n in (0, 1)]
    assert (first.campaign, first.lane, first.address) == (NAME, "broadcast", Address("twilio", "1"))
    assert first.expires_at == hall.clock.now().replace(hour=12)
    assert first.not_before is None
    assert first.template.parameters == ("Ayesha", "Hi all PSX, 20 Aug")
    assert first.template.press == f"audio?told={NAME}:two:0"
    assert second.template is None, "outside the window one template stands for the whole brief"


@pytest.mark.parametrize(
    ("channel", "name", "chart", "there"),
    [
        ("twilio", "brief", False, True),
        ("twilio", "announcement", False, False),
        ("meta", "brief", True, True),
        ("meta", "brief", False, False),  # only the form with a chart is set up
        ("telegram", "brief", True, False),  # has no window
        ("twilio", "", False, False),
    ],
)
async def test_a_template_that_is_not_set_up_is_not_put_so_that_it_stops_nobody_elses(
    hall, channel, name, chart, there
):
    process, user = hall.process(), hall.user("a", channel)
    picture = (Picture(MediaRef("c.png", "image/png", 1)),) if chart else ()
    campaign = Campaign(NAME, "brief", hall.clock.now())
    (put,) = process.composer.outbounds(campaign, user, (Reply((Text("Hi"), *picture)),), name)
    assert (put.template is not None) is there
