"""A refresh against real requests: sources stand for themselves, bytes are kept first, nothing is stored by half."""

import asyncio
import contextlib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from services.domain.errors import Unavailable, UnknownName
from services.domain.sourcing import Pace
from services.ingestion import Ingestion, InMind
from services.ingestion.report import in_words
from services.sources.fetching import HttpFetcher
from tests.fakes.market_stores import DailyInMemory, LakeInMemory, RawInMemory
from tests.fakes.tiny_source import series_bytes, sheet_bytes, tiny_source, watch_bytes
from tests.fakes.upstream import FAULTS, Upstream

KARACHI = ZoneInfo("Asia/Karachi")
DAY = date(2026, 8, 20)
NOW = datetime(2026, 8, 20, 16, 40, tzinfo=KARACHI)
SYMBOLS = [f"S{number:03}" for number in range(20)]


class HandClock:
    def __init__(self):
        self.at = NOW

    def now(self):
        return self.at


class Levels:
    """The last level by kind, the sums by source."""

    def __init__(self):
        self.levels, self.sums = {}, {}

    def add(self, what, *, channel="", kind="", code="", count=1):
        self.sums[what, channel, kind] = self.sums.get((what, channel, kind), 0) + count

    def level(self, what, value, *, channel="", kind=""):
        self.levels[what, kind] = value

    def took(self, what, seconds, *, channel=""):
        self.add(what, channel=channel)


class House:
    """Stores, clock and alarms of one process; ``again()`` is the process after a restart."""

    def __init__(self, session):
        self.session = session
        self.raw, self.lake, self.daily = RawInMemory(), LakeInMemory(), DailyInMemory()
        self.clock, self.counts, self.standings = HandClock(), Levels(), InMind()
        self.alarms, self.bugs, self.changed = [], [], []
        self.symbols = ["S000", "S001", "S002"]

    def ingestion(self, *sources, **more):
        async def alarm(kind, detail):
            self.alarms.append((kind, detail))

        async def wanted(source):
            return self.symbols

        async def changed(kinds):
            self.changed.append(kinds)

        fetcher = HttpFetcher(
            self.session, self.clock, counts=self.counts, first_wait=0.001, largest=1_000_000
        )
        rooms = {
            "standings": self.standings,
            "wanted": wanted,
            "changed": changed,
            "failed": self.bugs.append,
        }
        return Ingestion(
            sources, fetcher, self.raw, self.lake, self.daily, self.clock, self.counts, alarm, **rooms, **more
        )

    async def stored(self, kind="watch"):
        return len(await self.lake.rows(kind))


@pytest.fixture
async def house():
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield House(session)


@pytest.fixture
async def upstream():
    pages = {"/watch": watch_bytes(SYMBOLS, DAY), "/asked": watch_bytes(SYMBOLS, DAY)}
    pages |= {f"/eod/{symbol}": series_bytes(symbol, DAY) for symbol in SYMBOLS}
    async with Upstream(pages, content_type="application/json") as served:
        yield served


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


async def test_when_no_address_can_be_read_each_reason_is_told(house, upstream):
    upstream.pages["/20-Aug-26"] = b"<html>"
    report = await house.ingestion(tiny_source("sbp", upstream.base, pages=("sheet",))).refresh()
    [rejected] = report.sources[0].rejected
    assert rejected.asked == {"day": "2026-08-20"}
    assert "answered 404" in rejected.reason
    assert "no JSON" in rejected.reason


async def test_bytes_are_kept_before_they_are_read(house, upstream):
    upstream.pages["/watch"] = b'{"rows": [["S000", 1'
    report = await house.ingestion(tiny_source("psx", upstream.base)).refresh()
    assert report.sources[0].status == "failed"
    assert list(house.raw.bodies.values()) == [b'{"rows": [["S000", 1']
    assert await house.stored() == 0


async def test_without_the_archive_nothing_is_read(house, upstream):
    house.raw.fails["keep"] = Unavailable("the folder is full")
    report = await house.ingestion(tiny_source("psx", upstream.base, pages=("watch", "series"))).refresh()
    assert report.sources[0].status == "failed"
    assert "the folder is full" in report.sources[0].detail
    assert await house.stored() == 0
    assert len(upstream.log) == 1


@pytest.mark.parametrize("store", ["write", "put"])
async def test_a_store_that_fails_is_mended_by_the_next_visit(house, upstream, store):
    """As a kill between the raw bytes and the lake, or between the lake and the daily data."""
    ingestion = house.ingestion(tiny_source("psx", upstream.base))
    (house.lake if store == "write" else house.daily).fails[store] = Unavailable("gone")
    first = await ingestion.refresh()
    assert first.sources[0].status == "failed"
    assert first.sources[0].rows == {}
    assert await house.daily.newest("watch") is None
    assert (await ingestion.refresh()).ok
    assert await house.stored() == 20
    assert len((await house.daily.newest("watch")).rows) == 20


@pytest.mark.parametrize(("room", "verb"), [("raw", "keep"), ("lake", "write"), ("daily", "put")])
async def test_killed_in_the_middle_and_refreshed_again(house, upstream, room, verb):
    """The process dies while it writes; the next one has the same rows as if nothing had happened."""
    at_the_point = asyncio.Event()
    store = getattr(house, room)

    async def forever(*args):
        at_the_point.set()
        await asyncio.Event().wait()

    setattr(store, verb, forever)
    run = asyncio.create_task(house.ingestion(tiny_source("psx", upstream.base)).refresh())
    await at_the_point.wait()
    run.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await run
    delattr(store, verb)
    assert len(house.raw.bodies) == (room != "raw")
    assert await house.daily.newest("watch") is None
    assert (await house.ingestion(tiny_source("psx", upstream.base)).refresh()).ok
    assert await house.stored() == 20
    assert len((await house.daily.newest("watch")).rows) == 20


async def test_far_fewer_rows_are_not_believed(house, upstream):
    ingestion = house.ingestion(tiny_source("psx", upstream.base))
    await ingestion.refresh()
    house.clock.at += timedelta(days=1)
    upstream.pages["/watch"] = watch_bytes(SYMBOLS[:11], DAY + timedelta(days=1), 90.0)
    report = await house.ingestion(tiny_source("psx", upstream.base)).refresh()  # known after a restart
    [rejected] = report.sources[0].rejected
    assert rejected.suspect
    assert "11 rows where 20 were before" in rejected.reason
    assert (await house.daily.newest("watch")).rows[0].day == DAY
    assert len(house.raw.bodies) == 2
    assert house.alarms
    upstream.pages["/watch"] = watch_bytes(SYMBOLS[:12], DAY + timedelta(days=1), 90.0)
    assert (await ingestion.refresh()).ok  # 60 % of them are


async def test_an_older_day_is_not_believed_until_an_operator_says_so(house, upstream):
    ingestion = house.ingestion(tiny_source("psx", upstream.base))
    await ingestion.refresh()
    upstream.pages["/watch"] = watch_bytes(SYMBOLS, DAY - timedelta(days=1), 90.0)
    report = await ingestion.refresh()
    assert "goes back to 2026-08-19" in report.sources[0].rejected[0].reason
    assert await house.stored() == 20
    assert (await ingestion.refresh(names=("psx",), anyway=True)).ok
    assert await house.stored() == 40


async def test_a_page_without_rows_is_refused(house, upstream):
    upstream.pages["/watch"] = watch_bytes([], DAY)
    report = await house.ingestion(tiny_source("psx", upstream.base)).refresh()
    assert "no rows" in report.sources[0].rejected[0].reason


async def test_a_parsers_bug_is_its_pages_alone(house, upstream):
    upstream.pages["/watch"] = b'{"end": true, "day": "2026-08-20", "rows": [["S000"]]}'
    report = await house.ingestion(tiny_source("psx", upstream.base, pages=("watch", "series"))).refresh()
    [source] = report.sources
    assert source.status == "partly"
    assert "a mistake of ours (ValueError)" in source.rejected[0].reason
    assert await house.stored("bars") == 9
    assert len(house.bugs) == 1


async def test_a_page_whose_format_changed_is_not_asked_for_every_symbol(house, upstream):
    house.symbols = [f"X{number:03}" for number in range(200)]
    report = await house.ingestion(tiny_source("psx", upstream.base, pages=("series", "watch"))).refresh()
    [source] = report.sources
    assert 25 <= upstream.log.__len__() <= 30
    assert source.unasked >= 170
    assert source.rows == {"watch": 20}


async def test_old_rows_go_to_the_lake_only(house, upstream):
    house.symbols = ["S000"]
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY, 100)
    await house.ingestion(tiny_source("psx", upstream.base, pages=("series",))).refresh()
    assert await house.stored("bars") == 100
    assert min(day for _, day in house.daily.kept) == DAY - timedelta(days=31)


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


@pytest.mark.parametrize("seed", range(6))
async def test_a_bad_day_ends_with_whole_pages_only(house, seed):
    pages = {"/watch": watch_bytes(SYMBOLS, DAY)} | {
        f"/eod/{symbol}": series_bytes(symbol, DAY, 7) for symbol in SYMBOLS
    }
    house.symbols = SYMBOLS
    kinds = (
        "too_many",
        "error",
        "reset",
        "truncated",
        "wrong",
        "gzip_broken",
        "missing",
        "elsewhere",
        "gzip",
    )
    async with Upstream(pages, seed=seed, rate=0.3, kinds=kinds, content_type="application/json") as bad:
        ingestion = house.ingestion(tiny_source("psx", bad.base, pages=("watch", "series")))
        [source] = (await ingestion.refresh()).sources
        assert source.status in {"ok", "partly"}
        assert await house.stored("bars") % 7 == 0
        assert await house.stored("bars") == source.rows.get("bars", 0)
        for _ in range(12):
            await ingestion.refresh()
    assert await house.stored("bars") == 20 * 7
    assert await house.stored() == 20


async def test_of_a_long_history_only_the_months_that_changed_are_stored(house, upstream):
    """The lake is written what is new, after a restart too; an operator's correction of an old day stays."""
    house.symbols = ["S000"]
    written = []
    write = house.lake.write

    async def noted(batches):
        written.append([row.day for batch in batches for row in batch.rows])
        return await write(batches)

    house.lake.write = noted
    source = tiny_source("psx", upstream.base, pages=("series",))
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY, 120)
    await house.ingestion(source).refresh()
    house.clock.at += timedelta(days=1)
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY + timedelta(days=1), 121)
    report = await house.ingestion(source).refresh()
    assert (report.sources[0].rows, report.sources[0].changed) == ({"bars": 121}, 1)
    assert len(written[0]) == 120
    assert sorted(written[1]) == [date(2026, 8, 1) + timedelta(days=number) for number in range(21)]
    assert await house.stored("bars") == 121


async def test_a_changed_old_day_is_noticed(house, upstream):
    house.symbols = ["S000"]
    ingestion = house.ingestion(tiny_source("psx", upstream.base, pages=("series",)))
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY, 120)
    await ingestion.refresh()
    upstream.pages["/eod/S000"] = series_bytes("S000", DAY, 120).replace(
        b'"2026-05-05",100.0', b'"2026-05-05",99.5'
    )
    assert (await ingestion.refresh()).sources[0].changed == 1
    rows = await house.lake.rows("bars", first=date(2026, 5, 5), last=date(2026, 5, 5))
    assert [row.close for row in rows] == [99.5]
