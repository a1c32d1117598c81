"""While many knock, answering goes on slowly; nobody waits for ever, and in quiet times nobody waits at all."""

import asyncio

from bot.manners import MANY, SLOWLY, STEP, Manners


async def test_in_quiet_times_a_turn_begins_at_once() -> None:
    manners = Manners()
    manners.knocking = MANY - 1
    assert await manners.give_way() is False
    assert manners._task is None


async def test_while_many_knock_a_few_turns_begin_and_in_their_order() -> None:
    manners, begun = Manners(), []

    async def turn(number: int) -> None:
        assert await manners.give_way()
        begun.append(number)

    manners.knocking = MANY
    tasks = [asyncio.create_task(turn(number)) for number in range(200)]
    await asyncio.sleep(STEP * 6)
    assert 0 < len(begun) <= SLOWLY * 8, "answering never stands still, and never crowds out the door"
    manners.knocking = 0
    await asyncio.gather(*tasks)
    assert begun == list(range(200))


async def test_who_gave_up_waiting_holds_up_nobody() -> None:
    manners = Manners()
    manners.knocking = MANY
    first, second = (asyncio.create_task(manners.give_way()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is True
