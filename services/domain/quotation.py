"""One instrument on one day, all that is known of it gathered for showing: a share, an index or a fund."""

import statistics
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.domain.errors import UnknownName
from services.domain.indicators import WEEKS_52, adjusted_closes, adjusted_volumes
from services.domain.market import Fact, Fund, Fundamentals, IndexLevel, MarketBook, Share, Unit
from services.domain.records import Status

USUAL_SESSIONS = 20
"""The usual volume is the median of this many sessions before the day."""
_COMPUTED = "computed from {} end of day, split-adjusted"


@dataclass(frozen=True, slots=True)
class Span:
    """A lowest and a highest figure over a stretch of time."""

    low: Fact
    high: Fact


@dataclass(frozen=True, slots=True)
class ShareLook:
    """A share's day. ``ldcp``, ``volume`` and the day's range are None where only the screener's price is known.

    ``change`` is Rs against LDCP, ``move`` the same as a fraction; ``usual_volume`` the median of 20 sessions;
    ``year`` the 52-week range of day lows and highs on today's footing.
    """

    share: Share
    price: Fact | None
    ldcp: Fact | None
    move: Fact | None
    day_range: tuple[Decimal, Decimal] | None
    volume: Fact | None
    usual_volume: Fact | None
    year: Span | None
    fundamentals: Fundamentals

    @property
    def change(self) -> Decimal | None:
        return self.price.value - self.ldcp.value if self.price and self.ldcp else None

    @property
    def volume_times(self) -> Decimal | None:
        """The day's volume as a multiple of the usual one."""
        if self.volume is None or self.usual_volume is None or self.usual_volume.value <= 0:
            return None
        return self.volume.value / self.usual_volume.value


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many shares rose, fell and stood still, by the exchange's published changes."""

    up: int
    down: int
    flat: int

    @property
    def total(self) -> int:
        return self.up + self.down + self.flat


@dataclass(frozen=True, slots=True)
class IndexLook:
    """An index's day. ``year`` is the 52-week range of its closes, None without a year of history."""

    name: str
    level: IndexLevel
    move: Fact
    year: Span | None
    breadth: Breadth | None


@dataclass(frozen=True, slots=True)
class FundLook:
    """A fund: its NAV with its own date, and an exchange-traded one's last price where it is known."""

    fund: Fund
    price: Fact | None


Look = ShareLook | IndexLook | FundLook


def look(book: MarketBook, code: str) -> Look:
    """All that the book knows of a code.

    Raises:
        UnknownName: If it is neither an index nor a fund nor a share of the book.
    """
    if code in book.indices:
        return index_look(book, code)
    if code in book.funds:
        fund = book.funds[code]
        return FundLook(fund, _unit_price(book, fund))
    if code in book.shares:
        return share_look(book, code)
    raise UnknownName(f"the market book of {book.day} holds no {code!r}", name=code)


def share_look(book: MarketBook, symbol: str) -> ShareLook:
    """A share of the book; price and published change come from the screener where there is no quote."""
    quote, ratios = book.quotes.get(symbol), book.fundamentals.get(symbol, Fundamentals())
    move = ratios.change and fact(
        book, f"move:{symbol}", ratios.change.value / 100, "fraction", ratios.change.source
    )
    if quote is not None:
        move = fact(book, f"move:{symbol}", quote.change_fraction, "fraction", quote.price.source)
    return ShareLook(
        share=book.shares[symbol],
        price=quote.price if quote else ratios.price,
        ldcp=quote.ldcp if quote else None,
        move=move,
        day_range=(quote.low, quote.high) if quote and quote.low and quote.high else None,
        volume=quote.volume if quote else None,
        usual_volume=_usual_volume(book, symbol),
        year=_year_of(book, symbol),
        fundamentals=ratios,
    )


def index_look(book: MarketBook, code: str) -> IndexLook:
    """An index of the book; breadth is counted over its members."""
    level = book.indices[code]
    closes = {
        day: close for day, close in book.index_series.get(code, {}).items() if book.day - day <= WEEKS_52
    }
    known = closes and (max(closes) - min(closes)).days > 350
    return IndexLook(
        name=book.index_names.get(code, code),
        level=level,
        move=fact(book, f"move:{code}", level.change_fraction, "fraction", level.level.source),
        year=_span(book, code, [*closes.values()], "index points", level.level.source) if known else None,
        breadth=breadth(book, code),
    )


def breadth(book: MarketBook, index: str) -> Breadth | None:
    """Rises and falls of the members of an index; None if none of their changes is known."""
    moves = [
        move
        for symbol, share in book.shares.items()
        if index in share.indices and (move := move_of(book, symbol)) is not None
    ]
    if not moves:
        return None
    return Breadth(sum(m > 0 for m in moves), sum(m < 0 for m in moves), sum(m == 0 for m in moves))


def move_of(book: MarketBook, symbol: str) -> Decimal | None:
    """A share's day as a fraction: price against LDCP, else the exchange's published change."""
    quote = book.quotes.get(symbol)
    if quote is not None:
        return quote.change_fraction
    change = book.fundamentals.get(symbol, Fundamentals()).change
    return change.value / 100 if change else None


def fact(book: MarketBook, name: str, value: Decimal, unit: Unit, source: str) -> Fact:
    """A figure computed from the book; its id is ``name:day`` and its entity the name's second word."""
    entity = name.split(":")[1]
    return Fact(f"{name}:{book.day}", value, unit, entity, book.closed_at, source, price_status(book))


def price_status(book: MarketBook) -> Status:
    """How the book's prices stand; by an index where it has none: what is computed from them stands no better."""
    quote = next(iter(book.quotes.values()), None)
    if quote is not None:
        return quote.price.status
    level = next(iter(book.indices.values()), None)
    return level.level.status if level is not None else "missing"


def _unit_price(book: MarketBook, fund: Fund) -> Fact | None:
    quote = book.quotes.get(fund.price_symbol)
    return quote.price if quote else book.fundamentals.get(fund.price_symbol, Fundamentals()).price


def _usual_volume(book: MarketBook, symbol: str) -> Fact | None:
    """Median volume of the 20 sessions before the day, in today's shares."""
    series = book.series.get(symbol)
    if series is None or len(series.days) <= USUAL_SESSIONS:
        return None
    volumes = adjusted_volumes(series, book.adjustments.get(symbol, ()))
    before = [volume for day, volume in zip(series.days, volumes, strict=True) if day < book.day]
    usual = statistics.median(before[-USUAL_SESSIONS:])
    return fact(
        book,
        f"usual_volume:{symbol}",
        Decimal(round(usual)),
        "shares",
        _COMPUTED.format(book.profile.exchange),
    )


def _year_of(book: MarketBook, symbol: str) -> Span | None:
    """Lowest low and highest high of 52 weeks; the close stands in where the source had only a close."""
    series = book.series.get(symbol)
    if series is None or not series.days or series.days[-1] != book.day:
        return None
    start = book.day - WEEKS_52
    if series.days[0] > start:
        return None
    closes = adjusted_closes(series, book.adjustments.get(symbol, ()))
    values = [
        price * closes[place] / series.close[place]
        for place, day in enumerate(series.days)
        if day > start
        for price in (series.low[place], series.high[place], series.close[place])
        if price
    ]
    return _span(book, symbol, values, book.profile.currency, _COMPUTED.format(book.profile.exchange))


def _span(book: MarketBook, code: str, values: list[float], unit: Unit, source: str) -> Span:
    low, high = (Decimal(str(round(each, 2))) for each in (min(values), max(values)))
    return Span(
        fact(book, f"low52:{code}", low, unit, source), fact(book, f"high52:{code}", high, unit, source)
    )


def sessions_back(book: MarketBook, count: int) -> date:
    """The first day of the last ``count`` sessions up to the book's day."""
    return book.sessions[-count:][0]
