"""XLSX and XLS: every visible sheet as a table, its rows numbered as the spreadsheet shows them."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Cell, Grid, empty
from services.sources.files.limits import MOST_UNPACKED, check_size
from services.sources.files.unpacking import member

_REFERENCE = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')
_DIGITS, _LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EMPTY = frozenset({"", None})
_AS_THEY_ARE = frozenset({str, float, int, bool, date, datetime, type(None)})


def spreadsheet(data: bytes, page: str, *, packed: bool) -> list[Grid]:
    """The sheets that hold anything. ``packed``: it is an XLSX, which is a ZIP archive.

    Raises:
        BrokenPage: It is damaged, has a password, or is too large.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    if packed:
        _check_archive(data, page)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = [
                sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible
            ]
            grids = []
            for name in names:
                sheet = book.get_sheet_by_name(name)
                check_size(
                    sheet.total_height * sheet.total_width, sheet.total_height, sheet.total_width, page
                )
                grids.append(_grid(name, sheet.to_python(skip_empty_area=False)))
    except PasswordError:
        raise BrokenPage("a spreadsheet with a password: save it without one", page=page) from None
    except (CalamineError, ValueError, OSError) as error:
        raise BrokenPage(f"a damaged or cut-off spreadsheet ({type(error).__name__})", page=page) from None
    return [grid for grid in grids if grid is not None]


def _check_archive(data: bytes, page: str) -> None:
    """Its parts are whole, and no sheet reaches so far that building it would fill the machine."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            left = MOST_UNPACKED
            for info in archive.infolist():
                part = member(archive, info, page, left)
                left -= len(part)
                if info.filename.startswith("xl/worksheets/"):
                    _check_sheet(part, page)
    except (zipfile.BadZipFile, NotImplementedError):
        raise BrokenPage("a damaged or cut-off spreadsheet", page=page) from None


def _check_sheet(part: bytes, page: str) -> None:
    """A cell far away makes a sheet as large as everything before it, however few cells it has."""
    cells = sum(map(part.count, (b"<c ", b"<c>", b"<c/")))
    named = b" ".join(_REFERENCE.findall(part))
    height = max(map(int, set(named.translate(None, _LETTERS).split())), default=0)
    # longer or later letters are larger
    width = max(map(int.from_bytes, set(named.translate(None, _DIGITS).split())), default=0)
    del named
    check_size(cells, height, _column(width), page)
    check_size(height * _column(width), height, 0, page)


def _column(letters: int) -> int:
    """The number of a column by its letters: "AA" is 27."""
    number = 0
    for letter in letters.to_bytes(3).lstrip(b"\0"):
        number = number * 26 + letter - 64
    return number


def _grid(name: str, rows: Sequence[Sequence[object]]) -> Grid | None:
    kept = [number for number, row in enumerate(rows) if any(cell not in _EMPTY for cell in row)]
    if not kept:
        return None
    steady = len(kept) == kept[-1] - kept[0] + 1
    found = rows[kept[0] : kept[-1] + 1] if steady else [rows[number] for number in kept]
    columns = map(_cells, zip(*found, strict=True))
    lines = range(kept[0] + 1, kept[-1] + 2) if steady else [number + 1 for number in kept]
    return Grid(name, lines, tuple(column for column in columns if not all(map(empty, column))))


def _cells(column: tuple[object, ...]) -> tuple[Cell, ...]:
    """A column as the sheet has it, but for the few values that a table does not know."""
    if set(map(type, column)) <= _AS_THEY_ARE:
        return column  # type: ignore[return-value]  # the line above looked at every cell
    return tuple(map(_cell, column))


def _cell(value: object) -> Cell:
    if isinstance(value, str | float | int | date) or value is None:
        return value
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        return value.total_seconds() / 86_400  # a part of a day, as the sheet itself keeps it
    return str(value)
