"""A channel-free reply cut to a channel's measure: pure, and nothing of the words is ever lost.

Marks are read once into styled runs, so a cut never tears a mark: each piece opens and closes its own.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.channels.base import Measure
from bot.channels.marks import MARK, Dress, Run, Runs, read_marks, to_plain, units
from services.domain.conversation import Button, Document, MediaRef, Picture, Reply, Text, Voice

BLANK = re.compile(r"[ \t\n]")
JOINER = "\u200d"
ATTACHED = frozenset("\u200c\u200d") | {chr(code) for code in range(0x1F3FB, 0x1F400)}
EARLIEST = 0.4  # a paragraph or line break is taken only if it fills at least this much of a piece


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


def parts(reply: Reply, measure: Measure, dress: Dress, *, body: int | None = None) -> tuple[Part, ...]:
    """The messages that a reply becomes, in the order of its blocks, each within the channel's limits.

    The source line ends the last text; without a text it ends the last caption, and alone it is a text of its own.
    Buttons go under the last text, else under the last medium.

    Args:
        reply: What to say.
        measure: The channel's limits.
        dress: How runs are written on that channel; what it gives is what is counted.
        body: The limit of the text that bears buttons, if it is smaller than that of other texts.
    """
    blocks = _with_source(reply)
    made: list[Part] = []
    last_text = max((n for n, block in enumerate(blocks) if isinstance(block, Text)), default=-1)
    for number, block in enumerate(blocks):
        if isinstance(block, Text):
            bearer = number == last_text and bool(reply.buttons)
            made += _texts(block.text, measure.text, dress, (body or measure.text) if bearer else None)
        else:
            made += _medium(block, measure, dress)
    return _with_buttons(made, reply.buttons)


def split(text: str, limit: int, dress: Dress) -> tuple[Runs, ...]:
    """Cut a marked text into pieces of at most ``limit`` UTF-16 units as dressed.

    It breaks at a paragraph, else a line, else a word, else between two whole characters as a reader sees them. Only
    blanks at a break are dropped; nothing else ever is.
    """
    runs = read_marks(text.strip())
    pieces: list[Runs] = []
    while runs:
        head, runs = _cut(runs, limit, dress)
        if any(run.text.strip() for run in head):
            pieces.append(head)
    return tuple(pieces)


def shortened(text: str, limit: int) -> str:
    """A label cut to a limit of UTF-16 units, with an ellipsis where something is missing."""
    if units(text) <= limit:
        return text
    return text[: _seam(text, _reach(text, limit - 1))].rstrip() + "…"


def flat(text: str) -> str:
    """A template parameter: no line breaks, tabs or runs of blanks, never empty (WhatsApp refuses all of these)."""
    return " ".join(to_plain(read_marks(text)).split()) or "-"


def numbered(buttons: Sequence[Button], text: str = "") -> str:
    """Buttons as lines to answer with a number, under a text, for a channel that has none."""
    lines = "\n".join(f"{number} {button.title}" for number, button in enumerate(buttons, 1))
    return f"{text.rstrip()}\n\n{lines}" if text.strip() else lines


def _with_source(reply: Reply) -> list[Text | Picture | Voice | Document]:
    blocks = list(reply.blocks)
    if not reply.source:
        return blocks
    line = (
        f"_{reply.source}_" if MARK.search(reply.source) is None and "_" not in reply.source else reply.source
    )
    for kind in (Text, Picture, Document):
        for number in range(len(blocks) - 1, -1, -1):
            block = blocks[number]
            if isinstance(block, kind):
                blocks[number] = _ended(block, line)
                return blocks
    return [*blocks, Text(line)]


def _ended(block: Text | Picture | Document, line: str) -> Text | Picture | Document:
    if isinstance(block, Text):
        return replace(block, text=f"{block.text.rstrip()}\n\n{line}")
    return replace(block, caption=f"{block.caption}\n\n{line}".strip())


def _texts(text: str, limit: int, dress: Dress, last_limit: int | None) -> list[Part]:
    """The pieces of a text; the one that is to bear buttons is cut again if its own limit is smaller."""
    pieces = list(split(text, limit, dress))
    if last_limit is not None and pieces and units(dress(pieces[-1])) > last_limit:
        rest = pieces.pop()
        while rest:
            head, rest = _cut(rest, last_limit, dress)
            pieces.append(head)
    return [TextPart(piece) for piece in pieces]


def _medium(block: Picture | Voice | Document, measure: Measure, dress: Dress) -> list[Part]:
    caption = "" if isinstance(block, Voice) else block.caption
    if not caption.strip():
        return [MediaPart(block)]
    runs = read_marks(caption.strip())
    if units(dress(runs)) <= measure.caption:
        return [MediaPart(block, caption=runs)]
    return [MediaPart(block), *_texts(caption, measure.text, dress, None)]


def _with_buttons(made: list[Part], buttons: tuple[Button, ...]) -> tuple[Part, ...]:
    if buttons and made:
        texts = [number for number, part in enumerate(made) if isinstance(part, TextPart)]
        bearer = texts[-1] if texts else len(made) - 1
        made[bearer] = replace(made[bearer], buttons=buttons)
    return tuple(made)


def _cut(runs: Runs, limit: int, dress: Dress) -> tuple[Runs, Runs]:
    """The first piece that fits, and what is left."""
    plain = to_plain(runs)
    if len(plain) <= limit and units(dress(runs)) <= limit:
        return runs, ()
    end = _break(plain, max(_fitting(runs, limit, dress), 1))
    rest = plain[end:]
    skipped = len(rest) - len(rest.lstrip(" \t\n"))
    return _stripped(_slice(runs, 0, end)), _slice(runs, end + skipped, len(plain))


def _fitting(runs: Runs, limit: int, dress: Dress) -> int:
    """How many characters fit as dressed. Runs are dressed one by one, so their lengths add up."""
    used = offset = 0
    for run in runs:
        cost = units(dress((run,)))
        if used + cost > limit:
            ends = range(1, min(len(run.text), limit - used) + 1)
            start = partial(_dressed_start, run, dress)
            return offset + bisect_right(ends, limit - used, key=start)
        used, offset = used + cost, offset + len(run.text)
    return offset


def _dressed_start(run: Run, dress: Dress, end: int) -> int:
    return units(dress((Run(run.text[:end], run.bold, run.italic),)))


def _break(plain: str, fits: int) -> int:
    """Where to cut so that at most ``fits`` characters stay: the best break that is not too early."""
    for sign in ("\n\n", "\n"):
        at = plain.rfind(sign, 0, fits + len(sign))
        if at >= fits * EARLIEST and plain[:at].strip():
            return at
    if BLANK.match(plain, fits):
        return fits
    at = max(plain.rfind(sign, 0, fits) for sign in " \t\n")
    if at > 0 and plain[:at].strip():
        return at
    return _seam(plain, fits)


def _seam(plain: str, end: int) -> int:
    """The nearest place at or before ``end`` that does not tear what a reader sees as one character."""
    at = end
    while at > 0 and at < len(plain) and _clings(plain, at):
        at -= 1
    return at or end


def _clings(plain: str, at: int) -> bool:
    """Whether the character at a place belongs to the one before it (a simplified Unicode TR 29)."""
    here, before = plain[at], plain[at - 1]
    if here in ATTACHED or before == JOINER or unicodedata.category(here) in {"Mn", "Mc", "Me"}:
        return True
    if "\U000e0020" <= here <= "\U000e007f":
        return True
    if _is_flag(here) and _is_flag(before):
        flags = len(plain[:at]) - len(plain[:at].rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))
        return flags % 2 == 1
    return False


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _slice(runs: Runs, start: int, end: int) -> Runs:
    kept: list[Run] = []
    offset = 0
    for run in runs:
        if offset >= end:
            break
        after = offset + len(run.text)
        if start <= offset and after <= end:
            kept.append(run)
        elif start < after:
            kept.append(Run(run.text[max(start - offset, 0) : end - offset], run.bold, run.italic))
        offset = after
    return tuple(kept)


def _stripped(runs: Runs) -> Runs:
    length = len(to_plain(runs).rstrip())
    return _slice(runs, 0, length)


def _reach(text: str, limit: int) -> int:
    """How many characters fit into so many UTF-16 units."""
    used = 0
    for number, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return number
    return len(text)
