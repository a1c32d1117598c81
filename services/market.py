"""What the market did: prices, reasons, news, rates and flows, read from the newest market book."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.domain.buying import Buying, buying_of
from services.domain.contribution import Today, today_of
from services.domain.errors import NotAvailable
from services.domain.explanation import Explanation, explain
from services.domain.exposure import look_through, weights_of
from services.domain.indicators import History, history
from services.domain.market import Announcement, Event, MarketBook
from services.domain.portfolio import Portfolio
from services.domain.quotation import Look, look
from services.domain.rates import Rates, named, rates_of
from services.ports import Clock, MarketData

NEWS_AGE = timedelta(days=180)
"""Older announcements are no news."""


@dataclass(frozen=True, slots=True)
class News:
    """Announcements, newest first, and what is due; ``codes`` are those asked for, () for the whole market."""

    codes: tuple[str, ...]
    announcements: tuple[Announcement, ...]
    events: tuple[Event, ...]


class Market:
    """The market's use-cases; all answers are pure values of the domain."""

    def __init__(self, data: MarketData, clock: Clock) -> None:
        self._data = data
        self._clock = clock
        self._past: tuple[str, History] | None = None
        self._looks: tuple[str, dict[str, Look]] = ("", {})

    async def book(self) -> MarketBook:
        """The newest complete market book."""
        return await self._data.book()

    async def quote(self, code: str) -> Look:
        """A share, an index or a fund on the book's day.

        Raises:
            UnknownName: If the book does not hold the code.
        """
        book = await self.book()
        if self._looks[0] != book.version:
            self._looks = (book.version, {})
        looks = self._looks[
            1
        ]  # a value of the book alone: the year's range of a share is summed up once a book
        if code not in looks:
            looks[code] = look(book, code)
        return looks[code]

    async def explain(self, code: str) -> Explanation:
        """The facts beside a move.

        Raises:
            UnknownName: If the book does not hold the code.
        """
        book = await self.book()
        return explain(book, code, await self.past())

    async def today(self, portfolio: Portfolio) -> Today | None:
        """What each holding did to a portfolio on the book's day; None if no price of it is known."""
        book = await self.book()
        lines = weights_of(portfolio, book)
        return today_of(lines, look_through(lines, book), book)

    async def news(self, codes: Sequence[str] = (), *, limit: int = 30) -> News:
        """The newest announcements and the next events for these codes; market-wide ones if none is given."""
        book = await self.book()
        wanted = set(codes)
        start, last = book.news_day - NEWS_AGE, book.news_day
        fresh = [each for each in book.announcements if start <= each.day <= last]
        told = [each for each in fresh if not wanted or each.symbol in wanted]
        due = [each for each in book.events if each.day > last and each.symbol in (wanted | {""})]
        told.sort(key=lambda each: (each.day, _weight(each), each.id), reverse=True)
        due.sort(key=lambda each: each.day)
        return News(tuple(codes), tuple(told[:limit]), tuple(due[:3]))

    async def rates(self, names: Sequence[str] = ()) -> Rates:
        """The rates that these words ask for, or the main ones."""
        return rates_of(await self.book(), named(names))

    async def flows(self) -> Buying:
        """Who bought and sold on the newest day known.

        Raises:
            NotAvailable: If no flows have been imported.
        """
        found = buying_of(await self.book())
        if found is None:
            raise NotAvailable("no flows in the market book: marketbyte import flows FILE", what="FIPI/LIPI")
        return found

    async def past(self) -> History:
        """Adjusted history of all names, computed once a book."""
        book = await self.book()
        if self._past is None or self._past[0] != book.version:
            self._past = (book.version, await asyncio.to_thread(history, book))
        return self._past[1]


def _weight(each: Announcement) -> int:
    """Within a day the whole market's news first, then records and results, then actions and payouts, then notices."""
    return {"index": 4, "policy": 4, "record": 3, "result": 3, "action": 2, "payout": 2}.get(each.kind, 1)
