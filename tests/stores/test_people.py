"""The day's people: so many different ones in any 24 hours, and not one more."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.domain.conversation import Address
from services.stores import people as module
from services.stores.mongo import Mongo
from services.stores.people import MongoPeople


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The machine's time, to be moved."""
    now = [datetime(2026, 8, 20, 3, 59, 30, tzinfo=UTC)]
    monkeypatch.setattr(module, "wall_clock", lambda: now[0])
    return now


def person(number: int) -> Address:
    return Address("meta", f"92300{number:07}")


async def test_only_so_many_people_in_a_day(mongo: Mongo, time: list[datetime]) -> None:
    people = MongoPeople(mongo, {"meta": 3})
    assert [await people.within_day(person(number)) for number in (1, 2, 1, 3, 2, 4, 5, 3)] == [
        True, True, True, True, True, False, False, True,
    ]  # fmt: skip
    assert await people.within_day(Address("twilio", "whatsapp:+92300")), "a limit of Meta's portfolio alone"


async def test_the_count_is_of_the_last_24_hours_wherever_the_day_ends(
    mongo: Mongo, time: list[datetime]
) -> None:
    people = MongoPeople(mongo, {"meta": 4})
    reached: dict[int, datetime] = {}
    for number in range(400):
        time[0] += timedelta(minutes=11)
        if await people.within_day(person(number)):
            reached[number] = time[0]
    times = sorted(reached.values())
    assert all(late - early >= timedelta(hours=24) for early, late in zip(times, times[4:], strict=False))
    assert len(times) >= 4 * 2, "and as many as that as a rule"


async def test_processes_count_together(mongo: Mongo, time: list[datetime]) -> None:
    processes = [MongoPeople(mongo, {"meta": 50}) for _ in range(4)]
    got = await asyncio.gather(*(processes[n % 4].within_day(person(n)) for n in range(90)))
    assert sum(got) == 50
    again = await asyncio.gather(*(processes[0].within_day(person(n)) for n in range(90)))
    assert again == got, "nobody is counted twice, nobody let in late"


async def test_one_person_written_to_from_all_sides_counts_once(mongo: Mongo, time: list[datetime]) -> None:
    processes = [MongoPeople(mongo, {"meta": 8}) for _ in range(4)]
    assert all(await asyncio.gather(*(processes[n % 4].within_day(person(1)) for n in range(8))))
    got = [await processes[0].within_day(person(n)) for n in range(2, 12)]
    assert got.count(True) == 7


async def test_no_limit_asks_nobody(mongo: Mongo) -> None:
    people = MongoPeople(mongo, {"meta": 0})
    assert await people.within_day(person(1))
    assert await mongo["people"].count_documents({}) == 0
