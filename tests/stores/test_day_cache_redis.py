"""Days behind a Redis that processes share: a change is seen by all; a broken Redis is no reason for silence."""

import asyncio

import pytest
import redis.asyncio

from services.stores.day_cache import CachedDays
from tests.fakes.counted_days import Counted, bars, close_of
from tests.fakes.redis_server import RedisServer

# cashews closes its client by a name that redis-py has given up
pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning")


async def told(cached: CachedDays, close: float) -> None:
    """The news comes by the network: a moment later, not minutes."""
    for _ in range(250):
        if close_of(await cached.newest("bars")) == close:
            return
        await asyncio.sleep(0.02)
    pytest.fail("a change is not told")


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
@pytest.mark.parametrize("away", ["", "it hangs at the start", "it comes later", "it comes again"])
async def test_every_connection_is_given_back(redis_server: RedisServer, away: str) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = CachedDays(days, "psx", redis_server.url)
    if away == "it hangs at the start":
        redis_server.freeze()
        await cached.newest("bars")
        redis_server.thaw()
    elif away == "it comes later":
        redis_server.stop()
        await cached.newest("bars")
        redis_server.start()
    elif away == "it comes again":
        await cached.newest("bars")
        redis_server.stop()
        redis_server.start()
    for _ in range(250):  # a connection that the server lost is noticed by its next use
        await cached.changed()
        if redis_server.connections():
            break
        await asyncio.sleep(0.02)
    assert redis_server.connections() > 0
    await cached.close()
    assert redis_server.connections() == 0


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
