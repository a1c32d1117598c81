"""Operator's files into the market's stores: looked through, taken all or not at all, taken back when that was wrong."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.domain.errors import BadInput, BadSetting, BrokenPage, NotAvailable
from services.domain.importing.flows_check import check_flows
from services.domain.importing.grid import Grid
from services.domain.importing.knowing import TICKER, Known, symbols_of
from services.domain.importing.preview import Looked, Preview
from services.domain.importing.reading import KEPT_AS, KINDS, Around, ImportKind, Reading
from services.domain.importing.recognising import read
from services.domain.importing.served import check_served, import_kind
from services.domain.instruments import Directory
from services.domain.profiles import PSX, Profile
from services.domain.records import Batch, Kind, Row, days_of, key_of
from services.domain.rows import FlowRow
from services.market_store import DailyData, Imported, ImportLedger, Lake, Raw, RawArchive
from services.ports import Clock, MarketData
from services.restoring import put_back

ReadTables = Callable[[bytes, str], Sequence[Grid]]
DAILY = timedelta(days=30)  # older days are asked of the lake
SHORTEST_ID = 6  # letters of a file's id that name it
LISTED = 10_000  # more imports than anybody makes
SOURCE = "import"  # of its raw bytes
UNDONE = "undone"  # the name of a note among the raw bytes: an import was taken back
OTHER = "nothing is stored, because another file of the same import is refused"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as somebody brought it."""

    name: str
    data: bytes


class Imports:
    """Looks through files, takes them, takes them back.

    Args:
        raw, lake, daily, ledger: Where bytes, rows for ever, rows of the month, and the list of imports are kept.
        market: Whose names are known.
        tables: Reads the tables of a file's bytes.
        clock: The time.
        changed: Told when rows were stored or taken back, so that the book is made anew.
        profile: The market, for what it has nothing of.
    """

    def __init__(  # noqa: PLR0913  # its ports, each by name
        self,
        *,
        raw: RawArchive,
        lake: Lake,
        daily: DailyData,
        ledger: ImportLedger,
        market: MarketData,
        tables: ReadTables,
        clock: Clock,
        changed: Callable[[], Awaitable[None]] | None = None,
        profile: Profile = PSX,
    ) -> None:
        self._changed = changed
        self._profile = profile
        self._raw = raw
        self._lake = lake
        self._daily = daily
        self._ledger = ledger
        self._market = market
        self._tables = tables
        self._clock = clock

    async def preview(self, kind: ImportKind, files: Sequence[Brought], *, compare: bool = True) -> Preview:
        """What importing the files would do; nothing is stored.

        Args:
            kind: What they hold.
            files: All of one import.
            compare: Count what is new, changed and the same against what is stored.

        Raises:
            BadInput: The market has nothing of that kind.
        """
        check_served(kind, self._profile.market)
        known = await self._known(kind)
        looked = _checked(kind, [await self._look(kind, file, known) for file in files])
        if compare:
            looked = [await self._compared(kind, file) for file in looked]
        return Preview(kind, tuple(looked))

    async def take(self, preview: Preview, files: Sequence[Brought], by: str) -> tuple[Imported, ...]:
        """Store what was looked through: raw bytes, then rows, then the line in the list. Doing it twice changes nothing.

        Args:
            preview: Of the very same files.
            files: Their bytes.
            by: Who brings them.

        Raises:
            BadInput: The preview says that they may not be stored, or it is one of other files.
            Unavailable: A store does not answer; bringing the files again completes what was begun.
        """
        bodies = {hashlib.sha256(file.data).hexdigest(): file.data for file in files}
        if not preview.good:
            raise BadInput(next(file.reason for file in preview.files if file.reason))
        if {file.id for file in preview.files} != set(bodies):
            raise BadInput("these are not the files that were looked through: bring them again")
        now = self._clock.now()
        fresh = {file.id: file for file in preview.fresh}.values()
        for file in fresh:
            await self._raw.keep(_raw(preview.kind, file, now), bodies[file.id])
        batches = [batch for file in fresh for batch in _batches(preview.kind, file, now)]
        if batches:
            await self._lake.write(batches)
            await self._daily.put([b for batch in batches if (b := _recent(batch, now.date() - DAILY)).rows])
        lines = [_line(preview.kind, file, now, by) for file in fresh]
        for line in lines:
            await self._ledger.record(line)
        await self._tell()
        return tuple(lines)

    async def undo(self, which: str) -> Imported:
        """Take an import back: what its rows had replaced is there again.

        Args:
            which: "last", or the id of a file or its beginning.

        Raises:
            BadInput: There is no such import, or several begin so.
        """
        line = await self._named(which.strip().casefold())
        await self._note_undone(line)
        await self._lake.remove(line.id)
        kinds: list[Kind] = [KEPT_AS[import_kind(line.kind)]]
        if line.kind == "flows":
            kinds.append("rates")  # the running totals that stood beside
        for kind in kinds:
            await put_back(
                self._daily,
                self._lake,
                kind,
                (line.first or date.min, line.last or date.max),
                self._clock.now(),
            )
        await self._ledger.undone(line.id)
        await self._tell()
        return replace(line, undone=True)

    async def _note_undone(self, line: Imported) -> None:
        """That it was taken back is kept beside its bytes: a lake made anew from these leaves it out."""
        now = self._clock.now()
        told = f"{UNDONE} {line.id} at {now.isoformat()}".encode()
        name = hashlib.sha256(told).hexdigest()
        await self._raw.keep(Raw(name, UNDONE, "operator", now, "text/plain", asked={"id": line.id}), told)

    async def _tell(self) -> None:
        if self._changed is not None:
            await self._changed()

    async def newest(self, limit: int = 10) -> list[Imported]:
        """The latest imports, newest first, those taken back too."""
        return await self._ledger.newest(limit=limit)

    async def rereader(self) -> Callable[[Raw, bytes], Sequence[Batch]]:
        """Reads an import's raw bytes again, as on the day it came; for rebuilding the lake.

        What it gives for a page that is no import, or for one that was taken back, is nothing.
        """
        counted = {line.id for line in await self._ledger.newest(limit=LISTED) if not line.undone}

        def reread(raw: Raw, body: bytes) -> Sequence[Batch]:
            return self.reread(raw, body) if raw.id in counted else ()

        return reread

    def reread(self, raw: Raw, body: bytes) -> Sequence[Batch]:
        """An import's batches from its raw bytes, the same as on the day it came; () for what is no import.

        Raises:
            BrokenPage: Its file can no longer be read.
        """
        if raw.name not in KINDS or raw.source != SOURCE:
            return ()
        kind, name = import_kind(raw.name), raw.asked.get("file", raw.name)
        around = Around(name, raw.fetched_at, ticker_of=lambda text: raw.asked.get(TICKER + text, ""))
        file = Looked(name, raw.id, read(kind, self._tables(body, name), around))
        return _batches(kind, file, raw.fetched_at)

    async def _known(self, kind: ImportKind) -> Known:
        try:
            book = await self._market.book()
        except (NotAvailable, BadSetting):  # nothing is kept of the market yet: this file may be its first
            return Known()
        directory = await asyncio.to_thread(Directory, book) if kind == "fund-holdings" else None
        return Known(symbols_of(book), directory)

    async def _look(self, kind: ImportKind, file: Brought, names: Known) -> Looked:
        identity = hashlib.sha256(file.data).hexdigest()
        known = await self._ledger.known(identity)
        if known is not None and not known.undone:
            when = f"{known.at:%d %b %Y %H:%M}"
            if known.kind != kind:
                return Looked(
                    file.name, identity, None, f"the same file was imported as {known.kind} on {when}"
                )
            return Looked(file.name, identity, None, known=when)
        asked: dict[str, str] = {}
        around = Around(file.name, self._clock.now(), names.symbols, names.noting(asked))

        def parsed() -> Reading:
            return read(kind, self._tables(file.data, file.name), around)

        try:
            reading = await asyncio.to_thread(parsed)
        except BrokenPage as broken:
            return Looked(file.name, identity, None, broken.detail)
        reason = reading.verdict
        return Looked(file.name, identity, reading, f"{file.name}: {reason}" if reason else "", asked=asked)

    async def _compared(self, kind: ImportKind, file: Looked) -> Looked:
        """A file's rows against those stored, year by year, so that ten years are never held twice."""
        if file.reading is None or file.reason:
            return file
        by_year: dict[int, list[Row]] = {}
        for row, day in zip(file.reading.rows, days_of(file.reading.rows), strict=True):
            by_year.setdefault(day.year, []).append(row)
        new = changed = 0
        of = KEPT_AS[kind]
        for year, rows in sorted(by_year.items()):
            stored = await self._lake.rows(of, first=date(year, 1, 1), last=date(year, 12, 31))
            there = {key_of(of, row): row for row in stored}
            for row in rows:
                old = there.get(key_of(of, row))
                new += old is None
                changed += old is not None and old != row
        return replace(file, new=new, changed=changed, same=file.taken - new - changed)

    async def _named(self, which: str) -> Imported:
        lines = [line for line in await self._ledger.newest(limit=LISTED) if not line.undone]
        found = lines[:1] if which == "last" else [
            line for line in lines if len(which) >= SHORTEST_ID and line.id.startswith(which)
        ]  # fmt: skip
        if len(found) != 1:
            several = (
                "several imports begin so: give more of the id"
                if found
                else "there is no such import to take back: name it by six or more letters of its id, or say last"
            )
            raise BadInput(several)
        return found[0]


def _checked(kind: ImportKind, looked: list[Looked]) -> list[Looked]:
    """The checks that need all files together; and one refused file refuses the others."""
    fresh = [file for file in looked if file.reading and not file.reason]
    if kind == "flows" and fresh:
        rows = [
            row for file in fresh if file.reading for row in file.reading.rows if isinstance(row, FlowRow)
        ]
        try:
            check_flows(list(dict.fromkeys(rows)), ", ".join(file.name for file in fresh))
        except BrokenPage as broken:
            looked = [replace(file, reason=broken.detail) if file in fresh else file for file in looked]
    if not any(file.reason for file in looked):
        return looked
    return [file if file.reason or file.known else replace(file, reason=OTHER) for file in looked]


def _raw(kind: ImportKind, file: Looked, now: datetime) -> Raw:
    return Raw(file.id, kind, SOURCE, now, asked={"file": file.name, **(file.asked or {})})


def _batches(kind: ImportKind, file: Looked, at: datetime) -> list[Batch]:
    if file.reading is None:
        return []
    source = f"import:{file.name}"
    batches = [Batch(KEPT_AS[kind], file.reading.rows, at, source, "imported", file.id)]
    if file.reading.beside:
        batches.append(Batch("rates", file.reading.beside, at, source, "imported", file.id))
    return batches


def _recent(batch: Batch, first: date) -> Batch:
    dated = zip(batch.rows, days_of(batch.rows), strict=True)
    return replace(batch, rows=[row for row, day in dated if day >= first])


def _line(kind: ImportKind, file: Looked, now: datetime, by: str) -> Imported:
    reading = file.reading
    first, last = (reading.first, reading.last) if reading else (None, None)
    return Imported(file.id, kind, file.name, now, by, file.taken, first, last)
