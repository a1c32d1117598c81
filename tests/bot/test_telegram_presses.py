"""Telegram through the whole bot: no press is left waiting, whoever pressed what, wherever; nothing else is answered."""

import asyncio
import json
from pathlib import Path

from services.domain.conversation import Address
from tests.fakes.phones import TelegramPhone

OWN = Path(__file__).parents[1] / "payloads" / "telegram"


async def settled(house):
    await house.bot.dispatcher.drain(30)
    async with asyncio.timeout(10):
        while house.telegram.queries:  # noqa: ASYNC110  # the fake is looked at from outside
            await asyncio.sleep(0.01)


async def pressed(house, person, data, number):
    """A press of any data under the last message to that person, as Telegram brings it."""
    house.telegram.messages.append({"chat_id": person.key, "message_id": 1, "kind": "text", "plain": ""})
    assert await person.deliver(house.telegram.press_update(number, person.chat, data, person.name)) == 200
    await settled(house)
    assert house.telegram.answered.count(f"q{number}") == 1


async def test_a_press_is_answered_whatever_it_says(house):
    """Known, stale, unknown, forged."""
    presses = (
        "help",
        "step/onboarding.consent?value=yes",
        "no-such-thing?x=1",
        "step/none",
        "%%%",
        "📈" * 16,
        "x" * 200,
    )
    for number, data in enumerate(presses, 8110):
        await pressed(house, TelegramPhone(house, 71001), data, number)


async def test_a_press_of_somebody_blocked_is_answered_with_nothing_but_that(house):
    person = TelegramPhone(house, 71002)
    await person.say("Hi")
    user = await house.world.users.by_address(Address("telegram", person.key))
    await house.bot.services.users.block(user)
    before = len(house.telegram.messages)
    await pressed(house, person, "help", 8102)
    assert len(house.telegram.messages) == before + 1, "the one that the test itself laid there"


async def test_a_press_whose_handler_breaks_is_answered(house, monkeypatch):
    async def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr(house.bot.router, "choose", broken)
    await pressed(house, TelegramPhone(house, 71003), "help", 8103)


async def test_a_press_under_any_kind_of_message_is_answered(house):
    for name in ("press_inaccessible", "press_inline", "press_game", "press_in_group"):
        update = json.loads((OWN / f"{name}.json").read_bytes())
        query = update["callback_query"]["id"]
        house.telegram.queries.add(query)
        assert await TelegramPhone(house, 70001).deliver(update) == 200
        await settled(house)
        assert house.telegram.answered.count(query) == 1


async def test_groups_and_channels_are_met_with_silence(house):
    for name in (
        "group_text",
        "group_command_to_us",
        "group_anonymous_admin",
        "channel_post",
        "group_bot_added",
    ):
        update = json.loads((OWN / f"{name}.json").read_bytes())
        assert await TelegramPhone(house, 70001).deliver(update) == 200
    await house.bot.dispatcher.drain(30)
    assert house.telegram.calls == []
    assert sum((await house.world.users.counts()).values()) == 0


async def test_an_edit_runs_no_command_again(house):
    person = TelegramPhone(house, 71004)
    await person.say("Hi")
    before = len(house.telegram.messages)
    update = json.loads((OWN / "edited.json").read_bytes())
    update["edited_message"]["chat"]["id"] = update["edited_message"]["from"]["id"] = person.chat
    assert await person.deliver(update) == 200
    await house.bot.dispatcher.drain(30)
    assert len(house.telegram.messages) == before
