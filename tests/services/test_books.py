"""One book for all who ask at one moment: made once, anew after a change, told on while the store is away, never ahead of its time."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services import books as room
from services.books import Books
from services.books import psx as psx_room
from services.books.psx import PsxBindery
from services.domain.errors import Unavailable
from services.domain.psx_book import psx_book
from services.domain.records import Batch, Kind
from services.domain.rows import ActionRow, Bar, NewsRow, PayoutRow, RateRow, Watch
from services.domain.trading_calendar import TradingCalendar
from services.sources.sample import SampleMarket
from tests.fakes.market_stores import DailyInMemory, LakeInMemory

KARACHI = ZoneInfo("Asia/Karachi")
FRIDAY, MONDAY = date(2026, 8, 21), date(2026, 8, 24)
BASE = SampleMarket()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=KARACHI)


class Clock:
    time = at(FRIDAY, 19)

    def now(self) -> datetime:
        return self.time


class Stores(DailyInMemory):
    """Counts and delays its reads; is away when told so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Kind] = []
        self.away = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def newest(
        self, kind: Kind, *, before: datetime | None = None, last: date | None = None
    ) -> Batch | None:
        await self._read(kind)
        return await super().newest(kind, before=before, last=last)

    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        await self._read(kind)
        return await super().since(kind, first)

    async def _read(self, kind: Kind) -> None:
        self.asked.append(kind)
        if self.away:
            raise Unavailable("the database is away")
        if kind == "news":  # asked last of all: what is stored meanwhile was not seen by the others
            await self.gate.wait()


class CountedLake(LakeInMemory):
    histories = 0

    async def rows(self, kind: Kind, **asked: object) -> Sequence[object]:
        self.histories += kind == "bars"
        return await super().rows(kind, **asked)


class World:
    """Books on stores in memory."""

    def __init__(self) -> None:
        self.daily, self.old, self.lake, self.clock = Stores(), Stores(), CountedLake(), Clock()
        self.books = Books(PsxBindery(BASE, self.daily, self.old, self.lake), self.clock, self._calendar)

    async def _calendar(self) -> TradingCalendar:
        return TradingCalendar("psx")

    async def close(self, price: float, when: datetime, *, status: str = "live", day: date = FRIDAY) -> None:
        """A day's closing price is stored, and all are told."""
        row = Bar("LUCK", day, None, None, None, price, 1000)
        await self.daily.put([Batch("bars", (row,), when, "PSX", status, f"o{price}")])
        self.books.changed()

    async def price(self) -> float:
        return float((await self.books.book()).quotes["LUCK"].price.value)


@pytest.fixture
def world() -> World:
    return World()


def fresh_for(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(room, "FRESH", seconds)


async def settled() -> None:
    """Whatever is being made in the background is done."""
    for _ in range(100):
        await asyncio.sleep(0.005)
        if all(task is asyncio.current_task() for task in asyncio.all_tasks()):
            return


async def test_without_anything_kept_it_is_the_frozen_book(world: World) -> None:
    assert await world.books.book() is await BASE.book()


async def test_a_thousand_readers_cause_one_reading(world: World) -> None:
    await world.close(440.0, at(FRIDAY, 17))
    told = await asyncio.gather(*(world.books.book() for _ in range(1000)))
    assert len({id(book) for book in told}) == 1
    assert all(world.daily.asked.count(kind) <= 2 for kind in set(world.daily.asked)), "newest and since"
    reads = len(world.daily.asked)
    await asyncio.gather(*(world.books.book() for _ in range(1000)))
    assert len(world.daily.asked) == reads


async def test_an_older_book_is_told_while_the_next_is_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.close(440.0, at(FRIDAY, 17))
    first = await world.books.book()
    fresh_for(monkeypatch, 0.0)
    world.daily.gate.clear()
    world.clock.time += timedelta(days=4)
    assert [await world.books.book() for _ in range(3)] == [first] * 3, "nobody waits"
    world.daily.gate.set()
    await settled()
    fresh_for(monkeypatch, 300.0)
    assert (await world.books.book()).stale != first.stale, "it was made anew"


async def test_after_a_change_the_next_reader_waits_for_the_new_book(world: World) -> None:
    await world.close(440.0, at(FRIDAY, 17))
    assert await world.price() == 440.0
    await world.close(441.0, at(FRIDAY, 18))
    assert await world.price() == 441.0


async def test_a_change_during_the_making_is_not_lost(world: World) -> None:
    await world.close(440.0, at(FRIDAY, 17))
    world.daily.gate.clear()
    first = asyncio.create_task(world.price())
    await asyncio.sleep(0.01)
    await world.close(441.0, at(FRIDAY, 18))
    second = asyncio.create_task(world.price())
    await asyncio.sleep(0.01)
    world.daily.gate.set()
    assert await second == 441.0, "the book whose making had begun before is not enough"
    assert await first in {440.0, 441.0}
    assert await world.price() == 441.0


async def test_a_reader_who_goes_away_takes_nobodys_book_along(world: World) -> None:
    await world.close(440.0, at(FRIDAY, 17))
    world.daily.gate.clear()
    first, second = asyncio.create_task(world.price()), asyncio.create_task(world.price())
    await asyncio.sleep(0.01)
    first.cancel()
    world.daily.gate.set()
    assert await second == 440.0


async def test_with_the_store_away_the_book_from_before_stays_and_says_what_is_old(world: World) -> None:
    world.daily.away = True
    with pytest.raises(Unavailable):
        await world.books.book()
    world.daily.away = False
    await world.close(440.0, at(FRIDAY, 17))
    before = await world.books.book()
    assert not {"bars", "watch"} & {each.kind for each in before.stale}
    world.daily.away = True
    world.clock.time += timedelta(days=4)
    world.books.changed()
    told = await world.books.book()
    assert told.quotes == before.quotes
    assert {"bars", "watch"} & {each.kind for each in told.stale}
    assert told.version != before.version
    reads = len(world.daily.asked)
    await asyncio.gather(*(world.books.book() for _ in range(100)))
    assert len(world.daily.asked) == reads, "for a moment nobody asks a store that is away"


async def test_when_the_store_is_back_so_is_the_news(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.close(440.0, at(FRIDAY, 17))
    await world.books.book()
    world.daily.away = True
    await world.close(441.0, at(FRIDAY, 18))
    assert await world.price() == 440.0
    world.daily.away = False
    monkeypatch.setattr(room, "PAUSE", 0.0)
    assert await world.price() == 441.0


async def test_the_past_is_made_anew_only_when_it_changed(world: World) -> None:
    await world.close(440.0, at(FRIDAY, 17))
    await world.books.book()
    rate = Batch("rates", (RateRow("policy_rate", FRIDAY, 11.0, "%"),), at(FRIDAY, 18), "SBP", "live", "r")
    changes: list[tuple[Batch, int]] = [
        (rate, 1),
        (Batch("bars", (Bar("LUCK", date(2026, 8, 19), None, None, None, 432.0, 1),), at(FRIDAY, 18), "PSX", "live", "b"), 2),
        (Batch("actions", (ActionRow("LUCK", date(2026, 8, 3), "dividend", 1.0, 1.0),), at(FRIDAY, 18), "file", "imported", "a"), 3),
        (Batch("payouts", (PayoutRow("LUCK", FRIDAY, at(FRIDAY, 9), "10%(F) (D)", "dividend", 10.0, True, None, None, None),), at(FRIDAY, 18), "PSX", "live", "p"), 4),
    ]  # fmt: skip
    versions = {(await world.books.book()).version}
    for batch, expected in changes:
        await world.lake.write([batch])
        world.books.changed()
        versions.add((await world.books.book()).version)
        assert world.lake.histories == expected, batch.kind
    assert len(versions) == 4, (
        "each change of the past makes another version; the rate lies in the lake alone"
    )
    world.clock.time += timedelta(days=1)
    world.books.changed()
    await world.books.book()
    assert world.lake.histories == 5, "another day, another window"


async def test_of_the_same_parts_no_other_book_is_put_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_together = []
    monkeypatch.setattr(
        psx_room, "psx_book", lambda *given, **named: put_together.append(1) or psx_book(*given, **named)
    )
    await world.close(440.0, at(FRIDAY, 17))
    first = await world.books.book()
    world.books.changed()
    world.clock.time += timedelta(hours=1)
    again = await world.books.book()
    assert (again.version, again.quotes, len(put_together)) == (first.version, first.quotes, 1)
    await world.close(441.0, at(FRIDAY, 18))
    assert await world.price() == 441.0
    world.clock.time += timedelta(days=1)
    world.books.changed()
    assert (await world.books.book()).told_until > first.told_until, "another day is another part"
    assert len(put_together) == 3


async def test_nothing_is_later_than_the_clock(world: World) -> None:
    await world.close(440.0, at(FRIDAY, 17))
    await world.close(470.0, at(MONDAY, 17), day=MONDAY)
    late = Batch("news", (NewsRow("n", at(MONDAY, 9), "PSX gains on Monday", "https://x.pk", "Dawn", ("LUCK",)),), at(MONDAY, 9), "Dawn", "live", "n")  # fmt: skip
    await world.daily.put([late])
    told = await world.books.book()
    assert told.day == FRIDAY
    assert not any("Monday" in each.title for each in told.announcements)
    world.clock.time = at(MONDAY, 18)
    world.books.changed()
    assert (await world.books.book()).day == MONDAY


async def test_what_the_weeks_have_not_got_comes_from_the_lake(world: World) -> None:
    row = Watch("LUCK", FRIDAY, "Lucky", "0804", (), (), 438.0, 1.0, 1.0, 1.0, 442.0, 4.0, 0.9, 5)
    await world.old.put([Batch("watch", (row,), at(FRIDAY, 15, 45), "PSX", "delayed", "w")])
    notice = NewsRow("n", at(FRIDAY, 9), "KSE-100 gains as PSX rallies", "https://x.pk", "Dawn", ("LUCK",))
    await world.old.put([Batch("news", (notice,), at(FRIDAY, 9), "Dawn", "live", "n")])
    told = await world.books.book()
    assert float(told.quotes["LUCK"].price.value) == 442.0
    assert any("KSE-100 gains" in each.title for each in told.announcements)
    assert "watch" in world.daily.asked


async def test_what_changes_seldom_is_asked_of_the_lake(world: World) -> None:
    rate = RateRow("kibor_6m", date(2026, 7, 10), 11.25, "%")
    old = RateRow("gone", date(2024, 7, 1), 1.0, "%")
    await world.daily.put(
        [Batch("rates", (RateRow("never", FRIDAY, 1.0, "%"),), at(FRIDAY, 9), "SBP", "live", "x")]
    )
    await world.old.put([Batch("rates", (rate,), at(date(2026, 7, 10), 9), "SBP", "live", "r")])
    await world.old.put([Batch("rates", (old,), at(date(2024, 7, 1), 9), "SBP", "live", "o")])
    rates = (await world.books.book()).rates
    assert float(rates["kibor_6m"].value) == 11.25 or rates["kibor_6m"].as_of.date() > date(2026, 7, 10)
    assert not {"never", "gone"} & rates.keys()
    assert {"rates", "holdings", "payouts", "holidays"} <= set(world.old.asked)
    assert not {"rates", "holdings", "payouts", "holidays"} & set(world.daily.asked)


async def test_close_ends_what_is_being_made(world: World) -> None:
    world.daily.gate.clear()
    reader = asyncio.create_task(world.books.book())
    await asyncio.sleep(0.01)
    await world.books.close()
    with pytest.raises(asyncio.CancelledError):
        await reader
