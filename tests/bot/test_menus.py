"""The command menus: what Telegram shows beside the line of text, to everybody and to operators."""

from bot.menus import EVERYBODY, menus
from handlers.registry import COMMANDS
from services.domain.conversation import Address
from services.domain.intents import INTENTS
from services.wording.sentences import catalog

ALIASES = {"menu", "start"}  # "help" says it; Telegram has a button of its own for the start


def test_everybody_is_shown_every_command_but_the_operators():
    shown = {command.name for command in COMMANDS.values() if not command.admin} - ALIASES
    assert shown <= set(EVERYBODY)
    assert set(EVERYBODY) <= shown | set(INTENTS), "nothing is shown that nobody answers"
    assert len(set(EVERYBODY)) == len(EVERYBODY)


def test_a_command_is_described_as_in_its_registry():
    for name in EVERYBODY:
        if name in COMMANDS:
            assert catalog()[f"command.{name}"][0] == COMMANDS[name].about


def test_operators_see_theirs_and_only_on_telegram():
    made = menus((Address("telegram", "7"), Address("meta", "92300")))
    assert made.chats == ("7",)
    operators = {command.name for command in COMMANDS.values() if command.admin}
    for code in ("", "ur"):
        assert {name for name, _ in made.operators[code]} == operators | set(EVERYBODY)
        assert not operators & {name for name, _ in made.everybody[code]}


def test_descriptions_fit_telegram():
    made = menus((Address("telegram", "7"),))
    for commands in (*made.everybody.values(), *made.operators.values()):
        assert len(commands) <= 100
        assert all(1 <= len(about) <= 256 for _, about in commands)


def test_urdu_readers_see_urdu():
    for name, about in menus(()).everybody["ur"]:
        assert any("\u0600" <= letter <= "\u06ff" for letter in about), name
