"""A real embedded server for the whole run, and a fresh database for each test."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.stores.day_cache import CachedDays
from services.stores.mongo import Mongo, connect
from tests.fakes.counted_days import Counted
from tests.fakes.databases import emptied
from tests.fakes.redis_server import RedisServer

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


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A server of its own for each test; a socket's path has to be short."""
    server = RedisServer(tmp_path_factory.mktemp("r"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def made() -> AsyncIterator[Callable[..., CachedDays]]:
    """Makes ``CachedDays`` that are closed after the test; each is what one process has."""
    async with AsyncExitStack() as stack:

        def make(days: Counted, url: str = "", market: str = "psx") -> CachedDays:
            cached = CachedDays(days, market, url)
            stack.push_async_callback(cached.close)
            return cached

        yield make
