"""The raw archive: every page's bytes as they came, once, with a note of each coming; what the lake is rebuilt from."""

import asyncio
import hashlib
import re
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore

from services.domain.errors import NotAvailable
from services.market_store import Raw
from services.stores.objects import code_of, unreachable

_ID: Final = re.compile(r"[0-9a-f]{64}")
_SECRET: Final = re.compile(
    r"auth|cookie|(^|[-_])(api|access|private|secret)?[-_]?key$|apikey|token|secret|passw|pwd|sign|credential|session",
    re.IGNORECASE,
)
_AT_ONCE: Final = 32
_NOTES: Final = "raw/notes"


class ObjectRaw:
    """``RawArchive`` on object storage.

    ``raw/<aa>/<sha256>`` holds the bytes, written once and never changed. ``raw/notes/<date>/<time>-<order>-<id>.json``
    is one coming (UTC of its ``fetched_at``; ``order`` is the machine's time in nanoseconds, so that comings of one moment
    keep their order). The bytes are written first: after a crash in between there are bytes that nobody lists, never a
    note without bytes.

    Args:
        store: What ``objects.open_store`` opened.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._order = 0

    async def keep(self, raw: Raw, body: bytes) -> None:
        """Keep bytes before anybody reads them. Tokens, cookies and keys are not written into the note.

        Raises:
            Unavailable: The folder or bucket did not take them.
            ValueError: ``raw.id`` is not the body's SHA-256, or its time has no zone (a mistake of the caller).
        """
        if raw.id != hashlib.sha256(body).hexdigest():
            raise ValueError("a raw page's id is the SHA-256 of its bytes")
        if raw.fetched_at.tzinfo is None:
            raise ValueError("a raw page's time needs its zone")
        try:
            await self._keep_body(_path(raw.id), body)
            await self._note(raw, len(body))
        except (BaseError, OSError) as error:
            raise unreachable(error, "raw archive") from error

    async def _keep_body(self, path: str, body: bytes) -> None:
        try:
            await self._store.put_async(path, body, mode="create")
        except AlreadyExistsError:
            if (await self._store.head_async(path))["size"] != len(body):  # cut short by a full disk
                await self._store.put_async(path, body)

    async def _note(self, raw: Raw, size: int) -> None:
        at = raw.fetched_at.astimezone(UTC)
        self._order = max(self._order + 1, time.time_ns())
        name = f"{at:%H%M%S.%f}-{self._order:020d}-{raw.id[:12]}{secrets.token_hex(2)}"
        text = orjson.dumps(_note(raw, size), option=orjson.OPT_SORT_KEYS)
        with suppress(AlreadyExistsError):  # ours: it was put, the answer was lost, the library put it again
            await self._store.put_async(f"{_NOTES}/{at:%Y-%m-%d}/{name}.json", text, mode="create")

    async def body(self, raw_id: str) -> bytes:
        """The bytes, checked against their hash.

        Raises:
            NotAvailable: There are none of that id, or they are damaged.
            Unavailable: The folder or bucket did not answer.
        """
        if not _ID.fullmatch(raw_id):
            raise NotAvailable("that is no id of a raw page", what="raw page")
        found = await self._read(_path(raw_id))
        if hashlib.sha256(found).hexdigest() != raw_id:
            raise NotAvailable(f"raw page {raw_id}: its bytes are damaged on the storage", what="raw page")
        return found

    async def listed(self) -> AsyncIterator[Raw]:
        """Every coming, in its order; the same bytes come as often as they came."""
        for day in await self._days():
            paths = await self._paths(day)
            for start in range(0, len(paths), _AT_ONCE):
                group = paths[start : start + _AT_ONCE]
                for text in await asyncio.gather(*(self._read(path) for path in group)):
                    yield _raw(orjson.loads(text))

    async def _days(self) -> list[str]:
        try:
            found = await self._store.list_with_delimiter_async(_NOTES)
        except (BaseError, OSError) as error:
            raise unreachable(error, "raw archive") from error
        return sorted(found["common_prefixes"])

    async def _paths(self, day: str) -> list[str]:
        try:
            return sorted([note["path"] async for chunk in self._store.list(day) for note in chunk])
        except (BaseError, OSError) as error:
            raise unreachable(error, "raw archive") from error

    async def _read(self, path: str) -> bytes:
        try:
            found = await self._store.get_async(path)
            return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            if code_of(error) == "NoSuchBucket":
                raise unreachable(error, "raw archive") from error
            raise NotAvailable(f"no raw page {path}", what="raw page") from None
        except (BaseError, OSError) as error:
            raise unreachable(error, "raw archive") from error


def _path(raw_id: str) -> str:
    return f"raw/{raw_id[:2]}/{raw_id}"


def _note(raw: Raw, size: int) -> dict[str, object]:
    return {
        "id": raw.id,
        "name": raw.name,
        "source": raw.source,
        "fetched_at": raw.fetched_at.isoformat(),
        "content_type": raw.content_type,
        "url": _open_url(raw.url),
        "asked": _open(raw.asked),
        "headers": _open(raw.headers),
        "size": size,
    }


def _raw(note: Mapping[str, Any]) -> Raw:
    return Raw(
        note["id"],
        note["name"],
        note["source"],
        datetime.fromisoformat(note["fetched_at"]),
        note["content_type"],
        note["url"],
        note["asked"],
        note["headers"],
    )


def _open(named: Mapping[str, str]) -> dict[str, str]:
    """Without what opens a door."""
    return {name: value for name, value in named.items() if not _SECRET.search(name)}


def _open_url(url: str) -> str:
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    open_query = [(name, value) for name, value in query if not _SECRET.search(name)]
    if open_query == query and "@" not in parts.netloc:
        return url
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, urlencode(open_query), ""))
