"""The requests to FMP for a moment and the symbols wanted: which address, which day, how many symbols in one."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from services.domain.new_york import NEW_YORK
from services.domain.profiles import US
from services.domain.rows_us import Board
from services.domain.sourcing import Question
from services.domain.trading_calendar import TradingCalendar
from services.sources.fmp.answers import SYMBOL
from services.sources.fmp.codes import INDEX_CODES
from services.sources.fmp.plans import Plan

Ask = Callable[[datetime, Sequence[str]], Sequence[Question]]

BATCH = 50
HISTORY = timedelta(days=400)
"""A year of sessions and a month: what a 52-week range and a 200-day average need."""
BEHIND, AHEAD = timedelta(days=7), timedelta(days=14)
EXCHANGES = ("NYSE", "NASDAQ")
_BOARDS: tuple[tuple[Board, str], ...] = (
    ("gainers", "/biggest-gainers"),
    ("losers", "/biggest-losers"),
    ("actives", "/most-actives"),
)


def wanted(plan: Plan, symbols: Sequence[str]) -> list[str]:
    """The eleven sector funds, then as many of the symbols wanted as the plan allows; what is no symbol never gets out."""
    sound = [symbol for symbol in symbols if SYMBOL.fullmatch(symbol) and symbol not in US.indices]
    return list(dict.fromkeys((*US.sectors, *sound[: plan.most])))


def quotes(plan: Plan) -> Ask:
    """Quotes of the sector funds and of the symbols wanted."""
    return lambda _moment, symbols: _quoted(plan, wanted(plan, symbols))


def indices(plan: Plan) -> Ask:
    """Levels of the five indices."""
    return lambda _moment, _symbols: _quoted(plan, list(INDEX_CODES))


def _quoted(plan: Plan, symbols: Sequence[str]) -> list[Question]:
    if not plan.batch:
        return [Question("/quote", {"symbol": symbol}, asked={"symbols": symbol}) for symbol in symbols]
    parts = [",".join(symbols[start : start + BATCH]) for start in range(0, len(symbols), BATCH)]
    return [Question("/batch-quote", {"symbols": part}, asked={"symbols": part}) for part in parts]


def movers(_moment: datetime, _symbols: Sequence[str]) -> list[Question]:
    """The three lists."""
    return [Question(path, asked={"board": board}) for board, path in _BOARDS]


def sectors(moment: datetime, _symbols: Sequence[str]) -> list[Question]:
    """The newest session that is over, of both exchanges."""
    day = TradingCalendar("us").last_closed(moment).isoformat()
    return [
        Question("/sector-performance-snapshot", {"date": day, "exchange": name}, asked={"day": day})
        for name in EXCHANGES
    ]


def bars(plan: Plan) -> Ask:
    """A year and a month of each symbol, as traded; of the indices, which are not split, as they come."""

    def ask(moment: datetime, symbols: Sequence[str]) -> list[Question]:
        last = moment.astimezone(NEW_YORK).date()
        days = {"from": (last - HISTORY).isoformat(), "to": last.isoformat()}
        shares = [("non-split-adjusted", symbol) for symbol in wanted(plan, symbols)]
        return [
            Question(
                f"/historical-price-eod/{form}", {"symbol": symbol, **days}, asked={"symbol": symbol, **days}
            )
            for form, symbol in [*(("full", code) for code in INDEX_CODES), *shares]
        ]

    return ask


def splits(plan: Plan) -> Ask:
    """Splits of each symbol, past and announced."""
    return lambda _moment, symbols: [_of("/splits", symbol) for symbol in wanted(plan, symbols)]


def symbols(plan: Plan) -> Ask:
    """Names and sectors, a profile for each symbol."""
    return lambda _moment, names: [_of("/profile", symbol) for symbol in wanted(plan, names)]


def _of(path: str, symbol: str) -> Question:
    return Question(path, {"symbol": symbol}, asked={"symbol": symbol})


def calendar(moment: datetime, _symbols: Sequence[str]) -> list[Question]:
    """A week back, for the figures that came in, and two ahead."""
    day = moment.astimezone(NEW_YORK).date()
    days = {"from": (day - BEHIND).isoformat(), "to": (day + AHEAD).isoformat()}
    return [Question("/economic-calendar", days, asked=days)]
