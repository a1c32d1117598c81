"""Whatever happens, nobody's words, name, number or amount and no secret of ours is written to the log by this process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.noisy import SECRETS

ROOT = Path(__file__).parents[2]


def bad_day(mongo_uri, folder):
    """All that a process writes on one."""
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "tests.fakes.noisy", mongo_uri, str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout + run.stderr


@pytest.mark.slow
def test_nothing_of_a_person_and_no_secret_is_in_it(mongo_uri, tmp_path):
    """One test, because one such day takes half a minute."""
    said = bad_day(mongo_uri, tmp_path)
    found = [(s, line) for s in SECRETS for line in said.splitlines() if s.casefold() in line.casefold()]
    assert found == []
    assert [line for line in said.splitlines() if line and not line.startswith("{")] == [], (
        "one line an event"
    )
    # It was bad, or nothing was searched: each failure is there, by its name.
    lines = [json.loads(line) for line in said.splitlines()]
    events = {line["event"] for line in lines}
    expected = {
        "turn",
        "turn_broke",
        "malformed",
        "not_kept",
        "alarm",
        "library",
        "unraisable",
        "thread_ended",
    }
    assert expected <= events
    reasons = " ".join(line.get("reason", "") for line in lines if line["event"] == "library")
    for sentence in ("Task exception was never retrieved", "Unclosed client session", "ResourceWarning"):
        assert sentence in reasons
    assert any(line.get("exception", "").startswith("RuntimeError at noisy.py:") for line in lines)
