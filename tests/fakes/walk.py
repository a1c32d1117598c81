"""A whole day's conversation with the event loop under watch; run as a program, so that everything is cold at first.

What is measured is the CPU time that the loop's own thread spends inside one callback: on a busy machine a wall clock
would blame us for our neighbours. A second thread looks at the loop's stack meanwhile, to name the place.

``python -m tests.fakes.walk FOLDER`` prints ``{"callbacks": n, "worst": ms, "slow": [{"phase", "ms", "where"}]}``.
"""

import asyncio
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

LIMIT = 0.050  # seconds
LOOK_EVERY = 0.004
ROOT = Path(__file__).parents[2]
ROOMS = ("bot/", "handlers/", "services/", "scheduling/", "prompts/")
KARACHI = ZoneInfo("Asia/Karachi")


class Watch:
    """Times every callback of the loop in this thread."""

    def __init__(self) -> None:
        self.phase = "start"
        self.callbacks = 0
        self.worst = 0.0
        self.slow: list[dict[str, object]] = []
        self._thread = threading.get_ident()
        self._begun = 0.0  # wall clock; 0 between callbacks
        self._seen: Counter[str] = Counter()
        self._over = threading.Event()

    @contextmanager
    def watching(self) -> Iterator["Watch"]:
        original = asyncio.events.Handle._run

        def run(handle: asyncio.events.Handle) -> None:
            started, self._begun = time.thread_time(), time.perf_counter()
            try:
                original(handle)
            finally:
                spent, self._begun = time.thread_time() - started, 0.0
                self._noted(spent, handle)

        asyncio.events.Handle._run = run  # type: ignore[method-assign]
        looker = threading.Thread(target=self._look, daemon=True)
        looker.start()
        try:
            yield self
        finally:
            asyncio.events.Handle._run = original  # type: ignore[method-assign]
            self._over.set()
            looker.join()

    def _noted(self, spent: float, handle: asyncio.events.Handle) -> None:
        self.callbacks += 1
        self.worst = max(self.worst, spent)
        if spent > LIMIT:
            where = [place for place, _ in self._seen.most_common(4)] or [repr(handle)[:200]]
            self.slow.append({"phase": self.phase, "ms": round(spent * 1000, 1), "where": where})
        if self._seen:
            self._seen = Counter()

    def _look(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            if self._begun and time.perf_counter() - self._begun > LOOK_EVERY:
                frame = sys._current_frames().get(self._thread)
                if frame is not None:
                    self._seen[_place(frame)] += 1


def _place(frame: FrameType | None) -> str:
    """Our innermost line, and what it has called."""
    assert frame is not None
    innermost = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_name}"
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(str(ROOT)):
            inside = str(Path(path).relative_to(ROOT))
            if inside.startswith(ROOMS):
                return f"{inside}:{frame.f_lineno} {frame.f_code.co_name} -> {innermost}"
        frame = frame.f_back
    return innermost


async def _talk(bot, watch: Watch, key: str, phase: str) -> None:
    """Onboarding, X-Ray, brief with voice (twice), opportunities and a question of each kind."""
    person = bot.person(key)
    steps = [
        "Hi", "English", "yes", "MEBL 30, LUCK 20, OGDC 10, MZNPETF 40", "yes", "9 am and 5 pm", "xray", "x-ray of MIIETF",
        "opportunities", "brief", "brief", "market brief", "sector brief banks", "MEBL", "why is OGDC up?", "news",
        "policy rate", "flows", "portfolio", "add 10% FFC", "remove FFC", "tell me when LUCK crosses 900", "my alerts",
        "settings", "zakat on 5 lakh", "forecast", "export", "urdu", "بریف", "ایکسرے", "help", "qwerty uiop",
    ]  # fmt: skip
    for step in steps:
        watch.phase = f"{phase}: {step}"
        heard = await person.say(step)
        assert heard, f"no answer to {step!r}"
    watch.phase = f"{phase}: morning job"
    await bot.bot.jobs.on_request()["morning_brief"]()
    await bot.bot.outbox.sweep()


async def main(folder: Path) -> dict[str, object]:
    watch = Watch()
    with watch.watching():
        watch.phase = (
            "imports"  # the program's own imports come before the loop turns; not the loop's business
        )
        from bot.bootstrap import build_bot
        from bot.config import Settings
        from bot.world import open_world
        from tests.fakes.sender import Recorder
        from tests.fakes.talk import RecordedBot

        await asyncio.sleep(0)
        watch.slow.clear()
        watch.worst = 0.0
        watch.phase = "opening"
        settings = Settings(
            MARKETBYTE_DATA_DIR=folder,
            MARKETBYTE_NOW=datetime(2026, 8, 20, 8, 30, tzinfo=KARACHI),
            MARKETBYTE_PUBLIC_URL="http://127.0.0.1:8080",
            _env_file=None,
        )
        recorder = Recorder()
        async with open_world(settings) as world:
            built = build_bot(replace(world, sender=recorder))
            await world.market.book()
            await built.services.directory()
            bot = RecordedBot(built, recorder)
            watch.phase = "warming"
            await built.warm()
            for phase in ("cold", "warm"):
                await _talk(bot, watch, f"{phase}-000000000000", phase)
            watch.phase = "closing"
    return {"callbacks": watch.callbacks, "worst": round(watch.worst * 1000, 1), "slow": watch.slow}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mb-walk-") as spare:
        print(
            json.dumps(
                asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else spare))), ensure_ascii=False
            )
        )
