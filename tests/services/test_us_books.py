"""The American market's books from what is kept: the same until something changes, never ahead of its time, with the press."""

from datetime import datetime, timedelta

import pytest

from services.books import Books
from services.books.us import UsBindery
from services.domain.errors import NoMarketYet
from services.domain.new_york import NEW_YORK
from services.domain.records import Batch
from services.domain.rows import NewsRow
from services.domain.trading_calendar import TradingCalendar
from tests.fakes.market_stores import DailyInMemory, LakeInMemory
from tests.fakes.us_rows import NOW, us_rows

FRIDAY = NOW.astimezone(NEW_YORK)  # 17:15


class Clock:
    time = FRIDAY

    def now(self) -> datetime:
        return self.time


class Desk:
    """Books on stores in memory, with everything that a visit brings."""

    def __init__(self) -> None:
        self.daily, self.lake, self.clock = DailyInMemory(), LakeInMemory(), Clock()
        bindery = UsBindery(self.daily, DailyInMemory(), self.lake, NoMarketYet("marketbyte refresh"))
        self.books = Books(bindery, self.clock, self._calendar)

    async def _calendar(self) -> TradingCalendar:
        return TradingCalendar("us")

    async def bring(self, at: datetime = FRIDAY) -> None:
        rows = us_rows()
        kinds = {
            "watch": rows.quotes, "indices": rows.indices, "bars": rows.bars, "movers": rows.movers,
            "events": rows.events, "symbols": rows.symbols, "actions": rows.actions,
        }  # fmt: skip
        for kind, told in kinds.items():
            await self.put(kind, tuple(told), at)

    async def put(self, kind: str, rows: tuple, at: datetime = FRIDAY) -> None:
        batch = Batch(kind, rows, at, "fmp", "live", f"{kind}{at}")
        await self.lake.write([batch])
        await self.daily.put([batch])
        self.books.changed()

    async def at(self, moment: datetime):
        self.clock.time = moment
        self.books.changed()
        return await self.books.book()


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.bring()
    return desk


def story(name: str, at: datetime, title: str, symbols: tuple[str, ...] = ()) -> NewsRow:
    return NewsRow(name, at, title, f"https://news.example.com/{name}", "The Example", symbols)


async def test_with_nothing_kept_it_says_what_to_do() -> None:
    with pytest.raises(NoMarketYet, match="marketbyte refresh"):
        await Desk().books.book()


async def test_over_the_weekend_it_is_the_same_book(desk: Desk) -> None:
    friday = await desk.books.book()
    saturday = await desk.at(FRIDAY + timedelta(days=1))
    sunday = await desk.at(FRIDAY + timedelta(days=2, hours=5))
    assert friday is saturday is sunday


async def test_the_same_rows_again_are_the_same_version(desk: Desk) -> None:
    first = await desk.books.book()
    await desk.bring(FRIDAY + timedelta(minutes=1))
    again = await desk.at(FRIDAY + timedelta(minutes=2))
    assert again.version == first.version


async def test_after_the_next_close_it_says_that_it_is_old(desk: Desk) -> None:
    first = await desk.books.book()
    late = await desk.at(FRIDAY + timedelta(days=3, hours=2))  # Monday evening, nothing fetched
    assert late.label.startswith("old US market data")
    assert late.version != first.version
    assert {each.kind for each in late.stale} == {"indices", "watch"}


async def test_a_date_that_is_over_is_due_no_more(desk: Desk) -> None:
    first = await desk.books.book()
    soonest = first.events[0]
    later = await desk.at(datetime.combine(soonest.day, FRIDAY.time(), NEW_YORK))
    assert soonest in first.events
    assert soonest not in later.events
    assert later.version != first.version


async def test_nothing_of_a_later_hour_is_in_it(desk: Desk) -> None:
    noon = FRIDAY.replace(hour=12)
    replay = await desk.at(noon)  # all of it was fetched in the evening, but bars bear their own day
    assert replay.day < FRIDAY.date()
    assert max(replay.series["AAPL"].days) < FRIDAY.date()


async def test_the_press_is_quoted_with_its_publisher_and_by_new_yorks_day(desk: Desk) -> None:
    before = await desk.books.book()
    late = FRIDAY.replace(hour=16, minute=50)  # the next day in Karachi
    told = (
        story("one", late, "Apple opens a plant in Ohio", ("AAPL",)),
        story("two", late, "Meezan Bank widens its network", ("MEBL",)),
        story("three", late, "Why you should buy Apple stock now"),
    )
    await desk.put("news", told)
    book = await desk.books.book()
    assert book.version != before.version
    said = {each.id: each for each in book.announcements if each.id.startswith("news:")}
    assert said["news:one"].symbol == "AAPL"
    assert said["news:one"].title == "“Apple opens a plant in Ohio” (The Example)"
    assert said["news:one"].day == FRIDAY.date()
    assert said["news:two"].symbol == "", "no share of this market"
    assert "news:three" not in said, "advice is not passed on"
