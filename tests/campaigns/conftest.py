"""The real stores on a fresh database, and processes over them that can be killed at any call."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.broadcasts import Broadcasts
from services.campaigns import Campaigns
from services.composing import Composer
from services.domain.amounts import mask
from services.domain.conversation import Address
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import User
from services.stores.campaigns import MongoCampaigns
from services.stores.mongo import connect
from services.stores.operations import MongoOperations
from services.stores.outbox import MongoOutbox
from services.stores.users import MongoUsers
from services.users import Users
from tests.fakes.databases import emptied

KARACHI = ZoneInfo("Asia/Karachi")
MORNING = datetime(2026, 8, 20, 9, 0, tzinfo=KARACHI)


class Killed(BaseException):
    """The process is gone: no ``except Exception`` sees it."""


class Fuse:
    """Counts the calls to stores; at the chosen one the process dies, before the call or right after it took effect."""

    def __init__(self, at: int = -1, *, after: bool = False) -> None:
        self.left, self.after, self.dead = at, after, False

    def burn(self) -> bool:
        """Whether this call is the last one."""
        if self.dead:
            raise Killed
        self.left -= 1
        self.dead = self.left == 0
        return self.dead


class Mortal:
    """A store whose process may die at any of its calls."""

    def __init__(self, store, fuse: Fuse) -> None:
        self._store, self._fuse = store, fuse

    def __getattr__(self, name: str):
        method = getattr(self._store, name)

        async def call(*args, **kwargs):
            last = self._fuse.burn()
            if last and not self._fuse.after:
                raise Killed
            result = await method(*args, **kwargs)
            if last:
                raise Killed
            return result

        return method if name == "page" else call


class HandClock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


class Living:
    """The processes there are; ``dead`` are the names of those that died."""

    def __init__(self, instance: str, dead: set[str]) -> None:
        self.instance, self._dead = instance, dead

    async def dead_owners(self, ids) -> set[str]:
        return set(ids) & self._dead


class Process:
    """One process of the bot, as far as it composes."""

    def __init__(self, hall: "Hall", name: str, fuse: Fuse) -> None:
        self.users = Users(Mortal(hall.people, fuse), hall.operations, hall.clock)
        self.outbox = Mortal(hall.outbox, fuse)
        store = Mortal(hall.campaigns, fuse)
        self.composer = Composer(
            self.users,
            self.outbox,
            store,
            hall.clock,
            hall.broke.append,
            templates=hall.templates,
            again=(0.01,),
        )
        self.broadcasts = Broadcasts(
            users=self.users,
            outbox=self.outbox,
            campaigns=store,
            composer=self.composer,
            clock=hall.clock,
            failed=hall.broke.append,
            processes=Living(name, hall.dead),
        )
        self.campaigns = Campaigns(store, self.outbox, hall.clock, hall.alarm)


class Hall:
    """The database that all processes share."""

    def __init__(self, mongo, clock: HandClock) -> None:
        self.mongo, self.clock = mongo, clock
        self.people, self.operations = MongoUsers(mongo), MongoOperations(mongo, mask)
        self.outbox, self.campaigns = MongoOutbox(mongo, clock, "sealed"), MongoCampaigns(mongo, clock)
        self.broke: list[Exception] = []
        self.alarms: list[tuple[str, str]] = []
        self.dead: set[str] = set()
        self.templates = {"twilio": {"brief", "alert"}, "meta": {"brief-chart", "announcement"}}

    async def alarm(self, kind: str, detail: str) -> None:
        self.alarms.append((kind, detail))

    def process(self, name: str = "p", fuse: Fuse | None = None) -> Process:
        return Process(self, name, fuse or Fuse())

    async def crowd(self, count: int, channel: str = "telegram") -> list[str]:
        """So many active people; returns their ids in order."""
        users = [self.user(f"u{n:05}", channel, str(7000 + n)) for n in range(count)]
        for user in users:
            await self.people.save(user)
        return [user.id for user in users]

    def user(self, name: str, channel: str = "telegram", key: str = "", **changes) -> User:
        """Somebody active who holds MEBL."""
        holds = Portfolio((Holding("MEBL", Decimal(1)),))
        fields = {"name": "Ayesha", "stage": "active", "portfolio": holds, **changes}
        fields.setdefault("addresses", (Address(channel, key or name),))
        return User(name, created_at=self.clock.now() - timedelta(days=30), **fields)

    async def put(self) -> list[dict]:
        """What lies in the outbox, by key."""
        return await self.mongo["outbox"].find().sort("_id", 1).to_list(None)

    async def forget(self) -> None:
        """Nothing was ever told."""
        for name in ("outbox", "campaigns"):
            await self.mongo[name].delete_many({})


@pytest.fixture
async def hall(mongo_uri: str) -> AsyncIterator[Hall]:
    mongo = await connect(mongo_uri, emptied(mongo_uri, "hall"), driver="pymongo")
    yield Hall(mongo, HandClock(MORNING))
    await mongo.close()
