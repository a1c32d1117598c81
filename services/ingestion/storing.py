"""Puts checked rows where they are kept: the lake for ever, the last month also in the database."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from services.counts import Counts
from services.domain.records import Batch, Kind, Row, days_of
from services.domain.sourcing import SourceSpec
from services.market_store import DailyData, Lake, Takings, Took

RECENT: Final = timedelta(days=31)
FULL: Final = (
    120_000  # rows that may wait for the shelf: the fewer writes the better, but some 25 MB are enough
)
Fresh = Callable[[str, Kind, datetime], None]


class Shelf:
    """The lake and the daily data as one: first for ever, then for today, one visit at a time.

    Args:
        lake: All rows.
        daily: The last days' rows.
        counts: Where rows are counted.
        fresh: Told when good data of a kind came from a source.
        takings: Where it is noted which page gave which rows; None where no lake is ever made anew (tests).
    """

    def __init__(
        self, lake: Lake, daily: DailyData, counts: Counts, fresh: Fresh, takings: Takings | None = None
    ) -> None:
        self._lake = lake
        self._daily = daily
        self._counts = counts
        self._fresh = fresh
        self._takings = takings
        self._writing = asyncio.Lock()

    @staticmethod
    def is_full(rows: int) -> bool:
        """Whether so many rows should be stored before more are read."""
        return rows >= FULL

    @staticmethod
    def batch(source: SourceSpec, kind: Kind, rows: Sequence[Row], moment: datetime, raw: str) -> Batch:
        """Rows of one page as they are stored. A source that lags makes facts that much older, and says so."""
        lag = timedelta(seconds=source.delay)
        return Batch(kind, rows, moment - lag, source.name, "delayed" if lag else "live", raw)

    async def put(self, source: SourceSpec, batches: Sequence[Batch], taken: Sequence[Took] = ()) -> int:
        """Store rows of whole pages, all or nothing; ``taken`` are the pages. Returns how many rows the lake did not know.

        A crash between the two is mended by the next visit: both take the same rows twice without harm.
        """
        if not batches:
            return 0
        async with self._writing:
            if self._takings is not None:
                await self._takings.note(taken)
            changed = await self._lake.write(batches)
            await self._daily.put([part for batch in batches if (part := _recent(batch)).rows])
        for batch in batches:
            self._counts.add("rows", channel=source.name, kind=batch.kind, count=len(batch.rows))
        return changed

    def confirm(self, source: SourceSpec, kind: Kind, moment: datetime) -> None:
        """Data of a kind is good as of now."""
        as_of = moment - timedelta(seconds=source.delay)
        self._fresh(source.name, kind, as_of)
        self._counts.level("newest", as_of.timestamp(), kind=kind)


def _recent(batch: Batch) -> Batch:
    """The rows of the last month, and those of the newest day however old: a monthly figure stays known."""
    since = batch.as_of.date() - RECENT
    days = days_of(batch.rows)
    newest = max(days)
    if min(days) >= since:
        return batch
    dated = zip(batch.rows, days, strict=True)
    return replace(batch, rows=tuple(row for row, day in dated if day >= since or day == newest))
