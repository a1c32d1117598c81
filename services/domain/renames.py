"""Which code a share goes by on a day: companies that changed their name or went into another, as dated facts.

A code once given up may be typed for years, and a series under today's code holds its predecessor's days. Sources: the
exchange's notices as the press reported them (Engro: The News 12 Dec 2024, Profit 14 Jan 2025; Lucky Core: Business
Recorder 13 May 2025) and PSX's own listing; where only the month could be found, ``exact`` is False.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Rename:
    """From ``since`` on, what was ``old`` is ``new``.

    "renamed": the same company, its history goes on under the new code. "merged": holders were given ``ratio`` shares of
    the new for one of the old; the new code's history is not the old one's.
    """

    old: str
    new: str
    since: date
    how: Literal["renamed", "merged"] = "renamed"
    ratio: Decimal = Decimal(1)
    exact: bool = True
    note: str = ""


RENAMES: Final[tuple[Rename, ...]] = (
    Rename("BYCO", "CNERGY", date(2021, 12, 1), exact=False, note="Byco Petroleum became Cnergyico PK"),
    Rename("ICI", "LCI", date(2023, 1, 1), exact=False, note="ICI Pakistan became Lucky Core Industries in December 2022"),
    Rename("GSKCH", "HALEON", date(2023, 2, 1), exact=False, note="GSK Consumer Healthcare became Haleon Pakistan"),
    Rename(
        "DAWH", "ENGROH", date(2025, 1, 6),
        note="Dawood Hercules became Engro Holdings; one share of DH Partners (DHPL) was given with each",
    ),
    Rename(
        "ENGRO", "ENGROH", date(2025, 1, 6), "merged", Decimal("2.24407865"),
        note="Engro Corporation last traded on 3 January 2025; delisted on 14 January",
    ),
)  # fmt: skip


def current_code(code: str, day: date, renames: Sequence[Rename] = RENAMES) -> str:
    """The code that stands on ``day`` for what was bought as ``code``; an unknown code stays as it is.

    Before the change the old code still stands: ``current_code("DAWH", date(2024, 6, 3))`` is "DAWH".
    """
    for _ in renames:  # a chain has no more links than there are renames
        following = next((r for r in renames if r.old == code and r.since <= day), None)
        if following is None:
            break
        code = following.new
    return code


def code_on(code: str, day: date, renames: Sequence[Rename] = RENAMES) -> str:
    """The code under which this company's share traded on ``day``: ENGROH's history before 2025 is DAWH's, not ENGRO's."""
    for _ in renames:
        before = next((r for r in renames if r.new == code and r.how == "renamed" and day < r.since), None)
        if before is None:
            break
        code = before.old
    return code


def former_codes(code: str, renames: Sequence[Rename] = RENAMES) -> tuple[str, ...]:
    """The codes given up for this one, by name change or merger, directly or in steps; newest first."""
    found: list[str] = []
    ahead = [code]
    while ahead:
        here = ahead.pop(0)
        olds = sorted((r for r in renames if r.new == here), key=lambda r: (-r.since.toordinal(), r.old))
        fresh = [r.old for r in olds if r.old not in found and r.old != code]
        found += fresh
        ahead += fresh
    return tuple(found)
