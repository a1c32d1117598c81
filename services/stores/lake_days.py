"""Days of market data read from the lake: for commands that need no database, and for what is older than the database keeps."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar, cast

from services.domain.making import made
from services.domain.records import ROWS, Batch, Kind, Row
from services.stores.day_rows import Stamp, batches, one_batch
from services.stores.lake import ParquetLake

_STEPS: Final = (timedelta(days=10), timedelta(days=60), timedelta(days=800))
"""How far back the newest day is looked for, step by step: nearly always it lies in the first."""
_STAMP: Final = ("batch_as_of", "source", "status", "origin")
_KEPT: Final = 60  # answers: nearly everybody asks the same questions of the lake

T = TypeVar("T")


class LakeDays:
    """``Days`` on the lake. What is asked again is read again only if a row of its kind has changed.

    Args:
        lake: Where the rows are.
        today: The day at which "newest" begins where no time is asked for.
    """

    def __init__(self, lake: ParquetLake, today: Callable[[], date]) -> None:
        self._lake = lake
        self._today = today
        self._kept: dict[tuple[object, ...], tuple[str, object]] = {}

    async def newest(
        self, kind: Kind, *, before: datetime | None = None, last: date | None = None
    ) -> Batch | None:
        """All rows of the newest day within two years, as it was known at that time; None if there are none."""
        if not await self._lake.version(kind):
            return None
        end = min(day for day in (last, before.date() if before else self._today()) if day)
        for step in _STEPS:
            known = [day for day, stamp in await self._days(kind, end - step, end) if _known(before, stamp)]
            if known:
                entries = await self._day(kind, max(known))
                return one_batch(kind, [entry for entry in entries if _known(before, entry[0])])
        return None

    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        """Everything from that day on, in the batches in which it came, the oldest first."""

        async def read() -> list[Batch]:
            return batches(kind, await self._entries(kind, first, None))

        if not await self._lake.version(kind):
            return []
        return await self._same(("since", kind, first), kind, read)

    async def _days(self, kind: Kind, first: date, last: date) -> list[tuple[date, Stamp]]:
        """Each day that has rows, with the stamps under which they came."""

        async def read() -> list[tuple[date, Stamp]]:
            found = await self._lake.columns(kind, first=first, last=last, only=["filed", *_STAMP])
            columns = [cast("Sequence[Any]", found[name]) for name in ("filed", *_STAMP)]
            return [(day, Stamp(*stamp)) for day, *stamp in dict.fromkeys(zip(*columns, strict=True))]

        return await self._same(("days", kind, first, last), kind, read)

    async def _day(self, kind: Kind, day: date) -> list[tuple[Stamp, Row]]:
        return await self._same(("day", kind, day), kind, lambda: self._entries(kind, day, day))

    async def _entries(self, kind: Kind, first: date, last: date | None) -> list[tuple[Stamp, Row]]:
        found = await self._lake.columns(kind, first=first, last=last)
        rows: list[Row] = made(ROWS[kind], [found[field.name] for field in fields(ROWS[kind])])
        told: list[tuple[Any, ...]] = list(zip(*(found[name] for name in _STAMP), strict=True))
        stamps = {one: Stamp(*one) for one in set(told)}
        return list(zip(map(stamps.__getitem__, told), rows, strict=True))

    async def _same(self, question: tuple[object, ...], kind: Kind, read: Callable[[], Awaitable[T]]) -> T:
        """What was answered before, as long as no row of the kind has changed."""
        version = await self._lake.version(kind)
        known = self._kept.pop(question, None)
        if known is None or known[0] != version:
            known = (version, await read())
        self._kept[question] = known  # the newest last
        while len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return cast("T", known[1])


def _known(before: datetime | None, stamp: Stamp) -> bool:
    """Whether it was there at that time; an import tells of earlier days, whenever it came."""
    return before is None or stamp.as_of <= before or stamp.status == "imported"
