"""What each kind of refusal brings about, on each channel: who is told, what waits, what goes again and when."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.conversation import Notice
from services.domain.errors import (
    AccountRefused,
    DeliveryFailed,
    HeldBack,
    OptedOut,
    RecipientGone,
    TemplateRefused,
    TooFast,
    WindowClosed,
)
from services.outbox.refusals import BACKOFF

PROVIDERS = pytest.mark.parametrize("channel", ["telegram", "twilio", "meta"])
LATE = pytest.mark.parametrize("late", [False, True], ids=["at once", "by a status"])


@pytest.fixture
def open_window(post):
    """Everybody wrote a moment ago."""

    def opened(*outbounds):
        for outbound in outbounds:
            post.village.heard_ago(outbound.address, minutes=1)
        return outbounds

    return opened


async def refused(post, outbound, failure, *, late):
    """A message meets this refusal: as the answer, or taken at first and refused by a status."""
    office = post.outbox
    if late:
        office = post.office("first", judge=lambda _channel, code: failure if code == failure.code else None)
    else:
        post.sender.plans[outbound.key] = [failure]
    await office.put([outbound])
    await office.sweep()
    if late:
        status = Notice("e", "failed", outbound.address, post.clock.now(), f"{outbound.key}#0", failure.code)
        await office.note(status)
        await office.note(status)
    return office


@PROVIDERS
@LATE
async def test_whoever_blocked_us_is_written_to_no_more(post, open_window, channel, late):
    (brief,) = open_window(post.brief("a", to=f"{channel}:1"))
    await refused(post, brief, RecipientGone("blocked", code="63024"), late=late)
    assert set(post.village.gone) == {f"{channel}:1"}
    row = (await post.rows())["a"]
    assert (row["state"], row["code"]) == ("failed", "63024")


@PROVIDERS
@LATE
async def test_whoever_told_the_provider_stop_is_stopped(post, open_window, channel, late):
    (brief,) = open_window(post.brief("a", to=f"{channel}:1"))
    await refused(post, brief, OptedOut("said stop", code="21610"), late=late)
    assert set(post.village.stopped) == {f"{channel}:1"}
    assert (await post.states())["a"] == "failed"


@PROVIDERS
@LATE
async def test_whom_the_provider_holds_back_gets_no_broadcast_for_a_day(post, open_window, channel, late):
    (brief, tomorrow, reply) = open_window(
        post.brief("a", to=f"{channel}:1"),
        post.brief("b", to=f"{channel}:1"),
        post.out("c", to=f"{channel}:1"),
    )
    office = await refused(post, brief, HeldBack("an experiment", code="63032"), late=late)
    post.clock.forward(hours=23)
    open_window(tomorrow, reply)
    await office.put([tomorrow, reply])
    await office.sweep()
    assert await post.states() == {"a": "failed", "b": "failed", "c": "accepted"}
    post.clock.forward(hours=1)
    open_window(tomorrow)
    await office.put([replace(tomorrow, key="d")])
    await office.sweep()
    assert (await post.states())["d"] == "accepted"


@pytest.mark.parametrize("channel", ["twilio", "meta"])
@LATE
async def test_a_shut_window_brings_the_template_once(post, open_window, channel, late):
    (brief,) = open_window(post.whatsapp("a", channel))
    office = await refused(post, brief, WindowClosed("shut", code="63016"), late=late)
    await office.sweep()
    assert await post.states() == {"a": "failed", "a:template": "accepted"}
    (sent,) = post.sender.taken["a:template"]
    assert (sent.reply.blocks, sent.template) == ((), brief.template)
    status = Notice("e", "failed", brief.address, post.clock.now(), "a:template#0", "63016")
    await office.note(status)
    await office.sweep()
    assert set(await post.states()) == {"a", "a:template"}, "there is no template of a template"


@pytest.mark.parametrize("channel", ["twilio", "meta"])
@LATE
async def test_a_refused_template_stops_its_campaign_which_goes_on_when_it_is_mended(
    post, open_window, channel, late
):
    briefs = open_window(*(post.whatsapp(f"m{n}", channel) for n in range(4)))
    other = open_window(post.whatsapp("other", channel, campaign="brief:other"))
    failure = TemplateRefused("no such template", code="63027")
    office = await refused(post, briefs[0], failure, late=late)
    await office.put([*briefs[1:], *other])
    await office.sweep()
    assert post.village.halts == {"brief:today": "stopped"}
    states = await post.states()
    assert {key for key, state in states.items() if state == "queued"} >= {"m1", "m2", "m3"}
    assert states["other"] == "accepted"
    post.village.halts.clear()
    await asyncio.sleep(0.45)
    await office.sweep()
    left = {key for key, state in (await post.states()).items() if state != "accepted"}
    assert left == ({"m0"} if late else set()), "what was only refused at once is not lost"


async def test_a_refused_template_of_no_campaign_is_alarmed(post):
    brief = post.brief("a", campaign="")
    await refused(post, brief, TemplateRefused("no such template", code="132001"), late=False)
    assert [kind for kind, _ in post.village.alarms] == ["template:telegram"]
    assert (await post.states())["a"] == "failed"


@PROVIDERS
@pytest.mark.parametrize("scope", ["chat", "sender", "account"])
async def test_too_fast_pauses_that_scope_for_the_time_asked_for_and_is_no_failed_try(
    post, open_window, channel, scope
):
    (brief,) = open_window(post.brief("a", to=f"{channel}:1"))
    await refused(post, brief, TooFast("429", scope=scope, wait=17.0, code="429"), late=False)
    assert post.rates.held == [(f"{channel}:1", scope, 17.0)]
    row = (await post.rows())["a"]
    assert (row["state"], row["tries"]) == ("queued", 0)
    post.clock.forward(seconds=16.9)
    assert await post.outbox.sweep() == 0
    post.clock.forward(seconds=0.1)
    assert await post.outbox.sweep() == 1
    assert post.sender.asked() == ["a", "a"]


async def test_without_a_time_one_person_is_left_alone_ever_longer(post):
    """WhatsApp's rule for a pair: 4 to the power of the refusals, seconds; spread a little."""
    post.sender.plans["a"] = [TooFast("pair", scope="chat", code="131056") for _ in range(3)]
    await post.outbox.put([post.out("a", to="meta:1")])
    for _ in range(4):
        await post.outbox.sweep()
        post.clock.forward(seconds=100)
    waits = [seconds for _, _, seconds in post.rates.held]
    assert [4**n <= wait <= 4**n * 1.2 for n, wait in enumerate(waits, 1)] == [True] * 3
    assert (await post.states())["a"] == "accepted"
    post.sender.plans["b"] = [TooFast("pair", scope="chat", code="131056")]
    await post.outbox.put([post.out("b", to="meta:1")])
    await post.outbox.sweep()
    assert post.rates.held[-1][2] < 5, "one that was taken ends the row"


@PROVIDERS
async def test_what_was_certainly_not_taken_is_tried_again_ever_later_and_then_given_up(post, channel):
    brief = post.out("a", to=f"{channel}:1")
    post.sender.plans["a"] = [DeliveryFailed("not reached") for _ in range(len(BACKOFF) + 1)]
    await post.outbox.put([brief])
    post.outbox._breakers = {}
    for pause in BACKOFF:
        # Another process each time: how often it was tried lies in the database, not in a process.
        office = post.office("next")
        await office.sweep()
        assert (await post.states())["a"] == "queued"
        before = len(post.sender.requests)
        post.clock.forward(seconds=pause * 0.99)
        await office.sweep()
        assert len(post.sender.requests) == before, f"it waits {pause} s"
        post.clock.forward(seconds=pause * 0.21)
        post.village.heard_ago(brief.address, minutes=1)
    await post.office("last").sweep()
    assert (await post.states())["a"] == "failed"
    assert len(post.sender.requests) == len(BACKOFF) + 1


@PROVIDERS
async def test_a_provider_s_own_time_counts_for_what_is_tried_again(post, open_window, channel):
    (brief,) = open_window(post.brief("a", to=f"{channel}:1"))
    await refused(post, brief, DeliveryFailed("maintenance", wait=3.0, code="131057"), late=False)
    row = (await post.rows())["a"]
    assert (row["next_at"].astimezone(post.clock.now().tzinfo) - post.clock.now(), row["tries"]) == (
        timedelta(seconds=3),
        1,
    )


async def test_a_second_try_goes_on_behind_the_parts_that_were_taken(post):
    post.sender.parts["a"] = 3
    post.sender.plans["a"] = ["", TooFast("429", scope="chat", wait=5.0)]
    await post.outbox.put([post.out("a")])
    await post.outbox.sweep()
    post.clock.forward(seconds=5)
    await post.office("second").sweep()
    assert len(post.sender.taken["a"]) == 3
    assert (await post.rows())["a"]["refs"] == ["a#0", "a#1", "a#2"]


@PROVIDERS
async def test_an_unknown_code_has_a_safe_end_and_an_alarm(post, channel):
    known = {"63016"}
    office = post.office("first", known=lambda _channel, code: code in known)
    post.sender.plans |= {
        "new": [DeliveryFailed("refused (code 99999)", permanent=True, code="99999")],
        "old": [DeliveryFailed("refused (code 63016)", permanent=True, code="63016")],
        "server": [DeliveryFailed("refused (code 500)", ambiguous=True, code="500")],
    }
    await office.put([post.out(key, to=f"{channel}:{key}") for key in post.sender.plans])
    await office.sweep()
    assert await post.states() == {"new": "failed", "old": "failed", "server": "unknown"}
    ((kind, detail),) = post.village.alarms
    assert (kind, "99999" in detail) == (f"code:{channel}", True)


@PROVIDERS
async def test_an_account_that_is_refused_loses_no_message(post, channel):
    post.sender.plans["a"] = [AccountRefused("401", code="401")]
    await post.outbox.put([post.out("a", to=f"{channel}:1")])
    assert await post.outbox.sweep() == 0
    row = (await post.rows())["a"]
    assert (row["state"], row["tries"]) == ("queued", 0)
    post.clock.forward(seconds=1)
    assert await post.outbox.sweep() == 1, "one refusal may be a hiccup: the next try tells"
