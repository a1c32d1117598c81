"""The habits no linter can keep: sizes, docstrings, the README equal to the code, a conversation for everything."""

import ast
import re
from pathlib import Path

import pytest

import bot.router
from bot.config import Settings
from handlers.registry import COMMANDS, INTENT_HANDLERS, STEPS
from scheduling.timetable import timetable
from services.domain.conversation import LANGUAGES
from services.domain.intents import INTENTS
from services.domain.profiles import PSX, US, Profile
from services.wording.sentences import catalog

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "services", "scheduling", "prompts")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHATS = sorted((ROOT / "tests" / "conversations").glob("*.chat"))
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of the README, cells stripped."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))] for row in rows[2:]]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_small_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300, "split it by meaning"
    assert ast.get_docstring(ast.parse(text)), "one sentence: what is this file for?"


def test_no_junk_drawers() -> None:
    banned = {"utils", "helpers", "common", "misc", "core"}
    assert not [path for path in SOURCES if path.stem in banned]


def test_top_level_is_as_fixed() -> None:
    fixed = {
        "bot",
        "handlers",
        "services",
        "scheduling",
        "prompts",
        "tests",
        "Procfile",
        "pyproject.toml",
        "README.md",
        "LICENSE",
    }
    allowed_beside = {"requirements.lock"}
    here = {
        path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.name != "__pycache__"
    }
    made = {"build", "dist"}
    assert here - fixed - allowed_beside - made <= set(), "only what the user fixed"
    assert fixed <= here


def test_settings_table_is_the_code() -> None:
    told = {row[0].strip("`"): row for row in table("Settings")}
    known = {str(field.alias): field for field in Settings.model_fields.values()}
    assert told.keys() == known.keys()
    for name, field in known.items():
        assert told[name][2] == field.description, name


def test_chat_commands_table_is_the_registry() -> None:
    told = {row[0].strip("`"): (row[1], row[2]) for row in table("Chat commands")}
    known = {c.usage: ("admins" if c.admin else "everybody", c.about) for c in COMMANDS.values()}
    assert told == known


@pytest.mark.parametrize(("heading", "market"), [("Timetable", PSX), ("The us market", US)])
def test_timetable_table_is_the_code(heading: str, market: Profile) -> None:
    told = {row[0].strip("`"): row for row in table(heading)}
    entries = timetable(market)
    assert told.keys() == {entry.job for entry in entries}
    for entry in entries:
        days = "trading days" if entry.trading else "every day"
        assert told[entry.job][1:] == [f"{entry.hour}:{entry.minute}".replace("*", "\\*"), days, entry.about]


def test_every_intent_has_a_handler_and_a_conversation() -> None:
    assert bot.router
    assert set(INTENT_HANDLERS) == set(INTENTS)
    covered: set[str] = set()
    for chat in CHATS:
        for line in chat.read_text(encoding="utf-8").splitlines():
            if line.startswith("# covers:"):
                covered |= set(line.removeprefix("# covers:").split())
    wanted = set(INTENT_HANDLERS) | set(COMMANDS) | set(STEPS)
    assert wanted <= covered, f"no conversation for {sorted(wanted - covered)}"


@pytest.mark.parametrize("key", sorted(catalog()))
def test_sentence_is_said_in_all_languages_with_the_same_blanks(key: str) -> None:
    said = catalog()[key]
    assert len(said) == len(LANGUAGES)
    blanks = [set(PLACEHOLDER.findall(text)) for text in said]
    assert blanks[0] == blanks[1] == blanks[2], key
    assert all(said)
