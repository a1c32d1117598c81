"""Every port with its adapter, chosen by the settings; the only importer of adapters."""

import json
import secrets as chance
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from bot.channels.base import Channel, Webhook
from bot.channels.meta import Meta
from bot.channels.switchboard import Switchboard
from bot.channels.telegram import Telegram
from bot.channels.terminal import Terminal
from bot.channels.twilio import Twilio
from bot.channels.webchat import WebChat
from bot.config import Settings
from bot.media import MediaLinks
from services.domain.amounts import mask
from services.domain.conversation import Address
from services.llm.model import LangChainModel, OfflineModel
from services.media.charts import Matplotlib
from services.media.speech import OfflineSpeech
from services.ports import (
    AlertStore,
    Charts,
    Clock,
    InboxStore,
    MarketData,
    MediaStore,
    Model,
    OperationsStore,
    OutboxStore,
    Sender,
    Speech,
    TurnStore,
    UserStore,
)
from services.sources.clock import TickingClock
from services.sources.sample import SampleMarket
from services.stores.alerts import MongoAlerts
from services.stores.embedded import EmbeddedMongo
from services.stores.inbox import MongoInbox
from services.stores.media import ObjectMedia
from services.stores.mongo import Mongo, connect
from services.stores.operations import MongoOperations
from services.stores.outbox import MongoOutbox
from services.stores.turns import MongoTurns
from services.stores.users import MongoUsers
from services.wording import say
from services.wording.spoken_names import spoken_names

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PROVIDER_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5, sock_read=30)
DEV_ADMIN = "admin-"
TWILIO_STATUS = "/webhooks/twilio/status"


@dataclass(frozen=True, slots=True)
class World:
    """The outside world as one object. With no key at all the same bot runs on the embedded parts."""

    clock: Clock
    market: MarketData
    users: UserStore
    inbox: InboxStore
    turns: TurnStore
    outbox: OutboxStore
    alerts: AlertStore
    operations: OperationsStore
    media: MediaStore
    sweep_media: Callable[[timedelta], Awaitable[int]]
    charts: Charts
    speech: Speech
    model: Model
    sender: Sender
    webhooks: Mapping[str, Webhook]
    webchat: WebChat
    terminal: Terminal
    links: MediaLinks
    ping: Callable[[], Awaitable[None]]
    is_admin: Callable[[Address], bool]


@dataclass(frozen=True, slots=True)
class Tools:
    """What needs no database: enough for ``marketbyte xray``, ``screen``, ``brief`` and ``route``."""

    clock: Clock
    market: MarketData
    charts: Charts
    speech: Speech
    model: Model
    media: ObjectMedia


@asynccontextmanager
async def open_tools(settings: Settings) -> AsyncIterator[Tools]:
    """The embedded parts for one command; closed at its end."""
    market = SampleMarket()
    names = spoken_names(await market.book())
    speech = OfflineSpeech(settings.data_dir / "voice", names=lambda: names)
    try:
        yield Tools(
            clock=TickingClock(settings.now),
            market=market,
            charts=Matplotlib(),
            speech=speech,
            model=_model(settings),
            media=ObjectMedia(settings.storage_url or _folder(settings, "media")),
        )
    finally:
        await speech.close()


@asynccontextmanager
async def open_world(settings: Settings, *, database: str = "marketbyte") -> AsyncIterator[World]:
    """Open everything the bot needs and close it in the reverse order; ``database`` is the name inside the server.

    Raises:
        Unavailable: If the database cannot be had; the detail says what to do.
    """
    async with AsyncExitStack() as stack:
        tools = await stack.enter_async_context(open_tools(settings))
        mongo = await _database(settings, stack, database)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=PROVIDER_TIMEOUT))
        sealed = say("en", "error.interrupted")
        links = MediaLinks(tools.media, _link_secret(settings), settings.public_url)
        webchat = WebChat(
            now=tools.clock.now,
            media_url=links.url,
            enabled=settings.webchat,
            dev_admin=_in_development(settings),
        )
        stack.push_async_callback(webchat.close)
        meta = _meta(settings, session, tools.clock)
        webhooks: dict[str, Webhook] = {
            "twilio": _twilio(settings, session, tools.clock, links),
            "meta": meta,
            "telegram": _telegram(settings, session, tools.clock),
        }
        terminal = Terminal(now=tools.clock.now, folder=settings.data_dir / "chat")
        channels: dict[str, Channel] = {**webhooks, "web": webchat, "terminal": terminal}
        yield World(
            clock=tools.clock,
            market=tools.market,
            users=MongoUsers(mongo),
            inbox=MongoInbox(mongo, tools.clock, mask),
            turns=MongoTurns(mongo, sealed),
            outbox=MongoOutbox(mongo, tools.clock, sealed),
            alerts=MongoAlerts(mongo),
            operations=MongoOperations(mongo, mask),
            media=tools.media,
            sweep_media=tools.media.sweep,
            charts=tools.charts,
            speech=tools.speech,
            model=tools.model,
            sender=Switchboard(channels, tools.media),
            webhooks=webhooks,
            webchat=webchat,
            terminal=terminal,
            links=links,
            ping=mongo.ping,
            is_admin=_admin_check(settings, meta.phone),
        )


async def _database(settings: Settings, stack: AsyncExitStack, database: str) -> Mongo:
    """An external MongoDB if one is named, else the embedded one under the data dir."""
    uri = settings.mongodb_uri
    if not uri:
        embedded = EmbeddedMongo(settings.data_dir)
        uri = await embedded.start()
        stack.push_async_callback(embedded.stop)
    mongo = await connect(uri, database, driver=settings.mongo_driver)
    stack.push_async_callback(mongo.close)
    return mongo


def _model(settings: Settings) -> Model:
    return OfflineModel() if settings.llm == "offline" else LangChainModel(settings.llm)


def _twilio(settings: Settings, session: aiohttp.ClientSession, clock: Clock, links: MediaLinks) -> Twilio:
    public = settings.public_url
    return Twilio(
        session,
        now=clock.now,
        account_sid=settings.twilio_sid,
        auth_token=settings.twilio_token.get_secret_value(),
        sender=settings.twilio_from,
        public_url=public,
        media_url=links.url,
        status_url=f"{public}{TWILIO_STATUS}" if public else "",
        base=settings.twilio_base,
        templates=json.loads(settings.twilio_templates or "{}"),
    )


def _meta(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> Meta:
    return Meta(
        session,
        now=clock.now,
        phone_number_id=settings.meta_phone_id,
        access_token=settings.meta_token.get_secret_value(),
        app_secret=settings.meta_app_secret.get_secret_value(),
        verify_token=settings.meta_verify_token.get_secret_value(),
        base=settings.meta_base,
        templates=json.loads(settings.meta_templates or "{}"),
    )


def _telegram(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> Telegram:
    return Telegram(
        session,
        now=clock.now,
        token=settings.telegram_token.get_secret_value(),
        secret=settings.telegram_secret.get_secret_value(),
        base=settings.telegram_base,
    )


def _in_development(settings: Settings) -> bool:
    """No provider is configured and we listen on the loopback only: the page may speak as an admin."""
    keyed = settings.telegram_token.get_secret_value() or settings.twilio_sid or settings.meta_phone_id
    return settings.host in LOOPBACK and not keyed and not settings.admins


def _admin_check(settings: Settings, phone: Callable[[str], str]) -> Callable[[Address], bool]:
    """Rights go by the address a provider verified, never by a name or a menu.

    ``phone`` tells the verified number behind a key of Meta, which may be a user id.
    """
    named = frozenset(_admin_name(name) for name in settings.admins)
    development = _in_development(settings)

    def is_admin(address: Address) -> bool:
        if address.channel == "telegram":
            return f"telegram:{address.key}" in named
        if address.channel == "meta":
            return f"whatsapp:{phone(address.key)}" in named
        if address.channel == "twilio":
            return address.key in named
        if address.channel == "terminal":
            return address.key == DEV_ADMIN + "terminal"
        return (development and address.key.startswith(DEV_ADMIN)) or f"web:{address.key}" in named

    return is_admin


def _admin_name(name: str) -> str:
    """A number however it was typed ("whatsapp:92 300 1234567") in the one form that providers verify."""
    channel, _, key = name.partition(":")
    number = "".join(character for character in key if character not in " -+")
    return f"whatsapp:+{number}" if channel == "whatsapp" and number.isdecimal() else name


def _link_secret(settings: Settings) -> str:
    """The key that signs media links: made once a data dir, readable by the owner alone."""
    path = settings.data_dir / "links.key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Exclusive creation: two processes that start together must end up with one key.
        try:
            with path.open("x", encoding="ascii") as file:
                path.chmod(0o600)
                file.write(chance.token_urlsafe(32))
        except FileExistsError:
            pass
    return path.read_text(encoding="ascii")


def _folder(settings: Settings, name: str) -> str:
    return f"file://{(settings.data_dir / name).resolve()}"
