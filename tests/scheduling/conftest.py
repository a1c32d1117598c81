"""The real users, broadcasts, outbox and operator's switches on a fresh database; only the composing is scripted."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from scheduling.jobs import Jobs
from services.broadcasts import Broadcasts
from services.campaigns import Campaigns
from services.composing import Composer
from services.domain.amounts import mask
from services.domain.conversation import Address, Reply, Text
from services.domain.portfolio import Holding, Portfolio
from services.domain.silence import LastTrade
from services.domain.users import Alert, Preferences, User
from services.outbox import Outbox
from services.outbox.neighbours import Neighbours
from services.stores.campaigns import MongoCampaigns
from services.stores.mongo import connect
from services.stores.operations import MongoOperations
from services.stores.outbox import MongoOutbox
from services.stores.processes import MongoProcesses
from services.stores.users import MongoUsers
from services.trading_days import TradingDays
from services.users import Users
from tests.fakes.databases import emptied
from tests.fakes.sender import Recorder

KARACHI = ZoneInfo("Asia/Karachi")
THURSDAY = date(2026, 8, 20)


class HandClock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def put(self, hour: int, minute: int = 0, second: int = 0, *, day: date = THURSDAY) -> None:
        self.at = datetime.combine(day, time(hour, minute, second), KARACHI)


class ScriptedBriefs:
    """Composes a line a user; ``broken`` are the users whose composing fails."""

    def __init__(self) -> None:
        self.composed: list[tuple[str, str]] = []
        self.broken: set[str] = set()

    async def delivery(self, user: User, slot: str) -> tuple[Reply, str]:
        self.composed.append((user.id, slot))
        if user.id in self.broken:
            raise ZeroDivisionError("a bug in one person's sums")
        return Reply((Text(f"{slot} brief of {user.id}"),)), f"book of {slot}"


class ScriptedAlerts:
    """What has come true; each is taken off when it was dealt with."""

    def __init__(self) -> None:
        self.waiting: list = []

    async def due(self) -> AsyncIterator:
        for alert in list(self.waiting):
            yield alert, Reply((Text(f"alert {alert.id}"),))
            self.waiting.remove(alert)


class Office:
    """One scheduler's world; ``second()`` is another process on the same database."""

    def __init__(self, mongo, clock: HandClock) -> None:
        self.mongo, self.clock = mongo, clock
        self.store = MongoUsers(mongo)
        self.operations = MongoOperations(mongo, mask)
        self.briefs, self.alerts, self.sender = ScriptedBriefs(), ScriptedAlerts(), Recorder()
        self.broke: list[Exception] = []
        self.users = Users(self.store, self.operations, clock)
        kept, runs = MongoOutbox(mongo, clock, "sealed"), MongoCampaigns(mongo, clock)
        self.outbox = Outbox(kept, self.sender, clock, neighbours=Neighbours(gone=self.users.unreachable))
        self.campaigns = Campaigns(runs, kept, clock, self._alarm)
        self.broadcasts = Broadcasts(
            users=self.users,
            outbox=kept,
            campaigns=runs,
            composer=Composer(self.users, kept, runs, clock, self.broke.append, templates={}),
            clock=clock,
            failed=self.broke.append,
            processes=MongoProcesses(mongo, clock),
        )
        self.swept: list[timedelta] = []
        self.jobs = Jobs(
            users=self.users,
            briefings=self.briefs,
            broadcasts=self.broadcasts,
            campaigns=self.campaigns,
            alerts=self.alerts,
            operations=self.operations,
            clock=clock,
            sweep_media=self._sweep,
        )

    @staticmethod
    def alert(name: str, user_id: str) -> Alert:
        """One that has come true."""
        return Alert(name, user_id, "MEBL", "above", "500", datetime(2026, 8, 19, 12, tzinfo=KARACHI))

    def second(self) -> "Office":
        return Office(self.mongo, self.clock)

    async def person(self, name: str, *times: time, **changes) -> User:
        """Somebody active who holds MEBL; ``times`` default to 09:00 and 17:00."""
        wanted = Preferences(times=times or (time(9), time(17)), days=changes.pop("days", (0, 1, 2, 3, 4)))
        user = User(
            name,
            (Address("web", f"{name}-000000000000000"),),
            self.clock.now() - timedelta(days=30),
            stage="active",
            preferences=wanted,
            portfolio=Portfolio((Holding("MEBL", Decimal(1)),)),
        )
        user = replace(user, **changes)
        await self.store.save(user)
        return user

    async def told(self) -> list[str]:
        """Whose brief or alert lies in the outbox, one entry a message."""
        found = await self.mongo["outbox"].find().sort("_id", 1).to_list(None)
        return [row["user_id"] for row in found]

    async def _alarm(self, kind: str, detail: str) -> None:
        raise AssertionError(f"an alarm: {kind}, {detail}")

    async def _sweep(self, age: timedelta) -> int:
        self.swept.append(age)
        return 3


@pytest.fixture
async def office(mongo_uri: str) -> AsyncIterator[Office]:
    mongo = await connect(mongo_uri, emptied(mongo_uri, "office"))
    clock = HandClock(datetime.combine(THURSDAY, time(9), KARACHI))
    yield Office(mongo, clock)
    await mongo.close()


class Source:
    """What a live source shows; None while none is set up."""

    def __init__(self) -> None:
        self.last: LastTrade | None = None

    async def __call__(self) -> LastTrade | None:
        return self.last


class Desk:
    """The trading days of an office, with a source, imported rows and an operator who hears alarms."""

    def __init__(self, office) -> None:
        self.source, self.rows, self.alarms = Source(), [], []
        self.days = TradingDays(
            office.operations,
            office.broadcasts,
            office.campaigns,
            office.clock,
            rows=self._rows,
            last_trade=self.source,
            alarm=self._alarm,
        )
        object.__setattr__(office.jobs, "days", self.days)

    async def _rows(self):
        return self.rows

    async def _alarm(self, kind: str, detail: str) -> None:
        self.alarms.append((kind, detail))


@pytest.fixture
def desk(office) -> Desk:
    return Desk(office)
