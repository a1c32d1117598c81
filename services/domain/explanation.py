"""Why something moved, as far as facts go: the market, the sector, its volume, ex-dates and announcements.

What moves together is shown side by side; nothing here claims a cause. Where no announcement is known, that is said.
"""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.domain.indicators import History, risk
from services.domain.market import Announcement, Fact, MarketBook, Payout
from services.domain.quotation import (
    Breadth,
    FundLook,
    IndexLook,
    ShareLook,
    breadth,
    fact,
    look,
    move_of,
    sessions_back,
)

NEWS_SESSIONS = 5
"""An announcement of the last five sessions may still matter for the day's move."""
LEAST_PEERS = 3
"""A sector's middle move needs at least this many other shares."""


@dataclass(frozen=True, slots=True)
class Part:
    """A constituent's part in a move: its weight times its own move; ``points`` of the index if it has a level.

    ``effect`` and ``move`` are fractions. Without known weights ``effect`` is None and only the move is shown.
    """

    symbol: str
    move: Decimal
    effect: Fact | None


@dataclass(frozen=True, slots=True)
class ShareReasons:
    """A share's day beside its market and sector; every Fact that is None could not be known.

    ``market_part`` is beta times the index's move, ``own_part`` the rest of the share's move. ``sector_move`` is
    the median of the ``peers`` other shares of its sector.
    """

    seen: ShareLook
    index_move: Fact | None
    beta: Fact | None
    market_part: Fact | None
    own_part: Fact | None
    sector_move: Fact | None
    peers: int
    ex_dates: tuple[Payout, ...]
    news: tuple[Announcement, ...]


@dataclass(frozen=True, slots=True)
class BasketReasons:
    """An index's or a fund's day by its constituents, largest effect first; ``covered`` is the weight that has a price.

    ``weights_day`` is the date of the weights, None where no weights are disclosed to us.
    """

    seen: IndexLook | FundLook
    index_move: Fact | None
    risers: tuple[Part, ...]
    fallers: tuple[Part, ...]
    explained: Fact | None
    covered: Fact | None
    weights_day: date | None
    breadth: Breadth | None
    news: tuple[Announcement, ...]


Explanation = ShareReasons | BasketReasons


def explain(book: MarketBook, code: str, past: History) -> Explanation:
    """The facts beside a move of the book's day.

    Raises:
        UnknownName: If the book does not hold the code.
    """
    seen = look(book, code)
    if isinstance(seen, ShareLook):
        return _of_share(book, seen, past)
    return _of_basket(book, code, seen)


def _of_share(book: MarketBook, seen: ShareLook, past: History) -> ShareReasons:
    symbol = seen.share.symbol
    index_move = _index_move(book)
    beta = _beta(book, symbol, past)
    market = own = None
    if beta and index_move:
        market = fact(
            book, f"market_part:{symbol}", beta.value * index_move.value, "fraction", "computed: beta x index"
        )
    if market and seen.move:
        own = fact(
            book,
            f"own_part:{symbol}",
            seen.move.value - market.value,
            "fraction",
            "computed: move - market part",
        )
    sector_move, peers = _sector(book, seen)
    return ShareReasons(
        seen=seen,
        index_move=index_move,
        beta=beta,
        market_part=market,
        own_part=own,
        sector_move=sector_move,
        peers=peers,
        ex_dates=tuple(p for p in book.payouts if p.symbol == symbol and p.ex_date == book.day),
        news=recent_news(book, (symbol,)),
    )


def _of_basket(book: MarketBook, code: str, seen: IndexLook | FundLook) -> BasketReasons:
    basket = book.funds[code].basket if code in book.funds else None
    weights: Mapping[str, Decimal] = basket.weights if basket else {}
    members = weights or {s: Decimal(0) for s, share in book.shares.items() if code in share.indices}
    moves = {symbol: move for symbol in members if (move := move_of(book, symbol)) is not None}
    parts = [_part(book, code, symbol, move, weights.get(symbol)) for symbol, move in moves.items()]
    parts.sort(key=lambda part: (-(part.effect.value if part.effect else part.move), part.symbol))
    covered = sum((weights[s] for s in moves if s in weights), Decimal(0))
    effects = [part.effect.value for part in parts if part.effect]
    source = basket.source if basket else ""
    return BasketReasons(
        seen=seen,
        index_move=_index_move(book) if code != book.profile.headline else None,
        risers=tuple(part for part in parts[:3] if part.move > 0),
        fallers=tuple(part for part in parts[::-1][:3] if part.move < 0),
        explained=fact(book, f"explained:{code}", sum(effects, Decimal(0)), "fraction", source)
        if effects
        else None,
        covered=fact(book, f"covered:{code}", covered, "fraction", source) if effects else None,
        weights_day=basket.as_of.date() if basket else None,
        breadth=breadth(book, code),
        news=recent_news(book, (code,)),
    )


def _part(book: MarketBook, code: str, symbol: str, move: Decimal, weight: Decimal | None) -> Part:
    if weight is None:
        return Part(symbol, move, None)
    return Part(
        symbol,
        move,
        fact(book, f"effect:{code}:{symbol}", weight * move, "fraction", "computed: weight x move"),
    )


def _index_move(book: MarketBook) -> Fact | None:
    code = book.profile.headline
    level = book.indices.get(code)
    if level is None:
        return None
    return fact(book, f"move:{code}", level.change_fraction, "fraction", level.level.source)


def _beta(book: MarketBook, symbol: str, past: History) -> Fact | None:
    """Beta against the headline index over up to 252 sessions; None without enough history."""
    value = risk(past, {symbol: 1.0}).beta if symbol in past.rows else None
    if value is None:
        return None
    return fact(
        book, f"beta:{symbol}", Decimal(str(round(value, 4))), "x", "computed on 252 sessions, split-adjusted"
    )


def _sector(book: MarketBook, seen: ShareLook) -> tuple[Fact | None, int]:
    peers = [
        move
        for symbol, share in book.shares.items()
        if share.sector_code == seen.share.sector_code
        and symbol != seen.share.symbol
        and _trades(book, symbol)
        and (move := move_of(book, symbol)) is not None
    ]
    if len(peers) < LEAST_PEERS:
        return None, len(peers)
    middle = statistics.median(peers)
    name = f"sector_move:{seen.share.sector_code}"
    return fact(book, name, middle, "fraction", "computed: median of the sector's other shares"), len(peers)


def _trades(book: MarketBook, symbol: str) -> bool:
    """A share that really trades: one with a quote, or with a usual volume on the screener that is not tiny."""
    if symbol in book.quotes:
        return True
    ratios = book.fundamentals.get(symbol)
    return bool(ratios and ratios.usual_volume and ratios.usual_volume.value >= 10_000)


def recent_news(
    book: MarketBook, codes: tuple[str, ...], sessions: int = NEWS_SESSIONS
) -> tuple[Announcement, ...]:
    """Announcements about these codes in the last sessions up to the book's day, newest first."""
    start = sessions_back(book, sessions)
    found = [each for each in book.announcements if each.symbol in codes and start <= each.day <= book.day]
    return tuple(sorted(found, key=lambda each: (each.day, each.id), reverse=True))
