"""The running bot behind /readyz and /metrics: what a provider's bad day looks like, and who is called about it."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import watching
from bot.health import Health
from bot.metrics import COUNTS
from services.domain.conversation import Address, Outbound, Reply, Template
from services.domain.errors import Unavailable
from services.stores import pulse
from tests.fakes.phones import MetaPhone, TelegramPhone, TwilioPhone, reached

PHONES = [TelegramPhone, TwilioPhone, MetaPhone]


@pytest.fixture(autouse=True)
def closed_breakers():
    yield
    for channel in ("telegram", "twilio", "meta"):
        COUNTS.level("breaker", 0, channel=channel)


async def ready(house):
    async with house.session.get(f"{house.url}/readyz") as answer:
        return answer.status, await answer.json()


async def afresh(house):
    """Forget what was found within the last seconds."""
    house.bot.watching.health = Health(house.bot.watching._checks())
    house.bot.watching._counted = float("-inf")
    return (await house.bot.watching.health.report()).findings


async def metrics(house):
    async with house.session.get(f"{house.url}/metrics") as answer:
        assert answer.status == 200
        return await answer.text()


def value(shown, name, **labels):
    wanted = {f'{key}="{text}"' for key, text in labels.items()}
    for line in shown.splitlines():
        found = re.fullmatch(rf"{name}(?:\{{(.*)\}})? (\S+)", line)
        if found and wanted <= set((found[1] or "").split(",")):
            return float(found[2])
    return 0.0


async def test_a_bot_that_is_well_is_ready(house):
    status, body = await ready(house)
    assert status == 200
    assert body == {"state": "ready"} | dict.fromkeys(
        ("mongodb", "inbox", "market", "outbox", "telegram", "twilio", "meta"), "ok"
    )
    async with house.session.get(f"{house.url}/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"alive": True})


async def test_providers_that_are_not_configured_are_no_dependency(open_house):
    async with open_house(twilio_sid="", meta_phone_id="") as house:
        _, body = await ready(house)
        assert "twilio" not in body
        assert "meta" not in body
        assert body["telegram"] == "ok"


async def test_only_a_store_that_keeps_nothing_takes_us_out_of_service(house):
    async def away():
        raise Unavailable("mongodb://user:secret@db does not answer")

    checks = house.bot.watching.health.checks
    house.bot.watching.health.checks = [replace(c, run=away) if c.name == "market" else c for c in checks]
    status, body = await ready(house)
    assert (status, body["state"]) == (200, "degraded")
    house.bot.watching.health.checks = [replace(c, run=away) if c.name == "mongodb" else c for c in checks]
    status, body = await ready(house)
    assert (status, body["state"], body["mongodb"]) == (503, "not ready", "Unavailable")


async def test_a_full_inbox_takes_us_out_of_service(house, monkeypatch):
    monkeypatch.setattr(watching, "MOST_IN_HAND", 0)
    status, body = await ready(house)
    assert (status, body["state"]) == (503, "not ready")
    assert body["inbox"] == "Unavailable"


async def test_updates_that_pile_up_at_telegram_are_seen(house):
    for waiting in (1, 4, 9):
        house.telegram.pending = waiting
        assert (await afresh(house))["telegram"] == "ok"
    house.telegram.pending = 20
    assert "20 updates wait at telegram" in (await afresh(house))["telegram"]
    house.telegram.pending = 3
    assert (await afresh(house))["telegram"] == "ok"


@pytest.mark.parametrize("phone", [TwilioPhone, MetaPhone])
async def test_a_provider_that_tells_nothing_of_our_messages_is_seen(house, phone, monkeypatch):
    person = phone(house)
    await person.deliver(person.typed(1, "Hi"))
    await house.bot.dispatcher.drain(30)
    await house.bot.outbox.settled()
    assert (await afresh(house))[person.channel] == "ok"
    later = pulse.wall_clock() + timedelta(minutes=16)
    monkeypatch.setattr(pulse, "wall_clock", lambda: later)
    assert "no status came for 15 minutes" in (await afresh(house))[person.channel]
    taken = (await house.outbox(channel=person.channel))[0]
    await house.world.outbox._outbox.update_one({"_id": taken["_id"]}, {"$set": {"state": "delivered"}})
    assert (await afresh(house))[person.channel] == "ok"


async def test_where_nothing_was_sent_silence_is_no_trouble(house, monkeypatch):
    later = pulse.wall_clock() + timedelta(hours=5)
    monkeypatch.setattr(pulse, "wall_clock", lambda: later)
    assert await afresh(house) == dict.fromkeys(
        ("mongodb", "inbox", "market", "outbox", "telegram", "twilio", "meta"), "ok"
    )


async def test_an_open_breaker_degrades_and_messages_that_wait_too(house):
    COUNTS.level("breaker", 1, channel="meta")
    findings = await afresh(house)
    assert "refuses our account" in findings["meta"]
    assert findings["twilio"] == "ok"


async def test_an_operator_is_called_about_what_is_not_well(open_house):
    async with open_house(admins=("telegram:7001", "whatsapp:+923001112223")) as house:
        for boss in (TelegramPhone(house, 7001), TwilioPhone(house, "+923001112223")):
            await boss.say("Hi")
        for waiting in (1, 2, 3, 4):
            house.telegram.pending = waiting
            await afresh(house)
        house.telegram.pending = 50
        house.bot.watching.health = Health(house.bot.watching._checks())
        await house.bot.watching.call()
        alarms = [row for row in await house.outbox() if row["_id"].startswith("alarm:")]
        assert [row["_id"].split(":")[1:3] for row in alarms] == [["webhook", "telegram"]] * 2
        assert {row["channel"] for row in alarms} == {"telegram", "twilio"}
        assert "50 updates wait" in alarms[0]["body"]["reply"]["blocks"][0]["text"]


@pytest.mark.parametrize("phone", PHONES)
async def test_each_channel_counts_what_comes_and_goes(house, phone):
    person = phone(house)
    channel = person.channel
    before = await metrics(house)
    payload = person.typed(77, "Hi")
    for _ in range(3):
        await person.deliver(payload)
    await house.bot.dispatcher.drain(30)
    async with house.session.post(f"{house.url}/webhooks/{channel}", data=b"{}") as refused:
        assert refused.status == 403
    after = await metrics(house)

    def grown(name, **labels):
        return value(after, name, channel=f"{channel}", **labels) - value(
            before, name, channel=channel, **labels
        )

    assert grown("marketbyte_received_total", kind="message") == 1
    assert grown("marketbyte_received_total", kind="duplicate") == 2
    assert grown("marketbyte_received_total", kind="rejected") == 1
    assert grown("marketbyte_ack_seconds_count") == 3
    assert grown("marketbyte_sent_total", kind="accepted") == len(await house.outbox()) > 0
    for word in (person.key, re.sub(r"\D", "", person.key), "Ayesha", "Khan"):
        assert word not in after


async def test_the_levels_are_those_of_now(house):
    shown = await metrics(house)
    assert "marketbyte_in_hand 0.0" in shown
    assert value(shown, "marketbyte_waiting", kind="interactive") == 0
    house.bot.watching._counted = float("-inf")

    async def waiting():
        return {"broadcast": (7, house.world.clock.now() - timedelta(seconds=40))}

    house.bot.watching._world = replace(
        house.world, outbox=type("Box", (), {"waiting": staticmethod(waiting)})()
    )
    shown = await metrics(house)
    assert value(shown, "marketbyte_waiting", kind="broadcast") == 7
    assert 39 <= value(shown, "marketbyte_oldest", kind="broadcast") <= 60


async def test_metrics_are_shown_with_the_store_away(house):
    async def away():
        raise Unavailable("gone")

    house.bot.watching._counted = float("-inf")
    house.bot.watching._world = replace(
        house.world, outbox=type("Box", (), {"waiting": staticmethod(away)})()
    )
    assert "marketbyte_in_hand" in await metrics(house)


@pytest.mark.parametrize("phone", PHONES)
async def test_statuses_uploads_and_answers_are_counted(house, phone):
    person = await reached(phone(house))
    before = await metrics(house)
    await person.say("xray")
    await person.say("xray")
    refs = [ref for row in await house.outbox() for ref in row.get("refs", ())]
    if person.channel != "telegram":
        await person.status(refs[-1], "delivered")
        await person.status(refs[-1], "read")
    after = await metrics(house)

    def grown(name, **labels):
        channel = person.channel
        return value(after, name, channel=channel, **labels) - value(before, name, channel=channel, **labels)

    assert grown("marketbyte_answer_seconds_count") == 2
    assert grown("marketbyte_send_seconds_count") == grown("marketbyte_sent_total", kind="accepted") >= 2
    told = 0 if person.channel == "telegram" else 1
    assert grown("marketbyte_status_total", kind="delivered") == told
    assert grown("marketbyte_status_total", kind="read") == told
    fetched = person.channel == "twilio"  # it gets our pictures by their address: nothing is uploaded
    assert grown("marketbyte_media_total", kind="upload") == (0 if fetched else 1)
    assert grown("marketbyte_media_total", kind="reuse") == (0 if fetched else 1)


async def test_templates_that_went_are_counted(open_house):
    contents = json.dumps({"announcement": "HX" + "a" * 32})
    async with open_house(twilio_templates=contents) as house:
        house.twilio.contents = {"HX" + "a" * 32: 2}
        person = await reached(TwilioPhone(house))
        house.twilio.shut.add(person.key)
        before = value(await metrics(house), "marketbyte_template_total", channel="twilio", kind="accepted")
        user = await house.bot.services.users.by_address(Address("twilio", person.key))
        message = Outbound(
            "t1", user.id, user.addresses[0], Reply(()), house.world.clock.now(),
            template=Template("announcement", ("Ayesha", "Hello")),
        )  # fmt: skip
        await house.bot.outbox.put([message], own=True)
        await house.bot.outbox.deliver(message)
        after = value(await metrics(house), "marketbyte_template_total", channel="twilio", kind="accepted")
        assert after == before + 1
