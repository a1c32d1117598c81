"""The contracts of the fakes: each refuses what its provider refuses, so that a test against it can fail."""

import aiohttp
import pytest

from tests.fakes.meta import FakeMeta
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import FakeTwilio


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "x" * 4096}, None),
        ({"text": "📈" * 2048}, None),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "📈" * 2048 + "x"}, "message is too long"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "<b>a</b> &lt;", "parse_mode": "HTML"}, None),
        ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "A & B", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<b><i>a</b></i>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<script>a</script>", "parse_mode": "HTML"}, "can't parse entities"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ک" * 32}]]}},
            None,
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ک" * 33}]]}},
            "BUTTON_DATA",
        ),
        ({"text": "a", "chat_id": "666"}, "bot was blocked"),
        ({"text": "a", "chat_id": "@x"}, "chat not found"),
    ],
)
async def test_telegram(session, fields, said):
    async with FakeTelegram() as fake:
        fake.blocked.add("666")
        url = f"{fake.base}/bot{fake.token}/sendMessage"
        async with session.post(url, json={"chat_id": 1, **fields}) as answer:
            body = await answer.json()
        assert body["ok"] is (said is None)
        assert said is None or said in body["description"]
        async with session.post(
            f"{fake.base}/botwrong/sendMessage", json={"chat_id": 1, "text": "a"}
        ) as answer:
            assert answer.status == 401


TO = {"To": "whatsapp:+92", "From": "whatsapp:+1"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (TO | {"Body": "x" * 1600}, None),
        (TO | {"Body": "x" * 1601}, 21617),
        (TO | {"Body": ""}, 21619),
        (TO | {"MediaUrl": "ftp://x"}, 21620),
        ({"To": "+92", "From": "whatsapp:+1", "Body": "x"}, 21211),
        (TO | {"ContentSid": "HX1", "ContentVariables": '{"1":"a"}'}, None),
        (TO | {"ContentSid": "HX1", "ContentVariables": '{"1":""}'}, 63028),
        (TO | {"ContentSid": "HX1", "ContentVariables": "{'1':'a'}"}, 21656),
        (TO | {"ContentSid": "HX1", "ContentVariables": '{"1":"a"}', "Body": "x"}, 63016),
        (TO | {"ContentSid": "HX9"}, 63027),
    ],
)
async def test_twilio(session, fields, code):
    async with FakeTwilio() as fake:
        fake.contents["HX1"] = 1
        url = f"{fake.base}/2010-04-01/Accounts/{fake.account}/Messages.json"
        login = {"Authorization": aiohttp.encode_basic_auth(fake.account, fake.token)}
        async with session.post(url, data=fields, headers=login) as answer:
            assert (await answer.json()).get("code") == code
        async with session.post(url, data=fields) as answer:
            assert answer.status == 401


def reply(title="A", press="a"):
    return {"type": "reply", "reply": {"id": press, "title": title}}


def interactive(text, *buttons):
    content = {"type": "button", "body": {"text": text}, "action": {"buttons": list(buttons)}}
    return {"to": "+923001112233", "type": "interactive", "interactive": content}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"to": "+923001112233", "type": "text", "text": {"body": "x" * 4096}}, None),
        ({"to": "+923001112233", "type": "text", "text": {"body": "x" * 4097}}, 131009),
        ({"to": "me", "type": "text", "text": {"body": "x"}}, 131009),
        ({"recipient": "PK.123", "type": "text", "text": {"body": "x"}}, None),
        ({"type": "text", "text": {"body": "x"}}, 100),
        (interactive("x", reply()), None),
        (interactive("x" * 1025, reply()), 131009),
        (interactive("x", reply("A" * 21)), 131009),
        (interactive("x", reply(), reply(press="b")), 131009),
        (interactive("x", *(reply(str(n), str(n)) for n in range(4))), 131009),
        ({"to": "+923001112233", "type": "image", "image": {"id": "none"}}, 131052),
    ],
)
async def test_meta(session, message, code):
    async with FakeMeta() as fake:
        login = {"Authorization": f"Bearer {fake.token}"}
        url = f"{fake.base}/{fake.number}/messages"
        async with session.post(
            url, json={"messaging_product": "whatsapp", **message}, headers=login
        ) as answer:
            assert (await answer.json()).get("error", {}).get("code") == code
        async with session.post(url, json={"messaging_product": "whatsapp", **message}) as answer:
            assert answer.status == 401
