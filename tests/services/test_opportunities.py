import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from services.domain.conversation import MediaRef
from services.domain.errors import NotAvailable
from services.domain.market import Fundamentals, MarketBook
from services.domain.pictures import PictureSpec, PricePicture
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Preferences, User
from services.opportunities import MOST_SHOWN, Opportunities
from tests.fakes.books import fact
from tests.fakes.long_book import long_book

CODES = ("MEBL", "HBL", "LUCK", "OGDC", "HUBC", "SYS")


def paying(codes=CODES) -> MarketBook:
    return long_book(
        fundamentals={
            c: Fundamentals(dividend_yield=fact(str(9 - n / 10), "%", c)) for n, c in enumerate(codes)
        }
    )


@dataclass
class Books:
    current: MarketBook = field(default_factory=paying)
    asked: int = 0

    async def book(self) -> MarketBook:
        self.asked += 1
        await asyncio.sleep(0)
        return self.current


@dataclass
class Studio:
    drawn: list[PictureSpec] = field(default_factory=list)

    async def draw(self, spec: PictureSpec) -> bytes:
        self.drawn.append(spec)
        return b"png"

    async def put(self, data: bytes, mime: str, name: str = "") -> MediaRef:
        return MediaRef("k", mime, len(data), name)

    async def get(self, key: str) -> bytes:
        return b"png"


def made(books: Books | None = None) -> tuple[Opportunities, Studio]:
    studio = Studio()
    return Opportunities(books or Books(), studio, studio), studio


def user(*, shariah: bool = False, **weights: str) -> User:
    holdings = tuple(Holding(c, Decimal(w)) for c, w in weights.items())
    return User(
        "u1",
        (),
        datetime(2026, 8, 1, tzinfo=UTC),
        preferences=Preferences(shariah=shariah),
        portfolio=Portfolio(holdings),
    )


async def test_the_screens_run_once_a_book():
    books = Books()
    service, _ = made(books)
    first, *others = await asyncio.gather(*(service.screening() for _ in range(8)))
    assert all(found is first for found in others)
    books.current = replace(books.current, version="small-2")
    assert (await service.screening()).version == "small-2"


async def test_one_screen_shows_its_first_finds_and_counts_all():
    service, _ = made()
    found = await service.screen("dividend")
    assert [c.symbol for c in found.candidates] == list(CODES[:MOST_SHOWN])
    assert found.total == len(CODES)
    halal = await service.screen("dividend", user(shariah=True))
    assert "HBL" not in {c.symbol for c in halal.candidates}
    assert halal.shariah
    assert halal.total == len(CODES) - 1


async def test_the_top_fits_who_asks():
    service, _ = made()
    anyone = await service.top()
    assert not anyone.fitted
    held = anyone.candidates[0]
    fitted = await service.top(user(**{held.symbol: "1"}))
    assert fitted.fitted
    assert held.symbol not in {c.symbol for c in fitted.candidates}
    assert fitted.candidates[0].sector_code != held.sector_code


async def test_a_sector_and_a_share_can_be_asked_for():
    service, _ = made()
    banks = await service.sector("0807")
    assert {c.symbol for c in banks.candidates} >= {"MEBL", "HBL"}
    assert {c.sector_code for c in banks.candidates} == {"0807"}
    assert [c.symbol for c in await service.about("OGDC")][:1] == ["OGDC"]
    assert await service.about("NOPE") == ()


async def test_a_chart_is_drawn_once():
    service, studio = made()
    assert await service.picture("MEBL", "en") == await service.picture("MEBL", "en")
    assert len(studio.drawn) == 1
    assert isinstance(studio.drawn[0], PricePicture)
    with pytest.raises(NotAvailable):
        await service.picture("NOPE", "en")
