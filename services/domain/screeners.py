"""One function a screen: does this share meet the criteria, by which facts, and which fact speaks against them.

Each returns a score (highest first, meaningful only within its screen), its facts and its counter-fact, or None.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median

from services.domain.indicators import MONTHS, History, Measures
from services.domain.market import Announcement, Fact, Flow, Fundamentals, MarketBook, Quote, Share
from services.domain.profiles import Currency
from services.domain.screens import (
    Figure,
    Line,
    ScreenName,
    called,
    count,
    dollars,
    fraction,
    large,
    move,
    on,
    price,
    screen_of,
    times,
    words,
)

ZERO = Decimal(0)
Find = tuple[float, tuple[Line, ...], Line]


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What shares are compared with.

    ``pe`` holds (median, names) by sector code; ``foreign`` and ``local`` net flows in USD million by sector name;
    ``flow_day`` is theirs; ``announced`` the newest fresh announcement by symbol; ``index`` moves of the headline index by months.
    """

    book: MarketBook
    past: History
    pe: Mapping[str, tuple[Decimal, int]]
    foreign: Mapping[str, Fact]
    announced: Mapping[str, Announcement]
    index: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything a screen may look at, of one share that may be shown. ``day_move`` is against LDCP."""

    share: Share
    quote: Quote
    measures: Measures
    ratios: Fundamentals
    day_move: Decimal
    market: Backdrop

    @property
    def currency(self) -> Currency:
        return self.market.book.profile.currency


def backdrop(book: MarketBook, past: History) -> Backdrop:
    """Sector medians, net flows, fresh announcements and index moves of a book."""
    pes: dict[str, list[Decimal]] = {}
    for symbol, ratios in book.fundamentals.items():
        if symbol in book.shares and ratios.pe is not None and ratios.pe.value > 0:
            pes.setdefault(book.shares[symbol].sector_code, []).append(ratios.pe.value)
    return Backdrop(
        book=book,
        past=past,
        pe={code: (median(values), len(values)) for code, values in pes.items()},
        foreign=net_by_sector(book.flows),
        announced=_fresh(book),
        index={
            months: change for months in MONTHS if (change := _index_move(past, MONTHS[months])) is not None
        },
    )


def net_by_sector(flows: tuple[Flow, ...]) -> dict[str, Fact]:
    """Foreigners' net buying by sector, USD million: the sum over their classes, with the newest day's own date."""
    sums: dict[str, Fact] = {}
    for flow in flows:
        if flow.side != "FIPI" or flow.sector == "All":
            continue
        seen = sums.get(flow.sector)
        sums[flow.sector] = flow.net if seen is None else _added(seen, flow.net)
    return sums


def _added(a: Fact, b: Fact) -> Fact:
    return Fact(a.id, a.value + b.value, a.unit, a.entity, max(a.as_of, b.as_of), a.source, a.status)


def _fresh(book: MarketBook) -> dict[str, Announcement]:
    """The newest announcement of each share within the screen's days before the book's day."""
    since = book.day - timedelta(days=int(screen_of("announcement").limits["days"]))
    fresh = [a for a in book.announcements if a.symbol and since <= a.day <= book.day]
    told = [a for a in fresh if a.kind in {"payout", "result", "action", "notice"}]
    return {a.symbol: a for a in sorted(told, key=lambda a: (a.day, a.id))}


def _index_move(past: History, sessions: int) -> float | None:
    """The index over the last sessions; None where either end of the stretch is a gap."""
    if len(past.index) <= sessions:
        return None
    change = float(past.index[-1] / past.index[-1 - sessions] - 1)
    return None if math.isnan(change) else change


def _volume(s: Standing) -> Find | None:
    ratio = s.measures.volume_ratio
    if ratio is None or ratio < screen_of("volume").limits["ratio"]:
        return None
    traded = s.quote.volume.value * s.quote.price.value
    facts = (
        Line("fact.volume", {"ratio": times(ratio), "value": large(traded, s.currency)}),
        Line("fact.day", {"move": move(s.day_move), "price": price(s.quote.price.value, s.currency)}),
    )
    return ratio, facts, Line("counter.volume", {"days": count(s.measures.busy_days)})


def _momentum(s: Standing) -> Find | None:
    limits, moves = screen_of("momentum").limits, s.measures.momentum
    if 12 not in moves or moves[6] < limits["six"] or moves[1] < limits["one"]:
        return None
    figures = {f"m{months}": move(change) for months, change in moves.items()}
    against = {
        "drawdown": fraction(s.measures.drawdown or 0),
        "volatility": fraction(s.measures.volatility or 0),
    }
    return moves[6], (Line("fact.momentum", figures), *_index_line(s, 6)), Line("counter.momentum", against)


def _near_high(s: Standing) -> Find | None:
    m = s.measures
    if m.high is None or m.low is None or m.high_day is None or m.close <= 0:
        return None
    below = 1 - m.close / m.high
    if below > screen_of("near_high").limits["within"]:
        return None
    fact = Line(
        "fact.near_high", {"below": fraction(below), "high": price(m.high, s.currency), "day": on(m.high_day)}
    )
    return (
        -below,
        (fact, *_day_line(s)),
        Line("counter.near_high", {"low": price(m.low, s.currency), "fall": fraction(1 - m.low / m.close)}),
    )


def _near_low(s: Standing) -> Find | None:
    m = s.measures
    if m.high is None or m.low is None or m.low_day is None or m.low <= 0:
        return None
    above = m.close / m.low - 1
    if above > screen_of("near_low").limits["within"]:
        return None
    fact = Line(
        "fact.near_low", {"above": fraction(above), "low": price(m.low, s.currency), "day": on(m.low_day)}
    )
    figures = {"fall": fraction(1 - m.close / m.high)}
    index = s.market.index.get(6)
    if index is None or 6 not in m.momentum:
        return -above, (fact, *_day_line(s)), Line("counter.near_low", figures)
    head = called(s.market.book.profile.headline_name)
    both = {**figures, "own": move(m.momentum[6]), "index": move(index), "headline": head}
    return -above, (fact, *_day_line(s)), Line("counter.near_low_index", both)


def _dividend(s: Standing) -> Find | None:
    fact = s.ratios.dividend_yield
    if fact is None or as_fraction(fact) < screen_of("dividend").limits["yield"]:
        return None
    share = as_fraction(fact)
    facts = [Line("fact.dividend", {"yield": fraction(share), "day": on(fact.as_of.date())})]
    policy = s.market.book.rates.get("policy_rate")
    if policy is not None:
        facts.append(
            Line("fact.policy_rate", {"rate": fraction(as_fraction(policy)), "day": on(policy.as_of.date())})
        )
    year = s.measures.momentum.get(12)
    counter = (
        Line("counter.dividend") if year is None else Line("counter.dividend_move", {"year": move(year)})
    )
    return float(share), tuple(facts), counter


def _cheap(s: Standing) -> Find | None:
    limits, pe = screen_of("cheap").limits, s.ratios.pe
    middle, names = s.market.pe.get(s.share.sector_code, (ZERO, 0))
    if pe is None or pe.value <= 0 or names < limits["peers"] or pe.value > middle * limits["share"]:
        return None
    figures = {
        "pe": times(pe.value),
        "median": times(middle),
        "names": count(names),
        "sector": Figure("sector", text=s.share.sector_code),
    }
    half = s.measures.momentum.get(6)
    counter = Line("counter.cheap") if half is None else Line("counter.cheap_move", {"half": move(half)})
    return float(1 - pe.value / middle), (Line("fact.cheap", figures), *_day_line(s)), counter


def _foreign(s: Standing) -> Find | None:
    net = s.market.foreign.get(s.share.sector)
    if net is None or net.value < screen_of("foreign").limits["net"]:
        return None
    figures = {
        "sector": Figure("sector", text=s.share.sector_code),
        "net": dollars(net.value),
        "day": on(net.as_of.date()),
    }
    facts = (
        Line("fact.foreign", figures),
        Line("fact.traded", {"value": large(s.measures.median_value, s.currency)}),
    )
    # The flow is one figure for a whole sector: within it the most traded name comes first.
    score = float(net.value) * 1e6 + s.measures.median_value / 1e6
    return (
        score,
        facts,
        Line("counter.foreign", {"day": on(net.as_of.date()), "prices": on(s.market.book.day)}),
    )


def _announcement(s: Standing) -> Find | None:
    told = s.market.announced.get(s.share.symbol)
    if told is None:
        return None
    fact = Line("fact.announcement", {"day": on(told.day), "title": words(told.title)})
    since = None if told.day == s.market.book.day else _move_since(s, told)
    facts = (fact, *([Line("fact.since", {"move": move(since)})] if since is not None else _day_line(s)))
    # Newest day first; on a day results before corporate actions before the rest; then the most traded name.
    rank = {"result": 0.2, "action": 0.1}.get(told.kind, 0.0)
    score = told.day.toordinal() + rank + s.measures.median_value / 1e12
    return score, facts, Line("counter.announcement")


def _move_since(s: Standing, told: Announcement) -> float | None:
    """Adjusted move from the last close before the announcement's day to now."""
    closes = s.market.past.closes_of(s.share.symbol)
    after = sum(day >= told.day for day in s.market.past.sessions)
    return None if len(closes) <= after or after == 0 else closes[-1] / closes[-1 - after] - 1


def _day_line(s: Standing) -> tuple[Line, ...]:
    return (Line("fact.day", {"move": move(s.day_move), "price": price(s.quote.price.value, s.currency)}),)


def _index_line(s: Standing, months: int) -> tuple[Line, ...]:
    change = s.market.index.get(months)
    if change is None:
        return ()
    head = called(s.market.book.profile.headline_name)
    return (Line("fact.index", {"months": count(months), "move": move(change), "headline": head}),)


def as_fraction(fact: Fact) -> Decimal:
    """A rate as a fraction, whether its source counts in percent or in fractions."""
    return fact.value / 100 if fact.unit == "%" else fact.value


SCREENERS: Mapping[ScreenName, Callable[[Standing], Find | None]] = {
    "volume": _volume,
    "momentum": _momentum,
    "near_high": _near_high,
    "near_low": _near_low,
    "dividend": _dividend,
    "cheap": _cheap,
    "foreign": _foreign,
    "announcement": _announcement,
}
