"""Rows that only the Pakistan Stock Exchange's portal publishes, as ``services.domain.rows`` are for all: frozen, as published."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Depth:
    """The best bid and offer of a symbol on a trading board ("REG/main"). Volumes in shares, prices Rs; 0 where nobody bids."""

    board: str
    symbol: str
    day: date
    name: str
    bid_volume: int
    bid: float
    offer_volume: int
    offer: float
    ldcp: float | None
    change: float | None
    volume: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole exchange's dealing so far that day: number of trades, symbols by direction, shares, Rs."""

    as_of: datetime
    trades: int
    advance: int
    decline: int
    unchanged: int
    total: int
    volume: int
    value: float


@dataclass(frozen=True, slots=True)
class Breadth:
    """How the day's trading divides by direction ("ADV", "DEC", "UN-CHG", "ZERO-VOL"), as a fraction of 1."""

    name: str
    day: date
    fraction: float


@dataclass(frozen=True, slots=True)
class Leader:
    """A place among the ten of most volume (shares); ``place`` 1 is the first. ``code`` is a symbol or a sector's code."""

    board: Literal["symbols", "sectors"]
    place: int
    code: str
    day: date
    name: str
    volume: int
