"""An operator holds, frees and ends a broadcast that is under way, from the chat, within a second."""

import asyncio
from contextlib import asynccontextmanager, suppress
from decimal import Decimal

from services.domain.conversation import Address
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import User
from tests.fakes.phones import TelegramPhone

BOSS = 7001
ADMINS = (f"telegram:{BOSS}",)
PEOPLE = 150


@asynccontextmanager
async def under_way(house):
    """An announcement to so many people, with the sending engine at work; gives the operator."""
    holds = Portfolio((Holding("MEBL", Decimal(1)),))
    now = house.world.clock.now()
    for n in range(PEOPLE):
        address = Address("telegram", str(50_000 + n))
        await house.world.users.save(
            User(f"p{n:04}", (address,), now, "Ayesha", stage="active", portfolio=holds)
        )
    boss = TelegramPhone(house, BOSS, name="Boss")
    await boss.say("/announce Holiday on Monday")
    assert f"{PEOPLE} active users" in boss.words()
    assert f"Telegram: {PEOPLE}, 1 message each" in boss.words()
    await boss.press("Send it")
    assert f"Put into the outbox for {PEOPLE} users" in boss.words()
    engine = asyncio.create_task(house.bot.outbox.run(("telegram",)))
    try:
        yield boss
    finally:
        engine.cancel()
        with suppress(asyncio.CancelledError):
            await engine


def told(house):
    return [m["chat_id"] for m in house.telegram.messages if m["chat_id"].startswith("50")]


async def until(condition, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # the fake has no event to wait for
            await asyncio.sleep(0.02)


async def test_pause_resume_and_cancel_work_within_a_second_and_nobody_is_told_twice(open_house):
    async with open_house(admins=ADMINS) as house, under_way(house) as boss:
        await until(lambda: len(told(house)) >= 15)
        await boss.say("/pause announce")
        assert "is paused" in boss.words()
        await asyncio.sleep(1.0)
        held = len(told(house))
        assert held < PEOPLE, "it must not have been through already"
        await asyncio.sleep(1.5)
        assert len(told(house)) == held, "a second after the word nothing goes"
        await boss.say("/status")
        assert "Broadcasts under way" in boss.words()
        assert f"paused · {PEOPLE} messages" in boss.words()
        await boss.say("/resume announce")
        await until(lambda: len(told(house)) >= held + 10)
        await boss.say("/cancel announce")
        assert "is cancelled" in boss.words()
        await asyncio.sleep(1.0)
        ended = len(told(house))
        assert ended < PEOPLE
        await asyncio.sleep(1.5)
        assert len(told(house)) == ended
        await house.bot.outbox.settled()
        assert len(set(told(house))) == ended, "nobody twice"
        states = await house.world.outbox.campaign_counts((await house.world.campaigns.newest())[0].id)
        assert states == {"accepted": ended, "cancelled": PEOPLE - ended}


async def test_names_that_an_ordinary_user_types_reach_no_campaign(open_house):
    async with open_house(admins=ADMINS) as house, under_way(house):
        thief = TelegramPhone(house, 7002, name="Boss")
        for command in ("/pause announce", "/cancel announce", "/campaigns", "/resume announce"):
            await thief.say(command)
            assert "announce:" not in thief.words()
        assert await house.world.campaigns.halted() == {}
