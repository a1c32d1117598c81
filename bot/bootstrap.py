"""World in, bot out: use-cases, handlers, dispatcher, web app, scheduler, put together once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.app import build_app
from bot.dispatcher import Dispatcher
from bot.router import Router
from bot.webhooks import Webhooks
from bot.world import World
from handlers.turn import Services
from scheduling.jobs import Jobs
from scheduling.runner import Runner
from services.admin import Admin
from services.alerts import Alerts
from services.briefing import Briefings
from services.broadcasts import Broadcasts
from services.domain.errors import MarketByteError
from services.domain.instruments import Directory
from services.domain.pictures import DayPicture
from services.files import Files
from services.intents import Intents
from services.intents.lexicon import learn_words
from services.market import Market
from services.opportunities import Opportunities
from services.outbox import Outbox
from services.portfolio import Portfolios
from services.users import Users
from services.wording.sentences import catalog
from services.xray import XRays

SWEEP_EVERY = 1.0  # seconds between looks into the outbox
RECOVER_EVERY = 30  # sweeps between looks for turns that another process left behind

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot, put together. ``serve`` parts are started by the command line, each in its own process if wanted."""

    world: World
    services: Services
    router: Router
    dispatcher: Dispatcher
    outbox: Outbox
    jobs: Jobs
    runner: Runner

    def web_app(self) -> web.Application:
        world = self.world

        async def market() -> None:
            await world.market.book()

        return build_app(
            webhooks=Webhooks(self.dispatcher, self.outbox, self.services.users),
            channels=world.webhooks,
            webchat=world.webchat,
            media=world.links,
            dispatcher=self.dispatcher,
            outbox=self.outbox,
            ready={"mongodb": world.ping, "market": market},
        )

    async def warm(self) -> None:
        """What the first users would wait for, made ready behind their backs: names, examples, history, screens, fonts."""
        await asyncio.to_thread(catalog)
        await asyncio.to_thread(learn_words)
        await self.router.understand("hello", "en")
        await self.services.market.past()
        await self.services.opportunities.screening()
        await self.services.briefings.survey()
        await self.world.charts.draw(DayPicture("", "", (), ""))

    async def work(self, *, channels: tuple[str, ...] = (), turns: bool) -> None:
        """Sweep the outbox for ever (of these channels, () = all); with ``turns`` also take up orphaned turns."""
        rounds = 0
        while True:
            try:
                await self.outbox.sweep(channels)
                if turns and rounds % RECOVER_EVERY == RECOVER_EVERY - 1:
                    await self.dispatcher.recover(all_of_them=False)
            except MarketByteError as error:
                log.warning("sweep_failed", error=type(error).__name__, reason=error.detail)
            rounds += 1
            await asyncio.sleep(SWEEP_EVERY)


def build_bot(world: World) -> Bot:
    """Wire everything; nothing is started and nothing is sent."""
    users = Users(world.users, world.operations, world.clock)
    outbox = Outbox(world.outbox, world.sender, world.clock, users.unreachable, users.wants_broadcasts)
    directory = _directory(world)
    briefings = Briefings(
        data=world.market,
        charts=world.charts,
        speech=world.speech,
        media=world.media,
        model=world.model,
        clock=world.clock,
    )
    alerts = Alerts(world.alerts, world.market, world.clock, world.users)
    broadcasts = Broadcasts(users, outbox, world.clock, _composition_failed)
    admin = Admin(users, outbox, world.operations, world.market, world.clock)
    services = Services(
        users=users,
        portfolios=Portfolios(world.users, world.market),
        market=Market(world.market, world.clock),
        directory=directory,
        xrays=XRays(world.market, world.charts, world.media),
        opportunities=Opportunities(world.market, world.charts, world.media),
        briefings=briefings,
        alerts=alerts,
        broadcasts=broadcasts,
        admin=admin,
        files=Files(world.media),
    )
    router = Router(Intents(world.model, directory, world.clock))
    dispatcher = Dispatcher(
        services=services,
        router=router,
        inbox=world.inbox,
        turns=world.turns,
        outbox=outbox,
        sender=world.sender,
        clock=world.clock,
        is_admin=world.is_admin,
    )
    jobs = Jobs(
        users=users,
        briefings=briefings,
        broadcasts=broadcasts,
        alerts=alerts,
        operations=world.operations,
        clock=world.clock,
        sweep_media=world.sweep_media,
    )
    admin.learn_jobs(jobs.on_request())
    return Bot(world, services, router, dispatcher, outbox, jobs, Runner(jobs, world.clock))


def _directory(world: World) -> Callable[[], Awaitable[Directory]]:
    """The names of the newest book; built once a book version, off the event loop."""
    kept: dict[str, Directory] = {}

    async def directory() -> Directory:
        book = await world.market.book()
        if book.version not in kept:
            kept.clear()
            kept[book.version] = await asyncio.to_thread(Directory, book)
        return kept[book.version]

    return directory


def _composition_failed(error: Exception) -> None:
    log.error("composition_failed", error=type(error).__name__)
