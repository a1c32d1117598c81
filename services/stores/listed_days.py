"""The daily data with the listings beside them: whatever brings a list of symbols or funds brings both up to date."""

from collections.abc import Sequence
from datetime import date, datetime

from services.domain.records import Batch, Kind
from services.domain.rows import NavRow, Symbol
from services.market_store import DailyData, Instruments


class ListedDays:
    """``DailyData`` that also keeps symbols and funds by their names.

    Args:
        daily: The last days.
        instruments: Symbols and funds.
    """

    def __init__(self, daily: DailyData, instruments: Instruments) -> None:
        self._daily = daily
        self._instruments = instruments

    async def put(self, batches: Sequence[Batch]) -> None:
        """Keep the days, then the listings: after a crash in between the next list of the source mends them.

        What was imported is a listing too: of two rows of a name the newer day counts. A row without a category is a part of
        another (a price alone) and lists nothing.
        """
        await self._daily.put(batches)
        symbols = [row for batch in batches for row in batch.rows if isinstance(row, Symbol)]
        navs = [row for batch in batches for row in batch.rows if isinstance(row, NavRow) and row.category]
        if symbols or navs:
            await self._instruments.seed(symbols, navs)

    async def newest(
        self, kind: Kind, *, before: datetime | None = None, last: date | None = None
    ) -> Batch | None:
        return await self._daily.newest(kind, before=before, last=last)

    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        return await self._daily.since(kind, first)

    async def forget(self, kind: Kind, days: Sequence[date]) -> None:
        await self._daily.forget(kind, days)
