"""The table of the 40 behaviours: every line names tests that are there, so the list cannot drift from the code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "tests" / "channels" / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| *(\d+) *\|([^|]+)\|([^|]+)\|([^|]+)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROWS = {int(number): (says, tests, channels) for number, says, tests, channels in ROW.findall(TABLE)}


def test_every_behaviour_has_one_line() -> None:
    assert sorted(ROWS) == list(range(1, 41))
    assert len(ROW.findall(TABLE)) == 40, "a number stands twice"


@pytest.mark.parametrize("number", sorted(ROWS))
def test_a_behaviour_names_tests_that_exist(number: int) -> None:
    _, tests, channels = ROWS[number]
    named = NAMED.findall(tests)
    assert named, "no behaviour without a test"
    for path, name in named:
        source = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {name}\(", source, re.MULTILINE), f"{path} has no {name}"
    assert set(channels.replace(",", " ").split()) <= {"telegram", "twilio", "meta", "all"}
    assert channels.strip()
