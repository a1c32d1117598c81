"""The way in, measured on a real ``python -m bot serve`` with its embedded database: acks, answers, CPU, bad days.

``python tests/benchmarks/bench_ingress.py [seconds]``; prints, judges nothing. The provider, the bare in-and-out server
and the bot are processes of their own; the CPU is the bot's own process (the database's is told beside it).
"""

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from services.domain.conversation import Address  # noqa: E402
from services.domain.portfolio import Holding, Portfolio  # noqa: E402
from services.domain.users import Preferences, User  # noqa: E402
from services.stores.embedded import EmbeddedMongo  # noqa: E402
from services.stores.mongo import connect  # noqa: E402
from services.stores.users import MongoUsers  # noqa: E402
from tests.fakes.served import clean_environment, free_port  # noqa: E402

RATE, CHATS, FIRST_CHAT = 150, 600, 7_000_000
TEXT = "price LUCK"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": "bench-secret"}
_updates = itertools.count(int(time.time()) * 1000)
_messages = itertools.count(1)


def quantile(values: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000 if values else 0.0


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def update(chat: int) -> dict:
    person = {"id": chat, "is_bot": False, "first_name": "Sana", "language_code": "en"}
    message = {"message_id": next(_messages), "from": person, "date": int(time.time()), "text": TEXT,
               "chat": {"id": chat, "type": "private", "first_name": "Sana"}}  # fmt: skip
    return {"update_id": next(_updates), "message": message}


class Load:
    """Posts updates, keeps when each was sent and how long its ack took, and asks the provider what came of them."""

    def __init__(self, session: aiohttp.ClientSession, url: str, provider: str) -> None:
        self.session, self.url, self.provider = session, f"{url}/webhooks/telegram", provider
        self.reset()

    def reset(self) -> None:
        self.acks: list[float] = []
        self.codes: Counter[int] = Counter()
        self.sent: defaultdict[int, list[float]] = defaultdict(list)
        self.refused: list[dict] = []

    async def post(self, payload: dict, *, first: bool = True) -> None:
        began = time.monotonic()
        if first:
            self.sent[payload["message"]["chat"]["id"]].append(began)
        async with self.session.post(self.url, json=payload, headers=HEADERS) as answer:
            await answer.read()
        self.acks.append(time.monotonic() - began)
        self.codes[answer.status] += 1
        if answer.status >= 500:
            self.refused.append(payload)

    async def steadily(self, rate: float, seconds: float) -> None:
        began, tasks = time.monotonic(), []
        for number in range(int(rate * seconds)):
            wait = began + number / rate - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            tasks.append(asyncio.create_task(self.post(update(FIRST_CHAT + number % CHATS))))
        await asyncio.gather(*tasks)

    async def saturating(self, count: int, at_once: int = 64) -> float:
        payloads = iter([update(FIRST_CHAT + number % CHATS) for number in range(count)])

        async def one() -> None:
            for payload in payloads:
                await self.post(payload)

        began = time.monotonic()
        await asyncio.gather(*(one() for _ in range(at_once)))
        return count / (time.monotonic() - began)

    async def calls(self) -> list[tuple[int, float]]:
        async with self.session.get(f"{self.provider}/calls") as answer:
            return [(chat, at) for chat, at in await answer.json()]

    async def answered(self, before: int, patience: float = 90) -> list[tuple[int, float]]:
        """What the provider was told since ``before`` calls, once as many came as were sent and nothing more does."""
        wanted, deadline, last = sum(map(len, self.sent.values())), time.monotonic() + patience, -1
        while time.monotonic() < deadline:
            fresh = (await self.calls())[before:]
            if len(fresh) >= wanted and len(fresh) == last:
                return fresh
            last = len(fresh)
            await asyncio.sleep(1)
        return (await self.calls())[before:]

    def delays(self, calls: list[tuple[int, float]]) -> list[float]:
        came: defaultdict[int, list[float]] = defaultdict(list)
        for chat, at in calls:
            came[chat].append(at)
        return [b - a for chat, sent in self.sent.items() for a, b in zip(sent, came[chat], strict=False)]

    def lost_and_doubled(self, calls: list[tuple[int, float]]) -> tuple[int, int]:
        came = Counter(chat for chat, _ in calls)
        gaps = [len(sent) - came[chat] for chat, sent in self.sent.items()]
        return sum(g for g in gaps if g > 0), -sum(g for g in gaps if g < 0)


@asynccontextmanager
async def process(*arguments: str, ready: str, **environment: str) -> AsyncIterator[int]:
    """A process of ours that answers at ``ready``; ended by its own id."""
    log = tempfile.TemporaryFile()  # noqa: SIM115  # it lives as long as the process
    started = subprocess.Popen(  # noqa: ASYNC220  # nothing is measured while it starts
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=clean_environment(**environment),
        stdout=log,
        stderr=log,
    )
    try:
        async with aiohttp.ClientSession() as session:
            for _ in range(600):
                try:
                    async with session.get(ready):
                        break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
        yield started.pid
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(timeout=60)


async def people(data_dir: Path) -> None:
    """Active investors at the chats of the load."""
    embedded = EmbeddedMongo(data_dir)
    mongo = await connect(await embedded.start())
    at, users = datetime.now(UTC), MongoUsers(mongo)
    holdings = Portfolio((Holding("LUCK", Decimal("0.5")), Holding("MEBL", Decimal("0.5"))))
    for number in range(CHATS):
        address = Address("telegram", str(FIRST_CHAT + number))
        await users.save(User(f"{number:016x}", (address,), at, stage="active", consented_at=at,
                              preferences=Preferences(voice=False), portfolio=holdings))  # fmt: skip
    await mongo.close()
    await embedded.stop()


def mongod(data_dir: Path) -> int:
    return int(json.loads((data_dir / "mongo" / "run.json").read_text())["pid"])


async def steady(load: Load, pid: int, seconds: float, name: str) -> float:
    """One line about the given rate; returns the CPU of a message in seconds."""
    load.reset()
    before, used = len(await load.calls()), cpu(pid)
    await load.steadily(RATE, seconds)
    calls = await load.answered(before)
    spent = (cpu(pid) - used) / sum(map(len, load.sent.values()))
    delays, (lost, doubled) = load.delays(calls), load.lost_and_doubled(calls)
    print(
        f"{name:>7} {RATE}/s: ack p50 {quantile(load.acks, 0.5):.1f} p99 {quantile(load.acks, 0.99):.1f} ms; "
        f"end to end p50 {quantile(delays, 0.5):.1f} p99 {quantile(delays, 0.99):.1f} ms; "
        f"CPU {spent * 1000:.2f} ms a message; {dict(load.codes)}; lost {lost} doubled {doubled}",
        flush=True,
    )
    return spent


async def slow_handlers(load: Load, seconds: float) -> None:
    load.reset()
    before = len(await load.calls())
    async with load.session.get(f"{load.provider}/slow?chats=100&seconds=30"):
        pass
    await load.steadily(RATE, seconds)
    print(
        f"100 of {CHATS} chats wait 30 s for the provider: ack p99 {quantile(load.acks, 0.99):.1f} ms",
        flush=True,
    )
    async with load.session.get(f"{load.provider}/slow?chats=0&seconds=0"):
        pass
    lost, doubled = load.lost_and_doubled(await load.answered(before, 180))
    print(f"    afterwards: lost {lost} doubled {doubled}", flush=True)


async def stopped_database(load: Load, pid: int) -> None:
    load.reset()
    before = len(await load.calls())
    os.kill(pid, signal.SIGSTOP)
    try:
        await load.steadily(30, 4)
    finally:
        os.kill(pid, signal.SIGCONT)
    print(f"database stopped: {dict(load.codes)}, slowest {quantile(load.acks, 1):.0f} ms", flush=True)
    await asyncio.sleep(1)
    for _ in range(20):
        again, load.refused = load.refused, []
        await asyncio.gather(*(load.post(payload, first=False) for payload in again))
        if not load.refused:
            break
        await asyncio.sleep(1)
    lost, doubled = load.lost_and_doubled(await load.answered(before))
    print(f"    brought again after it went on: lost {lost} doubled {doubled}", flush=True)


async def main(seconds: float) -> None:
    ports = [free_port() for _ in range(3)]
    provider, bare, bot = (f"http://127.0.0.1:{port}" for port in ports)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=400))
        )
        endpoints = "tests.fakes.endpoints"
        await stack.enter_async_context(
            process(endpoints, "provider", str(ports[0]), ready=f"{provider}/calls")
        )
        async with process(
            endpoints, "bare", str(ports[1]), f"{provider}/bot1:t/sendMessage", ready=f"{bare}/healthz"
        ) as pid:
            least = await steady(Load(session, bare, provider), pid, seconds, "bare")
        await people(folder)
        pid = await stack.enter_async_context(
            process(
                "bot",
                "serve",
                ready=f"{bot}/healthz",
                PORT=str(ports[2]),
                MARKETBYTE_DATA_DIR=str(folder),
                TELEGRAM_BOT_TOKEN="1:t",
                TELEGRAM_WEBHOOK_SECRET=HEADERS["X-Telegram-Bot-Api-Secret-Token"],
                TELEGRAM_API_BASE=provider,
                TELEGRAM_RATE="1000",
                MARKETBYTE_MONGO_DRIVER=os.environ.get("MARKETBYTE_MONGO_DRIVER", "motor"),
            )
        )
        load = Load(session, bot, provider)
        await asyncio.sleep(8)  # the first warm-up of charts and names is over
        await load.steadily(RATE, 3)
        await load.answered(0)
        used = cpu(mongod(folder))
        ours = await steady(load, pid, seconds, "bot")
        print(
            f"    {ours / least:.1f} x bare; the database used {(cpu(mongod(folder)) - used) / (RATE * seconds) * 1000:.2f} ms a message"
        )
        load.reset()
        before = len(await load.calls())
        print(
            f"saturated: {await load.saturating(6000):.0f} acks/s, p99 {quantile(load.acks, 0.99):.0f} ms, {dict(load.codes)}",
            flush=True,
        )
        print(
            f"    afterwards: lost, doubled {load.lost_and_doubled(await load.answered(before, 240))}",
            flush=True,
        )
        await slow_handlers(load, min(seconds, 6))
        await stopped_database(load, mongod(folder))


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 15))
