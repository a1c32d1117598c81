"""The chat socket: hello, say, press, acknowledgements, many pages, foreign sites, bad frames."""

import asyncio
import json

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.webchat import WebChat
from services.domain.conversation import Address, Button, Document, Inbound, Picture, Text, Voice
from services.domain.errors import Unavailable
from tests.fakes.sender import free

KEY = "a1b2c3d4-0000-4000-8000-000000000001"
ADMIN = "admin-" + KEY


class Corridor:
    """What stands behind the chat: an inbox that can be broken, and a history."""

    def __init__(self):
        self.taken, self.past, self.broken = [], [], False

    async def accept(self, inbound):
        if self.broken:
            raise Unavailable("the database does not answer")
        self.taken.append(inbound)
        return True

    async def history(self, address):
        return [outbound for outbound in self.past if outbound.address == address]


@pytest.fixture
def corridor():
    return Corridor()


@pytest.fixture
def chat(now):
    return WebChat(
        now=now, media_url=lambda ref: f"https://bot.example.pk:8080/media/{ref.key}?s=1", dev_admin=True
    )


@pytest.fixture
async def client(chat, corridor):
    app = web.Application()
    app.add_routes(chat.routes(accept=corridor.accept, history=corridor.history))
    async with TestClient(TestServer(app)) as opened:
        yield opened
        await chat.close()


async def told(socket):
    return json.loads((await socket.receive(timeout=2)).data)


def text_of(frame):
    return [block["text"] for block in frame["blocks"] if block["kind"] == "text"]


async def test_hello_is_answered_with_who_we_are_and_the_history(client, corridor, outbound):
    corridor.past = [
        outbound("web", KEY, Text("earlier"), key="k1"),
        outbound("web", "other-key-1234567", Text("not yours")),
    ]
    async with client.ws_connect(f"/chat/ws?key={KEY}") as socket:
        await socket.send_json({"type": "hello"})
        welcome, history = await told(socket), await told(socket)
    assert (welcome["type"], welcome["may_admin"], welcome["admin"]) == ("welcome", True, False)
    assert history["type"] == "history"
    assert [text_of(frame) for frame in history["messages"]] == [["earlier"]]


async def test_what_is_said_and_pressed_is_stored_before_it_is_acknowledged(client, corridor):
    async with client.ws_connect(f"/chat/ws?key={KEY}") as socket:
        await socket.send_json({"type": "say", "id": "11111111-aaaa", "text": "سلام *MEBL* <b>"})
        assert (await told(socket))["id"] == "11111111-aaaa"
        await socket.send_json({"type": "press", "id": "22222222-bbbb", "press": "lang:ur", "title": "اردو"})
        accepted = await told(socket)
    assert (accepted["type"], accepted["at"]) == ("accepted", "2026-08-20T12:00:00+00:00")
    said, pressed = corridor.taken
    assert (said.address, said.text, said.pressed) == (Address("web", KEY), "سلام *MEBL* <b>", "")
    assert (pressed.text, pressed.pressed) == ("اردو", "lang:ur")
    assert said.event_id.startswith("web:")
    assert said.event_id.endswith(":11111111-aaaa")
    assert KEY not in said.event_id


async def test_two_people_cannot_clash_and_one_person_repeats_himself_with_the_same_id(client, corridor):
    for key in (KEY, KEY, "b" * 20):
        async with client.ws_connect(f"/chat/ws?key={key}") as socket:
            await socket.send_json({"type": "say", "id": "11111111-aaaa", "text": "hi"})
            await told(socket)
    first, again, other = (inbound.event_id for inbound in corridor.taken)
    assert first == again
    assert first != other


async def test_a_message_reaches_every_page_of_a_person_and_nobody_else(chat, client, shelf, outbound):
    message = outbound(
        "web", KEY,
        Text("*hi*"), Picture(shelf.png, "c", "a"), Voice(shelf.ogg, 71.64, "words"), Document(shelf.pdf),
        buttons=[Button("Go", "go")], source="Sample data",
    )  # fmt: skip
    async with (
        client.ws_connect(f"/chat/ws?key={KEY}") as one,
        client.ws_connect(f"/chat/ws?key={KEY}") as two,
        client.ws_connect(f"/chat/ws?key={'b' * 20}") as stranger,
    ):
        assert chat.watching == 3
        await chat.typing(Inbound("web:x:1", Address("web", KEY), message.at), "recording")
        receipt = await chat.send(message, shelf, free)
        for socket in (one, two):
            assert await told(socket) == {"type": "typing", "kind": "recording"}
            frame = await told(socket)
            assert (frame["id"], frame["source"], frame["buttons"]) == (
                "reply:e:0", "Sample data", [{"title": "Go", "press": "go"}],
            )  # fmt: skip
            text, picture, voice, document = frame["blocks"]
            assert text == {"kind": "text", "text": "*hi*"}
            assert picture["url"] == f"/media/{shelf.png.key}?s=1"
            assert (voice["seconds"], voice["transcript"]) == (71.6, "words")
            assert (document["name"], document["size"]) == ("report.pdf", shelf.pdf.size)
        with pytest.raises(TimeoutError):
            await stranger.receive(timeout=0.1)
    assert receipt.refs == ("web:reply:e:0",)


async def test_without_an_open_page_a_message_counts_as_sent(chat, shelf, outbound):
    receipt = await chat.send(outbound("web", KEY, Text("hi")), shelf, free)
    assert receipt.refs
    assert chat.watching == 0


async def test_a_page_that_went_away_is_forgotten(chat, client, shelf, outbound):
    socket = await client.ws_connect(f"/chat/ws?key={KEY}")
    await socket.close()
    await asyncio.sleep(0.05)
    assert chat.watching == 0
    await chat.send(outbound("web", KEY, Text("hi")), shelf, free)


async def test_a_broken_inbox_asks_for_another_try(client, corridor):
    corridor.broken = True
    async with client.ws_connect(f"/chat/ws?key={KEY}") as socket:
        await socket.send_json({"type": "say", "id": "11111111-aaaa", "text": "hi"})
        assert await told(socket) == {"type": "retry", "id": "11111111-aaaa"}


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        ("", "error"), ("{", "error"), ("[]", "error"), ('"say"', "error"), ('{"type":"sudo"}', "error"),
        ("[" * 50_000, "error"), ('{"type":["say"]}', "error"),
        ('{"type":"say"}', "refused"), ('{"type":"say","id":7,"text":"x"}', "refused"),
        ('{"type":"say","id":"short","text":"x"}', "refused"), ('{"type":"say","id":"11111111-a","text":["x"]}', "refused"),
        (json.dumps({"type": "say", "id": "11111111-a", "text": "x" * 20_001}), "refused"),
        (json.dumps({"type": "press", "id": "11111111-a", "press": "x" * 300, "title": "t"}), "refused"),
    ],
)  # fmt: skip
async def test_a_bad_frame_is_answered_and_harms_nothing(client, corridor, frame, answer):
    async with client.ws_connect(f"/chat/ws?key={KEY}") as socket:
        await socket.send_str(frame)
        assert (await told(socket))["type"] == answer
        await socket.send_json({"type": "say", "id": "11111111-aaaa", "text": "still here"})
        assert (await told(socket))["type"] == "accepted"
    assert [inbound.text for inbound in corridor.taken] == ["still here"]


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 65, "a b" * 8, "../../../../etc/pass", "ключключключключ"]
)
async def test_a_key_that_is_none_is_refused(client, key):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect("/chat/ws", params={"key": key})
    assert refused.value.status == 400


async def test_a_foreign_site_cannot_speak_through_a_visitor(client):
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(f"/chat/ws?key={KEY}", headers={"Origin": origin})
        assert refused.value.status == 403
    own = f"http://{client.host}:{client.port}"
    async with client.ws_connect(f"/chat/ws?key={KEY}", headers={"Origin": own}) as socket:
        await socket.send_json({"type": "hello"})
        assert (await told(socket))["type"] == "welcome"


async def test_only_a_page_on_this_machine_may_speak_as_admin(chat, client):
    async with client.ws_connect(f"/chat/ws?key={ADMIN}") as socket:
        await socket.send_json({"type": "hello"})
        assert (await told(socket))["admin"] is True
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(f"/chat/ws?key={ADMIN}", headers={"Host": "rebound.example"})
    assert refused.value.status == 403
    chat._dev_admin = False
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await client.ws_connect(f"/chat/ws?key={ADMIN}")
    async with client.ws_connect(f"/chat/ws?key={KEY}") as socket:
        await socket.send_json({"type": "hello"})
        assert (await told(socket))["may_admin"] is False


async def test_the_page_is_served_with_a_strict_policy_and_no_foreign_parts(client):
    for path, kind in (
        ("/", "text/html"),
        ("/chat/page.css", "text/css"),
        ("/chat/page.js", "text/javascript"),
    ):
        async with client.get(path) as answer:
            assert answer.status == 200
            assert answer.content_type == kind
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            body = await answer.text()
        assert "innerHTML" not in body
        assert "style=" not in body
        assert 'src="http' not in body


async def test_a_closed_door_is_not_there(now):
    closed = WebChat(now=now, media_url=lambda ref: "", enabled=False)
    corridor = Corridor()
    app = web.Application()
    app.add_routes(closed.routes(accept=corridor.accept, history=corridor.history))
    async with TestClient(TestServer(app)) as client:
        for path in ("/", "/chat/page.js", f"/chat/ws?key={KEY}"):
            async with client.get(path) as answer:
                assert answer.status == 404
    assert not closed.configured
