"""A fake provider as a process of its own: as slow as the real ones, counting what is under way, with a visitor who asks.

``python -m tests.fakes.providers telegram --bot http://127.0.0.1:8080 --latency 0.2 --faults 0.05``
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.fakes.faults import Faults

ROOT = Path(__file__).parents[2]
SENDS = ("/Messages.json", "/messages", "/sendMessage", "/sendPhoto", "/sendVoice", "/sendDocument")
TEMPLATES = {"brief": "HX" + "b" * 32, "announcement": "HX" + "a" * 32, "alert": "HX" + "c" * 32}
VISITOR = {"telegram": {"chat": 70001}, "twilio": {"from": "+923009990001"}, "meta": {"from": "923009990002"}}
RATE = {"telegram": 30, "twilio": 80, "meta": 80}


class Watch:
    """Every request that delivers something: when it came, how many are under way, how slowly it is answered."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.flying = 0
        self.arrivals: list[float] = []
        self.asked: list[float] = []

    @web.middleware
    async def around(self, request: web.Request, handler) -> web.StreamResponse:
        if request.path == "/_fake/watch":
            return web.json_response(
                {
                    "flying": self.flying,
                    "arrivals": len(self.arrivals),
                    "times": self.arrivals,
                    "asked": self.asked,
                }
            )
        if request.method != "POST" or not request.path.endswith(SENDS):
            return await handler(request)
        self.flying += 1
        self.arrivals.append(time.monotonic())
        try:
            answer = await handler(request)
            await asyncio.sleep(self.latency if answer.status < 300 else self.latency / 10)
        finally:
            self.flying -= 1
        return answer


def _watched(watch: Watch) -> None:
    """Every application of this process is watched."""
    plain = web.Application

    def application(**more):
        return plain(middlewares=[watch.around], **more)

    web.Application = application


def _fake(options: argparse.Namespace, faults: Faults):
    if options.name == "telegram":
        from tests.fakes.telegram import FakeTelegram

        return FakeTelegram(limits=True, faults=faults)
    if options.name == "twilio":
        from tests.fakes.twilio import FakeTwilio

        fake = FakeTwilio(callbacks=True, rate=RATE["twilio"], strict=True, faults=faults)
        fake.contents = dict.fromkeys(TEMPLATES.values(), 2)
        return fake
    from tests.fakes import meta_events
    from tests.fakes.meta import FakeMeta

    meta_events.TRIES = 14  # it goes on for days; the bot is away for seconds
    fake = FakeMeta(limits=True, rate=RATE["meta"], faults=faults)
    fake.templates = {f"mb_{name}": 2 for name in TEMPLATES}
    return fake


def settings_of(name: str, base: str) -> dict[str, str]:
    """What the bot has to be told to use this provider."""
    if name == "telegram":
        return {
            "TELEGRAM_API_BASE": base,
            "TELEGRAM_BOT_TOKEN": "4242:fake-token",
            "TELEGRAM_WEBHOOK_SECRET": "any-word",
        }
    if name == "twilio":
        return {
            "TWILIO_API_BASE": base, "TWILIO_ACCOUNT_SID": "AC" + "7" * 32, "TWILIO_AUTH_TOKEN": "twilio-token",
            "TWILIO_FROM": "whatsapp:+14155550100", "TWILIO_TEMPLATES": json.dumps(TEMPLATES),
        }  # fmt: skip
    templates = {key: {"name": f"mb_{key}", "language": "en"} for key in TEMPLATES}
    return {
        "META_GRAPH_BASE": f"{base}/v23.0", "META_PHONE_NUMBER_ID": "1090000001", "META_ACCESS_TOKEN": "meta-token",
        "META_APP_SECRET": "meta-secret", "META_VERIFY_TOKEN": "word", "META_TEMPLATES": json.dumps(templates),
    }  # fmt: skip


async def _ask_on(fake, options: argparse.Namespace, watch: Watch) -> None:
    """A visitor who says something every so often and waits for the answer."""
    async with aiohttp.ClientSession() as session:
        while True:
            await asyncio.sleep(options.visitor)
            mine, began = _mine(fake, options.name), time.monotonic()
            try:
                await fake.say(session, VISITOR[options.name] | {"text": "policy rate"})
            except (aiohttp.ClientError, TimeoutError):
                continue
            while _mine(fake, options.name) == mine and time.monotonic() - began < 20:  # noqa: ASYNC110  # a fake tells nobody
                await asyncio.sleep(0.002)
            watch.asked.append(time.monotonic() - began)


def _mine(fake, name: str) -> int:
    key, mine = {
        "telegram": ("chat_id", "70001"),
        "twilio": ("To", "whatsapp:+923009990001"),
        "meta": ("to", "+923009990002"),
    }[name]
    return sum(str(message.get(key)) == mine for message in fake.messages[-400:])


async def _run(options: argparse.Namespace) -> None:
    watch = Watch(options.latency)
    _watched(watch)
    share = options.faults
    shares = (
        {"throttle": share / 3, "server": share / 3, "reset": share / 3, "reset_after": share / 3}
        if share
        else {}
    )
    fake = _fake(options, Faults(options.seed, **shares))
    if options.name == "twilio":
        await fake.__aenter__(port=options.port or None)
        fake.webhook = f"{options.bot}/webhooks/twilio"
    else:
        await fake.start(options.port)
        if options.name == "telegram":
            fake.webhook = {"url": f"{options.bot}/webhooks/telegram", "secret_token": "any-word"}
        else:
            fake.hook = f"{options.bot}/webhooks/meta"
    print("ready", flush=True)
    if options.visitor:
        await _ask_on(fake, options, watch)
    await asyncio.Event().wait()


class Provider:
    """One as a child process of a test or a benchmark."""

    def __init__(self, name: str, port: int, bot: str, **more: float) -> None:
        self.name, self.base = name, f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "tests.fakes.providers", name, "--port", str(port), "--bot", bot]
        command += [part for key, value in more.items() for part in (f"--{key}", str(value))]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == "ready"

    def settings(self) -> dict[str, str]:
        return settings_of(self.name, self.base)

    async def watch(self, session: aiohttp.ClientSession) -> dict:
        async with session.get(f"{self.base}/_fake/watch") as answer:
            return await answer.json()

    async def report(self, session: aiohttp.ClientSession) -> dict:
        async with session.get(f"{self.base}/_fake/violations") as answer:
            return await answer.json()

    async def messages(self, session: aiohttp.ClientSession) -> list[dict]:
        async with session.get(f"{self.base}/_fake/messages") as answer:
            return await answer.json()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
        if self._process.stdout is not None:
            self._process.stdout.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.providers", description=__doc__)
    parser.add_argument("name", choices=sorted(RATE))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--bot", default="http://127.0.0.1:8080")
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--visitor", type=float, default=0.0, help="seconds between two questions; 0 = nobody asks"
    )
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
