"""Tables of a PDF: those with ruled lines, else words that stand in columns; a table that goes on over pages is one."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Cell, Grid
from services.sources.files.limits import MOST_PAGES, MOST_TABLES, check_size

if TYPE_CHECKING:
    from pdfplumber.page import Page

Row = Sequence[str | None]
GAP = 12.0  # points between words of two columns; within a cell words stand closer
MOST_SIGNS = 60_000  # of one page: nobody's table has more, and the layout's cost grows with them


def document_tables(data: bytes, page: str) -> list[Grid]:
    """The tables; rows count from 1 through the whole document.

    Raises:
        BrokenPage: It is cut off, damaged, locked, too long, or holds no text (a scan).
    """
    if b"%%EOF" not in data[-2048:]:
        raise BrokenPage("a PDF cut off in the middle", page=page)
    tables = _tables(data, page)
    if not tables:
        raise BrokenPage("a PDF without text: a scan cannot be read", page=page)
    grids: list[Grid] = []
    start = 1
    for number, rows in enumerate(tables[:MOST_TABLES], 1):
        width = max(map(len, rows))
        check_size(len(rows) * width, len(rows), width, page)
        columns = tuple(
            tuple(_cell(row[at]) if at < len(row) else None for row in rows) for at in range(width)
        )
        grids.append(Grid(f"table {number}", range(start, start + len(rows)), columns))
        start += len(rows)
    return grids


def _tables(data: bytes, page: str) -> list[list[Row]]:
    import pdfplumber

    tables: list[list[Row]] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as opened:
            _check_length(len(opened.pages), page)
            for each in opened.pages:
                _join(tables, _of_page(each, page))
                each.close()  # its layout takes megabytes
    except BrokenPage:
        raise
    except Exception as error:  # noqa: BLE001  # a PDF's parser raises whatever its bytes led it to
        raise BrokenPage(f"a damaged or locked PDF ({type(error).__name__})", page=page) from None
    return tables


def _check_length(pages: int, page: str) -> None:
    if pages > MOST_PAGES:
        raise BrokenPage(f"a PDF of {pages} pages; at most {MOST_PAGES}", page=page)


def _join(tables: list[list[Row]], found: list[list[Row]]) -> None:
    """A first table as wide as the last one before goes on with it."""
    if tables and found and len(found[0][0]) == len(tables[-1][0]):
        tables[-1] += found.pop(0)
    tables += found


def _of_page(each: "Page", name: str) -> list[list[Row]]:
    if len(each.chars) > MOST_SIGNS:
        raise BrokenPage(
            "a PDF with more signs on a page than can be a table", page=name, row=each.page_number
        )
    ruled: list[list[Row]] = [[row for row in table if any(row)] for table in each.extract_tables()]
    ruled = [rows for rows in ruled if len(rows) > 1 and len(rows[0]) > 1]
    return ruled or _by_gaps(each)


def _by_gaps(each: "Page") -> list[list[Row]]:
    """Lines of words, parted where the gap is wide; cells stand under the header whose place they share."""
    lines: list[list[tuple[float, float, str]]] = []
    for line in each.extract_text_lines(return_chars=True):
        pieces: list[tuple[float, float, str]] = []
        for char in line["chars"]:
            left, right, sign = float(char["x0"]), float(char["x1"]), str(char["text"])
            if pieces and left - pieces[-1][1] < GAP:
                blank = " " if left - pieces[-1][1] > 1.5 and not pieces[-1][2].endswith(" ") else ""
                pieces[-1] = (pieces[-1][0], right, pieces[-1][2] + blank + sign)
            else:
                pieces.append((left, right, sign))
        lines.append([(left, right, text.strip()) for left, right, text in pieces if text.strip()])
    widest = max(lines, key=len, default=[])
    if len(widest) < 2:
        return []
    return [[_placed(line, widest) for line in lines]]


def _placed(line: Sequence[tuple[float, float, str]], widest: Sequence[tuple[float, float, str]]) -> Row:
    row: list[str | None] = [None] * len(widest)
    for left, right, text in line:
        middle = (left + right) / 2
        at = min(range(len(widest)), key=lambda n: abs((widest[n][0] + widest[n][1]) / 2 - middle))
        row[at] = f"{row[at]} {text}" if row[at] else text
    return row


def _cell(text: str | None) -> Cell:
    return " ".join(text.split()) if text else None
