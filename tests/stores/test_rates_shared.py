"""Rates shared by real processes, and what becomes of them when the place where they are shared is away."""

import asyncio
import logging
from collections.abc import Callable

import pytest
from redis.asyncio.connection import AbstractConnection

from services.domain.conversation import Address, Lane
from services.stores.ledger import Claim
from services.stores.limits import limit
from services.stores.rates import PacedRates
from services.stores.redis_ledger import RedisLedger
from services.stores.spare_ledger import SpareLedger
from tests.fakes.rate_senders import Sending, counting, in_processes
from tests.fakes.redis_server import RedisServer

RATE = 60


async def four_processes(backend: str, url: str) -> None:
    async with counting() as counter:
        said = await in_processes(
            [Sending(backend, url, RATE, RATE * 2, counter.port, str(number)) for number in range(1, 5)]
        )
    assert len(counter.came) == sum(process["sent"] for process in said)
    # A machine that is busy with other tests stamps late and wakes late; the benchmark shows the true numbers.
    assert counter.closest(RATE)[0] >= 0.985, "one too many in some second"
    assert counter.share(RATE, min(process["ended"] for process in said)) >= 0.95
    assert max(process["p99"] for process in said) < 1


@pytest.mark.slow
@pytest.mark.redis
async def test_four_processes_keep_one_rate_through_redis(redis_server: RedisServer) -> None:
    await four_processes("redis", redis_server.url)


@pytest.mark.slow
async def test_four_processes_keep_one_rate_through_the_database(mongo_uri: str) -> None:
    await four_processes("mongo", mongo_uri)


@pytest.mark.slow
@pytest.mark.redis
@pytest.mark.parametrize("memory", ["lost", "kept"])
async def test_without_redis_the_bot_goes_on_at_a_safe_share_and_comes_back(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture, memory: str
) -> None:
    caplog.set_level(logging.WARNING)
    ledgers = [SpareLedger(RedisLedger(redis_server.url, member=name)) for name in "abc"]
    sender = limit("telegram", "away", 30)
    processes = [PacedRates([sender], ledger) for ledger in ledgers]
    loop = asyncio.get_running_loop()
    went: list[float] = []

    async def broadcast(rates: PacedRates, start: int) -> None:
        for number in range(10_000):
            await rates.admit(Address("telegram", str(start + number)), "broadcast")
            went.append(loop.time())

    for ledger in ledgers:
        await ledger.claim(sender, loop.time(), Claim())  # all know of one another
    running = [asyncio.create_task(broadcast(rates, 10_000 * n)) for n, rates in enumerate(processes)]
    await asyncio.sleep(2.5)
    (redis_server.stop if memory == "lost" else redis_server.freeze)()
    lost = loop.time()
    await asyncio.sleep(4)
    assert all(ledger.away for ledger in ledgers)
    (redis_server.start if memory == "lost" else redis_server.thaw)()
    back = loop.time()
    await asyncio.sleep(6.5)
    for task in running:
        task.cancel()
    for rates in processes:
        await rates.close()
    assert not any(ledger.away for ledger in ledgers)
    assert len([time for time in went if lost + 2 <= time < lost + 4]) >= 30, "half the rate at least"
    assert len([time for time in went if back + 4.5 <= time < back + 6.5]) >= 45
    assert min(late - early for early, late in zip(went, went[30:], strict=False)) >= 0.99
    assert "1 in 3" in caplog.text
    assert "shared again" in caplog.text


@pytest.mark.redis
async def test_a_redis_that_was_never_there_stops_nothing(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    redis_server.stop()
    rates = PacedRates([limit("meta", "1", 80)], SpareLedger(RedisLedger(redis_server.url, member="a")))
    await asyncio.wait_for(rates.admit(Address("meta", "92300"), "interactive"), 2)
    await asyncio.wait_for(rates.admit(Address("meta", "92301"), "broadcast"), 3)
    await rates.hold(Address("meta", "92301"), "sender", 0.3)
    begun = asyncio.get_running_loop().time()
    await asyncio.wait_for(rates.admit(Address("meta", "92302"), "broadcast"), 3)
    assert asyncio.get_running_loop().time() - begun >= 0.29
    await rates.close()
    assert "MARKETBYTE_REDIS_URL" in caplog.text


@pytest.mark.redis
async def test_every_connection_is_given_back_at_whatever_moment_the_callers_go(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's word; what nobody holds any more counts as well."""
    kept: list[object] = []
    monkeypatch.setattr(AbstractConnection, "__init__", _keeping(kept, AbstractConnection.__init__))
    for number in range(40):
        ledger = SpareLedger(RedisLedger(redis_server.url, member="a"))
        rates = PacedRates([limit("telegram", str(number), 200)], ledger)
        lanes: list[Lane] = ["broadcast", "interactive"] * 10
        callers = [
            asyncio.create_task(rates.admit(Address("telegram", str(chat)), lane))
            for chat, lane in enumerate(lanes)
        ]
        await asyncio.sleep(number / 500)
        for caller in callers:
            caller.cancel()
        await rates.close()
    assert len(kept) >= 40
    assert redis_server.connections() == 0


def _keeping(kept: list[object], make: Callable[..., None]) -> Callable[..., None]:
    def made(self: AbstractConnection, *of: object, **options: object) -> None:
        kept.append(self)
        make(self, *of, **options)

    return made
