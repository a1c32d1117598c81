"""What becomes of a portfolio when something joins or leaves it: the others keep their proportions."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from services.domain.errors import BadInput
from services.domain.portfolio import Holding, Portfolio, balanced


def joined(portfolio: Portfolio, additions: Sequence[tuple[str, Decimal | None]]) -> Portfolio:
    """The portfolio with these codes at these fractions, taken in proportion from all the others.

    A code without a fraction gets an equal share: 1/n of the n holdings there are then; one that is held already keeps
    what it has. A code with a fraction that is held already is set to it.

    Raises:
        BadInput: If nothing is added, a fraction is not positive, or nothing would be left for the others.
    """
    held = {h.code: h.weight for h in portfolio.holdings}
    wanted: dict[str, Decimal | None] = {}
    for code, weight in additions:
        if weight is not None and not (weight.is_finite() and weight > 0):
            raise BadInput("a weight must be more than 0 %", reason="portfolio.weight_bad")
        if weight is not None or code not in held:
            wanted[code] = weight
    count = len(held.keys() | wanted.keys())
    fixed = {c: (Decimal(1) / count if w is None else w) for c, w in wanted.items()}
    others = {c: w for c, w in held.items() if c not in fixed}
    taken = sum(fixed.values(), Decimal(0))
    if not fixed or (others and taken >= 1):
        raise BadInput(
            "the additions leave no room for what is held: less than 100 % together",
            reason="portfolio.no_room",
        )
    if not others:
        return balanced(tuple(Holding(c, w) for c, w in fixed.items()))
    scale = (1 - taken) / sum(others.values(), Decimal(0))
    merged = {c: fixed.get(c, w * scale) for c, w in held.items()} | fixed
    return balanced(tuple(Holding(c, w) for c, w in merged.items()))


def without(portfolio: Portfolio, codes: Iterable[str]) -> Portfolio:
    """The portfolio without these codes, the rest scaled up to the whole; empty if nothing is left."""
    gone = set(codes)
    kept = tuple(h for h in portfolio.holdings if h.code not in gone)
    return balanced(kept) if kept else Portfolio()
