"""A real embedded server for the whole run, and a fresh database for each test."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.stores.mongo import Mongo, connect
from tests.fakes.databases import emptied

KARACHI = ZoneInfo("Asia/Karachi")


class HandClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 8, 20, 9, 0, tzinfo=KARACHI)

    def now(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture(params=["motor", "pymongo"])
async def mongo(mongo_uri: str, request: pytest.FixtureRequest) -> AsyncIterator[Mongo]:
    """The same contract on both drivers."""
    mongo = await connect(mongo_uri, emptied(mongo_uri, "store"), driver=request.param)
    yield mongo
    await mongo.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
