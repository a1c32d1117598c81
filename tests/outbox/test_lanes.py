"""Lanes: a reply never waits behind a broadcast, the rate is kept full and never broken, an address keeps its order."""

import asyncio
import bisect
from dataclasses import replace

import pytest

from services.domain.conversation import Reply, Text
from services.domain.errors import TooFast
from services.stores.ledger import LocalLedger
from services.stores.limits import limit
from services.stores.rates import PacedRates

RATES = {"telegram": 30, "twilio": 80, "meta": 80}
PROVIDERS = pytest.mark.parametrize("channel", RATES)


def paced(channel):
    """The real rates, in this process."""
    return PacedRates([limit(channel, "ours", RATES[channel])], LocalLedger())


def most_in_a_second(times):
    return max(bisect.bisect_left(times, at + 1.0) - number for number, at in enumerate(times))


async def running(office, channels):
    task = asyncio.create_task(office.run(channels))
    await asyncio.sleep(0)
    return task


async def until(wanted, seconds=20.0):
    for _ in range(int(seconds / 0.01)):
        if wanted():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


async def ended(office, task):
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await office.stop(2)


def crowd(post, channel, count, **more):
    briefs = [post.brief(f"m{n:04}", to=f"{channel}:{n}", **more) for n in range(count)]
    for brief in briefs:
        post.village.heard_ago(brief.address, minutes=1)
    return briefs


@PROVIDERS
async def test_a_reply_goes_before_a_broadcast_that_waits_at_the_rate(post, channel):
    """Hundreds wait; each reply leaves among the very next requests, whatever its provider's answer takes."""
    post.sender.latency = 0.2
    office = post.office("busy", rates=paced(channel))
    await office.put(crowd(post, channel, 10 * RATES[channel]))
    task = await running(office, (channel,))
    await until(lambda: len(post.sender.requests) > 10)
    overtaken = []
    for number in range(5):
        reply = post.out(f"reply{number}", to=f"{channel}:r{number}")
        await office.put([reply], own=True)
        before = len(post.sender.requests)
        sent = asyncio.create_task(office.deliver(reply))
        await until(lambda: reply.key in post.sender.asked())  # noqa: B023
        overtaken.append(post.sender.asked().index(reply.key) - before)
        assert await sent
    await ended(office, task)
    assert max(overtaken) <= RATES[channel] / 4, overtaken
    assert (await post.states())["m0200"] in {"queued", "sending"}, "the broadcast is still under way"


@PROVIDERS
async def test_a_reply_that_waits_in_the_store_is_found_within_a_moment(post, channel, monkeypatch):
    """Put by another process, or to be tried again: one looks often, and a broadcast is no obstacle."""
    monkeypatch.setattr("services.outbox.lanes.IDLE", 60.0)  # not the pump's own rare look
    post.sender.latency = 0.2
    office = post.office("busy", rates=paced(channel))
    await office.put(crowd(post, channel, 200))
    task = await running(office, (channel,))
    await until(lambda: post.sender.requests)
    began = asyncio.get_running_loop().time()
    await post.office("elsewhere").put([post.out("reply", to=f"{channel}:r")])
    await until(lambda: "reply" in post.sender.asked())
    took = asyncio.get_running_loop().time() - began
    await ended(office, task)
    assert took < 5, "a machine that is busy with other things included"


@PROVIDERS
async def test_the_rate_is_kept_and_never_broken(post, channel):
    """At 200 ms an answer, several are under way; no window of a second, wherever it begins, holds too many."""
    post.sender.latency = 0.2
    office = post.office("busy", rates=paced(channel))
    await office.put(crowd(post, channel, 4 * RATES[channel]))
    task = await running(office, (channel,))
    await until(lambda: len(post.sender.taken) == 4 * RATES[channel], seconds=60)
    await ended(office, task)
    times = sorted(at for _, at in post.sender.requests)
    assert most_in_a_second(times) <= RATES[channel]
    assert post.sender.most_flying > 0.1 * RATES[channel]
    assert {len(parts) for parts in post.sender.taken.values()} == {1}


@PROVIDERS
async def test_in_a_closed_interval_nothing_is_asked(post, channel):
    """The provider says "wait 2": not one request of that sender until then, and the same message goes again."""
    office = post.office("busy", rates=paced(channel))
    briefs = crowd(post, channel, 3 * RATES[channel])
    turned = "m0020"
    post.sender.plans[turned] = [TooFast("429", scope="sender", wait=2.0, code="429")]
    await office.put(briefs)
    task = await running(office, (channel,))
    await until(lambda: turned in post.sender.asked())
    closed_at = next(at for key, at in post.sender.requests if key == turned)
    await until(lambda: len(post.sender.requests) > 40, seconds=10)
    post.clock.forward(seconds=5)
    await until(lambda: len(post.sender.taken) == len(briefs), seconds=30)
    await ended(office, task)
    inside = [key for key, at in post.sender.requests if closed_at + 0.02 < at < closed_at + 2.0]
    assert inside == []
    assert post.sender.asked().count(turned) == 2


async def test_one_person_s_pause_holds_nobody_else(post):
    """131056 is about one pair: the others go on at once."""
    office = post.office("busy", rates=paced("meta"))
    briefs = crowd(post, "meta", 30)
    post.sender.plans["m0003"] = [TooFast("pair", scope="chat", wait=30.0, code="131056")]
    await office.put(briefs)
    task = await running(office, ("meta",))
    await until(lambda: len(post.sender.taken) == 29)
    await ended(office, task)
    assert set(post.sender.taken) == {brief.key for brief in briefs} - {"m0003"}


async def test_messages_of_one_address_keep_their_order_also_behind_one_that_is_tried_again(post):
    parts = [post.brief(f"x{n}", to="telegram:1", reply=Reply((Text(str(n)),))) for n in range(6)]
    post.sender.plans["x2"] = [TooFast("429", scope="chat", wait=5.0)]
    await post.outbox.put(parts)
    await post.outbox.put([post.brief("other", to="telegram:2")])
    assert await post.outbox.sweep() == 3
    assert post.sender.asked() == ["x0", "x1", "x2", "other"] or set(post.sender.asked()[:3]) >= {"x0", "x1"}
    post.clock.forward(seconds=5)
    assert await post.outbox.sweep() == 4
    taken = [key for key in post.sender.taken if key != "other"]
    assert taken == [f"x{n}" for n in range(6)]


async def test_two_processes_share_one_broadcast_and_send_each_message_once(post):
    post.sender.latency = 0.01
    offices = [post.office(f"p{n}") for n in range(2)]
    await offices[0].put(crowd(post, "telegram", 300))
    tasks = [await running(office, ("telegram",)) for office in offices]
    await until(lambda: len(post.sender.taken) == 300)
    for office, task in zip(offices, tasks, strict=True):
        await ended(office, task)
    assert {len(parts) for parts in post.sender.taken.values()} == {1}
    assert set((await post.states()).values()) == {"accepted"}


async def test_a_message_put_here_is_sent_at_once(post):
    """No poll is waited for when it is put in the process that sends."""
    task = await running(post.outbox, ("telegram",))
    await asyncio.sleep(0.1)
    began = asyncio.get_running_loop().time()
    await post.outbox.put([post.brief("a")])
    await until(lambda: post.sender.requests)
    took = asyncio.get_running_loop().time() - began
    await ended(post.outbox, task)
    assert took < 0.9


async def test_wishes_are_asked_for_many_at_one_time(post):
    await post.outbox.put(crowd(post, "telegram", 120))
    await post.outbox.sweep()
    assert len(post.village.asked) <= 6
    assert len(post.sender.taken) == 120


async def test_a_template_only_message_keeps_its_lane(post):
    """What is changed on the way (a shut window) is still the same message."""
    brief = replace(post.whatsapp("a"), template=post.whatsapp("a").template)
    await post.outbox.put([brief])
    await post.outbox.sweep()
    assert post.sender.taken["a"][0].lane == "broadcast"
