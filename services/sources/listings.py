"""CSV and JSON as rows with named columns, each value with a place to name when it is not as it should be.

The same accessors as a row of ``tables`` has, for what sources publish as data and not as a page of HTML.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NoReturn, TypeVar

import orjson

from services.domain.errors import BrokenPage
from services.domain.sourcing import Page
from services.sources import cells, markup

MOST_ROWS = 50_000
"""The longest list we read is a daily series over decades (some 12,000 points); beyond it, it is not that file."""

_Value = TypeVar("_Value")


class Item:
    """One row. ``place`` counts as a person does (1 = the first under the header)."""

    __slots__ = ("_values", "page", "place")

    def __init__(self, page: Page, place: int, values: Mapping[str, str]) -> None:
        self.page = page
        self.place = place
        self._values = values

    @property
    def columns(self) -> Sequence[str]:
        return tuple(self._values)

    def has(self, column: str) -> bool:
        return column in self._values

    def text(self, column: str) -> str:
        """The value as text, blanks tidied; "" if it is shown as missing. Raises ``BrokenPage`` without that column."""
        if column not in self._values:
            self.broken("there is no such column", column)
        shown = cells.tidy(self._values[column])
        if "\0" in shown:
            self.broken("a plain value was expected", column)
        return "" if cells.is_missing(shown) else shown

    def number(self, column: str) -> float:
        return self.read(column, lambda: cells.number(self._needed(column)))

    def number_or_none(self, column: str) -> float | None:
        return self.number(column) if self.text(column) else None

    def percent(self, column: str, *, least: float = -100.0, most: float = 1000.0) -> float:
        """A percentage within bounds beyond which it can only be a mistake."""
        return self.read(column, lambda: within(cells.percent(self._needed(column)), least, most))

    def positive(self, column: str) -> float:
        """A number above zero."""
        return self.read(column, lambda: above_zero(cells.number(self._needed(column))))

    def day(self, column: str) -> date:
        """A day, not in the future of the fetch; the time of an ISO moment is left out."""
        shown = self._needed(column)
        return self.read(column, lambda: cells.in_time(cells.day(_without_time(shown)), self.page.fetched_at))

    def read(self, column: str, how: Callable[[], _Value]) -> _Value:
        """What ``how`` gives; its ``ValueError`` becomes a ``BrokenPage`` of this row."""
        try:
            return how()
        except ValueError as wrong:
            self.broken(str(wrong), column)

    def broken(self, detail: str, column: str = "") -> NoReturn:
        raise BrokenPage(detail, page=self.page.name, column=column, row=self.place)

    def _needed(self, column: str) -> str:
        return self.text(column) or self.broken("nothing there", column)


def within(value: float, least: float, most: float) -> float:
    """The value, if it lies between the bounds (inclusive). Raises ``ValueError``."""
    if not least <= value <= most:
        raise ValueError(f"{value:g} is not between {least:g} and {most:g}")
    return value


def above_zero(value: float) -> float:
    """The value, if it is more than nothing. Raises ``ValueError``."""
    if value <= 0:
        raise ValueError(f"{value:g} is not above zero")
    return value


def lines(page: Page, *, closed: bool = False) -> list[list[str]]:
    """The lines of a CSV file, cells tidied, empty lines left out.

    Args:
        page: The file.
        closed: The source always ends its last line: without a line end the last figure may have been cut.
    """
    text = markup.decoded(page, "a CSV file")
    start = text.lstrip()[:1]
    if start in {"<", "{", "["}:
        other = "HTML" if start == "<" else "JSON"
        raise BrokenPage(f"{other} where a CSV file should be", page=page.name)
    if closed and not text.endswith("\n"):
        raise BrokenPage("cut: the last line has no end", page=page.name)
    if text.count("\n") > MOST_ROWS:
        raise BrokenPage(f"more than {MOST_ROWS:,} rows: not the file it should be", page=page.name)
    try:
        found = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as wrong:
        raise BrokenPage(f"no CSV: {wrong}", page=page.name) from None
    return [tidied for line in found if any(tidied := [cells.tidy(cell) for cell in line])]


def items(page: Page, header: Sequence[str], found: Iterable[Sequence[str]]) -> list[Item]:
    """Rows under a header, each as wide as it. Raises ``BrokenPage`` for a column twice, a row too wide, no rows."""
    for name in header:
        if name and header.count(name) > 1:
            raise BrokenPage("the column stands there twice", page=page.name, column=name)
    rows: list[Item] = []
    for place, line in enumerate(found, start=1):
        if len(line) != len(header):
            raise BrokenPage(
                f"{len(line)} cells where the header has {len(header)}", page=page.name, row=place
            )
        rows.append(Item(page, place, dict(zip(header, line, strict=True))))
    if not rows:
        raise BrokenPage("there are no rows", page=page.name)
    return rows


def csv_items(page: Page, *needed: str, closed: bool = False, also: Sequence[str] = ()) -> list[Item]:
    """A CSV file with its header in the first line, in whatever case: the columns ``needed``, and it may have ``also``."""
    found = lines(page, closed=closed)
    known = {name.casefold(): name for name in (*needed, *also)}
    header = [known.get(name.casefold(), name) for name in found[0]] if found else []
    need(page, header, needed)
    return items(page, header, found[1:])


def need(page: Page, header: Sequence[str], needed: Iterable[str]) -> None:
    """Raises ``BrokenPage`` naming the first column that is not there."""
    for name in needed:
        if name not in header:
            raise BrokenPage("there is no such column", page=page.name, column=name)


def json_value(page: Page) -> object:
    """The JSON document, whole. Raises ``BrokenPage`` for anything else (cut, HTML, NaN, too deep)."""
    text = markup.decoded(page, "JSON")
    return json_text(page, text)


def json_text(page: Page, text: str, *, column: str = "") -> object:
    """The same for JSON inside of a field (``column``)."""
    if text.lstrip()[:1] == "<":
        raise BrokenPage("HTML where JSON should be", page=page.name, column=column)
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        raise BrokenPage(f"no JSON, or cut: {wrong}", page=page.name, column=column) from None
    return value


def objects(page: Page, value: object, *needed: str, column: str = "") -> list[Item]:
    """A JSON list of objects as rows; each must have the fields ``needed``. ``column`` names the list."""
    if not isinstance(value, list):
        raise BrokenPage("a list was expected", page=page.name, column=column)
    if len(value) > MOST_ROWS:
        raise BrokenPage(f"more than {MOST_ROWS:,} rows", page=page.name, column=column)
    rows: list[Item] = []
    for place, one in enumerate(value, start=1):
        if not isinstance(one, dict):
            raise BrokenPage("an object was expected", page=page.name, column=column, row=place)
        for name in needed:
            if name not in one:
                raise BrokenPage("there is no such field", page=page.name, column=name, row=place)
        rows.append(Item(page, place, {name: _shown(each) for name, each in one.items()}))
    return rows


def grid(page: Page, columns: object, found: object, *needed: str) -> list[Item]:
    """``{"columns": [...], "rows": [[...]]}`` as rows."""
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise BrokenPage("a list of column names was expected", page=page.name, column="columns")
    if (
        not isinstance(found, list)
        or not all(isinstance(line, list) for line in found)
        or len(found) > MOST_ROWS
    ):
        raise BrokenPage("a list of rows was expected", page=page.name, column="rows")
    need(page, columns, needed)
    text = [
        [_shown(each) for name, each in zip(columns, line, strict=False)] + line[len(columns) :]
        for place, line in enumerate(found, start=1)
    ]
    return items(page, columns, text)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return "\0"  # no accessor takes it; a field nobody reads does no harm
    return value if isinstance(value, str) else repr(value)


def _without_time(shown: str) -> str:
    """The day alone of an ISO moment (2026-08-21T00:00:00)."""
    return shown[:10] if shown[10:11] in {"T", " "} and shown[4:5] == "-" else shown
