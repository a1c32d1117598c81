"""The American market book put together from rows: quotes, index levels, history, what is due; pure.

A share's day is measured from its previous close. A day without a quote of its own is told from the bars, so a book can be
made of any day that is kept. The eleven sector funds stand among the shares, each in its own sector.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from services.domain.freshness import Freshness, stale
from services.domain.market import (
    Adjustment,
    Basket,
    Fundamentals,
    MarketBook,
    Quote,
    Series,
    Share,
)
from services.domain.profiles import US
from services.domain.records import Status
from services.domain.rows import ActionRow, Bar, Symbol, Watch
from services.domain.trading_calendar import TradingCalendar
from services.domain.us_frame import Desk, UsRows, desk_of, histories_of, index_series, levels
from services.domain.us_news import due, told

SOURCE = "Financial Modeling Prep"
STANDING: Mapping[Status, str] = {
    "live": "US market data", "delayed": "delayed US market data", "stale": "old US market data",
    "imported": "imported US market data", "sample": "sample US market data", "missing": "US market data",
}  # fmt: skip


def us_book(
    rows: UsRows,
    *,
    now: datetime,
    status: Status = "live",
    source: str = SOURCE,
    calendar: TradingCalendar | None = None,
) -> MarketBook:
    """The book of the newest day of which the S&P 500 is known.

    Args:
        rows: Everything kept, older days too.
        now: The time (aware); rows of later days are not looked at.
        status: How the rows came; what is too old by the calendar is called stale all the same.
        source: Who is named under every message.
        calendar: The sessions with the operator's word.

    Raises:
        NotAvailable: If no level of the S&P 500 is known.
    """
    calendar = calendar or TradingCalendar("us")
    desk = desk_of(rows, now, status, source, calendar)
    histories = histories_of(rows, desk.day)
    actions = [each for each in rows.actions if each.ex_date <= desk.day]
    quotes = _quotes(rows, histories, actions, desk)
    shares = _shares(rows, histories, desk.day)
    parts = (
        Freshness("indices", desk.at, source, status),
        Freshness("watch", desk.at if quotes else None, source, status),
    )
    return MarketBook(
        market="us",
        day=desk.day,
        closed_at=desk.at,
        label=f"{STANDING[desk.status]}, {_said(desk.at)}",
        version=_version(rows, desk),
        sample=status == "sample",
        sessions=tuple(sorted({desk.day} | {bar.day for bars in histories.values() for bar in bars})),
        shares=shares,
        quotes=quotes,
        series={
            symbol: _series(symbol, bars, quotes, desk)
            for symbol, bars in histories.items()
            if symbol in shares
        },
        adjustments=_adjustments(actions, source),
        fundamentals=_fundamentals(rows, quotes, desk),
        indices=levels(rows, histories, desk),
        index_series=index_series(rows, histories, desk.day),
        index_names=US.indices,
        funds={},
        flows=(),
        rates={},
        payouts=(),
        announcements=told(rows.movers, rows.events, desk.day, source),
        events=due(rows.events, now, source),
        kse100_weights=Basket({}, desk.at, "no index weights for this market"),
        shariah_list_date=desk.day,
        aliases={name.casefold(): (code,) for name, code in US.index_aliases.items()},
        stale=stale(parts, now, calendar),
    )


def _said(at: datetime) -> str:
    """A time as messages say it: "20 Nov 2026 16:00 New York"."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{at.day} {months[at.month - 1]} {at.year} {at:%H:%M} New York"


def _quotes(
    rows: UsRows, histories: Mapping[str, list[Bar]], actions: Sequence[ActionRow], desk: Desk
) -> dict[str, Quote]:
    """Quotes of the day itself; where there is none, the day's bar against the close before it."""
    found = {row.symbol: _quote(row, desk) for row in rows.quotes if row.day == desk.day}
    for symbol, bars in histories.items():
        if symbol not in found and symbol not in US.indices and len(bars) > 1 and bars[-1].day == desk.day:
            last, before = bars[-1], bars[-2]
            factor = 1.0
            for action in actions:
                if action.symbol == symbol and before.day < action.ex_date <= last.day:
                    factor *= action.factor
            opened, high, low = (
                last.close if each is None else each for each in (last.open, last.high, last.low)
            )
            reference = round(before.close * factor, 4)
            row = Watch(
                symbol,
                last.day,
                "",
                "",
                (),
                (),
                reference,
                opened,
                high,
                low,
                last.close,
                0.0,
                0.0,
                last.volume,
            )
            found[symbol] = _quote(row, desk)
    return found


def _quote(row: Watch, desk: Desk) -> Quote:
    return Quote(
        symbol=row.symbol,
        price=desk.fact(f"price:{row.symbol}", row.current, "USD"),
        ldcp=desk.fact(f"ldcp:{row.symbol}", row.ldcp, "USD"),
        open=Decimal(str(row.open)),
        high=Decimal(str(row.high)),
        low=Decimal(str(row.low)),
        volume=desk.fact(f"volume:{row.symbol}", row.volume, "shares"),
    )


def _shares(rows: UsRows, histories: Mapping[str, list[Bar]], day: date) -> dict[str, Share]:
    """Everything with a name or a price, with the sector its source gives it."""
    names = {symbol: "" for symbol in histories if symbol not in US.indices}
    names |= {mover.symbol: mover.name for mover in rows.movers if mover.day == day}
    names |= {row.symbol: row.name for row in rows.quotes}
    listed = {
        row.symbol: row for row in sorted(rows.symbols, key=lambda each: each.day) if row.symbol in names
    }
    return {
        symbol: _share(symbol, name or (listed[symbol].name if symbol in listed else ""), listed.get(symbol))
        for symbol, name in names.items()
    }


def _share(symbol: str, name: str, listed: Symbol | None) -> Share:
    code = symbol if symbol in US.sectors else ""
    if not code and listed is not None and not listed.is_etf:
        code = US.sector_aliases.get(listed.sector, "")
    sector = US.sectors.get(code, listed.sector if listed is not None and not listed.is_etf else "")
    fund = symbol in US.sectors or (listed is not None and listed.is_etf)
    return Share(symbol, name, code, sector, shariah=False, fund=fund)


def _series(symbol: str, bars: Sequence[Bar], quotes: Mapping[str, Quote], desk: Desk) -> Series:
    """The bars with the day's own at their end, taken from the quote while the day's bar is not published."""
    quote = quotes.get(symbol)
    if quote is not None and bars[-1].day < desk.day:
        first, high, low = (
            None if each is None else float(each) for each in (quote.open, quote.high, quote.low)
        )
        close, volume = float(quote.price.value), int(quote.volume.value)
        bars = [*bars, Bar(symbol, desk.day, first, high, low, close, volume)]
    return Series(
        tuple(bar.day for bar in bars), tuple(bar.open for bar in bars), tuple(bar.high for bar in bars),
        tuple(bar.low for bar in bars), tuple(bar.close for bar in bars), tuple(bar.volume for bar in bars),
    )  # fmt: skip


def _adjustments(actions: Sequence[ActionRow], source: str) -> dict[str, tuple[Adjustment, ...]]:
    found: defaultdict[str, list[Adjustment]] = defaultdict(list)
    for each in sorted(actions, key=lambda action: action.ex_date):
        if each.factor != 1:
            found[each.symbol].append(
                Adjustment(each.symbol, each.ex_date, each.factor, f"{each.kind} {each.note}".strip(), source)
            )
    return {symbol: tuple(own) for symbol, own in found.items()}


def _fundamentals(rows: UsRows, quotes: Mapping[str, Quote], desk: Desk) -> dict[str, Fundamentals]:
    """Price and move of the day's movers that have no quote of their own."""
    return {
        mover.symbol: Fundamentals(
            price=desk.fact(f"mover_price:{mover.symbol}", mover.price, "USD"),
            change=desk.fact(f"mover_change:{mover.symbol}", mover.change_pct, "%"),
        )
        for mover in rows.movers
        if mover.day == desk.day and mover.symbol not in quotes
    }


def _version(rows: UsRows, desk: Desk) -> str:
    """Changes with every figure that is shown; of the bars the ends and the sum stand for all."""
    bars: defaultdict[str, list[float]] = defaultdict(list)
    for bar in rows.bars:
        bars[bar.symbol].append(bar.close * bar.day.toordinal())
    sums = [(symbol, len(own), round(sum(own), 2)) for symbol, own in sorted(bars.items())]
    shown = (desk, rows.quotes, rows.indices, rows.movers, rows.events, rows.symbols, rows.actions, sums)
    return "us-" + hashlib.sha256(repr(shown).encode()).hexdigest()[:12]
