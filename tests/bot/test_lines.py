"""One chat, one order; chats side by side; addresses of one person in one line."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lines import Lines


async def work(lines: Lines, keys, name, log: list, hold: asyncio.Event | None = None) -> None:
    place = lines.join(keys)
    try:
        await place.turn()
        log.append(("in", name))
        if hold is not None:
            await hold.wait()
        await asyncio.sleep(0)
        log.append(("out", name))
    finally:
        place.leave()


async def test_a_blocked_chat_delays_no_other() -> None:
    lines, log, hold = Lines(), [], asyncio.Event()
    blocked = asyncio.create_task(work(lines, ["a"], 1, log, hold))
    behind = asyncio.create_task(work(lines, ["a"], 2, log))
    await asyncio.gather(*(work(lines, [f"b{n}"], n, []) for n in range(50)))
    await asyncio.sleep(0)
    assert log == [("in", 1)]
    hold.set()
    await asyncio.gather(blocked, behind)
    assert log == [("in", 1), ("out", 1), ("in", 2), ("out", 2)]
    assert lines._lines == {}, "nothing is kept of an empty line"


async def test_a_phone_number_and_a_user_id_of_one_person_are_one_line() -> None:
    lines, log, hold = Lines(), [], asyncio.Event()
    tasks = [
        asyncio.create_task(work(lines, ["meta:1", "meta:PK.1"], 1, log, hold)),
        asyncio.create_task(work(lines, ["meta:PK.1"], 2, log)),
        asyncio.create_task(work(lines, ["meta:1"], 3, log)),
    ]
    await asyncio.sleep(0.01)
    assert log == [("in", 1)]
    hold.set()
    await asyncio.gather(*tasks)
    assert [name for what, name in log if what == "in"] == [1, 2, 3]


async def test_who_leaves_early_lets_nobody_overtake() -> None:
    """A repeat is found out while the first is still being answered."""
    lines, log, hold = Lines(), [], asyncio.Event()
    first = asyncio.create_task(work(lines, ["a"], 1, log, hold))
    await asyncio.sleep(0)
    repeat = lines.join(["a"])
    third = asyncio.create_task(work(lines, ["a"], 3, log))
    await asyncio.sleep(0)
    repeat.leave()
    await asyncio.sleep(0.01)
    assert log == [("in", 1)]
    hold.set()
    await asyncio.gather(first, third)
    assert [name for _, name in log] == [1, 1, 3, 3]


async def test_the_crowd_is_the_most_that_waited_since_the_line_was_empty() -> None:
    lines = Lines()
    places = [lines.join(["a"]) for _ in range(6)]
    for place in places[:5]:
        place.leave()
    assert places[5].crowd == 6
    places[5].leave()
    assert lines.join(["a"]).crowd == 1


async def test_a_wait_that_is_given_up_blocks_nobody() -> None:
    lines, log, hold = Lines(), [], asyncio.Event()
    first = asyncio.create_task(work(lines, ["a"], 1, log, hold))
    second = asyncio.create_task(work(lines, ["a"], 2, log))
    third = asyncio.create_task(work(lines, ["a"], 3, log))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    assert log == [("in", 1)]
    hold.set()
    await asyncio.gather(first, third)
    assert [name for _, name in log] == [1, 1, 3, 3]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.sampled_from("abc"), min_size=1, max_size=2), max_size=12))
def test_messages_that_share_an_address_never_overlap_and_keep_their_order(rows: list[set[str]]) -> None:
    log: list = []

    async def run() -> None:
        lines = Lines()
        async with asyncio.timeout(10):
            await asyncio.gather(*(work(lines, sorted(keys), n, log) for n, keys in enumerate(rows)))
        assert lines._lines == {}

    asyncio.run(run())
    for key in "abc":
        mine = [(what, n) for what, n in log if key in rows[n]]
        numbers = [n for what, n in mine if what == "in"]
        assert numbers == sorted(numbers)
        assert [what for what, _ in mine] == ["in", "out"] * len(numbers)
        assert all(a[1] == b[1] for a, b in list(pairwise(mine))[::2])


@pytest.mark.parametrize("keys", [["a", "a"], ["a"]])
async def test_the_same_address_twice_is_one_place(keys) -> None:
    lines = Lines()
    place = lines.join(keys)
    assert place.free
    place.leave()
    assert lines._lines == {}
