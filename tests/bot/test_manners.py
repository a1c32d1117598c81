"""While many knock, answering goes on slowly; nobody waits for ever, and in quiet times nobody waits at all."""

import asyncio

from bot.manners import AT_LEAST, EACH, MANY, STEP, Manners


def crowd(count: int = MANY) -> Manners:
    manners = Manners()
    for _ in range(count):
        manners.knock()
    return manners


async def test_in_quiet_times_a_turn_begins_at_once() -> None:
    manners = crowd(MANY - 1)
    assert await manners.give_way() is False
    assert manners._task is None


async def test_while_many_knock_few_turns_begin_and_in_their_order() -> None:
    manners, begun = crowd(), []

    async def turn(number: int) -> None:
        assert await manners.give_way()
        begun.append(number)

    tasks = [asyncio.create_task(turn(number)) for number in range(200)]
    await asyncio.sleep(STEP * AT_LEAST * 3)
    assert 1 <= len(begun) <= 3, "answering never stands still"
    before = len(begun)
    for _ in range(EACH * 7):  # the door is busy, and each tenth message that is kept lets a turn begin
        manners.knock()
        manners.opened()
    await asyncio.sleep(STEP * 3)
    assert before + 7 <= len(begun) <= before + 9
    for _ in range(MANY):
        manners.opened()
    manners._rate = 0
    await asyncio.gather(*tasks)
    assert begun == list(range(200))


async def test_a_storm_comes_first_also_when_nobody_waits_long_at_the_door() -> None:
    manners = Manners()
    for _ in range(200):
        manners.knock()
        manners.opened()
    assert manners.crowded
    assert await manners.give_way(), "it begins all the same, a little later"
    await asyncio.sleep(1)
    assert not manners.crowded


async def test_who_gave_up_waiting_holds_up_nobody() -> None:
    manners = crowd()
    first, second = (asyncio.create_task(manners.give_way()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is True
