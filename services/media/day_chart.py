"""Draws a day against the index: signed bars, the whole list and the index first and heavier."""

import math
from collections.abc import Sequence

from services.domain.pictures import Bar, DayPicture
from services.media.chart_frame import INNER, footing, footing_height, heading, heading_height
from services.media.chart_style import BLUE, DEEP, GREY, INK, LABEL, MARGIN, RED, RULE, Weight
from services.media.lettering import measured, shortened
from services.media.sheet import Sheet
from services.wording.numbers import percent

LEAST_HEIGHT = 640.0
TALL = 760.0
LEAST_ROW, MOST_ROW = 50.0, 84.0
HEAVY = 2
"""How many bars at the top are the whole and the index."""
MOST_LABEL = 330.0
GAP = 16


def day_chart(spec: DayPicture) -> bytes:
    """A PNG 1080 wide and about 720 tall; more bars make it taller."""
    fixed = heading_height(spec.subtitle) + footing_height(spec.footer) + 2 * GAP
    count = len(spec.moves)
    row = min(MOST_ROW, max(LEAST_ROW, (TALL - fixed) / count)) if count else 0.0
    sheet = Sheet(fixed + row * count + (GAP if count > HEAVY else 0), spec.lang)
    y = heading(sheet, spec.title, spec.subtitle) + GAP
    if spec.moves:
        _bars(sheet, spec.moves, y, row)
    footing(sheet, spec.footer)
    return sheet.png()


def _bars(sheet: Sheet, moves: Sequence[Bar], top: float, row: float) -> None:
    labels = [shortened(bar.label, MOST_LABEL, LABEL, _weight(place)) for place, bar in enumerate(moves)]
    column = max(measured(words, LABEL, _weight(place)) for place, words in enumerate(labels))
    zero, scale = _axis(moves, MARGIN + column + 2 * GAP)
    below = top + row * len(moves) + (GAP if len(moves) > HEAVY else 0)
    for place, (words, bar) in enumerate(zip(labels, moves, strict=True)):
        y = top + row * place + (GAP if place >= HEAVY else 0)
        if place == HEAVY:
            sheet.line([(MARGIN, y - GAP / 2), (MARGIN + INNER, y - GAP / 2)], RULE)
        sheet.text(MARGIN, y + row / 2, words, LABEL, weight=_weight(place))
        _bar(sheet, place, bar.value, zero, scale, y + row / 2, row)
    sheet.line([(zero, top), (zero, below)], INK, 2.5)


def _bar(sheet: Sheet, place: int, value: float, zero: float, scale: float, y: float, row: float) -> None:  # noqa: PLR0913  # one bar on its axis
    thick = row * (0.66 if place < HEAVY else 0.46)
    length = abs(value) * scale if math.isfinite(value) else 0.0
    start = zero if value >= 0 else zero - length
    sheet.box(start, y - thick / 2, length, thick, colour=_colour(place, value), radius=5)
    words = percent(value, 2, signed=True) if math.isfinite(value) else "–"
    end = zero + length + GAP if value >= 0 else zero - length - GAP
    sheet.text(end, y, words, LABEL, weight="SemiBold", align="start" if value >= 0 else "end")


def _axis(moves: Sequence[Bar], start: float) -> tuple[float, float]:
    """The place of zero and the pixels of a move by 1, so that bars and their figures fit between start and margin."""
    values = [bar.value for bar in moves if math.isfinite(bar.value)]
    up, down = max([0.0, *values]), -min([0.0, *values])
    figure = (
        max(measured(percent(value, 2, signed=True), LABEL, "SemiBold") for value in [0.0, *values]) + 2 * GAP
    )
    losers = any(value < 0 for value in values)
    room = MARGIN + INNER - start - figure * (2 if losers else 1)
    scale = room / (up + down) if up + down else 0.0
    return start + (figure if losers else 0) + down * scale, scale


def _weight(place: int) -> Weight:
    return "Bold" if place < HEAVY else "Medium"


def _colour(place: int, value: float) -> str:
    if place == 1:
        return GREY
    if value < 0:
        return RED
    return DEEP if place == 0 else BLUE
