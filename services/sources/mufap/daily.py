"""MUFAP's tables of the whole industry: returns (tab 1) and prices with loads (tab 3), a fund a row."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from services.domain.rows import NavRow
from services.domain.sourcing import Page
from services.sources import cells, tables
from services.sources.mufap import names

PERIODS: Mapping[str, str] = {
    "YTD": "YTD", "MTD": "MTD", "1 Day": "1D", "15 Days": "15D", "30 Days": "30D", "90 Days": "90D",
    "180 Days": "180D", "270 Days": "270D", "365 Days": "365D", "2 Years": "2Y", "3 Years": "3Y",
}  # fmt: skip
"""The headers of the returns and our names of the periods."""

_RETURNS = ("Sector", "Category", "Fund Name", "Rating", "Benchmark", "Validity Date", "NAV", *PERIODS)
_PRICES = ("Sector", "Category", "Offer", "Repurchase", "NAV", "Validity Date")
_NAMES = ("Fund Name", "Fund")
_MOST = 3_000
"""The industry has some 550 funds."""


def returns(page: Page) -> Sequence[NavRow]:
    """Tab 1: value of a unit and returns in %, "(3.45)" being -3.45; a return not shown is not in ``returns``.

    The category tells whether they are absolute or annualised: the two are never ranked together.
    """
    return names.apart(page.name, [_returned(row) for row in _rows(page, _RETURNS)])


def navs(page: Page) -> Sequence[NavRow]:
    """Tab 3: value, offer and repurchase price of a unit. Loads and trustee are not kept."""
    document = tables.document(page)
    shown = {tables.header_name(cell.text()) for cell in document.root.css("th")}
    fund = next((name for name in _NAMES if tables.header_name(name) in shown), _NAMES[0])
    return names.apart(page.name, [_priced(row, fund) for row in _rows(page, (*_PRICES, fund), document)])


def _rows(page: Page, headers: Sequence[str], document: tables.Document | None = None) -> list[tables.RowOf]:
    rows = (document or tables.document(page)).table(headers=headers)
    if len(rows) > _MOST:
        rows[_MOST].broken(f"more than {_MOST:,} funds: not the page it should be")
    return [row for row in rows if not _says_nothing(row)]


def _says_nothing(row: tables.RowOf) -> bool:
    """A fund without a day and without a value (suspended, not yet begun): the table names it and tells nothing."""
    return cells.is_missing(row.text("Validity Date")) and not row.says("NAV")


def _returned(row: tables.RowOf) -> NavRow:
    found = {label: row.percent_or_none(header) for header, label in PERIODS.items()}
    category = _words(row, "Category", needed=True)
    return NavRow(
        fund=names.fund_name(_words(row, "Fund Name", needed=True), category),
        day=_valid(row),
        sector=_words(row, "Sector", needed=True),
        category=names.category_name(category),
        nav=_value(row, "NAV") or None,  # 0.0000: it has none yet
        rating=_words(row, "Rating"),
        benchmark=_words(row, "Benchmark"),
        returns={label: value for label, value in found.items() if value is not None},
    )


def _priced(row: tables.RowOf, fund: str) -> NavRow:
    category = _words(row, "Category", needed=True)
    return NavRow(
        fund=names.fund_name(_words(row, fund, needed=True), category),
        day=_valid(row),
        sector=_words(row, "Sector", needed=True),
        category=names.category_name(category),
        nav=_value(row, "NAV") or None,  # 0.0000: it has none yet
        offer=_value(row, "Offer"),
        repurchase=_value(row, "Repurchase"),
        part="prices",
    )


def _words(row: tables.RowOf, column: str, *, needed: bool = False) -> str:
    shown = row.text(column)
    if not cells.is_missing(shown):
        return shown
    return row.broken("nothing there", column) if needed else ""


def _valid(row: tables.RowOf) -> date:
    return row.read(
        "Validity Date", lambda: names.valid_on(cells.day(row.text("Validity Date")), row.page.fetched_at)
    )


def _value(row: tables.RowOf, column: str) -> float | None:
    shown = row.raw(column)
    return row.read(column, partial(names.unit_value, shown)) if shown.strip() else None
