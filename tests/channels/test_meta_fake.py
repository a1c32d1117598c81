"""The contract of the fake Graph API: it refuses what Meta refuses, counts what should not be asked, and tells statuses."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.base import Recent
from bot.channels.meta_codes import Undeliverable
from bot.channels.meta_events import EventReader
from tests.channels.conftest import NOON
from tests.fakes.faults import Faults, HandClock
from tests.fakes.meta import FakeMeta
from tests.fakes.meta_rules import Approval

ROOT = Path(__file__).parents[2]
TEXT = {"type": "text", "text": {"body": "x"}}
HERS = {"to": "+923001112233"}


async def post(session, fake, **message):
    """One message; the code it was refused with, else its wamid."""
    login = {"Authorization": f"Bearer {fake.token}"}
    body = {"messaging_product": "whatsapp", **message}
    async with session.post(f"{fake.base}/{fake.number}/messages", json=body, headers=login) as answer:
        told = await answer.json(content_type=None)
        return told["error"]["code"] if "error" in told else told["messages"][0]["id"]


def template(*values, name="t", language="en", **components):
    parts = (
        [{"type": "body", "parameters": [{"type": "text", "text": value} for value in values]}]
        if values
        else []
    )
    parts += [{"type": kind, "parameters": parameters} for kind, parameters in components.items()]
    content = {"name": name, "language": {"code": language}, "components": parts}
    return {**HERS, "type": "template", "template": content}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (template("a", "b"), None),
        (template("a"), 132000),
        (template("a", ""), 132018),
        (template("a", "b\nc"), 132018),
        (template("a", "b     c"), 132018),
        (template("a", "b    c"), None),
        (template("a", "b" * 924), 132005),
        (template("a", "b", name="none"), 132001),
        (template("a", "b", language="ur"), 132001),
        (template("a", name="rich", header=[{"type": "image", "image": {"id": "none"}}]), 131052),
        (template("a", name="rich"), 132012),
        (template("a", name="paused"), 132015),
        ({**HERS, "type": "poem", "poem": {}}, 131051),
        ({**HERS, **TEXT, "biz_opaque_callback_data": "x" * 513}, 131009),
    ],
)
async def test_templates_and_fields(session, message, code):
    async with FakeMeta() as fake:
        fake.templates = {"t": 2, "rich": Approval(1, header=True), "paused": Approval(1, paused=True)}
        said = await post(session, fake, **message)
        assert said == (code or "wamid.fake0")


async def test_a_user_id_in_to_and_a_number_without_plus_are_taken_and_never_arrive(session):
    async with FakeMeta() as fake:
        for to in ("PK.123", "923001112233"):
            assert (await post(session, fake, to=to, **TEXT)).startswith("wamid.stray")
        assert (len(fake.messages), len(fake.strays)) == (0, 2)
        assert fake.statuses == []


async def test_windows_shut_after_a_day_and_a_template_does_not_open_them(session):
    clock = HandClock()
    async with FakeMeta(windows=True, clock=clock) as fake:
        fake.templates["t"] = 2
        assert await post(session, fake, **HERS, **TEXT) == 131047
        assert str(await post(session, fake, **template("a", "b"))).startswith("wamid")
        assert await post(session, fake, **HERS, **TEXT) == 131047
        fake.open("923001112233")
        clock.advance(86_399)
        assert str(await post(session, fake, **HERS, **TEXT)).startswith("wamid")
        clock.advance(2)
        assert await post(session, fake, **HERS, **TEXT) == 131047


async def test_rates_of_the_number_and_of_a_pair_are_kept_and_counted(session):
    clock = HandClock()
    async with FakeMeta(limits=True, clock=clock) as fake:
        said = [await post(session, fake, **HERS, **TEXT) for _ in range(46)]
        assert said[-1] == 131056
        assert said.count(131056) == 1
        others = [await post(session, fake, to=f"+92300{n:07}", **TEXT) for n in range(36)]
        assert others.count(130429) == 1
        assert fake.violations == 2
        clock.advance(6)
        assert str(await post(session, fake, **HERS, **TEXT)).startswith("wamid")
        assert await post(session, fake, **HERS, **TEXT) == 131056
        assert fake.report()["by"] == {"pair rate +923001112233": 2, "sender rate": 1}


async def test_the_tier_counts_people_outside_their_window_in_a_day(session):
    clock = HandClock()
    async with FakeMeta(tier=2, windows=True, clock=clock) as fake:
        fake.templates["t"] = 2
        said = [
            await post(session, fake, **template("a", "b") | {"to": f"+92300000000{n % 3}"}) for n in range(5)
        ]
        assert [word == 131048 for word in said] == [False, False, True, False, False]
        fake.open("923009999999")
        assert str(await post(session, fake, **TEXT, to="+923009999999")).startswith("wamid")
        clock.advance(86_401)
        assert str(await post(session, fake, **template("a", "b"))).startswith("wamid")
        assert fake.over_tier == 1


async def test_media_are_forgotten_after_thirty_days(session):
    clock = HandClock()
    async with FakeMeta(clock=clock) as fake:
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": "image/png"})
        form.add_field("file", b"png", filename="a.png", content_type="image/png")
        login = {"Authorization": f"Bearer {fake.token}"}
        async with session.post(f"{fake.base}/{fake.number}/media", data=form, headers=login) as answer:
            media = (await answer.json())["id"]
        picture = {**HERS, "type": "image", "image": {"id": media}}
        assert str(await post(session, fake, **picture)).startswith("wamid")
        clock.advance(30 * 86_400 + 1)
        assert await post(session, fake, **picture) == 131052


class Hook:
    """A webhook of ours that refuses every third post."""

    def __init__(self):
        self.bodies, self.posts = [], 0

    async def take(self, request):
        self.posts += 1
        if self.posts % 3 == 0:
            return web.Response(status=503)
        self.bodies.append(await request.json())
        return web.Response()


async def test_statuses_come_with_our_key_twice_out_of_order_and_some_late_failures(session):
    hook, app = Hook(), web.Application()
    app.router.add_post("/", hook.take)
    faults = Faults(5, repeat=0.3, disorder=0.5)
    async with TestServer(app) as server, FakeMeta(faults=faults) as fake:
        fake.hook, fake.skips = str(server.make_url("/")), 0.3
        fake.late["+923000000007"] = 131047
        for number in range(20):
            key = f"brief:{number}"
            await post(session, fake, to=f"+92300000{number:04}", **TEXT, biz_opaque_callback_data=key)
        await fake.settle()
        reader = EventReader(lambda: NOON, Recent(), Undeliverable())
        events = [event for body in hook.bodies for event in reader.read(body)]
    by_key = {}
    for event in events:
        by_key.setdefault(event.key, []).append(event.kind)
    assert len(by_key) == 20
    assert set(by_key.pop("brief:7")) == {"failed"}
    assert all({"sent", "read"} <= set(kinds) for kinds in by_key.values())
    assert any("delivered" not in kinds for kinds in by_key.values()), "some are never told as delivered"
    assert any(kinds[0] != "sent" for kinds in by_key.values()), "out of order"
    assert len(events) > len({event.event_id for event in events}), "some twice"


@pytest.mark.parametrize(("kind", "taken", "said"), [("server", 0, 131000), ("throttle", 0, 130429)])
async def test_a_bad_day_says_with_a_code_that_nothing_was_taken(session, kind, taken, said):
    async with FakeMeta(faults=Faults(1, **{kind: 1.0})) as fake:
        assert await post(session, fake, **HERS, **TEXT) == said
        assert len(fake.messages) == taken


@pytest.mark.parametrize("kind", ["server_after", "reset_after", "reset"])
async def test_a_bad_day_behind_the_acceptance_says_nothing(session, kind):
    async with FakeMeta(faults=Faults(1, **{kind: 1.0})) as fake:
        with pytest.raises((aiohttp.ClientError, json.JSONDecodeError, TypeError)):
            await post(session, fake, **HERS, **TEXT)
        assert len(fake.messages) == (kind != "reset")


@pytest.mark.slow
async def test_a_developer_runs_it_from_the_command_line(session):
    hook, app = Hook(), web.Application()
    app.router.add_post("/hook", hook.take)
    async with TestServer(app) as server:
        url = str(server.make_url("/hook"))
        command = [sys.executable, "-m", "tests.fakes.meta", "--hook", url, "--templates", "daily_brief=2"]
        program = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
        try:
            told = dict(
                [(await program.stdout.readline()).decode().split()[1].split("=", 1) for _ in range(5)]
            )
            root = told["META_GRAPH_BASE"].rpartition("/")[0]
            order = {"from": "923001112233", "user_id": "PK.1", "text": "Hi"}
            async with session.post(f"{root}/_fake/update", json=order) as answer:
                assert await answer.json() == {"status": 200}
            fake = type("Told", (), {"token": told["META_ACCESS_TOKEN"], "base": told["META_GRAPH_BASE"]})
            fake.number = told["META_PHONE_NUMBER_ID"]
            assert str(await post(session, fake, recipient="PK.1", **TEXT)).startswith("wamid")
            async with session.get(f"{root}/_fake/messages") as answer:
                assert [m["text"]["body"] for m in await answer.json()] == ["x"]
            async with session.get(f"{root}/_fake/violations") as answer:
                assert (await answer.json())["violations"] == 0
        finally:
            program.terminate()
            await program.wait()
    assert hook.bodies[0]["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"] == "Hi"
