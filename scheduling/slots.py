"""The names of runs, by which each happens once, and the moments that they belong to."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from services.broadcasts import Outcome
from services.domain.calendar import Phase
from services.domain.profiles import Hour, Market
from services.domain.sourcing import When
from services.domain.users import User

CATCH_UP = timedelta(hours=2)
_OVER: frozenset[Phase] = frozenset({"post-close", "closed"})
# What the market must be doing: on PSX's Fridays the close is an hour later, and nothing is traded over noon.
PHASES: Mapping[When, Mapping[Market, frozenset[Phase]]] = {
    "session": {"psx": frozenset({"open"}), "us": frozenset({"open"})},
    "close": {"psx": _OVER, "us": _OVER},
    # In New York late trade goes on until 20:00, behind prices that are settled.
    "evening": {"psx": frozenset({"closed"}), "us": _OVER},
}


def slot_of(moment: datetime) -> str:
    """The personal briefs of a quarter hour (in the market's zone)."""
    return f"brief:{moment.date()}:{moment:%H:%M}"


def push_slot(hour: Hour, day: date) -> str:
    """A brief that all are told alike; told apart from the personal ones of the same hour."""
    return f"brief:{day}:{hour.brief}:{hour.at:%H:%M}"


def was_there(user: User, moment: datetime) -> bool:
    """Whether somebody had joined by that hour; who joined later chose the next one, unless an operator says otherwise."""
    return user.consented_at is None or user.consented_at <= moment


def floored(now: datetime, when: When) -> datetime:
    """The start of the slot: the half hour, the hour, or for the daily one the day."""
    minute = now.minute - now.minute % 30 if when == "session" else 0
    return now.replace(hour=0 if when == "daily" else now.hour, minute=minute, second=0, microsecond=0)


def quarters(now: datetime) -> list[datetime]:
    """The quarter hours of today within the last two hours, oldest first, the one that is now included."""
    last = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
    moments = [
        last - timedelta(minutes=15 * back) for back in range(CATCH_UP // timedelta(minutes=15), -1, -1)
    ]
    return [moment for moment in moments if moment.date() == now.date()]


def summed(outcome: Outcome) -> str:
    """What came of a run, for the log and for ``/run``."""
    return f"{outcome.due} due, {outcome.put} put, {outcome.twice} told before, {outcome.failed} failed"
