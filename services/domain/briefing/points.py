"""One thing a brief says: which sentence it is, and the facts, names and days that fill it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from services.domain.market import Fact, Share, Unit
from services.domain.profiles import Currency
from services.domain.records import Status

_INCORPORATED = re.compile(r",?\s+Inc(?:\.|orporated)?$")
_INITIALS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """``kind`` names the sentence. ``rank`` says how dear it is: where there is no room, the highest ranks go first.

    ``days`` are calendar days that may be told beside the facts' own (an ex-date).
    """

    kind: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes facts of computed figures: each says that it was computed and from what.

    ``day`` stands in the ids, ``as_of`` is the close that the figures rest on, ``status`` how its prices stand,
    ``currency`` what amounts are in, ``reference`` what moves are measured from.
    """

    day: date
    as_of: datetime
    status: Status = "sample"
    currency: Currency = "PKR"
    reference: str = "LDCP"

    def fact(self, stem: str, value: Decimal | float, unit: Unit, entity: str, origin: str) -> Fact:
        """A computed figure; a float is taken to 10 significant digits."""
        exact = value if isinstance(value, Decimal) else Decimal(format(float(value), ".10g"))
        source = f"computed from {origin}".replace("LDCP", self.reference)
        return Fact(f"{stem}:{entity}:{self.day}", exact, unit, entity, self.as_of, source, self.status)

    def fraction(self, stem: str, value: Decimal | float, entity: str, origin: str) -> Fact:
        """A part of a whole or a move; 0.01 is 1 %."""
        return self.fact(stem, value, "fraction", entity, origin)

    def count(self, stem: str, value: int, entity: str, origin: str) -> Fact:
        """How many there are."""
        return self.fact(stem, Decimal(value), "count", entity, origin)

    def money(self, stem: str, value: Decimal | float, entity: str, origin: str) -> Fact:
        """A price or an amount in the market's currency."""
        return self.fact(stem, value, self.currency, entity, origin)

    def points(self, stem: str, value: Decimal | float, entity: str, origin: str) -> Fact:
        """Points of an index."""
        return self.fact(stem, value, "index points", entity, origin)

    def times(self, stem: str, value: Decimal | float, entity: str, origin: str) -> Fact:
        """A ratio of two like things."""
        return self.fact(stem, value, "x", entity, origin)


def short_name(share: Share) -> str:
    """A company's name as people say it: without "Limited", "Inc." and what stands in brackets."""
    name = share.name.partition("(")[0].strip()
    for ending in (" Limited", " Ltd.", " Ltd", " Company", " Factory"):
        name = name.removesuffix(ending).strip()
    plain = _INCORPORATED.sub("", name)
    name = plain if len(plain) > _INITIALS else name  # "Dow" alone is an index
    return name.removeprefix("The ").replace("&", "and") or share.symbol


def sector_name(share_or_name: Share | str) -> str:
    """A sector's name in sentence form: "OIL & GAS EXPLORATION COMPANIES" -> "oil and gas exploration"."""
    raw = share_or_name if isinstance(share_or_name, str) else share_or_name.sector
    name = raw.lower().partition(" / ")[0].replace("&", "and").replace("inv. ", "investment ")
    return name.removesuffix(" and companies").removesuffix(" companies").strip()
