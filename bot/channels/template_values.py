"""The values of an approved template as WhatsApp takes them, checked before anything is sent."""

import re
import unicodedata
from collections.abc import Sequence

from bot.channels.marks import read_marks, to_plain, units
from bot.channels.render import shortened
from services.domain.errors import TemplateRefused

EMPTY = "-"  # a value must not be empty
ROOM = 800  # a filled template holds 1,024 characters: this leaves the operator's fixed words 224
SHORTEST = 24  # no value is cut below this to make room for the others
_BRACES = re.compile(r"\{\{+|\}\}+")  # would be read as a placeholder
_FORMATS_KEPT = frozenset("\u200c\u200d\u200e\u200f")  # Urdu needs the first two; the others turn the line


def checked(values: Sequence[str], *, wants: int | None = None, room: int = ROOM) -> tuple[str, ...]:
    """The values flattened: no marks, no line break, tab or run of blanks, none empty, together within the room.

    Args:
        values: The words for {{1}}, {{2}} … in their order.
        wants: How many the template has, where we know.
        room: UTF-16 units that all of them may take together; the longest are shortened first.

    Raises:
        TemplateRefused: there are more or fewer than the template wants; it would be refused for everybody.
    """
    if wants is not None and len(values) != wants:
        raise TemplateRefused(f"the template wants {wants} values and is given {len(values)}", code="count")
    flat = [_flat(value) for value in values]
    most = _level([units(value) for value in flat], room)
    return tuple(shortened(value, most) for value in flat)


def _level(lengths: Sequence[int], room: int) -> int:
    """The length to which the longest are cut so that all of them fit; no shorter than ``SHORTEST``."""
    left, many = room, len(lengths)
    for length in sorted(lengths):
        if length * many > left:
            return max(left // many, SHORTEST)
        left, many = left - length, many - 1
    return max(lengths, default=0)


def _flat(value: str) -> str:
    """One value on one line."""
    plain = _BRACES.sub(lambda found: found[0][0], to_plain(read_marks(value)))
    kept = "".join(_visible(character) for character in plain)
    return " ".join(kept.split()) or EMPTY


def _visible(character: str) -> str:
    """A control character is a blank; an invisible one is nothing unless writing needs it."""
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    return "" if category in {"Cs", "Cf"} and character not in _FORMATS_KEPT else character
