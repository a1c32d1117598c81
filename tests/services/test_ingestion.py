"""A refresh against real requests: sources stand for themselves, bytes are kept first, nothing is stored by half."""

import asyncio
from datetime import timedelta

import pytest

from services.domain.errors import UnknownName
from services.domain.sourcing import Pace
from services.ingestion.report import in_words
from tests.fakes.refreshing import DAY, NOW, SYMBOLS
from tests.fakes.tiny_source import sheet_bytes, tiny_source, watch_bytes
from tests.fakes.upstream import FAULTS, Upstream


async def test_rows_arrive_in_lake_and_daily_with_time_source_and_origin(house, upstream):
    report = await house.ingestion(tiny_source("psx", upstream.base, delay=300)).refresh()
    assert report.ok
    [source] = report.sources
    assert (source.status, source.pages, source.rows, source.changed) == ("ok", 1, {"watch": 20}, 20)
    batch = await house.daily.newest("watch")
    assert batch.as_of == NOW - timedelta(minutes=5)
    assert (batch.status, batch.source) == ("delayed", "psx")
    assert house.raw.bodies[batch.origin] == upstream.pages["/watch"]
    assert house.counts.sums["rows", "psx", "watch"] == 20
    assert house.counts.levels["newest", "watch"] == (NOW - timedelta(minutes=5)).timestamp()
    assert house.changed == [{"watch"}]


async def test_only_what_is_due_is_asked(house, upstream):
    source = tiny_source("psx", upstream.base, pages=("watch", "series", "asked"))
    ingestion = house.ingestion(source)
    assert (await ingestion.refresh(when="evening")).sources == ()
    await ingestion.refresh(when="session")
    assert [one.path for one in upstream.log] == ["/watch"]
    await ingestion.refresh(when="close")
    assert {one.path for one in upstream.log} == {"/watch", "/eod/S000", "/eod/S001", "/eod/S002"}
    assert await house.stored("bars") == 9
    await ingestion.refresh()
    assert upstream.asked("/asked") == 0
    await ingestion.refresh(when="on demand")
    assert upstream.asked("/asked") == 1


async def test_the_same_bytes_again_store_nothing_new(house, upstream):
    ingestion = house.ingestion(tiny_source("psx", upstream.base))
    await ingestion.refresh()
    house.clock.at += timedelta(minutes=30)
    report = await ingestion.refresh()
    assert report.ok
    assert (report.sources[0].unchanged, report.sources[0].changed, house.lake.writes) == (1, 0, 1)
    assert house.counts.levels["newest", "watch"] == house.clock.at.timestamp()  # as good as new
    after_restart = house.ingestion(tiny_source("psx", upstream.base))
    assert (await after_restart.refresh()).sources[0].unchanged == 1
    assert house.lake.writes == 1
    assert len(house.raw.bodies) == 1
    assert len(house.raw.comings) == 3


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in {"gzip", "moved", "drip"}])
async def test_one_bad_source_is_its_own_trouble(house, upstream, fault):
    async with Upstream({"/watch": watch_bytes(SYMBOLS, DAY)}, rate=1.0, kinds=(fault,)) as bad:
        ingestion = house.ingestion(tiny_source("bad", bad.base), tiny_source("good", upstream.base))
        report = await ingestion.refresh()
    bad_one, good_one = report.sources
    assert good_one.status == "ok"
    assert bad_one.status == (
        "gated" if fault in {"forbidden", "unauthorized", "challenge", "captcha", "login"} else "failed"
    )
    assert bad_one.rows == {}
    assert await house.stored() == 20
    assert not house.bugs
    assert bad_one.detail
    assert "127.0.0.1" not in in_words(report)


async def test_a_hanging_source_delays_no_other(house, upstream):
    async with Upstream({"/watch": b"{}"}, rate=1.0, kinds=("hang",), hang=3) as slow:
        hanging = tiny_source("slow", slow.base, pace=Pace(0.0, 1, 60.0, 1))
        ingestion = house.ingestion(hanging, tiny_source("good", upstream.base), deadline=0.6)
        run = asyncio.create_task(ingestion.refresh())
        await asyncio.sleep(0.3)
        assert await house.stored() == 20  # while the other one still hangs
        slow_one, good_one = (await run).sources
    assert (slow_one.status, good_one.status) == ("failed", "ok")
    assert "time was over" in slow_one.detail


async def test_what_came_before_the_deadline_is_stored(house, upstream):
    upstream.hang = 3
    upstream.break_next("hang", path="/eod/S002")
    source = tiny_source("psx", upstream.base, pages=("series",), pace=Pace(0.0, 1, 60.0, 1))
    report = await house.ingestion(source, deadline=0.6).refresh()
    assert report.sources[0].status == "partly"
    assert await house.stored("bars") == 6


async def test_a_gate_is_said_once_and_left_alone_for_hours(house, upstream):
    upstream.break_next("forbidden")
    ingestion = house.ingestion(tiny_source("psx", upstream.base, pages=("watch", "series")))
    assert (await ingestion.refresh()).sources[0].status == "gated"
    assert len(upstream.log) == 1
    house.clock.at += timedelta(hours=5, minutes=59)
    again = house.ingestion(tiny_source("psx", upstream.base))  # a restart does not forget it
    report = await again.refresh(names=("psx",))
    assert report.sources[0].status == "gated"
    assert "not asked before 20 Aug 22:40" in report.sources[0].detail
    assert len(upstream.log) == 1
    house.clock.at += timedelta(minutes=1)
    upstream.break_next("challenge")
    assert (await again.refresh()).sources[0].status == "gated"
    assert len(house.alarms) == 1
    assert house.alarms[0][0] == "source:psx"
    [state] = await again.states()
    assert (state.condition, state.next_try) == ("gated", house.clock.at + timedelta(hours=12))
    house.clock.at += timedelta(hours=12)
    assert (await again.refresh()).ok
    [state] = await again.states()
    assert (state.condition, state.succeeded, state.next_try) == ("ok", house.clock.at, None)
    assert state.licence == "Free to try."


async def test_a_silent_source_is_left_alone_after_three_requests(house, upstream):
    house.symbols = SYMBOLS
    upstream.break_next(*["error"] * 99)
    source = tiny_source("psx", upstream.base, pages=("series",), pace=Pace(0.0, 1, 1.0, 2))
    ingestion = house.ingestion(source)
    [report] = (await ingestion.refresh()).sources
    assert report.status == "failed"
    assert len(upstream.log) <= 4 * 2  # three in a row, one more under way, two tries each
    assert report.unasked >= 16
    asked = len(upstream.log)
    await ingestion.refresh(when="close")
    assert len(upstream.log) == asked  # it rests
    upstream.faults.clear()
    assert (await ingestion.refresh(names=("psx",))).ok  # an operator's word


async def test_an_asked_pause_is_kept(house, upstream):
    upstream.break_next("much_too_many")
    ingestion = house.ingestion(tiny_source("psx", upstream.base))
    await ingestion.refresh()
    house.clock.at += timedelta(minutes=59)
    await ingestion.refresh()
    assert len(upstream.log) == 1
    house.clock.at += timedelta(minutes=1)
    assert (await house.ingestion(tiny_source("psx", upstream.base)).refresh()).ok


async def test_three_failed_visits_are_an_alarm_once(house, upstream):
    upstream.break_next(*["missing"] * 5)
    ingestion = house.ingestion(tiny_source("psx", upstream.base))
    for _ in range(5):
        await ingestion.refresh()
    assert len(house.alarms) == 1
    assert "3 visits in a row" in house.alarms[0][1]


async def test_the_first_address_that_can_be_read_is_taken(house, upstream):
    upstream.pages["/sheet-20-August-2026"] = b"<html>Weighted average rates</html>"
    upstream.pages["/20-Aug-26"] = sheet_bytes(DAY)
    source = tiny_source("sbp", upstream.base, pages=("sheet",))
    report = await house.ingestion(source).refresh()
    assert report.ok
    assert [one.path for one in upstream.log] == ["/sheet-20-Aug-26", "/sheet-20-August-2026", "/20-Aug-26"]
    assert await house.stored("fx") == 1
    upstream.log.clear()
    upstream.pages["/sheet-20-Aug-26"] = sheet_bytes(DAY, 282.0)
    assert (await house.ingestion(source).refresh()).ok
    assert [one.path for one in upstream.log] == ["/sheet-20-Aug-26"]


async def test_unknown_and_switched_off_sources(house, upstream):
    ingestion = house.ingestion(
        tiny_source("sbp", upstream.base), off={"psx": "set MARKETBYTE_PSX_LICENSED=1"}
    )
    with pytest.raises(UnknownName, match="there are: psx, sbp") as told:
        await ingestion.refresh(names=("nccpl",))
    assert told.value.suggestions == ("psx", "sbp")
    report = await ingestion.refresh(names=("psx",))
    assert (report.sources[0].status, report.sources[0].detail) == ("off", "set MARKETBYTE_PSX_LICENSED=1")
    assert not upstream.log
    states = {state.name: state.condition for state in await ingestion.states()}
    assert states == {"sbp": "new", "psx": "off"}
