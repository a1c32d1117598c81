"""A day's rows of one kind as bytes for the database: by column, each row with what is known of its coming."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, cast

import orjson

from services.domain.errors import BadInput
from services.domain.records import ROWS, Batch, Kind, Row, Status, key_of
from services.stores.tables import columns_of, default_of

_PACKED_FROM: Final = 500_000
_MOST: Final = 15_000_000  # a document has 16 MB


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is known of a row: its batch without the rows."""

    as_of: datetime
    source: str
    status: Status
    origin: str


Known = dict[tuple[object, ...], tuple[Stamp, Row]]
"""Rows by their key, each with its stamp."""


def stamp_of(batch: Batch) -> Stamp:
    """The batch without its rows."""
    return Stamp(batch.as_of, batch.source, batch.status, batch.origin)


def put_upon(kind: Kind, known: Known, stamp: Stamp, rows: Iterable[Row]) -> bool:
    """Add or replace rows; one whose known row is newer changes nothing. Returns whether anything changed."""
    changed = False
    for row in rows:
        key = key_of(kind, row)
        there = known.get(key)
        if there is None or (there[0].as_of <= stamp.as_of and there != (stamp, row)):
            known[key] = (stamp, row)
            changed = True
    return changed


def packed(kind: Kind, known: Known) -> bytes:
    """The rows in the order of their keys.

    Raises:
        BadInput: They are more than a document can hold.
    """
    entries = [known[key] for key in sorted(known, key=_order)]
    told = {
        id(stamp): stamp for stamp, _ in entries
    }  # few; by themselves, for to hash each row's takes as long as all else
    stamps = list(dict.fromkeys(told.values()))
    numbers = {stamp: number for number, stamp in enumerate(stamps)}
    place = {one: numbers[stamp] for one, stamp in told.items()}
    rows = [row for _, row in entries]
    columns = {
        name: [list(value) for value in values] if column == "texts" else values
        for name, column in columns_of(kind).items()
        for values in [list(map(attrgetter(name), rows))]
    }
    text = orjson.dumps(
        {
            "stamps": [[s.as_of, s.source, s.status, s.origin] for s in stamps],
            "stamp": [place[id(stamp)] for stamp, _ in entries],
            "columns": columns,
        },
        default=dict,
    )
    body = b"z" + zlib.compress(text, 1) if len(text) > _PACKED_FROM else b"j" + text
    if len(body) > _MOST:
        raise BadInput(f"{len(rows)} rows of {kind} on one day are more than the database takes in one piece")
    return body


def unpacked(kind: Kind, body: bytes) -> list[tuple[Stamp, Row]]:
    """The rows back, in the order of their keys."""
    found = orjson.loads(zlib.decompress(body[1:]) if body[:1] == b"z" else body[1:])
    stamps = [
        Stamp(datetime.fromisoformat(at), source, status, origin)
        for at, source, status, origin in found["stamps"]
    ]
    make: Callable[..., Row] = ROWS[kind]
    blank = dict.fromkeys(columns_of(kind).keys() - found["columns"].keys())  # fields that came later
    kept = found["columns"] | {name: [default_of(kind, name)] * len(found["stamp"]) for name in blank}
    columns = (_values(column, kept[name]) for name, column in columns_of(kind).items())
    rows = map(make, *columns)
    return [(stamps[number], row) for number, row in zip(found["stamp"], rows, strict=True)]


def _values(column: str, values: Sequence[Any]) -> Sequence[Any]:
    if column == "texts":
        return [tuple(value) for value in values]
    if column in {"day", "time"}:
        read: Callable[[str], object] = date.fromisoformat if column == "day" else datetime.fromisoformat
        memo: dict[str | None, object] = {text: read(text) if text else None for text in set(values)}
        return [memo[text] for text in values]
    return values


def batches(kind: Kind, entries: Iterable[tuple[Stamp, Row]]) -> list[Batch]:
    """The rows as they came together: one batch for each stamp, oldest first."""
    by_stamp: dict[Stamp, list[Row]] = {}
    for stamp, row in entries:
        by_stamp.setdefault(stamp, []).append(row)
    return [
        Batch(kind, tuple(rows), stamp.as_of, stamp.source, stamp.status, stamp.origin)
        for stamp, rows in sorted(by_stamp.items(), key=lambda item: (item[0].as_of, item[0].origin))
    ]


def one_batch(kind: Kind, entries: Sequence[tuple[Stamp, Row]]) -> Batch:
    """All rows under the newest of their stamps."""
    newest = max((stamp for stamp, _ in entries), key=lambda stamp: (stamp.as_of, stamp.origin))
    rows = tuple(row for _, row in entries)
    return Batch(kind, rows, newest.as_of, newest.source, newest.status, newest.origin)


def _order(key: tuple[object, ...]) -> tuple[Any, ...]:
    return cast("tuple[Any, ...]", key)


def bucket_of(row: Row, buckets: int) -> int:
    """Which piece of a day a row belongs to: all rows of a symbol lie together."""
    if buckets == 1:
        return 0
    return zlib.crc32(str(getattr(row, "symbol", "")).encode()) % buckets


BUCKETS: Final[Mapping[Kind, int]] = {"ticks": 32}
"""Kinds that have too many rows for one document a day."""
