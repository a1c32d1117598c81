"""When a trade settles, and so from which session on a share trades without a payout."""

from collections.abc import Collection
from datetime import date

from services.domain.calendar import next_session, previous_session

NEXT_DAY_SINCE = date(2026, 2, 9)
"""Trades of this session and later settle one working day after (T+1), earlier ones two (PSX.md 4.3)."""


def settles(day: date, extra_holidays: Collection[date] = (), *, reopened: Collection[date] = ()) -> date:
    """On which day a trade of that session settles. Sessions stand for working days: the banks' own are not known here."""
    after = next_session(day, extra_holidays, reopened=reopened)
    return after if day >= NEXT_DAY_SINCE else next_session(after, extra_holidays, reopened=reopened)


def ex_date(
    closure_from: date, extra_holidays: Collection[date] = (), *, reopened: Collection[date] = ()
) -> date:
    """The first session in which a buyer is too late for a payout: the trade settles when the books are closed.

    That is one working day before the closure begins under T+1, two under T+2. In the week of the change both rules hold
    for some trades, so it is found by settling, not by counting.
    """
    own = {"extra_holidays": extra_holidays, "reopened": reopened}
    found = previous_session(closure_from, **own)
    while settles(before := previous_session(found, **own), **own) >= closure_from:
        found = before
    return found
