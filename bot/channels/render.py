"""A channel-free reply cut to a channel's measure: pure, and nothing of the words is ever lost.

Marks are read once into styled runs, so a cut never tears a mark: each piece opens and closes its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.channels.base import Measure
from bot.channels.cutting import cut, reach, seam
from bot.channels.marks import Dress, Run, Runs, read_marks, seen, to_plain, units
from services.domain.conversation import Button, Document, MediaRef, Picture, Reply, Text, Voice

POINTER = "👇"  # the words of a message that bears nothing but buttons: it may not be empty
DIGITS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")  # in which the parts of a text are counted: its own
# What leaves something to see, or a provider calls a text empty.
_INK = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text message; ``buttons`` only on the one that bears them."""

    runs: Runs
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaPart:
    """One picture, voice note or file. ``buttons`` only where the reply has no words at all to hang them on."""

    block: Picture | Voice | Document
    caption: Runs = ()
    buttons: tuple[Button, ...] = ()

    @property
    def media(self) -> MediaRef:
        return self.block.media


Part = TextPart | MediaPart


def parts(
    reply: Reply, measure: Measure, dress: Dress, *, body: int | None = None, keys: int = 0
) -> tuple[Part, ...]:
    """The messages that a reply becomes, in the order of its blocks, each within the channel's limits.

    The source line ends the last text; without a text it ends the last caption, and alone it is a text of its own.
    Buttons go under the last text, else under the last medium. A text in several messages counts them: "(2/3)".

    Args:
        reply: What to say.
        measure: The channel's limits.
        dress: How runs are written on that channel; what it gives is what is counted.
        body: The limit of the text that bears buttons, if it is smaller than that of other texts.
        keys: How many buttons there can be, 0 = any number; what no button can be becomes a numbered line of the text.
    """
    if keys:
        reply = _pressable(reply, keys, measure.press_bytes)
    pieces = [piece for block in _with_source(reply) for piece in _laid_out(block, measure, dress)]
    bearer = max((n for n, piece in enumerate(pieces) if isinstance(piece, str)), default=-1)
    made: list[Part] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, str):
            under = (body or measure.text) if number == bearer and reply.buttons else measure.text
            made += [TextPart(runs) for runs in _counted(piece, measure.text, under, dress)]
        else:
            made.append(piece)
    return _with_buttons(made, reply.buttons)


def split(text: str, limit: int, dress: Dress, *, last: int | None = None) -> tuple[Runs, ...]:
    """Cut a marked text into pieces of at most ``limit`` UTF-16 units as dressed, the last one of at most ``last``.

    It breaks at a paragraph, else a line, else a word, else between two whole characters as a reader sees them. Only
    blanks at a break are dropped; nothing else ever is. A mark that goes over a break is closed and opened again.
    """
    runs = read_marks(text.strip())
    pieces: list[Runs] = []
    while runs:
        head, runs = cut(runs, limit, dress)
        pieces.append(head)
    if last is not None and last < limit and pieces and units(dress(pieces[-1])) > last:
        pieces += _tailed(pieces.pop(), last, dress)
    return tuple(piece for piece in pieces if _INK.search(to_plain(piece)))


def shortened(text: str, limit: int) -> str:
    """A label cut to a limit of UTF-16 units, with an ellipsis where something is missing."""
    text = seen(text)
    if units(text) <= limit:
        return text
    return text[: seam(text, reach(text, limit - 1))].rstrip() + "…"


def numbered(buttons: Sequence[Button], text: str = "") -> str:
    """Buttons as lines to answer with a number, under a text, for a channel that has none."""
    lines = "\n".join(f"{number} {button.title}" for number, button in enumerate(buttons, 1))
    return f"{text.rstrip()}\n\n{lines}" if text.strip() else lines


def _pressable(reply: Reply, keys: int, press_bytes: int) -> Reply:
    """The reply with the buttons that can be pressed, each press once; the titles of the others end its last text."""
    able = {b.press: b for b in reversed(reply.buttons) if 1 <= len(b.press.encode()) <= press_bytes}
    shown = tuple(button for button in reply.buttons if able.get(button.press) is button)[:keys]
    pressed = {button.press for button in shown}
    rest = [button for button in reply.buttons if button.press not in pressed]
    if not rest:
        return replace(reply, buttons=shown)
    lines = numbered(rest)
    last = max((n for n, block in enumerate(reply.blocks) if isinstance(block, Text)), default=None)
    if last is None:
        return replace(reply, blocks=(*reply.blocks, Text(lines)), buttons=shown)
    blocks = list(reply.blocks)
    blocks[last] = _ended(blocks[last], lines)
    return replace(reply, blocks=tuple(blocks), buttons=shown)


def _with_source(reply: Reply) -> list[Text | Picture | Voice | Document]:
    blocks = list(reply.blocks)
    if not reply.source:
        return blocks
    styled = "_" in reply.source or any(run.bold or run.italic for run in read_marks(reply.source))
    line = reply.source if styled else f"_{reply.source}_"
    for kind in (Text, Picture, Document):
        for number in range(len(blocks) - 1, -1, -1):
            block = blocks[number]
            if isinstance(block, kind):
                blocks[number] = _ended(block, line)
                return blocks
    return [*blocks, Text(line)]


def _ended(block: Text | Picture | Voice | Document, line: str) -> Text | Picture | Voice | Document:
    if isinstance(block, Voice):
        return block
    if isinstance(block, Text):
        return replace(block, text=f"{block.text.rstrip()}\n\n{line}")
    return replace(block, caption=f"{block.caption}\n\n{line}".strip())


def _laid_out(
    block: Text | Picture | Voice | Document, measure: Measure, dress: Dress
) -> list[MediaPart | str]:
    """A block as what it is sent as: words, a medium, or a medium and the words that are too long for its caption."""
    if isinstance(block, Text):
        return [block.text] if _INK.search(block.text) else []
    caption = "" if isinstance(block, Voice) else block.caption
    runs = read_marks(caption.strip())
    if not _INK.search(to_plain(runs)):
        return [MediaPart(block)]
    if units(dress(runs)) <= measure.caption:
        return [MediaPart(block, caption=runs)]
    return [MediaPart(block), caption]


def _counted(text: str, limit: int, last: int, dress: Dress) -> list[Runs]:
    """The pieces of a text, each with its number at its end if there are several; in the digits of the text itself."""
    pieces = split(text, limit, dress, last=last)
    width = 1
    while len(pieces) > 1:
        room = len(_count(10**width - 1, 10**width - 1, text))
        pieces = split(text, limit - room, dress, last=last - room)
        if len(pieces) < 10**width:
            return [(*piece, Run(_count(n, len(pieces), text))) for n, piece in enumerate(pieces, 1)]
        width += 1
    return list(pieces)


def _count(number: int, of: int, text: str) -> str:
    used = max(DIGITS, key=lambda digits: sum(map(text.count, digits)))
    return f"\n({number}/{of})".translate(str.maketrans(DIGITS[0], used))


def _tailed(piece: Runs, last: int, dress: Dress) -> list[Runs]:
    """A piece that is too long to bear buttons, in as few as can be: they hang under its last paragraph or line.

    Where there is no such break, or it comes too early, they get a good half of what they may hang under.
    """
    whole = units(dress(piece))
    head, tail = cut(piece, whole - 1, dress)
    plain = to_plain(piece)
    between = plain[len(to_plain(head)) : len(plain) - len(to_plain(tail))]
    if "\n" not in between or units(dress(tail)) > last:
        head, tail = cut(piece, whole - last // 2, dress)
    pieces = [head]
    while tail:
        head, tail = cut(tail, last, dress)
        pieces.append(head)
    return pieces


def _with_buttons(made: list[Part], buttons: tuple[Button, ...]) -> tuple[Part, ...]:
    if buttons:
        made = made or [TextPart((Run(POINTER),))]
        texts = [number for number, part in enumerate(made) if isinstance(part, TextPart)]
        bearer = texts[-1] if texts else len(made) - 1
        titled = tuple(replace(button, title=" ".join(seen(button.title).split())) for button in buttons)
        made[bearer] = replace(made[bearer], buttons=titled)
    return tuple(made)
