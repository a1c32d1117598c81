"""Who is alive: the dead are told from the slow, and a time in which nobody listened is remembered."""

import asyncio
import sys
import time
from typing import Any

import pytest

from services.domain.errors import Unavailable
from services.stores import processes as module
from services.stores.mongo import Mongo
from services.stores.processes import MongoProcesses


async def test_every_process_has_a_name_of_its_own(mongo: Mongo, clock: Any) -> None:
    names = {MongoProcesses(mongo, clock).instance for _ in range(50)}
    assert len(names) == 50


async def test_who_beats_is_alive_and_who_left_is_dead(mongo: Mongo, clock: Any) -> None:
    one, two = MongoProcesses(mongo, clock), MongoProcesses(mongo, clock)
    async with two.beating():
        assert await one.dead_owners([one.instance, two.instance, ""]) == set()
    assert await one.dead_owners([one.instance, two.instance]) == {two.instance}
    assert await two.dead_owners([two.instance]) == set(), "nobody calls itself dead"


async def test_a_process_of_this_machine_that_is_gone_is_seen_at_once(
    mongo: Mongo, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")
    await ended.wait()
    one, two = MongoProcesses(mongo, clock), MongoProcesses(mongo, clock)
    with monkeypatch.context() as patched:
        patched.setattr(module.os, "getpid", lambda: ended.pid)
        await two.beat()
    assert await one.dead_owners([two.instance]) == {two.instance}
    with monkeypatch.context() as patched:  # the same number on another machine says nothing
        patched.setattr(module, "_place", lambda: "elsewhere")
        assert await one.dead_owners([two.instance]) == set()


async def test_a_process_elsewhere_is_dead_when_its_beats_have_stopped(
    mongo: Mongo, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = MongoProcesses(mongo, clock), MongoProcesses(mongo, clock)
    await two.beat()
    monkeypatch.setattr(module, "_place", lambda: "elsewhere")
    monkeypatch.setattr(module, "DEAD_AFTER", 0.05)
    await asyncio.sleep(0.2)
    assert await one.dead_owners([two.instance, "never-seen"]) == {two.instance, "never-seen"}


async def test_after_a_silence_of_the_database_nobody_is_called_dead_at_once(
    mongo: Mongo, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = MongoProcesses(mongo, clock), MongoProcesses(mongo, clock)
    await two.beat()
    await mongo["processes"].update_one(
        {"_id": two.instance},
        {"$set": {"place": "elsewhere", "beat_at": module.datetime.fromtimestamp(0, module.UTC)}},
    )
    one._steady_since = one._last_beat = time.monotonic() - 100
    assert await one.dead_owners([two.instance]) == {two.instance}
    await one.beat()  # the first for 100 seconds: the others had no chance either
    assert await one.dead_owners([two.instance]) == set()


async def test_the_time_in_which_nobody_listened_is_remembered(mongo: Mongo, clock: Any) -> None:
    first = MongoProcesses(mongo, clock)
    await first.listen()
    assert first.down() is None
    worker = MongoProcesses(mongo, clock)
    clock.forward(minutes=5)
    left = clock.now()
    await first.leave()
    clock.forward(hours=2)
    await worker.beat()  # a part that takes no messages is no help to anybody who writes
    second = MongoProcesses(mongo, clock)
    await second.listen()
    assert second.down() == (left, clock.now())
    assert second.last_alive_before_start() == left


async def test_a_process_that_was_suspended_knows_when_nobody_could_reach_it(
    mongo: Mongo, clock: Any
) -> None:
    one = MongoProcesses(mongo, clock)
    await one.listen()
    left = clock.now()
    clock.forward(hours=3)
    one._last_beat -= 3 * 3600
    await one.beat()
    assert one.down() == (left, clock.now())


async def test_a_beat_that_fails_is_made_up_by_the_next(
    mongo: Mongo, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, beats = MongoProcesses(mongo, clock), []

    async def beat() -> None:
        beats.append(1)
        if len(beats) == 2:
            raise Unavailable("away")

    monkeypatch.setattr(module, "BEAT_EVERY", 0.01)
    monkeypatch.setattr(one, "beat", beat)
    async with one.beating():
        deadline = time.monotonic() + 5
        while len(beats) < 4 and time.monotonic() < deadline:  # noqa: ASYNC110  # the beat knows no event
            await asyncio.sleep(0.01)
    assert len(beats) >= 4
