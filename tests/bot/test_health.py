"""What /readyz finds: not ready only where nothing can be kept, degraded for everything else that an operator must see."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.health import Check, Health, both, going, heard_of, in_time
from services.domain.errors import Unavailable

NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)


async def fine():
    return None


async def broken():
    raise Unavailable("mongodb://user:secret@host does not answer")


async def buggy():
    raise KeyError("+923001234567")


async def hanging():
    await asyncio.sleep(60)


async def test_all_well_is_ready():
    report = await Health([Check("mongodb", fine, vital=True), Check("market", fine)]).report()
    assert report.state == "ready"
    assert report.findings == {"mongodb": "ok", "market": "ok"}


async def test_without_the_store_we_are_not_ready_and_no_detail_of_it_is_told():
    report = await Health([Check("mongodb", broken, vital=True), Check("market", fine)]).report()
    assert report.state == "not ready"
    assert report.findings["mongodb"] == "Unavailable"


async def test_a_provider_that_is_not_well_degrades_us_with_its_reason():
    async def waits():
        raise Unavailable("17 updates wait at telegram")

    report = await Health([Check("mongodb", fine, vital=True), Check("telegram", waits)]).report()
    assert report.state == "degraded"
    assert report.findings["telegram"] == "17 updates wait at telegram"


async def test_a_bug_in_a_look_says_its_name_only():
    report = await Health([Check("market", buggy)]).report()
    assert report.findings == {"market": "KeyError"}


async def test_a_dependency_that_hangs_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("bot.health.WITHIN", 0.05)
    async with asyncio.timeout(2):
        report = await Health([Check("market", hanging), Check("mongodb", fine, vital=True)]).report()
    assert report.state == "degraded"
    assert "no answer" in report.findings["market"]


async def test_a_storm_of_probes_is_one_look():
    looks = 0

    async def look():
        nonlocal looks
        looks += 1
        await asyncio.sleep(0.02)

    health = Health([Check("telegram", look, every=30)])
    await asyncio.gather(*(health.report() for _ in range(50)))
    await health.report()
    assert looks == 1
    unkept = Health([Check("mongodb", look)])
    await unkept.report()
    await unkept.report()
    assert looks == 3


async def test_no_status_for_long_is_told():
    asked = []

    async def silent(channel, after):
        asked.append((channel, after))
        return channel == "meta"

    await heard_of("twilio", silent)()
    with pytest.raises(Unavailable, match="no status came for 15 minutes"):
        await heard_of("meta", silent)()
    assert asked == [("twilio", timedelta(minutes=15)), ("meta", timedelta(minutes=15))]


async def test_an_open_breaker_is_told():
    await going("twilio", lambda channel: channel == "meta")()
    with pytest.raises(Unavailable, match="refuses our account"):
        await going("meta", lambda channel: channel == "meta")()


@pytest.mark.parametrize(
    ("lane", "late", "well"),
    [
        ("interactive", timedelta(seconds=59), True),
        ("interactive", timedelta(seconds=61), False),
        ("broadcast", timedelta(minutes=29), True),
        ("broadcast", timedelta(minutes=31), False),
    ],
)
async def test_messages_that_wait_too_long_are_told_by_lane(lane, late, well):
    async def waiting():
        return {lane: (3, NOON - late)}

    run = in_time(waiting, lambda: NOON)
    if well:
        await run()
    else:
        with pytest.raises(Unavailable, match=f"3 messages wait in the {lane} lane"):
            await run()


async def test_of_several_looks_the_first_that_fails_speaks():
    with pytest.raises(Unavailable):
        await both(fine, broken, buggy)()
