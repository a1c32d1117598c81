"""Spoken sentences kept on disk under the hash of all that shaped them, the newest ones in memory too."""

import hashlib
import os
import struct
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

from services.media.joining import Snippet, paged

_MAGIC = b"MBSNIP1\n"
_HEAD = struct.Struct("<8s32sI")
_ENDING = ".snippet"
_HALF_WRITTEN = ".half"


class SnippetCache:
    """A folder of snippets. Every method may be called from any thread; each touches the disk, so none from the loop.

    Args:
        folder: Made at first use.
        limit: Bytes on disk; when it is passed, the least recently read files go until nine tenths are left.
        in_memory: Bytes kept in memory, the last used ones.
    """

    def __init__(self, folder: Path, *, limit: int = 256 * 2**20, in_memory: int = 8 * 2**20) -> None:
        self._folder = folder
        self._limit = limit
        self._in_memory = in_memory
        self._recent: OrderedDict[str, Snippet] = OrderedDict()
        self._recent_bytes = 0
        self._disk_bytes: int | None = None
        self._lock = threading.Lock()

    @staticmethod
    def key(*parts: str) -> str:
        """The name of a snippet: SHA-256 over all that shapes its sound, in order."""
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def get(self, key: str) -> Snippet | None:
        """The snippet, or None if it was never kept or its file is damaged (which is then removed)."""
        with self._lock:
            if key in self._recent:
                self._recent.move_to_end(key)
                return self._recent[key]
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        snippet = _unpacked(data)
        if snippet is None:
            path.unlink(missing_ok=True)
            return None
        _touch(path)
        self._remember(key, snippet)
        return snippet

    def put(self, key: str, packets: tuple[bytes, ...]) -> Snippet:
        """Keep the packets; a full or read-only disk costs the cache, never the voice note."""
        snippet = paged(packets)
        self._remember(key, snippet)
        data = _packed(packets)
        try:
            self._write(self._path(key), data)
        except OSError:
            return snippet
        self._make_room(len(data))
        return snippet

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / (key + _ENDING)

    def _remember(self, key: str, snippet: Snippet) -> None:
        with self._lock:
            old = self._recent.pop(key, None)
            self._recent_bytes += snippet.size - (old.size if old else 0)
            self._recent[key] = snippet
            while self._recent_bytes > self._in_memory and len(self._recent) > 1:
                self._recent_bytes -= self._recent.popitem(last=False)[1].size

    def _write(self, path: Path, data: bytes) -> None:
        """Beside its place first, then renamed: a crash leaves the old file, the new one, or a ``.half`` that nobody reads."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=_HALF_WRITTEN, delete=False) as half:
            try:
                half.write(data)
                half.close()
                Path(half.name).replace(path)
            except OSError:
                Path(half.name).unlink(missing_ok=True)
                raise

    def _make_room(self, added: int) -> None:
        with self._lock:
            first = self._disk_bytes is None
            self._disk_bytes = self._sweep() if first else (self._disk_bytes or 0) + added
            if self._disk_bytes > self._limit:
                self._disk_bytes = self._sweep(keep=self._limit * 9 // 10)

    def _sweep(self, keep: int | None = None) -> int:
        """Bytes on disk after removing half-written files and, with ``keep``, the oldest beyond that many bytes."""
        found: list[tuple[float, int, Path]] = []
        for path in self._folder.glob("*/*"):
            try:
                state = path.stat()
                if path.suffix == _HALF_WRITTEN:
                    path.unlink()
                elif path.suffix == _ENDING:
                    found.append((state.st_mtime, state.st_size, path))
            except OSError:  # another process was quicker
                continue
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if keep is None or total <= keep:
                break
            path.unlink(missing_ok=True)
            total -= size
        return total


def _touch(path: Path) -> None:
    try:
        os.utime(path)
    except OSError:  # a read-only cache is still a cache
        return


def _packed(packets: tuple[bytes, ...]) -> bytes:
    body = struct.pack(f"<{len(packets)}H", *map(len, packets)) + b"".join(packets)
    return _HEAD.pack(_MAGIC, hashlib.sha256(body).digest(), len(packets)) + body


def _unpacked(data: bytes) -> Snippet | None:
    if len(data) < _HEAD.size:
        return None
    magic, digest, count = _HEAD.unpack_from(data)
    body = data[_HEAD.size :]
    if magic != _MAGIC or hashlib.sha256(body).digest() != digest or not count:
        return None
    lengths = struct.unpack_from(f"<{count}H", body)
    packets, start = [], count * 2
    for length in lengths:
        packets.append(body[start : start + length])
        start += length
    return paged(packets)
