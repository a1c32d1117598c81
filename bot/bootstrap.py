"""World in, bot out: use-cases, handlers, dispatcher, web app, scheduler, put together once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiohttp import web

from bot.app import build_app
from bot.channels.codes import is_known
from bot.channels.late import judge
from bot.channels.telegram import Telegram
from bot.data_bootstrap import build_rooms, holiday_rows, last_trade
from bot.dispatcher import Dispatcher
from bot.menus import menus
from bot.metrics import COUNTS
from bot.notices import Notices
from bot.router import Router
from bot.watching import Watching
from bot.webhooks import Webhooks
from bot.world import World
from handlers.turn import Services
from scheduling.jobs import Jobs
from scheduling.runner import Runner
from services.admin import Admin
from services.alarms import KINDS as ALARMS
from services.alarms import Alarms
from services.alerts import Alerts
from services.briefing import Briefings
from services.broadcasts import Broadcasts
from services.campaigns import Campaigns
from services.composing import Composer
from services.domain.errors import MarketByteError
from services.domain.instruments import Directory
from services.domain.pictures import DayPicture
from services.dry_runs import DryRuns
from services.files import Files
from services.intents import Intents
from services.intents.lexicon import learn_words
from services.listings import Listings
from services.market import Market
from services.opportunities import Opportunities
from services.outbox import Outbox
from services.outbox.neighbours import Neighbours
from services.portfolio import Portfolios
from services.trading_days import TradingDays
from services.users import Users
from services.wording.sentences import catalog
from services.xray import XRays

RECOVER_EVERY = 10  # seconds between looks for turns that another process left behind

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot, put together. ``serve`` parts are started by the command line, each in its own process if wanted."""

    world: World
    services: Services
    router: Router
    dispatcher: Dispatcher
    outbox: Outbox
    alarms: Alarms
    watching: Watching
    jobs: Jobs
    runner: Runner

    def web_app(self) -> web.Application:
        world = self.world
        return build_app(
            webhooks=Webhooks(
                self.dispatcher,
                Notices(self.outbox, self.services.users, world.inbox),
                world.inbox,
                self.alarms.sound,
            ),
            channels=world.webhooks,
            webchat=world.webchat,
            media=world.links,
            dispatcher=self.dispatcher,
            outbox=self.outbox,
            health=self.watching.health,
            look=self.watching.look,
        )

    async def warm(self) -> None:
        """What the first users would wait for, made ready behind their backs: names, examples, history, screens, fonts."""
        await asyncio.to_thread(catalog)
        await asyncio.to_thread(learn_words)
        await self.router.understand("hello", "en")
        await self.services.market.past()
        if self.services.listings is not None:
            await self.services.listings.bring()
        await self.services.opportunities.screening()
        await self.services.briefings.survey()
        await self.world.charts.draw(DayPicture("", "", (), ""))

    async def introduce(self, public_url: str) -> None:
        """Tell Telegram our commands and our webhook, if it is configured; what fails is logged and keeps nobody waiting."""
        telegram = self.world.webhooks["telegram"]
        if not isinstance(telegram, Telegram) or not telegram.configured:
            return
        for failure in await (await telegram.setup()).introduce(
            menus(self.world.admins, self.world.profile), public_url
        ):
            log.warning("telegram_setup_failed", reason=failure)

    async def work(self, *, channels: tuple[str, ...], turns: bool) -> None:
        """Deliver what waits on these channels, for ever; with ``turns`` also take up orphaned turns."""
        recovering = asyncio.create_task(self._recover()) if turns else None
        try:
            await self.outbox.run(channels)
        finally:
            if recovering is not None:
                recovering.cancel()

    async def _recover(self) -> None:
        while True:
            await asyncio.sleep(RECOVER_EVERY)
            try:
                await self.dispatcher.recover(all_of_them=False)
            except MarketByteError as error:
                log.warning("recover_failed", error=type(error).__name__, reason=error.detail)


def build_bot(world: World) -> Bot:
    """Wire everything; nothing is started and nothing is sent."""
    users = Users(world.users, world.operations, world.clock)
    alarms = Alarms(
        admins=world.admins,
        put=world.outbox.put,
        users=world.users,
        clock=world.clock,
        tell=_alarmed,
        counts=COUNTS,
    )
    rooms = build_rooms(world, alarms.sound)
    COUNTS.know(alarms=ALARMS, codes=is_known, sources=rooms.ingestion.names)
    campaigns = Campaigns(world.campaigns, world.outbox, world.clock, alarms.sound, COUNTS)
    outbox = Outbox(
        world.outbox,
        world.sender,
        world.clock,
        rates=world.rates,
        neighbours=_neighbours(world, users, campaigns, alarms),
        counts=COUNTS,
        journal=world.journal,
    )
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
    templates = {channel: way.templates for channel, way in world.ways.items()}
    composer = Composer(
        users, world.outbox, world.campaigns, world.clock, _composition_failed, templates=templates
    )
    broadcasts = Broadcasts(
        users=users,
        outbox=world.outbox,
        campaigns=world.campaigns,
        composer=composer,
        clock=world.clock,
        failed=_composition_failed,
        processes=world.processes,
        counts=COUNTS,
    )
    days = TradingDays(
        world.operations,
        broadcasts,
        campaigns,
        world.clock,
        market=world.profile.market,
        rows=lambda: holiday_rows(world),
        last_trade=last_trade(world),
        alarm=alarms.sound,
    )
    admin = Admin(
        users, outbox, world.operations, world.market, world.clock,
        days=days, quarantine=rooms.quarantine, sources=rooms.ingestion,
    )  # fmt: skip
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
        campaigns=campaigns,
        dry_runs=DryRuns(users, world.inbox.heard, world.ways, world.clock),
        admin=admin,
        files=Files(world.media),
        uploads=rooms.uploads,
        listings=Listings(world.data.instruments, world.market, world.clock),
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
        down=world.processes.down,
    )
    jobs = Jobs(
        users=users,
        briefings=briefings,
        broadcasts=broadcasts,
        campaigns=campaigns,
        alerts=alerts,
        operations=world.operations,
        clock=world.clock,
        sweep_media=lambda age: _swept(world, age),
        ingestion=rooms.ingestion,
        days=days,
        profile=world.profile,
    )
    admin.learn_jobs(jobs.on_request())
    watching = Watching(world, dispatcher, alarms.sound)
    runner = Runner(jobs, world.clock, profile=world.profile)
    return Bot(world, services, router, dispatcher, outbox, alarms, watching, jobs, runner)


def _neighbours(world: World, users: Users, campaigns: Campaigns, alarms: Alarms) -> Neighbours:
    """What the outbox asks of the other rooms and tells them."""

    async def wanting(user_ids: Sequence[str]) -> set[str]:
        people = await users.among(user_ids)
        return {user_id for user_id, user in people.items() if user.stage == "active"}

    return Neighbours(
        gone=users.unreachable,
        stopped=users.opted_out,
        moved=users.moved,
        wanting=wanting,
        heard=world.inbox.heard,
        halted=world.campaigns.halted,
        halt=campaigns.stop,
        within_day=world.within_day,
        dead=world.processes.dead_owners,
        alarm=alarms.sound,
        judge=judge,
        instead=world.sender.instead,
        known=is_known,
    )


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


async def _swept(world: World, age: timedelta) -> int:
    """Old media, and files of the lake that no generation needs any more: how many."""
    return await world.sweep_media(age) + await world.data.sweep()


def _composition_failed(error: Exception) -> None:
    log.error("composition_failed", error=type(error).__name__)


def _alarmed(kind: str, detail: str) -> None:
    log.error("alarm", kind=kind, reason=detail)
