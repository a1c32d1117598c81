"""Which column of a table is what: by the words of its header, wherever that stands among the first rows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Cell, Grid, empty, shown

LOOKED_AT = 60  # rows among which the header is looked for: titles, dates and notes stand above it
_DROPPED = re.compile(r"[^a-z0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """A column we want: our name for it and the headers it goes by, the surest first."""

    name: str
    words: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under a header, by our names of the columns.

    ``titles`` are the headers as shown; ``others`` the columns nobody asked for, by theirs; ``above`` the rows over the
    header; ``spilled`` the places of rows with more cells than the header has (a comma that was not quoted).
    """

    page: str
    lines: Sequence[int]
    columns: Mapping[str, Sequence[Cell]]
    titles: Mapping[str, str]
    others: Mapping[str, Sequence[Cell]]
    above: tuple[tuple[Cell, ...], ...] = ()
    spilled: frozenset[int] = frozenset()
    left_out: int = 0

    def cells(self, name: str) -> Sequence[Cell]:
        """A column; one of empty cells if the table lacks it."""
        found = self.columns.get(name)
        return [None] * len(self.lines) if found is None else found


def plain(title: object) -> str:
    """A header bare of case, blanks and signs; "%" counts as "pct"."""
    return _DROPPED.sub("", str(title).casefold().replace("%", "pct")) if title is not None else ""


def table_of(grid: Grid, fields: Sequence[Field], page: str) -> Table:
    """The table under the header that fits best.

    Raises:
        BrokenPage: No row among the first ones names all the columns that must be there.
    """
    place, found = _header(grid, fields, page)
    header = grid.row(place)
    width = max(number for number, cell in enumerate(header) if not empty(cell)) + 1
    keep = _data(grid, place, [found[f.name] for f in fields if f.required], min(found.values()))
    body = [_picked(column, place + 1, keep) for column in grid.columns]
    lines = grid.lines[place + 1 :] if keep is None else [grid.lines[at] for at in keep]
    taken = set(found.values())
    return Table(
        page=f"{page} ({grid.name})" if grid.name else page,
        lines=lines,
        columns={name: body[number] for name, number in found.items()},
        titles={name: shown(header[number]) for name, number in found.items()},
        others={
            shown(header[number]): body[number] for number in range(width) if number not in taken and not empty(header[number])
        },
        above=tuple(grid.row(number) for number in range(place)),
        spilled=frozenset(at for column in body[width:] for at, cell in enumerate(column) if not empty(cell)),
        left_out=len(grid.lines) - place - 1 - len(lines),
    )  # fmt: skip


def matched(titles: Iterable[object], fields: Sequence[Field]) -> dict[str, int]:
    """The place of each field among some headers."""
    bare = [plain(title) for title in titles]
    found: dict[str, int] = {}
    for wanted in fields:
        for word in wanted.words:
            if word in bare and bare.index(word) not in found.values():
                found[wanted.name] = bare.index(word)
                break
    return found


def _header(grid: Grid, fields: Sequence[Field], page: str) -> tuple[int, dict[str, int]]:
    needed = {f.name for f in fields if f.required}
    best: tuple[int, int, dict[str, int]] = (0, 0, {})
    for place in range(min(LOOKED_AT, len(grid.lines))):
        found = matched(grid.row(place), fields)
        if needed and needed <= set(found):
            return place, found
        if len(found) > best[0]:
            best = (len(found), place, found)
    if best[0] and not needed:
        return best[1], best[2]
    lacking = [f for f in fields if f.name not in best[2] and (f.required or not needed)]
    titles = ", ".join(shown(c)[:30] for c in grid.row(best[1]) if not empty(c))[:200] if grid.lines else ""
    raise BrokenPage(
        f"no column for {', '.join(f.name for f in lacking)}; the headers are: {titles or 'none'}",
        page=f"{page} ({grid.name})" if grid.name else page,
        column=lacking[0].name,
        row=grid.lines[best[1]] if grid.lines else 0,
    )


def _data(grid: Grid, header: int, required: Sequence[int], first: int) -> list[int] | None:
    """The places of the rows to read, None for all: without repeated headers, headings and notes of one cell."""
    title = grid.columns[first][header]
    odd: set[int] = set()
    for number in dict.fromkeys((*required, first)):
        column, none = grid.columns[number][header + 1 :], {None, "", title}
        if not none.isdisjoint(column):
            odd.update(place for place, cell in enumerate(column, header + 1) if cell in none)
    left = {place for place in odd if _no_data(grid, place, header)}
    if not left:
        return None
    return [place for place in range(header + 1, len(grid.lines)) if place not in left]


def _no_data(grid: Grid, place: int, header: int) -> bool:
    row = grid.row(place)
    filled = [cell for cell in row if not empty(cell)]
    alone = len(filled) <= 1 and len(row) > 2 and not any(isinstance(cell, int | float) for cell in filled)
    return alone or row == grid.row(header)


def _picked(column: Sequence[Cell], start: int, keep: list[int] | None) -> Sequence[Cell]:
    return column[start:] if keep is None else [column[place] for place in keep]
