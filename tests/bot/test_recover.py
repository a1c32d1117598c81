"""What is under way is not taken up a second time: a queue that is slow is no crash."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from services.domain.conversation import Inbound
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import User
from tests.fakes.talk import RecordedBot


class Gate:
    """Holds one handler up until it is opened."""

    def __init__(self, handler) -> None:
        self._handler = handler
        self.reached, self.open = asyncio.Event(), asyncio.Event()

    async def __call__(self, *arguments, **named):
        self.reached.set()
        await self.open.wait()
        return await self._handler(*arguments, **named)


@pytest.fixture
async def person(bot: RecordedBot):
    someone = bot.person()
    at = bot.bot.world.clock.now()
    holdings = Portfolio((Holding("MEBL", Decimal(1)),))
    await bot.bot.world.users.save(
        User("slow", (someone.address,), at, stage="active", consented_at=at, portfolio=holdings)
    )
    return someone


async def test_a_message_that_waits_behind_a_slow_one_is_answered_once(
    bot: RecordedBot, person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A brief's voice may take a minute; the complaint behind it must not become two tickets."""
    dispatcher, world = bot.bot.dispatcher, bot.bot.world
    monkeypatch.setattr("bot.dispatcher.LEFT_BEHIND", timedelta(0))
    slow = Gate(world.turns.arriving)  # every turn asks first who has written
    monkeypatch.setattr(world.turns, "arriving", slow)
    for number, text in enumerate(("policy rate", "your number is wrong")):
        await dispatcher.accept(Inbound(f"slow:{number}", person.address, world.clock.now(), text=text))
    await slow.reached.wait()
    for _ in range(5):  # two and a half minutes of a worker that looks for what was left behind
        await dispatcher.recover(all_of_them=False)
    slow.open.set()
    await dispatcher.drain(30)
    assert len(await world.operations.tickets()) == 1
    keys = [outbound.key for outbound in bot.recorder.sent]
    assert sorted(set(keys)) == sorted(keys)
    assert {key.rpartition(":")[0] for key in keys} == {"reply:slow:0", "reply:slow:1"}
    tried = {row["_id"]: row["tries"] async for row in world.inbox._inbox.find()}
    assert tried == {"slow:0": 0, "slow:1": 0}, "waiting is no failed try"


async def test_what_another_process_left_is_taken_up(
    bot: RecordedBot, person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.dispatcher.LEFT_BEHIND", timedelta(0))
    world = bot.bot.world
    await world.inbox.accept(Inbound("left:0", person.address, world.clock.now(), text="policy rate"))
    assert await bot.bot.dispatcher.recover(all_of_them=False) == 1
    await bot.bot.dispatcher.drain(30)
    assert [outbound.key for outbound in bot.recorder.sent] == ["reply:left:0:0"]
    assert await bot.bot.dispatcher.recover(all_of_them=False) == 0
