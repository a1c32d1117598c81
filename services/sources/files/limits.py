"""How much of a file is read at most: enough for ten years of a whole exchange, too little to fill the machine."""

from services.domain.errors import BrokenPage

MOST_BYTES = 64 * 2**20  # of the file as it comes
MOST_UNPACKED = 256 * 2**20  # of what is packed in it
MOST_CELLS = 4_000_000
MOST_ROWS = 500_000
MOST_COLUMNS = 500
MOST_PAGES = 80  # of a PDF: its layout is worked out page by page, a tenth of a second each
MOST_TABLES = 400


def check_size(cells: int, rows: int, columns: int, page: str) -> None:
    """Refuse what is too large before it is built.

    Raises:
        BrokenPage: If it is; it says how large it is and how large it may be.
    """
    if rows > MOST_ROWS:
        raise BrokenPage(f"{rows:,} rows; at most {MOST_ROWS:,} at once: bring it in parts", page=page)
    if columns > MOST_COLUMNS:
        raise BrokenPage(f"{columns:,} columns; at most {MOST_COLUMNS} can be meant", page=page)
    if cells > MOST_CELLS:
        raise BrokenPage(f"{cells:,} cells; at most {MOST_CELLS:,} at once: bring it in parts", page=page)


def too_large(page: str, most: int, *, packed: bool = False) -> BrokenPage:
    """The error for bytes above a measure."""
    what = "more than {:,} MB once unpacked" if packed else "larger than {:,} MB"
    return BrokenPage(what.format(most // 2**20) + ": bring it in parts", page=page)
