"""Reads the prompt files and holds each to its own head, so that a prompt and its caller cannot drift apart.

A file is a YAML head between two ``---`` lines (name, version, inputs, limit) and a text. ``{word}`` in the text stands
for an input; the placeholders must be exactly the inputs. ``limit`` is the most characters an answer may have.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

_FILE = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<text>.*)\Z", re.DOTALL)
_HOLE = re.compile(r"\{([a-z_]+)\}")
_HEAD = {"name", "version", "inputs", "limit"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. ``version`` goes up with every change of the words, and stands in cache keys."""

    name: str
    version: int
    inputs: tuple[str, ...]
    limit: int
    text: str

    def fill(self, inputs: Mapping[str, str]) -> str:
        """The text with its inputs in place; braces inside an input stay what they are.

        Raises:
            ValueError: If an input is missing or not one of the prompt's.
        """
        if set(inputs) != set(self.inputs):
            raise ValueError(f"prompt {self.name!r} takes {sorted(self.inputs)}, was given {sorted(inputs)}")
        return _HOLE.sub(lambda hole: inputs[hole[1]], self.text)


def parse(name: str, raw: str) -> Prompt:
    """A prompt from its file's words.

    Raises:
        ValueError: If the head is missing, incomplete, of another name, or does not list exactly the placeholders.
    """
    match = _FILE.match(raw)
    head = yaml.safe_load(match["head"]) if match else None
    if match is None or not isinstance(head, dict) or set(head) != _HEAD:
        raise ValueError(f"prompts/{name}.md needs a head with exactly {sorted(_HEAD)}")
    holes = set(_HOLE.findall(match["text"]))
    if head["name"] != name or holes != set(head["inputs"]):
        raise ValueError(
            f"prompts/{name}.md: named {head['name']!r}; inputs {sorted(head['inputs'])}, but placeholders {sorted(holes)}"
        )
    return Prompt(
        name, int(head["version"]), tuple(head["inputs"]), int(head["limit"]), match["text"].strip()
    )


@cache
def load(name: str) -> Prompt:
    """The prompt of that name.

    Raises:
        ValueError: If there is no such file or its head is wrong.
    """
    file = resources.files("prompts").joinpath(f"{name}.md")
    if not file.is_file():
        raise ValueError(f"there is no prompt {name!r}; the prompts are {sorted(names())}")
    return parse(name, file.read_text(encoding="utf-8"))


def names() -> tuple[str, ...]:
    """The names of all prompts, in order."""
    files = resources.files("prompts").iterdir()
    return tuple(sorted(file.name.removesuffix(".md") for file in files if file.name.endswith(".md")))
