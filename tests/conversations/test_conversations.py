"""Plays every ``.chat`` file of this folder against the whole bot.

A file reads like a conversation. ``> text`` is typed, ``> [Title]`` presses a button, ``> (file) words`` sends a document that
holds these words (``\\n`` begins a line); the lines below it are what the
answer must hold: ``< words`` (in any of the answers), ``<! words`` (nowhere), ``< (picture)``, ``< (voice)``,
``< (document)``, ``< [Title]`` (a button). ``as KEY`` changes the speaker; ``admin`` makes the speaker an administrator.
``#`` is a remark; ``# covers:`` names the intents, commands and steps that the conversation must reach.
Words are compared without case.
"""

from pathlib import Path

import pytest

from tests.fakes.talk import Person, RecordedBot

CHATS = sorted(Path(__file__).parent.glob("*.chat"))
LINES = {chat: chat.read_text(encoding="utf-8").splitlines() for chat in CHATS}


@pytest.mark.parametrize("chat", CHATS, ids=lambda path: path.stem)
async def test_chat(chat: Path, bot: RecordedBot) -> None:
    person = bot.person()
    reached: set[str] = set()
    covers: set[str] = set()
    bot.watch(reached)
    for number, line in enumerate(LINES[chat], 1):
        if line.startswith("# covers:"):
            covers |= set(line.removeprefix("# covers:").split())
        try:
            person = await _play(line.strip(), person, bot)
        except AssertionError as error:
            raise AssertionError(
                f"{chat.name}:{number}: {error}\n--- what came:\n{person.words()}\n{person.kinds()}"
            ) from None
    assert covers <= reached, f"{chat.name} says it covers {sorted(covers - reached)}, which it never reached"


async def _play(line: str, person: Person, bot: RecordedBot) -> Person:
    mark, _, rest = line.partition(" ")
    if not line or mark == "#" or line.startswith("#"):
        return person
    if mark == "as":
        return bot.person(f"{rest}-000000000000", name=rest)
    if mark == "admin":
        return bot.person("admin-000000000000", name="Operator")
    if mark == ">":
        if rest.startswith("(file) "):
            await person.send(rest.removeprefix("(file) ").replace("\\n", "\n").encode())
        elif rest.startswith("[") and rest.endswith("]"):
            await person.press(rest[1:-1])
        else:
            await person.say(rest.replace("\\n", "\n"))
        return person
    _expect(mark, rest, person)
    return person


def _expect(mark: str, rest: str, person: Person) -> None:
    assert mark in {"<", "<!"}, f"cannot read {mark!r}"
    if rest.startswith("(") and rest.endswith(")"):
        there = rest[1:-1] in person.kinds()
    else:
        there = rest.casefold() in person.words().casefold()
    if mark == "<":
        assert there, f"expected {rest!r}"
    else:
        assert not there, f"did not expect {rest!r}"
