"""Where a marked text is cut: at a paragraph, else a line, else a word, else between two characters as a reader sees them."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache, partial

from bot.channels.marks import Dress, Run, Runs, to_plain, units

EARLIEST = 0.4  # a paragraph or line break is taken only if it fills at least this much of a piece
BLANKS = " \t\n"
JOINERS = "\u200c\u200d"


def cut(runs: Runs, limit: int, dress: Dress) -> tuple[Runs, Runs]:
    """The first piece that fits into ``limit`` UTF-16 units as dressed, and what is left; blanks between them are dropped."""
    plain = to_plain(runs)
    if len(plain) <= limit and units(dress(runs)) <= limit:
        return runs, ()
    end = _break(plain, max(_fitting(runs, limit, dress), 1))
    rest = plain[end:]
    skipped = len(rest) - len(rest.lstrip(BLANKS))
    return stripped(_slice(runs, 0, end)), _slice(runs, end + skipped, len(plain))


def seam(plain: str, end: int) -> int:
    """The nearest place at or before ``end`` that does not tear what a reader sees as one character.

    Urdu letters with their vowel signs, families joined to one emoji, flags and skin tones are such: the extended
    grapheme clusters of Unicode TR 29. One that is longer than ``end`` has to be torn.
    """
    if end >= len(plain):
        return len(plain)
    last = 0
    for place in _seams()(plain):
        if place > end:
            break
        if not _clings(plain[place]):
            last = place
    return last or end


def reach(text: str, limit: int) -> int:
    """How many characters fit into so many UTF-16 units."""
    used = 0
    for number, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return number
    return len(text)


def stripped(runs: Runs) -> Runs:
    """The runs without the blanks at their end."""
    return _slice(runs, 0, len(to_plain(runs).rstrip()))


def _fitting(runs: Runs, limit: int, dress: Dress) -> int:
    """How many characters fit as dressed. Runs are dressed one by one, so their lengths add up."""
    used = offset = 0
    for run in runs:
        cost = units(dress((run,)))
        if used + cost > limit:
            ends = range(1, min(len(run.text), limit - used) + 1)
            return offset + bisect_right(ends, limit - used, key=partial(_dressed_start, run, dress))
        used, offset = used + cost, offset + len(run.text)
    return offset


def _dressed_start(run: Run, dress: Dress, end: int) -> int:
    return units(dress((Run(run.text[:end], run.bold, run.italic),)))


def _break(plain: str, fits: int) -> int:
    """Where to cut so that at most ``fits`` characters stay: the best break that is not too early."""
    for sign in ("\n\n", "\n"):
        at = plain.rfind(sign, 0, fits + len(sign))
        if at >= fits * EARLIEST and plain[:at].strip() and _parts_words(plain, at):
            return at
    at = fits
    while at > 0 and not (plain[at] in BLANKS and _parts_words(plain, at)):
        at -= 1
    if at > 0 and plain[:at].strip():
        return at
    return seam(plain, fits)


def _parts_words(plain: str, at: int) -> bool:
    """Whether the blanks at a place stand between words: no vowel sign sits on the last of them."""
    while at < len(plain) and plain[at] in BLANKS:
        at += 1
    return at == len(plain) or not _clings(plain[at])


def _clings(character: str) -> bool:
    return character in JOINERS or unicodedata.category(character).startswith("M")


@cache
def _seams() -> Callable[[str], Iterator[int]]:
    """Tells the ends of the grapheme clusters of a text."""
    import regex  # its tables take 30 ms to load, and few texts are ever cut within a word

    cluster = regex.compile(r"\X")
    return lambda text: (found.end() for found in cluster.finditer(text))


def _slice(runs: Runs, start: int, end: int) -> Runs:
    kept: list[Run] = []
    offset = 0
    for run in runs:
        if offset >= end:
            break
        after = offset + len(run.text)
        if after <= start:
            pass
        elif start <= offset and after <= end:
            kept.append(run)
        else:
            kept.append(Run(run.text[max(start - offset, 0) : end - offset], run.bold, run.italic))
        offset = after
    return tuple(kept)
