"""A broadcast under way: paused and cancelled within a second, too late is not sent, a stop counts to the last moment."""

import asyncio
from datetime import timedelta

import pytest

from services.domain.conversation import Lane

RATE = 0.01  # seconds a message


class Steady:
    """A rate of one message every so often."""

    def __init__(self, seconds: float = RATE) -> None:
        self._seconds, self._lock = seconds, asyncio.Lock()

    def ready(self, _address, _lane: Lane) -> bool:
        return True

    async def admit(self, _address, _lane: Lane) -> None:
        async with self._lock:
            await asyncio.sleep(self._seconds)

    async def hold(self, _address, _scope, _seconds) -> None: ...


@pytest.fixture
async def running(post):
    """A broadcast of 500 under way, and another campaign behind it."""
    office = post.office("busy", rates=Steady())
    await office.put([post.brief(f"m{n:03}") for n in range(500)])
    task = asyncio.create_task(office.run(("telegram",)))
    await until(lambda: len(post.sender.requests) > 10)
    yield office
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await office.stop(2)


async def until(wanted, seconds=20.0):
    for _ in range(int(seconds / 0.01)):
        if wanted():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


async def test_a_pause_works_within_a_second_and_a_resume_goes_on_where_it_stopped(post, running):
    post.village.halts["brief:today"] = "paused"  # an operator's word, in whatever process
    await asyncio.sleep(1.0)
    stopped_at = len(post.sender.requests)
    await running.put([post.brief("other", campaign="brief:other")])
    await until(lambda: "other" in post.sender.taken)
    await asyncio.sleep(0.5)
    assert len(post.sender.requests) == stopped_at + 1, "only the other campaign goes on"
    assert 11 < stopped_at < 250
    post.village.halts.clear()
    await until(lambda: len(post.sender.taken) == 501)
    assert {len(parts) for parts in post.sender.taken.values()} == {1}


async def test_a_cancel_works_within_a_second_and_for_good(post, running):
    await post.office("operator").cancel("brief:today")
    post.village.halts["brief:today"] = "cancelled"
    await asyncio.sleep(1.0)
    stopped_at = len(post.sender.requests)
    post.village.halts.clear()
    await asyncio.sleep(1.0)
    assert len(post.sender.requests) == stopped_at
    await running.settled()
    counts = await running.counts()
    assert counts["accepted"] == len(post.sender.taken) == stopped_at
    assert counts["accepted"] + counts["cancelled"] == 500


async def test_a_cancel_in_the_same_process_works_at_once(post, running):
    await running.cancel("brief:today")
    stopped_at = len(post.sender.requests)
    await asyncio.sleep(0.3)
    assert len(post.sender.requests) <= stopped_at + 1


async def test_what_came_too_late_is_not_sent(post):
    soon = post.clock.now() + timedelta(hours=3)
    await post.outbox.put([post.brief("brief", expires_at=soon), post.brief("news")])
    post.clock.forward(hours=3)
    await post.outbox.sweep()
    assert await post.states() == {"brief": "expired", "news": "accepted"}


async def test_one_that_expires_while_it_waits_for_its_turn_is_not_sent(post):
    """Leased in time; the rate was closed until it was too late."""
    opened = asyncio.Event()

    class Closed(Steady):
        async def admit(self, _address, _lane):
            await opened.wait()

    office = post.office("held up", rates=Closed())
    await office.put([post.brief("brief", expires_at=post.clock.now() + timedelta(hours=1))])
    task = asyncio.create_task(office.run(("telegram",)))
    await asyncio.sleep(1.3)
    post.clock.forward(hours=1)
    opened.set()
    await asyncio.sleep(0.3)
    task.cancel()
    await office.stop(1)
    assert post.sender.requests == []
    assert await post.states() == {"brief": "expired"}


async def test_nothing_goes_before_its_time(post):
    """People sleep: what is put at night waits for the morning."""
    await post.outbox.put([post.brief("a", not_before=post.clock.now() + timedelta(hours=8))])
    post.clock.forward(hours=7, minutes=59)
    assert await post.outbox.sweep() == 0
    post.clock.forward(minutes=1)
    assert await post.outbox.sweep() == 1


async def test_a_stop_after_it_was_put_counts(post):
    await post.outbox.put([post.brief("a"), post.brief("b"), post.out("answer", user_id="u-a")])
    post.village.unwanted.add("u-a")
    await post.outbox.sweep()
    assert await post.states() == {"a": "cancelled", "b": "accepted", "answer": "accepted"}
    assert (await post.rows())["a"]["reason"] == "stopped before it was sent"


async def test_a_stop_amid_the_broadcast_counts_within_moments(post, running):
    """Messages that are in hand already are asked about again right before they go."""
    post.village.unwanted |= {f"u-m{n:03}" for n in range(500)}
    await asyncio.sleep(1.5)
    stopped_at = len(post.sender.requests)
    await asyncio.sleep(0.7)
    assert len(post.sender.requests) == stopped_at
    assert stopped_at < 400
