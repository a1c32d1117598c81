"""From the tables of a file to its rows: the tables that have the kind's columns are read, as one."""

from collections.abc import Callable, Mapping, Sequence

from services.domain.errors import BrokenPage
from services.domain.importing import flows, fund_holdings, holidays, navs, notices, prices, rates
from services.domain.importing.grid import Grid
from services.domain.importing.headers import Field, Table, table_of
from services.domain.importing.reading import Around, Gathering, ImportKind, Reading, joined

_READERS: Mapping[ImportKind, tuple[Sequence[Field], Callable[[Table, Around], Gathering]]] = {
    "prices": (prices.FIELDS, prices.read),
    "flows": (flows.FIELDS, flows.read),
    "fund-holdings": (fund_holdings.FIELDS, fund_holdings.read),
    "rates": (rates.FIELDS, rates.read),
    "calendar": (holidays.FIELDS, holidays.read),
    "announcements": (notices.FIELDS, notices.read),
    "navs": (navs.FIELDS, navs.read),
}


def read(kind: ImportKind, grids: Sequence[Grid], around: Around) -> Reading:
    """The rows of a file.

    Raises:
        BrokenPage: None of its tables has the columns of this kind, or one as a whole breaks a rule of its kind; the error
            names the file, and the column and row where it shows.
    """
    fields, reader = _READERS[kind]
    tables, errors = [], list[BrokenPage]()
    for grid in grids:
        try:
            tables.append(table_of(grid, fields, around.page))
        except BrokenPage as error:
            errors.append(error)
    if not tables:
        raise errors[0] if errors else BrokenPage("there is no table in it", page=around.page)
    whole = reader(tables[0], around)
    for number, table in enumerate(tables[1:], 1):
        whole = joined(whole, reader(table, around), number)
    if errors:
        whole.notes.append(f"{len(errors)} other tables in it have other columns and were not read")
    return whole.done()
