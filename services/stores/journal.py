"""What this process is sending at this moment, on the local disk: survives its own death, so that little stays unknown.

The database knows a message as "being sent" a little before its request goes out, and as taken a little after the answer
came. These lines, written with every request and answer, tell for a process that was killed which requests had gone out.
They are trusted only on the same boot of the same machine: a page cache survives a process, not a power failure.
"""

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from services.outbox_store import Left

KEPT: Final = 86_400.0  # seconds
LARGEST: Final = 256 * 1024  # bytes; then the file is written anew with what is still open
_ENDING: Final = ".jsonl"


class FileJournal:
    """``Journal`` in a folder: one file a process.

    Args:
        folder: Where the files lie; made if it is not there.
        owner: This process's name for ever.
    """

    def __init__(self, folder: Path, owner: str) -> None:
        self._folder = folder
        self._path = folder / f"{owner}{_ENDING}"
        self._open: dict[str, str] = {}  # the last line of each message that the database does not know yet
        self._file: int | None = None
        self._size = 0
        self._broken = False

    def open(self) -> None:
        """From now on: of what is not written here nothing went out."""
        if self._file is None:
            self._guarded(self._begin)

    def waits(self, key: str, part: int) -> None:
        """The parts before this one were taken; its request has not gone out."""
        self._write(key, ["waits", key, part])

    def posted(self, key: str, part: int) -> None:
        """The request of this part goes out now."""
        self._write(key, ["posted", key, part])

    def taken(self, key: str, refs: Sequence[str]) -> None:
        """The provider took it all."""
        self._write(key, ["taken", key, *refs])

    def settled(self, key: str) -> None:
        """The database knows what came of it."""
        self._open.pop(key, None)

    def left_by(self, owner: str) -> Left | None:
        """What a dead process of this machine was at; None if that cannot be told."""
        try:
            lines = (self._folder / f"{owner}{_ENDING}").read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return None
        if not lines or lines[0] != _boot() or not lines[0]:
            return None
        posted: set[str] = set()
        waiting: dict[str, int] = {}
        taken: dict[str, tuple[str, ...]] = {}
        for line in lines[1:]:
            with suppress(ValueError, TypeError):  # the last line may be torn
                word, key, *more = json.loads(line)
                posted.discard(key)
                waiting.pop(key, None)
                if word == "posted":
                    posted.add(key)
                elif word == "waits":
                    waiting[key] = int(more[0])
                else:
                    taken[key] = tuple(more)
        return Left(frozenset(posted), waiting, taken)

    def close(self) -> None:
        """The orderly end: nothing is under way any more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if not self._open:
            with suppress(OSError):
                self._path.unlink()

    def _write(self, key: str, line: list[str | int]) -> None:
        text = json.dumps(line)
        self._open[key] = text
        if self._file is None or self._size > LARGEST:
            self._guarded(self._begin)
        else:
            self._guarded(lambda: self._append(f"{text}\n"))

    def _guarded(self, work: Callable[[], None]) -> None:
        if self._broken:
            return
        try:
            work()
        except OSError:
            # A journal with a hole would vouch for what it missed: better none at all.
            self._broken = True
            with suppress(OSError):
                self._path.unlink()

    def _begin(self) -> None:
        """A new file with what is still open, in place of the old one at one stroke."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        fresh = self._path.with_suffix(".new")
        old, self._file = self._file, os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        self._size = 0
        self._append("\n".join((_boot(), *self._open.values(), "")))
        fresh.replace(self._path)
        if old is not None:
            os.close(old)

    def _sweep(self) -> None:
        """Those of dead processes are dealt with within minutes; a write of theirs may still arrive behind that."""
        for path in self._folder.iterdir():
            with suppress(OSError):
                if path != self._path and time.time() - path.stat().st_mtime > KEPT:
                    path.unlink()

    def _append(self, text: str) -> None:
        assert self._file is not None  # noqa: S101  # opened by the caller
        data = text.encode()
        self._size += len(data)
        if os.write(self._file, data) != len(data):
            raise OSError("the disk is full")


def _boot() -> str:
    """This boot of this machine; "" if it cannot be told, and then no journal is trusted."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
