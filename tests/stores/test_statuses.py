"""How far a message got: the same end in whatever order statuses come, however often, and whenever we learn its ids."""

import asyncio
import itertools
import random
from datetime import timedelta
from typing import Any

import pytest

from services.domain.conversation import Address, Notice, Outbound, Receipt, Reply, Text
from services.stores.mongo import Mongo
from services.stores.outbox import MongoOutbox
from services.stores.statuses import Statuses

META = Address("meta", "923001234567")
ORDER = ("accepted", "sent", "failed", "delivered", "read", "played")
KINDS: tuple[tuple[Any, ...], ...] = (
    ("sent", "delivered", "read", "played"),
    ("sent", "failed", "delivered", "read"),
    ("sent", "failed"),
    ("delivered", "read"),
)


def out(clock: Any, key: str, **fields: Any) -> Outbound:
    return Outbound(key, "u1", META, Reply((Text(key),)), clock.now(), **fields)


def notice(clock: Any, kind: Any, ref: str, *, code: str = "", key: str = "") -> Notice:
    return Notice(f"meta:{ref}:{kind}", kind, META, clock.now(), ref, code, key)


async def states(mongo: Mongo) -> dict[str, str]:
    return {row["_id"]: row["state"] for row in await mongo["outbox"].find().to_list(None)}


async def begun(outbox: MongoOutbox, clock: Any, *names: str) -> None:
    await outbox.put([out(clock, name) for name in names])
    await asyncio.gather(*(outbox.begin(name) for name in names))


async def taken(outbox: MongoOutbox, clock: Any, key: str, *refs: str) -> str:
    return await outbox.accepted(key, Receipt(refs, clock.now()), channel="meta")


def best(kinds: tuple[Any, ...]) -> str:
    return max(kinds, key=ORDER.index)


@pytest.mark.parametrize("kinds", KINDS, ids="+".join)
@pytest.mark.parametrize("quick", [False, True], ids=["id known", "id unknown yet"])
async def test_every_order_and_repetition_of_statuses_ends_the_same(
    mongo: Mongo, clock: Any, kinds: tuple[Any, ...], quick: bool
) -> None:
    """All permutations, each twice over: in a row, and doubled in place; before or after we note the id."""
    outbox = MongoOutbox(mongo, clock, "…")
    orders = [o + o for o in itertools.permutations(kinds)]
    orders += [tuple(kind for kind in o for _ in range(2)) for o in itertools.permutations(kinds)]
    names = [f"m{n}" for n in range(len(orders))]
    await begun(outbox, clock, *names)

    async def told(name: str, order: tuple[Any, ...]) -> None:
        for kind in order:
            await outbox.note(notice(clock, kind, f"r-{name}", code="131026" if kind == "failed" else ""))

    for phase in ("told", "taken") if quick else ("taken", "told"):
        if phase == "told":
            await asyncio.gather(*(told(n, o) for n, o in zip(names, orders, strict=True)))
        else:
            await asyncio.gather(*(taken(outbox, clock, name, f"r-{name}") for name in names))
    assert await states(mongo) == dict.fromkeys(names, best(kinds))
    assert await mongo["notices"].count_documents({}) == 0


async def test_a_state_never_goes_back_on_the_way(mongo: Mongo, clock: Any) -> None:
    outbox, chance = MongoOutbox(mongo, clock, "…"), random.Random(7)
    await begun(outbox, clock, "a")
    await taken(outbox, clock, "a", "r")
    seen = []
    for _ in range(60):
        await outbox.note(notice(clock, chance.choice(ORDER[1:]), "r"))
        seen.append(ORDER.index((await states(mongo))["a"]))
    assert seen == sorted(seen)
    assert seen[-1] == ORDER.index("played")


async def test_statuses_of_one_moment_cost_two_questions(mongo: Mongo, clock: Any) -> None:
    """A broadcast brings three a message."""
    outbox = MongoOutbox(mongo, clock, "…")
    names = [f"m{n}" for n in range(50)]
    await begun(outbox, clock, *names)
    await asyncio.gather(*(taken(outbox, clock, name, f"r-{name}") for name in names))
    asked: list[str] = []
    outbox._statuses._outbox = Watched(outbox._statuses._outbox, asked)
    await asyncio.gather(
        *(outbox.note(notice(clock, kind, f"r-{n}")) for n in names for kind in ("sent", "delivered", "read"))
    )
    assert set((await states(mongo)).values()) == {"read"}
    assert len(asked) <= 4, asked  # the first goes at once, the rest together


class Watched:
    """A collection that notes what it is asked."""

    def __init__(self, inner: Any, asked: list[str]) -> None:
        self._inner, self._asked = inner, asked

    def __getattr__(self, name: str) -> Any:
        self._asked.append(name)
        return getattr(self._inner, name)


@pytest.mark.parametrize("order", list(itertools.permutations(["first", "second", "third"])))
async def test_a_message_of_parts_is_delivered_when_its_last_part_is(
    mongo: Mongo, clock: Any, order: tuple[str, ...]
) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await begun(outbox, clock, "brief")
    await taken(outbox, clock, "brief", "first", "second", "third")
    for number, part in enumerate(order):
        assert (await states(mongo))["brief"] == "accepted", "a part is missing"
        await outbox.note(notice(clock, "delivered", part))
        await outbox.note(notice(clock, "read" if number else "sent", part))
    assert (await states(mongo))["brief"] == "delivered"
    await outbox.note(notice(clock, "failed", "second"))
    assert (await states(mongo))["brief"] == "delivered", "what arrived did not fail"
    await outbox.note(notice(clock, "read", order[0]))
    assert (await states(mongo))["brief"] == "read"


async def test_one_part_that_failed_fails_the_message_until_it_arrives(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await begun(outbox, clock, "brief")
    await taken(outbox, clock, "brief", "first", "second")
    await outbox.note(notice(clock, "read", "first"))
    await outbox.note(notice(clock, "failed", "second", code="131026"))
    assert (await states(mongo))["brief"] == "failed"
    assert (await mongo["outbox"].find_one({"_id": "brief"}) or {})["code"] == "131026"
    await outbox.note(notice(clock, "delivered", "second"))
    assert (await states(mongo))["brief"] == "delivered"


async def test_a_failure_told_before_we_knew_the_id_is_told_then(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    await begun(outbox, clock, "a", "b")
    await outbox.note(notice(clock, "failed", "ra", code="131047"))
    assert await outbox.told_of(notice(clock, "failed", "ra")) is None
    assert await asyncio.gather(taken(outbox, clock, "a", "ra"), taken(outbox, clock, "b", "rb")) == [
        "131047",
        "",
    ]
    assert await states(mongo) == {"a": "failed", "b": "accepted"}
    told = await outbox.told_of(notice(clock, "failed", "ra"))
    assert told is not None
    assert told.key == "a"
    await outbox.note(notice(clock, "delivered", "rb"))
    assert await outbox.told_of(notice(clock, "failed", "rb")) is None, "it has arrived"


async def test_other_notices_are_left_alone(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…")
    for kind in ("blocked", "other", "stopped"):
        await outbox.note(notice(clock, kind, "r"))
    await outbox.note(notice(clock, "read", ""))
    assert await mongo["notices"].count_documents({}) == 0


async def test_an_echoed_key_settles_a_message_that_had_no_answer(mongo: Mongo, clock: Any) -> None:
    """Meta's statuses bear our key: the connection dropped, the message arrived, and it is not sent again."""
    outbox = MongoOutbox(mongo, clock, "…", "me")
    await begun(outbox, clock, "lost answer", "dead process")
    await outbox.ended("lost answer", "unknown", "timeout")
    await outbox.note(notice(clock, "delivered", "w1", key="lost answer"))
    await outbox.note(notice(clock, "sent", "w2", key="dead process"))
    assert (await states(mongo))["dead process"] == "sending", "it may still be answered"
    await outbox.orphaned("me")
    other = MongoOutbox(mongo, clock, "…", "other")
    found = await other.lease("interactive", ("meta",), clock.now(), limit=9, until=clock.now())
    # It goes on behind the parts that were heard of; where that was all, its channel has nothing left to send.
    assert {due.outbound.key: due.outbound.done for due in found} == {
        "lost answer": ("w1",),
        "dead process": ("w2",),
    }
    for due in found:
        await taken(other, clock, due.outbound.key, *due.outbound.done)
    await other.note(notice(clock, "sent", "w1", key="lost answer"))
    assert await states(mongo) == {"lost answer": "delivered", "dead process": "sent"}


async def test_an_echo_of_one_part_does_not_vouch_for_another(mongo: Mongo, clock: Any) -> None:
    """Two parts were begun and one was heard of: the second may have arrived, so nothing is sent again."""
    outbox = MongoOutbox(mongo, clock, "…", "me")
    await begun(outbox, clock, "brief")
    await outbox.part("brief", 2)
    await outbox.note(notice(clock, "read", "w1", key="brief"))
    await outbox.orphaned("me")
    assert await states(mongo) == {"brief": "unknown"}
    await outbox.note(notice(clock, "sent", "w2", key="brief"))
    assert await states(mongo) == {"brief": "queued"}
    (due,) = await outbox.lease("interactive", ("meta",), clock.now(), limit=9, until=clock.now())
    assert due.outbound.done == ("w1", "w2")


async def test_an_echo_that_comes_too_late_to_go_on_settles_it(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…", "me")
    await outbox.put([out(clock, "brief", expires_at=clock.now() + timedelta(hours=1))])
    await outbox.begin("brief")
    await outbox.ended("brief", "unknown", "timeout")
    clock.forward(hours=2)
    await outbox.note(notice(clock, "delivered", "w1", key="brief"))
    assert await states(mongo) == {"brief": "delivered"}


async def test_an_echo_quicker_than_the_answer_is_no_obstacle(mongo: Mongo, clock: Any) -> None:
    outbox = MongoOutbox(mongo, clock, "…", "me")
    await begun(outbox, clock, "a")
    await outbox.note(notice(clock, "delivered", "w1", key="a"))
    await taken(outbox, clock, "a", "w1", "w2")
    assert await states(mongo) == {"a": "accepted"}, "its second part is not delivered"
    await outbox.note(notice(clock, "delivered", "w2", key="a"))
    assert await states(mongo) == {"a": "delivered"}


@pytest.mark.parametrize("answer", ["comes meanwhile", "came from a process that died"])
async def test_an_answer_that_comes_while_its_statuses_are_looked_up_loses_none(
    mongo: Mongo, clock: Any, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """Between the look whose they are and the write of them their message learns its id from the answer."""
    outbox = MongoOutbox(mongo, clock, "…")
    await begun(outbox, clock, "a")
    if answer == "came from a process that died":
        await outbox.orphaned("alone")
    known = Statuses._known

    async def slowly(statuses: Statuses, notices: Any) -> Any:
        found = await known(statuses, notices)
        await taken(outbox, clock, "a", "r")
        return found

    monkeypatch.setattr(Statuses, "_known", slowly)
    await outbox.note(notice(clock, "delivered", "r", key="a"))
    assert await states(mongo) == {"a": "delivered"}
