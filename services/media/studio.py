"""Our end of the child process that speaks: it is started when first needed and ended to give its memory back."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import services
from services.domain.errors import Unavailable

_ROOT = Path(services.__file__).parent.parent


class Studio:
    """One child process. Every method blocks: one worker thread at a time calls them, never the event loop.

    Args:
        patience: Seconds that one answer may take before the child is ended as stuck; loading takes one or two.
    """

    def __init__(self, patience: float = 60.0) -> None:
        self._patience = patience
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return self._child.pid if self._child else None

    def record(
        self, voice: str, gain_db: float, texts: Sequence[str], *, speed: float
    ) -> Iterator[tuple[bytes, ...]]:
        """The Opus packets of each text, in order, as soon as each is ready; ``speed`` 1.0 is the engine's own pace.

        Raises ``Unavailable`` at the first text that cannot be spoken, or if the child dies; what came before is good.
        """
        orders = [{"voice": voice, "text": text, "gain": gain_db, "speed": speed} for text in texts]
        self._send(b"".join(json.dumps(order).encode() + b"\n" for order in orders))
        for left in range(len(texts), 0, -1):
            try:
                yield self._answer()
            except Unavailable:
                self._skip(left - 1)
                raise

    def mp3(self, sound: bytes) -> bytes:
        """A coded sound as MP3."""
        self._send(json.dumps({"mp3": len(sound)}).encode() + b"\n" + sound)
        return self._answer()[0]

    def end(self) -> None:
        """End the child; the next order starts a new one."""
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                _closed(pipe)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _send(self, data: bytes) -> None:
        child = self._running()
        assert child.stdin is not None  # noqa: S101  # it was asked for
        try:
            child.stdin.write(data)
            child.stdin.flush()
        except OSError as broken:
            raise self._lost() from broken

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self.end()
        if self._child is None:
            order = [sys.executable, "-m", "services.media.booth"]
            self._child = subprocess.Popen(order, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT)  # noqa: S603  # our own module
        return self._child

    def _answer(self) -> tuple[bytes, ...]:
        child = self._running()
        assert child.stdout is not None  # noqa: S101  # it was asked for
        watchdog = threading.Timer(self._patience, child.kill)
        watchdog.start()
        try:
            line = child.stdout.readline()
            head = json.loads(line) if line.endswith(b"\n") else None
            parts = [child.stdout.read(size) for size in head["sizes"]] if head and "sizes" in head else []
        finally:
            watchdog.cancel()
        if head is None or [len(part) for part in parts] != head.get("sizes", []):
            raise self._lost()
        if "error" in head:
            raise Unavailable(head["error"], what="voice")
        return tuple(parts)

    def _skip(self, answers: int) -> None:
        """Read off what was ordered behind a failure, so that the next order meets its own answer."""
        for _ in range(answers):
            if self._child is None:
                return
            try:
                self._answer()
            except Unavailable:
                continue

    def _lost(self) -> Unavailable:
        child = self._child
        self.end()
        code = child.returncode if child else None
        return Unavailable(
            f"the voice process ended (code {code}); the next order starts a new one", what="voice"
        )


def _closed(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # what was still buffered has nobody to read it
        return
