"""Calls that come close together are one question; each caller gets its own answer."""

import asyncio

import pytest

from services.stores.grouping import Grouped


async def test_what_comes_at_one_time_is_one_group_and_each_gets_its_own() -> None:
    groups: list[int] = []

    async def double(items):
        groups.append(len(items))
        await asyncio.sleep(0.005)
        return [item * 2 for item in items]

    call = Grouped(double)
    assert await asyncio.gather(*(call(n) for n in range(100))) == [2 * n for n in range(100)]
    assert sum(groups) == 100
    assert len(groups) <= 2


async def test_after_a_quiet_time_a_call_goes_at_once_and_under_load_it_waits_for_company() -> None:
    groups: list[int] = []

    async def same(items):
        groups.append(len(items))
        return items

    call = Grouped(same, linger=0.2)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await call(1)
    assert loop.time() - began < 0.15
    await asyncio.gather(call(2), asyncio.create_task(_later(call, 3)))
    assert groups == [1, 2]
    assert loop.time() - began >= 0.19


async def _later(call, item):
    await asyncio.sleep(0.02)
    return await call(item)


async def test_an_error_belongs_to_every_caller_of_its_group_and_the_next_goes_on() -> None:
    async def odd(items):
        if 13 in items:
            raise ZeroDivisionError
        return items

    call = Grouped(odd)
    results = await asyncio.gather(call(1), call(13), return_exceptions=True)
    assert [type(result) for result in results] == [ZeroDivisionError, ZeroDivisionError]
    assert await call(2) == 2


async def test_a_group_is_never_larger_than_allowed() -> None:
    groups: list[int] = []

    async def same(items):
        groups.append(len(items))
        return items

    call = Grouped(same, most=10)
    await asyncio.gather(*(call(n) for n in range(35)))
    assert max(groups) <= 10


async def test_who_gives_up_disturbs_nobody() -> None:
    hold = asyncio.Event()

    async def slow(items):
        await hold.wait()
        return items

    call = Grouped(slow)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await call(1)
    other = asyncio.create_task(call(2))
    hold.set()
    assert await other == 2
