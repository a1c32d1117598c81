"""Explains the book's day: which share moved a portfolio by how much, and what of a fund's move stays unexplained.

Moves are against LDCP, the exchange's own reference, so an ex-date is no fall. All figures are fractions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.domain.exposure import Position
from services.domain.market import Fund, MarketBook

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one share did to the portfolio today: ``weight`` times ``move`` (price against LDCP)."""

    symbol: str
    weight: Decimal
    move: Decimal
    contribution: Decimal


@dataclass(frozen=True, slots=True)
class Residual:
    """A fund's day, as fractions of the fund: its own move, what its disclosed shares explain, and the rest.

    ``move`` and ``residual`` are None where no NAV (or index) move of the book's day is known; ``move_day`` is the
    day of the newest one there is. ``explained`` is None without disclosed holdings that have a quote (``quoted``
    of the fund); ``age_days`` is how old the disclosure is.
    """

    fund: str
    weight: Decimal
    move: Decimal | None
    move_day: date | None
    explained: Decimal | None
    quoted: Decimal
    residual: Decimal | None
    disclosed_on: date | None
    age_days: int | None


@dataclass(frozen=True, slots=True)
class Today:
    """The book's day. ``total`` is over the ``known`` fraction of the portfolio; ``silent`` shares had no quote."""

    total: Decimal
    known: Decimal
    contributions: tuple[Contribution, ...]
    residuals: tuple[Residual, ...]
    silent: tuple[str, ...]


def move_today(symbol: str, book: MarketBook) -> Decimal | None:
    """Price against LDCP as a fraction; None without a quote of the book's own day."""
    quote = book.quotes.get(symbol)
    if quote is None or quote.price.as_of.date() != book.day or quote.ldcp.value <= 0:
        return None
    return quote.change_fraction


def today_of(lines: Mapping[str, Decimal], positions: tuple[Position, ...], book: MarketBook) -> Today | None:
    """The day of a portfolio (``lines``: fractions by code) and of what it looks through to; None if nothing is known."""
    moves = {position.symbol: move_today(position.symbol, book) for position in positions}
    contributions = [
        Contribution(p.symbol, p.weight, move, p.weight * move)
        for p in positions
        if (move := moves[p.symbol]) is not None
    ]
    funds = tuple(
        _residual(book.funds[code], lines[code], moves, book) for code in lines if code in book.funds
    )
    parts = [part for line in funds if (part := _part(line)) is not None]
    parts += [
        (w, w * move)
        for code, w in lines.items()
        if code not in book.funds and (move := moves[code]) is not None
    ]
    if not parts:
        return None
    return Today(
        total=sum((effect for _, effect in parts), ZERO),
        known=min(Decimal(1), sum((weight for weight, _ in parts), ZERO)),
        contributions=tuple(sorted(contributions, key=lambda c: (-abs(c.contribution), c.symbol))),
        residuals=funds,
        silent=tuple(p.symbol for p in positions if moves[p.symbol] is None),
    )


def _part(line: Residual) -> tuple[Decimal, Decimal] | None:
    """A fund's known weight and its effect: by its own published move, else by what its disclosed shares explain."""
    if line.move is not None:
        return line.weight, line.weight * line.move
    if line.explained is None:
        return None
    return line.weight * line.quoted, line.weight * line.explained


def _residual(fund: Fund, weight: Decimal, moves: Mapping[str, Decimal | None], book: MarketBook) -> Residual:
    move, day = _own_move(fund, book)
    basket = fund.basket.weights if fund.basket else {}
    known = [(part, m) for symbol, part in basket.items() if (m := moves.get(symbol)) is not None]
    explained = sum((part * m for part, m in known), ZERO) if known else None
    disclosed = fund.basket.as_of.date() if fund.basket else None
    return Residual(
        fund=fund.code,
        weight=weight,
        move=move,
        move_day=day,
        explained=explained,
        quoted=sum((part for part, _ in known), ZERO),
        residual=move - explained if move is not None and explained is not None else None,
        disclosed_on=disclosed,
        age_days=(book.day - disclosed).days if disclosed else None,
    )


def _own_move(fund: Fund, book: MarketBook) -> tuple[Decimal | None, date | None]:
    """The fund's own move of the book's day: an index by its level, a fund by its published one-day return.

    A return of another day is not compared with today's prices; its day is handed back all the same.
    """
    level = book.indices.get(fund.code)
    if level is not None:
        day = level.level.as_of.date()
        return (level.change_fraction if day == book.day else None), day
    day_return = fund.returns.get("1D")
    if day_return is None:
        return None, None
    day = day_return.as_of.date()
    fits = day == book.day and not fund.annualised
    return (day_return.value / 100 if fits else None), day
