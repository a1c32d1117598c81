"""The operator closes and opens days and settles jumps of prices by chat; who has a brief that day is told once."""

from datetime import date, timedelta

import pytest

from services.admin import Admin
from services.domain.records import Batch
from services.domain.rows import Bar
from services.outbox import Outbox
from services.quarantine import Quarantine
from services.trading_days import TradingDays
from tests.fakes.market_stores import DailyInMemory, LakeInMemory
from tests.fakes.talk import RecordedBot


@pytest.fixture
async def managed(bot: RecordedBot) -> RecordedBot:
    """The whole bot with the operator's parts wired to a lake in memory that holds one split and one fall."""
    world, services = bot.bot.world, bot.bot.services
    lake = LakeInMemory()
    rows = [
        Bar(symbol, date(2026, 8, 18) + timedelta(n), None, None, None, close, 100)
        for symbol, closes in {"MEBL": (500, 101), "NBP": (200, 170)}.items()
        for n, close in enumerate(closes)
    ]
    await lake.write([Batch("bars", rows, world.clock.now(), "file", "imported", "f")])
    days = TradingDays(world.operations, services.broadcasts, services.campaigns, world.clock)
    admin = Admin(
        services.users,
        Outbox(world.outbox, world.sender, world.clock),
        world.operations,
        world.market,
        world.clock,
        days=days,
        quarantine=Quarantine(lake, DailyInMemory(), world.clock),
    )
    object.__setattr__(services, "admin", admin)
    return bot


async def reader(bot: RecordedBot):
    person = bot.person("zara-0000000001", name="Zara")
    for words in ("Hi", "English", "yes", "MEBL 40, LUCK 60", "yes", "9 am and 5 pm"):
        await person.say(words)
    return person


async def notices(bot: RecordedBot) -> list[str]:
    await bot.bot.outbox.sweep()
    return [
        block.text
        for sent in bot.recorder.sent
        if sent.key.startswith(("holiday:", "open:"))
        for block in sent.reply.blocks
    ]


async def test_a_holiday_is_told_to_those_with_a_brief_that_day(managed: RecordedBot):
    await reader(managed)
    operator = managed.person("admin-000000000000", name="Operator")
    await operator.say("/holiday 2026-08-21 Heavy rain")
    assert (
        "21 Aug 2026: every job follows at once; 1 user with a brief due that day is told."
        in operator.words()
    )
    assert "Next session after it: 24 Aug 2026." in operator.words()
    assert "• 21 Aug 2026: Heavy rain" in operator.words()
    told = await notices(managed)
    assert told == [
        "The exchange (PSX) is closed on 21 Aug 2026: Heavy rain. No brief that day. Next session: 24 Aug 2026."
    ]
    await operator.say("/holiday 2026-08-21 Heavy rain")
    assert "nobody is told" in operator.words()
    assert await notices(managed) == told
    await operator.say("/holiday 2026-08-21 open")
    assert "• 21 Aug 2026: open" in operator.words()
    assert (await notices(managed))[1:] == [
        "The exchange (PSX) is open on 21 Aug 2026 after all. Your brief comes at its usual time."
    ]
    await operator.say("/holiday")
    assert "By the moon, to be confirmed" in operator.words()
    assert "10 Mar 2027: Eid-ul-Fitr (tentative)" in operator.words()


async def test_jumps_are_listed_and_settled(managed: RecordedBot):
    operator = managed.person("admin-000000000000", name="Operator")
    await operator.say("/quarantine")
    assert "• MEBL 2026-08-19: 500.00 to 101.00 (−79.8%); would fit: split 5:1" in operator.words()
    assert "• NBP 2026-08-19: 200.00 to 170.00 (−15.0%)" in operator.words()
    await operator.say("/quarantine MEBL 2026-08-19 split 5:1")
    assert "MEBL on 19 Aug 2026 is settled" in operator.words()
    assert "1 left" in operator.words()
    await operator.say("/quarantine nbp 2026-08-19 dividend 20")
    assert "0 left" in operator.words()
    await operator.say("/quarantine LUCK 2026-08-19 ok")
    assert "no jump of LUCK" in operator.words()
    await operator.say("/quarantine")
    assert "• none" in operator.words()
    assert "2 other jumps are explained" in operator.words()


async def test_what_is_wrong_or_missing_is_said_with_what_to_write(managed: RecordedBot):
    await reader(managed)
    operator = managed.person("admin-000000000000", name="Operator")
    for words, told in {
        "/holiday 2026-08-21 cancel": "to trade after all: /holiday 2026-08-21 open",
        "/holiday tomorrow Eid": "'tomorrow' is no date; write it as 2026-12-24",
        "/quarantine MEBL 2026-08-19": "what was it? /quarantine MEBL 2026-08-19 and one of: ok, split 5:1",
        "/quarantine MEBL soon ok": "'soon' is no date",
        "/quarantine mebl": "jumps of MEBL that no corporate action explains",
        "/quarantine LUCK": "no jump of 'LUCK' is known",
        "/quarantine page 1": "• NBP 2026-08-19",
        "/quarantine page 2": "there is 1 page; no page 2",
        "/quarantine MEBL page 9": "there is 1 page; no page 9",
        "/sources nope": "no source 'nope'; there are: none",
        "/sources": "none: market data comes from files",
    }.items():
        await operator.say(words)
        assert told in operator.words(), words
    assert await managed.bot.world.operations.holidays() == {}
    assert await notices(managed) == []


async def test_nobody_else_reaches_them(managed: RecordedBot):
    person = await reader(managed)
    for words in ("/quarantine", "/quarantine MEBL 2026-08-19 ok", "/holiday 2026-08-21 open"):
        await person.say(words)
        assert "Quarantine" not in person.words()
        assert "settled" not in person.words()
    assert await managed.bot.world.operations.reopened() == frozenset()
