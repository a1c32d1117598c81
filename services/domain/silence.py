"""A planned session in which nothing trades: the exchange is closed, whatever our calendar says (a moon day, a storm)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.domain.trading_calendar import TradingCalendar

PRESUMED = "no trade seen by 10:00"
"""The name under which such a day is kept as closed."""
NOT_BEFORE = time(10)
QUIET = timedelta(minutes=25)
"""The first trades come with the open; a source that shows none so long after it shows that there are none."""


@dataclass(frozen=True, slots=True)
class LastTrade:
    """What live sources show: the newest day on which anything traded (None: nothing yet), and when that was fetched.

    Only of sources that are live and answered; sample and imported data say nothing about today.
    """

    day: date | None
    fetched: datetime


def is_silent(now: datetime, last: LastTrade | None, calendar: TradingCalendar) -> bool:
    """Whether today's planned session did not begin, by an answer fetched well after its open."""
    today = calendar.today(now)
    if last is None or not calendar.is_session(today):
        return False
    opens = datetime.combine(today, calendar.session_hours(today).opens, calendar.zone)
    earliest = max(datetime.combine(today, NOT_BEFORE, calendar.zone), opens + QUIET)
    return now >= earliest and last.fetched >= opens + QUIET and (last.day is None or last.day < today)
