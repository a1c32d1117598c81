"""``serve``, ``web``, ``worker`` and ``scheduler``: the long-running parts, together or each in its process."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Set as AbstractSet
from contextlib import AsyncExitStack

import structlog
from aiohttp import web

from bot.bootstrap import Bot, build_bot
from bot.commands.opening import open_market
from bot.config import Settings
from bot.world import open_world
from services.domain.errors import BadSetting

DRAIN_SECONDS = 10
ALL_PARTS = frozenset({"web", "worker", "scheduler"})
PROVIDERS = ("telegram", "twilio", "meta")

log = structlog.get_logger()


async def serve(settings: Settings, parts: AbstractSet[str]) -> int:
    """Run the parts until SIGINT or SIGTERM, then let the turns under way end."""
    # A database call of motor runs on a thread. With Python's 5 ms between switches, a busy loop makes each wait for
    # several of those (measured: end to end 130 ms instead of 79 ms at the median); the switches themselves cost nothing.
    sys.setswitchinterval(0.0005)
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    listening = _listen(settings) if "web" in parts else None
    if listening is not None and not settings.public_url:
        settings = settings.model_copy(update={"public_url": _address(settings, listening)})
    async with AsyncExitStack() as stack:
        bot = build_bot(await stack.enter_async_context(open_world(settings, alone=parts >= ALL_PARTS)))
        await _start(bot, settings, parts, listening, stack)
        log.info("ready", part="+".join(sorted(parts)))
        await stopping.wait()
        log.info("stopping")
    return 0


async def _start(
    bot: Bot,
    settings: Settings,
    parts: AbstractSet[str],
    listening: socket.socket | None,
    stack: AsyncExitStack,
) -> None:
    """Start the parts; the stack stops them in the reverse order."""
    first = await open_market(bot, fetch="scheduler" in parts)
    stack.callback(first.cancel)
    stack.push_async_callback(bot.services.broadcasts.close)
    await bot.outbox.take_over()
    _start_working(bot, parts, stack)
    if listening is not None:
        await bot.world.processes.listen()
        await bot.dispatcher.recover(
            all_of_them=True
        )  # before the door opens: what came first is answered first
        await _open_door(bot, listening, stack)
        stack.push_async_callback(bot.dispatcher.drain, DRAIN_SECONDS)
        _announce(settings)
        stack.callback(asyncio.create_task(_warm(bot, first)).cancel)
        stack.callback(asyncio.create_task(bot.watching.watch()).cancel)
        stack.callback(asyncio.create_task(bot.introduce(settings.public_url)).cancel)
    if "scheduler" in parts:
        bot.runner.start()
        stack.push_async_callback(bot.runner.stop)


async def _warm(bot: Bot, known: asyncio.Task[None]) -> None:
    """Make ready what the first would wait for; what is there then stays, so the collector need not look at it again.

    Its full rounds take 0.1 s with all that a market is known by, in which no message leaves and none is heard.
    """
    await known
    await bot.warm()
    gc.collect()
    gc.freeze()


def _start_working(bot: Bot, parts: AbstractSet[str], stack: AsyncExitStack) -> None:
    """The web part keeps what only it can deliver (its pages' sockets); the worker takes the rest.

    A terminal's messages are left to the terminal.
    """
    channels = (*(("web",) if "web" in parts else ()), *(PROVIDERS if "worker" in parts else ()))
    if not channels:
        return
    task = asyncio.create_task(bot.work(channels=channels, turns="web" in parts))
    stack.callback(task.cancel)
    stack.push_async_callback(bot.outbox.stop, DRAIN_SECONDS)


async def _open_door(bot: Bot, listening: socket.socket, stack: AsyncExitStack) -> None:
    runner = web.AppRunner(bot.web_app(), access_log=None, shutdown_timeout=DRAIN_SECONDS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listening).start()


def _listen(settings: Settings) -> socket.socket:
    """Take the port first: a port in use is said before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(1024)
    except OSError as error:
        listening.close()
        raise BadSetting(
            f"PORT={settings.port} on {settings.host} cannot be used ({error.strerror}); try another, or PORT=0 for a free one"
        ) from None
    return listening


def _address(settings: Settings, listening: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listening.getsockname()[1]}"


def _announce(settings: Settings) -> None:
    if settings.webchat:
        print(
            f"MarketByte is ready: open {settings.public_url}/ and say Hi", flush=True
        )  # the one line a newcomer waits for
    else:
        print(
            f"MarketByte is ready: webhooks at {settings.public_url}/webhooks/…", file=sys.stdout, flush=True
        )
