"""Words on a picture: which font, in which order, how wide, and cut or wrapped where room is short.

Text is shaped and ordered by matplotlib itself (3.11, libraqm; reshaping it beforehand would reverse it again). What it
needs from us is the paragraph's direction and Latin runs kept together, by Unicode's bidirectional algorithm (UAX 9).
"""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from services.media.chart_style import LEADING, Weight

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

_ELLIPSIS = "…"
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WORD = r"[+−-]?[A-Za-z0-9][A-Za-z0-9.,:&'’%/+−-]*(?<![.,:])"
_LATIN = re.compile(rf"{_WORD}(?:(?:,? | [/&·–-] ){_WORD})*")
_JOINERS = "\u200c\u200d"  # the font draws nothing for them, yet they decide how letters join
_RLM, _LRI, _PDI = "\u200f", "\u2066", "\u2069"


def ordered(words: str, *, rtl: bool) -> str:
    """Words ready for the shaper: only letters that the font has, Latin runs kept together inside Urdu.

    Without the isolation "آج −1.2%" shows its minus behind the number.
    """
    known = _letters()
    shown = "".join(
        c for c in " ".join(words.split()) if (ord(c) in known and c.isprintable()) or c in _JOINERS
    )
    if not _RTL.search(shown):
        return shown
    isolated = _LATIN.sub(lambda run: _LRI + run.group() + _PDI, shown)
    return (_RLM if rtl else "") + isolated


@lru_cache(4096)
def measured(words: str, size: float, weight: Weight = "Regular") -> float:
    """How wide words are, in pixels."""
    shown = ordered(words, rtl=True)
    if not shown:
        return 0.0
    ruler = _ruler()
    width, _, _ = ruler.get_text_width_height_descent(shown, face(weight, size), ismath=False)  # type: ignore[no-untyped-call]  # matplotlib's renderer bears no types
    return float(width)


def shortened(words: str, width: float, size: float, weight: Weight = "Regular") -> str:
    """Words cut with "…" so that they are no wider than ``width`` pixels."""
    if measured(words, size, weight) <= width:
        return words
    short, long = 0, len(words)
    while long - short > 1:
        middle = (short + long) // 2
        fits = measured(words[:middle].rstrip() + _ELLIPSIS, size, weight) <= width
        short, long = (middle, long) if fits else (short, middle)
    return words[:short].rstrip(" ,.:(–") + _ELLIPSIS


def fitted(words: str, width: float, size: float, least: float, weight: Weight = "Regular") -> float:
    """The largest size from ``size`` down to ``least`` at which words are no wider than ``width``; else ``least``."""
    while size > least and measured(words, size, weight) > width:
        size -= 1
    return size


def wrapped(words: str, width: float, size: float, most: int, weight: Weight = "Regular") -> list[str]:
    """Words over at most ``most`` lines of ``width`` pixels; what is left is cut with "…"."""
    lines, rest = list[str](), words.split()
    while rest and len(lines) < most - 1:
        taken = 1
        while taken < len(rest) and measured(" ".join(rest[: taken + 1]), size, weight) <= width:
            taken += 1
        lines.append(shortened(" ".join(rest[:taken]), width, size, weight))
        rest = rest[taken:]
    if rest:
        lines.append(shortened(" ".join(rest), width, size, weight))
    return lines


def leading(size: float) -> float:
    """The height of one line of text."""
    return size * LEADING


@cache
def face(weight: Weight, size: float) -> "FontProperties":
    """IBM Plex Sans Arabic (SIL Open Font Licence), which has Latin and every letter of Urdu; size in pixels."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_file(weight), size=size)


@cache
def _file(weight: Weight) -> str:
    return str(files("fontpkg_ibm_plex_sans_arabic") / "files" / f"IBMPlexSansArabic-{weight}.ttf")


@cache
def _letters() -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(_file("Regular")).get_charmap())


@cache
def _ruler() -> "RendererAgg":
    """Measures as the sheet draws. Hinting is for small text on coarse screens: here it would only cost time."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import RendererAgg

    mpl.rcParams["text.hinting"] = "none"
    return RendererAgg(8, 8, 72)  # type: ignore[no-untyped-call]  # matplotlib's renderer bears no types
