"""The market book of now, put together from what is kept; made once for all who ask at one moment."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from services.domain.errors import MarketByteError
from services.domain.market import MarketBook
from services.domain.psx_book import as_it_stands, psx_book
from services.domain.psx_history import History, history_of
from services.domain.psx_stock import Stock
from services.domain.records import Batch, Kind, Row
from services.domain.rows import ActionRow, Bar, PayoutRow
from services.domain.trading_calendar import TradingCalendar
from services.market_store import Days, Lake
from services.ports import Clock, MarketData

FRESH: Final = 300.0  # seconds for which a book is told without a look at the store
PAUSE: Final = (
    10.0  # seconds after a failure in which nobody waits for the store: the book from before is told
)
PAST: Final = timedelta(days=600)  # of bars: a year's range and a year's risk, with room for long closures
NEWS: Final = timedelta(days=30)
SELDOM: Final[Mapping[Kind, timedelta]] = {
    "rates": timedelta(days=400), "holdings": timedelta(days=200), "payouts": timedelta(days=400), "holidays": timedelta(days=400),
}  # fmt: skip
NEWEST: Final[tuple[Kind, ...]] = (
    "watch", "bars", "indices", "screener", "symbols", "constituents", "navs", "baskets", "flows",
)  # fmt: skip
RECENT: Final[tuple[Kind, ...]] = (
    "indices", "announcements", "payouts", "news", "events", "holidays", "fx", "rates", "holdings",
)  # fmt: skip

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class _Made:
    book: MarketBook
    at: float
    changes: int
    calendar: TradingCalendar
    of: tuple[object, ...] = ()  # everything that the book was put together from


class Books:
    """``MarketData`` from the stores, over a frozen book.

    Args:
        base: The frozen book.
        daily: The last weeks.
        old: The same from the lake: asked for what the weeks have not got, and for what changes seldom.
        lake: The past of the shares.
        clock: A book is of its time: nothing later is in it.
        calendar: The sessions with the operator's word.
    """

    def __init__(
        self,
        base: MarketData,
        daily: Days,
        old: Days,
        lake: Lake,
        clock: Clock,
        calendar: Callable[[], Awaitable[TradingCalendar]],
    ) -> None:
        self._base = base
        self._daily = daily
        self._old = old
        self._lake = lake
        self._clock = clock
        self._calendar = calendar
        self._made: _Made | None = None
        self._changes = 0
        self._making: asyncio.Task[None] | None = None
        self._failed_at: float | None = None
        self._past: tuple[tuple[str, ...], History] | None = None

    async def book(self) -> MarketBook:
        """The book of now. An older one is told while the next is made, unless something was stored in between.

        Raises:
            Unavailable: The store is away, and no book was made before.
        """
        wanted = self._changes  # a book whose making had begun before that change is not enough
        while self._made is None or self._made.changes < wanted:
            if self._made is not None and self._paused():
                return self._made.book
            try:
                await asyncio.shield(self._begin())
            except MarketByteError:
                if self._made is None:
                    raise
        if asyncio.get_running_loop().time() - self._made.at >= FRESH and not self._paused():
            _ = self._begin()
        return self._made.book

    def changed(self) -> None:
        """Something was stored: the next question makes the book anew."""
        self._changes += 1

    async def close(self) -> None:
        """Nothing is made any more."""
        if self._making is not None:
            self._making.cancel()
            await asyncio.wait([self._making])

    def _paused(self) -> bool:
        failed = self._failed_at
        return failed is not None and asyncio.get_running_loop().time() - failed < PAUSE

    def _begin(self) -> asyncio.Task[None]:
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._try())
            self._making.add_done_callback(_looked_at)
        return self._making

    async def _try(self) -> None:
        try:
            self._made = await self._make()
            self._failed_at = None
        except MarketByteError:
            self._failed_at = asyncio.get_running_loop().time()
            if self._made is not None:  # it is told on, and says by itself what has grown old
                book = as_it_stands(self._made.book, self._clock.now(), self._made.calendar)
                self._made = replace(self._made, book=book)
            raise

    async def _make(self) -> _Made:
        changes, now = self._changes, self._clock.now()
        base, calendar = await asyncio.gather(self._base.book(), self._calendar())
        newest, recent = await asyncio.gather(self._newest(now, calendar), self._recent(now))
        at = asyncio.get_running_loop().time
        if not newest and not any(recent.values()):  # it is the frozen book, and the past is of no use
            return _Made(base, at(), changes, calendar)
        stock = Stock(await self._history(base, now), newest, recent)
        of = (base.version, calendar, calendar.today(now), stock)
        book = await asyncio.to_thread(_put_together, self._made, of, base, stock, now, calendar)
        return _Made(book, at(), changes, calendar, of)

    async def _newest(self, now: datetime, calendar: TradingCalendar) -> dict[Kind, Batch]:
        closed = calendar.last_closed(now)  # a close is of no earlier hour than the close

        async def find(kind: Kind) -> Batch | None:
            last = closed if kind == "bars" else None
            found = await self._daily.newest(kind, before=now, last=last)
            return found or await self._old.newest(kind, before=now, last=last)

        found = await asyncio.gather(*map(find, NEWEST))
        return {kind: batch for kind, batch in zip(NEWEST, found, strict=True) if batch is not None}

    async def _recent(self, now: datetime) -> dict[Kind, Sequence[Batch]]:
        async def find(kind: Kind) -> Sequence[Batch]:
            seldom = SELDOM.get(kind)
            told = await (self._old.since(kind, (now - seldom).date()) if seldom else self._lately(kind, now))
            return [batch for batch in told if batch.as_of <= now or batch.status == "imported"]

        return dict(zip(RECENT, await asyncio.gather(*map(find, RECENT)), strict=True))

    async def _lately(self, kind: Kind, now: datetime) -> Sequence[Batch]:
        first = (now - NEWS).date()
        return await self._daily.since(kind, first) or await self._old.since(kind, first)

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
            told = (_only(bars, Bar), _only(actions, ActionRow), _only(payouts, PayoutRow))
            made = await asyncio.to_thread(history_of, base, *told, "|".join(mark), until=last)
            self._past = (mark, made)
        return self._past[1]


def _put_together(
    before: _Made | None,
    of: tuple[object, ...],
    base: MarketBook,
    stock: Stock,
    now: datetime,
    calendar: TradingCalendar,
) -> MarketBook:
    """The book of these parts; of the same parts as before only what has grown old meanwhile is new."""
    if before is not None and before.of == of:
        return as_it_stands(before.book, now, calendar)
    return psx_book(base, stock, now=now, calendar=calendar)


def _only(rows: Sequence[Row], shape: type[R]) -> list[R]:
    return [row for row in rows if isinstance(row, shape)]


def _looked_at(task: "asyncio.Task[None]") -> None:
    """A failure that nobody waits for any more is told by the book: it says what has grown old."""
    if not task.cancelled():
        task.exception()
