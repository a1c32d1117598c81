"""PSX's part of the books: which kinds are read, and the book of them over the frozen day."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from typing_extensions import override

from services.books import Bindery, Gathered
from services.books.kept import Kept, only
from services.domain.market import MarketBook
from services.domain.psx_book import as_it_stands, psx_book
from services.domain.psx_history import History, history_of
from services.domain.psx_parts import Parts
from services.domain.psx_stock import Stock, closing_levels
from services.domain.records import Batch, Kind
from services.domain.rows import ActionRow, Bar, PayoutRow
from services.domain.trading_calendar import TradingCalendar
from services.market_store import Days, Lake
from services.ports import MarketData

PAST: Final = timedelta(days=600)  # of bars: a year's range and a year's risk, with room for long closures
NEWS: Final = timedelta(days=30)
SELDOM: Final[Mapping[Kind, timedelta]] = {
    "rates": timedelta(days=400), "holdings": timedelta(days=200), "payouts": timedelta(days=400), "holidays": timedelta(days=400),
    "navs": timedelta(days=35),
}  # fmt: skip
NEWEST: Final[tuple[Kind, ...]] = (
    "watch", "bars", "indices", "screener", "symbols", "constituents", "baskets", "flows",
)  # fmt: skip
RECENT: Final[tuple[Kind, ...]] = (
    "indices", "announcements", "payouts", "news", "events", "holidays", "fx", "rates", "holdings", "navs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PsxGathered(Gathered):
    """The frozen day with what is kept beside it; without a stock the book is the frozen one."""

    base: MarketBook = field(compare=False)
    version: str
    calendar: TradingCalendar
    today: date
    stock: Stock | None
    parts: Parts = field(compare=False)

    @override
    def book(self, now: datetime, calendar: TradingCalendar) -> MarketBook:
        if self.stock is None:
            return self.base
        return psx_book(self.base, self.stock, now=now, calendar=calendar, parts=self.parts)

    @override
    def again(self, book: MarketBook, now: datetime, calendar: TradingCalendar) -> MarketBook:
        return as_it_stands(book, now, calendar) if self.stock else self.base


class PsxBindery(Bindery):
    """Gathers PSX's rows.

    Args:
        base: The frozen book.
        daily: The last weeks.
        old: The same from the lake: asked for what the weeks have not got, and for what changes seldom.
        lake: The past of the shares.
    """

    def __init__(self, base: MarketData, daily: Days, old: Days, lake: Lake) -> None:
        self._base = base
        self._kept = Kept(daily, old)
        self._lake = lake
        self._past: tuple[tuple[str, ...], History] | None = None
        self._old_levels: tuple[date, dict[str, dict[date, float]]] = (date.min, {})
        self._parts = Parts()

    @override
    async def gather(self, now: datetime, calendar: TradingCalendar) -> PsxGathered:
        base, newest, recent = await asyncio.gather(
            self._base.book(), self._newest(now, calendar), self._recent(now)
        )
        stock = None  # nothing kept: it is the frozen book, and the past is of no use
        if newest or any(recent.values()):
            stock = Stock(await self._history(base, now), newest, recent, await self._levels(now))
        return PsxGathered(base, base.version, calendar, calendar.today(now), stock, self._parts)

    async def _newest(self, now: datetime, calendar: TradingCalendar) -> dict[Kind, Batch]:
        closed = calendar.last_closed(now)  # a close is of no earlier hour than the close
        asked = (self._kept.newest(kind, now, closed if kind == "bars" else None) for kind in NEWEST)
        found = await asyncio.gather(*asked)
        return {kind: batch for kind, batch in zip(NEWEST, found, strict=True) if batch is not None}

    async def _recent(self, now: datetime) -> dict[Kind, Sequence[Batch]]:
        asked = (
            self._kept.since(kind, (now - SELDOM.get(kind, NEWS)).date(), now, seldom=kind in SELDOM)
            for kind in RECENT
        )
        return dict(zip(RECENT, await asyncio.gather(*asked), strict=True))

    async def _history(self, base: MarketBook, now: datetime) -> History:
        """The past of all shares; made anew only when a bar, a payout or an action was stored, or a day has gone by."""
        kinds: tuple[Kind, ...] = ("bars", "payouts", "actions")
        versions = await asyncio.gather(*(self._lake.version(kind) for kind in kinds))
        mark = (base.version, now.date().isoformat(), *versions)
        if self._past is None or self._past[0] != mark:
            first, last = (now - PAST).date(), now.date()
            bars, actions, payouts = await asyncio.gather(
                self._lake.rows("bars", first=first, last=last),
                self._lake.rows("actions"),
                self._lake.rows("payouts", last=last),
            )
            told = (only(bars, Bar), only(actions, ActionRow), only(payouts, PayoutRow))
            made = await asyncio.to_thread(history_of, base, *told, "|".join(mark), until=last)
            self._past = (mark, made)
        return self._past[1]

    async def _levels(self, now: datetime) -> dict[str, dict[date, float]]:
        """The closes of the indices from before the weeks that ``indices`` are read of; nothing of it changes within a day."""
        if self._old_levels[0] != now.date() or not self._old_levels[1]:
            rows = await self._lake.rows("indices", first=(now - PAST).date(), last=(now - NEWS).date())
            self._old_levels = (now.date(), await asyncio.to_thread(closing_levels, rows) if rows else {})
        return self._old_levels[1]
