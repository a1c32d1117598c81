"""Imports over stores in memory, with their clock and book."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.imports import Imports
from services.sources.files.reading import read_tables
from tests.fakes.long_book import long_book
from tests.fakes.market_stores import DailyInMemory, LakeInMemory, LedgerInMemory, RawInMemory

NOW = datetime(2026, 8, 21, 18, 0, tzinfo=ZoneInfo("Asia/Karachi"))


class Stores:
    """The stores, the clock and the book of one test."""

    def __init__(self, now=NOW):
        self.raw, self.lake, self.daily, self.ledger = (
            RawInMemory(),
            LakeInMemory(),
            DailyInMemory(),
            LedgerInMemory(),
        )
        self.time = now
        self.imports = Imports(
            raw=self.raw, lake=self.lake, daily=self.daily, ledger=self.ledger, market=self, tables=read_tables, clock=self
        )  # fmt: skip

    def now(self):
        return self.time

    async def book(self):
        return long_book()

    async def bring(self, kind, *files):
        """Preview and, if it is good, take; returns both."""
        brought = list(files)
        preview = await self.imports.preview(kind, brought)
        taken = await self.imports.take(preview, brought, "tester") if preview.good else ()
        self.time += timedelta(minutes=1)
        return preview, taken

    def all_empty(self):
        return not (self.raw.bodies or self.lake.piles or self.daily.kept or self.ledger.lines)

    async def closes(self):
        return {(r.symbol, r.day): r.close for r in await self.lake.rows("bars")}
