"""The market data's adapters, chosen by the settings: where raw pages, rows and books lie, and which sources may be asked."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr

from bot.config import Settings
from bot.metrics import COUNTS
from bot.source_settings import FREE
from services.books import Books
from services.domain.dated_days import dated
from services.domain.rows import HolidayRow
from services.domain.sourcing import SourceSpec
from services.domain.trading_calendar import TradingCalendar
from services.market_store import DailyData, Fetcher, ImportLedger, Lake, RawArchive, Standings
from services.ports import Clock, MarketData, OperationsStore
from services.sources.fetching import HttpFetcher
from services.sources.files.reading import read_tables
from services.sources.mufap import mufap
from services.sources.news import FEEDS, Feed, finlight, mettis, newsapi_ai, rss
from services.sources.pbs import pbs
from services.sources.psx.source import psx
from services.sources.sbp import easydata, sbp
from services.stores.daily import MongoDaily
from services.stores.day_cache import CachedDays
from services.stores.imports import MongoImports
from services.stores.lake import ParquetLake
from services.stores.lake_days import LakeDays
from services.stores.mongo import Mongo
from services.stores.objects import open_store
from services.stores.raw import ObjectRaw
from services.stores.standings import MongoStandings

UNLICENSED = "set MARKETBYTE_PSX_LICENSED=1 once PSX has licensed you (marketdatarequest@psx.com.pk)"
READ_TABLES = read_tables


@dataclass(frozen=True, slots=True)
class Data:
    """Everything of the market data that touches the outside. ``off`` are sources that may not be asked, with the reason."""

    books: Books
    archive: RawArchive
    lake: Lake
    daily: DailyData
    ledger: ImportLedger
    standings: Standings
    fetcher: Fetcher
    changed: Callable[[], Awaitable[None]]
    sweep: Callable[[], Awaitable[int]]
    sources: tuple[SourceSpec, ...] = ()
    off: Mapping[str, str] = field(default_factory=dict)


def lake_market(settings: Settings, base: MarketData, clock: Clock) -> MarketData:
    """The market from the lake alone, over the frozen day: for commands that open no database."""
    lake = _lake(settings)
    days = LakeDays(lake, lambda: clock.now().date())

    async def calendar() -> TradingCalendar:
        return dated(await _holidays(lake)).calendar

    return Books(base, days, days, lake, clock, calendar)


async def open_data(
    settings: Settings,
    mongo: Mongo,
    operations: OperationsStore,
    base: MarketData,
    clock: Clock,
    stack: AsyncExitStack,
) -> Data:
    """Open the stores and describe the sources; nothing is asked. ``base`` is the frozen day."""
    lake, daily = _lake(settings), MongoDaily(mongo)
    # In a thread: it imports a library, and that would hold the loop three times longer than it may be held.
    cached = await asyncio.to_thread(CachedDays, daily, settings.market, settings.redis_url)
    stack.push_async_callback(cached.close)
    # Kept apart from the providers' session: no cookie of a source is kept, and none of its waits holds up a message.
    session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))

    async def calendar() -> TradingCalendar:
        rows = await _holidays(lake)
        closed, reopened = await operations.holidays(), await operations.reopened()
        return dated(rows, closed=closed, reopened=reopened).calendar

    old = LakeDays(lake, lambda: clock.now().date())
    books = Books(base, cached, old, lake, clock, calendar)
    stack.push_async_callback(books.close)

    async def changed() -> None:
        await cached.changed()
        books.changed()

    sources, off = _sources(settings)
    return Data(
        books=books,
        archive=ObjectRaw(open_store(_place(settings))),
        lake=lake,
        daily=daily,
        ledger=MongoImports(mongo),
        standings=MongoStandings(mongo),
        fetcher=HttpFetcher(session, clock, counts=COUNTS),
        changed=changed,
        sweep=lake.sweep,
        sources=sources,
        off=off,
    )


async def _holidays(lake: Lake) -> list[HolidayRow]:
    return [row for row in await lake.rows("holidays") if isinstance(row, HolidayRow)]


def _place(settings: Settings) -> str:
    return settings.storage_url or f"file://{(settings.data_dir / 'market').resolve()}"


def _lake(settings: Settings) -> ParquetLake:
    return ParquetLake(open_store(_place(settings)))


def _sources(settings: Settings) -> tuple[tuple[SourceSpec, ...], dict[str, str]]:
    """The sources that the settings allow, and why the others are off."""
    found: list[SourceSpec] = []
    off: dict[str, str] = {}
    if settings.psx_licensed:
        found.append(psx(settings.psx_base))
    else:
        off["psx"] = UNLICENSED
    free: dict[str, Callable[[], tuple[SourceSpec, ...]]] = {
        "sbp": lambda: (sbp(settings.sbp_base),),
        "mufap": lambda: (mufap(settings.mufap_base),),
        "pbs": lambda: (pbs(settings.pbs_base),),
        "news": lambda: rss(_feeds(settings), base=settings.news_base),
        "mettis": lambda: (mettis(base=settings.mettis_base),),
    }
    for name in FREE:
        if name in settings.sources:
            found += free[name]()
        else:
            off[name] = f"add {name} to MARKETBYTE_SOURCES"
    keyed: dict[str, tuple[str, str, Callable[[str], SourceSpec]]] = {
        "easydata": ("SBP_EASYDATA_KEY", _first(settings.easydata_key), lambda key: easydata(key, settings.easydata_base)),
        "newsapi": ("NEWSAPI_AI_KEY", _first(settings.newsapi_key), lambda key: newsapi_ai(key, base=settings.newsapi_base)),
        "finlight": ("FINLIGHT_API_KEY", _first(settings.finlight_key), lambda key: finlight(key, base=settings.finlight_base)),
    }  # fmt: skip
    for name, (setting, key, made) in keyed.items():
        if key:
            found.append(made(key))
        else:
            off[name] = f"set {setting}"
    return tuple(found), off


def _feeds(settings: Settings) -> tuple[Feed, ...]:
    return (*FEEDS, *(Feed(urlsplit(url).hostname or url, url) for url in settings.news_feeds))


def _first(secret: SecretStr) -> str:
    """Of two values while a key is rotated, the new one."""
    return secret.get_secret_value().partition(",")[0].strip()
