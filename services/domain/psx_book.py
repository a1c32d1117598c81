"""PSX's market book put together from what is kept, over the frozen day; pure.

What is kept goes before the frozen day, kind by kind; of the frozen day nothing is told that lies behind the book's own
day. With nothing kept the book is the frozen one, unchanged.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from services.domain.book_freshness import with_stale
from services.domain.market import Fact, MarketBook
from services.domain.psx_funds import funds, kse100
from services.domain.psx_parts import Parts
from services.domain.psx_prices import (
    Desk,
    desk_of,
    fundamentals,
    index_series,
    indices,
    quotes,
    shares,
    today,
)
from services.domain.psx_records import announcements, events, flows, news_until, payouts, rates
from services.domain.psx_stock import Stock
from services.domain.records import Status
from services.domain.rows import Screened
from services.domain.trading_calendar import TradingCalendar

STANDING: Mapping[Status, str] = {
    "live": "PSX data", "delayed": "delayed PSX data", "stale": "old PSX data", "imported": "imported data",
    "sample": "sample data", "missing": "PSX data",
}  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def psx_book(
    base: MarketBook, stock: Stock, *, now: datetime, calendar: TradingCalendar, parts: Parts | None = None
) -> MarketBook:
    """The book of the newest day of which prices are kept.

    Args:
        base: The frozen book.
        stock: What is kept, nothing of it later than ``now``.
        now: The time (aware), for what is too old.
        calendar: The sessions with the operator's word.
        parts: Those of the books made before, of which what has not changed is taken.
    """
    parts = parts or Parts()
    if not stock.newest and not any(stock.recent.values()):
        return base
    desk = desk_of(base, stock, calendar)
    levels = indices(base, stock, desk)
    until = max(desk.day, calendar.today(now))
    made = replace(
        base,
        day=desk.day,
        told_until=until,
        closed_at=desk.at,
        indices=levels,
        index_series=index_series(base, stock, desk.day),
        shares=parts.kept(shares, base, stock.of("symbols", "watch", "screener"), desk.day),
        flows=parts.kept(flows, base, stock.of("flows"), desk.day),
        rates=parts.kept(rates, base, stock.of("fx", "rates"), until),
        payouts=parts.kept(payouts, base, stock.of("payouts"), until),
        announcements=announcements(
            parts.kept(news_until, base, stock.of("announcements", "news"), until), levels, until
        ),
        events=parts.kept(events, base, stock.of("holidays", "events"), desk.day),
        kse100_weights=kse100(stock, desk.day) or base.kse100_weights,
        shariah_list_date=max(
            (row.day for row in stock.rows("screener", Screened) if row.day <= desk.day),
            default=base.shariah_list_date,
        ),
    )
    if desk.batch is not None:
        made = _priced(made, base, stock, desk, parts)
    made = replace(made, funds=funds(base, stock, desk.day, made.quotes, parts))
    return as_it_stands(replace(made, version=_version(made, stock)), now, calendar)


def as_it_stands(book: MarketBook, now: datetime, calendar: TradingCalendar) -> MarketBook:
    """The book with what is too old at that time; the version says it too, for what is told of the book changes by it."""
    told = with_stale(book, now, calendar)
    old = " ".join(str(each.kind) for each in told.stale)
    mark = f"~{hashlib.sha256(old.encode()).hexdigest()[:8]}" if old else ""
    return replace(told, version=book.version.partition("~")[0] + mark)


def _priced(made: MarketBook, base: MarketBook, stock: Stock, desk: Desk, parts: Parts) -> MarketBook:
    """With the day's prices: from here on it is no sample."""
    assert desk.batch is not None  # noqa: S101  # asked by the caller
    quoted = {
        symbol: quote for symbol, quote in quotes(stock, desk).items() if symbol not in base.index_names
    }
    return replace(
        made,
        quotes=quoted,
        series=stock.history.until(desk.day, today(quoted, desk.day), base.index_names.keys()),
        adjustments={
            symbol: kept
            for symbol, own in stock.history.adjustments.items()
            if (kept := tuple(each for each in own if each.ex_date <= desk.day))
        },
        sessions=tuple(day for day in sorted({*stock.history.days, desk.day}) if day <= desk.day),
        fundamentals=parts.kept(fundamentals, base, stock.of("screener"), desk.day),
        sample=False,
        label=_label(desk, stock),
    )


def _label(desk: Desk, stock: Stock) -> str:
    """What every message says of the figures: whose they are, and of when; during the session with the hour."""
    assert desk.batch is not None  # noqa: S101  # asked by the caller
    day = f"{desk.day.day} {_MONTHS[desk.day.month - 1]} {desk.day.year}"
    watched = desk.batch is stock.newest.get("watch") and desk.batch.status != "imported"
    return f"{STANDING[desk.batch.status]}, {day}" + (f" {desk.at:%H:%M}" if watched else "")


def _figures(made: MarketBook) -> Iterator[Fact]:
    for quote in made.quotes.values():
        yield from (quote.price, quote.ldcp, quote.volume)
    for index in made.indices.values():
        yield from (index.level, index.change)
    yield from made.rates.values()
    yield from (flow.net for flow in made.flows)
    yield from (fund.nav for fund in made.funds.values() if fund.nav is not None)


def _version(made: MarketBook, stock: Stock) -> str:
    """Changes with every batch and every figure in it: an undone import takes rows out of a batch that keeps its name."""
    history = stock.history
    parts = [made.version, made.label, history.version, str(len(history.actions)), str(len(history.days))]
    batches = [*stock.newest.values(), *(batch for own in stock.recent.values() for batch in own)]
    parts += sorted(f"{batch.kind}{batch.origin}{batch.as_of}{len(batch.rows)}" for batch in batches)
    parts += [f"{code}{len(levels)}" for code, levels in sorted(stock.levels.items())]
    parts += [f"{each.id}={each.value}" for each in _figures(made)]
    return f"psx-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:12]}"
