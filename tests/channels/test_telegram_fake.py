"""The fake Telegram keeps the real one's rules, so that a bot that breaks them is caught; and it runs as a program."""

import asyncio
import sys

import pytest

from tests.fakes.faults import Faults, HandClock
from tests.fakes.served import ROOT, clean_environment
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_updates import text_update

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


async def call(session, fake, method, **fields):
    async with session.post(f"{fake.base}/bot{fake.token}/{method}", json=fields) as answer:
        body = await answer.json()
        return (
            body.get("result") if body["ok"] else (answer.status, body["description"], body.get("parameters"))
        )


async def test_faster_than_allowed_is_refused_and_counted(session):
    clock = HandClock()
    async with FakeTelegram(limits=True, clock=clock) as fake:

        async def send(chat):
            return await call(session, fake, "sendMessage", chat_id=chat, text="a")

        assert [type(await send(1)) for _ in range(5)] == [dict] * 5, "a short burst in one chat"
        assert await send(1) == (429, "Too Many Requests: retry after 1", {"retry_after": 1})
        assert isinstance(await send(2), dict), "another chat goes on"
        assert [type(await send(n)) for n in range(100, 124)] == [dict] * 24
        assert (await send(900))[0] == 429, "thirty in one second"
        assert fake.violations == 2
        clock.advance(1.5)
        assert isinstance(await send(900), dict)
        for _ in range(20):
            clock.advance(1.0)
            assert isinstance(await send(-100500), dict)
        assert (await send(-100500))[0] == 429, "twenty a minute in a group"
        assert (await send(-100500))[0] == 429, "and again, within the pause"
        assert fake.report()["by"] == {
            "chat rate 1": 1,
            "bot rate": 1,
            "group rate -100500": 1,
            "group closed -100500": 1,
        }


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("blocked", (403, "Forbidden: bot was blocked by the user", None)),
        ("deactivated", (403, "Forbidden: user is deactivated", None)),
        ("kicked", (403, "Forbidden: bot was kicked from the supergroup chat", None)),
        ("strangers", (403, "Forbidden: bot can't initiate conversation with a user", None)),
        ("unknown", (400, "Bad Request: chat not found", None)),
    ],
)
async def test_a_chat_that_refuses_us(session, telegram_api, kind, answer):
    getattr(telegram_api, kind).add("5")
    assert await call(session, telegram_api, "sendMessage", chat_id=5, text="a") == answer
    assert telegram_api.messages == []


@pytest.mark.parametrize(
    ("width", "height", "said"),
    [
        (9000, 900, None),
        (9001, 1000, "DIMENSIONS"),
        (2000, 100, None),
        (2001, 100, "DIMENSIONS"),
        (0, 5, "DIMENSIONS"),
    ],
)
async def test_a_picture_has_measures(session, telegram_api, width, height, said):
    import aiohttp

    form = aiohttp.FormData({"chat_id": "5"})
    data = PNG + width.to_bytes(4, "big") + height.to_bytes(4, "big")
    form.add_field("photo", data, filename="a.png")
    async with session.post(f"{telegram_api.base}/bot{telegram_api.token}/sendPhoto", data=form) as answer:
        body = await answer.json()
    assert body["ok"] is (said is None)
    assert said is None or said in body["description"]


async def test_a_file_id_is_bound_to_its_kind(session, telegram_api):
    telegram_api.files["photo-file-4242-1"] = PNG
    assert isinstance(
        await call(session, telegram_api, "sendPhoto", chat_id=5, photo="photo-file-4242-1"), dict
    )
    for method, field in (("sendVoice", "voice"), ("sendDocument", "document")):
        refused = await call(session, telegram_api, method, chat_id=5, **{field: "photo-file-4242-1"})
        assert "wrong file identifier" in refused[1]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ({"command": "xray", "description": "a"}, None),
        ({"command": "X-Ray", "description": "a"}, "BOT_COMMAND_INVALID"),
        ({"command": "a" * 33, "description": "a"}, "BOT_COMMAND_INVALID"),
        ({"command": "xray", "description": ""}, "DESCRIPTION_INVALID"),
        ({"command": "xray", "description": "a" * 257}, "DESCRIPTION_INVALID"),
    ],
)
async def test_a_menu_has_rules(session, telegram_api, command, said):
    answer = await call(session, telegram_api, "setMyCommands", commands=[command])
    assert answer is True if said is None else said in answer[1]


async def test_an_update_is_brought_until_it_is_taken(session):
    from aiohttp import web
    from aiohttp.test_utils import TestServer

    seen = []

    async def hook(request):
        seen.append((await request.json())["update_id"])
        return web.Response(status=200 if len(seen) > 2 else 503)

    app = web.Application()
    app.router.add_post("/hook", hook)
    async with TestServer(app) as server, FakeTelegram(faults=Faults(1, repeat=1.0)) as fake:
        fake.pace = 0.01
        fake.webhook = {"url": str(server.make_url("/hook")), "secret_token": "s"}
        assert await fake.bring(session, text_update(7, 1, "hi")) == 200
        assert seen == [7, 7, 7]
        assert fake.pending == 0
        assert fake.last_error == "Wrong response from the webhook: 503"
        await fake.bring_all(session, [text_update(n, 1, "hi") for n in range(5)])
        assert sorted(seen[3:]) == sorted([*range(5)] * 2), "on a bad day each comes twice"


async def test_it_runs_as_a_program(session):
    """As a developer starts it: settings to export, a control door, a bad day if wanted."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.telegram", "--port", "0", "--seed", "3", "--faults", "0",
        cwd=ROOT, env=clean_environment(), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        lines = [(await asyncio.wait_for(process.stdout.readline(), 30)).decode() for _ in range(5)]
        exported = dict(
            line.removeprefix("export ").strip().split("=", 1) for line in lines if line.startswith("export")
        )
        assert set(exported) == {"TELEGRAM_API_BASE", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"}
        base, token = exported["TELEGRAM_API_BASE"], exported["TELEGRAM_BOT_TOKEN"]
        async with session.post(
            f"{base}/bot{token}/sendMessage", json={"chat_id": 5, "text": "hi"}
        ) as answer:
            assert (await answer.json())["ok"]
        async with session.get(f"{base}/_fake/messages") as answer:
            assert [(m["chat_id"], m["plain"]) for m in await answer.json()] == [("5", "hi")]
        async with session.get(f"{base}/_fake/violations") as answer:
            assert (await answer.json())["violations"] == 0
    finally:
        process.terminate()
        await process.wait()
