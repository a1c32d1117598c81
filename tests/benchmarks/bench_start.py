"""From the command to "ready", and the memory of an idle bot; run it from the project's root.

Five starts of ``python -m bot serve`` on a data dir that has been used before, the parts of one start measured in
process, the slowest imports, and the resident memory of our process and of the database from /proc.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.fakes.served import ROOT, Served, clean_environment

NOW = "2026-08-20T08:30:00+05:00"
RUNS = 5
IDLE_SECONDS = 5


def memory(pid: int) -> float:
    """Resident memory in MB (VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def below(pid: int) -> list[int]:
    """All processes under this one."""
    children = [
        int(p) for t in Path(f"/proc/{pid}/task").iterdir() for p in (t / "children").read_text().split()
    ]
    return children + [grandchild for child in children for grandchild in below(child)]


def whole(folder: Path) -> None:
    served = Served(folder, now=NOW)
    served.start()
    served.stop()
    times = []
    for number in range(RUNS):
        started = time.perf_counter()
        served.start()
        times.append(time.perf_counter() - started)
        if number == RUNS - 1:
            time.sleep(IDLE_SECONDS)
            print(f"memory, idle for {IDLE_SECONDS} s: ours {memory(served.pid):.0f} MB   wanted < 200")
            for pid in below(served.pid):
                name = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:60]
                print(f"  below it: {memory(pid):.0f} MB  {name}")
        served.stop()
    told = "  ".join(f"{t:.2f}" for t in times)
    print(f"command to ready, {RUNS} runs: {told} s   median {statistics.median(times):.2f} s   wanted ≤ 5 s")


async def parts(folder: Path) -> None:
    """One start again, in this process, piece by piece."""

    async def step(name: str, work: Awaitable[object]) -> object:
        started = time.perf_counter()
        found = await work
        print(f"  {name:28} {(time.perf_counter() - started) * 1000:8.1f} ms")
        return found

    started = time.perf_counter()
    from bot import bootstrap
    from bot.commands import serving  # noqa: F401  # imported for its time
    from bot.config import Settings
    from services.domain.instruments import Directory
    from services.sources.sample import SampleMarket
    from services.stores.embedded import EmbeddedMongo
    from services.stores.mongo import connect

    print("parts of a start:")
    print(f"  {'imports':28} {(time.perf_counter() - started) * 1000:8.1f} ms")
    book = await step("sample market", SampleMarket().book())
    await step("directory of names", asyncio.to_thread(Directory, book))
    embedded = EmbeddedMongo(folder)
    async with AsyncExitStack() as stack:
        uri = await step("mongod, to writable", embedded.start())
        stack.push_async_callback(embedded.stop)
        mongo = await step("connect, collections, indexes", connect(str(uri)))
        await mongo.close()  # type: ignore[attr-defined]
    settings = Settings(
        MARKETBYTE_DATA_DIR=folder, MARKETBYTE_PUBLIC_URL="http://127.0.0.1:1", _env_file=None
    )
    async with AsyncExitStack() as stack:
        world = await step(
            "whole world, all of the above", stack.enter_async_context(bootstrap_world(settings))
        )
        started = time.perf_counter()
        bot = bootstrap.build_bot(world)  # type: ignore[arg-type]
        bot.web_app()
        print(f"  {'wiring':28} {(time.perf_counter() - started) * 1000:8.1f} ms")


def bootstrap_world(settings):
    from bot.world import open_world

    return open_world(settings)


def imports() -> None:
    """The slowest imports of the command, by themselves."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import bot.__main__, bot.commands.serving"],
        cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = [line.removeprefix("import time:").split("|") for line in ran.stderr.splitlines() if "|" in line][
        1:
    ]
    own = sorted(((int(r[0]), r[2].strip()) for r in rows), reverse=True)[:8]
    packages: dict[str, int] = {}
    for spent, _, name in rows:
        top = name.strip().split(".")[0]
        packages[top] = packages.get(top, 0) + int(spent)
    slowest = sorted(packages.items(), key=lambda item: -item[1])[:12]
    print(f"imports in all: {sum(int(r[0]) for r in rows) / 1000:.0f} ms (under -X importtime)")
    print("  by package: " + ", ".join(f"{name} {spent / 1000:.0f}" for name, spent in slowest))
    print("  by module:  " + ", ".join(f"{name} {spent / 1000:.0f}" for spent, name in own))
    deferred = ("pandas", "matplotlib", "langchain", "langchain_core", "hibari", "av", "onnxruntime", "scipy")
    print("  deferred but there: " + (", ".join(n for n in deferred if n in packages) or "none"))


if __name__ == "__main__":
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="mb-start-", ignore_cleanup_errors=True) as name:
        whole(Path(name) / "data")
        asyncio.run(parts(Path(name) / "data"))
    imports()
