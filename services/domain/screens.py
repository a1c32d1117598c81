"""The published screens as data, and the values in which their findings travel: facts, a counter-fact, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

from services.domain.profiles import Currency, Market

ScreenName = Literal[
    "volume", "momentum", "near_high", "near_low", "dividend", "cheap", "foreign", "announcement"
]
SCREEN_NAMES: tuple[ScreenName, ...] = get_args(ScreenName)
Reason = Literal["suspended", "illiquid", "limit_locked"]
FigureUnit = Literal[
    "fraction", "move", "PKR", "crore", "USD", "large USD", "x", "USD mn", "count", "date", "sector", "text"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen's criteria as limits by name; the sentence ``opportunities.criteria.<name>`` publishes each of them."""

    name: ScreenName
    limits: Mapping[str, Decimal]


SCREENS: tuple[Screen, ...] = (
    Screen("volume", {"ratio": Decimal(2)}),
    Screen("announcement", {"days": Decimal(7)}),
    Screen("momentum", {"six": Decimal("0.15"), "one": Decimal(0)}),
    Screen("dividend", {"yield": Decimal("0.06")}),
    Screen("cheap", {"share": Decimal("0.7"), "peers": Decimal(4)}),
    Screen("near_high", {"within": Decimal("0.03")}),
    Screen("foreign", {"net": Decimal("0.05")}),
    Screen("near_low", {"within": Decimal("0.05")}),
)
"""Fractions, times, USD million and calendar days; in the order in which screens take turns in the top three."""

LIMIT_MOVE = Decimal("0.10")
"""PSX's daily limit on a share: 10 % of LDCP or Re 1, whichever is larger (PSX.md 4.2)."""
LIMIT_RUPEE = Decimal(1)
TICK = Decimal("0.01")


def screen_of(name: ScreenName) -> Screen:
    """The screen of that name."""
    return next(screen for screen in SCREENS if screen.name == name)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a line. Only ``value``, ``day`` or ``text`` is set, as ``unit`` says; "move" is a signed fraction."""

    unit: FigureUnit
    value: Decimal | None = None
    day: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A fact in words to come: the sentence ``opportunities.<key>`` and the figures that fill it."""

    key: str
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A share that a screen found: the facts that put it there and the one that speaks against reading much into it.

    ``score`` orders a screen's finds, highest first, and has no meaning outside it. ``also`` names other screens
    that found the same share.
    """

    screen: ScreenName
    symbol: str
    name: str
    sector_code: str
    sector: str
    shariah: bool
    score: float
    facts: tuple[Line, ...]
    counter: Line
    also: tuple[ScreenName, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """A share no screen may show, with the figure that says why (day's move, or money traded)."""

    symbol: str
    reason: Reason
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Screening:
    """All screens on one book. ``unmeasured`` are shares without any price history here; they were not screened."""

    day: date
    as_of: datetime
    label: str
    sample: bool
    version: str
    found: Mapping[ScreenName, tuple[Candidate, ...]]
    excluded: tuple[Excluded, ...]
    screened: int
    unmeasured: int
    currency: Currency = "PKR"
    market: Market = "psx"


@dataclass(frozen=True, slots=True)
class Outline:
    """One share's year for a small chart: adjusted closes and 52-week marks in its market's money, volumes in today's shares."""

    symbol: str
    name: str
    label: str
    days: tuple[date, ...]
    closes: tuple[float, ...]
    volumes: tuple[int, ...]
    high: float | None
    low: float | None
    market: Market = "psx"


def fraction(value: float | Decimal) -> Figure:
    """A share of something, 0.05 = 5 %."""
    return Figure("fraction", _decimal(value))


def move(value: float | Decimal) -> Figure:
    """A signed change, 0.05 = +5 %."""
    return Figure("move", _decimal(value))


def price(value: float | Decimal, currency: Currency) -> Figure:
    """A price of one share."""
    return Figure(currency, _decimal(value))


def large(value: float | Decimal, currency: Currency) -> Figure:
    """A large amount, said in crore if it is rupees."""
    return Figure("crore" if currency == "PKR" else "large USD", _decimal(value))


def called(name: str) -> Figure:
    """A name."""
    return Figure("text", text=name)


def times(value: float | Decimal) -> Figure:
    """A ratio."""
    return Figure("x", _decimal(value))


def count(value: int) -> Figure:
    """A number of things."""
    return Figure("count", Decimal(value))


def dollars(value: Decimal) -> Figure:
    """USD million."""
    return Figure("USD mn", value)


def on(value: date) -> Figure:
    """A day."""
    return Figure("date", day=value)


def words(value: str) -> Figure:
    """A name or a title."""
    return Figure("text", text=value)


def _decimal(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def screen_named(asked: str) -> ScreenName | None:
    """The screen of that name; None if there is none. Other words for it are the understanding's business."""
    return next((name for name in SCREEN_NAMES if name == asked), None)
