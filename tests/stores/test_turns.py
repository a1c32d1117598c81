"""A turn is written whole, once, or not at all."""

import asyncio
from typing import Any

import pytest
from pymongo.errors import DocumentTooLarge

from services.domain.conversation import (
    Address,
    Button,
    Inbound,
    MediaRef,
    Outbound,
    Picture,
    Receipt,
    Reply,
    Session,
    Template,
    Text,
    Voice,
)  # fmt: skip
from services.stores.inbox import MongoInbox
from services.stores.mongo import Mongo
from services.stores.outbox import MongoOutbox
from services.stores.turns import MongoTurns

WEB = Address("web", "tab")
PLACE = "An answer with your amounts was not kept."


def out(clock: Any, key: str, text: str = "hello", **fields: Any) -> Outbound:
    reply = fields.pop("reply", Reply((Text(text),), (Button("Menu", "help"),), "source"))
    return Outbound(key, "u1", WEB, reply, clock.now(), **fields)


async def accepted(mongo: Mongo, clock: Any, n: int = 1) -> str:
    event = Inbound(f"web:{n}", WEB, clock.now(), "question")
    await MongoInbox(mongo, clock, str).accept(event)
    return event.event_id


async def test_session_answers_and_inbox_move_together(mongo: Mongo, clock: Any) -> None:
    turns, event = MongoTurns(mongo, PLACE), await accepted(mongo, clock)
    assert await turns.session("u1") == Session("u1")
    session = Session("u1", "weights", {"names": "LUCK,اوجی"})
    answers = [out(clock, "reply:1:0", "one"), out(clock, "reply:1:1", "two")]
    assert await turns.commit(event, session, answers) == answers
    assert await turns.session("u1") == session
    clock.forward(hours=1)
    assert await MongoInbox(mongo, clock, str).open(older_than=clock.now()) == []
    assert await MongoOutbox(mongo, clock, PLACE).history(WEB) == answers
    assert "question" not in str(await mongo["inbox"].find().to_list(None))  # answered: its words are dropped


async def test_one_event_answered_by_two_workers_is_answered_once(mongo: Mongo, clock: Any) -> None:
    turns, event = MongoTurns(mongo, PLACE), await accepted(mongo, clock)
    results = await asyncio.gather(
        *(turns.commit(event, Session("u1", f"s{n}"), [out(clock, "reply:1:0", str(n))]) for n in range(8))
    )
    (winner,) = [r for r in results if r]
    assert await MongoOutbox(mongo, clock, PLACE).history(WEB) == winner
    assert (await turns.session("u1")).awaiting == f"s{winner[0].reply.blocks[0].text}"  # type: ignore[union-attr]


async def test_a_key_two_events_share_is_put_once(mongo: Mongo, clock: Any) -> None:
    turns = MongoTurns(mongo, PLACE)
    events = [await accepted(mongo, clock, n) for n in range(6)]
    results = await asyncio.gather(
        *(
            turns.commit(e, Session(f"u{n}", e), [out(clock, "brief:u1"), out(clock, f"own:{n}")])
            for n, e in enumerate(events)
        )
    )
    keys = [o.key for r in results for o in r]
    assert sorted(keys) == ["brief:u1", *(f"own:{n}" for n in range(6))]
    clock.forward(hours=1)
    assert await MongoInbox(mongo, clock, str).open(older_than=clock.now()) == []
    assert [(await turns.session(f"u{n}")).awaiting for n in range(6)] == events


async def test_a_turn_that_cannot_be_written_changes_nothing(mongo: Mongo, clock: Any) -> None:
    turns, event = MongoTurns(mongo, PLACE), await accepted(mongo, clock)
    too_large = Session(
        "u1", "step", {"memo": "x" * 17_000_000}
    )  # refused by the driver, after the answers were put
    with pytest.raises(DocumentTooLarge):
        await turns.commit(event, too_large, [out(clock, "k1")])
    assert await turns.session("u1") == Session("u1")
    assert await mongo["outbox"].count_documents({}) == 0
    clock.forward(hours=1)
    assert len(await MongoInbox(mongo, clock, str).open(older_than=clock.now())) == 1


async def test_an_empty_session_is_not_kept(mongo: Mongo, clock: Any) -> None:
    turns = MongoTurns(mongo, PLACE)
    await turns.commit("terminal:1", Session("u1", "step"), [])
    await turns.commit("terminal:2", Session("u1"), [])
    assert await mongo["sessions"].count_documents({}) == 0


async def test_a_sealed_answer_is_sent_with_its_words_and_stored_without(mongo: Mongo, clock: Any) -> None:
    media = MediaRef("a" * 64 + ".png", "image/png", 3)
    reply = Reply(
        (Text("Rs 98,765 in LUCK"), Picture(media, "Rs 98,765"), Voice(media, 1.5, "98,765 rupees")),
        (Button("Again", "calculate?amounts=98,765"),),
        "98,765",
        sealed=True,
    )
    one, two = (out(clock, k, reply=reply, template=Template("t", ("98,765",))) for k in ("a", "b"))
    assert await MongoTurns(mongo, PLACE, "us").commit("e", Session("u1"), [one]) == [one]
    outbox = MongoOutbox(mongo, clock, PLACE)
    assert await outbox.put([two]) == [two]
    assert not await outbox.begin("a"), "the turn that put it is sending it"
    await outbox.accepted("a", Receipt(("ref",), clock.now()), channel="web")
    raw = await mongo["outbox"].find().to_list(None)
    assert "98,765" not in str(raw)
    assert all(d["sealed"] for d in raw)
    for stored in await outbox.history(WEB):
        assert stored.reply == Reply((Text(PLACE),), sealed=True)


async def test_of_a_dead_turn_what_was_begun_is_unsure_and_the_rest_is_free(mongo: Mongo, clock: Any) -> None:
    answers = [out(clock, "begun"), out(clock, "waits")]
    await MongoTurns(mongo, PLACE, "dead").commit("e", Session("u1"), answers)
    outbox = MongoOutbox(mongo, clock, PLACE, "alive")
    wanted = {"lane": "interactive", "channels": ["web"], "limit": 9, "until": clock.now()}
    assert await outbox.lease(now=clock.now(), **wanted) == [], "its own process sends them"
    assert await outbox.orphaned("dead") == 1
    assert [due.outbound.key for due in await outbox.lease(now=clock.now(), **wanted)] == ["waits"]
    assert await outbox.counts() == {"unknown": 1, "queued": 1}
