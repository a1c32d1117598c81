"""Known files: a million sends are one upload, however they come, fail, end or are refused."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.domain.errors import DeliveryFailed, Unavailable
from services.stores.known_files import MongoFiles
from services.stores.mongo import Mongo

CHART = ("telegram", "123", "picture:ab12.png")


class Provider:
    """Gives ids; slow, or failing, as the test wants."""

    def __init__(self, *, takes: float = 0.05, fails: int = 0) -> None:
        self.uploads = 0
        self.takes = takes
        self.fails = fails
        self.until: Any = None
        self.begun = asyncio.Event()

    async def upload(self) -> tuple[str, Any]:
        self.uploads += 1
        self.begun.set()
        number = self.uploads
        await asyncio.sleep(self.takes)
        if number <= self.fails:
            raise DeliveryFailed("no")
        return f"id{number}", self.until


async def test_a_thousand_sends_at_once_are_one_upload(mongo: Mongo, clock: Any) -> None:
    files, provider = MongoFiles(mongo, clock), Provider()
    got = await asyncio.gather(*(files.of(*CHART, provider.upload) for _ in range(1000)))
    assert provider.uploads == 1
    assert {identity for identity, _ in got} == {"id1"}
    assert [known for _, known in got].count(False) == 1


async def test_many_processes_at_once_are_one_upload(mongo: Mongo, clock: Any) -> None:
    provider = Provider()
    processes = [MongoFiles(mongo, clock) for _ in range(4)]
    got = await asyncio.gather(*(files.of(*CHART, provider.upload) for files in processes for _ in range(50)))
    assert provider.uploads == 1
    assert {identity for identity, _ in got} == {"id1"}


async def test_an_id_outlives_the_process(mongo: Mongo, clock: Any) -> None:
    provider = Provider()
    assert await MongoFiles(mongo, clock).of(*CHART, provider.upload) == ("id1", False)
    assert await MongoFiles(mongo, clock).of(*CHART, provider.upload) == ("id1", True)


async def test_each_bot_and_kind_has_its_own(mongo: Mongo, clock: Any) -> None:
    files, provider = MongoFiles(mongo, clock), Provider()
    places = [
        ("telegram", "123", "picture:x"),
        ("telegram", "456", "picture:x"),
        ("telegram", "123", "document:x"),
        ("meta", "123", "picture:x"),
    ]
    got = [await files.of(*place, provider.upload) for place in places]
    assert got == [(f"id{number}", False) for number in (1, 2, 3, 4)]


async def test_an_upload_that_fails_lets_the_next_try(mongo: Mongo, clock: Any) -> None:
    files, provider = MongoFiles(mongo, clock), Provider(fails=2)
    got = await asyncio.gather(
        *(files.of(*CHART, provider.upload) for _ in range(20)), return_exceptions=True
    )
    assert provider.uploads == 3
    assert sum(isinstance(result, DeliveryFailed) for result in got) == 2
    assert got.count(("id3", True)) == 17


async def test_an_upload_that_was_given_up_lets_another_process_try(mongo: Mongo, clock: Any) -> None:
    one, two, provider = MongoFiles(mongo, clock), MongoFiles(mongo, clock), Provider(takes=60)
    task = asyncio.create_task(one.of(*CHART, provider.upload))
    await provider.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    provider.takes = 0
    assert await asyncio.wait_for(two.of(*CHART, provider.upload), 2) == ("id2", False)
    assert await one.of(*CHART, provider.upload) == ("id2", True)


async def test_who_waits_too_long_uploads_and_only_one_of_them(mongo: Mongo, clock: Any) -> None:
    files, stuck = MongoFiles(mongo, clock, patience=0.3), Provider(takes=60)
    first = asyncio.create_task(files.of(*CHART, stuck.upload))
    await stuck.begun.wait()
    quick = Provider()
    got = await asyncio.wait_for(asyncio.gather(*(files.of(*CHART, quick.upload) for _ in range(100))), 5)
    assert quick.uploads == 1
    assert {identity for identity, _ in got} == {"id1"}
    first.cancel()
    assert await files.of(*CHART, quick.upload) == ("id1", True)


async def test_a_process_that_died_while_uploading_is_waited_for_no_longer_than_patience(
    mongo: Mongo, clock: Any
) -> None:
    dead, alive, provider = MongoFiles(mongo, clock, patience=0.3), MongoFiles(mongo, clock), Provider()
    assert await dead._lease(":".join(CHART), None)
    assert await asyncio.wait_for(alive.of(*CHART, provider.upload), 3) == ("id1", False)


async def test_an_id_ends_when_the_provider_said(mongo: Mongo, clock: Any) -> None:
    provider = Provider()
    provider.until = clock.now() + timedelta(days=29)
    here, there = MongoFiles(mongo, clock), MongoFiles(mongo, clock)
    await here.of(*CHART, provider.upload)
    clock.forward(days=28)
    assert await here.of(*CHART, provider.upload) == ("id1", True)
    assert await there.of(*CHART, provider.upload) == ("id1", True)
    clock.forward(days=2)
    provider.until = clock.now() + timedelta(days=29)
    assert await there.of(*CHART, provider.upload) == ("id2", False)
    assert await here.of(*CHART, provider.upload) == ("id2", True)


async def test_a_refused_id_is_dropped_but_never_a_newer_one(mongo: Mongo, clock: Any) -> None:
    here, there, provider = MongoFiles(mongo, clock), MongoFiles(mongo, clock), Provider()
    await here.of(*CHART, provider.upload)
    await there.of(*CHART, provider.upload)
    await here.drop(*CHART, "id1")
    assert await here.of(*CHART, provider.upload) == ("id2", False)
    await there.drop(*CHART, "id1")  # it hears of the refusal later
    assert await there.of(*CHART, provider.upload) == ("id2", True)
    await here.drop(*CHART, "id1")
    assert await here.of(*CHART, provider.upload) == ("id2", True)
    assert provider.uploads == 2


async def test_a_provider_that_tells_no_id_is_asked_again(mongo: Mongo, clock: Any) -> None:
    files, asked = MongoFiles(mongo, clock), []

    async def upload() -> tuple[str, None]:
        asked.append(1)
        return "", None

    for _ in range(2):
        assert await files.of(*CHART, upload) == ("", False)
    assert len(asked) == 2


async def test_without_a_database_it_goes_on_from_memory(
    mongo: Mongo, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, provider = MongoFiles(mongo, clock), Provider()

    async def away(*_: object) -> None:
        raise Unavailable("away")

    for name in ("_find", "_lease", "_save", "_end_lease", "_forget"):
        monkeypatch.setattr(files, name, away)
    got = await asyncio.gather(*(files.of(*CHART, provider.upload) for _ in range(10)))
    assert provider.uploads == 1
    assert ("id1", True) in got
    await files.drop(*CHART, "id1")
    assert await files.of(*CHART, provider.upload) == ("id2", False)


async def test_memory_is_bounded(mongo: Mongo, clock: Any) -> None:
    files, provider = MongoFiles(mongo, clock, room=3), Provider(takes=0)
    for number in range(6):
        await files.of("meta", "1", str(number), provider.upload)
    assert len(files._known) == 3
    assert not files._flights
    assert await files.of("meta", "1", "0", provider.upload) == ("id1", True)
