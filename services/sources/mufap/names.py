"""What a fund is called among others: pension funds publish several sub-funds under one name."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from services.domain.errors import BrokenPage
from services.domain.rows import NavRow
from services.sources import cells
from services.sources.clock import KARACHI

AHEAD = timedelta(days=12)
"""Money-market funds publish their value before a weekend for the days to come; the longest feast so far had nine."""

_RETURN = re.compile(r"\s*\((?:Absolute|Annuali[sz]ed) Return ?\)$", re.IGNORECASE)
_PENSION = re.compile(r"VPS ?[-–] ?(?:Shariah Compliant )?(.+)", re.IGNORECASE)


def fund_name(name: str, category: str) -> str:
    """The fund's name; of a pension fund with its sub-fund, "NIT Pension Fund (Money Market)".

    It depends on the row alone and not on what else is on the page, so that it is the same every day and on every page.
    """
    found = _PENSION.fullmatch(_RETURN.sub("", category))
    return f"{name} ({found[1]})" if found else name


def category_name(category: str) -> str:
    """The category as published, with what its returns are: "Money Market (Annualized Return)"."""
    return category.replace(" )", ")")


def valid_on(day: date, fetched_at: datetime) -> date:
    """A validity date, which may lie some days ahead. Raises ``ValueError``."""
    if day > fetched_at.astimezone(KARACHI).date() + AHEAD or day.year < 1990:
        raise ValueError(f"{day.isoformat()} cannot be valid on a page fetched on {fetched_at:%Y-%m-%d}")
    return day


def apart(page: str, rows: Sequence[NavRow]) -> Sequence[NavRow]:
    """The rows, if no two are of one fund; the same twice is once. Raises ``BrokenPage`` naming the fund and both categories."""
    seen: dict[str, NavRow] = {}
    for place, row in enumerate(rows, start=1):
        other = seen.setdefault(row.fund, row)
        if other != row:
            detail = (
                f"{row.fund!r} is there twice, as {other.category!r} and as {row.category!r}: which is which?"
            )
            raise BrokenPage(detail, page=page, column="Fund Name", row=place)
    return list(seen.values())


def unit_value(shown: str) -> float:
    """Rupees for a unit: not negative, not absurd. Raises ``ValueError``."""
    value = cells.number(shown)
    if not 0 <= value < 1e7:
        raise ValueError(f"{shown!r} is no value of a unit")
    return value
