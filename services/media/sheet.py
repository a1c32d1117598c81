"""A blank sheet measured in pixels, on which the pictures put words, boxes and lines; the home of matplotlib.

A sheet for Urdu is mirrored: ``x`` counts from the right edge, "start" is the right side. It draws at once on
matplotlib's Agg renderer, without figure and artists: a third of the time, and nothing is left to collect.
"""

import struct
import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal

from services.domain.conversation import Lang
from services.media.chart_style import INK, PAPER, WIDTH, Weight
from services.media.lettering import face, measured, ordered

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.path import Path

Align = Literal["start", "middle", "end"]
Point = tuple[float, float]
MOST_BYTES = 290_000
"""A fuller picture is pressed harder, which takes a tenth of a second more: phones here are on dear data."""
_HATCH = "//"
_HATCH_WIDTH = 2.5
_COMPRESSION = 3
"""Of these flat pictures zlib's level 3 makes the smallest file for its time; row filters make them larger."""


class Sheet:
    """One picture in the making. ``y`` counts down from the top edge, ``x`` from where its language starts to read.

    ``mirrored`` may be switched off for what runs from left to right in every language.
    """

    def __init__(self, height: float, lang: Lang) -> None:
        from matplotlib.backends.backend_agg import RendererAgg

        self.height = round(height)
        self._urdu = lang == "ur"
        self.mirrored = self._urdu
        self._agg = RendererAgg(WIDTH, self.height, 72)  # type: ignore[no-untyped-call]  # matplotlib's renderer bears no types
        self._fill([(0, 0), (WIDTH, 0), (WIDTH, self.height), (0, self.height)], PAPER)

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
        shown = ordered(words, rtl=self._urdu)
        if not shown:
            return
        part = {"start": 0.0, "middle": 0.5, "end": 1.0}[align]
        left = self._across(x) - measured(words, size, weight) * (1 - part if self.mirrored else part)
        pen = self._agg.new_gc()
        pen.set_foreground(colour)
        self._agg.draw_text(pen, round(left), round(y + 0.35 * size), shown, face(weight, size), 0)  # type: ignore[no-untyped-call]  # matplotlib's renderer bears no types

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
        from matplotlib.patches import BoxStyle

        if width <= 0 or height <= 0:
            return
        left = round(self._across(x) - (width if self.mirrored else 0))
        bottom = round(self.height - y - height)
        across, up = max(round(width), 1), max(round(height), 1)
        rounding = min(radius, across / 2, up / 2)
        outline = BoxStyle.Round(pad=0, rounding_size=rounding)(left, bottom, across, up, 1)
        if hatch:
            pen = self._pen(colour, 2)
            pen.set_hatch(_HATCH)
            pen.set_hatch_color(colour)
            pen.set_hatch_linewidth(_HATCH_WIDTH)
            self._draw(pen, outline, PAPER)
        else:
            self._draw(self._pen(colour, 0), outline, colour)

    def line(self, points: Sequence[Point], colour: str, width: float = 2, *, dashed: bool = False) -> None:
        """A line through points."""
        from matplotlib.path import Path

        pen = self._pen(colour, width)
        if dashed:
            pen.set_dashes(0, (10, 8))
        self._draw(pen, Path(self._placed(points)), None)

    def area(self, points: Sequence[Point], colour: str) -> None:
        """A filled shape with corners at points."""
        self._fill(self._placed(points), colour)

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle."""
        from matplotlib.path import Path

        circle = Path.circle((self._across(x), self.height - y), radius)
        self._draw(self._pen(colour, 0), circle, colour)

    def png(self) -> bytes:
        """The sheet as a PNG of 8-bit RGB, rows unfiltered (W3C PNG 3rd edition, sections 5, 9 and 11)."""
        import numpy as np

        pixels = np.asarray(self._agg.buffer_rgba())  # type: ignore[no-untyped-call]  # matplotlib's renderer bears no types
        rows = np.zeros((self.height, 1 + 3 * WIDTH), np.uint8)
        for colour in range(3):  # one colour at a time is a third of the time of all three together
            rows[:, 1 + colour :: 3] = pixels[:, :, colour]
        head = struct.pack(">IIBBBBB", WIDTH, self.height, 8, 2, 0, 0, 0)
        body = zlib.compress(rows.tobytes(), _COMPRESSION)
        if len(body) > MOST_BYTES:
            body = zlib.compress(rows.tobytes(), 9)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")

    def _across(self, x: float) -> float:
        return WIDTH - x if self.mirrored else x

    def _placed(self, points: Sequence[Point]) -> list[Point]:
        return [(self._across(x), self.height - y) for x, y in points]

    def _pen(self, colour: str, width: float) -> "GraphicsContextBase":
        pen = self._agg.new_gc()
        pen.set_foreground(colour)
        pen.set_linewidth(width)
        pen.set_capstyle("round")
        pen.set_joinstyle("round")
        return pen

    def _fill(self, corners: Sequence[Point], colour: str) -> None:
        from matplotlib.path import Path

        self._draw(self._pen(colour, 0), Path([*corners, corners[0]], closed=True), colour)

    def _draw(self, pen: "GraphicsContextBase", outline: "Path", inside: str | None) -> None:
        from matplotlib.transforms import IdentityTransform

        self._agg.draw_path(pen, outline, IdentityTransform(), None if inside is None else _rgb(inside))  # type: ignore[no-untyped-call]  # matplotlib's renderer bears no types


@cache
def _rgb(colour: str) -> tuple[float, float, float]:
    from matplotlib.colors import to_rgb

    return to_rgb(colour)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
