"""Which kinds of import there are for a market, by the words that operators write."""

from services.domain.errors import BadInput
from services.domain.importing.reading import KINDS, ImportKind
from services.domain.profiles import Market

OF_PSX: frozenset[ImportKind] = frozenset({"flows", "fund-holdings", "rates", "navs"})
"""Kinds of which our other markets know nothing: their files are Pakistan's."""


def import_kind(word: str) -> ImportKind:
    """The kind of import that goes by a word.

    Raises:
        BadInput: There is none; the detail lists those there are.
    """
    for kind in KINDS:
        if kind == word.strip().casefold().replace("_", "-"):
            return kind
    raise BadInput(f"no such kind of import: {word[:30]!r}; there are: {', '.join(KINDS)}")


def check_served(kind: ImportKind, market: Market) -> None:
    """Nothing, if a market has what the file holds.

    Raises:
        BadInput: It has not; the detail lists what it has.
    """
    if market != "psx" and kind in OF_PSX:
        served = ", ".join(each for each in KINDS if each not in OF_PSX)
        raise BadInput(
            f"{kind} are Pakistan's and are not imported for the {market} market; there are: {served}"
        )
