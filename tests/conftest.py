"""What all tests share: one embedded MongoDB a worker, a fresh database a test, no way out of this machine."""

import asyncio
import functools
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.bootstrap import build_bot
from bot.config import Settings
from bot.world import open_world
from services.sources import sample
from services.stores.embedded import EmbeddedMongo
from tests.fakes.databases import emptied
from tests.fakes.redis_server import REDIS
from tests.fakes.sender import Recorder
from tests.fakes.talk import RecordedBot, SentFiles

KARACHI = ZoneInfo("Asia/Karachi")
SAMPLE_MORNING = datetime(2026, 8, 20, 8, 30, tzinfo=KARACHI)
CHROMIUM = shutil.which("chromium")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches outside the loopback fails loudly."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address) -> None:
        host = address[0] if isinstance(address, tuple) else "unix"
        assert host in {"127.0.0.1", "::1", "localhost", "unix"}, f"a test reaches out to {host}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow ones first, or one worker would end alone with them.

    Without Debian's chromium or redis-server their tests are skipped with the reason; CI installs both and allows no skip.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if os.environ.get("MARKETBYTE_NO_SKIP"):
        return
    missing = [name for name, found in (("chromium", CHROMIUM), ("redis", REDIS)) if not found]
    package = {"chromium": "chromium", "redis": "redis-server"}
    for item in items:
        for name in missing:
            if item.get_closest_marker(name):
                reason = f"needs Debian's {package[name]}: apt-get install {package[name]}"
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where no skip is allowed, one fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("MARKETBYTE_NO_SKIP") and skipped and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def sample_once() -> Iterator[None]:
    """A process reads the frozen day once in its life; so does this one, however many bots it opens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "read", functools.cache(sample.read))
        yield


@pytest.fixture(scope="session")
def mongo_uri() -> Iterator[str]:
    """A real embedded server for the whole run of this worker."""
    with tempfile.TemporaryDirectory(prefix="mb-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedMongo(Path(folder))
        yield asyncio.run(server.start())
        asyncio.run(server.stop())


@pytest.fixture(scope="session")
def voice_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Spoken snippets are kept for the whole run and shared by its workers, as processes share them in life."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "voice"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def settings(mongo_uri: str, tmp_path: Path, voice_folder: Path) -> Settings:
    """Settings of a bot on the embedded parts, on the sample morning."""
    (tmp_path / "voice").symlink_to(voice_folder)
    return Settings(
        MARKETBYTE_MONGODB_URI=mongo_uri,
        MARKETBYTE_DATA_DIR=tmp_path,
        MARKETBYTE_NOW=SAMPLE_MORNING,
        MARKETBYTE_PUBLIC_URL="http://127.0.0.1:8080",
        _env_file=None,
    )


@pytest.fixture
async def bot(settings: Settings) -> AsyncIterator[RecordedBot]:
    """The whole bot on a fresh database; what it sends is recorded instead of sent."""
    recorder = Recorder()
    async with open_world(settings, database=emptied(settings.mongodb_uri, "bot")) as world:
        yield RecordedBot(build_bot(replace(world, sender=recorder, fetch=SentFiles())), recorder)
