"""Tables of published HTML pages, read by their header texts, each cell with a place to name when it is not as it should be.

    rows = tables.table(page, headers=("SYMBOL", "VOLUME"), select="#some_id")
    for row in rows:
        row.symbol("SYMBOL"), row.whole("VOLUME")

A page that was cut, garbled, or is another page ends in ``BrokenPage`` with the page, the column and the row. Numbers are taken
from ``data-order`` where a cell has it, else from the text shown; a cell that shows "N/A" or "-" is missing either way.
"""

from collections.abc import Mapping, Sequence
from typing import NoReturn

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.domain.errors import BrokenPage
from services.domain.sourcing import Page
from services.sources import cells, markup
from services.sources.table_row import RowOf, header_name

MOST_ROWS = 20_000
"""No page we read has more rows (the longest seen: 2,162); beyond it, it is not that page."""

__all__ = ["Document", "RowOf", "document", "header_name", "table"]


def table(
    page: Page,
    *,
    headers: Sequence[str],
    select: str = "table",
    fragment: Sequence[str] = (),
    empty_ok: bool = False,
) -> list[RowOf]:
    """The rows of the first table whose header has all of these texts (case and blanks do not matter).

    Args:
        page: What the source answered.
        headers: The columns needed, by the text of their header.
        select: A CSS selector of the table, if the page has several with the same headers.
        fragment: All columns in their order, only for an endpoint that itself may answer bare rows
            (``<tbody>…</tbody>``): then, and only for a body that begins so, no header is asked for.
        empty_ok: A table without rows is an answer, not an error.
    """
    return document(page).table(headers=headers, select=select, fragment=fragment, empty_ok=empty_ok)


def document(page: Page) -> "Document":
    """The whole page, for those with more than one table or with text beside them. Raises ``BrokenPage``."""
    text = markup.whole(page)
    if text.count("<tr") > MOST_ROWS:
        raise BrokenPage(f"more than {MOST_ROWS:,} rows: not the page it should be", page=page.name)
    bare = markup.is_fragment(text)
    return Document(page, LexborHTMLParser(f"<table>{text}</table>" if bare else text), bare=bare)


class Document:
    """A parsed page. ``root`` is for what is no table; ``bare``: it has come as bare rows without a header."""

    def __init__(self, page: Page, root: LexborHTMLParser, *, bare: bool) -> None:
        self.page = page
        self.root = root
        self.bare = bare

    def table(
        self,
        *,
        headers: Sequence[str],
        select: str = "table",
        fragment: Sequence[str] = (),
        empty_ok: bool = False,
    ) -> list[RowOf]:
        """See ``table``."""
        if self.bare and fragment:
            found: list[tuple[LexborNode, Mapping[str, int]]] = [
                (node, {header_name(name): place for place, name in enumerate(fragment)})
                for node in self.root.css("table")
            ]
        else:
            found = self._fitting(headers, select)
        node, columns = found[0]
        return self._rows(node, columns, empty_ok=empty_ok)

    def tables(
        self, *, headers: Sequence[str], select: str = "table", empty_ok: bool = False
    ) -> list[tuple[LexborNode, list[RowOf]]]:
        """Every table with those headers, in the page's order, with its element. Raises ``BrokenPage`` if there is none."""
        return [
            (node, self._rows(node, columns, empty_ok=empty_ok))
            for node, columns in self._fitting(headers, select)
        ]

    def first(self, select: str, what: str) -> LexborNode:
        """The first element; ``what`` it is, for the error."""
        found = self.root.css_first(select)
        if found is None:
            self.broken(f"no {what} on the page{self._titled()}")
        return found

    def broken(self, detail: str, *, column: str = "", row: int = 0) -> NoReturn:
        raise BrokenPage(detail, page=self.page.name, column=column, row=row)

    def _fitting(self, headers: Sequence[str], select: str) -> list[tuple[LexborNode, Mapping[str, int]]]:
        nodes = self.root.css(select)
        if not nodes:
            self.broken(f"no table {select!r} on the page{self._titled()}")
        needed = [header_name(header) for header in headers]
        fitting: list[tuple[LexborNode, Mapping[str, int]]] = []
        nearest: list[str] = list(needed)
        for node in nodes:
            columns, twice = _columns(node)
            lacking = [name for name in needed if name not in columns or name in twice]
            if not lacking:
                fitting.append((node, columns))
            elif len(lacking) < len(nearest):
                nearest = lacking
        if not fitting:
            shown = next(header for header in headers if header_name(header) == nearest[0])
            self.broken(f"no table has this column once{self._titled()}", column=shown)
        return fitting

    def _rows(self, node: LexborNode, columns: Mapping[str, int], *, empty_ok: bool) -> list[RowOf]:
        rows: list[RowOf] = []
        wide = len(columns)
        for place, found in enumerate(_data_rows(node), start=1):
            if not found or _is_message(found, wide):
                continue
            if len(found) != wide:
                self.broken(f"{len(found)} cells where the header has {wide}", row=place)
            rows.append(RowOf(self.page, place, columns, found))
        if not rows and not empty_ok:
            self.broken("the table has no rows")
        return rows

    def _titled(self) -> str:
        title = self.root.css_first("title")
        return f" (it is titled {cells.tidy(title.text())[:60]!r})" if title is not None else ""


def _columns(node: LexborNode) -> tuple[Mapping[str, int], frozenset[str]]:
    """Header text to place, and those that stand there twice. A table without ``thead`` has them in its first row."""
    rows = [row for part in node.iter() if part.tag == "thead" for row in part.iter() if row.tag == "tr"]
    if rows:
        names = max(([header_name(cell.text()) for cell in _cells(row)] for row in rows), key=len)
    else:
        first = next((row for part in node.iter() for row in part.iter() if row.tag == "tr"), None)
        names = [] if first is None else [header_name(cell.text()) for cell in _cells(first)]
    columns = {name or f"#{place}": place for place, name in enumerate(names)}
    twice = frozenset(name for name in names if names.count(name) > 1)
    for place, name in enumerate(names):  # keeps the width right, so that rows are still counted against it
        columns.setdefault(f"#{place}", place) if name in twice and columns[name] != place else None
    return columns, twice


def _data_rows(node: LexborNode) -> list[list[LexborNode]]:
    parts = [part for part in node.iter() if part.tag in {"thead", "tbody"}]
    rows = [_cells(row) for part in parts if part.tag == "tbody" for row in part.iter() if row.tag == "tr"]
    headed = (
        any(part.tag == "thead" for part in parts) or not any(cell.tag == "th" for cell in rows[0][:1])
        if rows
        else True
    )
    return rows if headed else rows[1:]


def _is_message(found: Sequence[LexborNode], wide: int) -> bool:
    """A row across the table: "No record found"."""
    return len(found) == 1 and wide > 1 and found[0].attributes.get("colspan") is not None


def _cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in {"td", "th"}]
