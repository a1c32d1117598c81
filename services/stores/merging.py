"""What the lake keeps of a key: the row that counts, and beneath it those that come back when an import is undone.

All versions of a key form a stack, ordered by the batch's ``as_of``, then by their coming. The last counts. Of one origin
only its newest version is kept. What lies beneath a row that was *fetched* can never count again (only imports are
undone) and is forgotten, so that the thirteen fetches of a day leave one row. Therefore the result is the same in
whatever order batches of different ``as_of`` come, and an undone import leaves what would be there without it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.domain.records import KEYS, Kind
from services.stores.tables import columns_of, order_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Places = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

_FETCHED: Final = ("live", "delayed", "stale")


@dataclass(frozen=True, slots=True)
class Part:
    """A partition: the rows that count in the order of day and key, and what lies beneath them."""

    top: "pa.Table"
    under: "pa.Table"


def merge(kind: Kind, part: Part, new: "pa.Table") -> tuple[Part, int]:
    """Put rows onto their stacks, in the order of their coming; returns how many keys then say something else."""
    import pyarrow as pa

    pool = pa.concat_tables([part.under, part.top, new])
    stacks = _Stacks(kind, pool)
    merged = stacks.part()
    return merged, stacks.changed(part.under.num_rows, part.top.num_rows)


def without(kind: Kind, part: Part, origin: str) -> tuple[Part, int]:
    """Take all rows of an origin away; returns how many keys then say something else."""
    import pyarrow as pa
    import pyarrow.compute as pc

    pool = pa.concat_tables([part.under, part.top])
    left = pool.filter(pc.not_equal(pool["origin"], origin))
    counted = pc.sum(pc.equal(part.top["origin"], origin)).as_py() or 0
    return _Stacks(kind, left).part(), int(counted)


class _Stacks:
    """The versions of each key in order: ``order`` are places in the pool, ``group`` numbers the keys."""

    def __init__(self, kind: Kind, pool: "pa.Table") -> None:
        import numpy as np
        import pyarrow.compute as pc

        self._kind = kind
        self._pool = pool
        by = [*KEYS[kind], "batch_as_of"]
        ordered = pc.sort_indices(pool, sort_keys=[(name, "ascending") for name in by])  # a stable sort
        self._order: Places = ordered.to_numpy()
        begins = np.zeros(pool.num_rows, dtype=bool)
        begins[:1] = True
        for name in KEYS[kind]:
            column = pool[name].take(ordered).combine_chunks()
            begins[1:] |= pc.not_equal(column[1:], column[:-1]).to_numpy(zero_copy_only=False)
        self._group: Places = np.cumsum(begins) - 1

    def part(self) -> Part:
        """The stacks divided into what counts and what lies beneath."""
        order, group = self._last_of_origin()
        top = _last(group)
        kept = self._above_fetched(order, group)
        rows = self._pool.take(order[top])
        rows = rows.sort_by([(name, "ascending") for name in order_of(self._kind)])
        return Part(rows, self._pool.take(order[kept & ~top]))

    def _last_of_origin(self) -> "tuple[Places, Places]":
        """Without older versions of the same origin (the same page came again, or was written again)."""
        import numpy as np

        if self._group.size == 0 or self._group[-1] + 1 == self._group.size:  # one version each
            return self._order, self._group
        origins = self._pool["origin"].combine_chunks().dictionary_encode()
        codes = origins.indices.to_numpy()[self._order].astype(np.int64)
        pairs = self._group * len(origins.dictionary) + codes
        _, first_from_behind = np.unique(pairs[::-1], return_index=True)
        kept = np.sort(pairs.size - 1 - first_from_behind)
        return self._order[kept], self._group[kept]

    def _above_fetched(self, order: "Places", group: "Places") -> "Flags":
        """Which versions may still count one day: the newest fetched one and all above it."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        status = self._pool["status"].take(pa.array(order))
        fetched = pc.is_in(status, value_set=pa.array(_FETCHED)).to_numpy()
        places = np.arange(group.size)
        newest = np.full(group[-1] + 1 if group.size else 0, -1)
        newest[group[fetched]] = places[fetched]  # places rise, so the last of a key stays
        kept: Flags = places >= newest[group]
        return kept

    def changed(self, under: int, top: int) -> int:
        """How many keys have a row that counts other than before, by the row's own fields."""
        import numpy as np

        order, group = self._last_of_origin()
        winners = order[_last(group)]
        before = np.full(winners.size, -1)
        was_top = (self._order >= under) & (self._order < under + top)
        before[self._group[was_top]] = self._order[was_top]
        other = (before != winners) & (before >= 0)
        differing = _differing(self._kind, self._pool.take(before[other]), self._pool.take(winners[other]))
        return int((before < 0).sum()) + differing


def _last(group: "Places") -> "Flags":
    import numpy as np

    last = np.ones(group.size, dtype=bool)
    last[:-1] = group[1:] != group[:-1]
    return last


def _differing(kind: Kind, left: "pa.Table", right: "pa.Table") -> int:
    """In how many places two tables of the same length say different things."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    differing = np.zeros(left.num_rows, dtype=bool)
    for name in columns_of(kind):
        one, other = left[name], right[name]
        if pa.types.is_nested(one.type):
            pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
            differing |= np.fromiter((a != b for a, b in pairs), bool, left.num_rows)
            continue
        same = pc.or_(pc.fill_null(pc.equal(one, other), False), pc.and_(pc.is_null(one), pc.is_null(other)))
        differing |= ~same.to_numpy()
    return int(differing.sum())
