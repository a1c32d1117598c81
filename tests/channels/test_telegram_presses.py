"""Telegram: a pressed button shows a little clock until it is answered, so every press is, whatever becomes of it."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.channels.telegram import Telegram
from services.domain.conversation import Button, Inbound, Notice, Text
from tests.fakes.sender import free

OWN = Path(__file__).parents[1] / "payloads" / "telegram"
PRESSES = [
    "press.json",
    "press_inaccessible.json",
    "press_inline.json",
    "press_game.json",
    "press_in_group.json",
]


def read(telegram, update):
    (event,) = telegram.parse(json.dumps(update).encode(), "application/json")
    return event


def load(name):
    return json.loads((OWN / name).read_bytes())


async def settled(fake, seconds=5.0):
    """Until nothing waits for an answer."""
    async with asyncio.timeout(seconds):
        while fake.queries:  # noqa: ASYNC110  # the fake is looked at from outside
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", PRESSES)
async def test_every_kind_of_press_is_answered_behind_the_acknowledgement(telegram, telegram_api, name):
    update = load(name)
    query = update["callback_query"]["id"]
    telegram_api.queries.add(query)
    telegram.greet(read(telegram, update))
    await settled(telegram_api)
    assert telegram_api.answered == [query]


async def test_a_press_is_answered_once_whoever_comes_first(telegram, telegram_api, shelf, outbound):
    await telegram.send(outbound("telegram", "70001", Text("hi"), buttons=[Button("Go", "go")]), shelf, free)
    event = read(telegram, telegram_api.press_update(9100, 70001, "go"))
    assert event.text == "Go"
    telegram.greet(event)
    telegram.greet(event)  # brought again
    await telegram.typing(event, "recording")
    await telegram.send(
        outbound("telegram", "70001", Text("yes"), key="k2", reply_ref=event.reply_ref), shelf, free
    )
    await settled(telegram_api)
    assert telegram_api.answered == ["q9100"]
    assert telegram_api.calls.count("answerCallbackQuery") == 1
    assert telegram_api.actions == [("70001", "record_voice")]


@pytest.mark.parametrize("way", ["send", "typing"])
async def test_after_a_crash_the_answer_itself_answers_the_press(
    telegram, telegram_api, shelf, outbound, way
):
    telegram_api.queries.add("8812")
    event = read(telegram, load("press.json"))
    if way == "send":
        await telegram.send(
            outbound("telegram", "70001", Text("yes"), reply_ref=event.reply_ref), shelf, free
        )
    else:
        await telegram.typing(event)
    await settled(telegram_api)
    assert telegram_api.answered == ["8812"]


async def test_a_press_is_answered_in_spite_of_a_bad_day(telegram, telegram_api, monkeypatch):
    monkeypatch.setattr("bot.channels.telegram_sending.PRESS_PAUSES", (0.01,) * 7)
    telegram_api.queries.add("8812")
    flood = {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
    telegram_api.next = [(502, {"ok": False}), "hang", (200, "no json"), (429, flood)]
    telegram.greet(read(telegram, load("press.json")))
    await settled(telegram_api)


async def test_an_answer_that_came_too_late_is_let_be(telegram, telegram_api):
    telegram.greet(read(telegram, load("press.json")))  # the fake knows of no such query
    await asyncio.sleep(0.7)  # longer than the first pause between two tries
    assert telegram_api.calls.count("answerCallbackQuery") == 1


async def test_nothing_else_is_answered(telegram, telegram_api):
    for name in ("text.json", "blocked.json", "poll_answer_new_kind.json", "group_to_supergroup.json"):
        telegram.greet(read(telegram, load(name)))
    await asyncio.sleep(0.05)
    assert telegram_api.calls == []


@pytest.mark.parametrize("data", ["", "x" * 65, "م" * 33, None, 7, {"a": 1}])
async def test_a_forged_press_is_no_message_but_is_answered(telegram, telegram_api, data):
    update = load("press.json")
    update["callback_query"]["data"] = data
    telegram_api.queries.add("8812")
    event = read(telegram, update)
    assert isinstance(event, Notice)
    assert (event.kind, event.about) == ("other", "press")
    telegram.greet(event)
    await settled(telegram_api)


def test_a_press_by_somebody_else_than_the_chats_own_person_is_no_message(telegram):
    update = load("press.json")
    update["callback_query"]["from"]["id"] = 12345
    assert isinstance(read(telegram, update), Notice)


def test_an_inline_press_is_answered_in_private(telegram):
    event = read(telegram, load("press_inline.json"))
    assert isinstance(event, Inbound)
    assert event.address.key == "70001"


async def test_typing_never_raises(session, now, telegram, files):
    event = read(telegram, load("press.json"))
    await telegram.typing(event)  # the query is unknown to the fake: too old
    nowhere = Telegram(session, token="1:x", secret="s", now=now, base="http://127.0.0.1:9", files=files)
    await nowhere.typing(event)
