"""Finds what is new in a long page, such as five years of one share of which one day changed.

Each month of its rows has a digest. Months whose digest is known were stored before and are left out: the lake need not
compare them again, and an operator's correction of an old day is not undone every evening.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Final

import orjson

from services.domain.records import Row, days_of

LONG: Final = 100  # rows; shorter pages are stored whole
_BYTES: Final = 6

Parts = Mapping[str, str]


def parts_of(rows: Sequence[Row]) -> tuple[dict[str, str], dict[str, list[Row]]]:
    """Digest and rows of each month ("2026-08"); both empty for a short page."""
    if len(rows) < LONG:
        return {}, {}
    months: dict[str, list[Row]] = {}
    for row, day in zip(rows, days_of(rows), strict=True):
        months.setdefault(_month(day), []).append(row)
    return {name: _digest(found) for name, found in months.items()}, months


@lru_cache(maxsize=4096)
def _month(day: date) -> str:
    return f"{day.year}-{day.month:02}"


def news(rows: Sequence[Row], known: Parts) -> tuple[Sequence[Row], dict[str, str]]:
    """The rows of the months that are not known as they are, and the digests of all months."""
    digests, months = parts_of(rows)
    if not digests:
        return rows, {}
    fresh = [name for name, digest in digests.items() if known.get(name) != digest]
    return [row for name in fresh for row in months[name]], digests


def fresh_months(parts: Parts, known: Parts) -> tuple[str, ...] | None:
    """Which months ``news`` gave; None for a short page, of which it gives all rows."""
    return tuple(name for name, digest in parts.items() if known.get(name) != digest) if parts else None


def only_months(rows: Sequence[Row], months: Sequence[str] | None) -> Sequence[Row]:
    """The rows of these months in the order in which ``news`` gave them; all rows for None."""
    if months is None:
        return rows
    _, found = parts_of(rows)
    wanted = frozenset(months)
    return [row for name, of_month in found.items() if name in wanted for row in of_month]


def _digest(rows: Sequence[Row]) -> str:
    """The same in every process and version of Python: a digest of the values as JSON, a list for each row."""
    values = list(map(_values(type(rows[0])), rows))  # type: ignore[arg-type]  # a class is hashable, whatever mypy takes it for
    return hashlib.blake2b(orjson.dumps(values), digest_size=_BYTES).hexdigest()


@cache
def _values(kind: type[Row]) -> Callable[[Row], object]:
    """All fields of a row at once: in a third of the time that a dataclass takes to be written as JSON."""
    return attrgetter(*(field.name for field in fields(kind)))
