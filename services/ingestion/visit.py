"""One visit to one source: ask, keep the bytes, read, check, store, and leave it alone when it does not answer."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from services.counts import Counts
from services.domain.errors import BrokenPage, Gated, MarketByteError, NotInPlan, Unavailable
from services.domain.records import Batch, Kind, Row
from services.domain.sourcing import Page, PageSpec, Question, SomeRows, SourceSpec
from services.domain.standing import Seen
from services.ingestion.changes import fresh_months, news
from services.ingestion.checking import SuspectPage, checked
from services.ingestion.documents import ALTERNATIVE, Document, about, documents, key_of
from services.ingestion.report import Rejected
from services.ingestion.storing import Shelf
from services.market_store import Fetcher, Raw, RawArchive, Took

SILENCES: Final = (
    3  # requests in a row without an answer: the source is away, the rest would only wait for it
)
USELESS: Final = (
    25  # documents of one page in a row that cannot be used: its format changed, more will not help
)
EVENING: Final = time(22)  # by then a day's pages are all there
READING: Final = 60.0  # seconds; no honest page takes a parser so long


class NotKeptError(Exception):
    """The archive did not take the bytes: without them nothing is read."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a refresh wants of each source.

    Args:
        moment: Its time: all its rows bear it, so that pages of one refresh never overtake each other.
        past: Earlier moments that pages are asked about too.
        named: An operator named the source.
        anyway: Also take bytes that are known and rows that look wrong: an operator's word.
    """

    moment: datetime
    past: tuple[datetime, ...] = ()
    named: bool = False
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Rooms:
    """What a visit needs of the house. ``failed`` is told of bugs (a parser's, a driver's)."""

    fetcher: Fetcher
    archive: RawArchive
    shelf: Shelf
    counts: Counts
    failed: Callable[[Exception], None]


@dataclass(slots=True)
class Tally:
    """What a visit brought so far: ``pages`` are documents that came, ``good`` those of them that could be used."""

    pages: int = 0
    good: int = 0
    unchanged: int = 0
    unasked: int = 0
    changed: int = 0
    rows: Counter[Kind] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    left_out: list[Rejected] = field(default_factory=list)
    silences: int = 0
    away: Unavailable | None = None
    gate: Gated | None = None
    broke: str = ""

    @property
    def stopped(self) -> bool:
        return self.away is not None or self.gate is not None or bool(self.broke)


@dataclass(frozen=True, slots=True)
class Taken:
    """A document that may be stored."""

    key: str
    kind: Kind
    seen: Seen
    batch: Batch | None
    took: Took | None = None
    left_out: tuple[Rejected, ...] = ()


class Visit:
    """Asks a source for its pages, one after the other, each page's questions at the source's pace.

    Args:
        rooms: The doors.
        source: Who is asked.
        known: What its pages held when they were last good, by ``key_of``; the visit writes on in it.
        wish: The time, and whether an operator insists.
    """

    def __init__(self, rooms: Rooms, source: SourceSpec, known: dict[str, Seen], wish: Wish) -> None:
        self._rooms = rooms
        self._source = source
        self._known = known
        self._moment = wish.moment
        self._anyway = wish.anyway
        self._moments = (*wish.past, wish.moment)
        self._useless = 0
        self._waiting: list[Taken] = []
        self._clearing = asyncio.Lock()
        self.tally = Tally()

    async def run(self, pages: Sequence[PageSpec], symbols: Sequence[str]) -> None:
        """All pages. Never raises for what a page or the source did; may be cancelled at any await."""
        for spec in pages:
            try:
                asked = documents([each for at in self._moments for each in spec.ask(at, symbols)])
            except Exception as error:  # noqa: BLE001  # a bug of one page is that page's
                self._bug(spec, {}, error)
                continue
            self._useless = 0
            await self._page(spec, asked)

    async def finish(self) -> None:
        """Store what was read and not stored yet (after a deadline)."""
        await self._store()

    async def _page(self, spec: PageSpec, asked: Sequence[Document]) -> None:
        line = iter(asked)
        workers = [self._work(spec, line) for _ in range(min(len(asked), self._source.pace.at_once + 1))]
        try:
            async with asyncio.TaskGroup() as group:
                for worker in workers:
                    group.create_task(worker)
        finally:
            self.tally.unasked += sum(1 for _ in line)
        await self._store()

    async def _work(self, spec: PageSpec, line: Iterator[Document]) -> None:
        """Takes documents off the line until it is empty or there is no point in going on."""
        while not self.tally.stopped and self._useless < USELESS:
            document = next(line, None)
            if document is None:
                return
            await self._document(spec, document)
            # Whoever finds the shelf's table full waits until it is cleared: memory stays bounded while a lake is slow.
            async with self._clearing:
                if self._rooms.shelf.is_full(self._waiting_rows()):
                    await self._store()

    def _waiting_rows(self) -> int:
        return sum(len(taken.batch.rows) for taken in self._waiting if taken.batch is not None)

    async def _document(self, spec: PageSpec, document: Document) -> None:
        """The first of its addresses that can be used; refused with every reason if none can."""
        refused: list[MarketByteError] = []
        asked = about(document[0])
        for question in document:
            try:
                await self._question(spec, question)
            except (BrokenPage, NotInPlan) as error:  # the latter is a gate before this document alone
                self.tally.silences = 0
                refused.append(error)
            except Gated as error:
                self.tally.gate = error
                return
            except Unavailable as error:
                self._unanswered(spec, asked, error)
                return
            except NotKeptError as error:
                self.tally.broke = str(error)
                return
            except Exception as error:  # noqa: BLE001  # a parser's bug is its page's alone
                self._bug(spec, asked, error)
                return
            else:
                self._useless = 0
                return
        self._refuse(spec, asked, refused)

    async def _question(self, spec: PageSpec, question: Question) -> None:
        page, raw = await self._rooms.fetcher.fetch(self._source, question, spec.name)
        self.tally.silences = 0
        try:
            await self._rooms.archive.keep(raw, page.body)
        except MarketByteError as error:
            raise NotKeptError(f"the archive did not take it: {error.detail}") from error
        asked = about(question)
        key = key_of(spec.name, asked)
        last = self._known.get(key)
        if last is not None and last.raw == raw.id and not self._anyway:
            self._came(good=True)
            self.tally.unchanged += 1
            self._rooms.shelf.confirm(self._source, spec.kind, self._moment)
            return
        taken = await self._read(spec, page, raw, None if self._anyway else last)
        self._came(good=True)
        self._waiting.append(taken)
        self.tally.left_out += taken.left_out
        if taken.left_out:
            count = len(taken.left_out)
            self._rooms.counts.add("page", channel=self._source.name, kind="item_left_out", count=count)

    async def _read(self, spec: PageSpec, page: Page, raw: Raw, last: Seen | None) -> Taken:
        """Parse, check and compare, all in a thread: nobody's message waits for a page."""

        def read() -> Taken:
            asked = {name: value for name, value in page.asked.items() if name != ALTERNATIVE}
            rows = spec.parse(page)
            left_out = rows.left_out if isinstance(rows, SomeRows) else ()
            newest = checked(spec, tuple(asked), rows, last)
            before = last.parts if last is not None else {}
            fresh, parts = news(rows, before)
            seen = Seen(raw.id, len(rows), newest, parts)
            batch = self._batch(spec, fresh, raw)
            took = (
                Took(raw, spec.kind, batch.as_of, batch.status, fresh_months(parts, before))
                if batch
                else None
            )
            out = tuple(Rejected(spec.name, item.detail, asked) for item in left_out)
            return Taken(key_of(spec.name, asked), spec.kind, seen, batch, took, out)

        try:
            async with asyncio.timeout(READING):
                return await asyncio.to_thread(read)
        except TimeoutError:
            raise BrokenPage(f"could not be read within {READING:g} s", page=spec.name) from None

    def _batch(self, spec: PageSpec, rows: Sequence[Row], raw: Raw) -> Batch | None:
        return self._rooms.shelf.batch(self._source, spec.kind, rows, self._moment, raw.id) if rows else None

    async def _store(self) -> None:
        """Put what waits on the shelf. What cannot be stored is not known either, and is asked for again next time."""
        taken, self._waiting = self._waiting, []
        batches = [each.batch for each in taken if each.batch is not None]
        pages = [each.took for each in taken if each.took is not None]
        stored, changed = False, 0
        try:
            changed = await self._rooms.shelf.put(self._source, batches, pages)
            stored = True
        except MarketByteError as error:
            self.tally.broke = f"not stored: {error.detail}"
        except Exception as error:  # noqa: BLE001  # a driver's bug ends this visit, not the others
            self._rooms.failed(error)
            self.tally.broke = f"not stored: {type(error).__name__}"
        finally:  # also when the deadline falls into it
            if not stored:
                self.tally.good -= len(taken)
                self.tally.unasked += len(taken)
        if stored:
            self.tally.changed += changed
            self._known.update((each.key, each.seen) for each in taken)
            for each in taken:
                self.tally.rows[each.kind] += each.seen.rows
                self._rooms.shelf.confirm(self._source, each.kind, self._moment)

    def _came(self, *, good: bool = False) -> None:
        self.tally.pages += 1
        self.tally.good += good

    def _unanswered(self, spec: PageSpec, asked: dict[str, str], error: Unavailable) -> None:
        self.tally.silences += 1
        self.tally.rejected.append(Rejected(spec.name, error.detail, asked))
        if self.tally.silences >= SILENCES or "wait" in error.values:
            self.tally.away = error

    def _refuse(self, spec: PageSpec, asked: dict[str, str], reasons: Sequence[MarketByteError]) -> None:
        self._useless += 1
        self._came()
        suspect = any(isinstance(reason, SuspectPage) for reason in reasons)
        said = "; ".join(dict.fromkeys(reason.detail for reason in reasons))
        self.tally.rejected.append(Rejected(spec.name, said, asked, suspect=suspect))
        self._rooms.counts.add("page", channel=self._source.name, kind="suspect" if suspect else "rejected")

    def _bug(self, spec: PageSpec, asked: dict[str, str], error: Exception) -> None:
        """A mistake of ours: the page is refused, and whoever watches is told of the kind of error."""
        self._rooms.failed(error)
        self._refuse(spec, asked, [BrokenPage(f"a mistake of ours ({type(error).__name__})", page=spec.name)])


def past_days(since: date | None, moment: datetime) -> tuple[datetime, ...]:
    """The evening of each weekday from that one to yesterday; none without it."""
    if since is None:
        return ()
    days = (since + timedelta(days=number) for number in range((moment.date() - since).days))
    return tuple(datetime.combine(day, EVENING, moment.tzinfo) for day in days if day.weekday() < 5)
