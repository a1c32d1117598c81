"""Twilio: what each refusal means, what is certain and what is not, and what must never be told."""

import asyncio
import json
import logging
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.late import judge
from bot.channels.twilio import Twilio
from bot.channels.twilio_codes import REFUSALS
from services.domain.conversation import Address, Picture, Text
from services.domain.errors import (
    AccountRefused,
    DeliveryFailed,
    HeldBack,
    OptedOut,
    RecipientGone,
    TemplateRefused,
    TooFast,
    WindowClosed,
)
from tests.fakes.sender import free

SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "twilio" / "derived_responses"
BILAL = Address("twilio", "whatsapp:+923339990001")
PLAIN = DeliveryFailed

# Code -> our error, final for this message, what it is about. By twilio.com/docs/api/errors and CHANNELS.md 2.7.
MEANINGS = {
    63016: (WindowClosed, True, "message"),
    **dict.fromkeys((63018, 30001, 21611), (TooFast, False, "sender")),
    **dict.fromkeys((63038, 63017, 20429), (TooFast, False, "account")),
    **dict.fromkeys((63024, 21211, 63003, 63015, 63014), (RecipientGone, True, "chat")),
    21610: (OptedOut, True, "chat"),
    **dict.fromkeys((63032, 63049), (HeldBack, True, "chat")),
    **dict.fromkeys((63019, 12300, 63021, 63037, 21620, 21617, 21619), (PLAIN, True, "message")),
    **dict.fromkeys((63027, 63028, 63013, 21656), (TemplateRefused, True, "message")),
    **dict.fromkeys((63001, 63005, 63012, 63020, 63022, 20003), (AccountRefused, False, "account")),
    20503: (PLAIN, False, "message"),
    99999: (PLAIN, True, "message"),
}


def answer(code, status=400, **headers):
    return (status, {"code": code, "message": f"Invalid 'To': {BILAL.key}", "status": status}, headers)


async def failure(twilio, shelf, message):
    with pytest.raises(DeliveryFailed) as failed:
        await twilio.send(message, shelf, free)
    return failed.value


@pytest.mark.parametrize("code", MEANINGS)
async def test_each_code_at_once_and_late(twilio, twilio_api, shelf, outbound, code):
    kind, permanent, scope = MEANINGS[code]
    status = {20003: 401, 20429: 429, 20503: 503}.get(code, 400)
    twilio_api.next = [answer(code, status)] * 2
    at_once = await failure(twilio, shelf, outbound("twilio", BILAL.key, Text("secret words")))
    for error in (at_once, judge("twilio", str(code))):
        assert (type(error), error.permanent, error.scope) == (kind, permanent, scope)
        assert (error.code, error.ambiguous) == (str(code), False)
        assert "3339990001" not in str(error)
        assert "secret words" not in str(error)
    assert code == 99999 or code in REFUSALS


@pytest.mark.parametrize("code", ["", "0", "abc", "٦٣٠١٦", "9" * 50])
def test_a_late_code_that_nobody_knows_is_final_for_its_message(code):
    error = judge("twilio", code)
    assert (type(error), error.permanent) == (DeliveryFailed, True)


async def test_documented_answers_are_classed(twilio, twilio_api, shelf, outbound):
    for path in sorted(SHARED.glob("*.json")):
        given = json.loads(path.read_text())
        twilio_api.next = [(given["http_status"], given["body"])] * (2 if given["http_status"] == 401 else 1)
        error = await failure(twilio, shelf, outbound("twilio", BILAL.key, Text("x")))
        assert error.code == str(given["body"]["code"])
        assert not error.ambiguous


@pytest.mark.parametrize(
    ("status", "body", "kind", "ambiguous", "permanent"),
    [
        (500, {}, PLAIN, False, False),
        (502, {"code": None}, PLAIN, False, False),
        (503, {}, PLAIN, False, False),
        (504, ["no", "object"], PLAIN, True, False),
        (429, {}, TooFast, False, False),
        (401, {}, AccountRefused, False, False),
        (403, {"code": "x"}, AccountRefused, False, False),
        (404, {"code": 20404}, AccountRefused, False, False),
        (400, {"code": 31337}, PLAIN, False, True),
        (302, {}, PLAIN, True, False),
        (201, {}, PLAIN, True, False),
        (201, ["sid"], PLAIN, True, False),
        (201, {"sid": None}, PLAIN, True, False),
        (201, {"sid": 7, "date_created": 5}, PLAIN, True, False),
    ],
)
async def test_answers_without_a_code_of_ours(  # noqa: PLR0913  # a table's columns
    twilio, twilio_api, shelf, outbound, status, body, kind, ambiguous, permanent
):
    twilio_api.next = [(status, body)] * 2
    error = await failure(twilio, shelf, outbound("twilio", BILAL.key, Text("x")))
    assert (type(error), error.ambiguous, error.permanent) == (kind, ambiguous, permanent)


async def test_the_pause_that_twilio_asks_for_is_handed_on(twilio, twilio_api, shelf, outbound):
    twilio_api.next = [answer(20429, 429, **{"Retry-After": "7"})]
    error = await failure(twilio, shelf, outbound("twilio", BILAL.key, Text("x")))
    assert (type(error), error.wait, error.scope) == (TooFast, 7.0, "account")
    assert twilio.concurrent == 1


@pytest.mark.parametrize("planned", [answer(20429, 429), answer(None, 500), "hang", answer(63019)])
async def test_a_failure_says_how_far_it_got_and_repeats_nothing(
    twilio, twilio_api, shelf, outbound, planned
):
    message = outbound("twilio", BILAL.key, Text("one"), Text("two"), Text("three"))
    await twilio.send(
        replace(message, key="first", reply=replace(message.reply, blocks=(Text("one"),))), shelf, free
    )
    twilio_api.next = [planned]
    error = await failure(twilio, shelf, replace(message, done=("SM0",)))
    assert (error.done, twilio_api.requests) == (("SM0",), 2)
    receipt = await twilio.send(replace(message, done=error.done), shelf, free)
    assert [m["Body"] for m in twilio_api.messages] == ["one", "two", "three"]
    assert len(receipt.refs) == 3


async def test_the_other_token_of_a_rotation_is_tried_and_kept(twilio, twilio_api, shelf, outbound):
    twilio_api.token = "next-token"
    for _ in range(2):
        await twilio.send(outbound("twilio", BILAL.key, Text("hi")), shelf, free)
    assert (len(twilio_api.messages), twilio_api.requests) == (2, 3)
    twilio_api.token = "twilio-token"
    sends = (
        twilio.send(outbound("twilio", BILAL.key, Text("hi"), key=f"k{n}"), shelf, free) for n in range(8)
    )
    await asyncio.gather(*sends)
    assert len(twilio_api.messages) == 10
    twilio_api.token = "a third"
    assert isinstance(await failure(twilio, shelf, outbound("twilio", BILAL.key, Text("hi"))), AccountRefused)


@pytest.mark.parametrize("planned", ["hang", "lost"])
async def test_a_lost_answer_is_ambiguous_and_never_sent_again(twilio, twilio_api, shelf, outbound, planned):
    twilio_api.next = [planned]
    error = await failure(twilio, shelf, outbound("twilio", BILAL.key, Text("hi")))
    assert error.ambiguous
    assert twilio_api.requests == 1


async def test_who_is_not_reached_has_got_nothing(twilio, twilio_api, shelf, outbound):
    await twilio_api._server.close()
    error = await failure(twilio, shelf, outbound("twilio", BILAL.key, Text("hi")))
    assert (error.ambiguous, error.permanent) == (False, False)


async def test_a_server_that_never_answers_does_not_hang_us(session, now, shelf, outbound):
    never = asyncio.Event()

    async def silent(_request):
        await never.wait()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", silent)
    async with TestServer(app) as server:
        twilio = Twilio(
            session, account_sid="AC1", auth_token="t", sender="+1415", public_url="https://b.pk",
            media_url=lambda ref: "", now=now, base=str(server.make_url("")),
        )  # fmt: skip
        quick = aiohttp.ClientTimeout(total=0.2)
        wire = twilio._api._backend._wire
        slow = wire.request
        wire.request = lambda *given, **named: slow(*given, **(named | {"timeout": quick}))
        error = await failure(twilio, shelf, outbound("twilio", BILAL.key, Text("hi")))
        assert error.ambiguous
        never.set()


async def test_the_library_waits_no_longer_than_we_say(twilio, twilio_api, shelf, outbound):
    """Its own client hands over no limit at all; ours is in every request."""
    given = []
    wire = twilio._api._backend._wire
    real = wire._session.request

    def noted(*args, **named):
        given.append((named["timeout"], named["allow_redirects"]))
        return real(*args, **named)

    wire._session = type("Session", (), {"request": staticmethod(noted)})()
    await twilio.send(outbound("twilio", BILAL.key, Text("hi")), shelf, free)
    ((limits, redirects),) = given
    assert (limits.total, limits.connect, limits.sock_read, redirects) == (30, 5, 20, False)


async def test_the_librarys_own_log_and_errors_tell_nothing(twilio, twilio_api, shelf, outbound, caplog):
    caplog.set_level(logging.DEBUG)
    twilio_api.next = [answer(21211), answer(None, 500), "hang"]
    errors = []
    for n in range(4):
        message = outbound("twilio", BILAL.key, Text("my 40000 rupees"), Picture(shelf.png), key=f"k{n}")
        try:
            await twilio.send(message, shelf, free)
        except DeliveryFailed as failed:
            errors.append(repr(failed) + str(failed.__cause__) + str(failed.__context__))
    ours = [
        record.getMessage() for record in caplog.records if record.name != "aiohttp.access"
    ]  # the fake's own
    told = "\n".join([*ours, *errors])
    assert len(errors) == 3
    for secret in ("3339990001", "40000", twilio_api.token, twilio_api.account, shelf.png.key):
        assert secret not in told
