"""The chat page in a real browser: hello, marks as nodes, pictures, sound, reload, lost connection, right-to-left."""

import asyncio
import io
import itertools
import shutil
import struct
import wave
import zlib
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.webchat import WebChat
from services.domain.conversation import Address, Button, MediaRef, Outbound, Picture, Reply, Text, Voice

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
pytestmark = [
    pytest.mark.chromium,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium: apt-get install chromium"),
    pytest.mark.timeout(120),
]
MARKED = (
    "*Your X-Ray* of _MEBL_, 2*3*4, snake_case_name, <script>window.evil=1</script> <img src=x onerror=window.evil=1> "
    "https://example.org/x?a=1. javascript:alert(1)"
)
URDU = "*آپ کا ایکسرے*\nبینک 34.0%"


def png():
    """A red square of 40 pixels, made by hand."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\0\0" * 40 for _ in range(40))
    head = struct.pack(">IIBBBBB", 40, 40, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def beep():
    """Half a second of silence."""
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setparams((1, 2, 8000, 4000, "NONE", ""))
        out.writeframes(b"\0\0" * 4000)
    return made.getvalue()


async def free():
    """No rate is kept here."""


class Bot:
    """A scripted bot behind the page: every message gets the next answer; what came in is kept once by its id."""

    def __init__(self, now):
        self.seconds, self.start = itertools.count(), now()
        self.heard, self.past, self.silent = {}, [], False
        self.spoken_to = asyncio.Event()
        self.chat = WebChat(
            now=self.now, media_url=lambda ref: f"http://elsewhere/media/{ref.key}", dev_admin=True
        )
        picture = Picture(MediaRef("p.png", "image/png", 100), "by sector", "Banks 34%")
        voice = Voice(MediaRef("v.wav", "audio/wav", 100), 0.5, "Good morning.")
        self.answers = [
            Reply((Text("Salam! Language?"),), (Button("English", "lang:en"), Button("اردو", "lang:ur"))),
            Reply((Text(MARKED), picture, voice), (), "Sample data, 20 Aug 2026"),
            Reply((Text(URDU),)),
        ]

    def now(self):
        """A clock that moves on by a second each time it is asked."""
        return self.start + timedelta(seconds=next(self.seconds))

    async def accept(self, inbound):
        fresh = inbound.event_id not in self.heard
        self.heard[inbound.event_id] = inbound
        self.spoken_to.set()
        if fresh and not self.silent:
            await self.chat.typing(inbound, "recording")
            await self.say(inbound.address, self.answers.pop(0))

    async def say(self, address, reply):
        outbound = Outbound(f"k{len(self.past)}", "u", address, reply, self.now())
        self.past.append(outbound)
        await self.chat.send(outbound, None, free)

    async def history(self, address):
        return [outbound for outbound in self.past if outbound.address == address]

    async def serve(self, port=None):
        app = web.Application()
        app.add_routes(self.chat.routes(accept=self.accept, history=self.history))
        app.router.add_get("/media/{name}", self._media)
        self.server = TestServer(app, port=port)
        await self.server.start_server()
        return str(self.server.make_url("/"))

    async def stop(self):
        await self.chat.close()
        await self.server.close()

    async def _media(self, request):
        data, kind = {"p.png": (png(), "image/png"), "v.wav": (beep(), "audio/wav")}[
            request.match_info["name"]
        ]
        return web.Response(body=data, content_type=kind)


@pytest.fixture
async def bot(now):
    made = Bot(now)
    made.url = await made.serve()
    yield made
    await made.stop()


@pytest.fixture
async def page(bot):
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = await browser.new_page(viewport={"width": 360, "height": 720})
        opened.wrong = []
        opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
        opened.on("console", lambda line: opened.wrong.append(line.text) if line.type == "error" else None)
        await opened.goto(bot.url)
        await opened.locator('#state[data-state="open"]').wait_for()
        yield opened
        await browser.close()


async def say(page, text):
    await page.fill("#words", text)
    await page.press("#words", "Enter")


async def test_a_conversation(bot, page):
    await say(page, "Hi")
    await page.get_by_role("button", name="English").click()
    answer = page.locator(".theirs").nth(1)
    await answer.wait_for()
    assert [inbound.text for inbound in bot.heard.values()] == ["Hi", "English"]
    assert [inbound.pressed for inbound in bot.heard.values()] == ["", "lang:en"]
    assert await answer.locator("strong").all_inner_texts() == ["Your X-Ray"]
    assert await answer.locator("em").all_inner_texts() == ["MEBL"]
    assert await answer.locator("a").evaluate_all("all => all.map(a => a.href)") == [
        "https://example.org/x?a=1"
    ]
    assert "<script>window.evil=1</script> <img src=x" in await answer.inner_text()
    assert await page.evaluate("window.evil") is None
    assert await answer.locator(".source").inner_text() == "Sample data, 20 Aug 2026"
    assert await answer.locator(".zoom img").get_attribute("alt") == "Banks 34%"
    assert page.wrong == []


async def test_a_picture_opens_large_and_closes_by_key(bot, page):
    bot.answers.pop(0)
    await say(page, "x-ray")
    await page.locator(".zoom").click()
    assert await page.locator("#viewer").evaluate("v => v.open")
    assert await page.locator("#large").evaluate("i => i.decode().then(() => i.naturalWidth)") == 40
    await page.keyboard.press("Escape")
    assert not await page.locator("#viewer").evaluate("v => v.open")


async def test_a_voice_note_plays_and_can_be_read(bot, page):
    bot.answers.pop(0)
    await say(page, "audio")
    sound = page.locator("audio")
    await sound.wait_for()
    assert (
        await sound.evaluate(
            "a => a.play().then(() => new Promise(done => a.onended = () => done(a.duration)))"
        )
        == 0.5
    )
    await page.get_by_text("Read it").click()
    assert await page.get_by_text("Good morning.").is_visible()


async def test_urdu_runs_from_the_right(bot, page):
    del bot.answers[:2]
    await say(page, "سلام")
    answer = page.locator(".theirs p").first
    await answer.wait_for()
    assert await answer.evaluate("p => getComputedStyle(p).direction") == "rtl"
    assert await page.locator(".mine p").evaluate("p => getComputedStyle(p).direction") == "rtl"


async def test_a_reload_shows_the_conversation_again_in_order(bot, page):
    await say(page, "Hi")
    await page.locator(".theirs").wait_for()
    await say(page, "More")
    await page.locator(".theirs").nth(1).wait_for()
    await page.reload()
    await page.locator(".theirs").nth(1).wait_for()
    kinds = await page.locator(".message").evaluate_all("all => all.map(n => n.className.split(' ')[1])")
    assert kinds == ["mine", "theirs", "mine", "theirs"]


async def test_what_is_said_while_offline_is_sent_once_when_we_are_back(bot, page):
    port = bot.server.port
    await bot.stop()
    await page.locator('#state[data-state="closed"]').wait_for()
    await say(page, "Hi from the tunnel")
    assert await page.locator(".foot.waits").inner_text() == "Waiting to be sent"
    await bot.serve(port)
    await page.locator(".theirs").wait_for()
    assert await page.locator(".foot.waits").count() == 0
    assert [inbound.text for inbound in bot.heard.values()] == ["Hi from the tunnel"]
    assert await page.locator(".mine").count() == 1


async def test_typing_is_shown_until_the_message_comes(bot, page):
    bot.silent = True
    await say(page, "brief")
    await bot.spoken_to.wait()
    (inbound,) = bot.heard.values()
    await bot.chat.typing(inbound, "recording")
    await page.get_by_text("MarketByte is recording…").wait_for()
    await bot.say(inbound.address, Reply((Text("done"),)))
    await page.get_by_text("done").wait_for()
    assert not await page.locator("#typing").is_visible()


async def test_the_admin_switch_changes_who_speaks(bot, page):
    await page.get_by_role("switch", name="Speak as admin").check()
    await page.locator("body.is-admin").wait_for()
    await page.locator('#state[data-state="open"]').wait_for()
    await say(page, "/status")
    await page.locator(".theirs").wait_for()
    (inbound,) = bot.heard.values()
    assert inbound.address.key.startswith("admin-")
    assert inbound.address != Address("web", "admin-")


async def test_nothing_is_wider_than_a_small_phone_and_all_can_be_reached_by_keyboard(bot, page):
    await page.set_viewport_size({"width": 320, "height": 600})
    bot.answers[0] = Reply(
        (Text("x" * 300 + " https://example.org/" + "y" * 200),),
        (Button("A rather long button title " * 3, "a"),),
    )
    await say(page, "Hi")
    await page.locator(".choice").last.wait_for()
    for box in ("html", "#log"):
        width, room = await page.locator(box).evaluate("n => [n.scrollWidth, n.clientWidth]")
        assert width <= room
    await page.locator(".theirs .choice").focus()
    await page.keyboard.press("Enter")
    await page.locator(".mine").nth(1).wait_for()
    small = await page.locator("button:visible").evaluate_all(
        "all => all.filter(b => b.offsetHeight < 40).length"
    )
    assert small == 0
