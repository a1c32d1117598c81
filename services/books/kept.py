"""What is kept of a market, read for a book: the last weeks' rows, and the lake's for what these have not got."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

from services.domain.records import Batch, Kind, Row
from services.market_store import Days

R = TypeVar("R", bound=Row)


class Kept:
    """Rows up to a moment, the newest day of a kind or everything since a day.

    Args:
        daily: The last weeks.
        old: The same from the lake.
    """

    def __init__(self, daily: Days, old: Days) -> None:
        self._daily = daily
        self._old = old

    async def newest(self, kind: Kind, now: datetime | None, last: date | None = None) -> Batch | None:
        """All rows of the newest day as it was known at a time (None: whenever); ``last``: no later day than that."""
        found = await self._daily.newest(kind, before=now, last=last)
        return found or await self._old.newest(kind, before=now, last=last)

    async def since(self, kind: Kind, first: date, now: datetime, *, seldom: bool = False) -> Sequence[Batch]:
        """Everything from a day on that was known at a time; ``seldom``: longer ago than the weeks go back."""
        told = await self._old.since(kind, first) if seldom else await self._lately(kind, first)
        return [batch for batch in told if batch.as_of <= now or batch.status == "imported"]

    async def _lately(self, kind: Kind, first: date) -> Sequence[Batch]:
        return await self._daily.since(kind, first) or await self._old.since(kind, first)


def only(rows: Sequence[Row], shape: type[R]) -> tuple[R, ...]:
    """Those rows that are of a shape."""
    return tuple(row for row in rows if isinstance(row, shape))


def rows_of(batches: Sequence[Batch], shape: type[R]) -> tuple[R, ...]:
    """The rows of batches that are of a shape, in the batches' order."""
    return tuple(row for batch in batches for row in batch.rows if isinstance(row, shape))
