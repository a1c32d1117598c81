"""A real ``python -m bot serve`` in its own process, and a visitor who talks to it over the page's web socket."""

import asyncio
import itertools
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

import aiohttp

ROOT = Path(__file__).parents[2]
READY = re.compile(r"ready: open (http://\S+?)/ and")
PATIENCE = 90.0  # seconds; a loaded machine starts slowly
_OURS = ("MARKETBYTE_", "TELEGRAM_", "TWILIO_", "META_")
_ids = itertools.count()


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without any setting of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith((*_OURS, "PORT"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more}


def free_port() -> int:
    """A port for a server that is killed and comes back to it.

    It is none of those that the system lends to outgoing connections: one of the other tests' might sit there meanwhile.
    """
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Served:
    """The bot on a data dir. It can be stopped, killed and started again on the same data and port.

    ``now`` is where its clock starts ("" = the real time); ``settings`` are further ones.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        now: str = "",
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.now = now
        self.settings = dict(settings or {})
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._said = data_dir / "said.txt"
        self._logged = data_dir / "logged.txt"

    def start(self, *, now: str = "") -> "Served":
        """Start and wait for the line a newcomer waits for."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        clock = {"MARKETBYTE_NOW": now or self.now} if now or self.now else {}
        environment = clean_environment(
            PORT=str(self.port), MARKETBYTE_DATA_DIR=str(self.data_dir), **clock, **self.settings
        )
        with self._said.open("wb") as said, self._logged.open("ab") as logged:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                cwd=self.data_dir,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=logged,
            )
        deadline = time.monotonic() + PATIENCE
        while not READY.search(self._said.read_text()):
            assert self._process.poll() is None, f"serve ended by itself:\n{self.log()}"
            assert time.monotonic() < deadline, f"serve was not ready in {PATIENCE} s:\n{self.log()}"
            time.sleep(0.05)
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def mongod(self) -> int:
        """The process id of the embedded database."""
        return int(json.loads((self.data_dir / "mongo" / "run.json").read_text())["pid"])

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """``kill -9``: no goodbye of any kind."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """The clean end; returns the exit code."""
        return self._end(signal.SIGTERM)

    def log(self) -> str:
        return self._logged.read_text()

    def uri(self) -> str:
        """Where the embedded database listens."""
        from services.stores.embedded import EmbeddedMongo

        return EmbeddedMongo(self.data_dir).uri

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(number)
        return process.wait(timeout=60)


class Visitor:
    """One open socket of the page: what was typed, what came."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key
        self.frames: list[dict] = []

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        self._socket = await self._session.ws_connect(f"{self.url}/chat/ws?key={self.key}")
        await self._socket.send_json({"type": "hello"})
        await self.until(lambda frame: frame["type"] == "history")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        await self._session.close()

    async def say(self, text: str, *, press: str = "") -> None:
        """Say or press something and wait until it is stored on the other side."""
        identity = f"visitor-{os.getpid()}-{next(_ids):06}"
        frame = {"type": "press", "press": press, "title": text} if press else {"type": "say", "text": text}
        await self._socket.send_json({**frame, "id": identity})
        await self.until(lambda came: came["type"] == "accepted" and came["id"] == identity)

    async def ask(self, text: str, expected: str, *, press: str = "") -> dict:
        """Say something and wait for a message that holds these words."""
        await self.say(text, press=press)
        return await self.until(lambda frame: frame["type"] == "message" and expected in words_of(frame))

    async def until(self, wanted: Callable[[dict], bool], seconds: float = PATIENCE) -> dict:
        """The next frame that fits."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    frame = await self._socket.receive_json()
                    self.frames.append(frame)
                    if wanted(frame):
                        return frame
        except TimeoutError:
            last = [words_of(frame) or frame["type"] for frame in self.frames[-5:]]
            raise AssertionError(f"nothing that fits came in {seconds} s; the last: {last}") from None

    async def onboarded(self, holdings: str = "MEBL 40, MZNPETF 60") -> "Visitor":
        """The shortest way through onboarding, with both brief times."""
        await self.ask("Hi", "language")
        await self.ask("English", "Do you agree?")
        await self.ask("yes", "What do you hold?")
        await self.ask(holdings, "Is that right?")
        await self.ask("yes", "When should the brief")
        await self.ask("9 am and 5 pm", "facts, not advice")
        return self


async def history(url: str, key: str) -> list[dict]:
    """What a page opened now would show."""
    async with Visitor(url, key) as visitor:
        return next(frame for frame in visitor.frames if frame["type"] == "history")["messages"]


def words_of(frame: dict) -> str:
    """The words of a message: texts, captions, source."""
    parts = [block.get("text") or block.get("caption") or "" for block in frame.get("blocks", [])]
    return "\n".join([*parts, frame.get("source", "")])
