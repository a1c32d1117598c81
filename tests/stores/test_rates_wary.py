"""A provider that finds us too fast at our own pace is given more room, for ten minutes; a quiet one the whole rate."""

import asyncio

import pytest

from services.stores.limits import Wary, limit
from tests.fakes.post import Post, chat, most_within, posting

BOT = limit("telegram", "1", 30)


def test_each_refusal_gives_more_room_up_to_a_tenth() -> None:
    wary = Wary(BOT)
    assert wary.limit(0.0) == BOT
    cycles = []
    for now in range(8):
        wary.refused(float(now))
        cycles.append(wary.limit(now + 1.0).cycle / BOT.cycle)
    assert cycles == pytest.approx([1.02, 1.04, 1.06, 1.08, 1.1, 1.1, 1.1, 1.1])
    assert wary.limit(606.9).cycle > BOT.cycle
    assert wary.limit(607.0) == BOT
    wary.refused(1000.0)
    assert wary.limit(1001.0).cycle / BOT.cycle == pytest.approx(1.02), "what was long ago is forgotten"


def test_a_refusal_is_followed_by_a_slower_pace_and_ten_minutes_later_by_the_whole_one() -> None:
    marks: list[float] = []

    async def scene(post: Post) -> None:
        loop = asyncio.get_running_loop()
        await post.crowd(300)
        for _ in range(3):
            await post.rates.hold(chat(1), "sender", 1)
        marks.append(loop.time() + 1)
        await post.crowd(600)
        marks.append(loop.time())
        await asyncio.sleep(600)
        marks.append(loop.time())
        await post.crowd(600)

    post = posting(BOT)(scene)
    slow = [time for time in post.times if marks[0] <= time <= marks[1]]
    fast = [time for time in post.times if time >= marks[2]]
    assert most_within(slow, 1.05) <= 30, "the room of three refusals"
    assert 0.92 <= len(slow) / 30 / (slow[-1] - slow[0]) <= 0.97
    assert len(fast) / 30 / (fast[-1] - fast[0]) >= 0.985
