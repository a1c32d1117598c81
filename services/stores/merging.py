"""What the lake keeps of a key: the row that counts, and beneath it those that come back when an import is undone.

All versions of a key form a stack, ordered by the batch's ``as_of``, then by their coming. The last counts. Of one origin
only its newest version is kept. What lies beneath a row that was *fetched* can never count again (only imports are
undone) and is forgotten, so that the thirteen fetches of a day leave one row. Therefore the result is the same in
whatever order batches of different ``as_of`` come, and an undone import leaves what would be there without it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.domain.records import KEYS, Kind
from services.stores.tables import columns_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Places = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Values = npt.NDArray[np.generic]

_FETCHED: Final = ("live", "delayed", "stale")


@dataclass(frozen=True, slots=True)
class Part:
    """A partition: the rows that count in the order of day and key, and what lies beneath them."""

    top: "pa.Table"
    under: "pa.Table"


def merge(kind: Kind, part: Part, new: "pa.Table") -> tuple[Part, int]:
    """Put rows onto their stacks, in the order of their coming; returns how many keys then say something else."""
    import pyarrow as pa

    stacks = _Stacks(kind, pa.concat_tables([part.under, part.top, new]))
    return stacks.part(), stacks.changed(part.under.num_rows, part.top.num_rows)


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

        self._kind = kind
        self._pool = (
            pool.combine_chunks()
        )  # rows are taken out several times: from one piece that is far quicker
        keys = [_ordered(self._pool[name]) for name in KEYS[kind]]
        self._order: Places = np.lexsort(
            (self._pool["batch_as_of"].to_numpy(), *reversed(keys))
        )  # a stable sort
        begins = np.zeros(pool.num_rows, dtype=bool)
        begins[:1] = True
        for key in keys:
            sorted_key = key[self._order]
            begins[1:] |= sorted_key[1:] != sorted_key[:-1]
        self._group: Places = np.cumsum(begins) - 1
        self._kept = self._last_of_origin()

    def part(self) -> Part:
        """The stacks divided into what counts and what lies beneath."""
        import numpy as np

        order, group = self._kept
        top = _last(group)
        counts = order[
            top
        ]  # by key, of which the day is a part: by the day they are in the order of ``order_of``
        counts = counts[np.argsort(self._pool["filed"].to_numpy()[counts], kind="stable")]
        beneath = self._above_fetched(order, group) & ~top
        return Part(self._pool.take(counts), self._pool.take(order[beneath]))

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

        fetched = pc.is_in(self._pool["status"], value_set=pa.array(_FETCHED)).to_numpy()[order]
        places = np.arange(group.size)
        newest = np.full(group[-1] + 1 if group.size else 0, -1)
        newest[group[fetched]] = places[fetched]  # places rise, so the last of a key stays
        kept: Flags = places >= newest[group]
        return kept

    def changed(self, under: int, top: int) -> int:
        """How many keys have a row that counts other than before, by the row's own fields."""
        import numpy as np

        order, group = self._kept
        winners = order[_last(group)]
        before = np.full(winners.size, -1)
        was_top = (self._order >= under) & (self._order < under + top)
        before[self._group[was_top]] = self._order[was_top]
        other = (before != winners) & (before >= 0)
        new = int((before < 0).sum())
        if not other.any():
            return new
        return new + _differing(self._kind, self._pool.take(before[other]), self._pool.take(winners[other]))


def _ordered(column: "pa.ChunkedArray") -> "Values":
    """Values that are in the order of the column's and alike where these are; words become their places among them."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_string(column.type):
        plain: Values = column.to_numpy()
        return plain
    encoded = column.combine_chunks().dictionary_encode()
    places = np.empty(len(encoded.dictionary), dtype=np.int64)
    places[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(places.size)
    found: Values = places[encoded.indices.to_numpy()]
    return found


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
