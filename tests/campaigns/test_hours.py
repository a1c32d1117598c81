"""When a message of a campaign may be sent: nobody is woken, and nothing arrives that is stale."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.broadcasts import short_name
from services.composing import reachable_address
from services.domain.campaigns import is_night, morning_after, times
from services.domain.conversation import Reply, Text
from tests.campaigns.conftest import KARACHI


def at(hour, minute=0, second=0, day=20):
    return datetime(2026, 8, day, hour, minute, second, tzinfo=KARACHI)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (at(21, 59, 59), None),
        (at(22), at(7, day=21)),
        (at(23, 30), at(7, day=21)),
        (at(0, 0, 1, day=21), at(7, day=21)),
        (at(6, 59, 59), at(7)),
        (at(7), None),
        (at(12), None),
    ],
)
def test_the_night_is_from_ten_to_seven_in_karachi(now, begins):
    assert morning_after(now) == begins
    assert morning_after(now.astimezone(ZoneInfo("America/New_York"))) == begins


@given(st.integers(0, 365 * 86_400))
def test_whatever_hour_it_is_nothing_begins_at_night_and_it_waits_nine_hours_at_most(second):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    begins, expires = times("announcement", now)
    assert not is_night(begins or now)
    assert timedelta(0) <= (begins or now) - now <= timedelta(hours=9)
    assert expires == (begins or now) + timedelta(hours=24)


def test_the_time_to_live_counts_from_the_morning_and_a_chosen_hour_is_no_disturbance():
    assert times("alert", at(23)) == (at(7, day=21), at(10, day=21))
    assert times("alert", at(15)) == (None, at(18))
    assert times("brief", at(22, 15)) == (None, at(22, 15) + timedelta(hours=3))
    assert times("announcement", at(23), urgent=True) == (None, at(23, day=21))


async def announced(hall, **more):
    await hall.crowd(2)
    campaign = await hall.process().broadcasts.announce("k", "Holiday on Monday", **more)
    return campaign, await hall.outbox.get(f"{campaign.id}:u00001:0")


async def lease(hall, *, without=()):
    """What the sending engine would be given now."""
    now = hall.clock.now()
    until = now + timedelta(minutes=2)
    due = await hall.outbox.lease("broadcast", ("telegram",), now, limit=50, until=until, without=without)
    return [one.outbound for one in due]


async def test_an_announcement_at_night_waits_for_the_morning_and_expires_the_next(hall):
    hall.clock.at = at(23, 10)
    campaign, put = await announced(hall)
    assert put.not_before == at(7, day=21)
    assert put.expires_at == campaign.expires == at(7, day=22)
    assert await lease(hall) == []
    hall.clock.at = at(6, 59, 59, day=21)
    assert await lease(hall) == []
    hall.clock.at = at(7, day=21)
    assert len(await lease(hall)) == 2
    hall.clock.at = at(7, 0, 1, day=22)
    assert await lease(hall) == []


async def test_an_urgent_one_wakes_people_and_a_brief_comes_at_the_hour_that_was_chosen(hall):
    hall.clock.at = at(23, 10)
    _, put = await announced(hall, urgent=True)
    assert put.not_before is None
    assert len(await lease(hall)) == 2
    assert await hall.campaigns.halted() == {}
    process = hall.process()

    async def compose(_user):
        return (Reply((Text("brief"),)),)

    await process.broadcasts.run("brief:2026-08-20:22:15", reachable_address, compose)
    assert (await hall.outbox.get("brief:2026-08-20:22:15:u00000:0")).not_before is None


async def test_an_alert_at_night_waits_and_belongs_to_no_campaign(hall):
    hall.clock.at = at(3)
    user = hall.user("a", "twilio")
    await hall.people.save(user)
    process = hall.process()
    assert await process.broadcasts.tell("alert:1", user, (Reply((Text("LUCK is above 900"),)),))
    assert not await process.broadcasts.tell("alert:1", user, (Reply((Text("LUCK is above 900"),)),))
    put = await hall.outbox.get("alert:1:a:0")
    assert (put.not_before, put.expires_at, put.campaign) == (at(7), at(10), "")
    assert put.template.name == "alert"
    assert put.template.press == ""


async def test_a_long_announcement_that_is_still_going_at_ten_sleeps_until_seven(hall):
    hall.clock.at = at(21, 30)
    campaign, _ = await announced(hall)
    assert await hall.campaigns.halted() == {}
    hall.clock.at = at(22)
    assert await hall.campaigns.halted() == {campaign.id: "asleep"}
    assert await lease(hall, without=tuple(await hall.campaigns.halted())) == []
    hall.clock.at = at(7, day=21)
    assert await hall.campaigns.halted() == {}
    assert len(await lease(hall)) == 2


async def test_a_brief_lives_three_hours_from_when_its_run_began(hall):
    await hall.crowd(1)
    hall.clock.at = datetime.combine(hall.clock.at.date(), time(9), KARACHI)

    async def compose(_user):
        hall.clock.forward(minutes=40)
        return (Reply((Text("brief"),)),)

    await hall.process().broadcasts.run("brief:2026-08-20:09:00", reachable_address, compose)
    assert (await hall.outbox.get("brief:2026-08-20:09:00:u00000:0")).expires_at == at(12)
    hall.clock.at = at(12)
    assert await lease(hall) == []


def test_names_are_easy_to_type_and_tell_nothing_of_the_message_behind_them():
    names = {short_name(f"meta:wamid.HBgM9230011122{n:04}") for n in range(2_000)}
    assert len(names) == 2_000
    assert all(len(name) == 7 and name.isalpha() and not set(name) & set("aeiouy") for name in names)
    assert short_name("telegram:1") == short_name("telegram:1")
