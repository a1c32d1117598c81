"""The shape of one reading rule of the English normaliser, and what every rule is told of the text around it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``names`` maps a ticker to its spoken name ("" = spell it); ``shouted``: the whole text is in capitals."""

    names: Mapping[str, str]
    shouted: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and its reading. Groups inside the pattern are named, and named differently in every rule."""

    name: str
    pattern: str
    read: Callable[[re.Match[str], Surroundings], str]


def letters(word: str) -> str:
    """Spelled: "KSE" -> "K S E". Single capitals are how this house writes letters that are said one by one."""
    return " ".join(word)


def the(match: re.Match[str]) -> str:
    """Give "the " unless the text before already ends with an article or a possessive."""
    before = match.string[max(0, match.start() - 12) : match.start()].rstrip().lower()
    last = before.rsplit(" ", 1)[-1]
    return (
        ""
        if last in {"the", "a", "an", "its", "their", "our", "your", "this", "last", "next", "each"}
        else "the "
    )


def closes_sentence(match: re.Match[str]) -> bool:
    """Whether a dot at the end of the match is also the end of a sentence: nothing, or a capital, comes next."""
    after = match.string[match.end() : match.end() + 4]
    return not after.strip() or bool(re.match(r"\s+[\"'“‘(]?[A-Z]", after)) or after[0] == "\n"
