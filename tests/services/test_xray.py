import asyncio
import time
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from services.domain.conversation import MediaRef
from services.domain.errors import NothingHeld
from services.domain.market import MarketBook
from services.domain.pictures import ExposurePicture, PictureSpec
from services.domain.portfolio import Holding, Portfolio
from services.xray import MOST_KEPT, XRays
from tests.fakes.long_book import long_book

MINE = Portfolio((Holding("MEBL", Decimal("0.5")), Holding("HALF", Decimal("0.5"))))


@dataclass
class Books:
    current: MarketBook = field(default_factory=long_book)

    async def book(self) -> MarketBook:
        return self.current


@dataclass
class Drawings:
    drawn: list[PictureSpec] = field(default_factory=list)

    async def draw(self, spec: PictureSpec) -> bytes:
        self.drawn.append(spec)
        return repr(spec).encode()


@dataclass
class Shelf:
    kept: dict[str, bytes] = field(default_factory=dict)

    async def put(self, data: bytes, mime: str, name: str = "") -> MediaRef:
        key = f"{hash(data):x}.png"
        self.kept[key] = data
        return MediaRef(key, mime, len(data), name)

    async def get(self, key: str) -> bytes:
        return self.kept[key]


async def test_an_xray_is_worked_out_once_a_book_and_again_for_the_next():
    books = Books()
    xrays = XRays(books, Drawings(), Shelf())
    first = await xrays.of(MINE)
    assert await xrays.of(MINE) is first
    books.current = replace(books.current, version="small-2")
    second = await xrays.of(MINE)
    assert second is not first
    assert second.version == "small-2"


async def test_a_picture_is_drawn_once_a_content_and_language():
    drawings = Drawings()
    xrays = XRays(Books(), drawings, Shelf())
    found = await xrays.of(MINE)
    ours = await xrays.picture(found, "en", "X")
    assert await xrays.picture(found, "en", "X") == ours
    await xrays.picture(found, "ur", "X")
    assert [spec.lang for spec in drawings.drawn] == ["en", "ur"]
    assert all(isinstance(spec, ExposurePicture) for spec in drawings.drawn)


async def test_what_is_kept_has_an_end():
    xrays = XRays(Books(), Drawings(), Shelf())
    first = await xrays.of(MINE)
    for n in range(1, MOST_KEPT + 1):
        part = Decimal(n) / 10000
        await xrays.of(Portfolio((Holding("MEBL", part), Holding("HBL", 1 - part))))
    assert await xrays.of(MINE) is not first
    assert await xrays.of(MINE) == first


async def test_an_empty_portfolio_is_said():
    with pytest.raises(NothingHeld):
        await XRays(Books(), Drawings(), Shelf()).of(Portfolio())


async def test_many_at_once_do_not_hold_up_the_loop():
    xrays = XRays(Books(), Drawings(), Shelf())
    gaps = []

    async def pulse() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            gaps.append(time.perf_counter() - last)
            last = time.perf_counter()

    beating = asyncio.create_task(pulse())
    found = await asyncio.gather(*(xrays.of(MINE) for _ in range(20)))
    beating.cancel()
    assert len({id(x) for x in found}) >= 1
    assert all(x == found[0] for x in found)
    assert gaps, "the loop went on while prices were laid out in a thread"
