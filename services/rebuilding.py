"""The clean lake made anew from what was kept raw: fetched pages, operators' files, settlements, what was taken back."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.domain.errors import BrokenPage
from services.domain.records import Batch
from services.domain.settled import SETTLEMENT, settlement_rows
from services.domain.sourcing import Page, PageSpec, SourceSpec
from services.imports import UNDONE
from services.ingestion.changes import only_months
from services.market_store import Raw, RawArchive, Read, Rebuild, Takings, Took
from services.quarantine import settlement


@dataclass(frozen=True, slots=True)
class _Again(Raw):
    """A fetched page that is read again; ``took`` is what was stored of it."""

    took: Took | None = None


class Rebuilding:
    """Reads everything again in the order of its coming, with the readers of today.

    A fetched page gives the rows that were stored of it then (a page that was refused, or of which nothing was new, gives
    none); a file those of its import, unless it was taken back behind it; a settlement its actions.

    Args:
        archive: The raw bytes.
        takings: Which page gave which rows.
        sources: Whose pages can be read.
        imports: Reads an operator's file again (``Imports.reread``).
        rebuild: Puts a new lake in the place of the old one when it is whole (``ParquetLake.rebuild``).
        changed: Told at the end, so that what rests on the lake is made anew.
    """

    def __init__(  # its ports, each by name
        self,
        *,
        archive: RawArchive,
        takings: Takings,
        sources: Sequence[SourceSpec],
        imports: Read,
        rebuild: Rebuild,
        changed: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._archive = archive
        self._takings = takings
        self._pages = {page.name: page for source in sources for page in source.pages}
        self._imports = imports
        self._rebuild = rebuild
        self._changed = changed

    async def run(self, *, fewer: bool = False) -> int:
        """Make the lake anew; the old one stands until the new one is whole. Returns how many rows it then has.

        Args:
            fewer: It may have fewer rows than before.

        Raises:
            Fewer: It has, and may not: pages were stored before notes were kept of what was taken, for instance.
            BrokenPage: A page was stored and cannot be read any more: the lake stays as it was.
            Unavailable: The storage does not answer, or somebody wrote meanwhile.
        """
        count = await self._rebuild(_Kept(self._archive, self._takings), self._read, fewer)
        if self._changed is not None:
            await self._changed()
        return count

    def _read(self, raw: Raw, body: bytes) -> Sequence[Batch]:
        if isinstance(raw, _Again) and raw.took is not None:
            return [self._reread(raw.took, body)]
        if raw.name == SETTLEMENT:
            return [settlement(raw, settlement_rows(body))]
        return self._imports(raw, body)

    def _reread(self, took: Took, body: bytes) -> Batch:
        raw = took.raw
        spec = self._spec(raw.name)
        page = Page(raw.name, body, raw.fetched_at, raw.content_type, raw.url, raw.asked)
        rows = only_months(spec.parse(page), took.months)
        return Batch(took.kind, rows, took.as_of, raw.source, took.status, raw.id)

    def _spec(self, name: str) -> PageSpec:
        if name not in self._pages:
            raise BrokenPage("no source of these settings has such a page any more: switch it on", page=name)
        return self._pages[name]


class _Kept:
    """The archive as a rebuild goes through it: pages of which rows were stored, then files and settlements that count."""

    def __init__(self, archive: RawArchive, takings: Takings) -> None:
        self._archive = archive
        self._takings = takings
        self.body = archive.body

    async def keep(self, raw: Raw, body: bytes) -> None:
        await self._archive.keep(raw, body)

    async def listed(self) -> AsyncIterator[Raw]:
        """Rows find their place by the time of their batch, so pages may come before files.

        The notes of what was taken back are looked through first: each voids the comings of its file before it.
        """
        async for took in self._takings.listed():
            raw = took.raw
            yield _Again(
                raw.id, raw.name, raw.source, raw.fetched_at, raw.content_type, raw.url, raw.asked, took=took
            )
        void: Counter[str] = Counter()
        came: Counter[str] = Counter()
        async for raw in self._archive.listed():
            came[raw.id] += 1
            if raw.name == UNDONE:
                void[raw.asked["id"]] = came[raw.asked["id"]]
        async for raw in self._archive.listed():
            if void[raw.id]:
                void[raw.id] -= 1
            else:
                yield raw
