"""A day that the operator closed or opened is told to each who is due once, whatever happens to the process that tells."""

from collections import Counter
from datetime import date, datetime, time

import pytest

import services.composing
from services.domain.errors import Unavailable
from services.trading_days import TradingDays
from tests.campaigns.conftest import KARACHI, Fuse, Killed, Mortal

THURSDAY, FRIDAY = date(2026, 8, 20), date(2026, 8, 21)
MOST = 40  # calls to stores: more than any of these takes


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch):
    monkeypatch.setattr(services.composing, "PAGE", 3)


def desk(hall, name="p", fuse=None):
    """The trading days of one process."""
    fuse = fuse or Fuse()
    process = hall.process(name, fuse)
    operations = Mortal(hall.operations, fuse)
    return TradingDays(operations, process.broadcasts, process.campaigns, hall.clock)


async def told(hall) -> Counter[tuple[str, str]]:
    """By campaign and person: how many messages are not taken back."""
    rows = [row for row in await hall.put() if row["state"] != "cancelled"]
    return Counter((row["campaign"], row["user_id"]) for row in rows)


async def cleared(hall):
    await hall.forget()
    await hall.mongo["holidays"].delete_many({})


async def killed(hall, at: int, *, after: bool, word) -> bool:
    """Whether the first process died at that call of a store while it obeyed the word."""
    first = desk(hall, "first", Fuse(at, after=after))
    try:
        await word(first)
    except Killed:
        hall.dead.add("first")
        return True
    return False


async def every_death(hall, word, before=None, effects=(False, True)):
    """The word is said to a process that dies at its first call, at its second, and so on, before and after each took effect.

    Yields the number of the call for each; the world is swept in between.
    """
    for after in effects:
        for at in range(1, MOST):
            await cleared(hall)
            if before is not None:
                await before()
            hall.dead.discard("first")
            if not await killed(hall, at, after=after, word=word):
                assert at > 8, "it died nowhere"
                break
            yield at
        else:
            raise AssertionError(f"it takes more than {MOST} calls")


@pytest.mark.slow
async def test_killed_at_any_step_of_closing_everybody_is_told_once(hall):
    ids = await hall.crowd(7)

    async def close(days):
        return await days.close(FRIDAY, "Rain")

    deaths = 0
    async for at in every_death(hall, close):
        deaths += 1
        second = desk(hall, "second")
        await second.go_on()
        if not await hall.operations.holidays():
            assert await told(hall) == {}, "a word that was not kept is told to nobody"
            await close(second)  # the operator, who had no answer, says it again
        assert await told(hall) == Counter({(f"holiday:{FRIDAY}", one): 1 for one in ids}), at
        assert not await second.is_session(FRIDAY)
        again = await close(second)
        assert (again.changed, again.told) == (False, 0)
        assert await second.go_on() == 0
        assert await told(hall) == Counter({(f"holiday:{FRIDAY}", one): 1 for one in ids}), at
    assert deaths > 20


@pytest.mark.slow
async def test_killed_while_a_waiting_brief_is_taken_back_nobody_hears_it_and_all_hear_why(hall):
    ids = await hall.crowd(4)
    brief = f"brief:{THURSDAY}:09:00"

    async def composed():
        hall.clock.at = datetime.combine(THURSDAY, time(9), KARACHI)
        await hall.process("early").broadcasts.run(brief, lambda _: True, _brief)
        hall.clock.forward(minutes=5)

    async def close(days):
        return await days.close(THURSDAY, "Storm")

    async for at in every_death(hall, close, composed):
        hall.clock.forward(minutes=150)
        second = desk(hall, "second")
        await second.go_on()
        if not await hall.operations.holidays():
            continue
        assert await told(hall) == Counter({(f"holiday:{THURSDAY}", one): 1 for one in ids}), at


@pytest.mark.slow
async def test_killed_while_a_day_is_opened_everybody_is_told_once(hall):
    ids = await hall.crowd(4)
    milad = date(2026, 8, 26)

    async def reopen(days):
        return await days.reopen(milad)

    async for at in every_death(hall, reopen, effects=(True,)):
        second = desk(hall, "second")
        await second.go_on()
        if await hall.operations.reopened():
            assert await told(hall) == Counter({(f"open:{milad}", one): 1 for one in ids}), at
            assert await second.is_session(milad)


async def test_another_process_leaves_it_to_the_one_that_lives(hall):
    await hall.crowd(2)
    assert await killed(hall, 8, after=True, word=lambda days: days.close(FRIDAY, "Rain"))
    hall.dead.clear()
    assert await desk(hall, "second").go_on() == 0
    hall.dead.add("first")
    assert await desk(hall, "second").go_on() == 1


async def test_what_a_store_failed_is_finished_by_the_same_process(hall, monkeypatch):
    ids = await hall.crowd(2)
    days, newest = desk(hall), hall.campaigns.open

    async def away():
        raise Unavailable("away")

    monkeypatch.setattr(hall.campaigns, "open", away)
    with pytest.raises(Unavailable):
        await days.close(FRIDAY, "Rain")
    monkeypatch.setattr(hall.campaigns, "open", newest)
    assert await days.go_on() == 1
    assert await told(hall) == Counter({(f"holiday:{FRIDAY}", one): 1 for one in ids})


async def test_after_a_night_without_us_it_is_still_told_but_not_behind_its_day(hall):
    ids = await hall.crowd(2)
    assert await killed(hall, 6, after=True, word=lambda days: days.close(FRIDAY, "Rain"))
    hall.clock.at = datetime(2026, 8, 21, 8, tzinfo=KARACHI)
    assert await desk(hall, "second").go_on() == 1
    rows = await hall.put()
    assert [row["user_id"] for row in rows] == ids
    assert {row["expires_at"] for row in rows} == {datetime(2026, 8, 22, tzinfo=KARACHI)}

    await cleared(hall)
    hall.clock.at = datetime.combine(THURSDAY, time(9), KARACHI)
    assert await killed(hall, 6, after=True, word=lambda days: days.close(FRIDAY, "Rain"))
    hall.clock.at = datetime(2026, 8, 22, 8, tzinfo=KARACHI)
    assert await desk(hall, "second").go_on() == 1
    assert await told(hall) == {}
    assert await hall.operations.day_orders() == []


async def test_closed_opened_and_closed_again_is_told_each_time_and_what_waits_is_taken_back(hall):
    (one,) = await hall.crowd(1)
    days = desk(hall)
    assert (await days.close(FRIDAY, "Rain")).told == 1
    await hall.outbox.begin(f"holiday:{FRIDAY}:{one}:0")  # this one is gone
    assert (await days.reopen(FRIDAY)).told == 1
    assert (await days.close(FRIDAY, "Rain after all")).told == 1
    states = {row["campaign"]: row["state"] for row in await hall.put()}
    assert states == {
        f"holiday:{FRIDAY}": "sending",
        f"open:{FRIDAY}:2": "cancelled",  # it waited: nobody hears that the day is open
        f"holiday:{FRIDAY}:3": "queued",
    }


async def _brief(user):
    from services.domain.conversation import Reply, Text

    return (Reply((Text(f"the brief of {user.id}"),)),)
