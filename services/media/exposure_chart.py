"""Draws the X-Ray: the findings that matter, what is owned by sector, and the biggest positions; one phone screen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.domain.pictures import Bar, ExposurePicture, Finding
from services.media.chart_frame import INNER, footing, footing_height, heading, heading_height
from services.media.chart_marks import RADIUS, mark
from services.media.chart_style import (
    BLUE,
    CARD,
    DEEP,
    GREY,
    INK,
    LABEL,
    LEAST_LABEL,
    MARGIN,
    MUTED,
    NOTE,
    SECTION,
)
from services.media.lettering import fitted, leading, measured, shortened, wrapped
from services.media.sheet import Sheet
from services.wording.numbers import percent

TALL = 1350
LEAST_ROW, MOST_ROW = 46.0, 68.0
MOST_LABEL = 400.0
MOST_NOTE = 330.0
LEAST_NOTE = 60.0
GAP = 16
_SECTION = SECTION * 1.9
_CARD_PAD = 20.0
_INDENT = 2 * RADIUS + 46


@dataclass(frozen=True, slots=True)
class _Row:
    """One bar as it stands on the sheet: words already cut, ``value`` 0 or more, and its look."""

    label: str
    size: float
    value: float
    shown: str
    note: str
    colour: str
    hatch: bool = False


def exposure_chart(spec: ExposurePicture) -> bytes:
    """A PNG 1080 wide and 1350 tall where that suffices; more bars make it taller, few make it shorter."""
    sectors = _rows(spec.sectors, BLUE)
    if spec.undisclosed is not None:
        sectors += _rows((spec.undisclosed,), GREY, hatch=True)
    sections = [
        (title, rows)
        for title, rows in (
            (spec.sectors_title, sectors),
            (spec.positions_title, _rows(spec.positions, DEEP)),
        )
        if rows
    ]
    fixed = heading_height(spec.subtitle) + _findings_height(spec.findings) + footing_height(spec.footer)
    fixed += _SECTION * len(sections)
    count = sum(len(rows) for _, rows in sections)
    row = min(MOST_ROW, max(LEAST_ROW, (TALL - fixed) / count)) if count else 0.0
    sheet = Sheet(fixed + row * count, spec.lang)
    y = _findings(sheet, spec.findings, heading(sheet, spec.title, spec.subtitle))
    columns = _Columns.of([each for _, rows in sections for each in rows])
    for title, rows in sections:
        y = _section(sheet, title, y)
        for each in rows:
            columns.draw(sheet, each, y, row)
            y += row
    footing(sheet, spec.footer)
    return sheet.png()


def _rows(bars: Sequence[Bar], colour: str, *, hatch: bool = False) -> list[_Row]:
    sizes = [fitted(bar.label, MOST_LABEL, LABEL, LEAST_LABEL, "Medium") for bar in bars]
    return [
        _Row(
            shortened(bar.label, MOST_LABEL, size, "Medium"),
            size,
            max(bar.value, 0.0) if math.isfinite(bar.value) else 0.0,
            percent(bar.value) if math.isfinite(bar.value) else "–",
            shortened(bar.note, MOST_NOTE, NOTE),
            colour,
            hatch,
        )
        for bar, size in zip(bars, sizes, strict=True)
    ]


def _findings_height(findings: Sequence[Finding]) -> float:
    if not findings:
        return 0.0
    lines = sum(len(_told(finding)[0]) for finding in findings)
    return lines * leading(LABEL) + (len(findings) - 1) * GAP + 2 * _CARD_PAD


def _told(finding: Finding) -> tuple[list[str], float]:
    """A finding's lines and their size: one line if a little smaller does it, else two in full size."""
    room = INNER - _INDENT - _CARD_PAD
    size = fitted(finding.text, room, LABEL, LEAST_LABEL, "Medium")
    if measured(finding.text, size, "Medium") <= room:
        return [finding.text], size
    return wrapped(finding.text, room, LABEL, 2, "Medium"), LABEL


def _findings(sheet: Sheet, findings: Sequence[Finding], y: float) -> float:
    """A card with one mark and one or two lines a finding; returns the ``y`` under it."""
    sheet.box(MARGIN, y, INNER, _findings_height(findings), colour=CARD, radius=18)
    below = y + _findings_height(findings)
    y += _CARD_PAD
    for finding in findings:
        lines, size = _told(finding)
        mark(sheet, MARGIN + _CARD_PAD + RADIUS + 6, y + leading(LABEL) * len(lines) / 2, finding.state)
        for line in lines:
            sheet.text(MARGIN + _INDENT, y + leading(LABEL) / 2, line, size, weight="Medium")
            y += leading(LABEL)
        y += GAP
    return below


def _section(sheet: Sheet, title: str, y: float) -> float:
    words = shortened(title, INNER, SECTION, "Bold")
    sheet.text(MARGIN, y + _SECTION * 0.62, words, SECTION, weight="Bold")
    return y + _SECTION


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where bars start, and how many pixels a whole portfolio would be: the same for all bars of the picture."""

    start: float
    scale: float

    @classmethod
    def of(cls, rows: Sequence[_Row]) -> "_Columns":
        labels = max((measured(row.label, row.size, "Medium") for row in rows), default=0.0)
        start = MARGIN + labels + GAP
        room = ((MARGIN + INNER - start - _behind(row)) / row.value for row in rows if row.value > 0)
        return cls(start, max(0.0, min(room, default=0.0)))

    def draw(self, sheet: Sheet, row: _Row, y: float, height: float) -> None:
        """Label, bar, value, note, in the order of reading."""
        middle, thick = y + height / 2, min(height * 0.62, 38)
        sheet.text(self.start - GAP, middle, row.label, row.size, weight="Medium", align="end")
        length = max(row.value * self.scale, 3) if row.value else 0
        sheet.box(self.start, middle - thick / 2, length, thick, colour=row.colour, hatch=row.hatch, radius=5)
        x = self.start + length + GAP
        sheet.text(x, middle, row.shown, LABEL, weight="SemiBold", colour=INK)
        x += measured(row.shown, LABEL, "SemiBold") + GAP
        if MARGIN + INNER - x > LEAST_NOTE:
            note = shortened(row.note, MARGIN + INNER - x, NOTE)
            sheet.text(x, middle, note, NOTE, colour=MUTED)


def _behind(row: _Row) -> float:
    """What stands behind a bar's end, in pixels."""
    note = GAP + measured(row.note, NOTE) if row.note else 0.0
    return GAP + measured(row.shown, LABEL, "SemiBold") + note
