"""A table as it stands in a file, before anybody knows which of its columns is what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Cell = str | float | bool | date | None
"""What a file can hold in one place (a ``datetime`` is a ``date``, an ``int`` a ``float``); None and "" are empty."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by column. Every column is as long as ``lines``, which are the rows' numbers as the file's reader sees them.

    ``name`` tells tables of one file apart (a sheet, "table 2"); "" if there is but one.
    """

    name: str
    lines: Sequence[int]
    columns: tuple[Sequence[Cell], ...]

    def row(self, index: int) -> tuple[Cell, ...]:
        """The cells of one row, by its place from 0."""
        return tuple(column[index] for column in self.columns)


def empty(cell: Cell) -> bool:
    """Whether there is nothing in it."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell) -> str:
    """A cell as text: blanks within as one; whole numbers without a point, for tickers such as 786."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
