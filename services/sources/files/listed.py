"""JSON: a list of objects or of rows, at the top or within one object, whose own words stand above the table."""

from collections.abc import Sequence

import orjson

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Cell, Grid
from services.sources.files.limits import check_size


def listed(data: bytes, page: str) -> Grid:
    """The table; row 1 is the first object of the list.

    Raises:
        BrokenPage: It is cut off or damaged, holds no list of rows, or is too large.
    """
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise BrokenPage(
            f"damaged or cut-off JSON, at line {error.lineno}", page=page, row=error.lineno
        ) from None
    rows, above = _rows(document, page)
    table: list[Sequence[object]]
    if isinstance(rows[0], dict):
        names = list(dict.fromkeys(str(name) for row in rows if isinstance(row, dict) for name in row))
        table = [
            names,
            *([row.get(name) if isinstance(row, dict) else None for name in names] for row in rows),
        ]
        first = 0
    else:
        table, first = [row if isinstance(row, list) else [row] for row in rows], 1
    width = max(2, *map(len, table)) if above else max(map(len, table))
    check_size(len(table) * width, len(table), width, page)
    head: list[Sequence[object]] = [[name, value] for name, value in above]
    lines = [*([0] * len(head)), *range(first, first + len(table))]
    padded = [[*map(_cell, row), *([None] * (width - len(row)))] for row in (*head, *table)]
    return Grid("", lines, tuple(zip(*padded, strict=True)))


def _rows(document: object, page: str) -> tuple[list[object], list[tuple[str, object]]]:
    """The rows, and the words beside them."""
    above: list[tuple[str, object]] = []
    if isinstance(document, dict):
        above = [
            (str(k), v)
            for k, v in document.items()
            if isinstance(v, str | int | float) and not isinstance(v, bool)
        ]
        lists = [v for v in document.values() if isinstance(v, list) and v and isinstance(v[0], dict | list)]
        names = document.get("columns")
        document = max(lists, key=len, default=None)
        if isinstance(document, list) and isinstance(names, list) and isinstance(document[0], list):
            document = [names, *document]
    if not isinstance(document, list) or not document or not isinstance(document[0], dict | list):
        raise BrokenPage("JSON without a list of rows", page=page)
    return document, above


def _cell(value: object) -> Cell:
    if isinstance(value, str | float | int) or value is None:
        return value
    return None if isinstance(value, list | dict) else str(value)
