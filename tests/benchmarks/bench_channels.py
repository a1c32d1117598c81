"""How long the channels' hot paths take: verify, read, cut and dress, and one send over the loopback; prints p50/p99."""

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.channels.base import LIMITS  # noqa: E402  # the path comes first
from bot.channels.marks import to_plain, to_whatsapp  # noqa: E402  # the path comes first
from bot.channels.meta import Meta  # noqa: E402
from bot.channels.render import parts  # noqa: E402  # the path comes first
from bot.channels.telegram import Telegram  # noqa: E402
from bot.channels.twilio import Twilio  # noqa: E402
from services.domain.conversation import Address, Button, Outbound, Reply, Text  # noqa: E402
from tests.fakes.known_files import FilesInMemory  # noqa: E402
from tests.fakes.meta import FakeMeta  # noqa: E402
from tests.fakes.sender import free  # noqa: E402
from tests.fakes.telegram import FakeTelegram  # noqa: E402
from tests.fakes.twilio import FakeTwilio  # noqa: E402

NOW = datetime(2026, 8, 20, 9, 0, tzinfo=UTC)
BRIEF = Reply(
    (Text("*KSE-100* closed at 1,48,230, _up 0.8%_.\n\n" + "Your *MEBL* added 0.31%. " * 30),),
    (Button("X-Ray", "xray"), Button("Why?", "explain")),
    "Sample data, 20 Aug 2026",
)
LONG = Reply((Text("A *word* and an _other_ of a long brief. 📈\n" * 300),))


def show(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    print(f"{name:32} p50 {p50 * 1e6:9.1f} µs   p99 {p99 * 1e6:9.1f} µs   n {len(times)}")


def measure(name: str, work, times: int = 2000) -> None:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    show(name, taken)


async def main() -> None:
    async with (
        aiohttp.ClientSession() as session,
        FakeTelegram() as api,
        FakeMeta() as graph,
        FakeTwilio() as rest,
    ):
        telegram = Telegram(
            session, token=api.token, secret="s", now=lambda: NOW, base=api.base, files=FilesInMemory()
        )
        meta = Meta(
            session, phone_number_id=graph.number, access_token=graph.token, app_secret=graph.secret, verify_token="v",
            now=lambda: NOW, base=graph.base, files=FilesInMemory(),
        )  # fmt: skip
        twilio = Twilio(
            session, account_sid=rest.account, auth_token=rest.token, sender="+1", public_url="https://x", now=lambda: NOW,
            media_url=lambda ref: "", base=rest.base,
        )  # fmt: skip
        own = ROOT / "tests" / "payloads"
        update, event, form = (
            (own / name).read_bytes() for name in ("telegram/text.json", "meta/text.json", "twilio/text.form")
        )
        signature = {"X-Twilio-Signature": rest.signature("https://x/p", [("a", "b")])}
        measure("twilio verify", lambda: twilio.verify(signature, "/p", b"a=b"))
        measure("twilio parse", lambda: twilio.parse(form, "application/x-www-form-urlencoded"))
        measure("meta parse", lambda: meta.parse(event, "application/json"))
        measure("telegram parse", lambda: telegram.parse(update, "application/json"))
        measure("brief cut for telegram", lambda: parts(BRIEF, LIMITS["telegram"], to_plain))
        measure("12,000 signs cut for twilio", lambda: parts(LONG, LIMITS["twilio"], to_whatsapp), 50)
        for channel, address in (
            (telegram, "70001"),
            (meta, "923001112233"),
            (twilio, "whatsapp:+923001112233"),
        ):
            taken = []
            for number in range(300):
                outbound = Outbound(f"k{number}", "u", Address(channel.name, address), BRIEF, NOW)
                start = time.perf_counter()
                await channel.send(outbound, None, free)
                taken.append(time.perf_counter() - start)
            show(f"{channel.name} send (with its fake)", taken)


asyncio.run(main())
