"""The same conversation through the real webhooks of all three providers, whose fakes keep the providers' own rules."""

import asyncio
import json

import pytest

from tests.fakes.phones import MetaPhone, TelegramPhone, TwilioPhone
from tests.fakes.twilio_rules import Content

PHONES = [TelegramPhone, TwilioPhone, MetaPhone]
PNG, OGG = b"\x89PNG\r\n\x1a\n", b"OggS"


async def onboard(person, holdings="MEBL 40, MZNPETF 60"):
    """Hi → language → consent → holdings → confirm → times; the first X-Ray is then among what was heard."""
    assert await person.say("Hi") == 200
    assert "Which language?" in person.words()
    await person.press("English")
    assert "Do you agree?" in person.words()
    await person.press("I agree")
    assert "What do you hold?" in person.words()
    await person.say(holdings)
    assert "Is that right?" in person.words()
    await person.press("Yes, correct")
    assert "When should the brief come?" in person.words()
    await person.press("09:00 and 17:00")
    return person


def assert_voice(data):
    """An Ogg page that begins an Opus stream of one channel (RFC 7845, section 5.1), small enough for a play button."""
    assert data.startswith(OGG)
    head = data.index(b"OpusHead")
    assert data[head + 9] == 1
    assert len(data) <= 512 * 1024


@pytest.mark.parametrize("phone", PHONES)
async def test_the_whole_conversation(house, phone):
    person = await onboard(phone(house))
    said = person.words()
    assert "X-Ray of your holdings" in said
    assert said.casefold().count("sample data, 20 aug 2026") == 1
    (picture,) = person.pictures()
    assert picture.startswith(PNG)
    await person.say("brief")
    assert "Your morning brief" in person.words()
    assert len(person.pictures()) == 1
    assert person.voices()
    for voice in person.voices():
        assert_voice(voice)
    rows = await house.outbox()
    assert {row["state"] for row in rows} == {"accepted"}
    assert len({row["user_id"] for row in rows}) == 1
    if person.channel == "telegram":
        assert not house.telegram.queries, "every press is answered"
        assert (person.key, "record_voice") in house.telegram.actions
    if person.channel == "meta":
        sounds = [m["audio"] for m in person.heard if m["type"] == "audio"]
        assert all(sound["voice"] is True for sound in sounds)
        assert {house.meta.media[sound["id"]][1] for sound in sounds} == {"audio/ogg; codecs=opus"}
        assert {m["to"] for m in person.listen().heard} == {f"+{person.number}"}
        assert house.meta.reads
    if person.channel == "twilio":
        assert {m["StatusCallback"] for m in person.heard} == {f"{house.url}/webhooks/twilio/status"}
        assert house.twilio.typing


async def test_twilio_takes_a_title_a_number_or_a_quick_reply(open_house):
    contents = {"buttons-2": "HX" + "2" * 32, "buttons-3": "HX" + "3" * 32}
    async with open_house(twilio_templates=json.dumps(contents)) as house:
        house.twilio.contents = {
            contents[f"buttons-{count}"]: Content("{{1}}", more=2 * count, session=True) for count in (2, 3)
        }
        person = await onboard(TwilioPhone(house))
        assert person.pictures()
        titled = TwilioPhone(house, "+923001231231")
        await titled.say("Hi")
        await titled.say("english")
        assert "Do you agree?" in titled.words()


async def test_a_person_who_hides_the_number_is_answered_by_user_id(house):
    person = await onboard(MetaPhone(house, hidden=True))
    assert person.pictures()
    assert {m.get("to") for m in person.listen().heard} == {None}


async def test_one_number_on_two_providers_is_two_people_and_both_are_answered(house):
    telegram, meta = TelegramPhone(house), MetaPhone(house)
    await asyncio.gather(onboard(telegram), onboard(meta, "LUCK 100"))
    assert sum((await house.world.users.counts()).values()) == 2


@pytest.mark.parametrize("phone", PHONES)
async def test_one_message_brought_five_times_at_once_is_answered_once(house, phone):
    person = phone(house)
    payload = person.typed(910, "Hi")
    assert await asyncio.gather(*(person.deliver(payload) for _ in range(5))) == [200] * 5
    await house.bot.dispatcher.drain(30)
    first = len(person.listen().heard)
    assert person.words().count("Which language?") == 1
    assert await person.deliver(payload) == 200
    await house.bot.dispatcher.drain(30)
    assert len(person.listen().heard) == first
    assert await house.world.users.counts() == {"onboarding": 1}


@pytest.mark.parametrize("phone", PHONES)
async def test_with_the_store_away_nothing_is_acknowledged_and_later_it_is_answered_once(house, phone):
    person = phone(house)
    payload = person.typed(911, "Hi")
    house.inbox.down = True
    assert await person.deliver(payload) == 503
    await house.bot.dispatcher.drain(30)
    assert person.listen().heard == []
    house.inbox.down = False
    assert await asyncio.gather(person.deliver(payload), person.deliver(payload)) == [200, 200]
    await house.bot.dispatcher.drain(30)
    assert person.listen().words().count("Which language?") == 1


async def test_people_of_all_channels_do_not_wait_for_each_other(house):
    people = [TelegramPhone(house, 700 + n, name=f"Person{n}") for n in range(4)]
    people += [TwilioPhone(house, f"+9230000000{n:02}") for n in range(4)]
    people += [MetaPhone(house, f"9231000000{n:02}", f"PK.77{n:02}") for n in range(4)]
    statuses = await asyncio.gather(*(p.deliver(p.typed(5000 + n, "Hi")) for n, p in enumerate(people)))
    assert statuses == [200] * 12
    await house.bot.dispatcher.drain(60)
    assert all(p.listen().words().count("Which language?") == 1 for p in people)


@pytest.mark.parametrize("phone", PHONES)
async def test_an_answer_that_a_provider_loses_is_tried_again_or_marked_unsure(house, phone):
    """A refusal that was certainly not taken is retried by the sweep; a dropped connection never is: it may have arrived."""
    person = phone(house)
    fake = getattr(house, person.channel)
    busy = {
        "telegram": (
            429,
            {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 1}},
        ),
        "twilio": (429, {"code": 20429}),
        "meta": (429, {"error": {"code": 130429}}),
    }[person.channel]
    fake.next = [busy]
    await person.deliver(person.typed(920, "Hi"))
    await house.bot.dispatcher.drain(30)
    waiting = [row for row in await house.outbox() if row["state"] == "queued"]
    assert len(waiting) == 1
    await house.world.outbox._outbox.update_many(
        {"state": "queued"}, {"$set": {"next_at": house.world.clock.now()}}
    )
    assert await house.bot.outbox.sweep((person.channel,)) == 1
    fake.next = ["hang", "hang"]
    await person.deliver(person.typed(921, "English"))
    await house.bot.dispatcher.drain(30)
    states = [row["state"] for row in await house.outbox()]
    assert states.count("unknown") == 1
    assert await house.bot.outbox.sweep((person.channel,)) == 0


async def test_nothing_of_a_person_and_no_secret_is_logged(house, told):
    """Our own lines are looked at before the allow-list drops anything; providers fail on the way, to make them talk."""
    people = [TelegramPhone(house), TwilioPhone(house), MetaPhone(house)]
    for person in people:
        await onboard(person)
        await person.say("invested Rs 7,654,321 in MEBL, what is my secret-word-42 worth?")
        fake = getattr(house, person.channel)
        fake.next = [(500, {"message": "secret-word-42"})] * 3 + [
            "hang",
            (401, {"description": "Unauthorized"}),
        ]
        for text in ("brief", "xray", "secret-word-42 again", "/status", "/announce secret-word-42"):
            await person.say(text)
        fake.next = []
    await people[0].deliver(people[0].typed(1, "secret-word-42"), secret="wrong-secret-77")
    await people[0].deliver({"update_id": "secret-word-42"})
    house.inbox.down = True
    await people[1].say("secret-word-42")
    said = told()
    assert '"event": "turn"' in said
    assert '"event": "malformed"' in said
    assert '"event": "not_kept"' in said
    secrets = [
        house.telegram.token, "fake-token", "tg-hook-secret", house.twilio.token, house.twilio.account, house.meta.token,
        house.meta.secret, "verify-word", "wrong-secret-77", "secret-word-42", "7,654,321", "7654321", "MEBL", "Ayesha",
        *(person.key for person in people), "923007654321", "923009998877",
    ]  # fmt: skip
    assert [secret for secret in secrets if secret in said] == []
