"""FMP's lists of the day: movers (gainers, losers, most active) and the sectors' average changes.

``biggest-gainers``, ``biggest-losers``, ``most-actives``: up to fifty of ``{symbol, price, name, change, changesPercentage,
exchange}``, without any date. ``sector-performance-snapshot?date=``: ``{date, sector, exchange, averageChange}`` in percent.
"""

from collections.abc import Sequence
from typing import get_args

from services.domain.errors import BrokenPage
from services.domain.profiles import US
from services.domain.rows_us import Board, Mover, SectorMove
from services.domain.sourcing import Page
from services.domain.trading_calendar import TradingCalendar
from services.sources.fmp.answers import Row, once, rows

MOST_MOVERS = 500
MOST_SECTORS = 500
_MOVER = ("symbol", "price", "name", "change", "changesPercentage")
_SECTOR = ("date", "sector", "exchange", "averageChange")


def read_movers(page: Page) -> Sequence[Mover]:
    """A list of movers, in its order. Its day is the newest session that had begun when it was fetched."""
    board = next((each for each in get_args(Board) if each == page.asked.get("board")), None)
    if board is None:
        raise BrokenPage("the question did not say which list it is (asked: board)", page=page.name)
    found = rows(page, needed=_MOVER, most=MOST_MOVERS)
    once(page, [row.symbol() for row in found], "symbol")
    day = TradingCalendar("us").last_opened(page.fetched_at)
    return [
        Mover(
            board=board,
            place=place,
            symbol=row.symbol(),
            day=day,
            name=row.text_or_none("name"),
            exchange=row.text_or_none("exchange"),
            price=row.price("price"),
            change=row.number("change"),
            change_pct=row.number("changesPercentage"),
        )
        for place, row in enumerate(found, start=1)
    ]


def read_sectors(page: Page) -> Sequence[SectorMove]:
    """The sectors' average changes, of one or several exchanges."""
    found = rows(page, needed=_SECTOR, most=MOST_SECTORS)
    moves = [_sector(row) for row in found]
    once(page, [(move.code, move.exchange, move.day) for move in moves], "sector")
    asked = page.asked.get("day", "")
    if asked and any(move.day.isoformat() != asked for move in moves):
        raise BrokenPage(f"not the day asked for, {asked}", page=page.name, column="date")
    return moves


def _sector(row: Row) -> SectorMove:
    code = US.sector_aliases.get(row.text("sector"))
    if code is None:
        raise row.broken("sector", "no sector of ours goes by that name")
    change = row.number("averageChange")
    if not -100 <= change <= 1000:
        raise row.broken("averageChange", "no sector moves that far in a day")
    return SectorMove(code, row.day("date"), US.sectors[code], row.text("exchange"), change)
