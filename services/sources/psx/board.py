"""The trading boards with their best bids and offers, and the panel with the exchange's totals."""

from collections.abc import Sequence

from services.domain.records import Row
from services.domain.rows_psx import Depth, Totals
from services.domain.sourcing import Page
from services.sources import tables
from services.sources.psx import dated
from services.sources.tables import RowOf

_BOARD = ("SYMBOL", "BID VOL.", "BID PRICE", "OFFER VOL.", "OFFER PRICE", "LDCP", "CHANGE", "VOLUME")
_YIELD = "BID YIELD (%)"
_PANEL = (
    "Date",
    "Time",
    "Total Trades",
    "Advance",
    "Decline",
    "Unchanged",
    "Total",
    "Exchange Volume",
    "Exchange Value",
)


def trading_board(page: Page) -> Sequence[Row]:
    """The best bid and offer of every symbol of a board; those of debt have no name and yields instead, which are not read."""
    board = _board(page)
    day = dated.fetched(page)
    found = tables.table(page, headers=_BOARD, select="#tradingBoardTable")
    of_debt = found[0].has(_YIELD)
    rows = [
        Depth(
            board=board,
            symbol=row.symbol("SYMBOL"),
            day=day,
            name="" if of_debt else row.text("NAME"),
            bid_volume=row.whole("BID VOL."),
            bid=row.price("BID PRICE"),
            offer_volume=row.whole("OFFER VOL."),
            offer=row.price("OFFER PRICE"),
            ldcp=row.price_or_none("LDCP"),
            change=row.number_or_none("CHANGE"),
            volume=row.whole("VOLUME"),
        )
        for row in found
    ]
    dated.once(page, (row.symbol for row in rows), "SYMBOL")
    return rows


def trading_panel(page: Page) -> Sequence[Row]:
    """The exchange's totals: one row, with the day and time that stand in it."""
    found = tables.table(page, headers=_PANEL)
    if len(found) != 1:
        found[1].broken("the totals have more than one row")
    return [_totals(page, found[0])]


def _totals(page: Page, row: RowOf) -> Totals:
    advance, decline, unchanged, total = (
        row.whole(name) for name in ("Advance", "Decline", "Unchanged", "Total")
    )
    if advance + decline + unchanged != total:
        row.broken(f"{advance} + {decline} + {unchanged} are not {total}", "Total")
    return Totals(
        as_of=dated.in_time(page, f"{row.text('Date')} {row.text('Time')}", column="Time", row=row.place),
        trades=row.whole("Total Trades"),
        advance=advance,
        decline=decline,
        unchanged=unchanged,
        total=total,
        volume=row.whole("Exchange Volume"),
        value=row.magnitude("Exchange Value"),
    )


def _board(page: Page) -> str:
    """Which board it is: "REG/main"; from the question, else from the address, else ""."""
    return page.asked.get("board") or "/".join(page.url.partition("?")[0].rstrip("/").split("/")[-2:])
