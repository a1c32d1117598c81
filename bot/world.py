"""Every port with its adapter, chosen by the settings; the only importer of adapters."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from bot.admins import admin_addresses, admin_check
from bot.channels.base import Channel, Webhook
from bot.channels.counted_files import CountedFiles
from bot.channels.fetching import Fetching
from bot.channels.switchboard import Switchboard
from bot.channels.terminal import Terminal
from bot.channels.webchat import WebChat
from bot.config import Settings
from bot.data_world import Data, lake_market, open_data
from bot.media import MediaLinks, link_secret, mp3_twin
from bot.providers import incoming_files, meta, telegram, twilio
from bot.ways import ways
from services.domain.amounts import mask
from services.domain.campaigns import Way
from services.domain.conversation import Address
from services.domain.conversation import Channel as ChannelName
from services.domain.errors import BadSetting, NotAvailable
from services.domain.market import MarketBook
from services.domain.profiles import Profile, profile
from services.llm.model import LangChainModel, OfflineModel
from services.media.charts import Matplotlib
from services.media.speech import OfflineSpeech
from services.outbox_store import Journal, OutboxStore
from services.ports import (
    AlertStore,
    CampaignStore,
    Charts,
    Clock,
    InboxStore,
    MarketData,
    MediaStore,
    Model,
    OperationsStore,
    Processes,
    Rates,
    Sender,
    Speech,
    TurnStore,
    UserStore,
)
from services.sources.clock import TickingClock
from services.sources.sample import SampleMarket
from services.stores.alerts import MongoAlerts
from services.stores.campaigns import MongoCampaigns
from services.stores.embedded import EmbeddedMongo
from services.stores.gaps import MongoGaps
from services.stores.inbox import MongoInbox
from services.stores.journal import FileJournal
from services.stores.known_files import MongoFiles
from services.stores.media import ObjectMedia
from services.stores.mongo import Mongo, connect
from services.stores.operations import MongoOperations
from services.stores.outbox import MongoOutbox
from services.stores.processes import MongoProcesses
from services.stores.pulse import MongoPulse
from services.stores.rates import PacedRates, open_rates
from services.stores.turns import MongoTurns
from services.stores.users import MongoUsers
from services.wording import say
from services.wording.spoken_names import spoken_names

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WIDE = 2000  # connections: more than all lanes may have under way: no reply waits for a broadcast's answers
PROVIDER_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5, sock_read=30)


@dataclass(frozen=True, slots=True)
class World:
    """The outside world as one object. With no key at all the same bot runs on the embedded parts."""

    profile: Profile
    clock: Clock
    market: MarketData
    data: Data
    fetch: Fetching
    users: UserStore
    inbox: InboxStore
    turns: TurnStore
    outbox: OutboxStore
    campaigns: CampaignStore
    processes: Processes
    journal: Journal
    rates: Rates
    within_day: Callable[[Address], Awaitable[bool]]
    alerts: AlertStore
    operations: OperationsStore
    media: MediaStore
    sweep_media: Callable[[timedelta], Awaitable[int]]
    charts: Charts
    speech: Speech
    model: Model
    sender: Sender
    ways: Mapping[ChannelName, Way]
    webhooks: Mapping[str, Webhook]
    webchat: WebChat
    terminal: Terminal
    links: MediaLinks
    ping: Callable[[], Awaitable[None]]
    is_admin: Callable[[Address], bool]
    admins: tuple[Address, ...]
    silent: Callable[[str, timedelta], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Tools:
    """What needs no database: enough for ``marketbyte xray``, ``screen``, ``brief`` and ``route``."""

    profile: Profile
    clock: Clock
    base: MarketData  # PSX's frozen day
    market: MarketData
    names: dict[str, str]  # how codes are spoken, for the voice: of the newest book
    charts: Charts
    speech: Speech
    model: Model
    media: ObjectMedia

    def learn(self, book: MarketBook) -> None:
        """The voice knows the names of a newer book."""
        self.names.update(spoken_names(book))


@asynccontextmanager
async def open_tools(settings: Settings) -> AsyncIterator[Tools]:
    """The embedded parts for one command; closed at its end."""
    clock = TickingClock(settings.now, profile(settings.market).zone)
    base = SampleMarket()
    market = lake_market(settings, base, clock)
    names = dict(await _spoken(market))
    speech = OfflineSpeech(settings.data_dir / "voice", names=lambda: names)
    try:
        yield Tools(
            profile=profile(settings.market),
            clock=clock,
            base=base,
            market=market,
            names=names,
            charts=Matplotlib(),
            speech=speech,
            model=_model(settings),
            media=ObjectMedia(settings.storage_url or _folder(settings, "media")),
        )
    finally:
        await speech.close()


@asynccontextmanager
async def open_world(settings: Settings, *, database: str = "", alone: bool = True) -> AsyncIterator[World]:
    """Open everything the bot needs and close it in the reverse order.

    ``database`` is the name inside the server, "" = the market's own; ``alone``: all parts run in this process, so that it
    keeps its rates without asking the others.

    Raises:
        Unavailable: If the database cannot be had; the detail says what to do.
    """
    async with AsyncExitStack() as stack:
        tools = await stack.enter_async_context(open_tools(settings))
        mongo = await _database(settings, stack, database)
        http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=WIDE), timeout=PROVIDER_TIMEOUT)
        session = await stack.enter_async_context(http)
        operations = MongoOperations(mongo, mask)
        data = await open_data(settings, mongo, operations, tools.base, tools.clock, stack)
        data.books.listen(tools.learn)
        processes = MongoProcesses(mongo, tools.clock)
        await stack.enter_async_context(processes.beating())
        journal = stack.enter_context(closing(_journal(settings, processes.instance)))
        sealed = say("en", "error.interrupted")
        turns = MongoTurns(mongo, sealed, processes.instance)
        stack.push_async_callback(turns.close)
        links = MediaLinks(tools.media, link_secret(settings.data_dir), settings.public_url)
        webchat = WebChat(
            now=tools.clock.now,
            media_url=links.url,
            enabled=settings.webchat,
            dev_admin=_in_development(settings),
        )
        stack.push_async_callback(webchat.close)
        rates = _rates(settings, mongo, alone=alone)
        stack.push_async_callback(rates.close)
        files = CountedFiles(MongoFiles(mongo, tools.clock))
        webhooks: dict[str, Webhook] = {
            "twilio": twilio(settings, session, tools.clock, links, mp3_twin(tools.media, tools.speech)),
            "meta": meta(settings, session, tools.clock, files),
            "telegram": telegram(settings, session, tools.clock, files, MongoGaps(mongo), rates),
        }
        terminal = Terminal(now=tools.clock.now, folder=settings.data_dir / "chat")
        channels: dict[str, Channel] = {**webhooks, "web": webchat, "terminal": terminal}
        yield World(
            profile=tools.profile,
            clock=tools.clock,
            market=data.books,
            data=data,
            fetch=incoming_files(settings, session),
            users=MongoUsers(mongo),
            inbox=MongoInbox(mongo, tools.clock, mask, processes),
            turns=turns,
            outbox=MongoOutbox(mongo, tools.clock, sealed, processes.instance),
            campaigns=MongoCampaigns(mongo, tools.clock),
            processes=processes,
            journal=journal,
            rates=rates,
            within_day=rates.within_day,
            alerts=MongoAlerts(mongo),
            operations=operations,
            media=tools.media,
            sweep_media=tools.media.sweep,
            charts=tools.charts,
            speech=tools.speech,
            model=tools.model,
            sender=Switchboard(channels, tools.media),
            ways=ways(
                {name: float(getattr(settings, f"{name}_rate")) for name in webhooks},
                {"twilio": settings.twilio_templates, "meta": settings.meta_templates},
                {"meta": settings.meta_daily},
            ),
            webhooks=webhooks,
            webchat=webchat,
            terminal=terminal,
            links=links,
            ping=mongo.ping,
            silent=MongoPulse(mongo).silent,
            is_admin=admin_check(settings.admins, development=_in_development(settings)),
            admins=admin_addresses(
                settings.admins, [name for name, door in webhooks.items() if door.configured]
            ),
        )


async def _spoken(market: MarketData) -> Mapping[str, str]:
    """Names as they are said; none while no market is known."""
    try:
        return spoken_names(await market.book())
    except (NotAvailable, BadSetting):
        return {}


def _of_market(settings: Settings, name: str, between: str) -> str:
    """A name of what people's things are kept under: PSX's is the plain one, so that two markets share nobody and nothing."""
    return name if settings.market == "psx" else f"{name}{between}{settings.market}"


async def _database(settings: Settings, stack: AsyncExitStack, database: str) -> Mongo:
    """An external MongoDB if one is named, else the embedded one under the data dir."""
    uri = settings.mongodb_uri
    if not uri:
        embedded = EmbeddedMongo(settings.data_dir)
        uri = await embedded.start()
        stack.push_async_callback(embedded.stop)
    name = database or _of_market(settings, "marketbyte", "_")
    mongo = await connect(uri, name, driver=settings.mongo_driver)
    stack.push_async_callback(mongo.close)
    return mongo


def _journal(settings: Settings, instance: str) -> FileJournal:
    return FileJournal(settings.data_dir / _of_market(settings, "sending", "-"), instance)


def _model(settings: Settings) -> Model:
    if settings.llm == "offline":
        return OfflineModel()
    return LangChainModel(settings.llm, market=profile(settings.market).name)


def _rates(settings: Settings, mongo: Mongo, *, alone: bool) -> PacedRates:
    bot, _, _ = settings.telegram_token.get_secret_value().partition(":")  # the bot's own number, no secret
    return open_rates(
        {
            "telegram": (bot, settings.telegram_rate),
            "twilio": (settings.twilio_from, settings.twilio_rate),
            "meta": (settings.meta_phone_id, settings.meta_rate),
        },
        mongo,
        redis_url=settings.redis_url,
        alone=alone,
        people={"meta": settings.meta_daily},
    )


def _in_development(settings: Settings) -> bool:
    """No provider is configured and we listen on the loopback only: the page may speak as an admin."""
    keyed = settings.telegram_token.get_secret_value() or settings.twilio_sid or settings.meta_phone_id
    return settings.host in LOOPBACK and not keyed and not settings.admins


def _folder(settings: Settings, name: str) -> str:
    return f"file://{(settings.data_dir / name).resolve()}"
