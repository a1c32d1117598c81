"""Days that count how often they are read."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime

from services.domain.errors import Unavailable
from services.domain.records import Batch, Kind
from services.domain.rows import Bar
from tests.fakes.every_row import AT, DAY
from tests.fakes.market_stores import DailyInMemory


class Counted:
    """``Days`` that count how often they are read, and take their time."""

    def __init__(self) -> None:
        self.daily = DailyInMemory()
        self.reads = 0
        self.away = False
        self.before_answer: Callable[[], object] | None = None

    async def newest(
        self, kind: Kind, *, before: datetime | None = None, last: date | None = None
    ) -> Batch | None:
        await self._read()
        found = await self.daily.newest(kind, before=before, last=last)
        await self._meanwhile()
        return found

    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        await self._read()
        return await self.daily.since(kind, first)

    async def _read(self) -> None:
        self.reads += 1
        await asyncio.sleep(0.01)
        if self.away:
            raise Unavailable("the database is away")

    async def _meanwhile(self) -> None:
        if self.before_answer is not None:
            work, self.before_answer = self.before_answer, None
            await work()


def bars(close: float, when: datetime = AT, status: str = "live") -> Batch:
    return Batch("bars", (Bar("LUCK", DAY, None, None, None, close, 1),), when, "psx", status, f"o{close}")


def close_of(batch: Batch | None) -> float:
    assert batch is not None
    return batch.rows[0].close
