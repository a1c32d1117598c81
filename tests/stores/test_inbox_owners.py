"""The inbox among several processes, and what it keeps beside messages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.domain.conversation import Address, Inbound, Outbound, Reply, Session, Text
from services.domain.errors import Malformed, Unavailable
from services.stores.batches import insert_each
from services.stores.inbox import MongoInbox
from services.stores.mongo import Mongo
from services.stores.processes import MongoProcesses
from services.stores.turns import MongoTurns

CHAT = Address("telegram", "42")


def inbound(clock: Any, n: int = 1) -> Inbound:
    return Inbound(f"telegram:{n}", CHAT, clock.now(), "hi")


def answer(clock: Any, n: int) -> Outbound:
    return Outbound(f"reply:telegram:{n}:0", "u1", CHAT, Reply((Text("hello"),)), clock.now())


def opened(mongo: Mongo, clock: Any, processes: MongoProcesses) -> MongoInbox:
    return MongoInbox(mongo, clock, str, processes)


async def test_what_a_living_process_has_in_hand_is_left_to_it(mongo: Mongo, clock: Any) -> None:
    one, two = MongoProcesses(mongo, clock), MongoProcesses(mongo, clock)
    first, second = opened(mongo, clock, one), opened(mongo, clock, two)
    async with two.beating():
        async with one.beating():
            await first.accept(inbound(clock))
            clock.forward(seconds=60)
            assert await second.open(older_than=clock.now()) == []
            assert [i.event_id for i in await first.open(older_than=clock.now())] == ["telegram:1"]
        assert [i.event_id for i in await second.open(older_than=clock.now())] == ["telegram:1"]


async def test_of_two_heirs_one_takes_it_over(mongo: Mongo, clock: Any) -> None:
    dead, one, two = (MongoProcesses(mongo, clock) for _ in range(3))
    await opened(mongo, clock, dead).accept(inbound(clock))
    async with one.beating(), two.beating():
        await dead.beat()
        await dead.leave()
        clock.forward(seconds=60)
        heirs = [opened(mongo, clock, one), opened(mongo, clock, two)]
        for heir in heirs:
            assert len(await heir.open(older_than=clock.now())) == 1
        assert sorted([await heir.tried("telegram:1") for heir in heirs]) == [0, 1]


async def test_an_entry_whose_answer_was_committed_is_not_answered_again(mongo: Mongo, clock: Any) -> None:
    """The process died after the answer was written and before its entry was closed."""
    inbox, turns = MongoInbox(mongo, clock, str), MongoTurns(mongo, "x", "p")
    for n in (1, 2):
        await inbox.accept(inbound(clock, n))
    stood = Session("u1")
    assert await turns.commit("telegram:1", stood, [answer(clock, 1)], loaded=stood) == [answer(clock, 1)]
    assert await mongo["inbox"].count_documents({"state": "open"}) == 2
    clock.forward(seconds=60)
    assert [i.event_id for i in await inbox.open(older_than=clock.now())] == ["telegram:2"]
    assert await mongo["inbox"].count_documents({"state": "open"}) == 1
    assert await inbox.tried("telegram:1") == 0


async def test_a_reply_told_ahead_is_no_proof_that_all_was_said(mongo: Mongo, clock: Any) -> None:
    from services.stores.outbox import MongoOutbox

    inbox = MongoInbox(mongo, clock, str)
    await inbox.accept(inbound(clock))
    await MongoOutbox(mongo, clock, "x").put([answer(clock, 1)])
    clock.forward(seconds=60)
    assert len(await inbox.open(older_than=clock.now())) == 1


async def test_a_turn_that_moves_nothing_is_committed_once_and_closed_a_little_later(
    mongo: Mongo, clock: Any
) -> None:
    inbox, one, two = (
        MongoInbox(mongo, clock, str),
        MongoTurns(mongo, "x", "p1"),
        MongoTurns(mongo, "x", "p2"),
    )
    await inbox.accept(inbound(clock))
    stood = Session("u1")
    results = [await t.commit("telegram:1", stood, [answer(clock, 1)], loaded=stood) for t in (one, two)]
    assert sorted(map(len, results)) == [0, 1]
    await one.settle()
    row = await mongo["inbox"].find_one({"_id": "telegram:1"})
    assert row is not None
    assert row["state"] == "closed"
    assert "body" not in row, "answered: its words are dropped"
    await two.close()


async def test_a_member_that_cannot_be_written_harms_no_other(mongo: Mongo, clock: Any) -> None:
    good = [inbound(clock, n) for n in range(20)]
    bad = replace(inbound(clock, 99), address=Address("telegram", "\ud800"))
    inbox = MongoInbox(mongo, clock, str)
    fates = await insert_each(
        mongo, "inbox", [inbox._document(i, i.at, i.at) for i in [*good[:10], bad, *good[10:], good[0]]]
    )
    assert [fate if isinstance(fate, str) else type(fate) for fate in fates] == [
        *["new"] * 10, Malformed, *["new"] * 10, "taken",
    ]  # fmt: skip
    with pytest.raises(Malformed):
        await inbox.accept(bad)


async def test_what_the_database_does_not_confirm_is_not_accepted(mongo: Mongo, clock: Any) -> None:
    inbox = MongoInbox(mongo, clock, str)
    inbox._mongo = _Unsure(mongo)  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        await inbox.accept(inbound(clock))


class _Unsure:
    """A database whose majority did not answer in time."""

    def __init__(self, mongo: Mongo) -> None:
        self.database = self
        self.write_concern = mongo.database.write_concern

    async def command(self, _asked: object) -> dict[str, object]:
        return {
            "ok": 1.0,
            "n": 1,
            "writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"},
        }


async def test_an_unreadable_body_is_kept_a_week_its_first_64_kilobytes(mongo: Mongo, clock: Any) -> None:
    inbox = MongoInbox(mongo, clock, str)
    for _ in range(3):
        await inbox.poison("meta", b"\x00\xff{", "not JSON")
    await inbox.poison("meta", b"x" * 3_000_000, "deep")
    rows = await mongo["poison"].find().sort("size", 1).to_list(None)
    assert [(bytes(r["raw"])[:3], r["size"], r["times"]) for r in rows] == [
        (b"\x00\xff{", 3, 3),
        (b"xxx", 3_000_000, 1),
    ]
    assert len(rows[1]["raw"]) == 64 * 1024
    indexes = await mongo.database.command({"listIndexes": "poison"})
    ages = [i["expireAfterSeconds"] for i in indexes["cursor"]["firstBatch"] if "expireAfterSeconds" in i]
    assert ages == [7 * 86400]


async def test_a_followed_notice_is_remembered(mongo: Mongo, clock: Any) -> None:
    inbox = MongoInbox(mongo, clock, str)
    assert not await inbox.noted("meta:stop:1")
    await inbox.note("meta:stop:1", CHAT)
    await inbox.note("meta:stop:1", CHAT)
    assert await inbox.noted("meta:stop:1")
    clock.forward(hours=1)
    assert await inbox.open(older_than=clock.now()) == []
    assert await inbox.heard([CHAT]) == {}, "a notice is nothing that a person said"


async def test_when_somebody_was_last_heard(mongo: Mongo, clock: Any) -> None:
    inbox, other = MongoInbox(mongo, clock, str), Address("meta", "PK.1")
    began = clock.now()
    await inbox.accept(inbound(clock, 1))
    clock.forward(hours=5)
    late = Inbound("telegram:2", CHAT, began + timedelta(hours=1), "came four hours late")
    await inbox.accept(late)
    await inbox.accept(Inbound("meta:3", other, clock.now() + timedelta(days=9), "from the future"))
    assert await inbox.heard([CHAT, other, Address("meta", "nobody")]) == {
        CHAT: began + timedelta(hours=1),
        other: clock.now(),
    }


async def test_who_writes_is_found_with_where_they_stand(mongo: Mongo, clock: Any) -> None:
    from services.domain.users import User
    from services.stores.users import MongoUsers

    turns, users = MongoTurns(mongo, "x"), MongoUsers(mongo)
    await users.save(User("u1", (CHAT, Address("meta", "9")), clock.now()))
    await users.save(User("u2", (Address("web", "w"),), clock.now()))
    await turns.commit("e", Session("u1", "step", {"a": "b"}), [])
    found = [turns.arriving([a]) for a in (Address("meta", "9"), Address("web", "w"), Address("web", "x"))]
    first, second, third = [await f for f in found]
    assert (first.user and first.user.id, first.session) == ("u1", Session("u1", "step", {"a": "b"}))
    assert (second.user and second.user.id, second.session) == ("u2", None)
    assert (third.user, third.session) == (None, None)
