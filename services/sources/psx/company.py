"""The page of one company, and that of an exchange-traded fund with its basket."""

from collections.abc import Mapping, Sequence

from selectolax.lexbor import LexborNode

from services.domain.records import Row
from services.domain.rows import BasketRow, Company
from services.domain.sourcing import Page
from services.sources import cells, tables
from services.sources.psx import dated
from services.sources.tables import Document

_REGULAR = '#statsTab .tabs__panel[data-name="REG"]'
"""The panel of the regular market; those of futures and odd lots have the same labels."""
_BASKET = ("Symbol", "Name", "Shares")
_THOUSAND = 1e3
_TOLERANCE = 0.011
"""Rs by which price less LDCP may differ from the change shown: both are rounded to a paisa."""


def company(page: Page) -> Sequence[Row]:
    """The quote, the regular market's figures by their labels, and the equity profile (a fund's: its units).

    The change is shown without a sign that can be trusted: it has that of price less LDCP.
    """
    document = tables.document(page)
    figures = _stats(document, document.first(_REGULAR, "panel of the regular market"))
    if not figures:
        document.broken("the panel of the regular market is empty")
    equity = document.root.css_first("#equity") or document.root.css_first("#equityStats")
    profile = _stats(document, equity) if equity is not None else {}
    price = _rupees(document, _said(document, ".quote__close", "price"), "price")
    ldcp = _maybe(document, figures, "LDCP")
    return [
        Company(
            symbol=_symbol(document),
            as_of=dated.as_of(document, _said(document, ".quote__date", "date of the quote")),
            name=_said(document, ".quote__name", "name"),
            sector=cells.tidy(document.first(".quote__sector", "sector").text()),
            price=price,
            ldcp=ldcp,
            change=_change(document, price, ldcp),
            figures=figures,
            market_cap=_capital(document, profile),
            shares=_labelled(document, profile, "shares", "no. of outstanding shares"),
            free_float=_labelled(document, profile, "free float"),
        )
    ]


def etf(page: Page) -> Sequence[Row]:
    """The basket of one creation unit, of the day that stands above it."""
    document = tables.document(page)
    fund = _symbol(document)
    modal = ".etfCub__modal"
    said = document.first(modal, "basket of the fund").css_first("h3 span")
    try:
        day = (
            dated.shown(document)
            if said is None
            else cells.in_time(cells.day(cells.tidy(said.text())), page.fetched_at)
        )
    except ValueError as wrong:
        document.broken(f"the basket's day: {wrong}")
    rows = [
        BasketRow(
            fund=fund, day=day, symbol=row.symbol("Symbol"), name=row.text("Name"), shares=row.price("Shares")
        )
        for row in document.table(headers=_BASKET, select=f"{modal} table")
    ]
    dated.once(page, (row.symbol for row in rows), "Symbol")
    return rows


def _symbol(document: Document) -> str:
    """The symbol in the page's head, which must be the one that was asked for."""
    said = _said(document, ".pageHeader__title", "symbol")
    wanted = document.page.asked.get("symbol", "").upper()
    if wanted and wanted != said:
        document.broken(f"the page is of {said!r}, not of {wanted!r}")
    try:
        return cells.symbol(said)
    except ValueError as wrong:
        document.broken(str(wrong))


def _said(document: Document, select: str, what: str) -> str:
    text = cells.tidy(document.first(select, what).text())
    return text or document.broken(f"no {what} on the page")


def _stats(document: Document, node: LexborNode) -> Mapping[str, str]:
    """Labels and their values as shown; of a label that comes twice the first, then those with " (2)", " (3)"."""
    found: dict[str, str] = {}
    for item in node.css(".stats_item"):
        label, value = item.css_first(".stats_label"), item.css_first(".stats_value")
        if label is None and value is None:
            continue  # an empty place in the page's grid
        if label is None or value is None:
            document.broken("a figure without its label, or a label without its figure")
        name = key = cells.tidy(label.text())
        twice = 1
        while key in found:
            twice += 1
            key = f"{name} ({twice})"
        found[key] = cells.tidy(value.text())
    return found


def _rupees(document: Document, text: str, what: str) -> float:
    try:
        value = cells.number(text.removeprefix("Rs.").strip())
    except ValueError as wrong:
        document.broken(str(wrong), column=what)
    return value if value >= 0 else document.broken(f"{text!r} is negative", column=what)


def _maybe(document: Document, figures: Mapping[str, str], label: str) -> float | None:
    text = figures.get(label, "")
    return None if cells.is_missing(text) else _rupees(document, text, label)


def _labelled(document: Document, profile: Mapping[str, str], *starts: str) -> float | None:
    """The first figure whose label begins so and that is no percentage."""
    for label, text in profile.items():
        if label.lower().startswith(starts) and not text.endswith("%") and not cells.is_missing(text):
            return _rupees(document, text, label)
    return None


def _capital(document: Document, profile: Mapping[str, str]) -> float | None:
    """Rs; the page has it in thousands and says so."""
    label = next((label for label in profile if label.lower().startswith("market cap")), None)
    if label is None or cells.is_missing(profile[label]):
        return None
    if "000" not in label:
        document.broken("the capitalisation is not in thousands any more", column=label)
    return _rupees(document, profile[label], label) * _THOUSAND


def _change(document: Document, price: float, ldcp: float | None) -> float | None:
    node = document.root.css_first(".change__value")
    text = cells.tidy(node.text()) if node is not None else ""
    if cells.is_missing(text):
        return None
    try:
        size = abs(cells.number(text))
    except ValueError as wrong:
        document.broken(str(wrong), column="change")
    if ldcp is None:
        return None if size else 0.0
    if abs(abs(price - ldcp) - size) > _TOLERANCE:
        return round(price - ldcp, 4)  # the quote has moved on while the panel had not: its own figures count
    return -size if price < ldcp else size
