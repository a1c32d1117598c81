"""The journal of what is being sent: survives its process, is trusted only where it can be, and stays small."""

import os
from pathlib import Path
from typing import Any

import pytest

from services.stores.journal import LARGEST, FileJournal


@pytest.fixture
def journals(tmp_path: Path) -> Any:
    return lambda name: FileJournal(tmp_path / "sending", name)


def test_a_journal_tells_what_was_posted_taken_and_waiting(journals):
    mine = journals("p1")
    mine.posted("a", 1)
    mine.posted("b", 1)
    mine.taken("b", ("r1", "r2"))
    mine.posted("c", 1)
    mine.waits("c", 2)
    left = journals("p2").left_by("p1")
    assert (left.posted, dict(left.taken), dict(left.waiting)) == (
        frozenset({"a"}),
        {"b": ("r1", "r2")},
        {"c": 2},
    )


def test_a_torn_line_and_a_foreign_boot_are_not_trusted(journals, tmp_path, monkeypatch):
    mine = journals("p1")
    mine.posted("a", 1)
    path = tmp_path / "sending" / "p1.jsonl"
    with path.open("a") as file:
        file.write('["posted", "b')
    assert journals("p2").left_by("p1").posted == {"a"}
    assert path.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr("services.stores.journal._boot", lambda: "another boot")
    assert journals("p2").left_by("p1") is None


def test_a_journal_stays_small_and_keeps_what_is_open(journals, tmp_path):
    mine = journals("p1")
    mine.posted("open all the time", 1)
    for number in range(20_000):
        mine.posted(f"m{number}", 1)
        mine.taken(f"m{number}", ("r",))
        mine.settled(f"m{number}")
    assert (tmp_path / "sending" / "p1.jsonl").stat().st_size < LARGEST + 1000
    assert journals("p2").left_by("p1").posted == {"open all the time"}


def test_a_journal_with_a_hole_is_none(journals, tmp_path, monkeypatch):
    mine = journals("p1")
    mine.posted("a", 1)

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("services.stores.journal.os.write", full)
    mine.posted("b", 1)
    monkeypatch.undo()
    mine.posted("c", 1)
    assert journals("p2").left_by("p1") is None
    assert not (tmp_path / "sending" / "p1.jsonl").exists()


def test_journals_of_the_day_before_are_swept_away(journals, tmp_path):
    journals("old").posted("a", 1)
    os.utime(tmp_path / "sending" / "old.jsonl", (1, 1))
    journals("young").posted("a", 1)
    journals("mine").posted("a", 1)
    assert {path.stem for path in (tmp_path / "sending").iterdir()} == {"young", "mine"}


def test_an_orderly_end_leaves_no_file(journals, tmp_path):
    mine = journals("p1")
    mine.posted("a", 1)
    mine.settled("a")
    mine.close()
    assert list((tmp_path / "sending").iterdir()) == []
