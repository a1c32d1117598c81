"""The whole bot behind its real doors on a loopback port, with the three providers' fakes on the other side."""

import io
import itertools
import json
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
import pytest
import structlog
from aiohttp import web
from pydantic import SecretStr

from bot.bootstrap import Bot, build_bot
from bot.config import Settings
from bot.world import World, open_world
from services.domain.conversation import Inbound
from services.domain.errors import Unavailable
from tests.fakes.databases import emptied
from tests.fakes.meta import FakeMeta
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import FakeTwilio

ROOMS = ("bot.", "handlers", "services.", "scheduling.")


class Shaky:
    """The real inbox, which can be taken away."""

    def __init__(self, inbox) -> None:
        self._inbox = inbox
        self.down = False

    async def accept(self, inbound: Inbound) -> bool:
        if self.down:
            raise Unavailable("the database does not answer")
        return await self._inbox.accept(inbound)

    def __getattr__(self, name: str):
        return getattr(self._inbox, name)


@dataclass
class House:
    """The running bot, its doors and its providers."""

    url: str
    bot: Bot
    world: World
    inbox: Shaky
    session: aiohttp.ClientSession
    telegram: FakeTelegram
    twilio: FakeTwilio
    meta: FakeMeta
    runner: web.AppRunner

    async def outbox(self, **where: object) -> list[dict]:
        """What lies in the outbox."""
        await self.bot.outbox.settled()
        return await self.world.outbox._outbox.find(where).sort("put", 1).to_list(None)


Open = Callable[..., AbstractAsyncContextManager[House]]


def keys_of(telegram: FakeTelegram, twilio: FakeTwilio, meta: FakeMeta) -> dict[str, object]:
    """The settings of all three providers, pointing to their fakes."""
    return {
        "telegram_token": SecretStr(telegram.token),
        "telegram_secret": SecretStr("tg-hook-secret"),
        "telegram_base": telegram.base,
        "twilio_sid": twilio.account,
        "twilio_token": SecretStr(twilio.token),
        "twilio_from": "whatsapp:+14155550100",
        "twilio_base": twilio.base,
        "meta_phone_id": meta.number,
        "meta_token": SecretStr(meta.token),
        "meta_app_secret": SecretStr(meta.secret),
        "meta_verify_token": SecretStr("verify-word"),
        "meta_base": meta.base,
    }


@pytest.fixture
def open_house(settings: Settings) -> Open:
    """Opens the bot with all providers configured; ``changes`` are settings that differ."""
    houses = itertools.count()

    @asynccontextmanager
    async def opened(**changes: object) -> AsyncIterator[House]:
        listening = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        database = emptied(settings.mongodb_uri, f"house{next(houses)}")
        async with FakeTelegram() as telegram, FakeTwilio(fetches=True) as twilio, FakeMeta() as meta:
            keys = keys_of(telegram, twilio, meta) | {"public_url": url} | changes
            async with open_world(settings.model_copy(update=keys), database=database) as world:
                inbox = Shaky(world.inbox)
                bot = build_bot(replace(world, inbox=inbox))
                runner = web.AppRunner(bot.web_app(), access_log=None, shutdown_timeout=10)
                await runner.setup()
                await web.SockSite(runner, listening).start()
                try:
                    async with aiohttp.ClientSession() as session:
                        yield House(url, bot, world, inbox, session, telegram, twilio, meta, runner)
                        await bot.dispatcher.drain(60)
                finally:
                    await runner.cleanup()

    return opened


@pytest.fixture
async def house(open_house: Open) -> AsyncIterator[House]:
    async with open_house() as opened:
        yield opened


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """All that is logged: what our code hands over (before any list drops it), and what libraries say."""
    lines = io.StringIO()
    logger = structlog.wrap_logger(
        structlog.PrintLogger(lines),
        processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer(default=str)],
    )
    for name, module in list(sys.modules.items()):
        if name.startswith(ROOMS) and hasattr(module, "log"):
            monkeypatch.setattr(module, "log", logger)

    def everything() -> str:
        return lines.getvalue() + json.dumps([r.getMessage() + str(r.exc_text or "") for r in caplog.records])

    return everything
