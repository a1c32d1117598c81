"""``marketbyte import`` by its exit codes and its JSON."""

import json
from contextlib import asynccontextmanager

import pytest

from bot.commands.importing import run
from services.domain.errors import BadInput
from tests.fakes.import_stores import Stores
from tests.fakes.price_files import GOOD, WRONG


@pytest.fixture
def given(tmp_path):
    """Runs the command over stores in memory: ``given(kind, *files, **flags)``."""
    stores = Stores()

    @asynccontextmanager
    async def opening(_settings):
        yield stores.imports

    async def command(kind, *files, dry_run=False, undo="", as_json=True):
        paths = []
        for file in files:
            path = tmp_path / file.name
            path.write_bytes(file.data)
            paths.append(path)
        return await run(None, kind, paths, as_json=as_json, dry_run=dry_run, undo=undo, opening=opening)

    command.stores, command.folder, command.opening = stores, tmp_path, opening
    return command


async def test_a_good_file(given, capsysbinary):
    assert await given("prices", GOOD) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert (told["kind"], told["taken"], told["rejected"], told["from"], told["to"], told["stored"], told["file"]) == (
        "prices", 3, [], "2018-01-02", "2026-08-20", 3, "aug.csv",
    )  # fmt: skip
    assert await given("prices", GOOD) == 0
    again = json.loads(capsysbinary.readouterr().out)
    assert again["stored"] == 0
    assert again["already"]
    assert await given("", undo=told["id"][:10]) == 0
    assert json.loads(capsysbinary.readouterr().out)["undone"] is True
    assert await given.stores.closes() == {}


async def test_a_refused_file_exits_1_with_its_reason(given, capsysbinary):
    assert await given("prices", GOOD, WRONG) == 1
    out, err = capsysbinary.readouterr()
    good, wrong = map(json.loads, out.splitlines())
    assert wrong["rejected"] == [{"row": 3, "reason": "date: text where a date belongs"}]
    assert (good["stored"], wrong["stored"]) == (0, 0)
    assert "1 of 2 rows are wrong" in wrong["reason"]
    assert b"1 of 2 rows are wrong" in err
    assert given.stores.all_empty()


async def test_bad_usage_exits_2(given, capsys):
    assert await given("shares", GOOD) == 2
    assert "there are: prices, flows" in capsys.readouterr().err
    assert await given("prices") == 2
    missing = [given.folder / "nosuch.csv"]
    assert (
        await run(None, "prices", missing, as_json=True, dry_run=False, undo="", opening=given.opening) == 2
    )
    with pytest.raises(BadInput):
        await given("", undo="nosuchid")


async def test_a_dry_run_stores_nothing_and_people_read_a_summary(given, capsys):
    assert await given("prices", GOOD, dry_run=True, as_json=False) == 0
    told = capsys.readouterr().out
    assert "aug.csv: 3 rows from 2018-01-02 to 2026-08-20, 0 rejected" in told
    assert "3 new, 0 changed" in told
    assert "nothing stored" in told
    assert given.stores.all_empty()
