"""The market data's use-cases over a world: imports, ingestion, quarantine, the days that are traded."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.config import Settings
from bot.data_world import READ_TABLES
from bot.metrics import COUNTS
from bot.world import World, open_world
from services.domain.errors import BadSetting, NotAvailable
from services.domain.profiles import Market
from services.domain.records import Kind
from services.domain.rows import HolidayRow
from services.domain.silence import LastTrade
from services.domain.sourcing import SourceSpec
from services.imports import Imports
from services.ingestion import Ingestion
from services.quarantine import Quarantine
from services.rebuilding import Rebuilding
from services.uploads import Uploads

TRADES: Mapping[Market, str] = {"psx": "psx.indices", "us": "fmp.indices"}
"""The page of each market that bears the day of the newest trade; PSX's market watch bears none."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MarketRooms:
    """What the bot does with market data beside reading the book."""

    imports: Imports
    uploads: Uploads
    ingestion: Ingestion
    quarantine: Quarantine


def build_rooms(world: World, alarm: Callable[[str, str], Awaitable[None]] | None = None) -> MarketRooms:
    """Wire them; nothing is fetched."""
    data = world.data

    async def changed(_kinds: frozenset[Kind] = frozenset()) -> None:
        await data.changed()

    async def wanted(source: SourceSpec) -> Sequence[str]:
        return await _wanted(world, source)

    imports = Imports(
        raw=data.archive,
        lake=data.lake,
        daily=data.daily,
        ledger=data.ledger,
        market=world.market,
        tables=READ_TABLES,
        clock=world.clock,
        changed=data.changed,
        profile=world.profile,
    )
    ingestion = Ingestion(
        data.sources,
        data.fetcher,
        data.archive,
        data.lake,
        data.daily,
        world.clock,
        COUNTS,
        alarm,
        wanted=wanted,
        standings=data.standings,
        off=data.off,
        changed=changed,
        failed=_failed,
        takings=data.takings,
    )
    return MarketRooms(
        imports,
        Uploads(imports, world.fetch, world.media),
        ingestion,
        Quarantine(
            data.lake,
            data.daily,
            world.clock,
            changed=data.changed,
            market=world.profile.market,
            archive=data.archive,
        ),
    )


async def _wanted(world: World, source: SourceSpec) -> Sequence[str]:
    """Symbols for pages about one of them. Where a plan takes only so many, what people hold goes first."""
    try:
        book = await world.market.book()
        known = sorted(book.quotes or book.shares)
    except (NotAvailable, BadSetting):  # the first visit
        known = []
    if source.market == "psx":
        return known
    return list(dict.fromkeys((*await world.users.held(), *world.data.watched, *known)))


async def holiday_rows(world: World) -> Sequence[HolidayRow]:
    """Days that were imported."""
    return [row for row in await world.data.lake.rows("holidays") if isinstance(row, HolidayRow)]


def last_trade(world: World) -> Callable[[], Awaitable[LastTrade | None]]:
    """What live sources show of today; None where none is set up or none has answered."""

    async def look() -> LastTrade | None:
        standings = await world.data.standings.all()
        found = [
            LastTrade(seen.newest, standing.succeeded)
            for source in world.data.sources
            if (standing := standings.get(source.name)) is not None and standing.succeeded is not None
            for page, seen in standing.pages.items()
            if page.partition("&")[0] == TRADES[world.profile.market] and seen.newest is not None
        ]
        return max(found, key=lambda trade: trade.fetched, default=None)

    return look


@asynccontextmanager
async def open_imports(settings: Settings) -> AsyncIterator[Imports]:
    """For one command."""
    async with open_world(settings) as world:
        yield build_rooms(world).imports


@asynccontextmanager
async def open_ingestion(settings: Settings) -> AsyncIterator[Ingestion]:
    """For one command."""
    async with open_world(settings) as world:
        yield build_rooms(world).ingestion


@asynccontextmanager
async def open_rebuilding(settings: Settings) -> AsyncIterator[Rebuilding]:
    """For one command. Pages of sources that are off by now cannot be read again: it says so and leaves the lake."""
    async with open_world(settings) as world:
        data = world.data
        yield Rebuilding(
            archive=data.archive,
            takings=data.takings,
            sources=data.sources,
            imports=build_rooms(world).imports.reread,
            rebuild=data.rebuild,
            changed=data.changed,
        )


def _failed(error: Exception) -> None:
    log.error("ingestion_failed", error=type(error).__name__)
