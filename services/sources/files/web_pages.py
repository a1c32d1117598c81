"""Tables of a web page: the raw number where the page gives one, the ticker without its tags, the last link of a row."""

import re
from typing import TYPE_CHECKING

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Cell, Grid
from services.sources.files.letters import decoded
from services.sources.files.limits import MOST_TABLES, check_size

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

LINK = "link"  # the header of the column made of the rows' links
_NUMERIC = re.compile(r"[-+(]?\s*(?:rs\.?)?\s*[\d.,]+\s*[kmbt%]?\)?", re.IGNORECASE)
Row = list[Cell]


def web_tables(data: bytes, page: str) -> list[Grid]:
    """Every table with at least two rows; rows count from 1 through all of them, headers too.

    Raises:
        BrokenPage: There is none, one is never closed (the page is cut off), or they are too large.
    """
    from selectolax.lexbor import LexborHTMLParser

    text = decoded(data, page)
    bare = text.casefold()
    if bare.count("<table") != bare.count("</table") or ("<html" in bare and "</html" not in bare):
        raise BrokenPage("a web page cut off in the middle: a table or the page itself has no end", page=page)
    check_size(bare.count("<td"), bare.count("<tr"), 0, page)
    grids: list[Grid] = []
    start = 1
    for number, table in enumerate(LexborHTMLParser(text).css("table")[:MOST_TABLES], 1):
        rows = _rows(table)
        if len(rows) > 1:
            grids.append(_grid(rows, start, number, page))
        start += len(rows)
    if not grids:
        raise BrokenPage("a web page without a table", page=page)
    return grids


def _grid(rows: list[tuple[Row, str]], start: int, number: int, page: str) -> Grid:
    width = max(len(cells) for cells, _ in rows)
    check_size(len(rows) * width, len(rows), width, page)
    columns = [tuple(cells[at] if at < len(cells) else None for cells, _ in rows) for at in range(width)]
    links = [link for _, link in rows]
    if any(links):
        head = next(place for place, link in enumerate(links) if link) - 1
        columns.append(tuple(LINK if place == head else link or None for place, link in enumerate(links)))
    return Grid(f"table {number}", range(start, start + len(rows)), tuple(columns))


def _rows(table: "LexborNode") -> list[tuple[Row, str]]:
    """The rows of a table itself, not of tables within it, each with its last link."""
    found: list[tuple[Row, str]] = []
    for row in table.css("tr"):
        if _owner(row) != table:
            continue
        cells: Row = []
        for cell in row.iter():
            if cell.tag in {"td", "th"}:
                span = cell.attributes.get("colspan") or "1"
                wide = int(span) if span.isascii() and span.isdecimal() and len(span) < 4 else 1
                cells += [_cell(cell), *([None] * (wide - 1))]
        if any(cells):
            found.append((cells, _link(row)))
    return found


def _owner(row: "LexborNode") -> "LexborNode | None":
    node = row.parent
    while node is not None and node.tag != "table":
        node = node.parent
    return node


def _cell(cell: "LexborNode") -> Cell:
    """The cell as data: a ticker is what is strong in its link; a shown number gives way to the raw one beside it."""
    ticker = cell.css_first("a strong")
    text = " ".join((ticker or cell).text(separator=" ").split())
    raw = cell.attributes.get("data-order")
    if raw and _NUMERIC.fullmatch(text) and ticker is None:
        try:
            return float(raw)
        except ValueError:
            return text
    return text or None


def _link(row: "LexborNode") -> str:
    links = [node.attributes.get("href") or "" for node in row.css("td a[href]")]
    good = [link for link in links if link.startswith(("/download", "http"))]
    return good[-1] if good else ""
