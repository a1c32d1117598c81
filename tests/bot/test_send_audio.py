"""A brief outside WhatsApp's window: the approved template with the chart first, the whole brief on the tap of "Send audio".

Through the real webhooks, on both WhatsApp channels; a press that was forged gives nobody anybody else's brief.
"""

import itertools
import json
from datetime import timedelta

import pytest

from services.domain.conversation import Text, Voice
from tests.fakes.meta_rules import Approval
from tests.fakes.phones import MetaPhone, TelegramPhone, TwilioPhone, person, reached
from tests.fakes.twilio_rules import Content

PLAIN, RICH = "HX" + "b" * 32, "HX" + "d" * 32
SETTINGS = {
    "twilio_templates": json.dumps({"brief": PLAIN, "brief-chart": RICH}),
    "meta_templates": json.dumps(
        {
            "brief": {"name": "mb_brief", "language": "en", "chart": False},
            "brief-chart": {"name": "mb_brief_chart", "language": "en"},
        }
    ),
}
_numbers = itertools.count(880_000)
pytestmark = pytest.mark.slow  # a real voice speaks


def approve(house):
    """The operator's templates as the providers know them."""
    rich = Content("{{1}}: {{2}}", more=2, media=3, host=f"{house.url}/media/")
    house.twilio.contents = {PLAIN: 2, RICH: rich}
    house.meta.templates = {"mb_brief": 2, "mb_brief_chart": Approval(body=2, header=True, button=True)}


def window(house, phone, *, shut):
    """Shut or open a person's window at their provider."""
    if phone.channel == "twilio":
        (house.twilio.shut.add if shut else house.twilio.shut.discard)(phone.key)
    elif phone.channel == "meta":
        keys = {phone.key, f"+{phone.number}"}
        (house.meta.shut.update if shut else house.meta.shut.difference_update)(keys)


def tap(phone, payload):
    """The template's button, as the provider reports it."""
    number = next(_numbers)
    if phone.channel == "twilio":
        pressed = {"ButtonText": "Send audio", "ButtonPayload": payload, "MessageType": "button"}
        return phone.typed(number, "Send audio") | pressed
    if phone.channel == "meta":
        return phone._payload(number, type="button", button={"payload": payload, "text": "Send audio"})
    phone.house.telegram.messages.append(
        {"chat_id": phone.key, "message_id": number, "kind": "text", "plain": ""}
    )
    return phone.house.telegram.press_update(number, phone.chat, payload)


def press_of(message):
    """What the button of the template that came will bring back."""
    if "ContentVariables" in message:
        return json.loads(message["ContentVariables"])["4"]
    (button,) = [c for c in message["template"]["components"] if c["type"] == "button"]
    return button["parameters"][0]["payload"]


async def told(house, phone, *, shut=True):
    """The morning brief as the job puts it; returns its key and what was put."""
    user = await person(phone)
    window(house, phone, shut=shut)
    assert (await house.bot.jobs.on_request()["morning_brief"]()).endswith("0 failed")
    key = f"brief:2026-08-20:09:00:{user.id}:0"
    before = len(phone.listen().heard)
    await house.bot.outbox.sweep((phone.channel,))
    phone.heard = phone.listen().heard[before:]
    return key, await house.world.outbox.get(key)


@pytest.mark.parametrize("kind", [TwilioPhone, MetaPhone])
async def test_outside_the_window_the_chart_comes_and_the_tap_brings_the_whole_brief(open_house, kind):
    async with open_house(**SETTINGS) as house:
        approve(house)
        phone = await reached(kind(house))
        key, put = await told(house, phone)
        (template,) = phone.heard
        assert press_of(template) == f"audio?told={key}"
        assert len(press_of(template).encode()) <= 64
        chart = next(block.media for block in put.reply.blocks if block.kind == "picture")
        if kind is TwilioPhone:
            path = json.loads(template["ContentVariables"])["3"]
            async with house.session.get(f"{house.url}/media/{path}") as fetched:
                assert await fetched.read() == await house.world.media.get(chart.key)
        else:
            (head,) = [c for c in template["template"]["components"] if c["type"] == "header"]
            picture = house.meta.media[head["parameters"][0]["image"]["id"]]
            assert picture[0] == await house.world.media.get(chart.key)
        window(house, phone, shut=False)  # the tap opens it
        assert await phone._speak(tap(phone, press_of(template))) == 200
        (note,) = [block for block in put.reply.blocks if isinstance(block, Voice)]
        assert [bytes(voice) for voice in phone.voices()] == [await house.world.media.get(note.media.key)]
        words = next(block.text for block in put.reply.blocks if isinstance(block, Text))
        assert words.splitlines()[1] in phone.words()
        assert put.reply.source in phone.words()


@pytest.mark.parametrize("kind", [TwilioPhone, MetaPhone, TelegramPhone])
async def test_a_forged_foreign_or_old_key_gives_ones_own_brief_of_today_with_a_line_why(open_house, kind):
    async with open_house(**SETTINGS) as house:
        approve(house)
        victim = await reached(TelegramPhone(house, 9009, name="Victim"))
        phone = await reached(kind(house))
        own, _ = await told(house, phone, shut=False)
        foreign = f"brief:2026-08-20:09:00:{(await person(victim)).id}:0"
        secret = {"$set": {"body.reply.blocks.0.text": "the victim's own words"}}
        await house.world.outbox._outbox.update_one({"_id": foreign}, secret)
        assert "victim" in str((await house.world.outbox.get(foreign)).reply)
        answer = next(key for key in [row["_id"] for row in await house.outbox()] if key.startswith("reply:"))
        for forged in (foreign, answer, "brief:", "", "brief:2026-08-20:09:00:nobody:0", "x" * 40):
            assert await phone._speak(tap(phone, f"audio?told={forged}")) == 200
            assert "not kept any more" in phone.words(), forged
            assert "victim" not in phone.words()
            assert phone.voices()
        assert await phone._speak(tap(phone, f"audio?told={own}")) == 200
        assert "not kept any more" not in phone.words()
        old = house.world.clock.now() - timedelta(days=3, minutes=1)
        await house.world.outbox._outbox.update_one({"_id": own}, {"$set": {"body.at": old.isoformat()}})
        await phone._speak(tap(phone, f"audio?told={own}"))
        assert "not kept any more" in phone.words()


async def test_a_brief_that_bore_no_voice_is_spoken_in_its_own_words(open_house):
    async with open_house(**SETTINGS) as house:
        approve(house)
        phone = await reached(TwilioPhone(house))
        await house.bot.services.users.prefer(await person(phone), flags={"voice": False})
        key, put = await told(house, phone)
        assert not [block for block in put.reply.blocks if isinstance(block, Voice)]
        window(house, phone, shut=False)
        await phone._speak(tap(phone, f"audio?told={key}"))
        assert len(phone.voices()) == 1
        assert put.reply.source in phone.words()
