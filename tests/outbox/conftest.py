"""An outbox on a real database, with a scripted provider on one side and noting neighbours on the other."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.domain.conversation import Address, MediaRef, Outbound, Picture, Reply, Template, Text
from services.outbox import Outbox
from services.stores.mongo import connect
from services.stores.outbox import MongoOutbox
from tests.fakes.databases import emptied
from tests.fakes.scripted import Pauses, Scripted, Village

KARACHI = ZoneInfo("Asia/Karachi")


class HandClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 8, 20, 9, 0, tzinfo=KARACHI)

    def now(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


class Post:
    """One post office. ``office(name)`` is the outbox of another process on the same database."""

    def __init__(self, mongo, clock: HandClock) -> None:
        self.mongo, self.clock = mongo, clock
        self.sender, self.rates, self.village = Scripted(), Pauses(), Village(clock)
        self.outbox = self.office("first")

    def office(self, name: str, **more) -> Outbox:
        store = MongoOutbox(self.mongo, self.clock, "sealed", name)
        rates = more.pop("rates", self.rates)
        return Outbox(store, self.sender, self.clock, rates=rates, neighbours=self.village.neighbours(**more))

    def out(self, key: str, **fields) -> Outbound:
        """A message; ``to`` is "channel:key"."""
        channel, _, name = fields.pop("to", f"telegram:{key}").partition(":")
        reply = fields.pop("reply", Reply((Text(key),)))
        return Outbound(
            key, fields.pop("user_id", f"u-{key}"), Address(channel, name), reply, self.clock.now(), **fields
        )

    def brief(self, key: str, **fields) -> Outbound:
        """A message of a broadcast."""
        return self.out(key, **({"lane": "broadcast", "campaign": "brief:today"} | fields))

    def whatsapp(self, key: str, channel: str = "meta", **fields) -> Outbound:
        """A brief with its template."""
        template = Template("brief", ("Ayesha", "up 0.9 %"), MediaRef("a" * 64 + ".png", "image/png", 3))
        picture = Picture(template.header, "a chart")
        reply = Reply((picture, Text("words")))
        return self.brief(key, **({"to": f"{channel}:{key}", "reply": reply, "template": template} | fields))

    async def rows(self) -> dict[str, dict]:
        return {row["_id"]: row for row in await self.mongo["outbox"].find().sort("put", 1).to_list(None)}

    async def states(self) -> dict[str, str]:
        return {key: row["state"] for key, row in (await self.rows()).items()}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def post(mongo_uri: str, clock: HandClock) -> AsyncIterator[Post]:
    mongo = await connect(mongo_uri, emptied(mongo_uri, "post"))
    yield Post(mongo, clock)
    await mongo.close()
