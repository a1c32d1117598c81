"""After an outage: old commands are not run, each chat is told so once, and an old date alone is no outage."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.lateness import Lateness
from services.domain.conversation import Address, Inbound
from tests.fakes.phones import MetaPhone, TelegramPhone, TwilioPhone, person, reached

NOTICE = "I could not be reached for a while"
NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
PHONES = [TelegramPhone, MetaPhone]


def said(minutes_ago):
    return Inbound(
        "telegram:1", Address("telegram", "1"), NOON - timedelta(minutes=minutes_ago), "price LUCK"
    )


def test_one_old_message_alone_is_answered() -> None:
    lateness = Lateness(lambda: None)
    for minutes in (0, 9, 11, 60 * 24 * 365):
        assert not lateness.outage(said(minutes), NOON, crowd=1)


def test_what_was_said_while_nobody_listened_is_late() -> None:
    lateness = Lateness(lambda: (NOON - timedelta(hours=2), NOON - timedelta(minutes=1)))
    assert lateness.outage(said(60), NOON, crowd=1)
    assert not lateness.outage(said(5), NOON, crowd=1), "five minutes are no age"
    assert not lateness.outage(said(180), NOON, crowd=1), (
        "said before the outage: a provider's or phone's own delay"
    )


def test_a_heap_of_old_messages_is_late_and_a_heap_of_new_ones_is_not() -> None:
    lateness = Lateness(lambda: None)
    assert lateness.outage(said(60), NOON, crowd=5)
    assert not lateness.outage(said(60), NOON, crowd=4)
    assert not lateness.outage(said(1), NOON, crowd=100)


def aged(phone, payload, minutes):
    """The payload as said so long before now."""
    at = int((phone.house.world.clock.now() - timedelta(minutes=minutes)).timestamp())
    if phone.channel == "telegram":
        payload["message"]["date"] = at
    else:
        payload["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = str(at)
    return payload


def away(house, hours=3):
    """The house had been down for so long until a moment ago."""
    now = house.world.clock.now()
    house.world.processes._down = (now - timedelta(hours=hours), now)


@pytest.mark.parametrize("kind", PHONES)
async def test_a_hundred_messages_of_an_outage_are_one_notice(house, kind):
    phone, other = await reached(kind(house)), TelegramPhone(house, 909090)
    away(house)
    payloads = [aged(phone, phone.typed(9000 + n, "KSE100"), 60 + n % 7) for n in range(100)]
    assert set(await asyncio.gather(*(phone.deliver(p) for p in payloads))) == {200}
    await other.deliver(aged(other, other.typed(9200, "Hi"), 60))
    await house.bot.dispatcher.drain(90)
    words = phone.listen().words()
    assert words.count(NOTICE) == 1
    assert "KSE-100" not in words
    assert other.listen().words().count(NOTICE) == 1
    await phone.say("KSE100")
    assert "KSE-100" in phone.words(), "what is said now is answered"
    late = aged(phone, phone.typed(9300, "KSE100"), 50)
    await phone.deliver(late)
    await house.bot.dispatcher.drain(30)
    assert phone.listen().words().count(NOTICE) == 1, "once an outage, also for those that come later"


@pytest.mark.parametrize("kind", PHONES)
async def test_stop_always_counts(house, kind):
    phone = await reached(kind(house))
    away(house)
    await phone.deliver(aged(phone, phone.typed(9400, "stop"), 90))
    await house.bot.dispatcher.drain(30)
    assert (await person(phone)).stage == "stopped"
    assert NOTICE not in phone.listen().words()


async def test_being_forgotten_always_counts(house):
    phone = await reached(TelegramPhone(house))
    away(house)
    for number, text in ((9500, "/delete"), (9501, "yes")):
        await phone.deliver(aged(phone, phone.typed(number, text), 90))
        await house.bot.dispatcher.drain(30)
    assert await house.world.users.by_address(Address("telegram", phone.key)) is None


async def test_a_heap_without_a_known_outage_is_one_notice_too(house):
    phone = await reached(TelegramPhone(house))
    payloads = [aged(phone, phone.typed(9600 + n, "KSE100"), 600) for n in range(40)]
    await asyncio.gather(*(phone.deliver(p) for p in payloads))
    await house.bot.dispatcher.drain(60)
    words = phone.listen().words()
    assert words.count(NOTICE) == 1
    assert words.count("KSE-100") <= 3


@pytest.mark.parametrize("kind", [TelegramPhone, TwilioPhone, MetaPhone])
async def test_a_message_with_an_old_date_is_answered(house, kind):
    phone = kind(house)
    payload = phone.typed(9700, "Hi")
    if kind is not TwilioPhone:  # Twilio tells no time
        payload = aged(phone, payload, 60 * 24 * 200)
    await phone.deliver(payload)
    await house.bot.dispatcher.drain(30)
    assert "Which language?" in phone.listen().words()
