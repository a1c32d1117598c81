"""Draws a day against the index: signed bars, the whole list and the index first and heavier."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.domain.pictures import Bar, DayPicture
from services.media.chart_frame import INNER, footing, footing_height, heading, heading_height
from services.media.chart_style import BLUE, DEEP, GREY, INK, LABEL, LEAST_LABEL, MARGIN, RED, RULE, Weight
from services.media.lettering import fitted, measured, shortened
from services.media.sheet import Sheet
from services.wording.numbers import percent

TALL = 760.0
LEAST_ROW, MOST_ROW = 50.0, 84.0
HEAVY = 2
"""How many bars at the top are the whole and the index."""
MOST_LABEL = 400.0
GAP = 16


def day_chart(spec: DayPicture) -> bytes:
    """A PNG 1080 wide and about 720 tall; more bars make it taller."""
    fixed = heading_height(spec.subtitle) + footing_height(spec.footer) + 3 * GAP
    count = len(spec.moves)
    row = min(MOST_ROW, max(LEAST_ROW, (TALL - fixed) / count)) if count else 0.0
    sheet = Sheet(fixed + row * count, spec.lang)
    y = heading(sheet, spec.title, spec.subtitle) + GAP
    if spec.moves:
        _bars(sheet, spec.moves, y, row)
    footing(sheet, spec.footer)
    return sheet.png()


def _bars(sheet: Sheet, moves: Sequence[Bar], top: float, row: float) -> None:
    rows = [_Row.of(place, bar) for place, bar in enumerate(moves)]
    axis = _Axis.of(rows)
    for place, each in enumerate(rows):
        y = top + row * place + (GAP if place >= HEAVY else 0)
        if place == HEAVY:
            sheet.line([(MARGIN, y - GAP / 2), (MARGIN + INNER, y - GAP / 2)], RULE)
        sheet.text(MARGIN, y + row / 2, each.label, each.size, weight=_weight(place))
        thick = row * (0.66 if place < HEAVY else 0.46)
        axis.draw(sheet, each, _colour(place, each.value), y + row / 2, thick)
    below = top + row * len(rows) + (GAP if len(rows) > HEAVY else 0)
    sheet.line([(axis.zero, top), (axis.zero, below)], INK, 2.5)


@dataclass(frozen=True, slots=True)
class _Row:
    """One move: its label and figure as they are shown, and where its label ends."""

    label: str
    size: float
    ends: float
    value: float
    shown: str

    @classmethod
    def of(cls, place: int, bar: Bar) -> "_Row":
        known = math.isfinite(bar.value)
        size = fitted(bar.label, MOST_LABEL, LABEL, LEAST_LABEL, _weight(place))
        label = shortened(bar.label, MOST_LABEL, size, _weight(place))
        ends = MARGIN + measured(label, size, _weight(place)) + 3 * GAP
        shown = percent(bar.value, 2, signed=True) if known else "–"
        return cls(label, size, ends, bar.value if known else 0.0, shown)

    @property
    def figure(self) -> float:
        """The width of the figure with its gap, pixels."""
        return measured(self.shown, LABEL, "SemiBold") + GAP


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where zero stands, and the pixels of a move by 1."""

    zero: float
    scale: float

    @classmethod
    def of(cls, rows: Sequence[_Row]) -> "_Axis":
        """The longest bars at which no bar, figure or label meets another.

        Zero further on gives losers more room and winners less, so the best place is where both scales are equal;
        it is found by halving.
        """
        end = MARGIN + INNER
        up, down = [row for row in rows if row.value >= 0], [row for row in rows if row.value < 0]
        first = max([row.ends for row in rows] + [row.ends + row.figure for row in down])
        last = max(first, min((end - row.figure for row in up), default=end))

        def winners(zero: float) -> float:
            return min(((end - row.figure - zero) / row.value for row in up if row.value), default=math.inf)

        def losers(zero: float) -> float:
            return min(((zero - row.ends - row.figure) / -row.value for row in down), default=math.inf)

        for _ in range(30):
            middle = (first + last) / 2
            first, last = (first, middle) if losers(middle) >= winners(middle) else (middle, last)
        scale = min(winners(first), losers(first))
        return cls(first, scale if math.isfinite(scale) else 0.0)

    def draw(self, sheet: Sheet, row: _Row, colour: str, y: float, thick: float) -> None:
        """The bar from zero and its figure behind the bar's end."""
        length = abs(row.value) * self.scale
        if row.value < 0:
            sheet.box(self.zero - length, y - thick / 2, length, thick, colour=colour, radius=5)
            sheet.text(self.zero - length - GAP, y, row.shown, LABEL, weight="SemiBold", align="end")
        else:
            sheet.box(self.zero, y - thick / 2, length, thick, colour=colour, radius=5)
            sheet.text(self.zero + length + GAP, y, row.shown, LABEL, weight="SemiBold")


def _weight(place: int) -> Weight:
    return "Bold" if place < HEAVY else "Medium"


def _colour(place: int, value: float) -> str:
    if place == 1:
        return GREY
    if value < 0:
        return RED
    return DEEP if place == 0 else BLUE
