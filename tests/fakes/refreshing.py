"""One process that fetches market data over stores in memory, with a hand-moved clock, its alarms and its bugs."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.ingestion import Ingestion, InMind
from services.sources.fetching import HttpFetcher
from tests.fakes.market_stores import DailyInMemory, LakeInMemory, RawInMemory

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
