"""Telegram at the start: who we are, the menus, the webhook, and how Telegram's side of it does."""

import pytest

from bot.channels.telegram import Telegram
from bot.channels.telegram_menus import Menus
from services.domain.conversation import Notice
from services.domain.errors import DeliveryFailed, Unavailable
from tests.fakes.telegram_updates import text_update

PUBLIC = "https://bot.example.pk"
EN, UR = [("xray", "what is in your list"), ("help", "the menu")], [("xray", "آپ کی فہرست"), ("help", "مینو")]
MENUS = Menus({"": EN, "ur": UR}, {"": [*EN, ("status", "state of the bot")], "ur": UR}, ("70009",))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr("bot.channels.telegram_setup.PAUSES", (0.0, 0.0, 0.0))


async def test_telegram_is_told_the_menus_and_the_webhook(telegram, telegram_api):
    assert await (await telegram.setup()).introduce(MENUS, PUBLIC) == ()
    assert telegram_api.menus == {
        ("all_private_chats", "", ""): dict(EN),
        ("all_private_chats", "", "ur"): dict(UR),
        ("chat", "70009", ""): dict(MENUS.operators[""]),
        ("chat", "70009", "ur"): dict(UR),
    }
    hook = telegram_api.webhook
    assert hook["url"] == f"{PUBLIC}/webhooks/telegram"
    assert hook["secret_token"] == "old-one"
    assert set(hook["allowed_updates"]) == {"message", "callback_query", "my_chat_member"}
    assert hook["max_connections"] == 100


async def test_our_name_comes_from_telegram(session, telegram_api, now, files):
    telegram_api.username = "MarketByteBot"
    nameless = Telegram(
        session, token=telegram_api.token, secret="s", now=now, base=telegram_api.base, files=files
    )
    await (await nameless.setup()).introduce(Menus({}, {}), "")
    (theirs,) = nameless._reader.read(text_update(1, 70001, "/help@other_bot"))
    (ours,) = nameless._reader.read(text_update(2, 70001, "/help@marketbytebot"))
    assert isinstance(theirs, Notice)
    assert ours.text == "/help"


async def test_an_operator_who_never_started_the_bot_fails_alone(telegram, telegram_api):
    telegram_api.unknown.add("70009")
    failed = await (await telegram.setup()).introduce(MENUS, PUBLIC)
    assert failed == ("operator's menu: 400 chat not found",)
    assert telegram_api.webhook["url"]


async def test_a_bad_start_is_tried_again(telegram, telegram_api):
    flood = {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 0.01}}
    telegram_api.next = ["hang", (502, {"ok": False}), (429, flood)]
    assert await (await telegram.setup()).introduce(MENUS, PUBLIC) == ()
    assert telegram_api.webhook["url"]


async def test_a_telegram_that_is_away_keeps_nobody_from_starting(session, now, files):
    away = Telegram(session, token="1:x", secret="s", now=now, base="http://127.0.0.1:9", files=files)
    setup = await away.setup()
    failed = await setup.introduce(MENUS, PUBLIC)
    assert {line.partition(":")[0] for line in failed} == {"getMe", "menu", "operator's menu", "webhook"}
    with pytest.raises(DeliveryFailed):
        await setup.check()


async def test_a_wrong_token_is_said_and_not_tried_again(telegram, telegram_api):
    telegram_api.token = "4242:another"
    failed = await (await telegram.setup()).introduce(Menus({"": EN}, {}), PUBLIC)
    assert failed == ("getMe: 401", "menu: 401", "webhook: 401")


@pytest.mark.parametrize(
    ("url", "base", "told"),
    [
        (PUBLIC, "", True),
        ("https://bot.example.pk:8443", "", True),
        ("https://bot.example.pk:9443", "", False),  # not one of Telegram's ports
        ("http://127.0.0.1:8080", "", True),  # a Bot API server on this machine also calls plain addresses
        ("http://127.0.0.1:8080", "https://api.telegram.org", False),
        ("", "", False),
    ],
)
async def test_where_telegram_may_call(telegram, telegram_api, url, base, told):
    setup = await telegram.setup()
    setup.base = base or setup.base
    failed = await setup.introduce(Menus({}, {}), url)
    assert bool(telegram_api.webhook["url"]) is told
    assert bool(failed) is ("9443" in url)


async def test_a_secret_that_telegram_cannot_take_is_named_but_not_shown(session, telegram_api, now, files):
    odd = Telegram(
        session, token=telegram_api.token, secret="geheim!wort", now=now, base=telegram_api.base, files=files
    )
    (failed,) = await (await odd.setup()).introduce(Menus({}, {}), PUBLIC)
    assert "TELEGRAM_WEBHOOK_SECRET" in failed
    assert "geheim" not in failed
    assert telegram_api.webhook["url"] == ""


async def test_health_fails_when_updates_pile_up(telegram, telegram_api):
    setup = await telegram.setup()
    await setup.introduce(Menus({}, {}), PUBLIC)
    for waiting in (5, 5, 4, 9):
        telegram_api.pending = waiting
        await setup.check()
    telegram_api.last_error = "Wrong response from the webhook: 503 Service Unavailable"
    telegram_api.pending = 12
    await setup.check()
    telegram_api.pending = 20
    with pytest.raises(Unavailable, match=r"20 updates wait at telegram.*503 Service Unavailable"):
        await setup.check()
    telegram_api.pending = 0
    await setup.check()


async def test_health_fails_when_telegram_calls_somebody_else(telegram, telegram_api):
    setup = await telegram.setup()
    await setup.introduce(Menus({}, {}), PUBLIC)
    telegram_api.webhook = {"url": "https://elsewhere.example/hook"}
    with pytest.raises(Unavailable, match="another webhook"):
        await setup.check()


@pytest.mark.parametrize(
    "info", [{}, [], None, {"pending_update_count": "x", "last_error_date": "y", "url": 7}]
)
async def test_health_makes_the_best_of_an_odd_answer(telegram, telegram_api, info):
    telegram_api.next = [(200, {"ok": True, "result": info})]
    health = await (await telegram.setup()).health()
    assert (health.waiting, health.rising, health.error_at) == (0, False, None)
