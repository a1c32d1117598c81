"""The market data's adapters, chosen by the settings: where raw pages, rows and books lie, and which sources may be asked."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr

from bot.config import Settings
from bot.metrics import COUNTS
from bot.source_settings import FREE
from services.books import Bindery, Books
from services.books.psx import PsxBindery
from services.domain.dated_days import dated
from services.domain.errors import BadSetting, MarketByteError, NoMarketYet
from services.domain.rows import HolidayRow
from services.domain.sourcing import SourceSpec
from services.domain.trading_calendar import TradingCalendar
from services.market_store import (
    DailyData,
    Days,
    Fetcher,
    ImportLedger,
    Instruments,
    Lake,
    RawArchive,
    Rebuild,
    Standings,
    Takings,
)
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
from services.stores.instruments import MongoInstruments
from services.stores.lake import ParquetLake
from services.stores.lake_days import LakeDays
from services.stores.listed_days import ListedDays
from services.stores.mongo import Mongo
from services.stores.objects import open_store
from services.stores.raw import ObjectRaw
from services.stores.standings import MongoStandings
from services.stores.takings import ObjectTakings

UNLICENSED = "set MARKETBYTE_PSX_LICENSED=1 once PSX has licensed you (marketdatarequest@psx.com.pk)"
PSX_ONLY = ("psx", "easydata", "newsapi", "finlight")
"""Sources beside those without a key that tell of Pakistan: the two news services are asked about it."""
NO_KEY = (
    "FMP_API_KEY is not set and nothing is kept of the us market: get a key at financialmodelingprep.com (dashboard, API keys) "
    "and set FMP_API_KEY, or bring your own prices with marketbyte import prices FILE"
)
NOT_FETCHED = "nothing is kept of the us market yet: marketbyte refresh"
READ_TABLES = read_tables


@dataclass(frozen=True, slots=True)
class Data:
    """Everything of the market data that touches the outside.

    ``off`` are sources that may not be asked, with the reason; ``watched`` symbols that are fetched whoever holds them.
    """

    books: Books
    archive: RawArchive
    lake: Lake
    daily: DailyData
    ledger: ImportLedger
    standings: Standings
    fetcher: Fetcher
    changed: Callable[[], Awaitable[None]]
    sweep: Callable[[], Awaitable[int]]
    instruments: Instruments
    takings: Takings
    rebuild: Rebuild
    sources: tuple[SourceSpec, ...] = ()
    off: Mapping[str, str] = field(default_factory=dict)
    watched: tuple[str, ...] = ()


def lake_market(settings: Settings, base: MarketData, clock: Clock) -> MarketData:
    """The market from the lake alone (PSX's over the frozen day): for commands that open no database."""
    lake = _lake(settings)
    days = LakeDays(lake, lambda: clock.now().date())

    async def calendar() -> TradingCalendar:
        return dated(await _holidays(lake), market=settings.market).calendar

    return Books(_bindery(settings, base, days, days, lake), clock, calendar)


async def open_data(
    settings: Settings,
    mongo: Mongo,
    operations: OperationsStore,
    base: MarketData,
    clock: Clock,
    stack: AsyncExitStack,
) -> Data:
    """Open the stores and describe the sources; nothing is asked. ``base`` is PSX's frozen day."""
    lake, daily, instruments = _lake(settings), MongoDaily(mongo), MongoInstruments(mongo)
    # In a thread: it imports a library, and that would hold the loop three times longer than it may be held.
    cached = await asyncio.to_thread(CachedDays, daily, settings.market, settings.redis_url)
    stack.push_async_callback(cached.close)
    # Kept apart from the providers' session: no cookie of a source is kept, and none of its waits holds up a message.
    session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))

    async def calendar() -> TradingCalendar:
        rows = await _holidays(lake)
        closed, reopened = await operations.holidays(), await operations.reopened()
        return dated(rows, market=settings.market, closed=closed, reopened=reopened).calendar

    old = LakeDays(lake, lambda: clock.now().date())
    books = Books(_bindery(settings, base, cached, old, lake), clock, calendar)
    stack.push_async_callback(books.close)

    async def changed() -> None:
        await cached.changed()
        books.changed()

    sources, off = _sources(settings)
    return Data(
        books=books,
        archive=ObjectRaw(open_store(_place(settings))),
        lake=lake,
        daily=ListedDays(daily, instruments),
        ledger=MongoImports(mongo),
        standings=MongoStandings(mongo),
        fetcher=HttpFetcher(session, clock, counts=COUNTS),
        changed=changed,
        sweep=lake.sweep,
        instruments=instruments,
        takings=ObjectTakings(open_store(_place(settings))),
        rebuild=lake.rebuild,
        sources=sources,
        off=off,
        watched=settings.us_symbols if settings.market == "us" else (),
    )


async def _holidays(lake: Lake) -> list[HolidayRow]:
    return [row for row in await lake.rows("holidays") if isinstance(row, HolidayRow)]


def _bindery(settings: Settings, base: MarketData, daily: Days, old: Days, lake: Lake) -> Bindery:
    """The market's own part of the books."""
    if settings.market == "psx":
        return PsxBindery(base, daily, old, lake)
    from services.books.us import UsBindery

    nothing: MarketByteError = NoMarketYet(NOT_FETCHED) if _first(settings.fmp_key) else BadSetting(NO_KEY)
    return UsBindery(daily, old, lake, nothing)


def _place(settings: Settings) -> str:
    """Where raw pages and the lake lie. PSX's is the place itself; every other market has one of its own in it or beside it."""
    if settings.market == "psx":
        return settings.storage_url or _folder(settings, "market")
    own = f"market-{settings.market}"
    return f"{settings.storage_url}/{own}" if settings.storage_url else _folder(settings, own)


def _folder(settings: Settings, name: str) -> str:
    return f"file://{(settings.data_dir / name).resolve()}"


def _lake(settings: Settings) -> ParquetLake:
    return ParquetLake(open_store(_place(settings)))


def _sources(settings: Settings) -> tuple[tuple[SourceSpec, ...], dict[str, str]]:
    """The sources that the settings allow, and why the others are off."""
    return _psx_sources(settings) if settings.market == "psx" else _us_sources(settings)


def _us_sources(settings: Settings) -> tuple[tuple[SourceSpec, ...], dict[str, str]]:
    """FMP, and the feeds that the operator names; everybody else tells of Pakistan."""
    from services.sources.fmp import fmp

    found: list[SourceSpec] = []
    off = dict.fromkeys((*PSX_ONLY, *(name for name in FREE if name != "news")), "serves psx")
    key = _first(settings.fmp_key)
    if key:
        found.append(fmp(key, settings.fmp_base, plan_name=settings.fmp_plan))
    else:
        off["fmp"] = "set FMP_API_KEY: financialmodelingprep.com, dashboard, API keys"
    if "news" in settings.sources and settings.news_feeds:
        feeds = rss(_own_feeds(settings), base=settings.news_base)
        found += [replace(each, market=settings.market) for each in feeds]
    else:
        off["news"] = "add news to MARKETBYTE_SOURCES and name feeds in MARKETBYTE_NEWS_FEEDS"
    return tuple(found), off


def _psx_sources(settings: Settings) -> tuple[tuple[SourceSpec, ...], dict[str, str]]:
    found: list[SourceSpec] = []
    off = {"fmp": "serves us"}
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
    return (*FEEDS, *_own_feeds(settings))


def _own_feeds(settings: Settings) -> tuple[Feed, ...]:
    return tuple(Feed(urlsplit(url).hostname or url, url) for url in settings.news_feeds)


def _first(secret: SecretStr) -> str:
    """Of two values while a key is rotated, the new one."""
    return secret.get_secret_value().partition(",")[0].strip()
