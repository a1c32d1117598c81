"""The breaker: a refused account stops a channel within a few messages, alarms once, and one message tries again later."""

import asyncio
from itertools import count

import pytest

import services.outbox.breaker as breakers
from services.domain.conversation import Address
from services.domain.errors import AccountRefused, DeliveryFailed
from services.outbox.breaker import Breaker

PROVIDERS = pytest.mark.parametrize("channel", ["telegram", "twilio", "meta"])
SENT = 60
GOOD = 20


def test_three_refusals_in_a_row_open_it_and_success_between_does_not_count():
    breaker = Breaker()
    for now in range(10):
        assert not breaker.refused(now)
        assert not breaker.refused(now)
        assert not breaker.answered()
    assert [breaker.refused(100.0) for _ in range(3)] == [False, False, True]
    assert not breaker.refused(101.0), "those under way when it opened are no news"
    assert breaker.wait(110.0) == 20.0
    assert not breaker.enter(129.9)


def test_one_probe_at_a_time_and_the_pause_doubles_to_ten_minutes():
    breaker, now, pauses = Breaker(), 0.0, []
    for _ in range(3):
        breaker.refused(now)
    for _ in range(7):
        pauses.append(breaker.wait(now))
        now += breaker.wait(now)
        assert [breaker.enter(now) for _ in range(5)] == [True, False, False, False, False]
        assert breaker.wait(now) > 0
        assert not breaker.refused(now), "it was open before: no second alarm"
    assert pauses == [30, 60, 120, 240, 480, 600, 600]
    now += breaker.wait(now)
    assert breaker.enter(now)
    assert breaker.answered()
    assert (breaker.wait(now), breaker.enter(now)) == (0, True)
    for _ in range(3):
        breaker.refused(now)
    assert breaker.wait(now) == 30, "a new trouble begins anew"


def test_a_probe_that_found_nothing_out_lets_another_try():
    breaker = Breaker()
    for _ in range(3):
        breaker.refused(0.0)
    assert breaker.enter(30.0)
    assert not breaker.enter(30.0)
    breaker.gave_up()
    assert breaker.enter(30.0)


def test_a_provider_that_gives_no_answers_is_left_alone_for_a_moment():
    """Each request without an answer may have arrived: a bad quarter of an hour must not make thousands unknown."""
    breaker, now = Breaker(), 0.0
    for _ in range(4):
        breaker.unanswered(now)
    assert breaker.wait(now) == 0
    breaker.unanswered(now)
    pauses = []
    for _ in range(8):
        pauses.append(breaker.wait(now))
        now += breaker.wait(now)
        assert breaker.enter(now)
        breaker.unanswered(now)
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


@PROVIDERS
async def test_a_refused_account_stops_the_broadcast_which_goes_on_where_it_stopped(
    post, channel, monkeypatch
):
    """The provider turns to 401 amid a broadcast; nothing is lost, nobody is told twice, one alarm, few requests."""
    monkeypatch.setattr(breakers, "FIRST_PAUSE", 2.0)  # a busy machine is not late for what follows
    monkeypatch.setattr("services.outbox.refusals._LEAST_PAUSE", 0.05)
    ticks = count()

    class Turning(type(post.sender)):
        async def _request(self, outbound):
            if next(ticks) == GOOD:
                self.refusing = AccountRefused("401", code="401")
            await super()._request(outbound)

    post.sender.__class__ = Turning
    post.sender.latency = 0.005
    post.clock.now = ticking(post.clock)
    briefs = [post.brief(f"m{n}", to=f"{channel}:{n}") for n in range(SENT)]
    for brief in briefs:
        post.village.heard_ago(brief.address, minutes=1)
    post.rates.admit = one_at_a_time(0.004)
    await post.outbox.put(briefs)
    running = asyncio.create_task(post.outbox.run((channel,)))
    await until(lambda: post.sender.refusing and post.village.alarms)
    await asyncio.sleep(0.25)
    refused = len(post.sender.requests) - GOOD
    assert refused <= 3 + 5, "three, and those under way when it opened"
    reply = post.out("reply", to=f"{channel}:r")
    await post.outbox.put([reply], own=True)
    assert not await post.outbox.deliver(reply), "an answer waits as well: it would be refused alike"
    assert len(post.sender.requests) == GOOD + refused
    await until(lambda: len(post.sender.requests) > GOOD + refused)
    await asyncio.sleep(0.5)
    assert len(post.sender.requests) <= GOOD + refused + 3, "one message at a time tries"
    assert [kind for kind, _ in post.village.alarms] == [f"account:{channel}"]
    post.sender.refusing = None
    await until(lambda: len(post.sender.taken) == SENT + 1, seconds=20)
    running.cancel()
    await post.outbox.stop(1)
    assert {len(parts) for parts in post.sender.taken.values()} == {1}
    assert set((await post.states()).values()) == {"accepted"}


async def test_a_channel_that_is_refused_leaves_the_others_alone(post):
    post.sender.plans |= {f"t{n}": [AccountRefused("401", code="401")] * 5 for n in range(3)}
    await post.outbox.put([post.out(f"t{n}", to=f"telegram:{n}") for n in range(3)])
    await post.outbox.put([post.out(f"w{n}", to=f"twilio:{n}") for n in range(3)])
    await post.outbox.sweep()
    assert not post.outbox.ready(Address("telegram", "9"))
    assert post.outbox.ready(Address("twilio", "9"))
    states = await post.states()
    assert [states[f"w{n}"] for n in range(3)] == ["accepted"] * 3
    assert [states[f"t{n}"] for n in range(3)] == ["queued"] * 3


async def test_an_outage_makes_few_messages_unknown(post):
    """40 messages, and the provider answers none: after a handful it is left alone."""
    post.sender.refusing = DeliveryFailed("no answer", ambiguous=True)
    post.rates.admit = one_at_a_time(0.001)
    await post.outbox.put([post.brief(f"m{n}") for n in range(40)])
    await post.outbox.sweep()
    counts = await post.outbox.counts()
    assert counts["unknown"] <= 5 + 5
    assert counts["unknown"] + counts["queued"] == 40


def ticking(clock):
    """The hand clock, moved by the loop's own time."""
    start, began = clock.time, asyncio.get_running_loop().time()

    def now():
        return start + (asyncio.get_running_loop().time() - began) * second

    from datetime import timedelta

    second = timedelta(seconds=1)
    return now


def one_at_a_time(seconds):
    """A rate: one every so many seconds."""
    lock = asyncio.Lock()

    async def admit(_address, _lane):
        async with lock:
            await asyncio.sleep(seconds)

    return admit


async def until(wanted, seconds=10.0):
    for _ in range(int(seconds / 0.01)):
        if wanted():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")
