"""Twilio through the whole bot: media it cannot use, told at once or late; STOP by every path; what it loses is found."""

import json
from datetime import timedelta

import pytest

from services.domain.conversation import Address, MediaRef, Outbound, Picture, Reply, Text, Voice
from tests.fakes.phones import TwilioPhone, person, reached

OGG = b"OggS" + b"voice" * 50
LATER = timedelta(minutes=3)
PNG = b"\x89PNG\r\n\x1a\n" + b"chart" * 50


async def put(house, someone, *blocks, key="brief:1", lane="broadcast"):
    """A message through the outbox, sent; its rows by key."""
    user, now = await person(someone), house.world.clock.now()
    message = Outbound(key, user.id, Address("twilio", someone.key), Reply(tuple(blocks)), now, lane)
    await house.bot.outbox.put([message])
    await house.bot.outbox.sweep(("twilio",))
    return await rows(house)


async def rows(house):
    return {row["_id"]: row for row in await house.outbox() if not row["_id"].startswith("reply:")}


@pytest.fixture
async def home(open_house):
    async with open_house() as house:
        someone = await reached(TwilioPhone(house))
        house.made = []

        async def mp3(ref: MediaRef) -> MediaRef:
            house.made.append(ref.key)
            return await house.world.media.put(b"ID3" + b"m" * 90, "audio/mpeg", "brief.mp3")

        house.world.webhooks["twilio"]._delivery._mp3 = mp3
        note = await house.world.media.put(OGG, "audio/ogg; codecs=opus", "brief.ogg")
        house.note = Voice(note, 9.0, "KSE-100 rose by one per cent.")
        yield house, someone


def kinds(house, someone):
    """What came, as the provider fetched it: media types, or the words."""
    taken = [m for m in house.twilio.messages if m["To"] == someone.key][-3:]
    return [house.twilio.bodies[m["MediaUrl"]][0] if "MediaUrl" in m else m["Body"] for m in taken]


async def test_a_voice_note_is_fetched_as_ogg_and_as_mp3_where_that_is_refused(home):
    house, someone = home
    await put(house, someone, house.note)
    assert kinds(house, someone)[-1] == "audio/ogg"
    house.twilio.unusable.add("audio/ogg")
    await put(house, someone, house.note, key="brief:2")
    assert kinds(house, someone)[-1] == "audio/mpeg"
    house.twilio.unusable.add("audio/mpeg")
    await put(house, someone, house.note, key="brief:3")
    assert kinds(house, someone)[-1].startswith(house.note.transcript)
    assert house.made == [house.note.media.key]


async def test_a_voice_note_refused_by_a_status_follows_as_mp3_then_as_words_once_each(home):
    house, someone = home
    ref = (await put(house, someone, Text("the brief"), house.note))["brief:1"]["refs"][1]
    for _ in range(3):
        assert await someone.status(ref, "failed", "63019") == 200
    await house.bot.outbox.sweep(("twilio",))
    assert kinds(house, someone)[-2:] == ["audio/ogg", "audio/mpeg"]
    again = (await rows(house))["brief:1:mp3"]["refs"][0]
    await someone.status(again, "undelivered", "63019")
    await house.bot.outbox.sweep(("twilio",))
    last = kinds(house, someone)[-1]
    link = last.rpartition("\n")[2]
    assert last.startswith(house.note.transcript)
    async with house.session.get(link) as answer:
        assert (answer.status, (await answer.read())[:3]) == (200, b"ID3")  # what any phone can play
    assert set(await rows(house)) == {"brief:1", "brief:1:mp3", "brief:1:mp3:link"}


async def test_a_picture_refused_by_a_status_follows_as_words(home):
    house, someone = home
    chart = await house.world.media.put(PNG, "image/png")
    ref = (await put(house, someone, Picture(chart, "by sector")))["brief:1"]["refs"][0]
    await someone.status(ref, "undelivered", "63019")
    await house.bot.outbox.sweep(("twilio",))
    assert kinds(house, someone)[-1].startswith("by sector\n\nhttp")


@pytest.mark.parametrize("path", ["word", "opt-out", "status", "send"])
async def test_stop_is_heard_by_every_path(home, path):
    house, someone = home
    if path == "word":
        await someone.say("stop")
    elif path == "opt-out":
        await someone.deliver(someone.typed(71_000, "STOP") | {"OptOutType": "STOP"})
    elif path == "status":
        ref = (await put(house, someone, Text("x")))["brief:1"]["refs"][0]
        await someone.status(ref, "failed", "21610")
    else:
        house.twilio.gone.add(someone.key)
        await put(house, someone, Text("x"))
    assert (await person(someone)).stage == "stopped"
    house.bot.outbox._permits._wishes.clear()  # a wish counts for a second
    before = len(house.twilio.messages)
    await put(house, someone, Text("a brief"), key="brief:9")
    assert len(house.twilio.messages) == before
    house.twilio.gone.clear()
    await someone.deliver(someone.typed(71_001, "START") | {"OptOutType": "START"})
    assert (await person(someone)).stage == "active"


@pytest.mark.parametrize("path", ["status", "send"])
async def test_who_blocked_us_is_left_alone(home, path):
    house, someone = home
    if path == "status":
        ref = (await put(house, someone, Text("x")))["brief:1"]["refs"][0]
        await someone.status(ref, "undelivered", "63014")
    else:
        house.twilio.next = [(400, {"code": 63014})]
        await put(house, someone, Text("x"))
    assert (await person(someone)).inactive == (Address("twilio", someone.key),)


@pytest.mark.parametrize("planned", ["lost", "hang"])
async def test_what_twilio_lost_is_asked_for_and_never_told_twice(home, planned, monkeypatch):
    house, someone = home
    house.twilio.next = [planned]
    assert (await put(house, someone, Text("one of a kind")))["brief:1"]["state"] == "unknown"
    told = [m for m in house.twilio.messages if m.get("Body") == "one of a kind"]
    assert len(told) == (planned == "lost")
    now, taken_at = house.world.clock.now, house.twilio.now
    monkeypatch.setattr(house.world.clock, "now", lambda: now() + LATER)
    house.world.webhooks["twilio"]._now = house.world.clock.now
    house.twilio.now = lambda: taken_at() + LATER
    assert await house.bot.outbox.reconcile(("twilio",)) == 1
    await house.bot.outbox.sweep(("twilio",))
    told = [m for m in house.twilio.messages if m.get("Body") == "one of a kind"]
    assert len(told) == 1
    assert (await rows(house))["brief:1"]["state"] in {"accepted", "sent"}


async def test_no_template_for_one_person_stops_nobody_else(open_house):
    async with open_house(twilio_templates=json.dumps({})) as house:
        someone = await reached(TwilioPhone(house))
        house.twilio.shut.add(someone.key)
        state = (await put(house, someone, Text("a brief")))["brief:1"]
        assert (state["state"], state["code"]) == ("failed", "63016")
