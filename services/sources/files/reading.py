"""The one door: bytes in, tables out, whichever format they are in; what is no table says what it is instead."""

from collections.abc import Callable, Mapping

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Grid
from services.sources.files.documents import document_tables
from services.sources.files.limits import MOST_BYTES, too_large
from services.sources.files.listed import listed
from services.sources.files.parquet import parquet
from services.sources.files.separated import separated
from services.sources.files.sniffing import CALLED, What, what_is
from services.sources.files.spreadsheets import spreadsheet
from services.sources.files.unpacking import gunzipped, only_member
from services.sources.files.web_pages import web_tables

DEEPEST = 3  # archives within archives
_READERS: Mapping[What, Callable[[bytes, str], list[Grid]]] = {
    "text": lambda data, page: [separated(data, page)],
    "xlsx": lambda data, page: spreadsheet(data, page, packed=True),
    "old office": lambda data, page: spreadsheet(data, page, packed=False),
    "parquet": lambda data, page: [parquet(data, page)],
    "html": web_tables,
    "pdf": document_tables,
    "json": lambda data, page: [listed(data, page)],
}
# The endings that promise a format, for telling that it is another.
_PROMISED: Mapping[str, frozenset[What]] = {
    "pdf": frozenset({"pdf"}), "xlsx": frozenset({"xlsx"}), "parquet": frozenset({"parquet"}), "json": frozenset({"json"}),
}  # fmt: skip


def read_tables(data: bytes, page: str) -> list[Grid]:
    """The tables of a file, in their order. ``page`` is its name, for errors.

    Format is told by content; but a name that promises a PDF over a web page is a download that failed, and is refused.

    Raises:
        BrokenPage: It is empty, damaged, cut off, locked, too large, or no table; it says what it really is.
    """
    if len(data) > MOST_BYTES:
        raise too_large(page, MOST_BYTES)
    what = what_is(data)
    for _ in range(DEEPEST):
        if what == "gz":
            data = gunzipped(data, page)
        elif what == "zip":
            data = only_member(data, page)
        else:
            break
        what = what_is(data)
    promised = _PROMISED.get(page.rpartition(".")[2].casefold())
    reader = _READERS.get(what)
    if reader is None or (promised and what not in promised):
        ending = (
            f", not what the name's .{page.rpartition('.')[2]} says"
            if promised
            else "; bring CSV, XLSX, Parquet, HTML, PDF or JSON"
        )
        raise BrokenPage(f"this is {CALLED[what]}{ending}", page=page)
    return reader(data, page)
