"""The contract of Twilio's fake: it refuses, lists, limits and calls back as Twilio does, so that a test against it can fail."""

import base64
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from tests.fakes.faults import Faults, HandClock
from tests.fakes.twilio import FakeTwilio
from tests.fakes.twilio_rules import Content

SANA = "whatsapp:+923001112233"
TO = {"To": SANA, "From": "whatsapp:+14155550100"}


async def post(session, fake, fields):
    """A message; its HTTP status and body."""
    pair = base64.b64encode(f"{fake.account}:{fake.token}".encode()).decode()
    url = f"{fake.base}/2010-04-01/Accounts/{fake.account}/Messages.json"
    async with session.post(url, data=fields, headers={"Authorization": f"Basic {pair}"}) as answer:
        return answer.status, await answer.json()


async def code(session, fake, **fields):
    return (await post(session, fake, TO | fields))[1].get("code")


@pytest.fixture
async def served():
    """A web server for media and callbacks: ``served.files`` by path, ``served.forms`` are what came."""
    app = web.Application()
    files, forms = {}, []

    async def give(request):
        if request.path not in files:
            raise web.HTTPNotFound
        body, kind = files[request.path]
        return web.Response(body=body, headers={"Content-Type": kind, "Content-Disposition": "inline"})

    async def take(request):
        forms.append((request.headers["X-Twilio-Signature"], await request.read()))
        return web.Response(status=500 if len(forms) == 1 else 200)

    app.router.add_get("/{name:.*}", give)
    app.router.add_post("/status", take)
    async with TestServer(app) as server:
        server.files, server.forms, server.base = files, forms, str(server.make_url("")).rstrip("/")
        yield server


async def test_the_window_is_counted_from_what_was_heard(session):
    clock = HandClock()
    async with FakeTwilio(window=True, now=clock.now, clock=clock) as fake:
        assert await code(session, fake, Body="x") == 63016
        fake._hear(fake.message("SM1", SANA, "hi"))
        clock.advance(24 * 3600 - 30)
        assert await code(session, fake, Body="x") is None
        clock.advance(31)
        assert await code(session, fake, Body="x") == 63016
        fake.contents = {"HX1": 1, "HX2": Content("{{1}}", session=True)}
        assert await code(session, fake, ContentSid="HX1", ContentVariables='{"1":"a"}') is None
        assert await code(session, fake, ContentSid="HX2", ContentVariables='{"1":"a"}') == 63016


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"OggS", "audio/ogg", None),
        (b"OggS", "audio/ogg; codecs=opus", 63019),
        (b"OggS", "application/ogg", 12300),
        (b"ID3", "audio/mpeg", None),
        (b"x", "audio/wav", 63019),
        (b"", "image/png", 63019),
        (b"x" * 5_000_001, "image/png", 12300),
        (b"x", "text/html", 12300),
    ],
)
async def test_media_are_fetched_and_looked_at(session, served, body, kind, expected):
    served.files["/a"] = (body, kind)
    async with FakeTwilio(fetches=True) as fake:
        assert await code(session, fake, MediaUrl=f"{served.base}/a") == expected
        assert await code(session, fake, MediaUrl=f"{served.base}/missing") == 63019
        assert await code(session, fake, MediaUrl="ftp://x/a") == 21620
        assert (await post(session, fake, MultiDict([*TO.items(), ("MediaUrl", "a"), ("MediaUrl", "b")])))[1][
            "code"
        ] == 21623


async def test_a_templates_picture_is_fetched_and_may_be_no_sound(session, served):
    served.files |= {"/media/c": (b"png", "image/png"), "/media/v": (b"OggS", "audio/ogg")}
    async with FakeTwilio(fetches=True) as fake:
        fake.contents["HX1"] = Content("{{1}}", more=2, media=2, host=f"{served.base}/media/")
        for name, expected in (("c", None), ("v", 63019)):
            variables = f'{{"1":"a","2":"{name}","3":"audio"}}'
            assert await code(session, fake, ContentSid="HX1", ContentVariables=variables) == expected


async def test_the_sandbox_lets_members_in_for_three_days(session):
    clock = HandClock()
    async with FakeTwilio(sandbox=True, now=clock.now, clock=clock) as fake:
        assert await code(session, fake, Body="x") == 63015
        fake._hear(fake.message("SM1", SANA, "join silver-otter"))
        assert await code(session, fake, Body="x") is None
        clock.advance(3 * 24 * 3600)
        assert await code(session, fake, Body="x") == 63015


async def test_more_than_the_rate_counts_and_is_refused_if_it_is_strict(session):
    clock = HandClock()
    async with FakeTwilio(rate=3, strict=True, clock=clock) as fake:
        said = [await code(session, fake, Body="x") for _ in range(5)]
        assert said == [None, None, None, 63018, 63018]
        assert fake.report()["violations"] == 2
        clock.advance(1.01)
        assert await code(session, fake, Body="x") is None


async def test_a_closed_interval_is_watched(session):
    clock = HandClock()
    async with FakeTwilio(clock=clock) as fake:
        fake.next = [(429, {"code": 20429}, {"Retry-After": "5"})]
        assert await code(session, fake, Body="x") == 20429
        await code(session, fake, Body="x")
        assert fake.report()["kinds"] == {f"closed:{TO['From']}": 1}


async def test_statuses_are_signed_brought_again_and_told_late(session, served):
    faults = Faults(3, repeat=0.5, disorder=0.5)
    async with FakeTwilio(callbacks=True, late=True, faults=faults) as fake:
        url = f"{served.base}/status"
        await code(session, fake, Body="x", StatusCallback=url)
        fake.shut.add(SANA)
        assert await code(session, fake, Body="x", StatusCallback=url) is None
        await fake.settled()
        read = [dict(parse_qsl(raw.decode())) for _, raw in served.forms]
        words = {form["MessageStatus"] for form in read}
        assert words == {"queued", "sent", "delivered", "read", "undelivered"}
        assert {form.get("ErrorCode") for form in read if form["MessageStatus"] == "undelivered"} == {"63016"}
        assert len(read) == 6 + faults.counts["repeat"] + 1  # the first was answered with 500
        assert len({form["MessageSid"] + form["MessageStatus"] for form in read}) == 6
        for signature, raw in served.forms:
            assert RequestValidator(fake.token).validate(url, MultiDict(parse_qsl(raw.decode())), signature)


async def test_the_list_is_newest_first_by_pages_of_both_directions(session):
    async with FakeTwilio() as fake:
        fake._hear(fake.message("SMin", SANA, "hi"))
        for number in range(5):
            await code(session, fake, Body=f"b{number}")
        await post(session, fake, TO | {"To": "whatsapp:+923009998887", "Body": "other"})
        pair = base64.b64encode(f"{fake.account}:{fake.token}".encode()).decode()
        path, bodies = f"/2010-04-01/Accounts/{fake.account}/Messages.json", []
        path += "?To=whatsapp%3A%2B923001112233&PageSize=2"
        while path:
            async with session.get(fake.base + path, headers={"Authorization": f"Basic {pair}"}) as answer:
                page = await answer.json()
            bodies += [message["body"] for message in page["messages"]]
            path = page["next_page_uri"]
        assert bodies == ["b4", "b3", "b2", "b1", "b0"]


async def test_a_bad_day_loses_answers_before_and_after(session):
    async with FakeTwilio(rate=10_000, faults=Faults(5, reset=0.2, reset_after=0.2, server=0.1)) as fake:
        answered = 0
        for _ in range(60):
            try:
                status, _body = await post(session, fake, TO | {"Body": "x"})
                answered += status == 201
            except (OSError, aiohttp.ClientError):
                continue
        assert answered < len(fake.messages) < 60
        assert {"reset", "reset_after", "server"} <= set(fake.faults.counts)


async def test_a_control_request_brings_a_signed_message(session, served):
    async with FakeTwilio() as fake:
        fake.webhook = f"{served.base}/status"
        for door in ("message", "update"):
            async with session.post(
                f"{fake.base}/_fake/{door}", json={"from": "+923001112233", "text": "Hi"}
            ) as answer:
                assert (await answer.json())["status"] in {200, 500}
        assert [dict(parse_qsl(raw.decode()))["Body"] for _, raw in served.forms] == ["Hi", "Hi"]
        async with session.get(f"{fake.base}/_fake/violations") as answer:
            assert (await answer.json())["violations"] == 0


async def test_its_clock_is_handed_in(session):
    moment = datetime(2026, 8, 20, 12, tzinfo=UTC)
    async with FakeTwilio(now=lambda: moment) as fake:
        _, body = await post(session, fake, TO | {"Body": "x"})
        assert body["date_created"] == "Thu, 20 Aug 2026 12:00:00 +0000"
