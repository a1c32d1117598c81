"""What is kept of PSX beside the frozen day, and how a figure of it becomes a fact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from services.domain.market import Fact, Unit
from services.domain.psx_history import History
from services.domain.records import Batch, Kind, Row
from services.domain.rows import IndexRow

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything kept that a book is put together from.

    ``newest`` is the newest batch of each kind not later than the book's time; ``recent`` are all batches of some weeks of
    the kinds that are told as news; ``history`` is the past of the shares, ``levels`` that of the indices: code to day to close.
    """

    history: History
    newest: Mapping[Kind, Batch] = field(default_factory=dict)
    recent: Mapping[Kind, Sequence[Batch]] = field(default_factory=dict)
    levels: Mapping[str, Mapping[date, float]] = field(default_factory=dict)

    def of(self, *kinds: Kind) -> "Stock":
        """These kinds alone, for a part of the book that needs no more; of the past it has the actions."""
        return Stock(
            History({}, self.history.actions, {}, (), ()),
            {kind: self.newest[kind] for kind in kinds if kind in self.newest},
            {kind: self.recent[kind] for kind in kinds if kind in self.recent},
        )

    def rows(self, kind: Kind, shape: type[R]) -> list[R]:
        """The rows of the newest batch of a kind."""
        batch = self.newest.get(kind)
        return [row for row in batch.rows if isinstance(row, shape)] if batch else []

    def told(self, kind: Kind, shape: type[R]) -> list[tuple[R, Batch]]:
        """The rows of all recent batches of a kind, each with its batch, the newest batch first."""
        batches = self.recent.get(kind, ())
        alone = len(set(map(_place, batches))) == len(batches)
        order = sorted(batches, key=_place if alone else _exact_place, reverse=True)
        return [(row, batch) for batch in order for row in batch.rows if isinstance(row, shape)]


def _place(batch: Batch) -> tuple[object, ...]:
    """Where a batch stands among its kind, whatever order the store told them in."""
    return batch.as_of, batch.origin, batch.source, batch.status


def _exact_place(batch: Batch) -> tuple[object, ...]:
    """The same where two of them are of one moment and one file."""
    return *_place(batch), str(batch.rows[:1])


def closing_levels(rows: Iterable[Row]) -> dict[str, dict[date, float]]:
    """Each index's last level of each day, by its code."""
    found: dict[str, dict[date, float]] = {}
    levels = [row for row in rows if isinstance(row, IndexRow)]
    for row in sorted(levels, key=lambda row: row.as_of):
        found.setdefault(row.code, {})[row.as_of.date()] = row.current
    return found


def exact(value: float) -> Decimal:
    """A number as the decimal it was published as."""
    return Decimal(str(value))


def fact(batch: Batch, name: str, value: float, unit: Unit, as_of: datetime, entity: str = "") -> Fact:
    """A fact of a batch: id ``name:day``; its entity is the name's second word unless another is given."""
    return Fact(
        f"{name}:{as_of.date()}",
        exact(value),
        unit,
        entity or name.split(":")[1],
        as_of,
        batch.source,
        batch.status,
    )


def newest_day(rows: Sequence[Row], of: str = "day") -> date | None:
    """The newest day among rows that bear one."""
    return max((getattr(row, of) for row in rows), default=None)
