"""What somebody holds, as shares of a whole: never rupees, never numbers of shares."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Holding:
    """``code`` is a share symbol or a fund code of the market book; ``weight`` a fraction of the portfolio."""

    code: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Holdings whose weights sum to 1 (within a rounding of 0.0001)."""

    holdings: tuple[Holding, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(h.code for h in self.holdings)


def balanced(holdings: tuple[Holding, ...]) -> Portfolio:
    """Scale the weights to sum to exactly 1, merging a code that stands twice; the order of first mention is kept.

    Raises:
        ValueError: If a weight is not positive or there is no holding.
    """
    if not holdings or any(h.weight <= 0 for h in holdings):
        message = "a portfolio needs at least one holding, each with a positive weight"
        raise ValueError(message)
    merged: dict[str, Decimal] = {}
    for holding in holdings:
        merged[holding.code] = merged.get(holding.code, Decimal(0)) + holding.weight
    total = sum(merged.values(), Decimal(0))
    return Portfolio(tuple(Holding(code, weight / total) for code, weight in merged.items()))
