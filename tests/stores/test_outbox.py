"""The outbox on a real database: once by key, one sender at a time, statuses only forward."""

import asyncio
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from services.domain.conversation import Address, Notice, Outbound, Receipt, Reply, Text
from services.stores.mongo import Mongo
from services.stores.outbox import MongoOutbox

TG = Address("telegram", "42")


def out(clock: Any, key: str, **fields: Any) -> Outbound:
    return Outbound(key, "u1", fields.pop("address", TG), Reply((Text(key),)), clock.now(), **fields)


def keys(outbounds: list[Outbound]) -> list[str]:
    return [o.key for o in outbounds]


async def test_putting_twice_is_once(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    results = await asyncio.gather(*(outbox.put([out(clock, "a"), out(clock, f"b{n}")]) for n in range(10)))
    assert sorted(k for r in results for k in keys(r)) == ["a", *(f"b{n}" for n in range(10))]
    assert keys(await outbox.put([out(clock, "c"), out(clock, "c"), out(clock, "a")])) == ["c"]
    assert await outbox.put([]) == []
    assert await outbox.counts() == {"pending": 12}


async def test_one_sender_at_a_time(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await outbox.put([out(clock, "a")])
    until = clock.now() + timedelta(seconds=30)
    assert (await asyncio.gather(*(outbox.claim("a", until=until) for _ in range(20)))).count(True) == 1
    assert await outbox.due(clock.now()) == []
    clock.forward(seconds=31)  # its sender died
    assert keys(await outbox.due(clock.now())) == ["a"]
    assert await outbox.claim("a", until=clock.now() + timedelta(seconds=30))
    assert not await outbox.claim("a", until=clock.now() + timedelta(seconds=30))
    await outbox.sent("a", Receipt(("r1",), clock.now()))
    clock.forward(hours=1)
    assert not await outbox.claim("a", until=clock.now())
    assert not await outbox.claim("nobody", until=clock.now())
    assert await outbox.due(clock.now()) == []
    assert await outbox.counts() == {"sent": 1}


async def test_due_gives_the_interactive_lane_first_in_order(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await outbox.put([out(clock, f"b{n}", lane="broadcast") for n in range(3)])
    await outbox.put([out(clock, f"i{n}") for n in range(3)])
    assert keys(await outbox.due(clock.now())) == ["i0", "i1", "i2", "b0", "b1", "b2"]
    assert keys(await outbox.due(clock.now(), limit=4)) == ["i0", "i1", "i2", "b0"]


async def test_a_failed_message_waits_for_its_time(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await outbox.put([out(clock, k) for k in ("retry", "gone", "maybe")])
    until = clock.now() + timedelta(seconds=30)
    for key in ("retry", "gone", "maybe"):
        assert await outbox.claim(key, until=until)
    await outbox.failed("retry", "429", retry_at=clock.now() + timedelta(minutes=5))
    await outbox.failed("gone", "blocked", retry_at=None)
    await outbox.failed("maybe", "timeout", retry_at=None, state="unknown")
    assert await outbox.counts() == {"pending": 1, "failed": 1, "unknown": 1}
    assert await outbox.due(clock.now() + timedelta(minutes=4)) == []
    assert keys(await outbox.due(clock.now() + timedelta(minutes=5))) == ["retry"]
    clock.forward(hours=1)
    assert not await outbox.claim("gone", until=clock.now())
    assert not await outbox.claim("maybe", until=clock.now())
    with pytest.raises(ValueError, match="lost"):
        await outbox.failed("retry", "x", retry_at=None, state="lost")


async def test_a_message_already_sent_never_fails(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await outbox.put([out(clock, "a")])
    await outbox.sent("a", Receipt((), clock.now()))
    await outbox.failed("a", "late", retry_at=clock.now())
    assert await outbox.counts() == {"sent": 1}


async def test_what_came_too_late_expires(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    expires = clock.now() + timedelta(hours=2)
    await outbox.put(
        [out(clock, "brief", expires_at=expires), out(clock, "ever"), out(clock, "tried", expires_at=expires)]
    )
    await outbox.failed("tried", "429", retry_at=expires + timedelta(hours=1))
    assert keys(await outbox.due(clock.now())) == ["brief", "ever"]
    clock.forward(hours=2)
    assert not await outbox.claim("brief", until=clock.now() + timedelta(minutes=1))
    assert keys(await outbox.due(clock.now())) == ["ever"]
    assert await outbox.counts() == {"pending": 1, "expired": 2}


async def statuses(mongo: Mongo) -> dict[str, Any]:
    return {d["_id"]: (d.get("status"), d["state"]) for d in await mongo["outbox"].find().to_list(None)}


def notice(clock: Any, kind: Any, ref: str, code: str = "") -> Notice:
    return Notice(f"x:{kind}", kind, TG, clock.now(), ref, code)


async def test_statuses_only_go_forward_in_whatever_order_they_come(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    orders = list(permutations(["sent", "delivered", "read"]))
    await outbox.put([out(clock, f"m{n}") for n in range(len(orders))])
    for n, order in enumerate(orders):
        await outbox.sent(f"m{n}", Receipt((f"part1-{n}", f"r{n}"), clock.now()))
        for kind in order:
            await outbox.note(notice(clock, kind, f"r{n}"))
    assert await statuses(mongo) == {f"m{n}": ("read", "sent") for n in range(len(orders))}


async def test_a_failure_reported_later_counts_unless_it_arrived(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await outbox.put([out(clock, "lost"), out(clock, "fine")])
    for key in ("lost", "fine"):
        await outbox.sent(key, Receipt((key,), clock.now()))
    await outbox.note(notice(clock, "failed", "lost", "131026"))
    await outbox.note(notice(clock, "delivered", "fine"))
    await outbox.note(notice(clock, "failed", "fine"))
    assert await statuses(mongo) == {"lost": ("failed", "failed"), "fine": ("delivered", "sent")}
    assert (await mongo["outbox"].find_one({"_id": "lost"}) or {})["code"] == "131026"


@pytest.mark.parametrize("order", [("delivered", "read"), ("read", "delivered")])
async def test_a_status_quicker_than_our_own_note_is_not_lost(
    mongo: Mongo, clock: Any, order: tuple[str, ...]
) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await outbox.put([out(clock, "a", address=Address("meta", "92300"))])
    for kind in order:
        await outbox.note(notice(clock, kind, "r1"))
    await outbox.note(notice(clock, "blocked", ""))
    await outbox.sent("a", Receipt(("r1",), clock.now()))
    assert await statuses(mongo) == {"a": ("read", "sent")}
    assert await mongo["notices"].count_documents({}) == 0


async def test_history_is_the_last_of_one_address_oldest_first(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    for n in range(6):
        await outbox.put([out(clock, f"a{n}"), out(clock, f"z{n}", address=Address("web", "42"))])
    assert keys(await outbox.history(TG, limit=3)) == ["a3", "a4", "a5"]
    assert keys(await outbox.history(TG)) == [f"a{n}" for n in range(6)]
