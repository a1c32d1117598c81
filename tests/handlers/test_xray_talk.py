"""X-Ray and opportunities as a user meets them, through the handlers, on the hand-made book."""

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from handlers.opportunities import opportunities
from handlers.turn import Turn
from handlers.xray import xray
from services.domain.conversation import Address, Inbound, MediaRef, Picture, Session, Text
from services.domain.errors import AmbiguousName, NothingHeld, Unavailable, UnknownName
from services.domain.instruments import Directory
from services.domain.intents import Understanding
from services.domain.market import Fundamentals
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Preferences, User
from services.opportunities import Opportunities
from services.xray import XRays
from tests.fakes.books import fact
from tests.fakes.long_book import long_book

NOW = datetime(2026, 8, 20, 17, 0, tzinfo=ZoneInfo("Asia/Karachi"))
HELD = Portfolio((Holding("MEBL", Decimal("0.6")), Holding("HALF", Decimal("0.4"))))
BOOK = long_book(fundamentals={"MEBL": Fundamentals(dividend_yield=fact("8", "%", "MEBL"))})


class Room:
    """Market, studio and shelf in one; ``dark`` makes every drawing fail."""

    def __init__(self, *, dark: bool = False) -> None:
        self.dark = dark

    async def book(self):
        return BOOK

    async def draw(self, spec) -> bytes:
        if self.dark:
            raise Unavailable("the studio is dark: try again")
        return b"png"

    async def put(self, data: bytes, mime: str, name: str = "") -> MediaRef:
        return MediaRef("k.png", mime, len(data), name)

    async def get(self, key: str) -> bytes:
        return b"png"


async def directory() -> Directory:
    return Directory(BOOK)


def turn(
    text: str = "", *, pressed: str = "", dark: bool = False, charts: bool = True, held=HELD, **details: str
) -> Turn:
    room = Room(dark=dark)
    services = SimpleNamespace(
        xrays=XRays(room, room, room), opportunities=Opportunities(room, room, room), directory=directory
    )
    address = Address("web", "1")
    user = User("u1", (address,), NOW, portfolio=held, preferences=Preferences(charts=charts))
    inbound = Inbound("web:1", address, NOW, text, pressed)
    return Turn(inbound, user, Session("u1"), Understanding("xray", details), services, NOW)  # type: ignore[arg-type]  # only what is used


def words(answer) -> str:
    return "\n".join(b.text for reply in answer.replies for b in reply.blocks if isinstance(b, Text))


def pictures(answer) -> int:
    return sum(isinstance(b, Picture) for reply in answer.replies for b in reply.blocks)


async def test_ones_own_holdings_with_a_picture():
    answer = await xray(turn("xray"))
    assert "X-Ray of your holdings" in words(answer)
    assert "MEBL 72.0% (via 1 fund + direct)" in words(answer)
    assert pictures(answer) == 1


async def test_the_words_go_out_without_a_picture():
    for without in (turn("xray", dark=True), turn("xray", charts=False)):
        answer = await xray(without)
        assert pictures(answer) == 0
        assert "What matters most" in words(answer)


async def test_all_checks_on_request():
    answer = await xray(turn(pressed="xray?part=rules", part="rules"))
    assert "Every check" in words(answer)
    assert pictures(answer) == 0


async def test_one_fund_and_a_typed_list():
    one = await xray(turn("what is inside HALF", names="HALF"))
    assert "X-Ray of HALF Fund" in words(one)
    assert "MEBL 30.0% (via 1 fund)" in words(one)
    equal = await xray(turn("xray MEBL, LUCK", names="MEBL,LUCK"))
    assert "No weights given" in words(equal)
    assert "MEBL 50.0% (direct)" in words(equal)
    weighed = await xray(turn("xray MEBL 70 LUCK 30", names="MEBL,LUCK", weights="70,30"))
    assert "MEBL 70.0% (direct)" in words(weighed)
    read = await xray(turn("x-ray of MEBL 70% and LUCK 30%", names="MEBL,LUCK"))
    assert "LUCK 30.0% (direct)" in words(read)
    again = await xray(turn(pressed="x", part="rules", names="MEBL,LUCK", weights="70,30"))
    assert "MEBL 70.0%" in words(again)


@pytest.mark.parametrize("weights", ["-5,105", "a,b", "50", "NaN,1", "0,0", "inf,1", ","])
async def test_weights_that_make_no_sense_count_the_same(weights):
    answer = await xray(turn("?", names="MEBL,LUCK", weights=weights))
    assert "MEBL 50.0% (direct)" in words(answer)


async def test_what_cannot_be_looked_at_says_why():
    with pytest.raises(NothingHeld):
        await xray(turn("xray", held=Portfolio()))
    with pytest.raises((UnknownName, AmbiguousName)):
        await xray(turn("xray", names="Zzyzx Holdings"))


async def test_opportunities_by_default_by_screen_by_sector_and_by_name():
    top = await opportunities(turn("what stands out"))
    assert "Shares that stand out, 20 Aug 2026" in words(top)
    assert "MEBL" not in words(top), "it is held already"
    screen = await opportunities(turn("dividend", screen="dividend"))
    assert "*MEBL*" in words(screen)
    sector = await opportunities(turn("banks", sector="0807"))
    assert "COMMERCIAL BANKS" in words(sector)
    one = await opportunities(turn(pressed="opportunities?names=MEBL", names="MEBL"))
    assert pictures(one) == 1
    assert "dividend yield 8.0%" in words(one)
    dark = await opportunities(turn(pressed="opportunities?names=MEBL", names="MEBL", dark=True))
    assert pictures(dark) == 0
    assert "dividend yield 8.0%" in words(dark)
    strange = await opportunities(turn("?", screen="tasty"))
    assert "Shares that stand out, 20 Aug 2026" in words(strange)
