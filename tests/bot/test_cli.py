"""The command line as an operator meets it: real processes, their output, their exit codes."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.served import clean_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

COMMANDS = (
    "serve", "web", "worker", "scheduler", "chat", "route", "xray", "screen", "brief", "check", "import", "refresh",
    "backup", "restore", "train", "forecast", "ledger",
)  # fmt: skip
NOT_YET = ("backup", "restore", "train", "forecast", "ledger")
XRAY_KEYS = {
    "as_of", "coverage", "positions", "sectors", "hhi", "effective_number", "top1", "top5", "overlaps", "fees_pct",
    "shariah", "volatility", "beta", "max_drawdown", "today", "rules",
}  # fmt: skip


class Ran:
    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def json(self):
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path):
    def command(*arguments: str, stdin: str = "", **settings: str) -> Ran:
        environment = clean_environment(
            MARKETBYTE_DATA_DIR=str(tmp_path / "data"), MARKETBYTE_NOW="2026-08-20T08:30:00+05:00", **settings
        )
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path, env=environment, input=stdin, capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done)

    return command


def shaped(found: dict) -> None:
    """The promises of INTERFACE.md about ``xray --json``: fractions, sums, nulls."""
    assert set(found) >= XRAY_KEYS
    assert sum(p["weight"] for p in found["positions"]) == pytest.approx(found["coverage"], abs=0.02)
    assert all({"symbol", "weight", "via"} <= set(p) for p in found["positions"])
    assert all({"sector", "weight"} <= set(s) for s in found["sectors"])
    assert all({"a", "b", "overlap"} <= set(o) for o in found["overlaps"])
    assert {rule["state"] for rule in found["rules"]} <= {"pass", "watch", "fail", None}
    assert all({"rule", "state", "value", "threshold"} <= set(rule) for rule in found["rules"])
    numbers = [found[key] for key in ("coverage", "hhi", "top1", "top5", "volatility", "max_drawdown")]
    assert all(n is None or -1 <= n <= 1 for n in numbers), "fractions, not percents"
    assert found["effective_number"] == pytest.approx(1 / found["hhi"], rel=0.05)


# ---- help and exit codes


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command) -> None:
    from typer.testing import CliRunner

    from bot.__main__ import app

    told = CliRunner().invoke(app, [command, "--help"])
    assert told.exit_code == 0
    assert "Usage" in told.output
    assert len(told.output.split()) > 8


def test_the_whole_help_names_every_command(run) -> None:
    told = run("--help")
    assert told.code == 0
    for command in COMMANDS:
        assert command in told.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("xray",),
        ("brief", "--slot", "midnight"),
        ("xray", "MEBL", "--lang", "fr"),
        ("screen", "--no-such"),
    ],
    ids=" ".join,
)
def test_bad_usage_exits_2_and_says_what_was_wrong(run, arguments) -> None:
    told = run(*arguments)
    assert told.code == 2
    assert told.out == ""
    assert "Error" in told.err or "Usage" in told.err


@pytest.mark.parametrize("command", NOT_YET)
def test_what_is_not_there_yet_says_so_in_one_line(run, command) -> None:
    told = run(command, "some", "arguments", "--and-an-option")
    assert told.code == 1
    assert told.out == ""
    assert told.err.strip().count("\n") == 0
    assert told.err.startswith(f"marketbyte {command}: ")
    assert "not in this release" in told.err


def test_a_bad_setting_exits_1_with_one_line(run) -> None:
    told = run("screen", PORT="abc")
    assert told.code == 1
    assert told.err.strip().count("\n") == 0
    assert told.err.startswith("marketbyte: PORT")


# ---- questions without a database


def test_xray_as_json(run) -> None:
    told = run("xray", "MEBL=40, MZNPETF=60", "--json")
    assert told.code == 0, told.err
    found = told.json()
    shaped(found)
    by_symbol = {p["symbol"]: p for p in found["positions"]}
    assert by_symbol["MEBL"]["weight"] >= 0.4, "its own 40 % and its share of the fund"
    assert found["as_of"].startswith("2026-08-20")


def test_xray_in_words_and_with_its_picture(run, tmp_path) -> None:
    told = run("xray", "MEBL=40, LUCK=60", "--out", str(tmp_path / "made"))
    assert told.code == 0, told.err
    assert "MEBL" in told.out
    assert "sample data, 20 Aug 2026" in told.out
    assert "*" not in told.out
    assert (tmp_path / "made" / "xray.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("lang", ["ur", "roman"])
def test_xray_speaks_the_other_languages(run, lang) -> None:
    told = run("xray", "MEBL=100", "--lang", lang)
    assert told.code == 0, told.err
    assert any("\u0600" <= letter <= "\u06ff" for letter in told.out) == (lang == "ur")


@pytest.mark.parametrize(
    ("holdings", "said"),
    [
        ("XYZZY=100", "unknown name"),
        ("MEBL=250", "holdings cannot be used"),
        ("MEBL=-20, LUCK=120", "holdings cannot be used"),
        ("MEBL=40, LUCK=30", "holdings cannot be used"),
        ("", "holdings cannot be used"),
        ("<script>", "holdings cannot be used"),
        ("Meezan Islamic=100", "fits several"),
    ],
)
def test_a_list_that_cannot_be_used_exits_1_with_one_line(run, holdings, said) -> None:
    told = run("xray", holdings, "--json")
    assert told.code == 1
    assert told.out == ""
    assert said in told.err or "unknown name" in told.err
    assert told.err.strip().count("\n") == 0


def test_screen_as_json(run) -> None:
    told = run("screen", "--json")
    assert told.code == 0, told.err
    found = told.json()
    text = json.dumps(found)
    assert "2026-08-20" in text
    assert "sample data" in text.casefold() or "label" in text
    rows = found if isinstance(found, list) else next(v for v in found.values() if isinstance(v, list))
    assert rows
    assert all(isinstance(row, dict) for row in rows)


def test_screen_in_words(run) -> None:
    told = run("screen")
    assert told.code == 0, told.err
    assert "sample data, 20 Aug 2026" in told.out


def test_route_writes_one_json_line_for_each_line(run) -> None:
    said = ["xray", "MEBL ka rate?", "MIRA PORTFOLIO DIKHAO", "", "qwerty uiop", "zakat on 5 lakh", "بریف"]
    told = run("route", stdin="".join(f"{line}\n" for line in said))
    assert told.code == 0, told.err
    answers = [json.loads(line) for line in told.out.splitlines()]
    assert [answer["text"] for answer in answers] == said
    for answer in answers:
        assert set(answer) == {"text", "intent", "details", "confidence", "by"}
        assert 0 <= answer["confidence"] <= 1
        assert answer["by"] in {"command", "exact", "local", "model", "fallback"}
    assert [answers[n]["intent"] for n in (0, 1, 2, 5, 6)] == [
        "xray",
        "quote",
        "portfolio",
        "calculate",
        "brief",
    ]


# ---- what takes longer


def test_the_personal_brief_writes_its_files(run, tmp_path) -> None:
    out = tmp_path / "made"
    told = run(
        "brief", "--scope", "personal", "--holdings", "MEBL=40, MZNPETF=60", "--out", str(out), "--json"
    )
    assert told.code == 0, told.err
    summary = told.json()
    there = sorted(path.name for path in out.iterdir())
    assert summary["files"] == there
    assert {"brief.txt", "facts.json", "chart.png", "chapter-1.ogg"} <= set(there)
    assert 55 <= summary["seconds"] <= 125
    assert (out / "chapter-1.ogg").read_bytes().startswith(b"OggS")
    assert (out / "chart.png").read_bytes().startswith(b"\x89PNG")
    words = (out / "brief.txt").read_text()
    assert "sample data, 20 Aug 2026" in words
    facts = json.loads((out / "facts.json").read_text())
    assert facts
    for fact in facts:
        assert set(fact) >= {"id", "value", "unit", "entity", "as_of", "source"}
    assert len({fact["id"] for fact in facts}) == len(facts), "an id names one fact"


@pytest.mark.parametrize(
    "arguments",
    [("--scope", "personal"), ("--scope", "sector:"), ("--scope", "moon"), ("--scope", "sector:9999")],
    ids=" ".join,
)
def test_a_scope_that_cannot_be_used_exits_1(run, tmp_path, arguments) -> None:
    told = run("brief", *arguments, "--out", str(tmp_path / "made"))
    assert told.code == 1
    assert told.err.strip().count("\n") == 0
    assert not (tmp_path / "made").exists()


def test_check_tells_every_part(run) -> None:
    told = run("check", "--json", TELEGRAM_BOT_TOKEN="123:hush-hush-hush")
    found = {line["name"]: line for line in told.json()}
    assert {"Telegram", "Twilio WhatsApp", "Meta WhatsApp", "MongoDB", "Market", "Voice", "Admins"} <= set(
        found
    )
    assert {line["state"] for line in found.values()} <= {"ok", "default", "missing", "failed"}
    assert found["MongoDB"]["state"] == found["Market"]["state"] == found["Voice"]["state"] == "ok"
    assert found["Telegram"]["state"] == "missing"
    assert "TELEGRAM_WEBHOOK_SECRET" in found["Telegram"]["detail"]
    assert "hush" not in told.out + told.err
    assert told.code == 0


def test_check_fails_where_a_part_fails(run) -> None:
    told = run(
        "check", MARKETBYTE_MONGODB_URI="mongodb://127.0.0.1:1/?replicaSet=rs0&serverSelectionTimeoutMS=300"
    )
    assert told.code == 1
    assert "failed" in told.out
    assert "database" in told.out


def test_chat_talks_in_the_terminal(run) -> None:
    said = "Hi\nEnglish\nyes\nMEBL 40, LUCK 60\nyes\n9 am\nportfolio\nexit\n"
    told = run("chat", stdin=said)
    assert told.code == 0, told.err
    for words in (
        "MarketByte",
        "Do you agree?",
        "What do you hold?",
        "Is that right?",
        "facts, not advice",
        "MEBL",
    ):
        assert words in told.out


def test_a_port_in_use_is_said_in_one_line(run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = run("serve", PORT=str(taken.getsockname()[1]))
    assert told.code == 1
    assert "PORT=" in told.err
    assert told.err.strip().count("\n") == 0
