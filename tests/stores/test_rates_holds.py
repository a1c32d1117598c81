"""What a provider closed stays closed: not one request within, whoever waits; and no rush when it opens."""

import asyncio

import pytest

from services.domain.conversation import Address, Lane
from services.stores.limits import limit
from tests.fakes.post import Post, chat, most_within, posting


@pytest.mark.parametrize("scope", ["sender", "account"])
def test_in_a_closed_interval_of_the_sender_nothing_goes(scope: str) -> None:
    marks: list[float] = []

    async def scene(post: Post) -> None:
        loop = asyncio.get_running_loop()
        crowd = asyncio.create_task(post.crowd(600))
        await asyncio.sleep(1)
        replies = [asyncio.create_task(post.send(chat(1000 + number), "interactive")) for number in range(90)]
        await asyncio.sleep(1.5)
        await post.rates.hold(chat(3), scope, 7)
        marks.extend((loop.time(), loop.time() + 7))
        late = asyncio.create_task(post.send(chat(5000), "interactive"))
        await asyncio.gather(crowd, late, *replies)

    post = posting(limit("telegram", "1", 30))(scene)
    assert len(post.came) == 691
    assert not [time for time in post.times if marks[0] <= time < marks[1]]
    assert [time for time in post.times if time < marks[0]]
    after = [time for time in post.times if time >= marks[1]]
    assert after[0] - marks[1] < 0.5
    assert most_within(after, 0.1) <= 4, "no rush when it opens"
    assert most_within(post.times, 1.0) <= 30


@pytest.mark.parametrize("lane", ["interactive", "broadcast"])
def test_a_closed_chat_is_left_alone_and_all_others_go_on(lane: Lane) -> None:
    marks: list[float] = []

    async def scene(post: Post) -> None:
        loop = asyncio.get_running_loop()
        crowd = asyncio.create_task(post.crowd(300))
        shut = [asyncio.create_task(post.send(chat(9999), lane)) for _ in range(12)]
        await asyncio.sleep(0.5)
        await post.rates.hold(chat(9999), "chat", 5)
        marks.extend((loop.time(), loop.time() + 5))
        await asyncio.gather(crowd, *shut)

    post = posting(limit("telegram", "1", 30))(scene)
    mine = [time for time, address, _ in post.came if address == chat(9999)]
    others = [time for time, address, _ in post.came if address != chat(9999)]
    assert len(mine) == 12
    assert not [time for time in mine if marks[0] <= time < marks[1]]
    assert most_within([time for time in mine if time >= marks[1]], 0.9) == 1, "one by one after that"
    assert len([time for time in others if marks[0] <= time < marks[1]]) > 140


def test_a_reply_that_waits_for_its_chat_hears_that_the_chat_was_closed() -> None:
    marks: list[float] = []

    async def scene(post: Post) -> None:
        loop = asyncio.get_running_loop()
        replies = [asyncio.create_task(post.send(chat(1), "interactive")) for _ in range(8)]
        await asyncio.sleep(0.5)
        await post.rates.hold(chat(1), "chat", 5)
        marks.extend((loop.time(), loop.time() + 5))
        await asyncio.gather(*replies)

    post = posting(limit("telegram", "1", 30))(scene)
    assert len([time for time in post.times if time < marks[0]]) == 5
    assert not [time for time in post.times if marks[0] <= time < marks[1]]
    assert len(post.times) == 8


def test_ready_tells_what_admit_would_do() -> None:
    async def scene(post: Post) -> None:
        rates, loop = post.rates, asyncio.get_running_loop()
        web = Address("web", "x")
        assert rates.ready(chat(1), "interactive")
        assert rates.ready(chat(1), "broadcast")
        for _ in range(5):
            assert rates.ready(chat(1), "interactive")
            await post.send(chat(1), "interactive")
        assert not rates.ready(chat(1), "interactive")
        assert rates.ready(chat(2), "interactive")
        crowd = asyncio.create_task(post.crowd(100))
        await asyncio.sleep(1)
        assert not rates.ready(chat(2), "interactive")
        crowd.cancel()
        await asyncio.sleep(3)
        assert rates.ready(chat(2), "interactive")
        await rates.hold(chat(2), "chat", 4)
        assert not rates.ready(chat(2), "interactive")
        await rates.hold(chat(3), "sender", 4)
        assert not rates.ready(chat(3), "interactive")
        before = loop.time()
        await rates.admit(web, "broadcast")
        assert rates.ready(web, "broadcast")
        assert loop.time() == before

    posting(limit("telegram", "1", 30))(scene)
