"""Rows as Arrow tables and back: each kind's columns follow from its dataclass, so that a new field needs no second word.

Beside a row's own fields stand ``filed`` (the day it is filed by), ``zone`` (the UTC offset in seconds of its time, where
it has one: times are stored in UTC and come back as they were) and what is known of it: ``source``, ``status``,
``batch_as_of`` (the batch's ``as_of``; some rows have one of their own) and ``origin``.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from services.domain.making import made
from services.domain.records import KEYS, ROWS, Batch, Kind, Row, day_of

if TYPE_CHECKING:
    import pyarrow as pa

# Arrow's own store of memory keeps a third of a process for itself; the machine's takes back what ``give_back`` gives.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # noqa: TID251  # no setting of ours: Arrow's only way to be told

Column = Literal["text", "number", "whole", "flag", "day", "time", "texts", "numbers", "labels"]
_PIECE: Final = 32_768  # rows that are turned at one time: Python's lists of them are several times the table
STAMP: Final = ("source", "status", "batch_as_of", "origin")
_BY_TYPE: Final[Mapping[object, Column]] = {
    str: "text", float: "number", int: "whole", bool: "flag", date: "day", datetime: "time",
    tuple[str, ...]: "texts", Mapping[str, float]: "numbers", Mapping[str, str]: "labels",
}  # fmt: skip


@cache
def columns_of(kind: Kind) -> Mapping[str, Column]:
    """The fields of a kind's rows and how each is stored."""
    hints = get_type_hints(ROWS[kind])
    return {field.name: _column(hints[field.name]) for field in fields(ROWS[kind])}


def _column(hint: object) -> Column:
    if get_origin(hint) in {Union, UnionType}:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return "text" if get_origin(hint) is Literal else _BY_TYPE[hint]


def default_of(kind: Kind, name: str) -> object:
    """What a row says in a field that nobody has filled; None if such a field must be."""
    field = next((field for field in fields(ROWS[kind]) if field.name == name), None)
    return None if field is None or field.default is MISSING else field.default


@cache
def time_field(kind: Kind) -> str:
    """The field that holds a row's moment, "" if its kind knows days only."""
    return next((name for name, column in columns_of(kind).items() if column == "time"), "")


@cache
def schema(kind: Kind) -> "pa.Schema":
    """The Arrow schema of a kind's files."""
    import pyarrow as pa

    utc = pa.timestamp("us", tz="UTC")
    types: Mapping[Column, pa.DataType] = {
        "text": pa.string(), "number": pa.float64(), "whole": pa.int64(), "flag": pa.bool_(), "day": pa.date32(),
        "time": utc, "texts": pa.list_(pa.string()), "numbers": pa.map_(pa.string(), pa.float64()),
        "labels": pa.map_(pa.string(), pa.string()),
    }  # fmt: skip
    own = [pa.field(name, types[column]) for name, column in columns_of(kind).items()]
    zone = [pa.field("zone", pa.int32())] if time_field(kind) else []
    stamp = [pa.field(name, utc if name == "batch_as_of" else pa.string()) for name in STAMP]
    return pa.schema([*own, pa.field("filed", pa.date32()), *zone, *stamp])


def order_of(kind: Kind) -> tuple[str, ...]:
    """The columns by which rows lie: the day, then what names a row."""
    return ("filed", *(name for name in KEYS[kind] if name not in {"day", "ex_date"}))


def table(kind: Kind, batches: Iterable[Batch]) -> "pa.Table":
    """The rows of these batches (of this kind), in the order of their coming.

    Raises:
        ValueError: A time bears no zone (a mistake of the caller).
    """
    import pyarrow as pa

    plan = schema(kind)
    pieces = (_one(kind, plan, piece) for piece in _pieces(batches))
    return pa.concat_tables([plan.empty_table(), *pieces])


def _pieces(batches: Iterable[Batch]) -> Iterator[list[tuple[Batch, Sequence[Row]]]]:
    """Rows with their batches in pieces of about one size: many small batches at once are as quick as a large one."""
    piece: list[tuple[Batch, Sequence[Row]]] = []
    count = 0
    for batch in batches:
        for start in range(0, len(batch.rows), _PIECE):
            rows = batch.rows[start : start + _PIECE]
            if count and count + len(rows) > _PIECE:
                yield piece
                piece, count = [], 0
            piece.append((batch, rows))
            count += len(rows)
    if piece:
        yield piece


def _one(kind: Kind, plan: "pa.Schema", piece: Sequence[tuple[Batch, Sequence[Row]]]) -> "pa.Table":
    import pyarrow as pa

    rows = [row for _, own in piece for row in own]
    values: dict[str, Any] = {
        name: _stored(column, list(map(attrgetter(name), rows))) for name, column in columns_of(kind).items()
    }
    filed = next((name for name in ("day", "ex_date") if name in values), "")
    values["filed"] = values[filed] if filed else [day_of(row) for row in rows]
    if moment := time_field(kind):
        values["zone"] = [_offset(getattr(row, moment)) for row in rows]
    stamps = zip(*(_stamp(batch) for batch, _ in piece), strict=True)
    of = pa.array([number for number, (_, own) in enumerate(piece) for _ in own], pa.int32())
    for name, told in zip(STAMP, stamps, strict=True):
        values[name] = pa.array(told, plan.field(name).type).take(of)
    arrays = [
        values[f.name] if isinstance(values[f.name], pa.Array) else pa.array(values[f.name], f.type)
        for f in plan
    ]
    return pa.Table.from_arrays(arrays, schema=plan)


def _stamp(batch: Batch) -> tuple[str, str, datetime, str]:
    _offset(batch.as_of)
    return batch.source, batch.status, batch.as_of.astimezone(UTC), batch.origin


def _stored(column: Column, values: list[Any]) -> list[Any]:
    if column == "time":
        return [value.astimezone(UTC) for value in values]
    if column in {"numbers", "labels"}:
        return [list(value.items()) for value in values]
    return values


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"a time without its zone cannot be kept: {moment}")
    return round(offset.total_seconds())


def lists(found: "pa.Table") -> dict[str, list[Any]]:
    """The columns as lists of plain values; times in their own offset, maps as dictionaries."""
    zones = found.column("zone").to_pylist() if "zone" in found.schema.names else []
    return {f.name: _plain(found.column(f.name), f, zones) for f in found.schema if f.name != "zone"}


def _plain(column: "pa.ChunkedArray", kept: "pa.Field", zones: Sequence[int]) -> list[Any]:
    import pyarrow as pa

    kind = kept.type
    if pa.types.is_nested(kind):
        make = dict if pa.types.is_map(kind) else tuple
        return [make(entry) for entry in column.to_pylist()]
    if pa.types.is_timestamp(kind) and kept.name != "batch_as_of":
        return [_moment(*at) for at in zip(column.to_numpy().tolist(), zones, strict=True)]
    if pa.types.is_string(kind) or pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _shared(column)
    return _numbers(column)


def _shared(column: "pa.ChunkedArray") -> list[Any]:
    """Each value once in memory, however often it stands in the column."""
    import numpy as np

    encoded = column.combine_chunks().dictionary_encode()
    words = _words(encoded.dictionary)
    if encoded.null_count:
        return [None if code is None else words[code] for code in encoded.indices.to_pylist()]
    if len(words) == 1:
        return words * len(column)
    known = np.empty(len(words), dtype=object)
    known[:] = words
    values: list[Any] = known[encoded.indices.to_numpy()].tolist()
    return values


def _words(values: "pa.Array") -> list[Any]:
    import pyarrow as pa

    if pa.types.is_timestamp(values.type):
        return [moment.replace(tzinfo=UTC) for moment in values.to_numpy(zero_copy_only=False).tolist()]
    return list(values.to_pylist())


def _numbers(column: "pa.ChunkedArray") -> list[Any]:
    """Numbers and flags; a list by way of numpy is many times faster than pyarrow's own."""
    import pyarrow as pa

    if column.null_count and not pa.types.is_floating(column.type):  # numpy would make floats of them
        return list(column.to_pylist())
    values: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
    if column.null_count:
        for index in column.is_null().to_numpy().nonzero()[0].tolist():
            values[index] = None
    return values


@cache
def _zone(seconds: int) -> timezone:
    return timezone(timedelta(seconds=seconds))


def _moment(naive: datetime, seconds: int) -> datetime:
    moment = naive.replace(tzinfo=UTC)
    return moment.astimezone(_zone(seconds)) if seconds else moment


def rows(kind: Kind, found: "pa.Table") -> list[Row]:
    """The rows back, as they were written."""
    columns = lists(found)
    return made(ROWS[kind], [columns[name] for name in columns_of(kind)])


@cache
def row_columns(kind: Kind) -> tuple[str, ...]:
    """The columns that a row is made of."""
    zone = ("zone",) if time_field(kind) else ()
    return (*columns_of(kind), "filed", *zone)
