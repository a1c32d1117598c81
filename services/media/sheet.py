"""A blank sheet measured in pixels, on which the pictures put text, boxes, lines and marks; the home of matplotlib.

A sheet for Urdu is mirrored: ``x`` counts from the right edge, "start" is the right side. Text is shaped and ordered by
matplotlib itself (3.11, libraqm); what it needs from us is the paragraph's direction and isolated Latin runs.
"""

import io
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from services.domain.conversation import Lang
from services.media.chart_style import INK, LEADING, PAPER, WIDTH, Weight

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

Align = Literal["start", "middle", "end"]
Point = tuple[float, float]

_ELLIPSIS = "…"
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WORD = r"[+−-]?[A-Za-z0-9][A-Za-z0-9.,:&'’%/+−-]*(?<![.,:])"
_LATIN = re.compile(rf"{_WORD}(?:(?:,? | [/&·–-] ){_WORD})*")
_RLM, _LRI, _PDI = "\u200f", "\u2066", "\u2069"


class Sheet:
    """One picture in the making. ``y`` counts down from the top edge, ``x`` from where its language starts to read."""

    def __init__(self, height: float, lang: Lang) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.height = round(height)
        self._urdu = lang == "ur"
        self.mirrored = self._urdu
        self._figure = Figure((WIDTH / 72, self.height / 72), dpi=72, facecolor=PAPER)
        self._canvas = FigureCanvasAgg(self._figure)

    def text(  # noqa: PLR0913  # where, what and how: all are needed to put down a word
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        colour: str = INK,
        weight: Weight = "Regular",
        align: Align = "start",
    ) -> None:
        """Put words down, their capitals centred on ``y``."""
        from matplotlib.transforms import IdentityTransform

        self._figure.text(
            self._across(x),
            self.height - y - 0.35 * size,
            ordered(words, rtl=self._urdu),
            fontproperties=_face(weight, size),
            color=colour,
            ha=self._side(align),
            va="baseline",
            parse_math=False,
            transform=IdentityTransform(),
        )

    def box(  # noqa: PLR0913  # a place, a size and a look
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        colour: str,
        hatch: bool = False,
        radius: float = 0,
    ) -> None:
        """A filled box, its start-top corner at (x, y); ``hatch`` fills it with slanted lines instead."""
        from matplotlib.patches import FancyBboxPatch

        if width <= 0 or height <= 0:
            return
        left = self._across(x) - (width if self.mirrored else 0)
        rounding = min(radius, width / 2, height / 2)
        patch = FancyBboxPatch(
            (left, self.height - y - height),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={rounding}" if rounding else "square,pad=0",
            facecolor=PAPER if hatch else colour,
            edgecolor=colour if hatch else "none",
            linewidth=2 if hatch else 0,
            transform=None,
        )
        if hatch:
            patch.set_hatch("//")
            patch.set_hatch_linewidth(2.5)
        self._figure.add_artist(patch)

    def line(self, points: Sequence[Point], colour: str, width: float = 2, *, dashed: bool = False) -> None:
        """A line through points."""
        from matplotlib.lines import Line2D

        across, up = self._placed(points)
        self._figure.add_artist(
            Line2D(
                across,
                up,
                color=colour,
                linewidth=width,
                linestyle=(0, (5, 4)) if dashed else "-",
                solid_capstyle="round",
                solid_joinstyle="round",
                transform=None,
            )
        )

    def area(self, points: Sequence[Point], colour: str) -> None:
        """A filled shape with corners at points."""
        from matplotlib.patches import Polygon

        across, up = self._placed(points)
        corners = list(zip(across, up, strict=True))
        self._figure.add_artist(
            Polygon(corners, closed=True, facecolor=colour, edgecolor="none", transform=None)
        )

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle."""
        from matplotlib.patches import Circle

        centre = (self._across(x), self.height - y)
        self._figure.add_artist(Circle(centre, radius, facecolor=colour, edgecolor="none", transform=None))

    def png(self) -> bytes:
        """The sheet as a PNG of 8-bit RGB."""
        from PIL import Image

        self._canvas.draw()
        size = (WIDTH, self.height)
        image = Image.frombuffer("RGBA", size, self._canvas.buffer_rgba(), "raw", "RGBA", 0, 1).convert("RGB")
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=4)
        return out.getvalue()

    def _across(self, x: float) -> float:
        return WIDTH - x if self.mirrored else x

    def _placed(self, points: Sequence[Point]) -> tuple[list[float], list[float]]:
        return [self._across(x) for x, _ in points], [self.height - y for _, y in points]

    def _side(self, align: Align) -> Literal["left", "center", "right"]:
        if align == "middle":
            return "center"
        return "left" if (align == "start") != self.mirrored else "right"


def ordered(words: str, *, rtl: bool) -> str:
    """Words ready for the shaper: only letters that the font has, Latin runs kept together inside Urdu.

    Without the isolation "آج −1.2%" shows its minus behind the number (Unicode's bidirectional algorithm, UAX 9).
    """
    known = _letters()
    shown = "".join(c for c in " ".join(words.split()) if ord(c) in known)
    if not _RTL.search(shown):
        return shown
    isolated = _LATIN.sub(lambda run: _LRI + run.group() + _PDI, shown)
    return (_RLM if rtl else "") + isolated


@lru_cache(4096)
def measured(words: str, size: float, weight: Weight = "Regular") -> float:
    """How wide words are, in pixels."""
    shown = ordered(words, rtl=True)
    width, _, _ = _ruler().get_text_width_height_descent(shown, _face(weight, size), ismath=False)
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
def _face(weight: Weight, size: float) -> "FontProperties":
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(_font(weight)), size=size)


@cache
def _font(weight: Weight) -> Path:
    return Path(str(files("fontpkg_ibm_plex_sans_arabic") / "files" / f"IBMPlexSansArabic-{weight}.ttf"))


@cache
def _letters() -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(str(_font("Regular"))).get_charmap())


@cache
def _ruler() -> "RendererAgg":
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(8, 8, 72)
