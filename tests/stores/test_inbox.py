"""The inbox on a real database: once, durable, masked, recoverable."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from services.domain.conversation import Address, Attachment, Inbound
from services.domain.errors import Unavailable
from services.stores.inbox import MongoInbox
from services.stores.mongo import Mongo, connect


def mask(text: str) -> str:
    return re.sub(r"(Rs\s*)[\d,]+", r"\1…", text)


def inbound(clock: Any, n: int = 1, text: str = "hi") -> Inbound:
    return Inbound(
        f"telegram:{n}", Address("telegram", "42"), clock.now(), text, attachments=(Attachment("voice", "r"),)
    )


async def test_fifty_deliveries_of_one_event_are_one(mongo: Mongo, clock: Any) -> None:
    inbox = MongoInbox(mongo, clock, mask)
    results = await asyncio.gather(*(inbox.accept(inbound(clock)) for _ in range(50)))
    assert results.count(True) == 1
    assert await inbox.accept(inbound(clock)) is False


async def test_amounts_are_written_nowhere(mongo: Mongo, clock: Any) -> None:
    inbox = MongoInbox(mongo, clock, mask)
    live = inbound(clock, text="fees on Rs 1,234,567?")
    assert await inbox.accept(live)
    assert "1,234,567" in live.text
    assert "1,234,567" not in str(await mongo["inbox"].find().to_list(None))
    clock.forward(seconds=1)
    (stored,) = await inbox.open(older_than=clock.now())
    assert stored.text == "fees on Rs …?"
    assert (stored.address, stored.at, stored.attachments) == (live.address, live.at, live.attachments)


async def test_open_is_what_waits_oldest_first(mongo: Mongo, clock: Any) -> None:
    inbox = MongoInbox(mongo, clock, mask)
    for n in (3, 1, 2):
        await inbox.accept(inbound(clock, n))
        clock.forward(seconds=10)
    await inbox.quarantine("telegram:1", "poison")
    assert [i.event_id for i in await inbox.open(older_than=clock.now())] == ["telegram:3", "telegram:2"]
    assert [i.event_id for i in await inbox.open(older_than=clock.now() - timedelta(seconds=20))] == [
        "telegram:3"
    ]
    assert await inbox.accept(inbound(clock, 1)) is False  # put aside is still seen


async def test_the_age_is_that_of_acceptance_not_the_providers(mongo: Mongo, clock: Any) -> None:
    inbox = MongoInbox(mongo, clock, mask)
    late = Inbound("meta:1", Address("meta", "1"), clock.now() - timedelta(hours=5))
    await inbox.accept(late)
    assert await inbox.open(older_than=clock.now()) == []


async def test_attempts_are_counted(mongo: Mongo, clock: Any) -> None:
    inbox = MongoInbox(mongo, clock, mask)
    await inbox.accept(inbound(clock))
    counts = await asyncio.gather(*(inbox.tried("telegram:1") for _ in range(5)))
    assert sorted(counts) == [1, 2, 3, 4, 5]
    assert await inbox.tried("telegram:none") == 0


async def test_seen_events_are_kept_at_least_a_week(mongo: Mongo) -> None:
    indexes = await mongo.database.command({"listIndexes": "inbox"})
    ages = [i["expireAfterSeconds"] for i in indexes["cursor"]["firstBatch"] if "expireAfterSeconds" in i]
    assert ages
    assert min(ages) >= 7 * 86400


async def test_what_cannot_be_stored_is_said(mongo: Mongo, clock: Any, tmp_path: Any) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        await connect(
            f"mongodb://{str(tmp_path).replace('/', '%2F')}%2Fnone.sock/?serverSelectionTimeoutMS=200"
        )
