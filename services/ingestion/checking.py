"""Whether rows that could be read can be believed, set against the last good ones of the same page."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.domain.errors import BrokenPage
from services.domain.records import ROWS, Kind, Row, days_of
from services.domain.sourcing import PageSpec
from services.domain.standing import Seen
from services.ingestion.documents import DAYS

FEWEST: Final = 0.6  # of the rows that were there last time
ALWAYS_WHOLE: Final[frozenset[Kind]] = frozenset(
    {"bars", "watch", "indices", "constituents", "symbols", "sectors", "screener", "navs", "fx", "flows", "baskets"}
)  # fmt: skip
"""Tables that are published whole each time: far fewer rows, or an older day, mean a broken or a wrong page.

The others are lists of news (announcements, headlines, payouts), which may well be shorter today.
"""


class SuspectPage(BrokenPage):
    """A page that reads well and contradicts what was known; it waits for an operator's word."""


def newest_day(rows: Sequence[Row]) -> date | None:
    """The newest day among rows; None if there are none."""
    return max(days_of(rows), default=None)


def checked(spec: PageSpec, asked: Sequence[str], rows: Sequence[Row], last: Seen | None) -> date | None:
    """The newest day of rows that may be stored.

    Args:
        spec: The page.
        asked: The names of the question's parameters: a question about one day is not set against another day's.
        rows: What the parser made of it.
        last: What was good last time; None if this is the first.

    Raises:
        BrokenPage: No rows where there must be some, or rows of another kind.
        SuspectPage: Far fewer rows than last time, or an older newest day.
    """
    if not rows and not spec.empty_ok:
        raise BrokenPage("no rows", page=spec.name)
    if set(map(type, rows)) - {ROWS[spec.kind]}:
        wrong = next(number for number, row in enumerate(rows, 1) if type(row) is not ROWS[spec.kind])
        raise BrokenPage(f"the parser gave no row of {spec.kind}", page=spec.name, row=wrong)
    newest = newest_day(rows)
    if last is None or spec.kind not in ALWAYS_WHOLE or DAYS & set(asked):
        return newest
    if len(rows) < last.rows * FEWEST:
        raise SuspectPage(f"{len(rows)} rows where {last.rows} were before; not taken", page=spec.name)
    if newest is not None and last.newest is not None and newest < last.newest:
        raise SuspectPage(f"goes back to {newest}, {last.newest} is known; not taken", page=spec.name)
    return newest
