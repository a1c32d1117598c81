"""The pages about every share at once: market watch, sector summary, screener."""

from collections.abc import Callable, Sequence
from datetime import date

from services.domain.records import Row
from services.domain.rows import Screened, Sector, Watch
from services.domain.sourcing import Page
from services.sources import cells, tables
from services.sources.psx import dated
from services.sources.tables import RowOf

_PRICES = ("LDCP", "OPEN", "HIGH", "LOW", "CURRENT", "CHANGE", "CHANGE (%)", "VOLUME")
_WATCH = ("SYMBOL", "SECTOR", "LISTED IN", *_PRICES)
_SECTORS = ("Sector Code", "Sector Name", "Advance", "Decline", "Unchange", "Turnover", "Market Cap. (B)")
_COMPANIES = ".sectorSummary__companies__table"
_SCREENER = (
    "SYMBOL", "SECTOR", "LISTED IN", "MARKET CAP.", "PRICE", "CHANGE (%)", "1-YEAR CH. (%) *", "PE RATIO (TTM)",
    "DIVIDEND YIELD (%)", "FREE FLOAT", "30D VOLUME AVG.",
)  # fmt: skip


def market_watch(page: Page) -> Sequence[Row]:
    """Every share of the regular market. The page bears no date: it is of the day of its fetch."""
    day = dated.fetched(page)
    rows = [
        _watched(row, day, row.text("SECTOR"), _listed(row), _title(row))
        for row in tables.table(page, headers=_WATCH)
    ]
    dated.once(page, (row.symbol for row in rows), "SYMBOL")
    return rows


def sector_summary(page: Page) -> Sequence[Row]:
    """The first table: a sector's advances, declines, turnover and capitalisation."""
    document = tables.document(page)
    day = dated.shown(document)
    rows = [
        Sector(
            code=_code(row, "Sector Code"),
            day=day,
            name=row.text("Sector Name"),
            advance=row.whole("Advance"),
            decline=row.whole("Decline"),
            unchanged=row.whole("Unchange"),
            turnover=row.whole("Turnover"),
            market_cap_bn=row.price_or_none("Market Cap. (B)"),
        )
        for row in document.table(headers=_SECTORS)
    ]
    dated.once(page, (row.code for row in rows), "Sector Code")
    return rows


def sector_watch(page: Page) -> Sequence[Row]:
    """The tables below, one a sector: the shares as in the market watch, those without a trade too.

    A share without a trade that day keeps the figures of its last one in the page's raw numbers (volume, open, high, low)
    while it shows a volume of 0. What is shown is true: the volumes shown add up to the turnover of each sector.
    """
    document = tables.document(page)
    day = dated.shown(document)
    rows: list[Watch] = []
    headers = ("SYMBOL", "NAME", *_PRICES)
    parts = document.tables(headers=headers, select=f"{_COMPANIES} table", empty_ok=True)
    if len(parts) != len(document.root.css(_COMPANIES)):
        document.broken(f"only {len(parts)} of its sectors have a table with these columns", column="SYMBOL")
    for node, found in parts:
        around = node.parent.parent if node.parent is not None else None
        code = around.attributes.get("data-code") if around is not None else None
        if code is None or not _is_code(code):
            document.broken("a table of shares whose sector is not said", column="Sector Code")
        rows += [_watched(row, day, code, (), row.text("NAME")) for row in found]
    if not rows:
        document.broken("no sector has a share")
    dated.once(page, (row.symbol for row in rows), "SYMBOL")
    return rows


def screener(page: Page) -> Sequence[Row]:
    """Capitalisation, yield and float of every share. A P/E of 0.00 is how the page shows that there is none."""
    document = tables.document(page)
    day = dated.shown(document)
    rows = [
        Screened(
            symbol=row.symbol("SYMBOL"),
            day=day,
            sector_code=_code(row, "SECTOR") if row.text("SECTOR") else "",  # a few instruments are in none
            listed_in=_listed(row),
            marks=row.tags("SYMBOL"),
            market_cap=row.magnitude_or_none("MARKET CAP."),
            price=row.price_or_none("PRICE"),
            change_pct=row.percent_or_none("CHANGE (%)"),
            year_change_pct=row.percent_or_none("1-YEAR CH. (%) *"),
            pe=row.number_or_none("PE RATIO (TTM)") or None,
            dividend_yield_pct=row.percent_or_none("DIVIDEND YIELD (%)"),
            free_float=row.magnitude_or_none("FREE FLOAT"),
            volume30=row.price_or_none("30D VOLUME AVG."),
        )
        for row in document.table(headers=_SCREENER)
    ]
    dated.once(page, (row.symbol for row in rows), "SYMBOL")
    return rows


def _watched(row: RowOf, day: date, sector: str, listed: tuple[str, ...], name: str) -> Watch:
    if not _is_code(sector):
        row.broken(f"{sector!r} is no code of a sector (0801 …)", "SECTOR")
    volume = row.whole("VOLUME") if row.says("VOLUME") or row.price_or_none("HIGH") else 0
    traded = volume == 0 or row.text("VOLUME") != "0"
    idle = volume == 0  # dashes then: no trade that day, or none yet
    price, number, percent = (
        (_or_none(row.price_or_none), _or_none(row.number_or_none), _or_none(row.percent_or_none))
        if idle
        else (row.price, row.number, row.percent)
    )
    return Watch(
        symbol=row.symbol("SYMBOL"),
        day=day,
        name=name,
        sector_code=sector,
        listed_in=listed,
        marks=row.tags("SYMBOL"),
        ldcp=price("LDCP"),
        open=price("OPEN") if traded else 0.0,
        high=price("HIGH") if traded else 0.0,
        low=price("LOW") if traded else 0.0,
        current=price("CURRENT"),
        change=number("CHANGE"),
        change_pct=percent("CHANGE (%)"),
        volume=volume if traded else 0,
    )


def _or_none(read: Callable[[str], float | None]) -> Callable[[str], float]:
    """0 for what is not shown, as the page itself writes it elsewhere for a share without a trade."""
    return lambda column: read(column) or 0.0


def _title(row: RowOf) -> str:
    link = row.cell("SYMBOL").css_first("a")
    return cells.tidy(link.attributes.get("data-title") or "") if link is not None else ""


def _listed(row: RowOf) -> tuple[str, ...]:
    """The codes of the indices a share is in; nothing for rights and the like."""
    return tuple(name for name in row.text("LISTED IN").replace(" ", "").split(",") if name)


def _code(row: RowOf, column: str) -> str:
    code = row.text(column)
    if not _is_code(code):
        row.broken(f"{code!r} is no code of a sector (0801 …)", column)
    return code


def _is_code(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()
