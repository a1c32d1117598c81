"""The outbox on a real database: once by key, one sender at a time, a page for one process, what died is found."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.domain.conversation import Address, Outbound, Receipt, Reply, Text
from services.stores.mongo import Mongo
from services.stores.outbox import MongoOutbox, prepared, unique_keys

TG = Address("telegram", "42")
SOON = timedelta(minutes=5)


def out(clock: Any, key: str, **fields: Any) -> Outbound:
    reply = fields.pop("reply", Reply((Text(key),)))
    return Outbound(key, "u1", fields.pop("address", TG), reply, clock.now(), **fields)


def keys(found: list[Any]) -> list[str]:
    return [getattr(one, "outbound", one).key for one in found]


async def leased(outbox: MongoOutbox, clock: Any, lane: Any = "interactive", **more: Any) -> list[str]:
    now = clock.now()
    more = {"limit": 100, "until": now + SOON} | more
    return keys(await outbox.lease(lane, ("telegram", "web"), now, **more))


async def rows(mongo: Mongo) -> dict[str, dict[str, Any]]:
    return {row["_id"]: row for row in await mongo["outbox"].find().to_list(None)}


async def test_putting_twice_is_once(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    results = await asyncio.gather(*(outbox.put([out(clock, "a"), out(clock, f"b{n}")]) for n in range(10)))
    assert sorted(k for r in results for k in keys(r)) == ["a", *(f"b{n}" for n in range(10))]
    assert keys(await outbox.put([out(clock, "c"), out(clock, "c"), out(clock, "a")])) == ["c"]
    assert await outbox.put([]) == []
    assert await outbox.counts() == {"queued": 12}
    assert (await outbox.get("b3")) == out(clock, "b3")
    assert await outbox.get("nobody") is None


async def test_one_sender_at_a_time(mongo: Mongo, clock: Any) -> None:
    """Ten tasks of each of two processes want the same message: one of them all begins it."""
    one, two = MongoOutbox(mongo, clock, "…", "one"), MongoOutbox(mongo, clock, "…", "two")
    await one.put([out(clock, "a"), out(clock, "b")])
    begun = await asyncio.gather(*(store.begin("a") for store in (one, two) for _ in range(10)))
    assert begun.count(True) == 1
    assert await leased(one, clock) == ["b"]
    assert not await two.begin("b"), "it is leased to the other"
    assert await one.begin("b")
    await one.accepted("a", Receipt(("r1",), clock.now()), channel="telegram")
    clock.forward(hours=1)
    assert not await one.begin("a")
    assert not await one.begin("nobody")
    assert await leased(two, clock) == []
    assert await one.counts() == {"accepted": 1, "sending": 1}


async def test_a_page_goes_to_one_process_and_keeps_an_address_together(mongo: Mongo, clock: Any) -> None:
    stores = [MongoOutbox(mongo, clock, "…", f"p{n}") for n in range(4)]
    people = [Address("telegram", str(n)) for n in range(12)]
    for person in people:
        await stores[0].put([out(clock, f"{person.key}:{n}", address=person) for n in range(3)])
    pages = await asyncio.gather(*(leased(store, clock, limit=10) for store in stores for _ in range(3)))
    got = [key for page in pages for key in page]
    assert len(got) == len(set(got)), "no message is in two pages"
    for page in pages:
        for person in {key.partition(":")[0] for key in page}:
            own = [key for key in page if key.startswith(f"{person}:")]
            assert own == [f"{person}:{n}" for n in range(3)], "a person's messages stay together, in order"


async def test_a_lease_is_by_lane_channel_and_campaign_and_runs_out(mongo: Mongo, clock: Any) -> None:
    one, two = MongoOutbox(mongo, clock, "…", "one"), MongoOutbox(mongo, clock, "…", "two")
    await one.put([out(clock, "brief", lane="broadcast", campaign="c1"), out(clock, "reply")])
    await one.put([out(clock, "other", lane="broadcast", campaign="c2", address=Address("meta", "9"))])
    later = clock.now() + timedelta(hours=1)
    await one.put([out(clock, "later", lane="broadcast", not_before=later)])
    assert await leased(one, clock, "broadcast", without=("c1",)) == []
    assert await leased(one, clock, "broadcast") == ["brief"]
    assert await leased(two, clock, "broadcast") == []
    assert await two.waits("interactive", ("telegram", "web"), clock.now()) == {"telegram"}
    clock.forward(minutes=6)  # longer than the lease
    assert await leased(two, clock, "broadcast") == ["brief"]
    assert not await one.begin("brief"), "it went over to the other"
    clock.forward(minutes=54)
    assert await leased(two, clock, "broadcast") == ["brief", "later"]
    assert keys(await two.lease("broadcast", ("meta",), clock.now(), limit=9, until=clock.now())) == ["other"]


async def test_what_is_tried_again_waits_for_its_time_and_goes_on_behind_its_parts(
    mongo: Mongo, clock: Any
) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await outbox.put([out(clock, k) for k in ("retry", "gone", "maybe", "paused")])
    assert all([await outbox.begin(key) for key in ("retry", "gone", "maybe", "paused")])
    await outbox.again("retry", "503", clock.now() + SOON, done=("part1",))
    await outbox.again("paused", "429", clock.now() + SOON, counted=False)
    await outbox.ended("gone", "failed", "blocked", code="403 blocked")
    await outbox.ended("maybe", "unknown", "timeout")
    assert await outbox.counts() == {"queued": 2, "failed": 1, "unknown": 1}
    clock.forward(minutes=4)
    assert await leased(outbox, clock) == []
    clock.forward(minutes=1)
    found = await outbox.lease("interactive", ("telegram",), clock.now(), limit=9, until=clock.now() + SOON)
    assert [(due.outbound.key, due.tries, due.outbound.done) for due in found] == [
        ("retry", 1, ("part1",)),
        ("paused", 0, ()),
    ]
    assert not await outbox.begin("gone")
    assert not await outbox.begin("maybe")
    assert (await rows(mongo))["gone"]["code"] == "403 blocked"
    with pytest.raises(ValueError, match="lost"):
        await outbox.ended("retry", "lost", "x")


async def test_a_message_already_sent_never_fails_nor_goes_again(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await outbox.put([out(clock, "a")])
    await outbox.begin("a")
    await outbox.accepted("a", Receipt((), clock.now()), channel="telegram")
    await outbox.ended("a", "failed", "late")
    await outbox.again("a", "late", clock.now())
    assert await outbox.counts() == {"accepted": 1}


async def test_what_came_too_late_expires(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    expires = clock.now() + timedelta(hours=2)
    await outbox.put([out(clock, "brief", expires_at=expires), out(clock, "ever")])
    assert await outbox.expire(clock.now()) == 0
    clock.forward(hours=2)
    assert not await outbox.begin("brief")
    assert await leased(outbox, clock) == ["ever"]
    assert await outbox.expire(clock.now()) == 1
    assert await outbox.counts() == {"queued": 1, "expired": 1}


async def test_a_cancelled_campaign_sends_nothing_more_even_what_is_leased(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await outbox.put([out(clock, f"b{n}", lane="broadcast", campaign="brief:1") for n in range(5)])
    await outbox.put([out(clock, "other", lane="broadcast", campaign="brief:2")])
    assert len(await leased(outbox, clock, "broadcast")) == 6
    assert await outbox.begin("b0")
    assert await outbox.cancel("brief:1") == 4
    assert not await outbox.begin("b1")
    assert await outbox.begin("other")
    assert await outbox.campaign_counts("brief:1") == {"sending": 1, "cancelled": 4}


async def test_what_a_dead_process_left_is_unknown_if_it_was_sent_and_free_if_not(
    mongo: Mongo, clock: Any
) -> None:
    dead, alive = MongoOutbox(mongo, clock, "…", "dead"), MongoOutbox(mongo, clock, "…", "alive")
    await dead.put([out(clock, k, lane="broadcast") for k in ("flying", "held", "taken")])
    await leased(dead, clock, "broadcast")
    for key in ("flying", "taken"):
        assert await dead.begin(key)
    await dead.accepted("taken", Receipt(("r",), clock.now()), channel="telegram")
    await dead.put([out(clock, "turn")], own=True)
    assert await leased(alive, clock) == [], "an answer is left to its turn as long as that lives"
    assert await alive.owners() == ["dead"]
    assert await alive.orphaned("dead") == 1
    assert await alive.counts() == {"unknown": 1, "queued": 2, "accepted": 1}
    assert await leased(alive, clock) == ["turn"]
    assert await leased(alive, clock, "broadcast") == ["held"]
    assert await alive.owners() == ["alive"]
    (unsure,) = await alive.unsure(clock.now(), ("telegram",))
    assert (unsure.outbound.key, unsure.started) == ("flying", clock.now())


async def test_a_last_write_of_a_dead_process_behind_the_look_at_it_waits_for_the_next_look(
    mongo: Mongo, clock: Any
) -> None:
    dead, alive = MongoOutbox(mongo, clock, "…", "dead"), MongoOutbox(mongo, clock, "…", "alive")
    await dead.put([out(clock, key) for key in ("seen", "late")])
    await leased(dead, clock)
    assert await dead.begin("seen")
    assert [outbound.key for outbound in await alive.sending("dead")] == ["seen"]
    assert await dead.begin("late")
    assert await alive.orphaned("dead", {"seen"}) == 1
    assert await alive.counts() == {"unknown": 1, "sending": 1}
    assert await alive.owners() == ["dead"]


async def test_an_unknown_one_is_found_or_goes_again_or_stays(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    for key in ("found", "absent", "stays"):
        await outbox.put([out(clock, key)])
        await outbox.begin(key)
        await outbox.ended(key, "unknown", "timeout")
    assert len(await outbox.unsure(clock.now(), ("telegram",))) == 3
    await outbox.accepted("found", Receipt(("r1",), clock.now()), channel="telegram")
    await outbox.absent("absent")
    await outbox.ask_later("stays", None)
    assert await outbox.unsure(clock.now() + timedelta(days=1), ("telegram",)) == []
    assert {key: row["state"] for key, row in (await rows(mongo)).items()} == {
        "found": "accepted",
        "absent": "queued",
        "stays": "unknown",
    }
    assert await leased(outbox, clock) == ["absent"]


async def test_what_an_error_let_fall_is_taken_up(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…", "me")
    await outbox.put([out(clock, k) for k in ("fell", "flew", "in hand")])
    await leased(outbox, clock)
    await outbox.begin("flew")
    assert await outbox.forgotten({"in hand"}, clock.now() - timedelta(seconds=1)) == 0, "too fresh"
    clock.forward(minutes=1)
    assert await outbox.forgotten({"in hand"}, clock.now()) == 2
    assert {key: row["state"] for key, row in (await rows(mongo)).items()} == {
        "fell": "queued", "flew": "unknown", "in hand": "queued",
    }  # fmt: skip
    assert await leased(outbox, clock) == ["fell"]


async def test_a_sealed_message_is_sent_by_nobody_who_lacks_its_words(mongo: Mongo, clock: Any) -> None:
    one, two = MongoOutbox(mongo, clock, "…", "one"), MongoOutbox(mongo, clock, "…", "two")
    await one.put([out(clock, "s", reply=Reply((Text("Rs 9,999"),), sealed=True))])
    clock.forward(minutes=20)
    assert await leased(two, clock) == []
    assert await leased(one, clock) == ["s"]
    await one.begin("s")
    await one.again("s", "429", clock.now(), own=True)
    assert await leased(two, clock) == []
    assert await one.forgotten(set(), clock.now() + timedelta(minutes=1)) == 0, "it waits, it is not lost"
    await two.orphaned("one")
    assert await leased(two, clock) == ["s"], (
        "after its process died, a word of regret is better than nothing"
    )
    assert "9,999" not in str(await rows(mongo))


async def test_held_back_addresses_and_waiting_lanes(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    other = Address("meta", "1")
    await outbox.hold_back(TG, clock.now() + timedelta(hours=24))
    assert await outbox.held_back([TG, other], clock.now()) == {TG}
    assert await outbox.held_back([TG, other], clock.now() + timedelta(hours=24)) == set()
    assert await outbox.waiting() == {}
    await outbox.put([out(clock, "a"), out(clock, "b", lane="broadcast")])
    clock.forward(seconds=7)
    await outbox.put([out(clock, "c", lane="broadcast")])
    since = clock.now() - timedelta(seconds=7)
    assert await outbox.waiting() == {"interactive": (1, since), "broadcast": (2, since)}


async def test_history_is_the_last_of_one_address_oldest_first(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    for n in range(6):
        await outbox.put([out(clock, f"a{n}"), out(clock, f"z{n}", address=Address("web", "42"))])
    assert keys(await outbox.history(TG, limit=3)) == ["a3", "a4", "a5"]
    assert keys(await outbox.history(TG)) == [f"a{n}" for n in range(6)]


def test_documents_begin_where_their_process_stands(clock: Any) -> None:
    one = out(clock, "a")
    assert unique_keys([one, out(clock, "b"), one]) == [one, out(clock, "b")]
    (free,) = prepared([one], "…")
    (own,) = prepared([one], "…", owner="me")
    (begun,) = prepared([one], "…", owner="me", begun=True)
    assert (free["state"], free.get("owner"), free["next_at"]) == ("queued", None, one.at)
    assert (own["state"], own["owner"], own["next_at"] > one.at) == ("queued", "me", True)
    assert (begun["state"], begun["owner"], begun["started_at"]) == ("sending", "me", one.at)
