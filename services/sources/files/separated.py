"""Text with a table in it: comma, semicolon, tab or pipe between the cells, quotes around what holds one."""

import csv
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Cell, Grid
from services.sources.files.letters import decoded
from services.sources.files.limits import MOST_ROWS, check_size

MARKS = ",;\t|"
LOOKED_AT = 200  # lines by which the mark is chosen
MOST_KNOWN = 4_000  # texts of a column: more than the days of ten years
LONGEST = 200_000  # signs of one cell
BLOCK = 1024  # rows that are turned into columns at one time: all of them beside their columns are twice the memory
_LINE = re.compile(r"[^\r\n]++(?:\r\n?|\n)?|\r\n?|\n")


def separated(data: bytes, page: str) -> Grid:
    """The table of a text.

    Raises:
        BrokenPage: A quote is never closed, its last line is cut off, it is too large, or it holds no table.
    """
    text = decoded(data, page)
    lines, widths, found = array("l"), array("L"), _Columns()
    rows: list[Sequence[str]] = []
    cells = width = 0
    for number, row in _rows(text, _mark(text), page):
        lines.append(number)
        many = len(row)
        widths.append(many)
        rows.append(row)
        cells += many
        width = max(width, many)
        if len(lines) > MOST_ROWS or width > 500:
            check_size(cells, len(lines), width, page)
        if len(rows) == BLOCK:
            rows = found.add(rows)
    check_size(cells, len(lines), width, page)
    found.add(rows)
    if not lines:
        raise BrokenPage("there is no row in it", page=page)
    _check_end(text, widths, page)
    return Grid("", _steady(lines), tuple(map(tuple, found.columns)))


class _Columns:
    """Columns that grow by rows; a row that is shorter than another has None at its end.

    What stands in many cells of a column (symbols, dates) is one text in memory; a column of ever new figures is left as it is.
    """

    def __init__(self) -> None:
        self.columns: list[list[Cell]] = []
        self._known: list[dict[Cell, Cell] | None] = []
        self._height = 0

    def add(self, rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        """Put rows beneath; returns an empty list for the next."""
        block: list[tuple[Cell, ...]] = list(zip_longest(*rows))
        for _ in block[len(self.columns) :]:
            self.columns.append([None] * self._height)
            self._known.append({})
        block += [(None,) * len(rows)] * (len(self.columns) - len(block))
        for number, (known, cells) in enumerate(zip(self._known, block, strict=True)):
            self.columns[number].extend(cells if known is None else map(known.setdefault, cells, cells))
            if known is not None and len(known) > MOST_KNOWN:
                self._known[number] = None
        self._height += len(rows)
        return []


def _rows(text: str, mark: str, page: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank with the number of its last line."""
    csv.field_size_limit(LONGEST)
    # Line by line: a file in memory would be a copy of the text at four bytes a sign.
    pieces = (line[0] for line in _LINE.finditer(text))
    reader = csv.reader(pieces, delimiter=mark, strict=True, skipinitialspace=True)
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


def _check_end(text: str, widths: Sequence[int], page: str) -> None:
    """A last line that is shorter than all others and has no end was cut off."""
    if text.endswith(("\n", "\r")) or len(widths) < 3:
        return
    if widths[-1] < min(widths[1:-1]):
        raise BrokenPage("the last line is cut off in the middle", page=page, row=len(widths))


def _steady(lines: "array[int]") -> Sequence[int]:
    """Line numbers without a gap take no room."""
    steady = range(lines[0], lines[0] + len(lines))
    return steady if lines[-1] == steady[-1] else lines.tolist()
