"""Today's screens on request: run once a book off the event loop, then fitted to whoever asks."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from services.domain.conversation import Lang, MediaRef
from services.domain.indicators import History, history
from services.domain.market import MarketBook
from services.domain.opportunities import Owned, Shortlist, about, in_sector, outline, owned, screen, top
from services.domain.pictures import PricePicture
from services.domain.screens import Candidate, Outline, Screening, ScreenName
from services.domain.users import User
from services.ports import Charts, MarketData, MediaStore
from services.wording.layouts.opportunities import price_picture

MOST_DRAWN = 256
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class _Run:
    """One book with what was worked out of it."""

    book: MarketBook
    past: History
    screening: Screening


class Opportunities:
    """The use-case. One instance serves everybody."""

    def __init__(self, data: MarketData, charts: Charts, media: MediaStore) -> None:
        self._data = data
        self._charts = charts
        self._media = media
        self._run: _Run | None = None
        self._running = asyncio.Lock()
        self._drawn: OrderedDict[PricePicture, MediaRef] = OrderedDict()

    async def screening(self) -> Screening:
        """All screens on the newest book."""
        return (await self._screened()).screening

    async def top(self, user: User | None = None) -> Shortlist:
        """The top three across screens; with a user those that fit: sectors they lack, their Shariah preference."""
        run = await self._screened()
        portfolio = user.portfolio if user else None
        has = owned(portfolio, run.book) if portfolio and portfolio.holdings else Owned()
        shariah, no_list = _narrowed(user, run.book)
        best = top(run.screening, has=has, shariah=shariah)
        total = len({c.symbol for finds in run.screening.found.values() for c in finds})
        return Shortlist(
            run.screening, best, total, fitted=bool(has.symbols), shariah=shariah, no_list=no_list
        )

    async def screen(self, name: ScreenName, user: User | None = None) -> Shortlist:
        """The first finds of one screen, for a user who wants it of the PSX-KMI list only."""
        run = await self._screened()
        shariah, no_list = _narrowed(user, run.book)
        finds = tuple(c for c in run.screening.found[name] if c.shariah or not shariah)
        return Shortlist(
            run.screening, finds[:MOST_SHOWN], len(finds), screen=name, shariah=shariah, no_list=no_list
        )

    async def sector(self, code: str, user: User | None = None) -> Shortlist:
        """What all screens found in one sector (its code)."""
        run = await self._screened()
        shariah, no_list = _narrowed(user, run.book)
        finds = in_sector(run.screening, code, shariah=shariah)
        return Shortlist(
            run.screening, finds[:MOST_SHOWN], len(finds), shariah=shariah, sector=code, no_list=no_list
        )

    async def about(self, code: str) -> tuple[Candidate, ...]:
        """What each screen found of one share; empty if none did."""
        return about((await self._screened()).screening, code)

    async def outline(self, code: str) -> Outline:
        """A share's year for a chart.

        Raises:
            NotAvailable: If the book has no price history of it.
        """
        run = await self._screened()
        return outline(code, run.book, run.past)

    async def picture(self, code: str, lang: Lang) -> MediaRef:
        """The small chart of a share, drawn once a book and language; raises as ``outline``, or ``Unavailable``."""
        spec = price_picture(await self.outline(code), lang)
        drawn = self._drawn.get(spec)
        if drawn is None:
            drawn = await self._media.put(await self._charts.draw(spec), "image/png", f"{code}.png")
            self._drawn[spec] = drawn
            if len(self._drawn) > MOST_DRAWN:
                self._drawn.popitem(last=False)
        return drawn

    async def _screened(self) -> _Run:
        async with self._running:
            book = await self._data.book()
            if self._run is None or self._run.book.version != book.version:
                self._run = await asyncio.to_thread(_run, book)
            return self._run


def _narrowed(user: User | None, book: MarketBook) -> tuple[bool, bool]:
    """Whether a person sees names of the Shariah list only, and whether they want that where there is no such list."""
    wanted = user is not None and user.preferences.shariah
    listed = bool(book.profile.shariah_list)
    return wanted and listed, wanted and not listed


def _run(book: MarketBook) -> _Run:
    past = history(book)
    return _Run(book, past, screen(book, past))
