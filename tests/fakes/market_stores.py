"""The doors of ``services.market_store`` in memory: the same promises, no files and no database.

Use them wherever a use-case wants a ``RawArchive``, ``Lake``, ``DailyData`` or ``ImportLedger``. ``fails`` makes the next
call of a name raise, so that what is stored half-way can be tested.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta

from services.domain.errors import NotAvailable
from services.domain.records import ROWS, Batch, Kind, Row, day_of, key_of
from services.market_store import Imported, Raw

KEPT_DAYS = timedelta(days=30)


@dataclass
class Failing:
    """Names of methods that fail once each, with what they raise."""

    fails: dict[str, Exception] = field(default_factory=dict)

    def _may_fail(self, name: str) -> None:
        error = self.fails.pop(name, None)
        if error is not None:
            raise error


@dataclass
class RawInMemory(Failing):
    """``RawArchive``: bytes once, every coming noted in order."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    comings: list[Raw] = field(default_factory=list)

    async def keep(self, raw: Raw, body: bytes) -> None:
        self._may_fail("keep")
        self.bodies.setdefault(raw.id, bytes(body))
        self.comings.append(raw)

    async def body(self, raw_id: str) -> bytes:
        try:
            return self.bodies[raw_id]
        except KeyError:
            raise NotAvailable(f"no raw bytes {raw_id[:12]} are kept", what="raw") from None

    async def listed(self) -> AsyncIterator[Raw]:
        for raw in list(self.comings):
            yield raw


@dataclass
class LakeInMemory(Failing):
    """``Lake``: a pile of versions for every key, the newest on top; taking one back shows what lay beneath."""

    piles: dict[Kind, dict[tuple[object, ...], list[tuple[str, Row]]]] = field(default_factory=dict)
    versions: dict[Kind, int] = field(default_factory=dict)
    writes: int = 0

    async def write(self, batches: Sequence[Batch]) -> int:
        self._may_fail("write")
        self.writes += 1
        return sum(self._add(batch) for batch in batches)

    async def remove(self, origin: str) -> int:
        self._may_fail("remove")
        changed = 0
        for kind, piles in self.piles.items():
            before = changed
            for key in list(piles):
                pile = piles[key]
                top = pile[-1][1]
                pile[:] = [version for version in pile if version[0] != origin]
                if not pile:
                    del piles[key]
                changed += not pile or pile[-1][1] != top
            self._note(kind, changed - before)
        return changed

    async def rows(
        self, kind: Kind, *, first: date | None = None, last: date | None = None, names: Sequence[str] = ()
    ) -> Sequence[Row]:
        self._may_fail("rows")
        wanted = frozenset(names)
        found = [
            pile[-1][1]
            for key, pile in self.piles.get(kind, {}).items()
            if not wanted or wanted & {part for part in key if isinstance(part, str)}
        ]
        kept = [row for row in found if (first or date.min) <= day_of(row) <= (last or date.max)]
        return sorted(kept, key=lambda row: (day_of(row), tuple(map(str, key_of(kind, row)))))

    async def columns(
        self, kind: Kind, *, first: date | None = None, last: date | None = None, names: Sequence[str] = ()
    ) -> Mapping[str, Sequence[object]]:
        rows = await self.rows(kind, first=first, last=last, names=names)
        return {one.name: [getattr(row, one.name) for row in rows] for one in fields(ROWS[kind])}

    async def version(self, kind: Kind) -> str:
        return str(self.versions.get(kind, 0))

    def _add(self, batch: Batch) -> int:
        piles = self.piles.setdefault(batch.kind, {})
        changed = 0
        for row in batch.rows:
            pile = piles.setdefault(key_of(batch.kind, row), [])
            before = pile[-1][1] if pile else None
            pile[:] = [version for version in pile if version[0] != batch.origin]
            pile.append((batch.origin, row))
            changed += row != before
        self._note(batch.kind, changed)
        return changed

    def _note(self, kind: Kind, changed: int) -> None:
        if changed:
            self.versions[kind] = self.versions.get(kind, 0) + 1


def _known_by(batch: Batch, day: date, before: datetime | None) -> bool:
    if before is None:
        return True
    return day <= before.date() and (batch.as_of <= before or batch.status == "imported")


@dataclass
class DailyInMemory(Failing):
    """``DailyData``: one batch for every kind and day; newer rows replace those of their key, an older batch does nothing."""

    kept: dict[tuple[Kind, date], Batch] = field(default_factory=dict)

    async def put(self, batches: Sequence[Batch]) -> None:
        self._may_fail("put")
        for batch in batches:
            days: dict[date, list[Row]] = {}
            for row in batch.rows:
                days.setdefault(day_of(row), []).append(row)
            for day, rows in days.items():
                self._put(day, replace(batch, rows=tuple(rows)))

    async def newest(
        self, kind: Kind, *, before: datetime | None = None, last: date | None = None
    ) -> Batch | None:
        days = [
            day for (of, day), batch in self.kept.items()
            if of == kind and (last is None or day <= last) and _known_by(batch, day, before)
        ]  # fmt: skip
        return self.kept[kind, max(days)] if days else None

    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        days = sorted(day for of, day in self.kept if of == kind and day >= first)
        return [self.kept[kind, day] for day in days]

    async def forget(self, kind: Kind, days: Sequence[date]) -> None:
        self._may_fail("forget")
        for day in days:
            self.kept.pop((kind, day), None)

    def sweep(self, now: datetime) -> None:
        """What the database's own clockwork does: days older than thirty go."""
        for key in [key for key in self.kept if now.date() - key[1] > KEPT_DAYS]:
            del self.kept[key]

    def _put(self, day: date, batch: Batch) -> None:
        there = self.kept.get((batch.kind, day))
        if there is None:
            self.kept[batch.kind, day] = batch
            return
        if batch.as_of < there.as_of:
            return
        rows = {key_of(batch.kind, row): row for row in (*there.rows, *batch.rows)}
        self.kept[batch.kind, day] = replace(batch, rows=tuple(rows.values()))


@dataclass
class LedgerInMemory(Failing):
    """``ImportLedger``: one line for every file's hash; a file that comes again after its undoing is a new line."""

    lines: dict[str, Imported] = field(default_factory=dict)

    async def known(self, file_hash: str) -> Imported | None:
        return self.lines.get(file_hash)

    async def record(self, imported: Imported) -> None:
        self._may_fail("record")
        self.lines.pop(imported.id, None)
        self.lines[imported.id] = imported

    async def undone(self, file_hash: str) -> None:
        self._may_fail("undone")
        if file_hash in self.lines:
            self.lines[file_hash] = replace(self.lines[file_hash], undone=True)

    async def newest(self, *, limit: int = 10) -> list[Imported]:
        return list(reversed(self.lines.values()))[:limit]
