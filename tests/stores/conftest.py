"""A real embedded server for the whole run, and a fresh database for each test."""

import asyncio
import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.stores.embedded import EmbeddedMongo
from services.stores.mongo import Mongo, connect

KARACHI = ZoneInfo("Asia/Karachi")
_names = itertools.count()


class HandClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 8, 20, 9, 0, tzinfo=KARACHI)

    def now(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture(scope="session")
def mongo_uri() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="mb-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedMongo(Path(folder))
        yield asyncio.run(server.start())
        asyncio.run(server.stop())


@pytest.fixture(params=["motor", "pymongo"])
async def mongo(mongo_uri: str, request: pytest.FixtureRequest) -> AsyncIterator[Mongo]:
    """The same contract on both drivers."""
    mongo = await connect(mongo_uri, f"t{os.getpid()}_{next(_names)}", driver=request.param)
    yield mongo
    await mongo.drop()
    await mongo.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
