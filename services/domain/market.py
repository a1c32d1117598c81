"""The market as facts: every figure with its unit, the thing it is about, its time and its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from services.domain.freshness import Freshness
from services.domain.profiles import Profile, profile
from services.domain.records import Status

Unit = Literal[
    "PKR",
    "USD",
    "index points",
    "%",
    "fraction",
    "shares",
    "USD mn",
    "PKR mn",
    "PKR per USD",
    "x",
    "count",
    "days",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure we can trace. ``id`` is stable ("price:MEBL:2026-08-20"); ``as_of`` is aware.

    ``entity`` is a symbol, a fund code, an index code, a sector name or "PK" for the economy.
    """

    id: str
    value: Decimal
    unit: Unit
    entity: str
    as_of: datetime
    source: str
    status: Status = "sample"


@dataclass(frozen=True, slots=True)
class Share:
    """A listed share. ``shariah`` is membership of the PSX-KMI All Share list, never a ruling of ours.

    ``fund``: it is traded as a share and is a fund, of which nothing but its price is known.
    """

    symbol: str
    name: str
    sector_code: str
    sector: str
    shariah: bool
    indices: frozenset[str] = frozenset()
    fund: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A day's trading of one share, Rs per share. ``ldcp`` is the exchange's reference for the day's change.

    ``ldcp`` is lowered by PSX on ex-dates, so ``price / ldcp - 1`` is the published change, not the change on
    yesterday's close. Open, high and low are None where the source has only a close.
    """

    symbol: str
    price: Fact
    ldcp: Fact
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    volume: Fact

    @property
    def change(self) -> Decimal:
        """Day's change in Rs against LDCP."""
        return self.price.value - self.ldcp.value

    @property
    def change_fraction(self) -> Decimal:
        """Day's change against LDCP as a fraction (0.01 = 1 %)."""
        return self.price.value / self.ldcp.value - 1


@dataclass(frozen=True, slots=True)
class IndexLevel:
    """An index at the close: level and change in points. ``change_fraction`` is against the previous close."""

    code: str
    level: Fact
    change: Fact

    @property
    def change_fraction(self) -> Decimal:
        return self.change.value / (self.level.value - self.change.value)


@dataclass(frozen=True, slots=True)
class Series:
    """Daily bars of one symbol, oldest first, **unadjusted**; parallel tuples. ``None`` = no trade that session.

    Open/high/low may be ``None`` where the source had only a close. Prices in Rs, volume in shares.
    """

    days: tuple[date, ...]
    open: tuple[float | None, ...]
    high: tuple[float | None, ...]
    low: tuple[float | None, ...]
    close: tuple[float, ...]
    volume: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A split, bonus or right that lowered the price by ``factor`` (multiply earlier closes by it) on ``ex_date``."""

    symbol: str
    ex_date: date
    factor: float
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Basket:
    """The disclosed constituents of a fund or an index: fractions of the fund by symbol, summing to at most 1."""

    weights: Mapping[str, Decimal]
    as_of: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Fund:
    """A mutual fund, ETF or index basket. ``basket`` is None where the holdings are not disclosed to us.

    ``fee`` is a yearly charge (total expense ratio or management fee) as a fraction; ``fee_kind`` says which.
    ``returns`` by period label ("1D", "MTD", "YTD", "365D") in percent as published; money-market funds
    publish them annualised (``annualised``), equity funds absolute: never rank the two together.
    """

    code: str
    name: str
    kind: Literal["etf", "mutual", "index"]
    category: str
    shariah: bool
    nav: Fact | None = None
    basket: Basket | None = None
    fee: Fact | None = None
    fee_kind: str = ""
    returns: Mapping[str, Fact] = field(default_factory=dict)
    annualised: bool = False
    price_symbol: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """One day's net buying of one class of investors in one sector ("All" = whole market), USD million."""

    side: Literal["FIPI", "LIPI"]
    investor: str
    sector: str
    net: Fact


@dataclass(frozen=True, slots=True)
class Payout:
    """A dividend, bonus or right of a share. ``dividend`` is Rs per share where it is known, else None.

    ``text`` is the exchange's shorthand ("250%(F) (D)").
    """

    symbol: str
    kind: Literal["dividend", "bonus", "right", "other"]
    text: str
    announced: date | None
    ex_date: date | None
    dividend: Fact | None
    source: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """A dated fact with a title of ours, derived from a real record; ``symbol`` is "" for the whole market."""

    id: str
    day: date
    symbol: str
    title: str
    source: str
    kind: Literal["payout", "result", "action", "index", "notice", "policy", "record"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something due: an ex-date, a policy meeting, an index review."""

    day: date
    symbol: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Fundamentals:
    """Ratios of a share as the screener shows them; None = not published.

    ``price`` and ``change`` (published day's change in %) are there for shares without a full ``Quote`` too;
    ``usual_volume`` is the screener's 30-day average of shares a day.
    """

    pe: Fact | None = None
    dividend_yield: Fact | None = None
    market_cap: Fact | None = None
    free_float: Fact | None = None
    price: Fact | None = None
    change: Fact | None = None
    usual_volume: Fact | None = None


@dataclass(frozen=True, slots=True)
class MarketBook:
    """Everything known of one market on one frozen day; immutable, shared by all users, held in memory.

    ``label`` is what messages must say of it ("sample data, 20 Aug 2026"); ``version`` changes whenever a figure
    does, so that it can stand in cache keys. ``index_series`` holds closes by index code (gaps stay gaps).
    ``rates`` holds facts by name: "policy_rate", "USD", "cpi_yoy", "cpi_index", "kibor_6m", …
    ``kse100_weights`` is the published weight of each constituent. ``stale`` is what is older than its kind may be;
    ``told_until`` is the day up to which announcements and rates are told, where that is behind the day of the prices.
    """

    market: Literal["psx", "us"]
    day: date
    closed_at: datetime
    label: str
    version: str
    sample: bool
    sessions: tuple[date, ...]
    shares: Mapping[str, Share]
    quotes: Mapping[str, Quote]
    series: Mapping[str, Series]
    adjustments: Mapping[str, tuple[Adjustment, ...]]
    fundamentals: Mapping[str, Fundamentals]
    indices: Mapping[str, IndexLevel]
    index_series: Mapping[str, Mapping[date, float]]
    index_names: Mapping[str, str]
    funds: Mapping[str, Fund]
    flows: tuple[Flow, ...]
    rates: Mapping[str, Fact]
    payouts: tuple[Payout, ...]
    announcements: tuple[Announcement, ...]
    events: tuple[Event, ...]
    kse100_weights: Basket
    shariah_list_date: date
    aliases: Mapping[str, tuple[str, ...]]
    stale: tuple[Freshness, ...] = ()
    told_until: date | None = None

    @property
    def news_day(self) -> date:
        """The day of the newest thing that could be told: on a Monday morning prices are Friday's, news are Monday's."""
        return max(self.day, self.told_until or self.day)

    @property
    def profile(self) -> Profile:
        """The market as data: its currency, zone, headline index, sectors."""
        return profile(self.market)

    def is_sector_fund(self, symbol: str) -> bool:
        """Whether what stands among the shares is the fund of a sector."""
        market = self.profile
        return market.sector_etfs and symbol in market.sectors

    def is_fund(self, symbol: str) -> bool:
        """Whether what stands among the shares is a fund, a sector's or another."""
        share = self.shares.get(symbol)
        return self.is_sector_fund(symbol) or (share is not None and share.fund)
