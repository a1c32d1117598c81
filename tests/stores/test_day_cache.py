"""Days behind the cache of one process: read once for all who ask; a change is told at once, and nothing old after it."""

import asyncio
from datetime import date, timedelta

import pytest

from services.domain.errors import Unavailable
from services.domain.records import Batch
from tests.fakes.counted_days import Counted, bars, close_of
from tests.fakes.every_row import AT, DAY, ROWS

LATER = AT + timedelta(hours=3)


async def test_every_kind_comes_back_as_it_was(made) -> None:
    days = Counted()
    cached = made(days)
    for kind, rows in ROWS.items():
        batch = Batch(kind, rows, AT, "psx", "live", "o")
        await days.daily.put([batch])
        for _ in range(2):
            newest = await cached.newest(kind)
            assert newest is not None
            assert (newest.as_of, newest.source, newest.status) == (AT, "psx", "live")
            since = await cached.since(kind, date(2020, 1, 1))
            assert sorted(map(repr, (row for each in since for row in each.rows))) == sorted(map(repr, rows))
    assert days.reads == 2 * len(ROWS)


async def test_a_thousand_who_ask_at_one_time_cause_one_read(made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days)
    found = await asyncio.gather(*(cached.newest("bars") for _ in range(1000)))
    assert {close_of(each) for each in found} == {1.0}
    assert days.reads == 1


async def test_that_there_is_nothing_is_kept_too(made) -> None:
    days = Counted()
    cached = made(days)
    assert [await cached.newest("bars"), await cached.newest("bars")] == [None, None]
    assert list(await cached.since("bars", DAY)) == list(await cached.since("bars", DAY)) == []
    assert days.reads == 2


async def test_a_change_is_told_at_once(made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days)
    assert close_of(await cached.newest("bars")) == 1.0
    await days.daily.put([bars(2.0)])
    assert close_of(await cached.newest("bars")) == 1.0, "nobody said that something changed"
    await cached.changed()
    assert close_of(await cached.newest("bars")) == 2.0


async def test_one_who_read_before_the_change_puts_nothing_old_there(made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days)

    async def meanwhile() -> None:
        await days.daily.put([bars(2.0)])
        await cached.changed()

    days.before_answer = meanwhile
    assert close_of(await cached.newest("bars")) == 1.0
    assert close_of(await cached.newest("bars")) == 2.0


async def test_one_who_goes_away_takes_nobodys_answer_along(made) -> None:
    days = Counted()
    await days.daily.put([bars(1.0)])
    cached = made(days)
    first, second = (asyncio.create_task(cached.newest("bars")) for _ in range(2))
    await asyncio.sleep(0.005)
    first.cancel()
    assert close_of(await second) == 1.0
    assert first.cancelled()


async def test_a_failure_is_told_and_not_kept(made) -> None:
    days = Counted()
    days.away = True
    cached = made(days)
    with pytest.raises(Unavailable):
        await cached.newest("bars")
    days.away = False
    await days.daily.put([bars(1.0)])
    assert close_of(await cached.newest("bars")) == 1.0


async def test_nobody_is_told_what_is_later_than_his_clock(made) -> None:
    days = Counted()
    await days.daily.put([bars(2.0, LATER)])
    cached = made(days)
    assert close_of(await cached.newest("bars", before=LATER)) == 2.0
    assert await cached.newest("bars", before=AT) is None
