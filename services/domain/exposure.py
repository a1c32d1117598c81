"""Looks through funds to the shares in them: what is held, by which ways, in which sectors, and what is held twice.

All weights are fractions of the portfolio as ``Decimal``; what a fund does not disclose stays out and is never guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from services.domain.errors import NothingHeld, UnknownName
from services.domain.market import MarketBook
from services.domain.portfolio import Portfolio, balanced

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Held:
    """One line of the portfolio. ``disclosed`` is the fraction of the line itself whose constituents are known.

    ``shariah``: membership of the KMI list for a share, the published class for a fund, None for an index.
    """

    code: str
    name: str
    kind: Literal["share", "etf", "mutual", "index"]
    weight: Decimal
    disclosed: Decimal
    shariah: bool | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """One share seen through everything held: ``weight`` = ``direct`` + what comes through ``funds`` (code, weight).

    ``shariah`` is None, and ``sector`` "", for a constituent that the book does not list.
    """

    symbol: str
    name: str
    sector_code: str
    sector: str
    weight: Decimal
    direct: Decimal
    funds: tuple[tuple[str, Decimal], ...]
    shariah: bool | None

    @property
    def via(self) -> str:
        """How it is reached, in English for machines and logs: "direct", "via 2 funds + direct"."""
        if not self.funds:
            return "direct"
        through = f"via {len(self.funds)} fund{'s' if len(self.funds) > 1 else ''}"
        return f"{through} + direct" if self.direct else through


@dataclass(frozen=True, slots=True)
class SectorWeight:
    """Look-through weight of a PSX sector; code and name are "" for constituents the book does not list."""

    code: str
    name: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of the smaller disclosed basket stands in the other one too; ``shared`` counts the common shares."""

    a: str
    b: str
    overlap: Decimal
    shared: int


def weights_of(portfolio: Portfolio, book: MarketBook) -> dict[str, Decimal]:
    """Fractions by code, heaviest first, summing to 1; see ``analyse`` for what is raised."""
    if not portfolio.holdings:
        raise NothingHeld("the portfolio is empty: name at least one holding")
    for code in portfolio.codes:
        if code not in book.funds and code not in book.shares:
            raise UnknownName(
                f"{code!r} is neither a fund nor a share of the book: correct the name", name=code
            )
    merged = balanced(portfolio.holdings).holdings
    return {h.code: h.weight for h in sorted(merged, key=lambda h: (-h.weight, h.code))}


def look_through(lines: Mapping[str, Decimal], book: MarketBook) -> tuple[Position, ...]:
    """x_s = sum of w_h times c_(h,s), heaviest first: every disclosed share with the ways by which it is held."""
    direct: dict[str, Decimal] = {}
    through: dict[str, list[tuple[str, Decimal]]] = {}
    for code, weight in lines.items():
        fund = book.funds.get(code)
        if fund is None:
            direct[code] = weight
        elif fund.basket is not None:
            for symbol, part in fund.basket.weights.items():
                if part > 0:
                    through.setdefault(symbol, []).append((code, weight * part))
    found = [
        _position(symbol, direct.get(symbol, ZERO), through.get(symbol, ()), book)
        for symbol in {**direct, **through}
    ]
    return tuple(sorted(found, key=lambda position: (-position.weight, position.symbol)))


def _position(
    symbol: str, direct: Decimal, funds: Iterable[tuple[str, Decimal]], book: MarketBook
) -> Position:
    share, ways = book.shares.get(symbol), tuple(funds)
    weight = direct + sum((part for _, part in ways), ZERO)
    if share is None:
        return Position(symbol, symbol, "", "", weight, direct, ways, None)
    return Position(symbol, share.name, share.sector_code, share.sector, weight, direct, ways, share.shariah)


def sectors_of(positions: tuple[Position, ...]) -> tuple[SectorWeight, ...]:
    """Look-through weight by PSX sector, heaviest first."""
    sums: dict[tuple[str, str], Decimal] = {}
    for position in positions:
        key = (position.sector_code, position.sector)
        sums[key] = sums.get(key, ZERO) + position.weight
    found = [SectorWeight(code, name, weight) for (code, name), weight in sums.items()]
    return tuple(sorted(found, key=lambda sector: (-sector.weight, sector.code)))


def held_line(code: str, weight: Decimal, book: MarketBook) -> Held:
    """One line of the portfolio with its name and how much of it is disclosed."""
    fund = book.funds.get(code)
    if fund is None:
        share = book.shares[code]
        if book.is_fund(code):
            return Held(code, share.name, "etf", weight, ZERO)
        return Held(code, share.name, "share", weight, Decimal(1), share.shariah)
    disclosed = sum(fund.basket.weights.values(), ZERO) if fund.basket else ZERO
    return Held(code, fund.name, fund.kind, weight, disclosed, None if fund.kind == "index" else fund.shariah)


def overlaps_of(lines: Mapping[str, Decimal], book: MarketBook) -> tuple[Overlap, ...]:
    """Each pair of held funds with baskets: sum of min(a_s, b_s) over the smaller basket's disclosed weight."""
    baskets = {code: fund.basket.weights for code in lines if (fund := book.funds.get(code)) and fund.basket}
    found = []
    for a, b in combinations(sorted(baskets), 2):
        ours, theirs = baskets[a], baskets[b]
        least = min(sum(ours.values(), ZERO), sum(theirs.values(), ZERO))
        common = [min(part, theirs[symbol]) for symbol, part in ours.items() if symbol in theirs]
        if least > 0:
            found.append(Overlap(a, b, sum(common, ZERO) / least, len(common)))
    return tuple(sorted(found, key=lambda pair: (-pair.overlap, pair.a, pair.b)))
