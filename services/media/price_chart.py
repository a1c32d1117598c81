"""Draws one share's closes over its volume, with marks such as the year's high and low."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.domain.pictures import PricePicture
from services.media.chart_frame import footing, footing_height, heading
from services.media.chart_style import (
    BLUE,
    DEEP,
    GREY,
    INK,
    LABEL,
    MARGIN,
    MUTED,
    NOTE,
    PALE,
    RULE,
    WIDTH,
)
from services.media.lettering import leading, measured, shortened
from services.media.sheet import Point, Sheet
from services.wording.numbers import day, number

TALL = 760.0
VOLUME_PART = 0.2
"""How much of the plot's height the volume takes."""
GAP = 14
MOST_MONTHS = 6
MOST_TICKS = 4

Session = tuple[date, float, int]


def price_chart(spec: PricePicture) -> bytes:
    """A PNG of 1080 by 760. Time runs from left to right in every language, as on every screen of the exchange."""
    sheet = Sheet(TALL, spec.lang)
    top = heading(sheet, spec.title, spec.subtitle) + GAP
    bottom = TALL - footing_height(spec.footer) - leading(NOTE)
    footing(sheet, spec.footer)
    sheet.mirrored = False  # time runs to the right
    known = [
        session
        for session in zip(spec.days, spec.closes, spec.volumes, strict=False)
        if math.isfinite(session[1])
    ]
    if known:
        _draw(sheet, known, [mark for mark in spec.lines if math.isfinite(mark[1])], top, bottom)
    return sheet.png()


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where a session and a price stand: the price's part from ``top`` to ``floor``, the volume under it."""

    left: float
    right: float
    top: float
    floor: float
    bottom: float
    sessions: int
    low: float
    high: float

    def x(self, place: int) -> float:
        """The middle of a session; a single one stands in the middle."""
        part = place / (self.sessions - 1) if self.sessions > 1 else 0.5
        return self.left + self.half + part * (self.right - self.left - 2 * self.half)

    @property
    def half(self) -> float:
        """Half the width of a session's volume bar, pixels."""
        return max(0.35 * (self.right - self.left) / max(self.sessions, 12), 0.8)

    def y(self, price: float) -> float:
        return self.floor - (price - self.low) / (self.high - self.low) * (self.floor - self.top)


def _draw(
    sheet: Sheet, sessions: Sequence[Session], marks: Sequence[tuple[str, float]], top: float, bottom: float
) -> None:
    closes = [close for _, close, _ in sessions]
    levels = closes + [level for _, level in marks]
    low, high = min(levels), max(levels)
    spare = (high - low) * (0.15 if marks else 0.06) or abs(high) * 0.05 or 1.0
    ticks = _ticks(low, high)
    last = closes[-1]
    column = max(measured(words, LABEL, "SemiBold") for words in (*_prices(ticks), number(last)))
    floor = bottom - (bottom - top) * VOLUME_PART - GAP
    plot = _Plot(
        MARGIN,
        WIDTH - MARGIN - column - 2 * GAP,
        top,
        floor,
        bottom,
        len(sessions),
        low - spare,
        high + spare,
    )
    _under(sheet, plot, closes)
    _grid(sheet, plot, ticks, last)
    _months(sheet, plot, [day for day, _, _ in sessions])
    _volume(sheet, plot, [volume for _, _, volume in sessions])
    _closes(sheet, plot, closes)
    marks = sorted(marks, key=lambda mark: mark[1])
    for place, (words, level) in enumerate(marks):
        over = place > 0 if len(marks) == 2 else level > (low + high) / 2
        _mark(sheet, plot, closes, words, level, over=over)


def _grid(sheet: Sheet, plot: _Plot, ticks: Sequence[float], last: float) -> None:
    for tick, words in zip(ticks, _prices(ticks), strict=True):
        sheet.line([(plot.left, plot.y(tick)), (plot.right, plot.y(tick))], RULE, 1.5)
        if abs(plot.y(tick) - plot.y(last)) > leading(LABEL) * 0.8:
            sheet.text(plot.right + 2 * GAP, plot.y(tick), words, NOTE, colour=MUTED)


def _under(sheet: Sheet, plot: _Plot, closes: Sequence[float]) -> None:
    if len(closes) > 1:
        line = [(plot.x(place), plot.y(close)) for place, close in enumerate(closes)]
        sheet.area([(line[0][0], plot.floor), *line, (line[-1][0], plot.floor)], PALE)


def _closes(sheet: Sheet, plot: _Plot, closes: Sequence[float]) -> None:
    line: list[Point] = [(plot.x(place), plot.y(close)) for place, close in enumerate(closes)]
    if len(line) > 1:
        sheet.line(line, BLUE, 4)
    sheet.dot(*line[-1], 9, DEEP)
    sheet.text(plot.right + 2 * GAP, line[-1][1], number(closes[-1]), LABEL, weight="SemiBold", colour=DEEP)


def _volume(sheet: Sheet, plot: _Plot, volumes: Sequence[int]) -> None:
    """One thin bar a session, the busiest as tall as its part of the plot; one shape, for speed."""
    most = max(volumes, default=0)
    if most <= 0:
        return
    room = plot.bottom - plot.floor - GAP
    half = plot.half
    corners: list[Point] = []
    for place, volume in enumerate(volumes):
        x, y = plot.x(place), plot.bottom - max(volume, 0) / most * room
        corners += [(x - half, plot.bottom), (x - half, y), (x + half, y), (x + half, plot.bottom)]
    sheet.area(corners, GREY)
    sheet.line([(plot.left, plot.bottom), (plot.right, plot.bottom)], RULE, 2)


def _mark(
    sheet: Sheet, plot: _Plot, closes: Sequence[float], words: str, level: float, *, over: bool
) -> None:  # a mark, where and on what
    """A dashed line with its words at the end where the price is further away, over or under it."""
    y = plot.y(level)
    sheet.line([(plot.left, y), (plot.right, y)], INK, 2, dashed=True)
    third = max(len(closes) // 3, 1)
    first, last = (min(abs(close - level) for close in part) for part in (closes[:third], closes[-third:]))
    at = y + leading(NOTE) * (-0.55 if over else 0.55)
    figure = " " + number(level)
    text = (
        shortened(words, plot.right - plot.left - measured(figure, NOTE, "Medium") - GAP, NOTE, "Medium")
        + figure
    )
    if first >= last:
        sheet.text(plot.left, at, text, NOTE, weight="Medium", align="start")
    else:
        sheet.text(plot.right, at, text, NOTE, weight="Medium", align="end")


def _months(sheet: Sheet, plot: _Plot, days: Sequence[date]) -> None:
    """Where months begin, thinned out; a short series shows its first and last day."""
    begins = [place for place in range(1, len(days)) if days[place].month != days[place - 1].month]
    shown = begins[:: -(-len(begins) // MOST_MONTHS)] if len(begins) > 2 else []
    y = plot.bottom + leading(NOTE) * 0.65
    if not shown:
        sheet.text(plot.left, y, day(days[0]), NOTE, colour=MUTED)
        if len(days) > 1:
            sheet.text(plot.right, y, day(days[-1]), NOTE, colour=MUTED, align="end")
        return
    year = 0
    for place in shown:
        _, month, of = day(days[place]).split()
        words = month if days[place].year == year else f"{month} {of}"
        year = days[place].year
        sheet.line([(plot.x(place), plot.bottom), (plot.x(place), plot.bottom + 8)], GREY, 2)
        half = measured(words, NOTE) / 2
        middle = min(max(plot.x(place), plot.left + half), plot.right - half)
        sheet.text(middle, y, words, NOTE, colour=MUTED, align="middle")


def _ticks(low: float, high: float) -> list[float]:
    """Round prices between low and high: multiples of 1, 2 or 5 times a power of ten, at most four."""
    span = high - low
    if span <= 0:
        return [low]
    size = 10.0 ** math.floor(math.log10(span / MOST_TICKS))
    step = next(size * times for times in (1, 2, 5, 10, 20) if span / (size * times) <= MOST_TICKS)
    first = math.ceil(low / step)
    return [step * times for times in range(first, math.floor(high / step) + 1)]


def _prices(ticks: Sequence[float]) -> list[str]:
    """Round prices with as many digits as all of them need."""
    digits = next((n for n in (0, 1) if all(math.isclose(tick, round(tick, n)) for tick in ticks)), 2)
    return [number(tick, digits) for tick in ticks]
