"""Numbers around an unknown message, out of the outbox: of its broadcast, of what was said later, without its chat's own."""

from datetime import timedelta
from typing import Any

import pytest

from services.domain.conversation import Address, Outbound, Receipt, Reply, Text
from services.domain.numbering import Gap
from services.stores.gaps import MongoGaps
from services.stores.mongo import Mongo
from services.stores.outbox import MongoOutbox

CAMPAIGN = "brief:2026-08-20:09:00"


class Row:
    """A broadcast whose messages go out one a second, numbered as Telegram does."""

    def __init__(self, mongo: Mongo, clock: Any) -> None:
        self.outbox, self.gaps, self.clock = MongoOutbox(mongo, clock, "…"), MongoGaps(mongo), clock

    async def begin(self, key: str, *, chat: str = "", campaign: str = CAMPAIGN) -> None:
        address = Address("telegram", chat or str(70_000 + int(key.strip("abcx"))))
        message = Outbound(key, "u", address, Reply((Text(key),)), self.clock.now(), campaign=campaign)
        await self.outbox.put([message])
        assert await self.outbox.begin(key)
        self.clock.forward(seconds=0.5)

    async def taken(self, key: str, number: int, **more: Any) -> None:
        await self.begin(key, **more)
        chat = more.get("chat") or str(70_000 + int(key.strip("abcx")))
        receipt = Receipt((f"{chat}:{number}",), self.clock.now())
        await self.outbox.accepted(key, receipt, channel="telegram")
        self.clock.forward(seconds=0.5)

    async def lost(self, key: str, **more: Any) -> None:
        await self.begin(key, **more)
        await self.outbox.ended(key, "unknown", "no answer")
        self.clock.forward(seconds=0.5)


@pytest.fixture
def row(mongo: Mongo, clock: Any) -> Row:
    return Row(mongo, clock)


async def test_the_numbers_between_that_nobody_has(row: Row) -> None:
    for n in range(1, 4):
        await row.taken(f"a{n}", 100 + n)
    await row.lost("x9")
    await row.taken("b11", 105)
    await row.taken("b12", 107)
    found = await row.gaps.around("x9")
    assert found is not None
    assert (set(found.numbers), found.closed) == ({104, 106}, False)
    row.clock.forward(seconds=10)
    await row.taken("c13", 110)
    found = await row.gaps.around("x9")
    assert found is not None
    assert (set(found.numbers), found.closed) == ({104, 106, 108, 109}, True)
    assert found.numbers[0] == 104, "the likeliest first"


async def test_what_else_its_chat_was_told_is_not_it(row: Row) -> None:
    await row.taken("a1", 100)
    await row.lost("x9", chat="70009")
    await row.taken("b2", 103)
    await row.taken("c3", 101, chat="70009", campaign="")
    found = await row.gaps.around("x9")
    assert found is not None
    assert set(found.numbers) == {102}


async def test_a_part_of_an_earlier_try_is_older_than_the_try_that_is_kept(row: Row) -> None:
    await row.begin("a1")
    await row.outbox.again("a1", "a pause", row.clock.now(), done=("70001:100",))
    await row.taken("a2", 101)
    await row.lost("x9")
    assert await row.outbox.begin("a1")
    row.clock.forward(seconds=12)
    await row.outbox.accepted("a1", Receipt(("70001:100", "70001:103"), row.clock.now()), channel="telegram")
    found = await row.gaps.around("x9")
    assert found is not None
    assert found.numbers == (102,)


@pytest.mark.parametrize(
    ("chat", "campaign"), [("-1009", CAMPAIGN), ("70009", "")], ids=["a group", "no broadcast"]
)
async def test_of_what_nothing_is_told(row: Row, chat: str, campaign: str) -> None:
    await row.taken("a1", 100)
    await row.lost("x9", chat=chat, campaign=campaign)
    await row.taken("b2", 103)
    assert await row.gaps.around("x9") is None


async def test_of_two_unknown_ones_of_one_chat_nothing_is_told_yet(row: Row) -> None:
    """They might look alike, so that the one were taken for the other."""
    await row.taken("a1", 100)
    await row.lost("x9", chat="70009")
    await row.lost("x10", chat="70009")
    await row.taken("b2", 103)
    assert await row.gaps.around("x9") == Gap((), closed=False)


async def test_only_an_unknown_message_has_a_gap(row: Row) -> None:
    await row.taken("a1", 100)
    await row.taken("a2", 101)
    assert await row.gaps.around("a2") is None
    assert await row.gaps.around("nobody") is None


async def test_behind_a_broadcast_anything_said_later_ends_the_gap(row: Row, mongo: Mongo) -> None:
    await row.taken("a1", 100)
    await row.lost("x9")
    found = await row.gaps.around("x9")
    assert found is not None
    assert (found.numbers, found.closed) == ((), False)
    row.clock.forward(seconds=30)
    await row.taken("b2", 102, campaign="")
    # Rows bear the time at which they were put; the clock of this test is another.
    await mongo["outbox"].update_one(
        {"_id": "b2"}, {"$set": {"kept_at": row.clock.now() - timedelta(seconds=1)}}
    )
    found = await row.gaps.around("x9")
    assert found is not None
    assert (found.numbers, found.closed) == ((101,), True)


async def test_the_witness_is_the_one_that_was_taken_last(row: Row) -> None:
    await row.taken("a1", 100)
    await row.taken("a2", 101)
    await row.lost("x9")
    await row.taken("c3", 104, campaign="")
    witness = await row.gaps.witness("x9")
    assert witness is not None
    assert (witness[0].key, witness[1]) == ("a2", 101)
    assert await row.gaps.witness("c3") is None
    assert await row.gaps.witness("nobody") is None
