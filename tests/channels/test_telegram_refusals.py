"""Telegram: what each of its refusals means for the message, the person and the account."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram import Telegram
from services.domain.conversation import Text
from services.domain.errors import AccountRefused, DeliveryFailed, RecipientGone, TooFast
from tests.channels.conftest import NOON
from tests.fakes.sender import free

SHARED = Path(__file__).parents[3] / "shared" / "payloads" / "telegram" / "derived_responses"


@pytest.fixture
def refused(telegram, telegram_api, shelf, outbound):
    """What sending fails with when Telegram answers so: ``await refused(status, body, chat=…, lane=…)``."""

    async def send(status, body, chat="70001", by=telegram, **more):
        telegram_api.next = [(status, body)]
        with pytest.raises(DeliveryFailed) as failed:
            await by.send(outbound("telegram", chat, Text("secret words"), **more), shelf, free)
        return failed.value

    return send


@pytest.mark.parametrize(
    ("status", "said", "kind", "code"),
    [
        (403, "Forbidden: bot was blocked by the user", RecipientGone, "403 blocked"),
        (403, "Forbidden: user is deactivated", RecipientGone, "403 deactivated"),
        (403, "Forbidden: bot can't initiate conversation with a user", RecipientGone, "403 never started"),
        (403, "Forbidden: bot was kicked from the supergroup chat", RecipientGone, "403 kicked"),
        (403, "Forbidden: bot is not a member of the channel chat", RecipientGone, "403 not a member"),
        (400, "Bad Request: chat not found", RecipientGone, "400 chat not found"),
        (400, "Bad Request: PEER_ID_INVALID", RecipientGone, "400 peer id"),
        (401, "Unauthorized", AccountRefused, "401"),
        (404, "Not Found", AccountRefused, "404"),
        (409, "Conflict: terminated by other getUpdates request", AccountRefused, "409"),
    ],
)
async def test_a_known_refusal_has_its_kind_and_its_name(refused, telegram_api, status, said, kind, code):
    body = {"ok": False, "error_code": status, "description": said}
    error = await refused(status, body)
    assert (type(error), error.code, error.ambiguous) == (kind, code, False)
    assert telegram_api.token not in str(error)
    assert "70001" not in str(error)
    assert "secret words" not in str(error)


@pytest.mark.parametrize(
    ("status", "said", "permanent", "ambiguous"),
    [
        (400, "Bad Request: something of the year 2030", True, False),
        (403, "Forbidden: something of the year 2030", True, False),
        (413, "Request Entity Too Large", True, False),
        (500, "Internal Server Error", False, False),
        (502, "Bad Gateway", False, False),
        (504, "Gateway Time-out", False, True),
    ],
)
async def test_an_unknown_refusal_is_safe_and_bears_its_status(refused, status, said, permanent, ambiguous):
    """Nobody is unsubscribed for what we do not know, and nothing is sent twice."""
    error = await refused(status, {"ok": False, "description": said})
    assert type(error) is DeliveryFailed
    assert (error.permanent, error.ambiguous, error.code) == (permanent, ambiguous, str(status))


async def test_a_conflict_says_what_to_look_for(refused):
    body = {"ok": False, "description": "Conflict: terminated by other getUpdates request"}
    error = await refused(409, body)
    assert "another program" in error.detail
    assert error.scope == "account"


FLOOD = {"ok": False, "description": "Too Many Requests: retry after 7", "parameters": {"retry_after": 7}}


@pytest.mark.parametrize(
    ("chat", "lane", "scope"),
    [("70001", "interactive", "chat"), ("70001", "broadcast", "sender"), ("-100777", "broadcast", "chat")],
)
async def test_the_pause_is_handed_on_for_the_right_scope(refused, chat, lane, scope):
    error = await refused(429, FLOOD, chat=chat, lane=lane)
    assert (type(error), error.scope, error.wait, error.permanent, error.ambiguous) == (
        TooFast,
        scope,
        7.0,
        False,
        False,
    )


async def test_two_chats_refused_within_one_pause_are_the_bot_that_is_too_fast(
    session, telegram_api, refused, files
):
    at = [NOON]
    telegram = Telegram(
        session, token=telegram_api.token, secret="s", now=lambda: at[0], base=telegram_api.base, files=files
    )

    async def scope(chat):
        return (await refused(429, FLOOD, chat=chat, by=telegram)).scope

    assert [await scope("1"), await scope("1"), await scope("2"), await scope("3")] == [
        "chat",
        "chat",
        "sender",
        "sender",
    ]
    at[0] += timedelta(seconds=8)
    assert await scope("4") == "chat"


@pytest.mark.parametrize(
    ("parameters", "wait"),
    [
        ({}, 5.0),
        ({"retry_after": "9"}, 9.0),
        ({"retry_after": None}, 5.0),
        ({"retry_after": -1}, 5.0),
        ({"retry_after": 1e9}, 86400.0),
    ],
)
async def test_a_pause_that_cannot_be_read_is_a_short_one(refused, parameters, wait):
    error = await refused(429, {"ok": False, "parameters": parameters})
    assert (type(error), error.wait) == (TooFast, wait)


MEANT = {
    "400_chat_not_found": RecipientGone, "403_blocked": RecipientGone, "403_cant_initiate": RecipientGone,
    "403_deactivated": RecipientGone, "403_kicked_supergroup": RecipientGone, "429_retry_after": TooFast,
    "401_unauthorized": AccountRefused, "409_conflict": AccountRefused, "502_bad_gateway": DeliveryFailed,
    "400_not_modified": None, "400_query_too_old": None, "ok_send_message": None, "ok_send_voice": None,
    "400_migrated": None, "400_parse_entities": None, "400_too_long": None,
}  # fmt: skip


async def test_each_documented_answer_has_its_effect(refused, telegram, telegram_api, shelf, outbound):
    for path in sorted(SHARED.glob("*.json")):  # in addition, where they lie beside the project
        answer = json.loads(path.read_bytes())
        status, body = answer["http_status"], answer["body"]
        kind = MEANT.get(path.stem, "unknown")
        if kind is None:
            telegram_api.next = [(status, body)]
            sent = await telegram.send(outbound("telegram", "70001", Text("one two")), shelf, free)
            assert sent.refs, path.stem
        elif kind != "unknown":
            assert type(await refused(status, body)) is kind, path.stem
