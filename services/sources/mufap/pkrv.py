"""PKRV: the yields of Pakistan's government papers by tenor, as MUFAP's daily CSV in both of its shapes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from services.domain.errors import BrokenPage
from services.domain.rows import RateRow
from services.domain.sourcing import Page
from services.sources import cells, listings
from services.sources.mufap import names

_TENORS = (
    "1W", "2W", "1M", "2M", "3M", "4M", "6M", "9M", "1Y", "2Y", "3Y", "4Y",
    "5Y", "6Y", "7Y", "8Y", "9Y", "10Y", "15Y", "20Y", "25Y", "30Y",
)  # fmt: skip
_NEEDED = _TENORS[:20]
"""Every curve has these; longer tenors came later. A file without one of them was cut."""
_SPANS: Mapping[str, str] = {
    "0-7d": "1W", "8-15d": "2W", "16-30d": "1M", "31-60d": "2M", "61-90d": "3M", "91-120d": "4M",
    "121-180d": "6M", "181-270d": "9M", "271-365d": "1Y",
}  # fmt: skip
_FILE = re.compile(r"PKRV[ _-]?(\d{2})(\d{2})(\d{4})", re.IGNORECASE)
_APPLIES = re.compile(r"APPLICABLE FOR (\S+)", re.IGNORECASE)
_ALL = "FMAP"
"""The column of the mean that applies; the others are the brokers' own."""


def pkrv(page: Page) -> Sequence[RateRow]:
    """``pkrv_6M`` and so on in %, filed under the day in the file's name (or in ``asked["day"]``).

    Two shapes: "Tenor, Mid Rate, Change", and until 2024 a matrix by broker, "applicable for" the next working day.
    """
    found = listings.lines(page)
    place = next((at for at, line in enumerate(found) if line and line[0].lower() == "tenor"), None)
    if place is None:
        raise BrokenPage("there is no such column", page=page.name, column="Tenor")
    matrix = _ALL in found[place]
    header = [cells.tidy(name) for name in found[place]]
    column = _ALL if matrix else next((name for name in header if name.lower() == "mid rate"), "")
    if not column:
        raise BrokenPage("there is no such column", page=page.name, column="Mid Rate")
    if matrix and not page.body.endswith(b"\n"):
        raise BrokenPage("cut: the last line has no end", page=page.name)
    day = _day(page, found[:place] if matrix else [])
    rows = [_row(item, header[0], column, day) for item in listings.items(page, header, found[place + 1 :])]
    known = [row.name for row in rows]
    for tenor in _NEEDED:
        if known.count(f"pkrv_{tenor}") != 1:
            raise BrokenPage(
                f"{tenor} should stand there once: a part of the curve", page=page.name, column="Tenor"
            )
    if len(set(known)) < len(known):
        raise BrokenPage("a tenor stands there twice", page=page.name, column="Tenor")
    return rows


def _row(item: listings.Item, first: str, column: str, day: date) -> RateRow:
    shown = item.text(first).replace(" ", "")
    tenor = _SPANS.get(shown.lower().removesuffix("ays")) or re.sub(
        r"(?i)^(\d+)(w|m|y)(?:eek|onth|ear)?s?$", r"\1\2", shown
    )
    if tenor.upper() not in _TENORS:
        item.broken(f"{shown[:40]!r} is no tenor", first)
    return RateRow(f"pkrv_{tenor.upper()}", day, item.percent(column, least=0, most=100), "%")


def _day(page: Page, above: Iterable[Sequence[str]]) -> date:
    """The file's day; a matrix says the working day it applies for, which must follow within ten days."""
    named = next(
        (found for each in (*page.asked.values(), page.url, page.name) if (found := _FILE.search(each))), None
    )
    applies = _APPLIES.search(" ".join(cell for line in above for cell in line))
    try:
        then = names.valid_on(cells.day(applies[1]), page.fetched_at) if applies else None
        if page.asked.get("day"):
            return cells.in_time(cells.day(page.asked["day"]), page.fetched_at)
        own = (
            cells.in_time(date(int(named[3]), int(named[2]), int(named[1])), page.fetched_at)
            if named
            else then
        )
    except ValueError as wrong:
        raise BrokenPage(f"the file's day: {wrong}", page=page.name) from None
    if own is None:
        raise BrokenPage("which day it is of is told neither by the file's name nor in it", page=page.name)
    if then is not None and not 0 <= (then - own).days <= 10:
        raise BrokenPage(f"the file's name says {own}, its text {then}", page=page.name)
    return own
