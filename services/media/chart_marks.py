"""Marks for passed, watch and failed that differ in shape as well as in colour."""

from services.media.chart_style import AMBER, GREEN, GREY, PAPER, RED
from services.media.sheet import Sheet

RADIUS = 21


def mark(sheet: Sheet, x: float, y: float, state: str) -> None:
    """A mark centred on (x, y): a disc with a tick, a triangle with "!", a square with a cross, else a ring's dash."""
    _MARKS.get(state, _unknown)(sheet, x, y)


def _pass(sheet: Sheet, x: float, y: float) -> None:
    sheet.dot(x, y, RADIUS, GREEN)
    turn = -1 if sheet.mirrored else 1  # a tick leans the same way in every script
    sheet.line([(x - turn * 9, y + 1), (x - turn * 2, y + 8), (x + turn * 10, y - 8)], PAPER, 5)


def _watch(sheet: Sheet, x: float, y: float) -> None:
    corners = [(x - RADIUS - 3, y + RADIUS - 1), (x + RADIUS + 3, y + RADIUS - 1), (x, y - RADIUS - 1)]
    sheet.area(corners, AMBER)
    sheet.line([(x, y - 7), (x, y + 5)], PAPER, 5)
    sheet.dot(x, y + 13, 3, PAPER)


def _fail(sheet: Sheet, x: float, y: float) -> None:
    side = RADIUS - 1
    sheet.box(x - side, y - side, 2 * side, 2 * side, colour=RED, radius=6)
    for lean in (-1, 1):
        sheet.line([(x - 9, y - lean * 9), (x + 9, y + lean * 9)], PAPER, 5)


def _unknown(sheet: Sheet, x: float, y: float) -> None:
    sheet.dot(x, y, RADIUS, GREY)
    sheet.line([(x - 8, y), (x + 8, y)], PAPER, 5)


_MARKS = {"pass": _pass, "watch": _watch, "fail": _fail}
