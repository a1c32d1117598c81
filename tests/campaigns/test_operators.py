"""What an operator does to a campaign under way, and what a refused template does to it."""

import asyncio
from datetime import datetime

import pytest

import services.composing
from services.domain.campaigns import Campaign, Progress, progress_of
from services.domain.conversation import Notice, Receipt
from services.domain.errors import BadInput
from services.wording.layouts.campaigns import announced_text, campaigns_text, span
from tests.campaigns.conftest import KARACHI


async def announced(hall, people=3, key="k"):
    await hall.crowd(people)
    process = hall.process()
    return process, await process.broadcasts.announce(key, "Holiday on Monday")


async def states(hall):
    return [row["state"] for row in await hall.put()]


async def test_paused_it_is_halted_and_resumed_it_is_not(hall):
    process, campaign = await announced(hall)
    held = await process.campaigns.pause(campaign.id)
    assert held.state == "paused"
    assert await hall.campaigns.halted() == {campaign.id: "paused"}
    with pytest.raises(BadInput, match="no such campaign"):
        await process.campaigns.pause(campaign.id)
    await process.campaigns.resume(campaign.id)
    assert await hall.campaigns.halted() == {}
    assert await states(hall) == ["queued"] * 3


async def test_cancelled_nothing_of_it_goes_any_more_and_it_cannot_be_resumed(hall):
    process, campaign = await announced(hall)
    assert await hall.outbox.begin(f"{campaign.id}:u00000:0")  # one is being sent at this moment
    ended, count = await process.campaigns.cancel(campaign.id)
    assert (ended.state, count) == ("cancelled", 2)
    assert await states(hall) == ["sending", "cancelled", "cancelled"]
    assert not await hall.outbox.begin(f"{campaign.id}:u00001:0")
    with pytest.raises(BadInput):
        await process.campaigns.resume(campaign.id)
    again = await process.broadcasts.announce("k", "Holiday on Monday")
    assert again.state == "cancelled"
    assert await states(hall) == ["sending", "cancelled", "cancelled"]


async def test_cancelling_ends_the_composing_too_and_takes_back_what_was_put_late(hall, monkeypatch):
    monkeypatch.setattr(services.composing, "PAGE", 4)
    await hall.crowd(20)
    process, put = hall.process(), hall.outbox.put
    pages = []

    async def slow(outbounds, **more):
        pages.append(len(outbounds))
        if len(pages) == 2:
            await process.campaigns.cancel("announce")
        return await put(outbounds, **more)

    monkeypatch.setattr(hall.outbox, "put", slow)
    campaign = await process.broadcasts.announce("k", "Holiday on Monday")
    assert campaign.state == "cancelled"
    assert pages == [4, 4]
    assert await states(hall) == ["cancelled"] * 8
    assert "was cancelled" in announced_text(campaign, None)


async def test_a_name_may_be_shortened_while_it_is_clear(hall):
    await hall.crowd(1)
    process = hall.process()
    one = await process.broadcasts.announce("one", "a")
    two = await process.broadcasts.announce("two", "b")
    assert (await process.campaigns.pause(two.id.removeprefix("announce:")[:4].upper())).id == two.id
    assert (await process.campaigns.resume("announce")).id == two.id, "only one of them is paused"
    for name in ("announce", "nothing *bold* <b>", ""):
        with pytest.raises(BadInput) as told:
            await process.campaigns.cancel(name)
        assert one.id in told.value.detail
        assert two.id in told.value.detail
        assert not set("*<>") & set(told.value.detail)


async def test_a_refused_template_stops_it_once_and_calls_an_operator(hall):
    process, campaign = await announced(hall)
    reason = "meta refused the message (code 132001): check the template and its variables"
    said = await asyncio.gather(*(process.campaigns.stop(campaign.id, reason) for _ in range(5)))
    assert sorted(said) == [False] * 4 + [True]
    assert await hall.campaigns.halted() == {campaign.id: "stopped"}
    ((kind, words),) = hall.alarms
    assert kind == "template"
    assert words == (
        f"{campaign.id} stands still: {reason}. Nothing more of it is sent. Mend the template (or its name in the settings), "
        f"then /resume {campaign.id}, or end it with /cancel {campaign.id}."
    )
    assert len(words) <= 300, "an alarm is cut there"
    ((shown, _),) = await process.campaigns.newest()
    assert (shown.state, shown.reason) == ("stopped", reason)
    assert (await process.campaigns.resume(campaign.id)).state == "running"
    assert not await process.campaigns.stop("", "an alert belongs to none")
    assert len(hall.alarms) == 1


async def test_it_is_done_when_nothing_of_it_waits(hall):
    process, campaign = await announced(hall)
    assert await process.campaigns.settle() == 0
    for n in range(3):
        key = f"{campaign.id}:u{n:05}:0"
        assert await hall.outbox.begin(key)
        await hall.outbox.accepted(key, Receipt((f"r{n}",), hall.clock.now()), channel="meta")
    await hall.outbox.note(Notice("s", "delivered", None, hall.clock.now(), ref="r1"))
    ((running, progress),) = await process.campaigns.newest()
    assert running.state == "running"
    assert progress == Progress(accepted=2, delivered=1)
    assert await process.campaigns.settle() == 1
    assert await process.campaigns.under_way() == []
    kept = await hall.campaigns.get(campaign.id)
    assert (kept.state, kept.ended) == ("done", hall.clock.now())


def test_states_are_sorted_into_what_is_asked_about():
    counted = {"queued": 5, "sending": 1, "accepted": 2, "sent": 3, "delivered": 4, "read": 1, "played": 1}
    counted |= {"failed": 6, "unknown": 7, "expired": 8, "cancelled": 9}
    progress = progress_of(counted)
    assert progress == Progress(left=6, accepted=5, delivered=6, failed=6, unknown=7, rest=17)
    assert progress.total == sum(counted.values())


def test_the_list_says_how_far_how_fast_and_how_long():
    began = datetime(2026, 8, 20, 9, 0, tzinfo=KARACHI)
    running = Campaign("brief:2026-08-20:09:00", "brief", began, composed=True)
    stopped = Campaign("announce:bcdfghj", "announcement", began, state="stopped", reason="code 132001")
    at = began.replace(minute=1)
    text = campaigns_text(
        [
            (running, Progress(left=9_000, accepted=500, delivered=450, failed=50)),
            (stopped, Progress(left=3)),
        ],
        at,
    )
    assert text == (
        "*Campaigns*\n"
        "• brief:2026-08-20:09:00 · running · 10,000 messages: 9,000 queued, 500 accepted, 450 delivered, 50 failed"
        " · 16.7 a second, about 9 min left\n"
        "• announce:bcdfghj · stopped: code 132001 · 3 messages (still being composed): 3 queued"
    )
    assert campaigns_text([], at) == "*Campaigns*\n• none"
    assert [span(s) for s in (0.2, 99, 100, 5_940, 12_000, 36_000)] == [
        "1 s",
        "99 s",
        "2 min",
        "99 min",
        "3 h 20 min",
        "10 h",
    ]
