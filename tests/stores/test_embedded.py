"""The embedded server: ready, joined, restarted, moved, and never left behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.domain.errors import BadSetting, Unavailable
from services.stores.embedded import EmbeddedMongo
from services.stores.mongo import Mongo, connect
from services.stores.mongod import find_mongod, is_running
from services.stores.operations import MongoOperations

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 8, 20, tzinfo=UTC)
OWNER = """
import asyncio, sys
from pathlib import Path
from services.stores.embedded import EmbeddedMongo
from services.stores.mongo import connect
from services.stores.operations import MongoOperations
async def main():
    server = EmbeddedMongo(Path(sys.argv[1]))
    mongo = await connect(await server.start())
    await MongoOperations(mongo, str).set_paused(paused=True)
    print(server.pid, server.owner, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await mongo.close()
    await server.stop()
asyncio.run(main())
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(
        prefix="mb-", ignore_cleanup_errors=True
    ) as folder:  # short: it holds a socket
        yield Path(folder)


Make = Callable[..., EmbeddedMongo]


@pytest.fixture
async def embedded(home: Path) -> AsyncIterator[Make]:
    """Makes servers and stops them, whatever becomes of the test."""
    made: list[EmbeddedMongo] = []

    def make(folder: Path, **options: float) -> EmbeddedMongo:
        made.append(EmbeddedMongo(folder, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for server in made:
        await server.stop()


def owner(home: Path) -> tuple[subprocess.Popen[str], int, bool]:
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    pid, owns = process.stdout.readline().split()
    return process, int(pid), owns == "True"


def ended(process: subprocess.Popen[str]) -> None:
    process.communicate("", timeout=30)


def gone(pid: int, home: Path, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(pid, home / "mongo" / "db"):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


async def paused(server: EmbeddedMongo) -> bool:
    mongo = await connect(server.uri)
    try:
        return await MongoOperations(mongo, str).paused()
    finally:
        await mongo.close()


@pytest.mark.slow
async def test_data_stays_through_stop_and_start_and_a_moved_directory(home: Path, embedded: Make) -> None:
    server = embedded(home / "one")
    mongo = await connect(await server.start())
    assert server.owner
    await MongoOperations(mongo, str).set_paused(paused=True)
    await mongo.close()
    pid = server.pid
    await server.stop()
    await server.stop()
    assert pid
    assert gone(pid, home / "one", seconds=0.5)
    assert not server.owner
    (home / "one").rename(home / "two")
    moved = embedded(home / "two")
    await moved.start()
    assert await paused(moved)
    await moved.stop()
    await moved.start()  # the same object again
    assert await paused(moved)
    await moved.stop()


@pytest.mark.slow
async def test_killed_under_us_it_is_started_again_once_and_nothing_is_lost(
    home: Path, embedded: Make
) -> None:
    server = embedded(home, steady_seconds=0.0)
    mongo = await connect(await server.start())
    operations = MongoOperations(mongo, str)
    for n in range(20):
        await operations.claim_slot(f"s{n}", AT)
    first = server.pid
    assert first
    os.kill(first, signal.SIGKILL)
    assert await operations.claim_slot("after", AT)  # the driver waits for the new server and tries again
    assert server.pid != first
    assert len(await operations.slots(limit=50)) == 21
    await mongo.close()
    await server.stop()


@pytest.mark.slow
async def test_dying_at_once_again_it_stays_down_and_says_so(home: Path, embedded: Make) -> None:
    server = embedded(home)
    mongo = await connect(await server.start())
    assert server.pid
    assert server.failure == ""
    os.kill(server.pid, signal.SIGKILL)
    with pytest.raises(Unavailable, match="does not answer"):
        await mongo.ping()
    await asyncio.sleep(0.2)
    assert "ended with code -9" in server.failure
    await mongo.close()
    await server.stop()


@pytest.mark.slow
async def test_a_second_process_joins_and_does_not_stop_it(home: Path, embedded: Make) -> None:
    process, pid, owns = owner(home)
    assert owns
    joiner = embedded(home)
    assert await joiner.start() == joiner.uri
    assert not joiner.owner
    assert joiner.pid == pid
    assert await paused(joiner)
    mongo = await connect(joiner.uri)
    await joiner.stop()
    await mongo.ping()
    ended(process)
    with pytest.raises(Unavailable, match="does not answer"):
        await mongo.ping()
    await mongo.close()
    await joiner.start()  # the directory is free: now it owns
    assert joiner.owner
    await joiner.stop()


@pytest.mark.slow
async def test_after_kill_9_of_its_owner_the_server_goes_and_the_next_one_recovers(
    home: Path, embedded: Make
) -> None:
    process, pid, _ = owner(home)
    process.kill()
    process.communicate()
    server = embedded(home)  # at once, while the old server may still be ending
    await server.start()
    assert gone(pid, home, seconds=0.0)
    assert server.owner
    assert await paused(server)
    await server.stop()
    process, pid, _ = owner(home)
    process.kill()
    process.communicate()
    assert gone(pid, home, seconds=5.0)


@pytest.mark.slow
async def test_stale_files_of_a_crashed_machine_do_no_harm(home: Path, embedded: Make) -> None:
    process, pid, _ = owner(home)
    os.kill(pid, signal.SIGKILL)
    process.kill()
    process.communicate()
    (home / "mongo" / "run.json").write_text(
        json.dumps({"pid": os.getpid()})
    )  # the id now belongs to somebody else
    server = embedded(home)
    await server.start()
    assert await paused(server)
    await server.stop()


@pytest.mark.slow
async def test_a_long_path_gets_a_short_socket(home: Path, embedded: Make) -> None:
    server = embedded(home / ("long" * 40))
    await server.start()
    assert not await paused(server)
    await server.stop()


async def test_a_binary_that_may_not_be_executed_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = find_mongod(tmp_path)
    frozen = tmp_path / "site" / "mongod"
    frozen.parent.mkdir()
    frozen.write_bytes(b"#!/bin/sh\n")
    frozen.chmod(0o644)
    real = os.access
    monkeypatch.setattr("os.access", lambda path, mode: path != frozen and real(path, mode))
    monkeypatch.setattr("services.stores.mongod._in_package", lambda _: frozen)
    copy = find_mongod(tmp_path / "scratch")
    assert copy == tmp_path / "scratch" / "mongod"
    assert os.access(copy, os.X_OK)
    assert original.name == "mongod"


async def test_no_binary_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.stores.mongod._PACKAGES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadSetting, match=r"docker run .*MARKETBYTE_MONGODB_URI="):
        await EmbeddedMongo(tmp_path).start()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "echo 'x: error while loading shared libraries: libcurl.so.4: cannot open' >&2; exit 127",
            "install libcurl4",
        ),
        ("kill -ILL $$", "AVX"),
        ("exit 3", r"code 3; its log is .*mongod\.log"),
    ],
)
async def test_a_server_that_cannot_run_here_says_why(home: Path, script: str, said: str) -> None:
    binary = home / "mongod"
    binary.write_text(f"#!/bin/sh\n{script}\n")
    binary.chmod(0o755)
    server = EmbeddedMongo(home, binary=binary)
    with pytest.raises(Unavailable, match=said):
        await server.start()
    assert not server.owner
    binary.write_bytes(b"\x7fELF no machine of ours")
    with pytest.raises(BadSetting, match="cannot be executed"):
        await server.start()


async def test_the_database_of_a_second_connection_is_prepared_once(mongo: Mongo, mongo_uri: str) -> None:
    again = await asyncio.gather(*(connect(mongo_uri, mongo.database.name) for _ in range(4)))
    names = await again[0].database.list_collection_names()
    for connection in again:
        await connection.close()
    assert {"users", "inbox", "outbox", "sessions", "alerts", "slots", "tickets"} <= set(names)


async def test_an_older_index_and_validator_are_brought_up_to_date(mongo: Mongo, mongo_uri: str) -> None:
    await mongo["inbox"].drop_index("forget")
    await mongo["inbox"].create_index([("kept_at", 1)], name="forget", expireAfterSeconds=5)
    await mongo.database.command({"collMod": "inbox", "validator": {}})
    await (await connect(mongo_uri, mongo.database.name)).close()
    info = await mongo["inbox"].index_information()
    assert info["forget"]["expireAfterSeconds"] == 14 * 86400
    listed = await mongo.database.command({"listCollections": 1, "filter": {"name": "inbox"}})
    assert listed["cursor"]["firstBatch"][0]["options"]["validator"]


async def test_a_wrong_uri_names_the_setting() -> None:
    for uri in ("http://127.0.0.1", "mongodb://", "mongodb://a:b:c@127.0.0.1/"):
        with pytest.raises(BadSetting, match="MARKETBYTE_MONGODB_URI"):
            await connect(uri)


@pytest.mark.parametrize("name", ["Ali Khan", "MarketByte", "a:b,c%20", "علی"])
async def test_a_folder_may_have_any_name(home: Path, embedded: Make, name: str) -> None:
    mongo = await connect(await embedded(home / name).start())  # the driver writes addresses in small letters
    await MongoOperations(mongo, str).set_paused(paused=True)
    await mongo.close()
