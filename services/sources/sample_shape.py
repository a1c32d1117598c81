"""The shape of the sample file, so that the reader and the checker know what stands where."""

from typing import Literal, TypedDict

from services.domain.market import Unit

PayoutKind = Literal["dividend", "bonus", "right", "other"]
NewsKind = Literal["payout", "result", "action", "index", "notice", "policy", "record"]


class Bars(TypedDict):
    """One symbol's daily bars, oldest first: date, open, high, low, close, volume."""

    d: list[str]
    o: list[float | None]
    h: list[float | None]
    l: list[float | None]  # noqa: E741 - the five letters under which bars are kept
    c: list[float]
    v: list[int]


class Screened(TypedDict):
    """A row of the exchange's screener; ``mark`` is XD, XB, XR, NC or nothing."""

    mark: str
    sector: str
    indices: list[str]
    price: float | None
    change: float | None
    pe: float | None
    yield_: float | None
    cap: float | None
    float_: float | None
    volume30: int


class FundRow(TypedDict):
    """A fund as MUFAP shows it; ``valid`` is the date the NAV is valid for."""

    name: str
    kind: Literal["etf", "mutual"]
    category: str
    shariah: bool
    annualised: bool
    nav: float | None
    valid: str
    returns: dict[str, float]


class EtfPage(TypedDict):
    """An ETF's own page: weights of the basket, fee as a fraction, closing price and value of one unit in Rs."""

    day: str
    weights: dict[str, float]
    fee: float | None
    close: float | None
    unit_value: float


class Document(TypedDict):
    """The whole file."""

    day: str
    sessions: list[str]
    bars: dict[str, Bars]
    sectors: dict[str, str]
    shares: dict[str, tuple[str, str, bool, list[str]]]
    quotes: dict[str, tuple[float, float, float, float, float, int]]
    screener: dict[str, Screened]
    adjustments: list[tuple[str, str, float, str, str]]
    indices: dict[str, tuple[float, float]]
    index_closes: dict[str, dict[str, float]]
    index_names: dict[str, str]
    funds: dict[str, FundRow]
    meezan_etf: EtfPage
    flow_day: str
    flows: list[tuple[Literal["FIPI", "LIPI"], str, str, float]]
    rates: list[tuple[str, float, Unit, str, str]]
    payouts: list[tuple[str, PayoutKind, str, str | None, str | None, float | None, str]]
    announcements: list[tuple[str, str, str, str, str, NewsKind]]
    events: list[tuple[str, str, str, str]]
    kse100_weights: dict[str, float]
    kse100_weights_day: str
    shariah_list_day: str
    aliases: dict[str, list[str]]
