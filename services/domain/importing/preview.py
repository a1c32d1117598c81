"""What an import would do, file by file, before anything is stored; and how that is written as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.domain.importing.reading import ImportKind, Reading, Rejected

MOST_REASONS = 1000  # rejected rows listed in a document; the count beside them is of all
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Looked:
    """One file as it was read.

    ``reason`` says why nothing of it may be stored ("" if it may); ``known`` when it was imported before. ``new``,
    ``changed``, ``same`` are its rows against what is stored; None where that was not asked. ``asked`` is what reading it
    took from the book of that moment (tickers of companies' names), so that it can be read alike again.
    """

    name: str
    id: str
    reading: Reading | None
    reason: str = ""
    known: str = ""
    new: int | None = None
    changed: int | None = None
    same: int | None = None
    asked: Mapping[str, str] | None = None

    @property
    def taken(self) -> int:
        return len(self.reading.rows) if self.reading else 0

    @property
    def rejected(self) -> Sequence[Rejected]:
        return self.reading.rejected if self.reading else ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What several files would bring together: all of them, or none."""

    kind: ImportKind
    files: tuple[Looked, ...]

    @property
    def good(self) -> bool:
        """Whether it may be stored."""
        return not any(file.reason for file in self.files)

    @property
    def fresh(self) -> tuple[Looked, ...]:
        """The files that were not imported before."""
        return tuple(file for file in self.files if not file.known)

    @property
    def first(self) -> date | None:
        return min((f.reading.first for f in self.files if f.reading and f.reading.first), default=None)

    @property
    def last(self) -> date | None:
        return max((f.reading.last for f in self.files if f.reading and f.reading.last), default=None)


def document(kind: ImportKind, file: Looked, *, stored: int) -> dict[str, object]:
    """One file's JSON: counts, the reasons of rejected rows, the first and last day, how many rows were stored."""
    reading = file.reading
    told: dict[str, object] = {
        "kind": kind,
        "file": file.name,
        "id": file.id,
        "taken": file.taken,
        "rejected": [{"row": one.row, "reason": one.reason} for one in file.rejected[:MOST_REASONS]],
        "rejected_count": len(file.rejected),
        "mended": reading.mended if reading else 0,
        "repeated": reading.repeated if reading else 0,
        "from": reading.first.isoformat() if reading and reading.first else None,
        "to": reading.last.isoformat() if reading and reading.last else None,
        "stored": stored,
        "notes": list(reading.notes) if reading else [],
    }
    counts = {"new": file.new, "changed": file.changed, "same": file.same}
    told |= {name: count for name, count in counts.items() if count is not None}
    return (
        told
        | ({"reason": file.reason} if file.reason else {})
        | ({"already": file.known} if file.known else {})
    )
