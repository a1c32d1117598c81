"""The doors to what is kept of the market; a part of ``services.ports`` in a file of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from services.domain.listings import FundListing, Listing
from services.domain.records import Batch, Kind, Row, Status
from services.domain.rows import NavRow, Symbol
from services.domain.sourcing import Page, Question, SourceSpec
from services.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they came. ``id`` is their SHA-256; ``name`` the page ("psx.market_watch") or the import's kind."""

    id: str
    name: str
    source: str
    fetched_at: datetime
    content_type: str = ""
    url: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Took:
    """What was stored of a fetched page, so that the lake can be made anew from the bytes with the very same rows.

    ``as_of`` and ``status`` are those of its batch; ``months`` ("2026-08") the parts of a long page that were new then,
    None for a page that was stored whole.
    """

    raw: Raw
    kind: Kind
    as_of: datetime
    status: Status
    months: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was taken: its content's hash, what it held, who brought it. ``undone`` if it was taken back."""

    id: str
    kind: str
    name: str
    at: datetime
    by: str
    rows: int
    first: date | None
    last: date | None
    undone: bool = False


class Fetcher(Protocol):
    async def fetch(self, source: SourceSpec, question: Question, name: str) -> tuple[Page, Raw]:
        """One request at the source's pace, tried again where that can help; the page's name is ``name``.

        Raises ``Gated`` (a gate we do not defeat), ``Unavailable`` (no answer, or its breaker is open).
        """
        ...


class RawArchive(Protocol):
    async def keep(self, raw: Raw, body: bytes) -> None:
        """Keep bytes before anybody reads them; the same bytes twice are kept once, each coming is noted."""
        ...

    async def body(self, raw_id: str) -> bytes: ...
    def listed(self) -> AsyncIterator[Raw]:
        """Everything kept, in the order of its coming."""
        ...


class Takings(Protocol):
    async def note(self, taken: Sequence[Took]) -> None:
        """Keep that rows of these pages are being stored, in this order."""
        ...

    def listed(self) -> AsyncIterator[Took]:
        """All of them, in their order."""
        ...


Read = Callable[[Raw, bytes], Sequence[Batch]]
"""Makes batches of raw bytes that were kept; none of what gives none."""
Rebuild = Callable[[RawArchive, Read, bool], Awaitable[int]]
"""Makes the lake anew from an archive by a reader; the old one stands until the new is whole. Returns how many rows it has.

Raises ``Fewer`` if it had fewer rows of some kind than before, unless that is allowed (the third argument)."""


class Lake(Protocol):
    """Clean rows for ever, as Parquet by kind and month. The same batches in the same order give the same bytes."""

    async def write(self, batches: Sequence[Batch]) -> int:
        """Add rows; a row of a known key replaces it. All or nothing. Returns how many rows changed."""
        ...

    async def remove(self, origin: str) -> int:
        """Take back what came from these raw bytes; what it had replaced is there again. Returns how many rows changed."""
        ...

    async def rows(
        self, kind: Kind, *, first: date | None = None, last: date | None = None, names: Sequence[str] = ()
    ) -> Sequence[Row]:
        """Rows in the order of day and key; ``names`` are symbols, funds, codes."""
        ...

    async def columns(
        self, kind: Kind, *, first: date | None = None, last: date | None = None, names: Sequence[str] = ()
    ) -> Mapping[str, Sequence[object]]:
        """The same by column, for many rows."""
        ...

    async def version(self, kind: Kind) -> str:
        """Changes whenever a row of that kind does."""
        ...


class Days(Protocol):
    """Market data by day, to read."""

    async def newest(
        self, kind: Kind, *, before: datetime | None = None, last: date | None = None
    ) -> Batch | None:
        """All rows of the newest day of that kind; None if there are none.

        ``before``: as it was known at that time; what was imported counts by its own day, whenever it was brought.
        ``last``: no later day than that.
        """
        ...

    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        """Everything from that day on, the oldest first."""
        ...


class DailyData(Days, Protocol):
    """The last 30 days, in the database: what the market book is put together from."""

    async def put(self, batches: Sequence[Batch]) -> None:
        """Keep under (kind, day); rows of known keys are replaced. A batch older than what is there changes nothing."""
        ...

    async def forget(self, kind: Kind, days: Sequence[date]) -> None: ...


class Instruments(Protocol):
    """Symbols and funds with every name they go by, in the database."""

    async def seed(
        self,
        symbols: Sequence[Symbol] = (),
        navs: Sequence[NavRow] = (),
        aliases: Mapping[str, Sequence[str]] | None = None,
    ) -> int:
        """Bring the listings up to date; the same again changes nothing, older rows neither. How many are new or changed."""
        ...

    async def symbol(self, name: str, day: date) -> Listing | None:
        """The share of this code (also one given up before ``day``), alias or full name; None if none or several are."""
        ...

    async def fund(self, name: str) -> FundListing | None:
        """The fund of this name or alias; None if there is none, or more than one."""
        ...


class ImportLedger(Protocol):
    async def known(self, file_hash: str) -> Imported | None: ...
    async def record(self, imported: Imported) -> None: ...
    async def undone(self, file_hash: str) -> None: ...
    async def newest(self, *, limit: int = 10) -> list[Imported]: ...


class Standings(Protocol):
    """How the sources stand, for all processes and over a restart: who is at a gate is not asked anew by each."""

    async def all(self) -> Mapping[str, Standing]: ...
    async def save(self, standing: Standing) -> None: ...
