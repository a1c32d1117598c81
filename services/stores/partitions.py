"""Where a row lies in the lake, and a partition's files: read, written, cut to what a question asks for."""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from obstore.exceptions import BaseError
from obstore.store import ObjectStore

from services.domain.records import KEYS, Batch, Kind
from services.stores.manifests import Entry, path_of
from services.stores.merging import Part
from services.stores.objects import unreachable
from services.stores.tables import columns_of, default_of, order_of, schema, table, time_field

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

ALL: Final = "all"
_BY_DAY: Final[tuple[Kind, ...]] = ("ticks", "companies")
_GROUP_ROWS: Final = 16_384
_EDGE: Final = timedelta(days=1)  # a moment's UTC day may lie beside the day the row is filed by
NAMES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "indices": ("code",), "constituents": ("index", "symbol"), "sectors": ("code",), "baskets": ("fund", "symbol"),
    "fx": ("currency",), "rates": ("name",), "flows": ("investor", "sector"), "navs": ("fund",),
    "holdings": ("fund", "symbol"), "news": ("symbols",), "holidays": ("name",),
    "sector_moves": ("code",), "breadth": ("name",), "leaders": ("code",), "totals": (),
}  # fmt: skip
"""The columns in which a question's names are looked for; any may match; where there is none, names are no matter. Else it is the symbol."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for: days from ``first`` to ``last`` (both included), rows of one of these names."""

    kind: Kind
    first: date | None = None
    last: date | None = None
    names: tuple[str, ...] = ()

    def period(self, period: str) -> bool:
        """Whether a partition may hold such rows."""
        if period == ALL:
            return True
        early = self.first is None or period >= _edge(self.first, -_EDGE)[: len(period)]
        return early and (self.last is None or period <= _edge(self.last, _EDGE)[: len(period)])


def _edge(day: date, by: timedelta) -> str:
    try:
        return (day + by).isoformat()
    except OverflowError:
        return day.isoformat()


def divided(kind: Kind, found: "pa.Table") -> "dict[str, pa.Table]":
    """The rows by period, in their order.

    The period follows from a row's key alone, so that all versions of a key lie together: a month; a day where there are
    very many rows; one partition for kinds whose key names no day (a notice that is dated anew replaces the old one).
    """
    import numpy as np
    import pyarrow as pa

    moment = time_field(kind) if time_field(kind) in KEYS[kind] else ""
    dated = bool(moment) or bool({"day", "ex_date"} & set(KEYS[kind]))
    if kind == "payouts" or not dated:
        return {ALL: found} if found.num_rows else {}
    days = found[moment or "filed"].to_numpy().astype("datetime64[D]")
    periods = days if kind in _BY_DAY else days.astype("datetime64[M]")
    names, codes = np.unique(periods, return_inverse=True)
    if (
        len(names) > 1
    ):  # sorted once and cut: one mask for each of a hundred months takes a hundred times as long
        found = found.take(pa.array(np.argsort(codes, kind="stable")))
    counts = np.bincount(codes, minlength=len(names)).tolist()
    begins = accumulate(counts, initial=0)
    return {
        str(name): found.slice(begin, count)
        for name, begin, count in zip(names, begins, counts, strict=False)
    }


def encoded(found: "pa.Table") -> bytes:
    """Parquet with fixed settings: the same rows give the same bytes (with the same release of pyarrow)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(
        found.combine_chunks(),
        sink,
        row_group_size=_GROUP_ROWS,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
    )
    return bytes(sink.getvalue())


def decoded(body: bytes, wanted: Wanted, only: Sequence[str] = ()) -> "pa.Table":
    """The rows of a file that a question asks for; row groups that cannot hold any are not read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(body))
    groups = list(range(file.num_row_groups))
    if len(groups) > 1:
        groups = [n for n in groups if _may_hold(file.metadata.row_group(n), wanted)]
    found = file.read_row_groups(groups, columns=list(only) or None, use_threads=False)
    return _cut(_completed(found, wanted.kind, only), wanted)


def _completed(found: "pa.Table", kind: Kind, only: Sequence[str]) -> "pa.Table":
    """With the columns that its kind has got since the file was written: they say what a row says without that field."""
    import pyarrow as pa

    plan = schema(kind)
    for name in [name for name in only or plan.names if name not in found.schema.names]:
        value = pa.scalar(default_of(kind, name), plan.field(name).type)
        found = found.append_column(plan.field(name), pa.repeat(value, found.num_rows))
    return found if only else found.select(plan.names)


def _may_hold(group: "pq.RowGroupMetaData", wanted: Wanted) -> bool:
    bounds = {
        column.path_in_schema: (column.statistics.min, column.statistics.max)
        for column in (group.column(n) for n in range(group.num_columns))
        if column.statistics is not None and column.statistics.has_min_max
    }
    low, high = bounds.get("filed", (date.min, date.max))
    if (wanted.first and high < wanted.first) or (wanted.last and low > wanted.last):
        return False
    columns = names_of(wanted.kind)
    if not wanted.names or not columns or not all(column in bounds for column in columns):
        return True
    return any(bounds[c][0] <= name <= bounds[c][1] for c in columns for name in wanted.names)


def names_of(kind: Kind) -> tuple[str, ...]:
    """The columns in which names are looked for."""
    return NAMES.get(kind, ("symbol",))


def _cut(found: "pa.Table", wanted: Wanted) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    if wanted.first:
        found = found.filter(pc.greater_equal(found["filed"], pa.scalar(wanted.first)))
    if wanted.last:
        found = found.filter(pc.less_equal(found["filed"], pa.scalar(wanted.last)))
    if not wanted.names or not names_of(wanted.kind):
        return found
    names = pa.array(wanted.names, pa.string())
    matches = [_matching(wanted.kind, found, column, names) for column in names_of(wanted.kind)]
    either = matches[0]
    for more in matches[1:]:
        either = pc.or_(either, more)
    return found.filter(either)


def _matching(kind: Kind, found: "pa.Table", column: str, names: "pa.Array") -> "pa.Array | pa.ChunkedArray":
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if columns_of(kind)[column] != "texts":
        return pc.is_in(found[column], value_set=names)
    lists = found[column].combine_chunks()
    hits = pc.list_parent_indices(lists).filter(pc.is_in(pc.list_flatten(lists), value_set=names))
    mask = np.zeros(found.num_rows, dtype=bool)
    mask[hits.to_numpy(zero_copy_only=False)] = True
    return pa.array(mask)


def by_partition(batches: Iterable[Batch]) -> "dict[tuple[Kind, str], pa.Table]":
    """The rows of all batches by kind and period, in the order of their coming."""
    by_kind: dict[Kind, list[Batch]] = {}
    for batch in batches:
        by_kind.setdefault(batch.kind, []).append(batch)
    parts = {
        (kind, period): part
        for kind, group in by_kind.items()
        for period, part in divided(kind, table(kind, group)).items()
    }
    give_back()
    return parts


def read_files(wanted: Wanted, bodies: Sequence[bytes], only: Sequence[str]) -> "list[pa.Table]":
    """What a question asks for of some files; ``only`` these columns, if any are named."""
    return [decoded(body, wanted, only) for body in bodies]


def together(kind: Kind, parts: "Sequence[pa.Table]") -> "pa.Table":
    """The rows of several partitions in the order of day and key."""
    import pyarrow as pa

    if not parts:
        return schema(kind).empty_table()
    found = pa.concat_tables(parts)
    if time_field(kind) and len(parts) > 1:  # divided by the UTC day, filed by the day where it happened
        found = found.sort_by([(name, "ascending") for name in order_of(kind)])
    return found


def holds_origin(kind: Kind, bodies: Sequence[bytes], origin: str) -> bool:
    """Whether a row of that origin lies in one of these files."""
    import pyarrow.compute as pc

    origins = (decoded(body, Wanted(kind), ("origin",))["origin"] for body in bodies)
    return any(pc.any(pc.equal(found, origin)).as_py() for found in origins)


def give_back() -> None:
    """Hand memory that pyarrow holds in reserve back to the machine: a bot is idle most of the time."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


class Files:
    """The data files on the storage."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def body(self, kind: Kind, period: str, name: str) -> bytes:
        """Raises ``FileNotFoundError`` if it was swept, ``Unavailable`` if the storage does not answer."""
        try:
            found = await self._store.get_async(path_of(kind, period, name))
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as error:
            raise unreachable(error, "lake") from error

    async def part(self, kind: Kind, period: str, entry: Entry | None) -> Part:
        """A partition's rows; none if there is no entry."""
        names = (entry.top, entry.under) if entry else ("", "")
        top, under = [await self._rows(kind, period, name) for name in names]
        return Part(top, under)

    async def _rows(self, kind: Kind, period: str, name: str) -> "pa.Table":
        if not name:
            return schema(kind).empty_table()
        body = await self.body(kind, period, name)
        return await asyncio.to_thread(decoded, body, Wanted(kind))

    async def put(self, kind: Kind, period: str, part: Part, doomed: Mapping[str, str], spare: int) -> Entry:
        """Write a partition's files under the hash of their content; under another name if that one is to be removed."""
        names = [await self._put(kind, period, rows, doomed, spare) for rows in (part.top, part.under)]
        return Entry(names[0], part.top.num_rows, names[1])

    async def _put(
        self, kind: Kind, period: str, rows: "pa.Table", doomed: Mapping[str, str], spare: int
    ) -> str:
        if not rows.num_rows:
            return ""
        body = await asyncio.to_thread(encoded, rows)
        name = hashlib.sha256(body).hexdigest()[:20]
        if path_of(kind, period, name) in doomed:
            name = f"{name}-{spare}"
        try:
            await self._store.put_async(path_of(kind, period, name), body)
        except (BaseError, OSError) as error:
            raise unreachable(error, "lake") from error
        return name
