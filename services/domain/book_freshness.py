"""How each part of a market book stands at a time, by the facts that are in it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.domain.freshness import Aspect, Freshness, aspect_of_rate, stale
from services.domain.market import Fact, MarketBook
from services.domain.trading_calendar import TradingCalendar


def parts(book: MarketBook) -> tuple[Freshness, ...]:
    """Each kind of figure that the book has, by its newest fact; the status is that fact's own.

    A kind of which there is nothing is not listed: whoever put the book together knows whether it should be there.
    """
    prices = [quote.price for quote in book.quotes.values()]
    intraday = any(fact.status in {"live", "delayed"} for fact in prices)
    found: list[tuple[Aspect, Iterable[Fact]]] = [
        ("watch" if intraday else "bars", prices),
        ("indices", [index.level for index in book.indices.values()]),
        ("navs", [fund.nav for fund in book.funds.values() if fund.nav is not None]),
        ("flows", [flow.net for flow in book.flows]),
        *((aspect_of_rate(name), [fact]) for name, fact in book.rates.items()),
    ]
    return tuple(_newest(kind, facts) for kind, given in found if (facts := list(given)))


def _newest(kind: Aspect, facts: list[Fact]) -> Freshness:
    newest = max(facts, key=lambda fact: fact.as_of)
    return Freshness(kind, newest.as_of, newest.source, newest.status)


def with_stale(
    book: MarketBook, now: datetime, calendar: TradingCalendar, more: Iterable[Freshness] = ()
) -> MarketBook:
    """The book with what a brief must say is old. ``more``: parts that are no facts (news, holdings) or that are missing."""
    return replace(book, stale=stale((*parts(book), *more), now, calendar))
