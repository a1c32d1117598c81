"""The closing rate summary of a day, a PDF of many sheets: sections of symbols with their rates, under a head on every sheet.

Tuesday September 29,2026
PageNo: 1
***COMMERCIAL BANKS***
HBL Habib Bank Limited 1153509 302.15 302.80 309.00 302.80 306.10 3.95
"""

import re
from collections.abc import Sequence
from datetime import date

from services.domain.errors import BrokenPage
from services.domain.records import Row
from services.domain.rows import Bar
from services.domain.sourcing import Page
from services.sources import cells, pdf_text
from services.sources.psx import dated

MOST_SHEETS = 60
"""A day's summary has some 20."""
RATES = ("Turnover", "Prv.Rate", "Open Rate", "Highest", "Lowest", "Last Rate", "Diff.")
"""The figures of a row, in their order, behind the symbol and the company's name."""

_TITLE = "CLOSING RATE SUMMARY"
_DAY = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? ([A-Z][a-z]{2,8} \d{1,2}, ?\d{4})",
    re.ASCII | re.IGNORECASE,
)
_SHEET = re.compile(r"Page ?No\.? ?: ?(\d{1,3})", re.ASCII)
_FIGURE = r"(?:[-+]?[\d,]*\.?\d+|\([\d,]*\.?\d+\)|-)"
_FIGURES = re.compile(rf"((?:{_FIGURE} ){{6}}{_FIGURE})$", re.ASCII)
_HEADS = ("P. Vol", "C. Vol", "Total:", "From :", "Flu No")


def closing_rates(page: Page) -> Sequence[Row]:
    """Bars with the previous rate as ``ldcp``; what has no last rate has no bar. All sheets are read, or it is refused."""
    lines = pdf_text.lines(page, pages=MOST_SHEETS)
    if not any(_TITLE in line.upper() for line in lines[:10]):
        raise BrokenPage(f"no closing rate summary: it begins {lines[0][:60]!r}", page=page.name)
    day = _day(page, lines)
    _all_sheets(page, lines)
    bars: list[Bar] = []
    for place, figures, words in _rows(lines):
        bar = _bar(page, place, day, words, figures)
        if bar is not None:
            bars.append(bar)
    if not bars:
        raise BrokenPage("no row of a symbol with its rates", page=page.name, column=RATES[0])
    dated.once(page, (bar.symbol for bar in bars), "Symbol")
    return bars


def _rows(lines: Sequence[str]) -> list[tuple[int, list[str], list[str]]]:
    """The lines that end in seven figures: their number among those, the figures, and the words before."""
    found: list[tuple[int, list[str], list[str]]] = []
    for line in lines:
        figures = _FIGURES.search(line) if len(line) < 300 and not line.startswith(_HEADS) else None
        if figures is not None:
            found.append((len(found) + 1, figures[1].split(" "), line[: figures.start()].split()))
    return found


def _bar(page: Page, place: int, day: date, words: Sequence[str], figures: Sequence[str]) -> Bar | None:
    if len(words) < 2:
        raise BrokenPage("rates without a symbol and a name", page=page.name, column="Symbol", row=place)
    try:
        symbol = cells.symbol(words[0])
    except ValueError as wrong:
        raise BrokenPage(str(wrong), page=page.name, column="Symbol", row=place) from None
    volume, before, opened, high, low, last, _ = (
        _figure(page, place, column, text) for column, text in zip(RATES, figures, strict=True)
    )
    if volume != int(volume) or (volume and not last):
        raise BrokenPage(f"{volume:g} shares at {last:g}", page=page.name, column=RATES[0], row=place)
    if not last:
        return None
    return Bar(symbol, day, opened or None, high or None, low or None, last, int(volume), before or None)


def _figure(page: Page, place: int, column: str, text: str) -> float:
    try:
        value = 0.0 if text == "-" else cells.number(text)
    except ValueError as wrong:
        raise BrokenPage(str(wrong), page=page.name, column=column, row=place) from None
    if value < 0 and column != RATES[-1]:
        raise BrokenPage(f"{text!r} is negative", page=page.name, column=column, row=place)
    return value


def _day(page: Page, lines: Sequence[str]) -> date:
    """The day in the head, the same on every sheet and the one asked for."""
    days = {found[1].replace(",", ", ") for line in lines if (found := _DAY.search(line))}
    if len(days) != 1:
        raise BrokenPage("not one day in the heads of its sheets", page=page.name, column="date")
    try:
        day = cells.in_time(cells.day(days.pop()), page.fetched_at)
    except ValueError as wrong:
        raise BrokenPage(str(wrong), page=page.name, column="date") from None
    wanted = page.asked.get("day")
    if wanted and wanted != day.isoformat():
        raise BrokenPage(f"it is of {day}, not of {wanted}", page=page.name, column="date")
    return day


def _all_sheets(page: Page, lines: Sequence[str]) -> None:
    """The sheets are numbered without a gap, and there are not more than are read."""
    numbers = [int(found[1]) for line in lines if (found := _SHEET.search(line))]
    if numbers != list(range(1, len(numbers) + 1)):
        raise BrokenPage(f"its sheets are numbered {numbers[:20]}", page=page.name, column="PageNo")
    if len(numbers) >= MOST_SHEETS:
        raise BrokenPage(f"{MOST_SHEETS} sheets or more", page=page.name, column="PageNo")
