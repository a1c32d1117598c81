"""Words as parameters of an approved WhatsApp template: one line, never empty, within what a filled template may hold.

Meta refuses line breaks, tabs and runs of blanks in a parameter (code 132018) and an empty one; a filled template may
have 1,024 characters in all (Twilio 63021). See CHANNELS.md sections 2.6 and 3.5.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

from services.domain.conversation import Lang, Reply, Template, Text
from services.wording.sentences import say

MOST_LINE: Final = 700  # UTF-16 units; leaves 324 for the approved words around it
MOST_NAME: Final = 40
MORE: Final = " …"
_JOINER = "\u200d"
_KEPT_FORMATS = frozenset("\u200c\u200d")  # they shape Urdu letters and join emoji; other invisible signs go


def broadcast_template(
    name: str, person: str, replies: Sequence[Reply], lang: Lang, press: str = ""
) -> Template:
    """The approved message that stands for a broadcast where the window is shut: who, and what, in one line.

    The chart, if there is one, goes above it; the source line of a market message ends it, however long the words are.
    """
    blocks = [block for reply in replies for block in reply.blocks]
    words = next((block.text for block in blocks if isinstance(block, Text) and one_line(block.text)), "")
    source = next((reply.source for reply in replies if reply.source), "")
    ending = f" {one_line(source, MOST_LINE // 2)}" if one_line(source) else ""
    line = one_line(words, MOST_LINE - units(ending)) or say(lang, "broadcast.news")
    chart = next((block.media for block in blocks if block.kind == "picture"), None)
    parameters = (one_line(person, MOST_NAME) or say(lang, "broadcast.you"), line + ending)
    return Template(name, parameters, header=chart, press=press)


def one_line(text: str, most: int = MOST_LINE) -> str:
    """A text without marks, line breaks, tabs and invisible signs, cut at a word within ``most`` UTF-16 units.

    "" if nothing that can be seen is left. A word longer than all room is cut between two whole characters.
    """
    line = " ".join(text.replace("*", "").replace("_", "").split())
    if (
        not line.isprintable()
    ):  # else there is nothing in it but letters, signs and blanks: no need to look at each
        line = " ".join("".join(_plain(character) for character in line).split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in line):
        return ""
    if units(line) <= most:
        return line
    head = _head(line, most - units(MORE))
    at = head.rfind(" ")
    return (head[:at] if at > 0 else head).rstrip() + MORE


def units(text: str) -> int:
    """The length as WhatsApp counts it at its strictest: UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return character if character in _KEPT_FORMATS else ""
    return " " if category[0] in "CZ" else character


def _head(line: str, most: int) -> str:
    """As many whole characters (as a reader sees them) as fit."""
    used = end = 0
    for place, character in enumerate(line):
        used += units(character)
        if used > most:
            break
        end = place + 1
    while 0 < end < len(line) and _clings(line, end):
        end -= 1
    return line[:end]


def _clings(line: str, at: int) -> bool:
    """Whether the character at a place belongs to the one before it: a vowel mark, a joined emoji, a skin tone."""
    return (
        unicodedata.category(line[at])[0] == "M"
        or line[at] in _KEPT_FORMATS
        or line[at - 1] == _JOINER
        or "\U0001f3fb" <= line[at] <= "\U0001f3ff"
    )
