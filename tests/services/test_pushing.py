"""What everybody in New York is told alike: short, in their language, with the long brief a tap away; and on whose day."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.briefing import Briefings
from services.domain.briefing.personal import personal_outline
from services.domain.briefing.survey import survey
from services.domain.conversation import LANGUAGES, Address, MediaRef, Picture, Text
from services.domain.errors import Unavailable
from services.domain.indicators import history
from services.domain.portfolio import Holding, Portfolio
from services.domain.us_book import us_book
from services.domain.users import Preferences, User
from services.llm.model import OfflineModel
from services.pushing import Pushes
from tests.fakes.us_rows import NOW, us_rows

BOOK = us_book(us_rows(), now=NOW)
KARACHI, NEW_YORK = ZoneInfo("Asia/Karachi"), ZoneInfo("America/New_York")
FOREIGN = re.compile(r"\bRs\b|PKR|KSE|KMI|\bPSX\b|LDCP|Karachi|None|\{")


class Newest:
    async def book(self):
        return BOOK


class Desk:
    """Clock, charts, media in one; ``blunt``: no chart can be drawn."""

    def __init__(self, now: datetime) -> None:
        self.at, self.blunt, self.drawn = now, False, 0

    def now(self) -> datetime:
        return self.at

    async def draw(self, _spec) -> bytes:
        if self.blunt:
            raise Unavailable("no charts")
        self.drawn += 1
        return b"png"

    async def put(self, data: bytes, mime: str, name: str = "") -> MediaRef:
        return MediaRef(name, mime, len(data), name)


def desk_of(now: datetime) -> tuple[Desk, Briefings]:
    desk = Desk(now)
    return desk, Briefings(
        data=Newest(),
        charts=desk,
        speech=None,  # type: ignore[arg-type]  # a push is not spoken
        media=desk,
        model=OfflineModel(),
        clock=desk,
    )


def person(lang="en", *, charts: bool = True) -> User:
    held = Portfolio((Holding("AAPL", Decimal(1)),))
    wanted = Preferences(lang=lang, charts=charts)
    return User("u", (Address("web", "x"),), NOW, preferences=wanted, portfolio=held, stage="active")


def words(reply) -> str:
    return "\n".join(block.text for block in reply.blocks if isinstance(block, Text))


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_market_in_a_line_a_chapter(lang):
    desk, briefings = desk_of(NOW)
    pushes = Pushes(briefings)
    reply = await pushes.market(person(lang), "evening")
    text = words(reply)
    assert "S&P 500" in text
    assert not FOREIGN.search(text + reply.source)
    assert len(text) < 1000, "one message on every channel"
    assert "Financial Modeling Prep" in reply.source
    assert "audio?scope=market" in [button.press for button in reply.buttons]
    assert ("brief?scope=market&length=long" in [b.press for b in reply.buttons]) == (lang == "en")
    assert any(isinstance(block, Picture) for block in reply.blocks)
    assert (await pushes.market(person(lang), "evening")) == reply
    assert desk.drawn == 1


async def test_the_english_push_has_each_chapter_once_and_none_in_full():
    _, briefings = desk_of(NOW)
    brief = await briefings.market("en", "evening")
    text = words(await Pushes(briefings).market(person(), "evening"))
    assert len(brief.chapters) == 5
    for chapter in brief.chapters:
        assert text.count(f"*{chapter.title}*\n{chapter.line}") == 1
    assert len(text) < len(brief.text) / 4


async def test_without_a_chart_the_words_come():
    desk, briefings = desk_of(NOW)
    pushes = Pushes(briefings)
    assert len((await pushes.market(person(charts=False), "evening")).blocks) == 1
    desk.blunt = True
    assert len((await pushes.market(person(), "evening")).blocks) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_featured_sectors_in_a_line_each(lang):
    _, briefings = desk_of(NOW)
    pushes = Pushes(briefings)
    reply = await pushes.sectors(person(lang))
    text = words(reply)
    for name in ("Technology", "Health care", "Financials", "Energy", "Consumer discretionary"):
        assert text.count(f"*{name}") == 1
    assert "Utilities" not in text
    assert "Microsoft" in text
    assert not FOREIGN.search(text + reply.source)
    assert len(text) < 1200
    assert [button.press for button in reply.buttons] == [
        f"brief?scope=sector&sector={code}" for code in ("XLK", "XLV", "XLF", "XLE", "XLY")
    ]
    assert [b.title for b in reply.buttons] == [
        "Technology",
        "Health Care",
        "Financials",
        "Energy",
        "Consumer…",
    ]
    assert await pushes.sectors(person(lang)) is reply, "made once for a book and a language"


async def test_the_day_and_its_part_are_the_markets_wherever_the_clock_stands():
    """Half past two in New York is half past midnight of the next day in Karachi."""
    afternoon = datetime(2026, 11, 20, 14, 30, tzinfo=NEW_YORK)
    _, here = desk_of(afternoon)
    _, there = desk_of(afternoon.astimezone(KARACHI))
    for briefings in (here, there):
        assert (await briefings.market("en")).slot == "midday"
        assert (await briefings.personal(person())).slot == "midday"
    assert await there.personal(person()) == await here.personal(person())


@pytest.mark.parametrize(
    ("now", "waits"),
    [
        (
            datetime(2026, 11, 23, 16, 30, tzinfo=NEW_YORK),
            True,
        ),  # Monday's close is out, our book is Friday's
        (datetime(2026, 11, 23, 15, 30, tzinfo=NEW_YORK), False),  # 01:30 of Tuesday in Karachi
        (datetime(2026, 11, 21, 20, 0, tzinfo=NEW_YORK), False),  # Saturday
    ],
)
async def test_a_close_is_waited_for_on_a_session_only(now, waits):
    _, briefings = desk_of(now.astimezone(KARACHI))
    text = (await briefings.personal(person(), asked=True)).text
    assert ("are not in yet" in text) == waits


@pytest.mark.parametrize(("day", "waits"), [(26, False), (27, True)])
async def test_nobody_waits_for_a_close_on_thanksgiving(day, waits):
    view = survey(replace(BOOK, day=date(2026, 11, 25)), history(BOOK))
    now = datetime(2026, 11, day, 18, 0, tzinfo=NEW_YORK)
    points = personal_outline(view, person().portfolio, now, "").points
    assert ("briefing.pending" in [point.kind for point in points]) == waits
