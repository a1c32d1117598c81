"""How long warm answers take, in this process: p50 and p99 of every part of an answer; run it from the project's root.

Understanding, each text intent's whole turn (without the database, then with it on both drivers), the X-Ray's sums and
chart, the personal brief without voice, and a voice note cold and cached.
"""

import asyncio
import itertools
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[2]))

import structlog

from bot.bootstrap import build_bot
from bot.config import Settings
from bot.world import World, open_world
from handlers.turn import Turn
from services.domain.conversation import Address, Inbound, Session
from services.domain.indicators import history
from services.domain.intents import Understanding
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Preferences, User
from services.domain.xray import analyse
from tests.fakes.sender import Recorder
from tests.fakes.talk import RecordedBot

NOW = datetime(2026, 8, 20, 8, 30, tzinfo=ZoneInfo("Asia/Karachi"))
MIX = (("MEBL", "0.3"), ("LUCK", "0.2"), ("OGDC", "0.1"), ("MZNPETF", "0.4"))
TEXTS = {
    "quote": "MEBL price", "explain": "what is P/E?", "why": "why is OGDC up?", "news": "news", "rates": "policy rate",
    "flows": "flows", "portfolio": "portfolio", "alerts": "my alerts", "settings": "settings", "help": "help",
    "calculate": "zakat on 5 lakh", "forecast": "will it go up tomorrow", "thanks": "shukria", "unknown": "qwerty uiop",
    "market": "market today",
}  # fmt: skip
LIMITS = {
    "turn": 20.0,
    "sums": 20.0,
    "chart": 150.0,
    "brief": 150.0,
    "voice cold": 3000.0,
    "voice cached": 50.0,
}
SPOKEN = (
    "Good morning. Here is your brief for Thursday, 20 August 2026.",
    "The KSE-100 closed at 173,965 points, up 0.9 percent, on a volume of 412 million shares.",
    "Your holdings rose by 0.4 percent, a little less than the index.",
    "Meezan Bank gained 1.2 percent and gave most of it; Lucky Cement lost 0.3 percent.",
    "Banks are 34 percent of your mix when we look through the fund, and cement is 22 percent.",
    "Three of the eight checks pass, four are on watch, and one fails: the largest company is above 25 percent.",
    "The policy rate stands at 11.5 percent; the six-month bill was last sold at 11.2 percent.",
    "Foreign investors sold shares worth 2.1 million dollars net, and mutual funds bought 3.4 million.",
    "Over the last year your mix moved by 19 percent, about as much as the index itself.",
    "The deepest fall from a high in that time was 14 percent, in March.",
    "Ex-dates this week: none of your holdings pays.",
    "That is all. These are facts, not advice.",
)


def row(name: str, times: list[float], limit: float | None = None) -> None:
    """One line of the table, in milliseconds."""
    p99 = statistics.quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    wanted = "" if limit is None else f"   wanted ≤ {limit:g} {'ok' if p99 <= limit else 'OVER'}"
    print(
        f"{name:42} p50 {statistics.median(times):8.2f}   p99 {p99:8.2f} ms   n {len(times):3}{wanted}",
        flush=True,
    )


async def timed(work: Callable[[], Awaitable[object]], rounds: int) -> list[float]:
    """The times of ``rounds`` runs after two that warm up."""
    times = []
    for number in range(rounds + 2):
        started = time.perf_counter()
        await work()
        if number >= 2:
            times.append((time.perf_counter() - started) * 1000)
    return times


def reader(address: Address) -> User:
    portfolio = Portfolio(tuple(Holding(code, Decimal(weight)) for code, weight in MIX))
    preferences = Preferences(voice=False)
    return User(
        "bench",
        (address,),
        NOW,
        stage="active",
        consented_at=NOW,
        preferences=preferences,
        portfolio=portfolio,
    )


async def without_database(world: World) -> None:
    """Router, handler and layout on a user in the hand."""
    bot = build_bot(world)
    address = Address("web", "bench-0000000000000000")
    user = reader(address)
    for name, text in TEXTS.items():
        row(
            f"understanding: {name}",
            await timed(lambda t=text: bot.router.understand(t, "en"), 50),
            LIMITS["turn"],
        )
    print()
    await world.users.save(user)
    for name, text in TEXTS.items():

        async def answered(said: str = text) -> None:
            inbound = Inbound("bench", address, NOW, text=said)
            turn = Turn(
                inbound, user, Session(user.id), Understanding("unknown"), bot.services, NOW, False, _nothing
            )
            choice = await bot.router.choose(turn)
            await choice.handler(replace(turn, understanding=choice.understanding))

        row(f"turn, router to layout: {name}", await timed(answered, 30), LIMITS["turn"])
    print()


async def _nothing(_kind: str) -> None:
    return None


async def with_database(world: World, driver: str) -> None:
    """The same through inbox, transaction and outbox."""
    recorder = Recorder()
    bot = RecordedBot(build_bot(replace(world, sender=recorder)), recorder)
    person = bot.person("bench-0000000000000000")
    await world.users.save(reader(person.address))
    every: list[float] = []
    for name, text in TEXTS.items():
        times = await timed(lambda t=text: person.say(t), 30)
        every += times
        row(f"turn, {driver}: {name}", times, LIMITS["turn"])
    row(f"turn, {driver}: all of them", every, LIMITS["turn"])
    print()


async def heavy(world: World) -> None:
    """Sums, charts, briefs, voice."""
    services = build_bot(world).services
    user = reader(Address("web", "bench-0000000000000000"))
    book = await world.market.book()
    past = history(book)

    async def sums() -> None:
        analyse(user.portfolio, book, past)

    found = await services.xrays.of(user.portfolio)
    numbers = itertools.count(
        1
    )  # a title of its own each time: a picture that was drawn before is not drawn again

    async def brief_of_another() -> None:
        weight = Decimal(next(numbers)) / 1000
        holdings = (Holding("MEBL", weight), Holding("LUCK", 1 - weight))
        await services.briefings.delivery(replace(user, portfolio=Portfolio(holdings)), "morning")

    row("X-Ray sums", await timed(sums, 50), LIMITS["sums"])
    row(
        "X-Ray chart",
        await timed(lambda: services.xrays.picture(found, "en", f"Your X-Ray {next(numbers)}"), 20),
        LIMITS["chart"],
    )
    row(
        "personal brief with a fresh chart, no voice",
        await timed(brief_of_another, 20),
        LIMITS["brief"],
    )
    row(
        "personal brief, words alone",
        await timed(lambda: services.briefings.personal(user, "morning"), 30),
        LIMITS["brief"],
    )
    await world.speech.speak(("The voice is warm.",), "en")
    cold, cached, seconds = [], [], 0.0
    for number in range(3):
        fresh = [f"{sentence[:-1]}, take {number} of this run." for sentence in SPOKEN]
        started = time.perf_counter()
        recording = await world.speech.speak(fresh, "en")
        cold.append((time.perf_counter() - started) * 1000)
        seconds = recording.seconds
        cached += await timed(lambda f=fresh: world.speech.speak(f, "en"), 5)
    row(f"voice note of {seconds:.0f} s, cold", cold, LIMITS["voice cold"])
    row(f"voice note of {seconds:.0f} s, parts cached", cached, LIMITS["voice cached"])


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mb-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for driver in ("motor", "pymongo"):
            settings = Settings(
                MARKETBYTE_DATA_DIR=folder,
                MARKETBYTE_NOW=NOW,
                MARKETBYTE_PUBLIC_URL="http://127.0.0.1:8080",
                MARKETBYTE_MONGO_DRIVER=driver,
                _env_file=None,
            )
            async with open_world(settings, database=f"bench_{driver}") as world:
                if driver == "motor":
                    await without_database(world)
                await with_database(world, driver)
                if driver == "pymongo":
                    await heavy(world)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    loop = None
    if sys.platform != "win32":
        import uvloop

        loop = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(main())
