"""Rates in a time of their own: what leaves is counted as a provider counts it, by arrival in any second."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.conversation import Address, Lane
from services.stores.ledger import LocalLedger
from services.stores.limits import limit
from services.stores.rates import PacedRates
from tests.fakes.fast_time import FastLoop
from tests.fakes.post import Post, chat, most_within, posting
from tests.fakes.rules_rate import RateRule

CHANNELS = ("telegram", "twilio", "meta")


@pytest.mark.parametrize(
    ("channel", "rate", "late"),
    [
        ("telegram", 30, 0.0),
        ("telegram", 30, 0.002),
        ("telegram", 333, 0.0),
        ("telegram", 1000, 0.0005),
        ("twilio", 80, 0.001),
        ("meta", 80, 0.001),
    ],
)
def test_a_broadcast_keeps_99_percent_of_the_rate_and_never_one_too_many(
    channel: str, rate: int, late: float
) -> None:
    count = rate * 15
    post = posting(limit(channel, "1", rate), late=late)(lambda post: post.crowd(count, channel))
    times = post.times
    assert len(times) == count
    assert most_within(times, 1.0) <= rate
    steady = [time for time in times if time >= times[0] + 1]  # the first second starts from nothing
    assert (len(steady) - 1) / (steady[-1] - steady[0]) >= 0.99 * rate
    assert most_within(times, 0.1) <= max(4, rate * 0.12), "even steps, no bursts"


def test_replies_go_first_while_ten_thousand_wait() -> None:
    async def scene(post: Post) -> None:
        crowd = asyncio.create_task(post.crowd(10_000))
        for number in range(500):
            await asyncio.sleep(0.13)
            await post.send(chat(20_000 + number), "interactive")
        assert not crowd.done()
        crowd.cancel()

    post = posting(limit("telegram", "1", 30), late=0.001)(scene)
    waits = sorted(post.waits["interactive"])
    assert waits[-1] < 0.25
    assert most_within(post.times, 1.0) <= 30


def test_replies_that_come_at_once_all_go_before_the_next_of_the_crowd() -> None:
    async def scene(post: Post) -> None:
        crowd = asyncio.create_task(post.crowd(1000))
        await asyncio.sleep(5)
        before.append(len(post.came))
        await asyncio.gather(*(post.send(chat(20_000 + number), "interactive") for number in range(40)))
        crowd.cancel()

    before: list[int] = []
    post = posting(limit("telegram", "1", 30))(scene)
    lanes = [lane for _, _, lane in post.came]
    assert lanes[before[0] : before[0] + 40] == ["interactive"] * 40, "also before the one called up already"
    assert most_within(post.times, 1.0) <= 30


def test_while_no_broadcast_runs_replies_wait_for_nobody() -> None:
    async def scene(post: Post) -> None:
        await asyncio.gather(*(post.send(chat(number), "interactive") for number in range(100)))

    post = posting(limit("telegram", "1", 30))(scene)
    assert max(post.waits["interactive"]) == 0


def test_replies_that_went_freely_count_when_a_broadcast_starts() -> None:
    async def scene(post: Post) -> None:
        await asyncio.gather(*(post.send(chat(number), "interactive") for number in range(20)))
        await post.crowd(60)

    post = posting(limit("telegram", "1", 30))(scene)
    assert most_within(post.times, 1.0) <= 30


def test_after_a_refusal_replies_keep_to_the_rate_for_a_minute() -> None:
    async def scene(post: Post) -> None:
        await post.rates.hold(chat(1), "sender", 2)
        await asyncio.gather(*(post.send(chat(number), "interactive") for number in range(90)))
        await asyncio.sleep(61)
        post.waits["interactive"].clear()
        await asyncio.gather(*(post.send(chat(1000 + number), "interactive") for number in range(90)))

    post = posting(limit("telegram", "1", 30))(scene)
    assert most_within(post.times[:90], 1.0) <= 30
    assert max(post.waits["interactive"]) == 0


@pytest.mark.parametrize(
    ("channel", "key", "rule"),
    [
        ("telegram", "7", partial(RateRule, 1, 1, 5)),
        ("telegram", "-100123", partial(RateRule, 20, 60)),
        ("meta", "92300", partial(RateRule, 1, 6, 45)),
        ("twilio", "whatsapp:+92300", partial(RateRule, 1, 6, 45)),
    ],
)
@pytest.mark.parametrize("lane", ["interactive", "broadcast"])
def test_a_chat_takes_what_its_provider_permits_and_no_more(
    channel: str, key: str, rule: Callable[..., RateRule], lane: Lane
) -> None:
    address, seen = Address(channel, key), []

    async def scene(post: Post) -> None:
        loop = asyncio.get_running_loop()
        provider = rule(clock=loop.time)

        async def one() -> None:
            await post.send(address, lane)
            provider.hit(key)

        begun = loop.time()
        await asyncio.gather(*(one() for _ in range(100)))
        seen.append((provider, loop.time() - begun))

    posting(limit(channel, "1", 80))(scene)
    provider, took = seen[0]
    assert provider.broken == 0
    step, saved = provider.period / provider.limit, provider.burst or provider.limit
    assert took <= (100 - saved) * step * 1.01 + provider.period * 0.1


def test_a_chat_that_must_wait_holds_up_nobody_else() -> None:
    async def scene(post: Post) -> None:
        await asyncio.gather(
            *(post.send(chat(1), "broadcast") for _ in range(20)),
            *(post.send(chat(10 + number), "broadcast") for number in range(100)),
        )

    post = posting(limit("telegram", "1", 30))(scene)
    others = [time for time, address, _ in post.came if address != chat(1)]
    assert others[-1] - post.times[0] < 4.2


def test_thousands_of_blocked_messages_cost_the_others_nothing() -> None:
    async def scene(post: Post) -> None:
        blocked = asyncio.gather(*(post.send(chat(1), "broadcast") for _ in range(1500)))
        await asyncio.sleep(1)
        await post.send(chat(2), "broadcast")
        blocked.cancel()

    post = posting(limit("telegram", "1", 30))(scene)
    assert next(time for time, address, _ in post.came if address == chat(2)) - post.times[0] < 2


def test_who_gives_up_waiting_takes_no_slot_and_holds_up_nobody() -> None:
    async def scene(post: Post) -> None:
        crowd = [asyncio.create_task(post.send(chat(number), "broadcast")) for number in range(2000)]
        await asyncio.sleep(0.5)
        for task in crowd[:1900]:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)

    post = posting(limit("telegram", "1", 30))(scene)
    assert post.times[-1] - post.times[0] < 5


def test_memory_stays_bounded() -> None:
    ledgers: list[LocalLedger] = []

    async def scene(post: Post) -> None:
        ledger = LocalLedger()
        ledgers.append(ledger)
        rates = PacedRates([limit("telegram", "1", 1000)], ledger)
        for number in range(20_000):
            await rates.admit(chat(number), "broadcast")

    posting()(scene)
    assert len(ledgers[0]._chats) < 8_000


steps = st.lists(
    st.tuples(
        st.sampled_from(["interactive", "broadcast"]),
        st.integers(1, 40),  # how many at once
        st.integers(0, 30),  # to which chat, of a few
        st.sampled_from([0.0, 0.001, 0.02, 0.3, 1.1]),  # then a pause
        st.sampled_from([0.0, 0.0, 0.004, 0.05]),  # and the loop is busy
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(rate=st.sampled_from([1, 5, 30, 110]), steps=steps)
def test_whatever_comes_when_no_second_holds_too_many(
    rate: int, steps: list[tuple[Lane, int, int, float, float]]
) -> None:
    async def scene(post: Post) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, FastLoop)
        await post.rates.hold(chat(1), "sender", 0.5)  # so that replies keep to the sender's rate as well
        tasks = []
        for lane, count, to, pause, busy in steps:
            tasks += [asyncio.create_task(post.send(chat(to + i), lane)) for i in range(count)]
            await asyncio.sleep(pause)
            loop.pass_time(busy)
        await asyncio.gather(*tasks)

    post = posting(limit("telegram", "1", rate))(scene)
    assert len(post.came) == sum(count for _, count, _, _, _ in steps)
    assert most_within(post.times, 1.0) <= rate
    for address in {address for _, address, _ in post.came}:
        assert most_within([t for t, a, _ in post.came if a == address], 1.0) <= 6  # five saved up, and one
