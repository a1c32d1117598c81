"""The American market end to end: fetched from FMP's fake, talked about in dollars, and apart from PSX in everything kept."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.bootstrap import build_bot
from bot.commands.opening import open_market
from bot.config import Settings
from bot.data_bootstrap import last_trade
from bot.data_world import lake_market
from bot.world import World, open_world
from services.domain.errors import BadInput, BadSetting, NoMarketYet
from services.domain.new_york import NEW_YORK
from services.imports import Brought
from services.sources.clock import TickingClock
from services.sources.sample import SampleMarket
from tests.fakes.databases import emptied
from tests.fakes.fmp import SHARES, FakeFmp
from tests.fakes.sender import Recorder
from tests.fakes.talk import RecordedBot, SentFiles

EVENING = datetime(2026, 11, 20, 17, 15, tzinfo=NEW_YORK)  # a Friday
PAKISTAN = re.compile(r"\bRs\b|KSE|\bPSX\b|Karachi|Pakistan|\bPKR\b|crore|lakh|KMI|SECP|MEBL", re.IGNORECASE)
OPENED = Callable[..., AbstractAsyncContextManager[RecordedBot]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeFmp]:
    async with FakeFmp() as opened:
        yield opened


@pytest.fixture
def american(settings: Settings, fake: FakeFmp) -> Settings:
    """The settings of a bot for the American market."""
    return settings.model_copy(
        update={
            "market": "us", "now": EVENING, "fmp_key": SecretStr(f"{fake.key},an-older-one"), "fmp_base": fake.base,
            "fmp_plan": "ultimate", "us_symbols": tuple(SHARES),
        }
    )  # fmt: skip


@pytest.fixture
def opened(american: Settings) -> OPENED:
    """Opens the bot on an empty database; ``changes`` are settings that differ."""

    @asynccontextmanager
    async def one(**changes: object) -> AsyncIterator[RecordedBot]:
        recorder, name = Recorder(), emptied(american.mongodb_uri, "us")
        async with open_world(american.model_copy(update=changes), database=name) as world:
            bot = build_bot(replace(world, sender=recorder, fetch=SentFiles()))
            yield RecordedBot(bot, recorder)
            await bot.outbox.settled()

    return one


async def known(bot: RecordedBot) -> World:
    """The market is fetched, as at the first start."""
    await (await open_market(bot.bot, fetch=True))
    return bot.bot.world


def in_dollars(words: str) -> str:
    """The words, none of which is of another market."""
    assert not (found := PAKISTAN.search(words)), f"{found!r} in: {words}"
    return words


async def test_from_hi_to_why_everything_is_in_dollars(opened: OPENED) -> None:
    async with opened() as bot:
        world = await known(bot)
        person = bot.person()
        await person.say("Hi")
        in_dollars(person.words())
        for title in ("English", "I agree"):
            await person.press(title)
            in_dollars(person.words())
        await person.say("AAPL 40, MSFT 30, XLK 30")
        assert "Apple Inc." in in_dollars(person.words())
        await person.press("Yes, correct")
        for _ in range(4):  # times, days and the like, each with its first answer
            if not person.buttons() or any("X-Ray" in each.title for each in person.buttons()):
                break
            in_dollars(person.words())
            await person.press(person.buttons()[0].title)
        in_dollars(person.words())

        await person.say("xray")
        told = in_dollars(person.words())
        assert "AAPL 40.0%" in told
        assert "to the S&P 500" in told
        assert "20 Nov 2026" in told

        await person.say("my brief")
        assert "S&P 500" in in_dollars(person.words())

        book = await world.market.book()
        await person.say("price of AAPL")
        assert f"${book.quotes['AAPL'].price.value:.2f}" in in_dollars(person.words())
        assert "20 Nov 2026 16:00 New York" in person.words()
        assert "Financial Modeling Prep" in person.words()

        await person.say("why did AAPL move?")
        in_dollars(person.words())
        await person.say("S&P 500")
        assert f"{book.indices['SP500'].level.value:,.2f}" in in_dollars(person.words())

        assert (await world.users.held())[:3] == ["AAPL", "MSFT", "XLK"]


async def test_before_the_first_fetch_it_says_so_politely(opened: OPENED) -> None:
    async with opened() as bot:
        with pytest.raises(NoMarketYet, match="marketbyte refresh"):
            await bot.bot.world.market.book()
        person = bot.person()
        await person.say("price of AAPL")
        assert "no market data yet" in person.words()
        await known(bot)
        await person.say("price of AAPL")
        assert "Apple Inc." in in_dollars(person.words())
        seen = await last_trade(bot.bot.world)()
        assert seen is not None
        assert seen.day == EVENING.date()
        judged = await bot.bot.services.admin._quarantine.judged()
        assert (judged.explained, judged.quarantined) == ((), ()), (
            "of PSX's price limits New York knows nothing"
        )


async def test_what_a_plan_has_not_leaves_the_rest(american: Settings, opened: OPENED) -> None:
    """Of a plan without batches and calendar, but with history, a book of closes is made."""
    async with FakeFmp(plan="basic") as poor, opened(fmp_base=poor.base) as bot:
        report = await bot.bot.jobs.ingestion.refresh()
        refused = {each.page for each in report.sources[0].rejected}
        assert {"fmp.quotes", "fmp.indices", "fmp.calendar", "fmp.eod"} == refused - {
            "fmp.splits",
            "fmp.symbols",
        }
        assert "402" in report.sources[0].rejected[0].reason
        book = await bot.bot.world.market.book()
        assert book.day == EVENING.date()
        assert float(book.indices["SP500"].level.value) == poor.bar("^GSPC", EVENING.date())[3]
        assert float(book.quotes["AAPL"].price.value) == poor.bar("AAPL", EVENING.date())[3]
        assert "KO" not in book.quotes


async def test_the_book_stays_the_same_one_until_something_changes(opened: OPENED, fake: FakeFmp) -> None:
    async with opened() as bot:
        books = (await known(bot)).data.books
        first = await books.book()
        assert first.closed_at == datetime(2026, 11, 20, 16, tzinfo=NEW_YORK)
        assert first.sample is False
        assert len(first.series["AAPL"].days) > 250
        await bot.bot.jobs.ingestion.refresh(anyway=True)
        books.changed()
        again = await books.book()
        assert again.version == first.version
        assert again.quotes == first.quotes
        fake.seed = 2
        await bot.bot.jobs.ingestion.refresh(anyway=True)
        assert (await books.book()).version != first.version


async def test_what_somebody_holds_is_fetched_first(opened: OPENED, fake: FakeFmp) -> None:
    async with opened(us_symbols=("AAPL", "MSFT")) as bot:
        world = await known(bot)
        assert "KO" not in (await world.market.book()).series
        person = bot.person()
        await person.say("Hi")
        await person.press("English")
        await person.press("I agree")
        await person.say("KO 50, AAPL 50")  # KO is known by name only, from the lists of movers
        await person.press("Yes, correct")
        await bot.bot.jobs.ingestion.refresh()
        assert len((await world.market.book()).series["KO"].days) > 250
        told = next(query for path, query in reversed(fake.asked) if "KO" in query.get("symbols", ""))
        assert told["symbols"].endswith("AAPL,KO,MSFT"), (
            "what people hold goes first, for a plan may take no more"
        )


async def test_files_of_pakistan_are_refused_and_prices_are_taken(opened: OPENED) -> None:
    async with opened(fmp_key=SecretStr("")) as bot:
        imports = bot.bot.services.uploads._imports
        with pytest.raises(BadInput, match="not imported for the us market; there are: prices, calendar"):
            await imports.preview("flows", [Brought("flows.csv", b"date\n")])
        rows = "".join(
            f"{name},{day},{close},100\n"
            for name, closes in {"SP500": (6500, 6600), "AAPL": (240, 246)}.items()
            for day, close in zip(("2026-11-19", "2026-11-20"), closes, strict=True)
        )
        file = Brought("eod.csv", b"symbol,date,close,volume\n" + rows.encode())
        preview = await imports.preview("prices", [file])
        assert preview.good, preview.files[0].reason
        await imports.take(preview, [file], "tester")
        book = await bot.bot.world.market.book()
        assert (book.indices["SP500"].level.value, book.quotes["AAPL"].price.value) == (6600, 246)
        assert book.label.startswith("imported US market data")


async def test_without_a_key_and_with_nothing_kept_it_does_not_start(opened: OPENED) -> None:
    async with opened(fmp_key=SecretStr("")) as bot:
        with pytest.raises(BadSetting, match="set FMP_API_KEY") as refused:
            await open_market(bot.bot, fetch=True)
        assert "financialmodelingprep.com" in refused.value.detail


async def test_with_data_kept_it_starts_without_a_key(opened: OPENED, american: Settings) -> None:
    async with opened() as bot:
        await known(bot)
    keyless = american.model_copy(update={"fmp_key": SecretStr(""), "now": EVENING + timedelta(hours=1)})
    market = lake_market(keyless, SampleMarket(), TickingClock(keyless.now, NEW_YORK))
    assert (await market.book()).market == "us"


async def test_two_markets_on_one_server_share_nothing(american: Settings, settings: Settings) -> None:
    for name in ("marketbyte", "marketbyte_us"):
        emptied(american.mongodb_uri, name)
    async with open_world(american) as world:
        bot = RecordedBot(build_bot(replace(world, sender=Recorder())), Recorder())
        await known(bot)
        await bot.person().say("Hi")
        await bot.bot.outbox.settled()
        assert await world.users.counts() != {}
    async with open_world(settings) as world:
        assert await world.users.counts() == {}
        assert (await world.market.book()).label == "sample data, 20 Aug 2026"
        assert await world.data.lake.rows("bars") == []
        assert await world.data.daily.newest("watch") is None
        assert await world.data.standings.all() == {}
    assert {"market", "market-us", "sending-us"} <= {each.name for each in american.data_dir.glob("*")}
