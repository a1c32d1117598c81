"""An index's past in a book is as long as the lake's: a year's range and beta need 250 sessions, the database keeps 30 days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.books.psx import PsxBindery
from services.domain.records import Batch
from services.domain.rows import Bar, IndexRow
from services.domain.trading_calendar import TradingCalendar
from services.sources.sample import SampleMarket
from tests.fakes.market_stores import DailyInMemory, LakeInMemory

KARACHI = ZoneInfo("Asia/Karachi")
NOW = datetime(2027, 10, 15, 19, 0, tzinfo=KARACHI)
DAYS = [
    NOW.date() - timedelta(days=back)
    for back in range(420)
    if (NOW.date() - timedelta(days=back)).weekday() < 5
][::-1]


class CountedLake(LakeInMemory):
    asked = 0

    async def rows(self, kind, **more):
        self.asked += kind == "indices"
        return await super().rows(kind, **more)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 50, tzinfo=KARACHI)


def row(day: date, level: float, hour: int = 15) -> IndexRow:
    return IndexRow("KMI30", at(day, hour), None, None, level, 0.0, 0.0)


async def test_the_close_of_each_day_is_there_for_more_than_a_year() -> None:
    daily, lake = DailyInMemory(), CountedLake()
    for place, day in enumerate(DAYS):
        batch = Batch(
            "indices", (row(day, 9.0, 11), row(day, 1000.0 + place)), at(day, 16), "psx", "live", f"{day}"
        )
        await lake.write([batch])
        await daily.put([batch])  # forgets what is older than 30 days
    bar = Batch(
        "bars", (Bar("LUCK", DAYS[-1], None, None, None, 400.0, 5),), at(DAYS[-1], 16), "psx", "live", "b"
    )
    await daily.put([bar])
    bindery, calendar = PsxBindery(SampleMarket(), daily, daily, lake), TradingCalendar("psx")
    gathered = await bindery.gather(NOW, calendar)
    closes = gathered.book(NOW, calendar).index_series["KMI30"]
    assert len(DAYS) == 300
    assert [closes[day] for day in DAYS] == [1000.0 + place for place in range(300)]
    again = await bindery.gather(NOW, calendar)
    assert again == gathered
    assert lake.asked == 1
    await bindery.gather(NOW + timedelta(days=1), calendar)
    assert lake.asked == 2
