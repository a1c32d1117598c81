"""Numbered buttons on Twilio: what a bare number means outlives a restart, and follows what was really shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.numbers import meant
from services.domain.conversation import Address, Attachment, Button, Inbound, Outbound, Reply, Text
from tests.fakes.phones import TwilioPhone, person, reached

SANA = Address("twilio", "whatsapp:+923001112233")
THREE = (Button("X-Ray", "xray"), Button("Brief", "brief?scope=personal"), Button("Menu", "help"))


@pytest.fixture
def said(now_):
    def make(text, **more):
        return replace(Inbound("twilio:SM1", SANA, now_, text), **more)

    return make


@pytest.fixture
def now_():
    from datetime import UTC, datetime

    return datetime(2026, 8, 20, 12, tzinfo=UTC)


def sent(now_, *buttons, key="reply:twilio:SM0:0"):
    return Outbound(key, "u", SANA, Reply((Text("What next?"),), buttons), now_)


def history(*outbounds):
    asked = []

    async def shown(address, *, limit):
        asked.append((address, limit))
        return list(outbounds)[-limit:]

    return shown, asked


async def test_a_bare_number_is_a_press_of_what_was_shown_last(said, now_):
    shown, asked = history(sent(now_, Button("Old", "old")), sent(now_, *THREE))
    for words, press, title in (
        (" 2 ", "brief?scope=personal", "Brief"),
        ("٣", "help", "Menu"),
        ("01", "xray", "X-Ray"),
    ):
        pressed = await meant(said(words), shown, again=False)
        assert (pressed.pressed, pressed.text) == (press, title)
    assert asked == [(SANA, 1)] * 3


@pytest.mark.parametrize("words", ["", "0", "00", "4", "100", "2 MEBL", "²", "-1", "two", "1.5", "x"])
async def test_anything_else_stays_as_it_was_said(said, now_, words):
    shown, asked = history(sent(now_, *THREE))
    assert await meant(said(words), shown, again=False) == said(words)
    assert len(asked) <= (words == "4")


async def test_only_words_on_twilio_are_looked_up(said, now_):
    shown, asked = history(sent(now_, *THREE))
    for other in (
        said("2", address=Address("telegram", "5")), said("2", address=Address("meta", "PK.1")),
        said("2", pressed="xray"), said("2", attachments=(Attachment("image"),)),
    ):  # fmt: skip
        assert await meant(other, shown, again=False) == other
    assert asked == []


async def test_after_something_without_buttons_a_number_is_a_number(said, now_):
    shown, _ = history(sent(now_, *THREE), sent(now_))
    assert (await meant(said("2"), shown, again=False)).pressed == ""
    none, _ = history()
    assert (await meant(said("2"), none, again=False)).pressed == ""


async def test_a_turn_taken_up_again_does_not_answer_its_own_words(said, now_):
    own = sent(now_, Button("Wrong", "wrong"), key="reply:twilio:SM1:0")
    shown, _ = history(sent(now_, *THREE), own)
    assert (await meant(said("2"), shown, again=True)).pressed == "brief?scope=personal"


async def test_a_number_is_understood_by_a_process_that_never_sent_anything(open_house):
    """The language is asked with numbered lines; the bot starts anew; "1" answers the question of before."""
    async with open_house() as house:
        someone = TwilioPhone(house)
        await someone.say("Hi")
        assert "1 English" in someone.words()
        store = house.world.outbox
        fresh = type(store)(store._mongo, store._clock, "sealed", "another-process")
        shown = await fresh.shown(Address("twilio", someone.key))
        assert shown[-1].reply.buttons[0].title == "English"
        await someone.say("1")
        assert "Which language?" not in someone.words()


async def test_what_still_waits_or_was_never_sent_was_not_shown(open_house):
    async with open_house() as house:
        someone = await reached(TwilioPhone(house))
        await someone.say("menu")
        user, store, now = await person(someone), house.world.outbox, house.world.clock.now()
        address = Address("twilio", someone.key)
        before = (await store.shown(address))[-1].key
        waiting = Outbound("brief:later", user.id, address, Reply((Text("x"),)), now, "broadcast")
        await store.put(
            [replace(waiting, not_before=now + timedelta(hours=9)), replace(waiting, key="brief:gone")]
        )
        await store.ended("brief:gone", "cancelled", "for the test")
        assert (await store.shown(address))[-1].key == before
