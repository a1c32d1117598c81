"""Lends the embedded mongod the one system library that small machines lack: libcurl, from pycurl's own wheel."""

import ctypes
import os
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Final

_WANTED: Final = "libcurl.so.4"
_LENDER: Final = "pycurl"  # its wheel carries libcurl and all that libcurl needs


def lent_libraries(scratch: Path, *, missing: bool | None = None) -> dict[str, str]:
    """The environment a server needs beyond ours: empty where the system has libcurl, or where nobody can lend it.

    Args:
        scratch: A directory of ours, where the library gets the name that the server looks for.
        missing: Whether the system lacks it; found out if None.
    """
    if not (_is_missing() if missing is None else missing):
        return {}
    library = _in_wheel()
    if library is None:
        return {}
    folder = scratch / "libraries"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / _WANTED
    with suppress(FileNotFoundError):
        link.unlink()
    link.symlink_to(library)
    # The library's own needs are looked up beside the link's name, so their true folder is named too.
    paths = [str(folder), str(library.parent), *filter(None, [_inherited()])]
    return {"LD_LIBRARY_PATH": ":".join(paths)}


def _is_missing() -> bool:
    try:
        ctypes.CDLL(_WANTED)
    except OSError:
        return True
    return False


def _in_wheel() -> Path | None:
    try:
        files = metadata.distribution(_LENDER).files or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name.startswith("libcurl-") and ".so" in file.name:
            return Path(str(file.locate())).resolve()
    return None


def _inherited() -> str:
    return os.environ.get("LD_LIBRARY_PATH", "")  # noqa: TID251  # no setting of ours: the loader's own path is kept
