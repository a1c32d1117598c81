"""The lake: clean rows for ever, as Parquet by kind and month, on object storage; written all or nothing, undone exactly."""

import asyncio
import hashlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from obstore.exceptions import BaseError
from obstore.store import ObjectStore

from services.domain.errors import Fewer, Unavailable
from services.domain.records import Batch, Kind, Row
from services.market_store import Raw, RawArchive
from services.stores.manifests import PATIENCE, Entry, Manifest, Manifests, Parts, path_of
from services.stores.merging import Part, merge, without
from services.stores.objects import real_time, unreachable
from services.stores.partitions import (
    Files,
    Wanted,
    by_partition,
    give_back,
    holds_origin,
    names_of,
    read_files,
    together,
)
from services.stores.tables import lists, order_of, row_columns, rows

if TYPE_CHECKING:
    import pyarrow as pa

_TRIES: Final = 60
_READS: Final = 16  # requests at one time
_MERGES: Final = 3  # partitions made at one time: each is in memory three times over
_REBUILT_AT_ONCE: Final = 100_000  # rows held in memory while the lake is rebuilt
_READ_TRIES: Final = 5

Where = tuple[Kind, str]
Change = Callable[[Part], tuple[Part, int]]


class ParquetLake:
    """``Lake`` on object storage: ``clean/<kind>/<YYYY>/<MM>-<hash>.parquet`` and ``manifest/<generation>.json``.

    A write puts new files beside the old ones and then one manifest that names them: readers see all of it or nothing,
    and of two writers the later one merges anew into what the earlier has left. ``merging`` tells which row counts,
    ``partitions`` which file a row lies in, ``manifests`` how generations follow each other.

    Args:
        store: What ``objects.open_store`` opened; it may be shared with the raw archive and the pictures.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._files = Files(store)
        self._manifests = Manifests(store)
        self._writing = asyncio.Lock()
        self._few = asyncio.Semaphore(_READS)
        self._merges = asyncio.Semaphore(_MERGES)

    async def write(self, batches: Sequence[Batch]) -> int:
        """Add rows; a row of a known key replaces it unless its batch is older. Many batches at once are much cheaper.

        Returns:
            How many rows are new or say something else than before.

        Raises:
            Unavailable: The storage does not answer (nothing is changed), or other writers were quicker 60 times.
        """
        changes = _additions(await asyncio.to_thread(by_partition, batches))
        return await self._changed(lambda _: _ready(changes)) if changes else 0

    async def remove(self, origin: str) -> int:
        """Take back an import: what it had replaced is there again.

        What one fetched page replaced of another is not kept here, only in the raw archive; for that there is ``rebuild``.
        Returns how many rows went or say something else.
        """
        return await self._changed(lambda base: self._removals(base, origin))

    async def _changed(self, plan: "Callable[[Manifest], Awaitable[Mapping[Where, Change]]]") -> int:
        async with self._writing:
            draft = _Draft(self._files, self._merges)
            for attempt in range(_TRIES):
                base = await self._manifests.newest()
                with suppress(FileNotFoundError):  # swept meanwhile: somebody has committed
                    parts, changed = await draft.applied(base, await plan(base))
                    if parts == base.parts or await self._manifests.commit(base, parts):
                        await asyncio.to_thread(give_back)
                        return changed
                await asyncio.sleep(random.uniform(0, 0.02 * min(attempt, 10)))  # noqa: S311 - no secret: writers step aside
        raise Unavailable("the lake is being written by others all the time: try again later")

    async def _removals(self, base: Manifest, origin: str) -> Mapping[Where, Change]:
        """The partitions that hold rows of that origin: each file's column of origins is looked through."""

        async def holds(where: Where, entry: Entry) -> bool:
            async with self._few:
                bodies = [await self._files.body(*where, name) for name in (entry.top, entry.under) if name]
                return await asyncio.to_thread(holds_origin, where[0], bodies, origin)

        found = await asyncio.gather(*(holds(where, entry) for where, entry in base.parts.items()))
        held = [where for where, does in zip(base.parts, found, strict=True) if does]
        return {where: _removal(where[0], origin) for where in held}

    async def rows(
        self, kind: Kind, *, first: date | None = None, last: date | None = None, names: Sequence[str] = ()
    ) -> Sequence[Row]:
        """Rows in the order of day and key; both days are included, no names means all."""
        if not await self.version(kind):
            return []  # the library that reads Parquet takes a second to load: not for a lake without such rows
        found = await self._found(Wanted(kind, first, last, tuple(names)), row_columns(kind))
        return await asyncio.to_thread(rows, kind, found)

    async def columns(
        self,
        kind: Kind,
        *,
        first: date | None = None,
        last: date | None = None,
        names: Sequence[str] = (),
        only: Sequence[str] = (),
    ) -> Mapping[str, Sequence[object]]:
        """The same by column, for many rows.

        Beside the fields: ``filed`` (the row's day), ``source``, ``status``, ``batch_as_of``, ``origin``. ``only`` names the
        columns that are needed: fewer are faster.
        """
        needed = {*only, *order_of(kind), *names_of(kind), *row_columns(kind)[-1:]} if only else set()
        found = await self._found(Wanted(kind, first, last, tuple(names)), sorted(needed))
        if only:
            found = found.select([*only, *(name for name in found.schema.names if name == "zone")])
        return await asyncio.to_thread(lists, found)

    async def _found(self, wanted: Wanted, only: Sequence[str]) -> "pa.Table":
        for _ in range(_READ_TRIES):
            base = await self._manifests.newest()
            asked = [(where, entry) for where, entry in base.parts.items() if where[0] == wanted.kind]
            asked = sorted((w, e) for w, e in asked if e.top and wanted.period(w[1])) if asked else []
            with suppress(FileNotFoundError):  # swept since the manifest was read
                bodies = await asyncio.gather(*(self._body(where, entry) for where, entry in asked))
                half = (len(bodies) + 1) // 2
                halves = (bodies[:half], bodies[half:])
                found = await asyncio.gather(
                    *(asyncio.to_thread(read_files, wanted, h, only) for h in halves)
                )
                return await asyncio.to_thread(together, wanted.kind, [*found[0], *found[1]])
        raise Unavailable("the lake changes faster than it can be read: try again later")

    async def _body(self, where: Where, entry: Entry) -> bytes:
        async with self._few:
            return await self._files.body(*where, entry.top)

    async def version(self, kind: Kind) -> str:
        """Changes whenever a row of that kind does; the same rows have the same version, and no rows have ""."""
        base = await self._manifests.newest()
        named = sorted((where[1], entry.top) for where, entry in base.parts.items() if where[0] == kind)
        return hashlib.sha256(repr(named).encode()).hexdigest()[:16] if named else ""

    async def rebuild(
        self, archive: RawArchive, read: Callable[[Raw, bytes], Sequence[Batch]], fewer: bool = False
    ) -> int:
        """Make the lake anew from the raw archive, in the order of coming; the old one stands until the new is whole.

        Args:
            archive: Where the pages are.
            read: A page's batches; none for what was undone or cannot be read. It is called in this thread.
            fewer: The new one may have fewer rows of a kind.

        Returns:
            How many rows the lake has then.

        Raises:
            Fewer: It would have, and may not (nothing is changed).
            Unavailable: Somebody wrote meanwhile (nothing is changed): again when ingestion rests.
        """
        async with self._writing:
            base = await self._manifests.newest()
            draft = _Draft(self._files, self._merges)
            made = Manifest(base.generation, {}, base.doomed, base.loaded)
            async for batches in _pages(archive, read):
                changes = _additions(await asyncio.to_thread(by_partition, batches))
                parts, _ = await draft.applied(made, changes)
                made = Manifest(base.generation, parts, base.doomed, base.loaded)
            if not fewer:
                _none_lost(base, made)
            again = await self._manifests.newest()
            if again.generation != base.generation or not await self._manifests.commit(again, made.parts):
                raise Unavailable(
                    "the lake was written while it was rebuilt: try again while nothing is fetched"
                )
        return sum(entry.rows for entry in made.parts.values())

    async def sweep(self, older_than: timedelta = timedelta(hours=2)) -> int:
        """Remove files that no generation needs any more and that are so old; returns how many.

        Leave it at an hour at least: a write under way has files that no generation names yet.
        """
        try:
            old = [
                o["path"]
                async for chunk in self._store.list("clean")
                for o in chunk
                if real_time() - o["last_modified"] > older_than
            ]
            async with self._writing:
                base = await self._manifests.newest()
                dead = frozenset(old) - base.paths()
                if dead and not await self._manifests.commit(base, base.parts, dead):
                    return 0  # somebody writes: another time
            if dead:
                await self._store.delete_async(sorted(dead))
            await self._manifests.sweep(older_than)
        except (BaseError, OSError) as error:
            raise unreachable(error, "lake") from error
        return len(dead)


class _Draft:
    """Partitions made for one change. What another writer has not touched is not made again."""

    def __init__(self, files: Files, few: asyncio.Semaphore) -> None:
        self._files = files
        self._few = few
        self._done: dict[tuple[Where, Entry | None], tuple[Entry | None, int, float]] = {}

    async def applied(self, base: Manifest, changes: Mapping[Where, Change]) -> tuple[Parts, int]:
        """The partitions after these changes, and how many rows differ."""
        made = await asyncio.gather(*(self._made(base, where, change) for where, change in changes.items()))
        parts = dict(base.parts)
        for where, (entry, _) in zip(changes, made, strict=True):
            parts.pop(where, None)
            if entry is not None:
                parts[where] = entry
        return parts, sum(changed for _, changed in made)

    async def _made(self, base: Manifest, where: Where, change: Change) -> tuple[Entry | None, int]:
        before = base.parts.get(where)
        async with self._few:
            if (done := self._done.get((where, before))) and _usable(where, done, base):
                return done[:2]
            part, changed = await asyncio.to_thread(change, await self._files.part(*where, before))
            put = await self._files.put(*where, part, base.doomed, base.generation)
            entry = put if put.top or put.under else None
            self._done[where, before] = (entry, changed, time.monotonic())
            return entry, changed


def _usable(where: Where, done: tuple[Entry | None, int, float], base: Manifest) -> bool:
    """Whether files put earlier are still there for certain."""
    entry, _, put = done
    names = (entry.top, entry.under) if entry else ()
    return time.monotonic() - put < PATIENCE and not any(
        path_of(*where, n) in base.doomed for n in names if n
    )


async def _ready(changes: Mapping[Where, Change]) -> Mapping[Where, Change]:
    return changes


def _none_lost(old: Manifest, new: Manifest) -> None:
    lost = old.rows()
    lost.subtract(new.rows())
    told = ", ".join(f"{count:,} of {kind}" for kind, count in sorted(lost.items()) if count > 0)
    if told:
        raise Fewer(f"made anew the lake would have fewer rows: {told}; it stays as it was", what="rows")


def _additions(parts: "Mapping[Where, pa.Table]") -> dict[Where, Change]:
    return {where: _addition(where[0], new) for where, new in parts.items()}


def _addition(kind: Kind, new: "pa.Table") -> Change:
    return lambda part: merge(kind, part, new)


def _removal(kind: Kind, origin: str) -> Change:
    return lambda part: without(kind, part, origin)


async def _pages(
    archive: RawArchive, read: Callable[[Raw, bytes], Sequence[Batch]]
) -> AsyncIterator[list[Batch]]:
    """The archive's batches in groups that memory can hold."""
    group: list[Batch] = []
    async for raw in archive.listed():
        group += read(raw, await archive.body(raw.id))
        if sum(len(batch.rows) for batch in group) >= _REBUILT_AT_ONCE:
            yield group
            group = []
    if group:
        yield group
