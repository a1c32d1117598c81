"""Numbers as people and programs write them, read column by column; what is no number is told by its kind, not shown."""

import math
import re
from collections.abc import Sequence

from services.domain.importing.grid import Cell

NOTHING = frozenset({"", "-", "--", "—", "–", "n/a", "na", "n.a.", "nan", "nil", "null", "none", "#n/a", "."})
TIMES = {"": 1.0, "k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "tn": 1e12}
# Thousands by threes, or as in Pakistan by twos above the first three (12,34,567); one decimal point.
_NUMBER = re.compile(
    r"(\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})?(\.\d+)?(k|mn|m|bn|b|tn|t)?", re.ASCII
)
_DRESS = re.compile(r"^(?:rs\.?|pkr|usd|us\$|\$|₨)\s*|\s*%$|\s+", re.IGNORECASE)
NO_NUMBER = "text where a number belongs"
NOT_FINITE = "an infinite number"
NO_TRUTH = "yes or no where a number belongs"


def numbers(cells: Sequence[Cell]) -> tuple[list[float | None], dict[int, str]]:
    """The numbers of a column (None = empty) and, by place, why a cell is none."""
    plainly = _plain(cells)
    if plainly is not None:
        return plainly, {}
    found: list[float | None] = []
    wrong: dict[int, str] = {}
    for place, cell in enumerate(cells):
        value = cell if type(cell) is float and math.isfinite(cell) else number(cell)
        if isinstance(value, str):
            wrong[place] = value
            value = None
        found.append(value)
    return found, wrong


def _plain(cells: Sequence[Cell]) -> list[float | None] | None:
    """The numbers of a column that a program wrote, every cell a finite one; None if it is not such a column.

    Three times as fast as cell by cell, which is what ten years of prices take.
    """
    kinds = set(map(type, cells))
    if kinds <= {float, int}:
        found: list[float | None] = list(map(float, cells))  # type: ignore[arg-type]  # the line above looked at every cell
    elif kinds == {str} and (all_of := "".join(cells)).isascii() and "_" not in all_of:  # type: ignore[arg-type]  # likewise
        try:
            found = list(map(float, cells))  # type: ignore[arg-type]  # likewise
        except ValueError:
            return None
    else:
        return None
    return found if all(map(math.isfinite, found)) else None  # type: ignore[arg-type]  # floats, all of them


def number(cell: Cell) -> float | str | None:
    """One cell's number; None if it is empty; a sentence if it is no number."""
    if cell is None:
        return None
    if isinstance(cell, int | float):
        return NO_TRUTH if isinstance(cell, bool) else _finite(float(cell))
    if not isinstance(cell, str):
        return "a date where a number belongs"
    try:  # by far the most are as a program writes them; Python's own "1_000" is no number to anybody else
        return _finite(float(cell)) if cell.isascii() and "_" not in cell else _written(cell)
    except ValueError:
        return _written(cell)


def _finite(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else NOT_FINITE


def _written(text: str) -> float | str | None:
    """A number with its dress: "1,234.50", "(3.45)", "Rs 12", "1.2M", "15.52%"."""
    bare = text.strip().replace("\u2212", "-").replace("\xa0", "").casefold()
    if bare in NOTHING:
        return None
    sign = 1.0
    if bare.startswith("(") and bare.endswith(")"):
        bare, sign = bare[1:-1].strip(), -1.0
    bare = _DRESS.sub("", bare)
    if bare[:1] in {"-", "+"}:
        sign, bare = sign * (-1.0 if bare[0] == "-" else 1.0), _DRESS.sub("", bare[1:])
    elif bare.endswith("-"):  # as some ledgers put it
        sign, bare = -sign, bare[:-1]
    fits = _NUMBER.fullmatch(bare)
    if fits is None or not (fits[1] or fits[2]):
        return NO_NUMBER
    scale = TIMES[fits[3] or ""]
    value = float((fits[1] or "0").replace(",", "") + (fits[2] or ""))
    return sign * (round(value * scale, 6) if scale != 1.0 else value)
