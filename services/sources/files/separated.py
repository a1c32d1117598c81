"""Text with a table in it: comma, semicolon, tab or pipe between the cells, quotes around what holds one."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Grid
from services.sources.files.letters import decoded
from services.sources.files.limits import MOST_ROWS, check_size

MARKS = ",;\t|"
LOOKED_AT = 200  # lines by which the mark is chosen
MOST_KNOWN = 20_000
LONGEST = 200_000  # signs of one cell


def separated(data: bytes, page: str) -> Grid:
    """The table of a text.

    Raises:
        BrokenPage: A quote is never closed, its last line is cut off, it is too large, or it holds no table.
    """
    text = decoded(data, page)
    mark = _mark(text)
    lines: list[int] = []
    rows: list[Sequence[str]] = []
    known: dict[str, str] = {}  # one text for what stands in many cells (symbols, dates): half the memory
    cells = width = 0
    for number, row in _rows(text, mark, page):
        lines.append(number)
        rows.append(tuple(map(known.setdefault, row, row) if len(known) < MOST_KNOWN else row))
        cells += len(row)
        width = max(width, len(row))
        if len(rows) > MOST_ROWS or width > 500:
            check_size(cells, len(rows), width, page)
    check_size(cells, len(rows), width, page)
    if not rows:
        raise BrokenPage("there is no row in it", page=page)
    _check_end(text, rows, page)
    return Grid("", _steady(lines), tuple(zip_longest(*rows)))


def _rows(text: str, mark: str, page: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank with the number of its last line."""
    csv.field_size_limit(LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True, skipinitialspace=True)
    try:
        for row in reader:
            if row and (len(row) > 1 or row[0].strip()) and any(row):
                yield reader.line_num, row
    except csv.Error:
        raise BrokenPage(
            "a quote is not closed, or a cell has no end", page=page, row=reader.line_num
        ) from None


def _mark(text: str) -> str:
    """The sign that parts most lines into the same number of cells, two or more."""
    head = [line for line in text[:200_000].splitlines()[:LOOKED_AT] if line.strip()]
    scores: dict[str, tuple[int, int]] = {}
    for mark in MARKS:
        counts = Counter(line.count(mark) for line in head if mark in line)
        most = counts.most_common(1)
        scores[mark] = (most[0][1], most[0][0]) if most else (0, 0)
    return max(MARKS, key=lambda mark: scores[mark])


def _check_end(text: str, rows: Sequence[Sequence[str]], page: str) -> None:
    """A last line that is shorter than all others and has no end was cut off."""
    if text.endswith(("\n", "\r")) or len(rows) < 3:
        return
    if len(rows[-1]) < min(map(len, rows[1:-1])):
        raise BrokenPage("the last line is cut off in the middle", page=page, row=len(rows))


def _steady(lines: list[int]) -> Sequence[int]:
    """Line numbers without a gap take no room."""
    steady = range(lines[0], lines[0] + len(lines))
    return steady if lines[-1] == steady[-1] else lines
