"""Rows as they are kept of a market, and the book that is put together from them over the frozen day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.domain.psx_book import psx_book
from services.domain.psx_history import history_of
from services.domain.psx_stock import Stock
from services.domain.records import Batch
from services.domain.rows import (
    Bar,
    Watch,
)
from services.domain.trading_calendar import TradingCalendar
from services.sources.sample import read

KARACHI = ZoneInfo("Asia/Karachi")
BASE = read()
FRIDAY, MONDAY = date(2026, 8, 21), date(2026, 8, 24)
CALENDAR = TradingCalendar("psx")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=KARACHI)


def batch(kind, *rows, when=None, status="imported", source="EOD file"):
    return Batch(kind, rows, when or at(FRIDAY, 18), source, status, f"{kind}-{len(rows)}")


def bar(symbol, day, close, *, volume=1000, ldcp=None, **more):
    return Bar(symbol, day, more.get("open"), more.get("high"), more.get("low"), close, volume, ldcp)


def watch(symbol, day, current, ldcp, **more):
    return Watch(symbol, day, more.get("name", symbol), more.get("sector", "0804"), ("ALLSHR",), (), ldcp, current, current,
                 current, current, current - ldcp, 0.0, more.get("volume", 500))  # fmt: skip


def stock(*batches, bars=(), actions=(), payouts=()):
    newest = {each.kind: each for each in batches}
    recent = {each.kind: [each] for each in batches}
    return Stock(history_of(BASE, bars, actions, payouts), newest, recent)


def book(given, now=None):
    return psx_book(BASE, given, now=now or at(FRIDAY, 19), calendar=CALENDAR)
