"""The kinds of rows that are kept of the market, what names a row among its kind, and rows as they are stored together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Literal

from services.domain.rows import (
    ActionRow,
    Bar,
    BasketRow,
    Company,
    Constituent,
    EventRow,
    FlowRow,
    FxRow,
    HoldingRow,
    HolidayRow,
    IndexRow,
    NavRow,
    NewsRow,
    Notice,
    PayoutRow,
    RateRow,
    Screened,
    Sector,
    Symbol,
    Tick,
    Watch,
)  # fmt: skip
from services.domain.rows_psx import Breadth, Depth, Leader, Totals
from services.domain.rows_us import Mover, SectorMove

Status = Literal["live", "delayed", "stale", "imported", "sample", "missing"]
"""How a fact stands: fresh from its source, late by its source's rule, too old, from a file, the frozen day, not there."""

Kind = Literal[
    "bars", "watch", "indices", "constituents", "symbols", "sectors", "screener", "ticks", "announcements", "payouts",
    "companies", "baskets", "fx", "rates", "flows", "navs", "holdings", "news", "holidays", "events", "actions",
    "movers", "sector_moves", "depth", "totals", "breadth", "leaders",
]  # fmt: skip


Row = (
    Bar | Watch | IndexRow | Constituent | Symbol | Sector | Screened | Tick | Notice | PayoutRow | Company | BasketRow
    | FxRow | RateRow | FlowRow | NavRow | HoldingRow | NewsRow | HolidayRow | EventRow | ActionRow
    | Mover | SectorMove | Depth | Totals | Breadth | Leader
)  # fmt: skip

ROWS: Mapping[Kind, type[Row]] = {
    "bars": Bar, "watch": Watch, "indices": IndexRow, "constituents": Constituent, "symbols": Symbol, "sectors": Sector,
    "screener": Screened, "ticks": Tick, "announcements": Notice, "payouts": PayoutRow, "companies": Company,
    "baskets": BasketRow, "fx": FxRow, "rates": RateRow, "flows": FlowRow, "navs": NavRow, "holdings": HoldingRow,
    "news": NewsRow, "holidays": HolidayRow, "events": EventRow, "actions": ActionRow, "movers": Mover, "sector_moves": SectorMove,
    "depth": Depth, "totals": Totals, "breadth": Breadth, "leaders": Leader,
}  # fmt: skip

KEYS: Mapping[Kind, tuple[str, ...]] = {
    "bars": ("symbol", "day"), "watch": ("symbol", "day"), "indices": ("code", "as_of"),
    "constituents": ("index", "symbol", "day"), "symbols": ("symbol", "day"), "sectors": ("code", "day"),
    "screener": ("symbol", "day"), "ticks": ("symbol", "at", "price", "volume"), "announcements": ("id",),
    "payouts": ("symbol", "announced", "text"), "companies": ("symbol", "as_of"), "baskets": ("fund", "day", "symbol"),
    "fx": ("currency", "day"), "rates": ("name", "day"), "flows": ("day", "side", "investor", "sector"),
    "navs": ("fund", "day", "part"), "holdings": ("fund", "day", "symbol"), "news": ("id",), "holidays": ("day",),
    "events": ("id",), "actions": ("symbol", "ex_date", "kind"), "movers": ("board", "place", "day"),
    "sector_moves": ("code", "exchange", "day"), "depth": ("board", "symbol", "day"), "totals": ("as_of",),
    "breadth": ("name", "day"), "leaders": ("board", "place", "day"),
}  # fmt: skip
"""The fields that name a row: the same key again replaces it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one kind from one source, as they are stored. ``origin`` is the hash of the raw bytes they came from."""

    kind: Kind
    rows: Sequence[Row]
    as_of: datetime
    source: str
    status: Status
    origin: str


def day_of(row: Row) -> date:
    """The day by which a row is filed."""
    for name in ("day", "ex_date"):
        found = getattr(row, name, None)
        if isinstance(found, date):
            return found
    moment: datetime = getattr(row, "at", None) or row.as_of  # type: ignore[union-attr]  # every row has one of the four
    return moment.date()


def days_of(rows: Sequence[Row]) -> list[date]:
    """``day_of`` of each row; a third of its time where all are of one kind that knows its day, as bars are."""
    kinds = set(map(type, rows))
    name = _day_field(kinds.pop()) if len(kinds) == 1 else ""
    return list(map(attrgetter(name), rows)) if name else list(map(day_of, rows))


@cache
def _day_field(kind: type[Row]) -> str:
    """The field that always holds the day by which a row is filed; "" if that must be looked at row by row."""
    first = next((field for name in ("day", "ex_date") for field in fields(kind) if field.name == name), None)
    return first.name if first is not None and first.type is date else ""


def key_of(kind: Kind, row: Row) -> tuple[object, ...]:
    """What names a row among those of its kind."""
    return tuple(getattr(row, name) for name in KEYS[kind])


def keys_of(kind: Kind, rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """``key_of`` of each row, at a fifth of its time."""
    return list(zip(*(map(attrgetter(name), rows) for name in KEYS[kind]), strict=True))
