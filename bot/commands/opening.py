"""The first look at the market when the bot starts: it is known, or it is fetched behind the conversation."""

import asyncio
from collections.abc import Callable

import structlog

from bot.bootstrap import Bot
from services.domain.errors import MarketByteError, NotAvailable
from services.ingestion.report import in_words

AGAIN = (
    120.0  # seconds after a first fetch that brought no market, and between two looks for another process's
)

log = structlog.get_logger()


async def open_market(
    bot: Bot, *, fetch: bool, tell: Callable[[str], None] | None = None
) -> "asyncio.Task[None]":
    """Read the newest book. Where nothing is kept yet, the sources are asked in the background.

    Args:
        bot: The bot, put together.
        fetch: Whether this process may ask the sources; without it it waits for one that does.
        tell: Told if it is so, for whoever sits before the screen.

    Returns:
        A task that ends when the market is known.

    Raises:
        BadSetting: Nothing is kept, and no source is set up that could bring it.
        Unavailable: A store is away.
    """
    known = asyncio.Event()
    try:
        await bot.services.directory()
        known.set()
    except NotAvailable as error:
        log.warning("no_market_yet", reason=error.detail)
        if tell is not None:
            tell("There is no market data yet: it is being fetched for the first time.")
    return asyncio.create_task(_until_known(bot, known, fetch=fetch))


async def _until_known(bot: Bot, known: asyncio.Event, *, fetch: bool) -> None:
    while not known.is_set():
        try:
            if fetch and bot.jobs.ingestion is not None:
                report = await bot.jobs.ingestion.refresh()
                log.info("first_fetch", reason=in_words(report))
            await bot.services.directory()
            known.set()
        except MarketByteError as error:
            log.warning("no_market_yet", reason=error.detail)
            await asyncio.sleep(AGAIN)
