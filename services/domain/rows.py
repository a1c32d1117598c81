"""What sources publish, as typed rows: one frozen value a row, numbers as published, ``None`` for what is missing.

Parsers and imports end in these. Prices: Rs a share, unadjusted; volumes: shares; 1.5 percent: 1.5; published text: ``str(x)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Bar:
    """One session of one symbol. Open, high, low are None where the source has only a close. ``ldcp`` if published."""

    symbol: str
    day: date
    open: float | None
    high: float | None
    low: float | None
    close: float
    volume: int
    ldcp: float | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """A row of the market watch. ``marks`` are the tags beside the ticker (XD, XB, XR, NC)."""

    symbol: str
    day: date
    name: str
    sector_code: str
    listed_in: tuple[str, ...]
    marks: tuple[str, ...]
    ldcp: float
    open: float
    high: float
    low: float
    current: float
    change: float
    change_pct: float
    volume: int


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An index's level. The day and time are those the page shows for it, not the fetch's."""

    code: str
    as_of: datetime
    high: float | None
    low: float | None
    current: float
    change: float
    change_pct: float


@dataclass(frozen=True, slots=True)
class Constituent:
    """A share in an index: weight in %, points it gave, float and capitalisation in millions (shares, Rs)."""

    index: str
    symbol: str
    day: date
    name: str
    ldcp: float | None
    current: float | None
    change: float | None
    change_pct: float | None
    weight_pct: float | None
    points: float | None
    volume: int | None
    free_float_mn: float | None
    shares_mn: float | None
    market_cap_mn: float | None


@dataclass(frozen=True, slots=True)
class Symbol:
    """A listed instrument. ``sector`` is the exchange's name for it, "" if none is given."""

    symbol: str
    day: date
    name: str
    sector: str
    is_etf: bool = False
    is_debt: bool = False
    is_gem: bool = False


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector's day. Turnover in shares, capitalisation in Rs billion."""

    code: str
    day: date
    name: str
    advance: int
    decline: int
    unchanged: int
    turnover: int
    market_cap_bn: float | None


@dataclass(frozen=True, slots=True)
class Screened:
    """A row of the screener. ``market_cap`` in Rs, ``free_float`` and ``volume30`` in shares."""

    symbol: str
    day: date
    sector_code: str
    listed_in: tuple[str, ...]
    marks: tuple[str, ...]
    market_cap: float | None
    price: float | None
    change_pct: float | None
    year_change_pct: float | None
    pe: float | None
    dividend_yield_pct: float | None
    free_float: float | None
    volume30: float | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A trade, or the closing print of volume 0."""

    symbol: str
    at: datetime
    price: float
    volume: int


@dataclass(frozen=True, slots=True)
class Notice:
    """An announcement as the exchange lists it. ``symbol`` is "" for the exchange's own. ``link`` is a path or URL."""

    id: str
    at: datetime
    symbol: str
    name: str
    title: str
    link: str
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout in the exchange's shorthand. Percent is of face value; ``premium`` in Rs a share (rights)."""

    symbol: str
    day: date
    announced: datetime
    text: str
    kind: Literal["dividend", "bonus", "right", "other"]
    percent: float | None
    final: bool | None
    premium: float | None
    closure_from: date | None
    closure_to: date | None
    name: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """A company's page. ``figures`` are the regular market's labelled numbers, by the label as shown."""

    symbol: str
    as_of: datetime
    name: str
    sector: str
    price: float
    ldcp: float | None
    change: float | None
    figures: Mapping[str, str] = field(default_factory=dict)
    market_cap: float | None = None
    shares: float | None = None
    free_float: float | None = None


@dataclass(frozen=True, slots=True)
class BasketRow:
    """A constituent of an ETF: shares in one creation unit."""

    fund: str
    day: date
    symbol: str
    name: str
    shares: float


@dataclass(frozen=True, slots=True)
class FxRow:
    """A currency's mark-to-market rate, Rs for one unit, READY; later tenors by name ("1-WEEK")."""

    currency: str
    day: date
    ready: float
    tenors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate or index of the economy by our name for it (policy_rate, kibor_6m, pkrv_6M, cpi_index, cpi_yoy …)."""

    name: str
    day: date
    value: float
    unit: Literal["%", "index points", "PKR per USD", "USD mn", "PKR mn"]


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One day's dealing of one class of investors in one sector ("All" = whole market), USD million; sells negative."""

    day: date
    side: Literal["FIPI", "LIPI"]
    investor: str
    sector: str
    net: float
    buy: float | None = None
    sell: float | None = None


@dataclass(frozen=True, slots=True)
class NavRow:
    """A fund's value of one unit, Rs, and its published returns in % by period ("1D", "MTD", "YTD", "365D")."""

    fund: str
    day: date
    sector: str
    category: str
    nav: float | None
    rating: str = ""
    benchmark: str = ""
    returns: Mapping[str, float] = field(default_factory=dict)
    offer: float | None = None
    repurchase: float | None = None
    expense_ratio_pct: float | None = None
    part: Literal["", "prices", "fund"] = ""  # the table it is from; ``fund_values`` joins them


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """A fund's disclosed holding: weight as a fraction of the fund (0.05 = 5 %)."""

    fund: str
    day: date
    symbol: str
    weight: float


@dataclass(frozen=True, slots=True)
class NewsRow:
    """A headline with its link and nothing more of the article. ``symbols`` are those it is certainly about."""

    id: str
    at: datetime
    title: str
    link: str
    publisher: str
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A day without a session, by a notice or by the operator. ``tentative``: it depends on the moon."""

    day: date
    name: str
    tentative: bool = False


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something due: an economic release, a policy meeting, a result. Figures as published."""

    id: str
    at: datetime
    country: str
    title: str
    importance: str = ""
    actual: float | None = None
    forecast: float | None = None
    previous: float | None = None
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A split, bonus, right or cash dividend with its ex-date. ``factor``: multiply earlier closes by it (1 = none)."""

    symbol: str
    ex_date: date
    kind: Literal["split", "bonus", "right", "dividend"]
    factor: float
    cash: float = 0.0
    note: str = ""
