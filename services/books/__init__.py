"""The market book of now, put together from what is kept; made once for all who ask at one moment."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from services.domain.errors import MarketByteError
from services.domain.market import MarketBook
from services.domain.psx_book import as_it_stands
from services.domain.trading_calendar import TradingCalendar
from services.ports import Clock

FRESH: Final = 300.0  # seconds for which a book is told without a look at the store
PAUSE: Final = (
    10.0  # seconds after a failure in which nobody waits for the store: the book from before is told
)


class Gathered(Protocol):
    """Everything that a book is put together from; equal parts make the same book."""

    def book(self, now: datetime, calendar: TradingCalendar) -> MarketBook:
        """The book; pure, and made off the event loop."""
        ...

    def again(self, book: MarketBook, now: datetime, calendar: TradingCalendar) -> MarketBook:
        """The book that was made of equal parts before, with what has grown old meanwhile."""
        ...


class Bindery(Protocol):
    """What is one market's own: which kinds are read, and how a book is put together of them."""

    async def gather(self, now: datetime, calendar: TradingCalendar) -> Gathered:
        """Read what is kept, nothing of it later than ``now``.

        Raises:
            Unavailable: A store is away.
            NotAvailable: Nothing is kept that a book could be made of; the detail says what to do.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Made:
    book: MarketBook
    at: float
    changes: int
    calendar: TradingCalendar
    of: Gathered


class Books:
    """``MarketData`` from the stores.

    Args:
        bindery: The market's own part.
        clock: A book is of its time: nothing later is in it.
        calendar: The sessions with the operator's word.
    """

    def __init__(
        self,
        bindery: Bindery,
        clock: Clock,
        calendar: Callable[[], Awaitable[TradingCalendar]],
    ) -> None:
        self._bindery = bindery
        self._clock = clock
        self._calendar = calendar
        self._tell: Callable[[MarketBook], None] | None = None
        self._made: _Made | None = None
        self._changes = 0
        self._making: asyncio.Task[None] | None = None
        self._failed_at: float | None = None

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

    def listen(self, told: Callable[[MarketBook], None]) -> None:
        """Who is told of each book that differs from the one before."""
        self._tell = told

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
        changes, now, before = self._changes, self._clock.now(), self._made
        calendar = await self._calendar()
        parts = await self._bindery.gather(now, calendar)
        at = asyncio.get_running_loop().time
        if before is not None and before.of == parts:
            book = parts.again(before.book, now, calendar)
        else:
            book = await asyncio.to_thread(parts.book, now, calendar)
        if self._tell is not None and (before is None or before.book.version != book.version):
            self._tell(book)
        return _Made(book, at(), changes, calendar, parts)


def _looked_at(task: "asyncio.Task[None]") -> None:
    """A failure that nobody waits for any more is told by the book: it says what has grown old."""
    if not task.cancelled():
        task.exception()
