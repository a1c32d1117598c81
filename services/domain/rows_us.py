"""Rows that only the American market's sources publish, as ``services.domain.rows`` are for all: frozen, as published."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Board = Literal["gainers", "losers", "actives"]


@dataclass(frozen=True, slots=True)
class Mover:
    """A place in a list of the day's movers; ``place`` 1 is the first. Price in USD, change in USD and in percent."""

    board: Board
    place: int
    symbol: str
    day: date
    name: str
    exchange: str
    price: float
    change: float
    change_pct: float


@dataclass(frozen=True, slots=True)
class SectorMove:
    """A sector's average change of one session over the shares of one exchange, in percent. ``code`` is its sector fund."""

    code: str
    day: date
    name: str
    exchange: str
    change_pct: float
