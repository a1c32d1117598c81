"""The small pages of the portal, each with what its reader must be asked."""

from collections.abc import Mapping

from services.domain.sourcing import Page
from tests.sources.asked import PAGES, came

FETCHED = "2026-10-14"
SMALL: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "market_watch.html": ("market_watch", {}),
    "indices.html": ("indices", {}),
    "index_constituents.html": ("index_constituents", {"index": "KSE100"}),
    "index_constituents_allshr.html": ("index_constituents", {}),
    "eod.json": ("eod", {"symbol": "HBL"}),
    "intraday.json": ("intraday", {"symbol": "HBL"}),
    "historical.html": ("historical", {"symbol": "MAHR"}),
    "sector_summary.html": ("sector_summary", {}),
    "screener.html": ("screener", {}),
    "announcements.html": ("announcements", {}),
    "announcements_rows.html": ("announcements", {}),
    "notices_rows.html": ("announcements", {}),
    "payouts.html": ("payouts", {}),
    "payouts_rows.html": ("payouts", {}),
    "company_payouts.html": ("company_payouts", {"symbol": "QALB"}),
    "company.html": ("company", {"symbol": "MAHR"}),
    "etf.html": ("etf", {}),
    "symbols.json": ("symbols", {}),
    "trading_board.html": ("trading_board", {"board": "REG/main"}),
    "trading_board_debt.html": ("trading_board", {"board": "BNB/bnb"}),
    "trading_panel.html": ("trading_panel", {}),
    "symbol_position.json": ("symbol_position", {}),
    "top_symbols.json": ("top_symbols", {}),
    "top_sectors.json": ("top_sectors", {}),
    "market_summary.txt": ("market_summary", {}),
}
"""File to its page's name and what was asked."""


def small(file: str, body: bytes | str | None = None) -> Page:
    """The small page of that file, or other bytes in its place."""
    name, asked = SMALL[file]
    return came(
        f"psx.{name}", (PAGES / "psx" / file).read_bytes() if body is None else body, FETCHED, **asked
    )


def text(file: str) -> str:
    return (PAGES / "psx" / file).read_bytes().decode()
