"""A bad day over all three channels, run as a program, so that all that this process ever writes can be searched.

``python -m tests.fakes.noisy MONGO_URI FOLDER`` logs as the bot does. Whatever is said, shown or sent bears one of
``SECRETS``; providers, handlers and libraries fail on the way, with those words in their mouths.
"""

import asyncio
import gc
import socket
import sys
import threading
import warnings
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import structlog
from aiohttp import web

from bot.bootstrap import build_bot
from bot.config import Settings
from bot.logs import set_up
from bot.world import open_world
from services.domain.errors import Unavailable
from tests.bot.conftest import House, Shaky, keys_of
from tests.fakes.meta import FakeMeta
from tests.fakes.phones import MetaPhone, TelegramPhone, TwilioPhone
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import FakeTwilio

WORD = "zarathustra"  # what people write; no sentence and no library of ours has it
NAME = "Quetzalcoatl"
AMOUNT = "7654321"
CHAT, TWILIO_NUMBER, META_NUMBER, USER_ID = 700100200, "923007654399", "923009998877", "PK.90817263"
TOKEN, TWILIO_SID, TWILIO_TOKEN = "4242777:AAfaketelegramtoken", "AC" + "7" * 32, "twilio-token-42"
META_TOKEN, META_SECRET, HOOK, VERIFY = "EAAmetatoken42", "meta-secret-42", "tg-hook-secret", "verify-word"
SECRETS = (
    WORD, NAME, AMOUNT, "7,654,321", str(CHAT), TWILIO_NUMBER, META_NUMBER, USER_ID, TOKEN, TOKEN.partition(":")[2],
    TWILIO_SID, TWILIO_TOKEN, META_TOKEN, META_SECRET, HOOK, VERIFY, "/bot4242", "wrong-secret-77", "wamid.",
)  # fmt: skip


class Broken(Shaky):
    """The inbox fails with somebody's words when it is away."""

    async def accept(self, inbound):
        if self.down:
            raise Unavailable(f"could not store {inbound.text} of {inbound.address}")
        return await self._inbox.accept(inbound)


async def provider_fails(house, person):
    """Every answer that a provider has for us, with the number and the words in it."""
    fake = getattr(house, person.channel)
    echo = f"{WORD} {NAME} {person.key} {META_TOKEN} {TOKEN} https://api.telegram.org/bot{TOKEN}/sendMessage"
    bodies = {
        "telegram": lambda code, status: {"ok": False, "error_code": status, "description": echo},
        "twilio": lambda code, status: {"code": code, "message": echo, "more_info": echo, "status": status},
        "meta": lambda code, status: {
            "error": {"code": code, "message": echo, "error_data": {"details": echo}}
        },
    }
    for status, code in (
        (500, 20500),
        (400, 21617),
        (400, 987654),
        (429, 20429),
        (403, 63024),
        (401, 20003),
        (200, 1),
    ):
        fake.next = [(status, bodies[person.channel](code, status))] * 2
        await person.say(f"{WORD} {code} invested Rs 7,654,321")
    fake.next = ["hang"]
    await person.say(f"xray {WORD}")
    fake.next = []


async def talk(house, person):
    """A newcomer's way, a few questions, and the brief's picture and voice."""
    for text in ("Hi", "English", "I agree", "MEBL 40, MZNPETF 60", "yes", "9 am and 5 pm"):
        await person.say(text)
    for text in (
        f"invested Rs 7,654,321 in MEBL {WORD}",
        "xray",
        f"your answer {WORD} is wrong",
        f"/announce {WORD}",
    ):
        await person.say(text)


async def doors(house, people):
    """Forged, broken and senseless posts, and a store that is away."""
    telegram = people[0]
    await telegram.deliver(telegram.typed(1, WORD), secret="wrong-secret-77")
    await telegram.deliver({"update_id": WORD, "message": {"text": WORD, "from": {"first_name": NAME}}})
    await telegram.deliver({"update_id": 5, "message": [WORD, {"chat": NAME}]})
    base = house.url.removeprefix("http://")
    host, port = base.split(":")
    for raw in (
        f"GET /{WORD} HTTP/9.9\r\n\r\n",
        f"POST /webhooks/meta HTTP/1.1\r\nX: {WORD}\x00\r\n\r\n",
        f"{WORD}\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(raw.encode())
        await reader.read(400)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    for path in (
        f"/media/{WORD}.x.y",
        f"/{WORD}?token={TOKEN}",
        f"/webhooks/meta?hub.verify_token={WORD}&hub.mode=subscribe",
    ):
        async with house.session.get(house.url + path):
            pass
    house.inbox.down = True
    for person in people:
        await person.say(f"{WORD} while the store is away")
    house.inbox.down = False


async def bugs(house, person, monkeying):
    """What our own mistakes and libraries' would tell: exceptions, forgotten tasks, sessions left open, threads."""
    choose = house.bot.router.choose

    async def broken(turn):
        raise ValueError(f"{turn.text} of {turn.inbound.address} {NAME}")

    house.bot.router.choose = broken
    await person.say(f"{WORD} breaks a handler")
    house.bot.router.choose = choose

    async def forgotten():
        raise KeyError(f"{WORD} {person.key}")

    task = asyncio.create_task(forgotten(), name=f"task of {NAME}")
    await asyncio.sleep(0)
    del task
    gc.collect()
    loose = aiohttp.ClientSession(headers={"Authorization": META_TOKEN})
    async with loose.get(f"{house.url}/healthz?token={TOKEN}"):
        pass
    del loose
    gc.collect()
    thread = threading.Thread(target=monkeying, name=WORD)
    thread.start()
    thread.join()
    warnings.warn(f"{WORD} {person.key}", ResourceWarning, stacklevel=1)
    try:
        monkeying()
    except RuntimeError:
        structlog.get_logger().exception(
            "a careless call", body=WORD, reason=f"for {person.key} at {house.telegram.base}"
        )

    class Careless:
        def __del__(self):
            raise ValueError(WORD)

    Careless()
    gc.collect()


def fail():
    raise RuntimeError(f"{WORD} {AMOUNT}")


async def main(mongo, folder):
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    telegram, twilio = FakeTelegram(TOKEN), FakeTwilio(TWILIO_SID, TWILIO_TOKEN, fetches=True)
    async with telegram, twilio, FakeMeta(token=META_TOKEN, secret=META_SECRET) as meta:
        settings = Settings(
            MARKETBYTE_MONGODB_URI=mongo, MARKETBYTE_DATA_DIR=folder, MARKETBYTE_PUBLIC_URL=url,
            MARKETBYTE_NOW=datetime(2026, 8, 20, 8, 30, tzinfo=ZoneInfo("Asia/Karachi")), _env_file=None,
            MARKETBYTE_ADMINS=("telegram:7001",),
        ).model_copy(update=keys_of(telegram, twilio, meta))  # fmt: skip
        async with open_world(settings, database=f"noisy{folder.name}"[:30]) as world:
            inbox = Broken(world.inbox)
            bot = build_bot(replace(world, inbox=inbox))
            runner = web.AppRunner(bot.web_app())  # the usual access log, as somebody may switch it on
            await runner.setup()
            await web.SockSite(runner, listening).start()
            async with aiohttp.ClientSession() as session:
                house = House(url, bot, world, inbox, session, telegram, twilio, meta, runner)
                people = [
                    TelegramPhone(house, CHAT, name=NAME), TwilioPhone(house, f"+{TWILIO_NUMBER}", name=NAME),
                    MetaPhone(house, META_NUMBER, USER_ID, name=NAME),
                ]  # fmt: skip
                await TelegramPhone(house, 7001, name=NAME).say("Hi")
                await bot.introduce(url)
                for person in people:
                    await talk(house, person)
                await doors(house, people)
                for person in people:
                    await provider_fails(house, person)
                await bugs(house, people[0], fail)
                await bot.dispatcher.drain(60)
                await bot.watching.call()
            await runner.cleanup()


if __name__ == "__main__":
    set_up(json_lines=True)
    warnings.simplefilter("default")
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
