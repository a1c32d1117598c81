"""What a button sends back is a stranger's word: forged, stale, oversized or binary, it is answered politely, and it never
reaches another person's data, an operator's power or an exception.
"""

import random
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from handlers.registry import COMMANDS, STEPS
from services.domain.conversation import Address
from services.domain.intents import INTENTS
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Alert, User

KEYS = ["names", "value", "setting", "weights", "amounts", "sum", "kind", "screen", "rule", "sector", "length", "scope", "part", "pick", "cancel", "all", "until", "told", "back", "stale", "command", "advice", "user", "user_id", "id", "admin", "address", "$where", "__class__"]  # fmt: skip
VALUES = [
    "", "yes", "no", "MEBL", "MEBL,LUCK", "NOSUCH", "-1", "0", "1e999", "NaN", "inf", "9" * 60, "۱۲۳", "2026-99-99", "25:99", "null",
    "true", "{}", "[]", "a" * 200, "\x00", "\u202e", "%00", "../../etc/passwd", "';--", "$ne", "<b>", "*_~", "👨‍👩‍👧", "other", "u2", ",,,",
]  # fmt: skip
SLOW = frozenset({"audio", "brief"})  # they draw and speak whatever else is asked: a few are enough
RAW = [
    "", "?", "step/", "step/?value=yes", "step/nowhere?value=yes", "intent", "admin", "status", "/status", "announce", "run?value=x",
    "pause", "unknown", "xray?" + "a=b&" * 60, "x" * 64, "x" * 256, "x" * 5000, "\x00\x01\x02", "\ud800", "آپ", "👍" * 16, "xray?names",
    "xray?=&=&=", "xray?names=MEBL&names=LUCK", "xray?%ff%fe=%ff", "..", "XRAY", "step/xray", "delete?value=yes", "help?stale=1",
]  # fmt: skip


@pytest.fixture
async def pair(bot):
    """The one who forges, and another person with a portfolio and an alert."""
    world, at = bot.bot.world, bot.bot.world.clock.now()
    addresses = [Address("web", "forger-000000000001"), Address("web", "other-0000000000001")]
    for name, address, code in zip(("u1", "u2"), addresses, ("MEBL", "LUCK"), strict=True):
        held = Portfolio((Holding(code, Decimal(1)),))
        await world.users.save(
            User(name, (address,), at, name="X", stage="active", consented_at=at, portfolio=held)
        )
    await world.alerts.add(Alert("a2", "u2", "KSE100", "above", "999999", at))
    return bot.person(addresses[0].key), bot.person(addresses[1].key)


async def of_other(world):
    return (await world.users.get("u2"), await world.alerts.of("u2"), await world.turns.session("u2"))


def forged(seed, count):
    """Presses of the shape that ours have, with fields and values that nobody offered."""
    chance = random.Random(seed)
    heads = [*INTENTS, *(f"step/{name}" for name in STEPS), *COMMANDS]
    for _ in range(count):
        head = chance.choice(heads)
        fields = {chance.choice(KEYS): chance.choice(VALUES) for _ in range(chance.randint(0, 3))}
        if head not in SLOW:
            yield f"{head}?{urlencode(fields, errors='replace')}"[:256]


@pytest.mark.parametrize("seed", range(2))
async def test_forged_fields_are_answered_and_touch_nobody_else(bot, pair, told, seed):
    forger, _ = pair
    before = await of_other(bot.bot.world)
    for press in forged(seed, 60):
        heard = await forger.say("pressed", pressed=press)
        assert heard, press
        assert "u2" not in forger.words()
        assert "turn_broke" not in told(), press
    assert await of_other(bot.bot.world) == before
    assert not await bot.bot.world.operations.paused()


async def test_raw_and_binary_presses_are_answered(bot, pair, told):
    forger, _ = pair
    for press in RAW[1:]:
        heard = await forger.say("pressed", pressed=press)
        assert heard, press
        assert "turn_broke" not in told(), press


async def test_what_is_longer_than_any_button_is_none(bot, pair):
    forger, _ = pair
    await forger.say("pressed", pressed="quote?names=LUCK&x=y")
    assert "Lucky" in forger.words()
    await forger.say("pressed", pressed="quote?names=LUCK&x=" + "y" * 256)
    assert "Lucky" not in forger.words()


async def test_a_stranger_who_forges_is_led_to_the_beginning(bot, told):
    stranger = bot.person("stranger-0000000001")
    for press in [*RAW[1:], *forged(9, 40)]:
        assert await stranger.say("pressed", pressed=press), press
        assert "turn_broke" not in told(), press
    user = await bot.bot.world.users.by_address(stranger.address)
    assert user.consented_at is None
    assert user.portfolio.holdings == ()


async def test_somebody_elses_alert_is_not_cancelled_by_its_id(bot, pair):
    forger, other = pair
    await forger.say("cancel", pressed="alerts?cancel=a2")
    assert [alert.id for alert in await bot.bot.world.alerts.of("u2")] == ["a2"]
    await other.say("cancel", pressed="alerts?cancel=a2")
    assert await bot.bot.world.alerts.of("u2") == []


@pytest.mark.parametrize("name", sorted(name for name, command in COMMANDS.items() if command.admin))
async def test_no_press_runs_an_operators_command(bot, pair, name):
    forger, _ = pair
    for press in (name, f"/{name}", f"{name}?value=x", f"intent/{name}", f"step/admin.{name}?value=yes"):
        await forger.say("pressed", pressed=press)
        assert "Dry run" not in forger.words()
        assert "*Status*" not in forger.words()
        assert "*Users*" not in forger.words()
    assert not await bot.bot.world.operations.paused()


async def test_a_step_that_is_not_open_is_stale(bot, pair):
    forger, _ = pair
    for step in STEPS:
        await forger.say("pressed", pressed=f"step/{step}?value=yes")
        user = await bot.bot.world.users.get("u1")
        assert user is not None, step
        assert user.portfolio.holdings == (Holding("MEBL", Decimal(1)),), step


async def test_the_same_press_again_after_it_was_used_up_is_harmless(bot, pair, told):
    forger, _ = pair
    await forger.say("delete")
    yes = next(button for button in forger.buttons() if button.press.endswith("value=yes"))
    await forger.say("menu")
    await forger.say(yes.title, pressed=yes.press)
    assert await bot.bot.world.users.get("u1") is not None
    assert "turn_broke" not in told()


async def test_every_button_that_we_show_fits_every_provider(bot, pair):
    forger, _ = pair
    for text in (
        "menu",
        "xray",
        "opportunities",
        "settings",
        "alerts",
        "portfolio",
        "explain MEBL",
        "quote LUCK",
        "delete",
    ):
        await forger.say(text)
        for button in forger.buttons():
            assert 1 <= len(button.press.encode()) <= 64, button
            assert button.title.strip(), button


async def test_forged_answers_to_an_open_question_are_answered(bot, told):
    """Each step of the beginning, with values that none of its buttons has."""
    person = bot.person("newcomer-00000001")
    for said in ("Hi", "English", "I agree", "MEBL 40, LUCK 60", "Yes, correct"):
        await person.say(said)
        user = await bot.bot.world.users.by_address(person.address)
        step = (await bot.bot.world.turns.session(user.id)).awaiting
        assert step is not None
        for number, value in enumerate(VALUES):
            field = ("value", "pick", "names")[number % 3]
            press = f"step/{step}?{urlencode({field: value}, errors='replace')}"[:256]
            if value not in {"yes", "no", "MEBL"}:
                assert await person.say("pressed", pressed=press), press
                assert "turn_broke" not in told(), press
        session = await bot.bot.world.turns.session(user.id)
        if (
            step != "onboarding.times"
        ):  # any time of day is an answer, whether one of the buttons has it or not
            assert session.awaiting == step, f"a forged answer to {step} went through"
