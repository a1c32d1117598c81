"""The pages of the indices: their levels, and what an index is made of."""

import re
from collections.abc import Sequence
from datetime import datetime

from services.domain.records import Row
from services.domain.rows import Constituent, IndexRow
from services.domain.sourcing import Page
from services.sources import cells, tables
from services.sources.psx import dated
from services.sources.tables import Document, RowOf

CODES = (
    "KSE100", "KSE100PR", "ALLSHR", "KSE30", "KMI30", "BKTI", "OGTI", "KMIALLSHR", "PSXDIV20", "UPP9", "NITPGI", "NBPPGI",
    "MZNPI", "JSMFI", "ACI", "JSGBKTI", "HBLTTI", "MII30",
)  # fmt: skip
"""The indices the portal publishes, in its order."""

_LEVELS = ("Index", "High", "Low", "Current", "Change", "% Change")
_CONSTITUENTS = (
    "SYMBOL", "NAME", "LDCP", "CURRENT", "CHANGE", "CHANGE (%)", "IDX WTG (%)", "IDX POINT", "VOLUME", "MARKET CAP (M)",
)  # fmt: skip
_FLOAT, _SHARES = "FREEFLOAT (M)", "SHARES (M)"
_OWN_TIME = re.compile(r"\((\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2})\)", re.ASCII)
_MILLION = 1e6


def indices(page: Page) -> Sequence[Row]:
    """Every index's level, as of the time the page shows; one that bears its own, older time (HBLTTI) has that."""
    document = tables.document(page)
    section = document.first("#indicesTable", "section of the indices")
    of_page = dated.as_of(document, section.text(separator=" "))
    rows = [
        _level(page, row, of_page) for row in document.table(headers=_LEVELS, select="#indicesTable table")
    ]
    dated.once(page, (row.code for row in rows), "Index")
    return rows


def index_constituents(page: Page) -> Sequence[Row]:
    """The shares of one index, in its ``FREEFLOAT (M)`` or, for ALLSHR, its ``SHARES (M)``; both raw numbers in single shares."""
    document = tables.document(page)
    found = document.table(headers=_CONSTITUENTS)
    floats, counts = found[0].has(_FLOAT), found[0].has(_SHARES)
    if floats == counts:
        document.broken(f"neither or both of {_FLOAT} and {_SHARES}", column=_FLOAT)
    index, day = _index(document), dated.fetched(page)
    rows = [
        Constituent(
            index=index,
            symbol=row.symbol("SYMBOL"),
            day=day,
            name=row.text("NAME"),
            ldcp=row.price_or_none("LDCP"),
            current=row.price_or_none("CURRENT"),
            change=row.number_or_none("CHANGE"),
            change_pct=row.percent_or_none("CHANGE (%)"),
            weight_pct=row.percent_or_none("IDX WTG (%)"),
            points=row.number_or_none("IDX POINT"),
            volume=row.whole_or_none("VOLUME"),
            free_float_mn=_millions(row, _FLOAT) if floats else None,
            shares_mn=_millions(row, _SHARES) if counts else None,
            market_cap_mn=_millions(row, "MARKET CAP (M)"),
        )
        for row in found
    ]
    dated.once(page, (row.symbol for row in rows), "SYMBOL")
    return rows


def _level(page: Page, row: RowOf, of_page: datetime) -> IndexRow:
    cell = row.cell("Index")
    bold = cell.css_first("b")
    own = _OWN_TIME.search(row.text("Index"))
    at = of_page if own is None else dated.in_time(page, own[1], column="Index", row=row.place)
    return IndexRow(
        code=row.read("Index", lambda: cells.symbol((cell if bold is None else bold).text())),
        as_of=at,
        high=row.price_or_none("High"),
        low=row.price_or_none("Low"),
        current=row.price("Current"),
        change=row.number("Change"),
        change_pct=row.percent("% Change"),
    )


def _millions(row: RowOf, column: str) -> float | None:
    """The raw number is in ones, the text shown in millions; a cell without a raw number is in millions already."""
    value = row.price_or_none(column)
    if value is None or row.cell(column).attributes.get("data-order") is None:
        return value
    return value / _MILLION


def _index(document: Document) -> str:
    """The index that was asked for, else what the heading says: "KSE 100 INDEX Constituents" is KSE100."""
    if document.page.asked.get("index") or document.page.url:
        return dated.asked(document.page, "index")
    heading = document.root.css_first("h2")
    said = (
        heading.text().upper().partition(" INDEX")[0].partition(" CONSTITUENTS")[0]
        if heading is not None
        else ""
    )
    code = said.replace(" ", "").replace("-", "").replace("KSEALLSHARE", "ALLSHR")
    if code not in CODES:
        document.broken("nothing says which index it is of (ask with asked={'index': …})")
    return code
