"""What is listed: a share or fund with every name by which it is asked for."""

from dataclasses import dataclass

from services.domain.rows import Symbol


@dataclass(frozen=True, slots=True)
class Listing:
    """A symbol with its other names and the codes it has given up."""

    symbol: Symbol
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FundListing:
    """A fund with its other names; ``fund`` is the name its source uses."""

    fund: str
    sector: str
    category: str
    rating: str = ""
    benchmark: str = ""
    aliases: tuple[str, ...] = ()
