"""Which files are the lake now: one small document a generation, put under the next free number or not at all.

A generation is created once and never changed (``manifest/000000000042.json``), which a folder, memory and every bucket
can do alike; a writer whose number is taken has read something old and merges anew. Readers take the highest number.
Data files bear the hash of their content, so that the same rows have the same name.

Old files are removed in two steps, since the same content may be wanted again under the same name: ``doomed`` names them
first, in a generation of its own. A writer that has not seen it fails to commit; one that has seen it takes another name.
"""

import secrets
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, cast

import orjson
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore

from services.domain.errors import Unavailable
from services.domain.records import Kind
from services.stores.objects import real_time, unreachable

PATIENCE: Final = 900.0
"""Seconds for which what was read or put may be built upon; far less than the time after which it is swept."""
_DOOMED_FOR: Final = timedelta(hours=1)
_FOLDER: Final = "manifest"


@dataclass(frozen=True, slots=True)
class Entry:
    """A partition's files by the ends of their names; ``under`` is "" if nothing lies beneath."""

    top: str
    rows: int
    under: str = ""


Parts = Mapping[tuple[Kind, str], Entry]
"""Every partition by kind and period ("2026-08", "2026-08-20", "all")."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation. ``loaded`` is a monotonic time."""

    generation: int
    parts: Parts
    doomed: Mapping[str, str] = field(default_factory=dict)
    loaded: float = 0.0

    def paths(self) -> set[str]:
        """Every data file that it names."""
        return {
            path_of(kind, period, name)
            for (kind, period), entry in self.parts.items()
            for name in (entry.top, entry.under)
            if name
        }

    def rows(self) -> Counter[Kind]:
        """How many rows there are by kind."""
        count: Counter[Kind] = Counter()
        for (kind, _), entry in self.parts.items():
            count[kind] += entry.rows
        return count


def path_of(kind: Kind, period: str, name: str) -> str:
    """Where a partition's file lies."""
    return f"clean/{kind}/{period.replace('-', '/')}-{name}.parquet"


class Manifests:
    """Reads the newest generation and commits the next."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._last = Manifest(0, {})

    async def newest(self) -> Manifest:
        """What is the lake now.

        Raises:
            Unavailable: The storage does not answer.
        """
        for _ in range(10):
            asked = time.monotonic()
            known = self._last
            newer = [number for number, _ in await self._listed(known.generation)]
            if not newer:
                return _at(known, asked)
            try:
                found = await self._read(max(newer), asked)
            except FileNotFoundError:  # swept since, so there is a newer one
                continue
            if found.generation > self._last.generation:
                self._last = found
            return found
        raise Unavailable("the lake's manifests change faster than they can be read")

    async def _listed(self, after: int) -> list[tuple[int, datetime]]:
        try:
            return [
                (int(o["path"].rpartition("/")[2].removesuffix(".json")), o["last_modified"])
                async for chunk in self._store.list(_FOLDER, offset=_path(after))
                for o in chunk
                if o["path"].endswith(".json")
            ]
        except (BaseError, OSError) as error:
            raise unreachable(error, "lake") from error

    async def _read(self, number: int, asked: float) -> Manifest:
        try:
            found = await self._store.get_async(_path(number))
            text = orjson.loads(bytes(await found.bytes_async()))
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as error:
            raise unreachable(error, "lake") from error
        parts = {
            (cast("Kind", kind), period): Entry(*entry)
            for kind, periods in text["parts"].items()
            for period, entry in periods.items()
        }
        return Manifest(number, parts, text["doomed"], asked)

    async def commit(self, base: Manifest, parts: Parts, doomed: frozenset[str] = frozenset()) -> bool:
        """Make these partitions the lake; False if somebody else has committed since ``base`` (or it is too old).

        Raises:
            Unavailable: The storage does not answer; whether it took the generation is then not known.
        """
        if time.monotonic() - base.loaded > PATIENCE:
            return False
        now = real_time()
        still = {p: t for p, t in base.doomed.items() if now - datetime.fromisoformat(t) < _DOOMED_FOR}
        marked = still | dict.fromkeys(sorted(doomed), now.isoformat())
        by_kind: dict[str, dict[str, tuple[str, int, str]]] = {}
        for (kind, period), entry in sorted(parts.items()):
            by_kind.setdefault(kind, {})[period] = (entry.top, entry.rows, entry.under)
        text = orjson.dumps({"parts": by_kind, "doomed": marked, "by": secrets.token_hex(8)})
        try:
            try:
                await self._store.put_async(_path(base.generation + 1), text, mode="create")
            except AlreadyExistsError:
                return await self._ours(base.generation + 1, text)
        except (BaseError, OSError) as error:
            raise unreachable(error, "lake") from error
        return True

    async def _ours(self, number: int, text: bytes) -> bool:
        """Whether the generation that is there is our own: a put whose answer was lost is put again, and refused then."""
        with suppress(FileNotFoundError):  # swept: somebody is far ahead of us
            found = await self._store.get_async(_path(number))
            return bytes(await found.bytes_async()) == text
        return False

    async def sweep(self, older_than: timedelta) -> None:
        """Remove generations that are so old; the newest stays."""
        listed = sorted(await self._listed(0))
        old = [_path(number) for number, at in listed[:-1] if real_time() - at > older_than]
        if old:
            await self._store.delete_async(old)


def _at(known: Manifest, asked: float) -> Manifest:
    return Manifest(known.generation, known.parts, known.doomed, asked)


def _path(number: int) -> str:
    return f"{_FOLDER}/{number:012d}.json"
