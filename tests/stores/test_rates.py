"""Rates in a time of their own: what leaves is counted as a provider counts it, by arrival in any second."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.conversation import Address, Lane
from services.stores.ledger import LocalLedger
from services.stores.limits import Limit, limit
from services.stores.rates import PacedRates
from tests.fakes.fast_time import FastLoop, in_fast_time
from tests.fakes.rules_rate import RateRule

CHANNELS = ("telegram", "twilio", "meta")


def chat(number: int, channel: str = "telegram") -> Address:
    return Address(channel, str(number))


def most_within(times: list[float], seconds: float) -> int:
    """The most arrivals in any window of that length, its end not included."""
    times = sorted(times)
    first, most = 0, 0
    for last, time in enumerate(times):
        while time - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


class Post:
    """Sends through the rates and writes down when each request arrived."""

    def __init__(self, *limits: Limit) -> None:
        self.rates = PacedRates(limits, LocalLedger())
        self.came: list[tuple[float, Address, Lane]] = []
        self.waits: dict[Lane, list[float]] = {"interactive": [], "broadcast": []}

    @property
    def times(self) -> list[float]:
        return [time for time, _, _ in self.came]

    async def send(self, address: Address, lane: Lane) -> None:
        loop = asyncio.get_running_loop()
        asked = loop.time()
        await self.rates.admit(address, lane)
        self.came.append((loop.time(), address, lane))
        self.waits[lane].append(loop.time() - asked)

    async def crowd(self, count: int, channel: str = "telegram") -> None:
        await asyncio.gather(*(self.send(chat(number, channel), "broadcast") for number in range(count)))


def posting(*limits: Limit, late: float = 0.0) -> Callable[[Callable[[Post], Awaitable[None]]], Post]:
    """Run a scene with these limits in fast time; the post that it leaves."""

    def run(scene: Callable[[Post], Awaitable[None]]) -> Post:
        post = Post(*limits)

        async def play() -> None:
            await scene(post)
            await post.rates.close()

        in_fast_time(play(), late=late)
        return post

    return run


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
