"""X-Rays on request: the sums over the newest book, kept as long as that book lasts, and their pictures."""

import asyncio
from collections import OrderedDict
from typing import TypeVar

from services.domain.conversation import Lang, MediaRef
from services.domain.indicators import History, history
from services.domain.market import MarketBook
from services.domain.pictures import ExposurePicture
from services.domain.portfolio import Portfolio
from services.domain.xray import XRay, analyse
from services.ports import Charts, MarketData, MediaStore
from services.wording.layouts.xray import exposure_picture

K = TypeVar("K")
V = TypeVar("V")
MOST_KEPT = 512
"""X-Rays and pictures kept in memory; the longest unused goes first. Keys are weights, never who holds them."""


class XRays:
    """The use-case. One instance serves everybody."""

    def __init__(self, data: MarketData, charts: Charts, media: MediaStore) -> None:
        self._data = data
        self._charts = charts
        self._media = media
        self._past: tuple[str, History] | None = None
        self._preparing = asyncio.Lock()
        self._found: OrderedDict[tuple[str, Portfolio], XRay] = OrderedDict()
        self._drawn: OrderedDict[ExposurePicture, MediaRef] = OrderedDict()

    async def of(self, portfolio: Portfolio) -> XRay:
        """The X-Ray of a portfolio on the newest book.

        Raises:
            NothingHeld: If the portfolio is empty.
            UnknownName: If a code is neither a fund nor a share of the book.
        """
        book = await self._data.book()
        key = (book.version, portfolio)
        found = self._found.get(key)
        if found is None:
            past = await self._history(book)
            found = analyse(portfolio, book, past)
        _keep(self._found, key, found)
        return found

    async def picture(self, xray: XRay, lang: Lang, title: str) -> MediaRef:
        """The picture of an X-Ray under a title, drawn once for the same content.

        Raises:
            Unavailable: If it could not be drawn or kept.
        """
        spec = exposure_picture(xray, lang, title)
        drawn = self._drawn.get(spec)
        if drawn is None:
            drawn = await self._media.put(await self._charts.draw(spec), "image/png", "xray.png")
        _keep(self._drawn, spec, drawn)
        return drawn

    async def _history(self, book: MarketBook) -> History:
        """Prices laid out once a book, off the event loop: it takes tens of milliseconds."""
        async with self._preparing:
            if self._past is None or self._past[0] != book.version:
                self._past = (book.version, await asyncio.to_thread(history, book))
            return self._past[1]


def _keep(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > MOST_KEPT:
        kept.popitem(last=False)
