"""One contract for the three ledgers: alone, in Redis, in MongoDB; the shared ones are written in by two at once."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from services.domain.conversation import Address, Lane
from services.stores.ledger import Booking, Claim, Ledger, LocalLedger
from services.stores.limits import ChatRule, limit
from services.stores.mongo import connect
from services.stores.mongo_ledger import MongoLedger
from services.stores.rates import PacedRates
from services.stores.redis_ledger import RedisLedger
from tests.fakes.databases import emptied
from tests.fakes.redis_server import RedisServer

BUCKET = ChatRule("bucket", 3, 0.4)
SPAN = ChatRule("span", 4, 2.0)


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("r"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.redis), "motor", "pymongo"])
async def ledgers(request: pytest.FixtureRequest, mongo_uri: str) -> AsyncIterator[list[Ledger]]:
    """The ledgers of two processes; the local one is one for both."""
    made: list[Ledger]
    mongo = None
    if request.param == "local":
        made = [LocalLedger()] * 2
    elif request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        made = [RedisLedger(server.url, member=name) for name in "ab"]
    else:
        mongo = await connect(mongo_uri, emptied(mongo_uri, "ledgers"), driver=request.param)
        made = [MongoLedger(mongo, member=name) for name in "ab"]
    yield made
    for ledger in made:
        await ledger.close()
    if mongo is not None:
        await mongo.close()


@pytest.fixture
def bot(request: pytest.FixtureRequest) -> str:
    """A sender that no other test uses."""
    return f"{request.node.name}-{time.monotonic_ns()}"


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_place_is_given_once_and_again_a_cycle_after_its_use(ledgers: list[Ledger], bot: str) -> None:
    sender = limit("telegram", bot, 5)
    uses: list[float] = []
    deadline = now() + 4.5
    while now() < deadline:
        for ledger in ledgers:
            for slot in (await ledger.claim(sender, now(), Claim(wanted=1))).slots:
                await asyncio.sleep(max(0.0, slot.at - now()))
                slot.used = now()
                uses.append(slot.used)
                await ledger.claim(sender, now(), Claim(done=[slot]))
        await asyncio.sleep(0.01)
    uses.sort()
    assert len(uses) >= 15
    assert min(late - early for early, late in zip(uses, uses[5:], strict=False)) >= 1.0


async def test_a_slot_that_is_given_back_unused_is_free(ledgers: list[Ledger], bot: str) -> None:
    sender = limit("telegram", bot, 20)
    taken = 0
    deadline = now() + 3
    while taken < 30:
        assert now() < deadline, "unused slots are lost"
        slots = (await ledgers[0].claim(sender, now(), Claim(wanted=1))).slots
        await ledgers[0].claim(sender, now(), Claim(done=slots))
        taken += len(slots)
        await asyncio.sleep(0.01)


async def test_uses_without_a_slot_count(ledgers: list[Ledger], bot: str) -> None:
    sender = limit("telegram", bot, 5)
    await ledgers[0].claim(sender, now(), Claim())
    await asyncio.sleep(1.1)
    used = now()
    await ledgers[0].claim(sender, now(), Claim(extra=[used] * 5))
    granted = await ledgers[1].claim(sender, now(), Claim(wanted=5))
    assert all(slot.at >= used + 1.0 for slot in granted.slots)
    assert granted.slots or granted.again >= used + 1.0


async def test_others_hear_of_a_broadcast_and_of_a_refusal(ledgers: list[Ledger], bot: str) -> None:
    one, two = ledgers
    sender = limit("telegram", bot, 5)
    quiet = await two.claim(sender, now(), Claim())
    assert quiet.bulk_until <= now()
    assert quiet.refused_until <= now()
    await one.claim(sender, now(), Claim(wanted=1, bulk=True))
    assert now() + 1.5 < (await two.claim(sender, now(), Claim())).bulk_until <= now() + 2.01
    begun = now()
    await one.claim(sender, begun, Claim(close_until=begun + 1.5))
    heard = await two.claim(sender, now(), Claim(wanted=3))
    assert not heard.slots
    assert heard.closed_until == pytest.approx(begun + 1.5, abs=0.1)
    assert heard.refused_until == pytest.approx(begun + 60, abs=0.1)
    assert heard.again >= heard.closed_until - 0.01


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(BUCKET, [0, 0, 0, 0.4, 0.8, 1.2, 1.6]), (SPAN, [0, 0, 0, 0, 2.0, 2.0, 2.0, 2.0, 4.0])],
)
async def test_a_chat_is_counted_by_its_rule(
    ledgers: list[Ledger], bot: str, rule: ChatRule, expected: list[float]
) -> None:
    at = now()
    got = [(await ledgers[i % 2].book([Booking(bot, rule, at)]))[0] - at for i in range(len(expected))]
    assert got == pytest.approx(expected, abs=0.03)


async def test_many_are_counted_at_once_each_for_its_chat(ledgers: list[Ledger], bot: str) -> None:
    at = now()
    asked = [Booking(f"{bot}:{number % 3}", BUCKET, at) for number in range(15)]
    got = [slot - at for slot in await ledgers[0].book(asked)]
    assert sorted(got[0::3]) == pytest.approx([0, 0, 0, 0.4, 0.8], abs=0.03)
    assert sorted(got) == pytest.approx(sorted([0, 0, 0, 0.4, 0.8] * 3), abs=0.03)
    both = await asyncio.gather(
        *(ledgers[i % 2].book([Booking(f"{bot}:x", BUCKET, at)] * 2) for i in range(4))
    )
    assert sorted(slot - at for pair in both for slot in pair) == pytest.approx(
        [0, 0, 0, 0.4, 0.8, 1.2, 1.6, 2.0], abs=0.03
    )


@pytest.mark.parametrize("rule", [BUCKET, SPAN])
async def test_a_closed_chat_opens_for_one_at_a_time(ledgers: list[Ledger], bot: str, rule: ChatRule) -> None:
    one, two = ledgers
    at = now()
    await one.book([Booking(bot, rule, at)])
    await one.book([Booking(bot, rule, at + 5, drain=True)])
    step = 0.4 if rule is BUCKET else 0.5
    got = [(await two.book([Booking(bot, rule, at)]))[0] - at for _ in range(3)]
    assert got == pytest.approx([5, 5 + step, 5 + 2 * step], abs=0.05)


async def test_two_processes_together_keep_the_rate(ledgers: list[Ledger], bot: str) -> None:
    both = [PacedRates([limit("telegram", bot, 40)], ledger) for ledger in ledgers]
    went: list[float] = []
    waits: list[float] = []

    async def send(rates: PacedRates, number: int, lane: Lane) -> None:
        asked = now()
        await rates.admit(Address("telegram", str(number)), lane)
        went.append(now())
        if lane == "interactive":
            waits.append(went[-1] - asked)

    crowd = [asyncio.create_task(send(both[i % 2], i, "broadcast")) for i in range(160)]
    await asyncio.sleep(1.5)
    await asyncio.gather(*(send(both[0], 1000 + i, "interactive") for i in range(5)))
    await asyncio.gather(*crowd)
    for rates in both:
        await rates.close()
    went.sort()
    assert min(late - early for early, late in zip(went, went[40:], strict=False)) >= 1.0
    assert went[-1] - went[0] < 5
    assert max(waits) < 1.0


async def test_a_hold_is_heard_by_the_other_process(ledgers: list[Ledger], bot: str) -> None:
    both = [PacedRates([limit("telegram", bot, 40)], ledger) for ledger in ledgers]
    went: list[float] = []

    async def send(rates: PacedRates, number: int) -> None:
        await rates.admit(Address("telegram", str(number)), "broadcast")
        went.append(now())

    crowd = [asyncio.create_task(send(both[i % 2], i)) for i in range(80)]
    await asyncio.sleep(1.7)
    closed = now()
    await both[0].hold(Address("telegram", "1"), "sender", 1.5)
    await asyncio.gather(*crowd)
    for rates in both:
        await rates.close()
    assert [time for time in went if time < closed]
    assert not [time for time in went if closed + 0.15 < time < closed + 1.5]
