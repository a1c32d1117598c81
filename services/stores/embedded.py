"""A real `mongod` as our child process, so that the bot runs on a machine where nothing was installed by hand.

One process owns the server of a data directory (a lock tells which); any other joins it. The server listens on a
Unix socket that only our user can open, is a replica set of one (transactions), and ends with its owner.
"""

import asyncio
import fcntl
import hashlib
import json
import logging
import os
import re
import signal
import socket as sockets
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from services.domain.errors import InUse, Unavailable
from services.stores.mongod import find_mongod, is_running, spawn, why_it_ended
from services.stores.replica_set import ReplicaSetOfOne

_log = logging.getLogger(__name__)
_START_SECONDS: Final = 30.0
# The driver takes a member's address in small letters only, and reads colons, commas and percents in it as signs.
_SAFE: Final = re.compile(r"[a-z0-9/._-]+")
_READY_SECONDS: Final = 90.0  # a new server writes its first files, which takes long on a disk that is busy
_STOP_SECONDS: Final = 10.0
_STEADY_SECONDS: Final = (
    20.0  # a server that lived shorter than this is not started again: something is wrong
)
_PATIENCE_MS: Final = 6_000
_LOG_BYTES: Final = 4_000_000
_SOCKET_PATH_BYTES: Final = 100  # the system's limit is 107 with the closing zero


class EmbeddedMongo:
    """The database server of one data directory.

    Args:
        data_dir: Where everything of this installation lies; the server's files go to ``data_dir/mongo``.
        binary: A `mongod` to use; None looks for one.
        steady_seconds: A server that dies under us is started again if it had lived for so long.
    """

    def __init__(
        self, data_dir: Path, *, binary: Path | None = None, steady_seconds: float = _STEADY_SECONDS
    ) -> None:
        self._home = data_dir.absolute() / "mongo"
        self._data = self._home / "db"
        self._log_file = self._home / "mongod.log"
        self._run_file = self._home / "run.json"
        self._socket = _socket_path(self._home)
        self._binary = binary
        self._steady_seconds = steady_seconds
        self._lock: IO[bytes] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper: threading.Thread | None = None
        self._stopping = threading.Event()
        self._failure: Exception | None = None

    @property
    def owner(self) -> bool:
        """Whether the server is our child (else we joined another process's)."""
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        """The server's process id, ours or joined; None when it is not known."""
        with suppress(OSError, ValueError, KeyError):
            return int(json.loads(self._run_file.read_text())["pid"])
        return None

    @property
    def failure(self) -> str:
        """Why the server ended for good; "" while it runs."""
        return str(self._failure or "")

    @property
    def uri(self) -> str:
        """What :func:`services.stores.mongo.connect` takes; named as a replica set, a write waits out a restart."""
        return f"{self._address}?replicaSet=rs0&serverSelectionTimeoutMS={_PATIENCE_MS}"

    @property
    def _address(self) -> str:
        return f"mongodb://{quote(str(self._socket), safe='')}/"

    async def start(self) -> str:
        """Start the server, or join the one that runs; returns its URI once it can be written to.

        Raises:
            BadSetting: There is no server binary, or it cannot run here.
            InUse: Another process holds the directory, but its server does not answer.
            Unavailable: The server ended or did not become ready.
        """
        await asyncio.to_thread(self._start)
        return self.uri

    async def stop(self) -> None:
        """Stop our server cleanly; a joined one is left alone. Twice is once."""
        await asyncio.to_thread(self._stop)

    def _start(self) -> None:
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _until(self._owned_or_joined, seconds=_START_SECONDS):
            raise InUse(
                f"{self._home.parent} is held by another marketbyte process whose database does not answer: "
                "stop that process, or set MARKETBYTE_DATA_DIR to another directory"
            )
        if not self.owner:
            _log.info("joined the embedded database of another process")
            return
        try:
            self._own()
        except BaseException:
            self._stop()
            raise

    def _owned_or_joined(self) -> bool:
        if self._take_lock():
            return True
        if not self._answers():  # its owner is still starting it, or is just ending
            return False
        with self._replica_set() as server:
            return server.writable()

    def _replica_set(self) -> ReplicaSetOfOne:
        return ReplicaSetOfOne(f"{self._address}?directConnection=true", str(self._socket))

    def _take_lock(self) -> bool:
        lock = (self._home / "lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _own(self) -> None:
        self._end_leftover()
        self._data.mkdir(mode=0o700, exist_ok=True)
        self._socket.unlink(missing_ok=True)
        if self._log_file.exists() and self._log_file.stat().st_size > _LOG_BYTES:
            self._log_file.replace(self._log_file.with_suffix(".old.log"))
        binary = self._binary or find_mongod(self._home)
        self._stopping.clear()
        self._failure = None
        # A thread of its own: the kernel ends the child when the thread that forked it ends, and this one only waits.
        self._keeper = threading.Thread(target=self._keep, args=(binary,), name="mongod-keeper", daemon=True)
        self._keeper.start()
        ready = _until(lambda: self._failure is not None or self._answers(), seconds=_READY_SECONDS)
        if self._failure is not None:
            raise self._failure
        with self._replica_set() as server:
            ready = ready and _until(server.made_writable, seconds=_READY_SECONDS)
        if not ready:
            raise Unavailable(f"the embedded database did not become ready; its log is {self._log_file}")

    def _keep(self, binary: Path) -> None:
        """Wait for the server; start it again when it dies under us, unless it does so at once."""
        while not self._stopping.is_set():
            born = time.monotonic()
            try:
                self._child = spawn(binary, data=self._data, socket=self._socket, log=self._log_file)
            except Exception as error:  # noqa: BLE001 - handed to start(), which raises it
                self._failure = error
                return
            self._run_file.write_text(json.dumps({"pid": self._child.pid, "owner": os.getpid()}))
            code = self._child.wait()
            if self._stopping.is_set():
                return
            if time.monotonic() - born < self._steady_seconds:
                self._failure = Unavailable(why_it_ended(code, self._log_file))
                _log.error("the embedded database ended for good: %s", self._failure)
                return
            _log.warning("the embedded database died (code %d) and is started again", code)

    def _answers(self) -> bool:
        with sockets.socket(sockets.AF_UNIX) as probe:
            probe.settimeout(1.0)
            try:
                probe.connect(str(self._socket))
            except OSError:
                return False
            return True

    def _end_leftover(self) -> None:
        """After a ``kill -9`` of its owner a server may still be shutting down: wait for it, then insist."""
        pid = self.pid
        if pid is None:
            return
        for wanted in (None, signal.SIGTERM, signal.SIGKILL):
            if wanted is not None and is_running(pid, self._data):
                with suppress(ProcessLookupError):
                    os.kill(pid, wanted)
            if _until(lambda: not is_running(pid, self._data), seconds=_STOP_SECONDS / 2):
                break
        self._run_file.unlink(missing_ok=True)

    def _stop(self) -> None:
        if not self.owner:
            return
        self._stopping.set()
        child, keeper = self._child, self._keeper
        if child is not None and child.poll() is None:
            child.terminate()
            if not _until(lambda: child.poll() is not None, seconds=_STOP_SECONDS):
                child.kill()
        if keeper is not None:
            keeper.join(_STOP_SECONDS)
        self._child = self._keeper = None
        self._run_file.unlink(missing_ok=True)
        self._socket.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _socket_path(home: Path) -> Path:
    path = home / "mongod.sock"
    if len(os.fsencode(path)) <= _SOCKET_PATH_BYTES and _SAFE.fullmatch(str(path)):
        return path
    short = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    base = tempfile.gettempdir()
    folder = Path(base if _SAFE.fullmatch(base) else "/tmp") / f"marketbyte-{os.getuid()}-{short}"  # noqa: S108
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise InUse(f"{folder} belongs to another user: set MARKETBYTE_DATA_DIR to a shorter path")
    return folder / "mongod.sock"


def _until(true: Callable[[], bool], *, seconds: float) -> bool:
    """Ask again every 10 ms, in a worker thread, until the answer is yes or the time is up."""
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.01)
    return True
