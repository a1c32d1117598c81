"""The frame of an American book: its rows, its day, the time and standing of its figures, its index levels; pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.domain.errors import NotAvailable
from services.domain.freshness import status_of
from services.domain.market import Fact, IndexLevel, Unit
from services.domain.profiles import US
from services.domain.records import Status
from services.domain.rows import ActionRow, Bar, EventRow, IndexRow, Symbol, Watch
from services.domain.rows_us import Mover
from services.domain.trading_calendar import TradingCalendar


@dataclass(frozen=True, slots=True)
class UsRows:
    """What a book is made of, in any order and of any days; the newest of each is taken."""

    quotes: Sequence[Watch] = ()
    indices: Sequence[IndexRow] = ()
    bars: Sequence[Bar] = ()
    movers: Sequence[Mover] = ()
    events: Sequence[EventRow] = ()
    symbols: Sequence[Symbol] = ()
    actions: Sequence[ActionRow] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """A book's day, the time of its figures, and how they stand."""

    day: date
    at: datetime
    status: Status
    source: str

    def fact(self, name: str, value: float, unit: Unit) -> Fact:
        """A figure of the day; its id is ``name:day`` and its entity the name's second word."""
        exact = Decimal(str(value))
        return Fact(f"{name}:{self.day}", exact, unit, name.split(":")[1], self.at, self.source, self.status)


def desk_of(rows: UsRows, now: datetime, status: Status, source: str, calendar: TradingCalendar) -> Desk:
    """The newest day of the headline index, at the time of its level, or at the close where only its bar is known."""
    today = calendar.today(now)
    levels = [row.as_of for row in rows.indices if row.code == US.headline and row.as_of <= now]
    closes = [bar.day for bar in rows.bars if bar.symbol == US.headline and bar.day <= today]
    newest = max(levels, default=None)
    day = max([*closes, *([newest.astimezone(US.zone).date()] if newest else [])], default=None)
    if day is None:
        raise NotAvailable("no level of the S&P 500 is known: marketbyte refresh fmp", what="S&P 500")
    at = min(now, calendar.closes_at(day))
    if newest is not None and newest.astimezone(US.zone).date() == day:
        at = newest
    at = at.astimezone(US.zone)
    return Desk(day, at, status_of("indices", at, now, calendar, status), source)


def histories_of(rows: UsRows, day: date) -> dict[str, list[Bar]]:
    """Bars up to the day by symbol, oldest first, one a day."""
    found: defaultdict[str, dict[date, Bar]] = defaultdict(dict)
    for bar in rows.bars:
        if bar.day <= day:
            found[bar.symbol][bar.day] = bar
    return {symbol: [own[at] for at in sorted(own)] for symbol, own in found.items()}


def levels(rows: UsRows, histories: Mapping[str, list[Bar]], desk: Desk) -> dict[str, IndexLevel]:
    """Levels of the day: as published, else the bar's close against the close before it; in the profile's order."""
    newest: dict[str, tuple[datetime, float, float]] = {}
    for row in sorted(rows.indices, key=lambda each: each.as_of):
        if row.as_of.astimezone(US.zone).date() == desk.day:
            newest[row.code] = (row.as_of, row.current, row.change)
    for code in US.indices:
        bars = histories.get(code, [])
        if code not in newest and len(bars) > 1 and bars[-1].day == desk.day:
            newest[code] = (desk.at, bars[-1].close, round(bars[-1].close - bars[-2].close, 4))
    return {code: _level(code, *newest[code], desk) for code in US.indices if code in newest}


def _level(code: str, at: datetime, level: float, change: float, desk: Desk) -> IndexLevel:
    own = Desk(desk.day, at.astimezone(US.zone), desk.status, desk.source)
    return IndexLevel(
        code,
        own.fact(f"level:{code}", level, "index points"),
        own.fact(f"change:{code}", change, "index points"),
    )


def index_series(rows: UsRows, histories: Mapping[str, list[Bar]], day: date) -> dict[str, dict[date, float]]:
    """Closes by index and day up to the day, the newest published level in its place."""
    found = {
        code: {bar.day: bar.close for bar in histories[code]} for code in US.indices if code in histories
    }
    for row in sorted(rows.indices, key=lambda each: each.as_of):
        own = row.as_of.astimezone(US.zone).date()
        if own <= day:
            found.setdefault(row.code, {})[own] = row.current
    return found
