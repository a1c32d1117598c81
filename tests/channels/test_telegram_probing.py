"""Telegram is asked for a lost answer by the numbers that it may have: found, ruled out, or left unknown; nobody sees it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.telegram import Telegram
from services.domain.conversation import Button, Picture, Text
from services.domain.errors import DeliveryFailed, NotAvailable
from services.domain.numbering import Gap
from tests.channels.conftest import NOON
from tests.fakes.known_files import FilesInMemory
from tests.fakes.scripted import Pauses
from tests.fakes.sender import free

SAME = {"ok": False, "error_code": 400, "description": "Bad Request: message is not modified: …"}
LONG_AGO, MENU = NOON - timedelta(minutes=2), [Button("Menu", "help")]


class Numbers:
    """``Gaps`` that say what a test says."""

    def __init__(self):
        self.gap = Gap((), closed=True)
        self.there = None

    async def witness(self, key):
        return self.there

    async def around(self, key):
        assert key == "reply:e:0"
        return self.gap


@pytest.fixture
def numbers():
    return Numbers()


@pytest.fixture
def rates():
    return Pauses()


@pytest.fixture
def bot(session, telegram_api, now, numbers, rates):
    return Telegram(
        session, token=telegram_api.token, secret="s", now=now, base=telegram_api.base, files=FilesInMemory(),
        gaps=numbers, rates=rates,
    )  # fmt: skip


@pytest.fixture
def brief(outbound, shelf):
    def make(chat="70001", **more):
        return outbound("telegram", chat, Picture(shelf.png, "chart"), Text("words"), buttons=MENU, **more)

    return make


async def sent(bot, telegram_api, shelf, message, *fates):
    """Send it; what becomes of its requests, one after the other."""
    telegram_api.next += fates
    with pytest.raises(DeliveryFailed) as caught:
        await bot.send(message, shelf, free)
    assert caught.value.ambiguous
    return caught.value.done


async def test_a_message_that_was_taken_is_found_by_its_number(
    bot, telegram_api, shelf, outbound, numbers, rates
):
    message = outbound("telegram", "70001", Text("words"), buttons=MENU)
    await bot.send(outbound("telegram", "70002", Text("words"), buttons=MENU), shelf, free)
    await sent(bot, telegram_api, shelf, message, "taken")
    numbers.gap = Gap((999, 1000, 1001), closed=False)
    receipt = await bot.find(message, LONG_AGO)
    assert receipt is not None
    assert receipt.refs == ("70001:1001",), "that of another chat is not it"
    assert rates.admitted == ["telegram:70001"] * 3, "a question counts as a request"
    assert telegram_api.edited == []
    assert len(telegram_api.messages) == 2


async def test_a_message_that_was_not_taken_is_ruled_out(bot, telegram_api, shelf, outbound, numbers):
    message, other = (outbound("telegram", chat, Text("words"), buttons=MENU) for chat in ("70001", "70002"))
    await bot.send(other, shelf, free)
    await sent(bot, telegram_api, shelf, message, "hang")
    numbers.there = (other, 1000)
    for gap in ((1000, 1001), ()):
        numbers.gap = Gap(gap, closed=True)
        assert await bot.find(message, LONG_AGO) is None


async def test_not_found_is_believed_only_where_what_is_there_is_found(
    bot, telegram_api, shelf, outbound, numbers
):
    """A server that answers otherwise than we know it: nobody is told twice for that."""
    message, other = (outbound("telegram", chat, Text("words"), buttons=MENU) for chat in ("70001", "70002"))
    await bot.send(other, shelf, free)
    await sent(bot, telegram_api, shelf, message, "hang")
    numbers.gap = Gap((1001,), closed=True)
    for there in (None, (other, 999)):
        numbers.there = there
        with pytest.raises(DeliveryFailed):
            await bot.find(message, LONG_AGO)
        with pytest.raises(NotAvailable):
            await bot.find(message, NOON - timedelta(minutes=11))
    numbers.there = (outbound("telegram", "70002", Text("words")), 1000)
    with pytest.raises(NotAvailable):
        await bot.find(message, LONG_AGO)


async def test_of_two_parts_the_one_that_was_taken_is_told_and_the_other_follows(
    bot, telegram_api, shelf, brief, numbers
):
    message = brief()
    await sent(bot, telegram_api, shelf, message, "taken")
    numbers.gap = Gap((1000,), closed=True)
    with pytest.raises(DeliveryFailed) as caught:
        await bot.find(message, LONG_AGO)
    assert caught.value.done == ("70001:1000",)
    receipt = await bot.send(brief(done=caught.value.done), shelf, free)
    assert [m["kind"] for m in telegram_api.messages] == ["photo", "text"]
    assert receipt.refs == ("70001:1000", "70001:1001")


async def test_the_second_part_is_looked_for_with_its_own_buttons(bot, telegram_api, shelf, brief, numbers):
    await bot.send(brief("70002"), shelf, free)
    done = ("70001:1",)
    message = brief(done=done)
    await sent(bot, telegram_api, shelf, message, "taken")
    numbers.gap = Gap((1002,), closed=True)
    receipt = await bot.find(message, LONG_AGO)
    assert receipt is not None
    assert receipt.refs == (*done, "70001:1002")
    assert telegram_api.edited == []


async def test_a_question_that_was_lost_is_asked_again(bot, telegram_api, shelf, outbound, numbers):
    message = outbound("telegram", "70001", Text("words"), buttons=MENU)
    await sent(bot, telegram_api, shelf, message, "taken")
    numbers.gap = Gap((1000,), closed=True)
    telegram_api.next += ["hang", (502, {}), "taken"]
    receipt = await bot.find(message, LONG_AGO)
    assert receipt is not None
    assert receipt.refs == ("70001:1000",)
    assert telegram_api.edited == []


async def test_too_early_and_without_an_end_it_is_asked_again(bot, telegram_api, outbound, numbers, now):
    message = outbound("telegram", "70001", Text("words"))
    with pytest.raises(DeliveryFailed, match="too early"):
        await bot.find(message, NOON - timedelta(seconds=30))
    assert telegram_api.calls == []
    numbers.gap = Gap((1000,), closed=False)
    with pytest.raises(DeliveryFailed, match="behind"):
        await bot.find(message, LONG_AGO)
    with pytest.raises(NotAvailable):
        await bot.find(message, NOON - timedelta(minutes=11))
    numbers.gap = None
    with pytest.raises(NotAvailable):
        await bot.find(message, LONG_AGO)


async def test_what_cannot_be_told_stays_unknown(bot, outbound, brief):
    message = outbound("telegram", "70001", Text("words"))
    for one in (
        brief(done=("70001:1+",)),
        outbound("telegram", "70001", Text("words"), done=("70001:1",)),
        replace(message, reply=replace(message.reply, sealed=True)),
    ):
        with pytest.raises(NotAvailable):
            await bot.find(one, LONG_AGO)


@pytest.mark.parametrize(
    "case",
    [
        ((400, {"ok": False, "error_code": 400, "description": "Bad Request: message can't be edited"}), None),
        ((400, {"ok": False, "error_code": 400, "description": "Bad Request: MESSAGE_ID_INVALID"}), None),
        ((200, {"ok": True, "result": {"message_id": 1000}}), NotAvailable),
        ((400, {"ok": False, "error_code": 400, "description": "Bad Request: something new"}), NotAvailable),
        ((404, {"ok": False, "error_code": 404, "description": "Not Found"}), NotAvailable),
        ((429, {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 3", "parameters": {"retry_after": 3}}), DeliveryFailed),
        ((403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}), NotAvailable),
        ((502, {}), DeliveryFailed),
        ("hang", DeliveryFailed),
    ],
)  # fmt: skip
async def test_only_clear_words_tell(bot, telegram_api, outbound, numbers, rates, case):
    answer, error = case
    numbers.gap = Gap((1000,), closed=True)
    telegram_api.next += [answer] * 4
    message = outbound("telegram", "70001", Text("words"))
    if error is None:
        telegram_api.next[1:] = [(400, SAME)]
        numbers.there = (message, 999)
        assert await bot.find(message, LONG_AGO) is None
        return
    with pytest.raises(error) as caught:
        await bot.find(message, LONG_AGO)
    assert not getattr(caught.value, "done", ())
    closed = [("telegram:70001", "sender", 3.0)] if answer[0] == 429 else []
    assert rates.held == closed, "a pause is kept by all that goes out"
