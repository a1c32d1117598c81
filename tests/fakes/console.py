"""The fakes as programs: one command line and one small control door for all three providers."""

import argparse
import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import aiohttp
from aiohttp import web

from tests.fakes.faults import Faults


class Controlled(Protocol):
    """What a fake shows and does on demand."""

    messages: list

    def report(self) -> Mapping[str, object]:
        """Counts of what must not happen: ``GET /_fake/violations``."""
        ...

    async def say(self, session: aiohttp.ClientSession, order: Mapping[str, object]) -> int:
        """Bring a person's message (or press, block …) to the bot's webhook; its HTTP status."""
        ...


def open_control(app: web.Application, fake: Controlled) -> None:
    """Add the control door: GET /_fake/messages, GET /_fake/violations, POST /_fake/update."""

    async def messages(request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        shown = [{k: v for k, v in m.items() if not isinstance(v, bytes)} for m in fake.messages[since:]]
        return web.json_response(shown, dumps=_dumps)

    async def violations(_request: web.Request) -> web.Response:
        return web.json_response(fake.report(), dumps=_dumps)

    async def update(request: web.Request) -> web.Response:
        async with aiohttp.ClientSession() as session:
            return web.json_response({"status": await fake.say(session, await request.json())})

    app.router.add_get("/_fake/messages", messages)
    app.router.add_get("/_fake/violations", violations)
    app.router.add_post("/_fake/update", update)


def main(
    name: str,
    serve: Callable[[argparse.Namespace, Faults], Awaitable[Sequence[str]]],
    arguments: Sequence[tuple[str, str, str]] = (),
) -> None:
    """Run a fake until it is interrupted.

    Args:
        name: The provider's.
        serve: Starts the fake on ``options.port`` and returns the lines to print (settings to export first).
        arguments: Further options as (flag, default, help).
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m tests.fakes.{name}", description=f"A fake {name} on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="where it listens; 0 = a free port")
    parser.add_argument("--seed", type=int, default=0, help="of its bad days")
    parser.add_argument(
        "--faults", type=float, default=0.0, help="share of requests that go wrong, e.g. 0.05"
    )
    for flag, default, about in arguments:
        parser.add_argument(flag, default=default, help=about)
    options = parser.parse_args()

    async def run() -> None:
        for line in await serve(options, Faults.spread(options.seed, options.faults)):
            print(line, flush=True)
        await asyncio.Event().wait()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
