"""What one Telegram message costs our process: CPU of a bare POST, of a call, of a whole send; and of reading an update.

``python tests/benchmarks/bench_telegram.py``; the other side is a process of its own, so that its work is not counted.
"""

import asyncio
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import aiohttp
import orjson

from bot.channels.telegram import Telegram
from services.domain.conversation import Address, Button, Outbound, Reply, Text
from tests.fakes.known_files import FilesInMemory
from tests.fakes.sender import free
from tests.fakes.served import free_port

SERVER = """
import sys
from aiohttp import web
async def answer(request):
    await request.read()
    return web.Response(body=b'{"ok":true,"result":{"message_id":5,"date":1,"chat":{"id":1,"type":"private"}}}', content_type="application/json")
app = web.Application(); app.router.add_post("/{path:.*}", answer); web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""
NOW = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
ROUNDS, EACH = 5, 1000


async def cpu(work) -> float:
    """Milliseconds of CPU of one call."""
    for _ in range(50):
        await work()
    began = time.process_time()
    for _ in range(EACH):
        await work()
    return (time.process_time() - began) / EACH * 1000


async def main() -> None:
    port = free_port()
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVER, str(port))
    while True:
        with suppress(OSError):
            (await asyncio.open_connection("127.0.0.1", port))[1].close()
            break
        await asyncio.sleep(0.1)
    base, url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/bot1:x/sendMessage"
    body = orjson.dumps({"chat_id": "1", "text": "hello", "parse_mode": "HTML"})
    reply = Reply(
        (Text("*MEBL* 312.5 (+1.2%)\nOGDC 240.1 (−0.4%)"),), (Button("Menu", "help"),), "Sample data"
    )
    message = Outbound("k", "u", Address("telegram", "1"), reply, NOW)
    update = (Path(__file__).parents[1] / "payloads" / "telegram" / "text.json").read_bytes()
    try:
        async with aiohttp.ClientSession() as session:
            telegram = Telegram(
                session, token="1:x", secret="s", now=lambda: NOW, files=FilesInMemory(), base=base
            )

            async def bare() -> None:
                async with session.post(
                    url, data=body, headers={"Content-Type": "application/json"}
                ) as answer:
                    orjson.loads(await answer.read())

            async def call() -> None:
                await telegram._sending.call(
                    "sendMessage", {"chat_id": "1", "text": "hello", "parse_mode": "HTML"}
                )

            async def send() -> None:
                await telegram.send(message, None, free)

            async def read() -> None:
                telegram.parse(update, "application/json")

            works = {
                "bare aiohttp": bare,
                "through the library": call,
                "a whole send": send,
                "reading an update": read,
            }
            best = dict.fromkeys(works, float("inf"))
            for _ in range(ROUNDS):
                for name, work in works.items():
                    best[name] = min(best[name], await cpu(work))
            for name, spent in best.items():
                print(f"{name:22} {spent:6.3f} ms CPU   {spent / best['bare aiohttp']:5.2f} x bare")
    finally:
        server.terminate()


asyncio.run(main())
