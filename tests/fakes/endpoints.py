"""Two small servers for benchmarks, each a process of its own: a provider that only notes, and a bare in-and-out bot.

``python -m tests.fakes.endpoints provider PORT`` answers every method of the Bot API and tells at ``/calls`` when each
message came; ``bare PORT PROVIDER`` acknowledges an update and sends one message, with nothing kept and nothing read.
"""

import asyncio
import itertools
import json
import sys
import time

import aiohttp
import uvloop
from aiohttp import web

QUIET = (
    "answerCallbackQuery",
    "sendChatAction",
    "setWebhook",
    "setMyCommands",
    "deleteMyCommands",
    "getWebhookInfo",
)


def provider() -> web.Application:
    """Notes ``(chat, monotonic seconds)`` of every message; ``/slow?chats=N&seconds=S`` makes the first N chats wait."""
    numbers, calls, slow = itertools.count(1), [], {"chats": 0, "seconds": 0.0}

    async def method(request: web.Request) -> web.Response:
        came, name = time.monotonic(), request.path.rpartition("/")[2]
        body = await request.read()
        if name in QUIET:
            return web.json_response({"ok": True, "result": True})
        if name == "getMe":
            return web.json_response(
                {"ok": True, "result": {"id": 1, "is_bot": True, "username": "bench_bot"}}
            )
        chat = int(json.loads(body)["chat_id"])
        calls.append((chat, came))
        if slow["seconds"] and chat % 1000 < slow["chats"]:
            await asyncio.sleep(slow["seconds"])
        message = {"message_id": next(numbers), "date": 1, "chat": {"id": chat, "type": "private"}}
        return web.json_response({"ok": True, "result": message})

    async def told(_request: web.Request) -> web.Response:
        return web.json_response(calls)

    async def slower(request: web.Request) -> web.Response:
        slow.update(chats=int(request.query["chats"]), seconds=float(request.query["seconds"]))
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/calls", told), web.get("/slow", slower), web.post("/{path:.*}", method)])
    return app


def bare(target: str) -> web.Application:
    """What no bot can do with less: one POST in, one POST out."""
    app = web.Application()
    tasks: set[asyncio.Task[None]] = set()

    async def send(chat: int) -> None:
        body = json.dumps({"chat_id": chat, "text": "hello"}).encode()
        async with app["session"].post(
            target, data=body, headers={"Content-Type": "application/json"}
        ) as answer:
            await answer.read()

    async def update(request: web.Request) -> web.Response:
        told = json.loads(await request.read())
        task = asyncio.create_task(send(told["message"]["chat"]["id"]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return web.Response()

    async def session(app: web.Application):
        async with aiohttp.ClientSession() as made:
            app["session"] = made
            yield

    app.cleanup_ctx.append(session)
    app.add_routes([web.post("/webhooks/telegram", update), web.get("/healthz", lambda _r: web.Response())])
    return app


if __name__ == "__main__":
    uvloop.install()
    kind, port = sys.argv[1], int(sys.argv[2])
    made = provider() if kind == "provider" else bare(sys.argv[3])
    web.run_app(made, host="127.0.0.1", port=port, print=None, access_log=None)
