"""The event loop is never blocked for more than 50 ms: a whole day's talk in a fresh process, cold and warm."""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes.served import ROOT, clean_environment
from tests.fakes.walk import LIMIT, Watch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_no_callback_of_a_whole_day_holds_the_loop(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fakes.walk", str(tmp_path / "data")],
        cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=560, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["callbacks"] > 500, "the walk really ran on the watched loop"
    told = "\n".join(
        f"{slow['ms']:7.1f} ms  {slow['phase']}: {'; '.join(slow['where'])}" for slow in found["slow"]
    )
    assert not found["slow"], f"the loop was held for more than {LIMIT * 1000:.0f} ms:\n{told}"


async def test_the_watch_sees_and_names_what_holds_the_loop() -> None:
    """The detector itself: a busy callback is found, a waiting one is not."""

    async def busy() -> None:
        until = time.thread_time() + 0.08
        while time.thread_time() < until:
            pass

    with Watch().watching() as watch:
        await asyncio.create_task(asyncio.sleep(0.1))
        assert watch.slow == []
        await asyncio.create_task(busy())
    assert len(watch.slow) == 1
    assert watch.slow[0]["ms"] >= 80
    assert "busy" in str(watch.slow[0]["where"])
