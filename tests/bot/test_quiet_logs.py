"""Whatever happens, nobody's words, name, number or amount and no secret of ours is written to the log by this process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.noisy import SECRETS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def said(mongo_uri, tmp_path_factory):
    """All that a process writes on a bad day."""
    folder = tmp_path_factory.mktemp("noisy")
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "tests.fakes.noisy", mongo_uri, str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout + run.stderr


@pytest.mark.slow
def test_the_bad_day_was_bad(said):
    """So that the other test searches something: each failure is in the log, by its name."""
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    events = {line["event"] for line in lines}
    assert {
        "turn",
        "turn_broke",
        "malformed",
        "not_kept",
        "alarm",
        "library",
        "unraisable",
        "thread_ended",
    } <= events
    reasons = " ".join(line.get("reason", "") for line in lines if line["event"] == "library")
    assert "Task exception was never retrieved" in reasons
    assert "Unclosed client session" in reasons
    assert "ResourceWarning" in reasons
    assert any(line.get("exception", "").startswith("RuntimeError at noisy.py:") for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_of_a_person_and_no_secret_is_in_it(said, secret):
    assert secret.casefold() not in said.casefold(), next(
        line for line in said.splitlines() if secret.casefold() in line.casefold()
    )


@pytest.mark.slow
def test_every_line_is_one_event(said):
    assert [line for line in said.splitlines() if line and not line.startswith("{")] == []
