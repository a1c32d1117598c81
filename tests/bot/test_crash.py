"""``kill -9`` at the worst moments: nothing that was accepted is lost, and nobody is told twice."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.domain.conversation import Address
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Preferences, User
from services.stores.mongo import connect
from services.stores.users import MongoUsers
from tests.fakes.served import Served, Visitor, history, words_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KEY = "crash-visitor-0000000001"
KARACHI = ZoneInfo("Asia/Karachi")
MORNING = "2026-08-20T08:30:00+05:00"
USERS = 20
BRIEFS = {"_id": {"$regex": "^brief:2026-08-20:09:00:"}}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path / "data", now=MORNING)
    yield server
    server.stop()


async def answers_since(server: Served, before: int, turns: int = 1, seconds: float = 90) -> list[dict]:
    """What stands in the history after its first ``before`` messages, once so many turns answered and all is quiet."""
    deadline = time.monotonic() + seconds
    past: list[dict] = []
    while time.monotonic() < deadline:
        fresh = (await history(server.url, KEY))[before:]
        if len(turns_of(fresh)) >= turns and [f["id"] for f in fresh] == [f["id"] for f in past]:
            return fresh
        past = fresh
        await asyncio.sleep(2)
    raise AssertionError(f"{len(turns_of(past))} of {turns} answered\n{server.log()[-2000:]}")


def turns_of(frames: list[dict]) -> set[str]:
    """The messages that these answers belong to: keys are ``reply:<event>:<n>``."""
    return {frame["id"].rpartition(":")[0] for frame in frames}


def once(frames: list[dict]) -> None:
    assert set(Counter(frame["id"] for frame in frames).values()) == {1}


async def test_killed_between_inbox_and_answer_the_answer_comes_once(served: Served) -> None:
    """The voice of the first brief takes seconds: the kill falls between "accepted" and the answer."""
    served.start()
    async with Visitor(served.url, KEY) as visitor:
        await visitor.onboarded()
        before = len(await history(served.url, KEY))
        await visitor.say("market brief")
        served.kill()
    served.start(now="2026-08-20T08:31:00+05:00")
    answers = await answers_since(served, before)
    once(answers)
    assert len(turns_of(answers)) == 1
    assert "KSE-100" in "".join(map(words_of, answers))
    shown = [words_of(frame) + str(frame["blocks"]) for frame in answers]
    assert len(set(shown)) == len(shown), "no answer is told in two copies"
    async with Visitor(served.url, KEY) as visitor:
        await visitor.ask("xray", "MEBL")  # and the talk goes on


async def test_a_storm_of_kills_answers_every_message_once(served: Served) -> None:
    """Each round: a message is accepted, then the process dies; at the end each has its one turn of answers."""
    said = ("portfolio", "policy rate", "what is P/E?")
    served.start()
    async with Visitor(served.url, KEY) as visitor:
        await visitor.onboarded()
    before = len(await history(served.url, KEY))
    for number, text in enumerate(said):
        async with Visitor(served.url, KEY) as visitor:
            await visitor.say(text)
            served.kill()
        served.start(now=f"2026-08-20T08:3{number + 1}:00+05:00")
    past = await answers_since(served, before, len(said))
    once(past)
    assert len(turns_of(past)) == len(said)


async def test_the_database_killed_under_us_loses_nothing_accepted(served: Served) -> None:
    """Its ``mongod`` dies while it runs: what was accepted is answered once, here or after a restart."""
    served.start()
    async with Visitor(served.url, KEY) as visitor:
        await visitor.onboarded()
        before = len(await history(served.url, KEY))
        await visitor.say("portfolio")
        os.kill(served.mongod, signal.SIGKILL)
    for _ in range(200):
        if "embedded database" in served.log():
            break
        await asyncio.sleep(0.2)
    assert "embedded database" in served.log(), "the death of the database is told"
    served.kill()
    served.start(now="2026-08-20T08:35:00+05:00")
    past = await answers_since(served, before)
    once(past)
    assert len(turns_of(past)) == 1


async def test_the_database_comes_back_by_itself(served: Served) -> None:
    """A server that had run steadily is started again, and the same process goes on answering."""
    served.start()
    async with Visitor(served.url, KEY) as visitor:
        await visitor.onboarded()
    first = served.mongod
    await asyncio.sleep(max(0.0, 21 - _age(first)))  # younger than 20 s it would count as unable to run
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 60
    answered = False
    while not answered and time.monotonic() < deadline:
        try:
            async with Visitor(served.url, KEY) as visitor:
                await visitor.say("portfolio")
                await visitor.until(lambda f: f["type"] == "message" and "MEBL" in words_of(f), seconds=10)
                answered = True
        except AssertionError:
            continue
    assert answered, served.log()[-3000:]
    assert served.mongod != first
    assert "is started again" in served.log()


async def test_killed_in_the_nine_oclock_run_everybody_is_told_once(served: Served) -> None:
    """20 people are due at 09:00; the process dies amid the run and is started again."""
    served.start(now="2026-08-20T08:57:00+05:00")
    served.stop()
    people = [_person(number) for number in range(USERS)]
    await _kept(served, people)
    served.start(now="2026-08-20T08:59:50+05:00")
    mongo = await connect(served.uri())
    for _ in range(6000):
        if await mongo["campaigns"].count_documents({"composed": False}):
            break
        await asyncio.sleep(0.02)
    put = await mongo["outbox"].count_documents(BRIEFS)
    await mongo.close()
    served.kill()
    assert put < USERS, f"the kill should fall amid the run; {put} were put"
    served.start(now="2026-08-20T09:02:00+05:00")
    for _ in range(60):  # a dead process of this machine is seen at once
        if await _count(served, BRIEFS | {"state": "accepted"}) == USERS:
            break
        await asyncio.sleep(1)
    await asyncio.sleep(3)
    assert await _count(served, BRIEFS) == USERS
    assert await _count(served, BRIEFS | {"state": "accepted"}) == USERS, served.log()[-3000:]
    # What a page would show: exactly one brief each.
    for person in people:
        shown = await history(served.url, person.addresses[0].key)
        assert [f["id"].split(":")[0] for f in shown] == ["brief"], person.id


def _age(pid: int) -> float:
    started = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")


def _person(number: int) -> User:
    """Every second one has other holdings, so that the parts are not all cached."""
    at = datetime(2026, 8, 19, 12, tzinfo=KARACHI)
    shares = ("MEBL", "LUCK", "OGDC", "SYS", "FFC")
    holdings = (
        Holding(shares[number % 5], Decimal("0.6")),
        Holding(shares[(number + 1 + number // 5) % 5], Decimal("0.4")),
    )
    return User(
        f"{number:016x}",
        (Address("web", f"due-at-nine-{number:012}"),),
        at,
        name="Ayesha",
        stage="active",
        consented_at=at,
        preferences=Preferences(voice=number % 4 == 0),
        portfolio=Portfolio(tuple({h.code: h for h in holdings}.values())),
    )


async def _kept(server: Served, people: list[User]) -> None:
    """Write them into the data dir's database through the stores."""
    from services.stores.embedded import EmbeddedMongo

    embedded = EmbeddedMongo(server.data_dir)
    mongo = await connect(await embedded.start())
    users = MongoUsers(mongo)
    for person in people:
        await users.save(person)
    await mongo.close()
    await embedded.stop()


async def _count(server: Served, where: dict) -> int:
    mongo = await connect(server.uri())
    try:
        return int(await mongo["outbox"].count_documents(where))
    finally:
        await mongo.close()
