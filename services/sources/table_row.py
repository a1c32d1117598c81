"""A row of a published table: its cells by their column's header, as values, each with a place to name when it is wrong."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NoReturn, TypeVar

from selectolax.lexbor import LexborNode

from services.domain.errors import BrokenPage
from services.domain.sourcing import Page
from services.sources import cells

_Value = TypeVar("_Value")


class RowOf:
    """A row of a table. ``place`` counts as a person does. Every accessor raises ``BrokenPage`` with column and row."""

    __slots__ = ("_cells", "_columns", "page", "place")

    def __init__(
        self, page: Page, place: int, columns: Mapping[str, int], found: Sequence[LexborNode]
    ) -> None:
        self.page = page
        self.place = place
        self._columns = columns
        self._cells = found

    def __len__(self) -> int:
        return len(self._cells)

    def has(self, column: str) -> bool:
        """Whether the table has that column at all."""
        return header_name(column) in self._columns

    def cell(self, column: str) -> LexborNode:
        """The element itself."""
        try:
            return self._cells[self._columns[header_name(column)]]
        except KeyError:
            self.broken("the table has no such column", column)

    def backwards(self) -> Sequence[LexborNode]:
        """The elements from the last column to the first: the one with the documents has no header and is among the last."""
        return self._cells[::-1]

    def says(self, column: str) -> bool:
        """Whether something is shown there: not blank, no dash, no "N/A"."""
        return bool(self.raw(column))

    def text(self, column: str, *, without: str = "") -> str:
        """The text shown, blanks tidied. ``without``: the class of elements whose text does not count (tags)."""
        cell = self.cell(column)
        if not without:
            return cells.tidy(cell.text())
        kept = (child.text() for child in cell.iter(include_text=True) if without not in _classes(child))
        return cells.tidy("".join(kept))

    def raw(self, column: str) -> str:
        """``data-order``, else the text shown; "" if the cell shows "N/A" or the like (its data-order is 0 then)."""
        cell = self.cell(column)
        order = cell.attributes.get("data-order")
        if order and order != "0":
            return order
        shown = cell.text().strip()
        if shown[:1].isdigit():
            return order or shown
        return "" if cells.is_missing(shown) else order or shown

    def number(self, column: str) -> float:
        """Any finite number, negatives too."""
        return self._needed(column, cells.number)

    def number_or_none(self, column: str) -> float | None:
        return self._maybe(column, cells.number)

    def price(self, column: str) -> float:
        """A number that is not negative."""
        return self._needed(column, _price)

    def price_or_none(self, column: str) -> float | None:
        return self._maybe(column, _price)

    def percent(self, column: str) -> float:
        """15.5 for "15.5%"."""
        return self._needed(column, cells.percent)

    def percent_or_none(self, column: str) -> float | None:
        return self._maybe(column, cells.percent)

    def magnitude(self, column: str) -> float:
        """A number that may end in K, M, B, T, not negative."""
        return self._needed(column, _magnitude)

    def magnitude_or_none(self, column: str) -> float | None:
        return self._maybe(column, _magnitude)

    def whole(self, column: str) -> int:
        """A count without decimals, not negative."""
        return self._needed(column, cells.whole)

    def whole_or_none(self, column: str) -> int | None:
        return self._maybe(column, cells.whole)

    def day(self, column: str) -> date:
        """The day shown, not in the future of the fetch."""
        return self.read(column, lambda: cells.in_time(cells.day(self.text(column)), self.page.fetched_at))

    def symbol(self, column: str) -> str:
        """The ticker: what is strong in the cell, without the tags beside it."""
        cell = self.cell(column)
        strong = cell.css_first("strong")
        return self.read(column, lambda: cells.symbol((cell if strong is None else strong).text()))

    def tags(self, column: str) -> tuple[str, ...]:
        """The texts of ``.tag`` elements in the cell (XD, NC, REVOKED)."""
        cell = self.cell(column)
        return (
            tuple(cells.tidy(tag.text()) for tag in cell.css(".tag")) if cell.last_child is not None else ()
        )

    def read(self, column: str, how: Callable[[], _Value]) -> _Value:
        """What ``how`` gives; its ``ValueError`` becomes a ``BrokenPage`` of this row."""
        try:
            return how()
        except ValueError as wrong:
            self.broken(str(wrong), column)

    def broken(self, detail: str, column: str = "") -> NoReturn:
        raise BrokenPage(detail, page=self.page.name, column=column, row=self.place)

    def _needed(self, column: str, how: Callable[[str], _Value]) -> _Value:
        raw = self.raw(column)
        try:
            return how(raw)
        except ValueError as wrong:
            self.broken(str(wrong) if raw else "nothing there", column)

    def _maybe(self, column: str, how: Callable[[str], _Value]) -> _Value | None:
        raw = self.raw(column)
        try:
            return how(raw) if raw else None
        except ValueError as wrong:
            self.broken(str(wrong), column)


@lru_cache(maxsize=1024)
def header_name(text: str) -> str:
    """How headers are compared: tidied, in lower case, without the marks of footnotes ("* ^")."""
    return cells.tidy(text).lower().rstrip(" *^")


def _magnitude(text: str) -> float:
    return _price(str(cells.magnitude(text)))


def _price(text: str) -> float:
    value = cells.number(text)
    if value < 0:
        raise ValueError(f"{text!r} is negative")
    return value


def _classes(node: LexborNode) -> Sequence[str]:
    return () if node.tag == "-text" else (node.attributes.get("class") or "").split()
