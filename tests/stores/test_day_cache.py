"""Days behind the cache: read once for all, by all processes; a change is seen by all; a broken Redis is no reason for silence."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta

import pytest
import redis.asyncio

from services.domain.errors import Unavailable
from services.domain.records import Batch, Kind
from services.domain.rows import Bar
from services.stores.day_cache import CachedDays
from tests.fakes.every_row import AT, DAY, ROWS
from tests.fakes.market_stores import DailyInMemory
from tests.fakes.redis_server import RedisServer

# cashews closes its client by a name that redis-py has given up
pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning")
LATER = AT + timedelta(hours=3)


class Counted:
    """``Days`` that count how often they are read, and take their time."""

    def __init__(self) -> None:
        self.daily = DailyInMemory()
        self.reads = 0
        self.away = False
        self.before_answer: Callable[[], object] | None = None

    async def newest(
        self, kind: Kind, *, before: datetime | None = None, last: date | None = None
    ) -> Batch | None:
        await self._read()
        found = await self.daily.newest(kind, before=before, last=last)
        await self._meanwhile()
        return found

    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        await self._read()
        return await self.daily.since(kind, first)

    async def _read(self) -> None:
        self.reads += 1
        await asyncio.sleep(0.01)
        if self.away:
            raise Unavailable("the database is away")

    async def _meanwhile(self) -> None:
        if self.before_answer is not None:
            work, self.before_answer = self.before_answer, None
            await work()


def bars(close: float, when: datetime = AT, status: str = "live") -> Batch:
    return Batch("bars", (Bar("LUCK", DAY, None, None, None, close, 1),), when, "psx", status, f"o{close}")


def close_of(batch: Batch | None) -> float:
    assert batch is not None
    return batch.rows[0].close


async def told(cached: CachedDays, close: float) -> None:
    """The news comes by the network: a moment later, not minutes."""
    for _ in range(250):
        if close_of(await cached.newest("bars")) == close:
            return
        await asyncio.sleep(0.02)
    pytest.fail("a change is not told")


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
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


async def test_every_kind_comes_back_as_it_was(made) -> None:
    days = Counted()
    cached = made(days)
    for kind, rows in ROWS.items():
        batch = Batch(kind, rows, AT, "psx", "live", "o")
        await days.daily.put([batch])
        for _ in range(2):
            newest = await cached.newest(kind)
            assert newest is not None
            assert (newest.as_of, newest.source, newest.status) == (AT, "psx", "live")
            since = await cached.since(kind, date(2020, 1, 1))
            assert sorted(map(repr, (row for each in since for row in each.rows))) == sorted(map(repr, rows))
    assert days.reads == 2 * len(ROWS)


async def test_a_thousand_who_ask_at_one_time_cause_one_read(made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days)
    found = await asyncio.gather(*(cached.newest("bars") for _ in range(1000)))
    assert {close_of(each) for each in found} == {1.0}
    assert days.reads == 1


async def test_that_there_is_nothing_is_kept_too(made) -> None:
    days = Counted()
    cached = made(days)
    assert [await cached.newest("bars"), await cached.newest("bars")] == [None, None]
    assert list(await cached.since("bars", DAY)) == list(await cached.since("bars", DAY)) == []
    assert days.reads == 2


async def test_a_change_is_told_at_once(made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days)
    assert close_of(await cached.newest("bars")) == 1.0
    await days.daily.put([bars(2.0)])
    assert close_of(await cached.newest("bars")) == 1.0, "nobody said that something changed"
    await cached.changed()
    assert close_of(await cached.newest("bars")) == 2.0


async def test_one_who_read_before_the_change_puts_nothing_old_there(made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days)

    async def meanwhile() -> None:
        await days.daily.put([bars(2.0)])
        await cached.changed()

    days.before_answer = meanwhile
    assert close_of(await cached.newest("bars")) == 1.0
    assert close_of(await cached.newest("bars")) == 2.0


async def test_one_who_goes_away_takes_nobodys_answer_along(made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days)
    first, second = (asyncio.create_task(cached.newest("bars")) for _ in range(2))
    await asyncio.sleep(0.005)
    first.cancel()
    assert close_of(await second) == 1.0
    assert first.cancelled()


async def test_a_failure_is_told_and_not_kept(made) -> None:
    days = Counted()
    days.away = True
    cached = made(days)
    with pytest.raises(Unavailable):
        await cached.newest("bars")
    days.away = False
    await days.daily.put([bars(1.0)])
    assert close_of(await cached.newest("bars")) == 1.0


async def test_nobody_is_told_what_is_later_than_his_clock(made) -> None:
    days = Counted()
    await days.daily.put([bars(2.0, LATER)])
    cached = made(days)
    assert close_of(await cached.newest("bars", before=LATER)) == 2.0
    assert await cached.newest("bars", before=AT) is None


@pytest.mark.redis
async def test_two_processes_share_one_read(redis_server: RedisServer, made) -> None:
    one, other = Counted(), Counted()
    for days in (one, other):
        await days.daily.put([bars(1.0)])
    first, second = made(one, redis_server.url), made(other, redis_server.url)
    found = await asyncio.gather(*(each.newest("bars") for each in (first, second) for _ in range(50)))
    assert {close_of(each) for each in found} == {1.0}
    assert one.reads + other.reads == 1
    us = made(other, redis_server.url, "us")
    await us.newest("bars")
    assert one.reads + other.reads == 2, "another market has nothing of this one's"


@pytest.mark.redis
async def test_a_change_of_one_process_is_seen_by_the_other(redis_server: RedisServer, made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    first, second = made(days, redis_server.url), made(days, redis_server.url)
    assert close_of(await first.newest("bars")) == close_of(await second.newest("bars")) == 1.0
    await days.daily.put([bars(2.0)])
    await first.changed()
    assert close_of(await first.newest("bars")) == 2.0
    await told(second, 2.0)
    assert days.reads == 2


@pytest.mark.redis
async def test_without_redis_it_still_answers(redis_server: RedisServer, made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days, redis_server.url)
    assert close_of(await cached.newest("bars")) == 1.0
    redis_server.stop()
    await days.daily.put([bars(2.0)])
    await cached.changed()
    assert close_of(await cached.newest("bars")) == 2.0
    fresh = made(days, redis_server.url)
    assert close_of(await fresh.newest("bars")) == 2.0
    redis_server.start()
    assert close_of(await cached.newest("bars")) == 2.0


@pytest.mark.redis
async def test_a_redis_that_hangs_holds_nobody_up(redis_server: RedisServer, made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days, redis_server.url)
    await cached.newest("bars")
    redis_server.freeze()
    try:
        await days.daily.put([bars(2.0)])
        async with asyncio.timeout(30):
            await cached.changed()
            assert close_of(await cached.newest("bars")) == 2.0
    finally:
        redis_server.thaw()
    async with asyncio.timeout(30):
        assert close_of(await cached.newest("bars")) == 2.0
    await told(made(days, redis_server.url), 2.0)


@pytest.mark.redis
@pytest.mark.parametrize(
    "rubbish",
    [b"", b"0", b"12", b"rubbish", b"bytes:", b"bytes:zrubbish", b"bytes:j{}", b"bytes:j[1]", b"\x80\x05K\x01.", b'bytes:j{"stamps":[],"stamp":[3],"columns":{}}'],
)  # fmt: skip
async def test_rubbish_in_redis_reaches_nobody(redis_server: RedisServer, made, rubbish: bytes) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    await made(days, redis_server.url).newest("bars")
    raw = redis.asyncio.Redis.from_url(redis_server.url)
    keys = [key async for key in raw.scan_iter("marketbyte:days:psx:*bars*")]
    assert len(keys) == 1
    await raw.set(keys[0], rubbish)
    found = await made(days, redis_server.url).newest("bars")
    if rubbish == b"bytes:":
        assert found is None, "these are our bytes for: there is nothing"
    else:
        assert close_of(found) == 1.0
    await raw.delete(keys[0])
    await raw.rpush(keys[0], "a list")
    assert close_of(await made(days, redis_server.url).newest("bars")) == 1.0
    await raw.aclose()


@pytest.mark.redis
async def test_a_process_that_died_over_its_read_holds_up_the_others_for_a_moment_only(
    redis_server: RedisServer, made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.stores.day_cache._AT_MOST", 1)
    dead, days = Counted(), Counted()
    await days.daily.put([bars(1.0)])
    never = asyncio.Event()
    dead.before_answer = never.wait
    first = asyncio.create_task(made(dead, redis_server.url).newest("bars"))
    await asyncio.sleep(0.2)
    async with asyncio.timeout(5):
        assert close_of(await made(days, redis_server.url).newest("bars")) == 1.0
    never.set()
    await first
