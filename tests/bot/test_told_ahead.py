"""Long answers arrive part by part, once each, also when the process dies in between."""

import asyncio
from collections.abc import AsyncIterator

from bot.router import Choice
from handlers.turn import Turn
from services.domain.conversation import Answer, Inbound, Reply, Text
from services.domain.intents import Understanding
from tests.fakes.talk import RecordedBot


def said(bot: RecordedBot) -> list[str]:
    return [block.text for o in bot.recorder.sent for block in o.reply.blocks if isinstance(block, Text)]


def answering(bot: RecordedBot, parts) -> None:
    """Every message is answered with "one" and then the parts of a generator."""

    async def handler(turn: Turn) -> Answer:
        return Answer((Reply((Text("one"),)),), more=parts)

    async def choose(turn: Turn) -> Choice:
        return Choice(handler, Understanding("brief"), name="brief")

    bot.bot.router.choose = choose  # type: ignore[method-assign]


async def test_the_first_part_is_there_before_the_last_is_made(bot: RecordedBot) -> None:
    seen: list[list[str]] = []

    async def parts() -> AsyncIterator[Reply]:
        for word in ("two", "three"):
            seen.append(said(bot))
            yield Reply((Text(word),))

    answering(bot, parts)
    await bot.person().say("go")
    assert seen == [["one"], ["one", "two"]]
    assert said(bot) == ["one", "two", "three"]
    keys = [o.key for o in bot.recorder.sent]
    assert len(set(keys)) == 3


async def test_a_part_that_breaks_is_excused_and_the_rest_stays_told(bot: RecordedBot) -> None:
    async def parts() -> AsyncIterator[Reply]:
        yield Reply((Text("two"),))
        raise ZeroDivisionError

    answering(bot, parts)
    await bot.person().say("go")
    assert said(bot)[:2] == ["one", "two"]
    assert "Something broke" in said(bot)[2]
    assert await bot.bot.world.inbox.open(older_than=bot.bot.world.clock.now()) == []


async def test_after_a_crash_in_the_middle_the_rest_comes_and_nothing_twice(bot: RecordedBot) -> None:
    died = False

    async def parts() -> AsyncIterator[Reply]:
        nonlocal died
        yield Reply((Text("two"),))
        if not died:
            died = True
            raise asyncio.CancelledError
        yield Reply((Text("three"),))

    answering(bot, parts)
    person = bot.person()
    message = Inbound("test:ahead", person.address, bot.bot.world.clock.now(), "go")
    task = asyncio.create_task(bot.bot.dispatcher.say(message))
    await asyncio.gather(task, return_exceptions=True)
    assert said(bot) == ["one", "two"]
    assert await bot.bot.dispatcher.recover(all_of_them=True) == 1
    await bot.bot.dispatcher.drain(20)
    assert said(bot) == ["one", "two", "three"]
