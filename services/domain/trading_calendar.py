"""One market's calendar as a value, so that a job asks "is there a session?" without knowing which exchange it serves."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

from services.domain import calendar, new_york
from services.domain.calendar import Closure, Hours, Phase, Season
from services.domain.profiles import Market, profile


class _Rules(Protocol):
    """The questions that both calendars' modules answer."""

    def closure(
        self, day: date, extra_holidays: Mapping[date, str] | Collection[date] = ..., /
    ) -> Closure | None: ...
    def is_session(
        self, day: date, extra_holidays: Collection[date] = ..., /, *, reopened: Collection[date] = ...
    ) -> bool: ...
    def next_session(
        self, day: date, extra_holidays: Collection[date] = ..., /, *, reopened: Collection[date] = ...
    ) -> date: ...
    def previous_session(
        self, day: date, extra_holidays: Collection[date] = ..., /, *, reopened: Collection[date] = ...
    ) -> date: ...
    def session_hours(self, day: date, seasons: Iterable[Season] = ..., /) -> Hours: ...
    def state(
        self,
        now: datetime,
        extra_holidays: Collection[date] = ...,
        /,
        *,
        reopened: Collection[date] = ...,
        seasons: Iterable[Season] = ...,
    ) -> Phase: ...


_RULES: Mapping[Market, _Rules] = {"psx": calendar, "us": new_york}
_SEASONS: Mapping[Market, tuple[Season, ...]] = {"psx": calendar.SEASONS, "us": ()}


@dataclass(frozen=True, slots=True)
class TradingCalendar:
    """A market's sessions under the operator's word.

    ``closed`` are days closed by it (name by day), ``reopened`` days traded after all, ``seasons`` its further seasons
    (they go before the known ones). Days are the market's own, wherever the asker lives.
    """

    market: Market
    closed: Mapping[date, str] = field(default_factory=dict)
    reopened: frozenset[date] = frozenset()
    seasons: tuple[Season, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return profile(self.market).zone

    def today(self, now: datetime) -> date:
        """The market's date at an aware time."""
        return now.astimezone(self.zone).date()

    def closure(self, day: date) -> Closure | None:
        """Why a weekday has no session; None if it has one."""
        return None if day in self.reopened else self._rules.closure(day, self.closed)

    def is_session(self, day: date) -> bool:
        """Whether the market trades on a day of its own."""
        return self._rules.is_session(day, self.closed, reopened=self.reopened)

    def next_session(self, day: date) -> date:
        """The first session after a day."""
        return self._rules.next_session(day, self.closed, reopened=self.reopened)

    def previous_session(self, day: date) -> date:
        """The last session before a day."""
        return self._rules.previous_session(day, self.closed, reopened=self.reopened)

    def session_hours(self, day: date) -> Hours:
        """The hours of a session on that day, in the market's time."""
        return self._rules.session_hours(day, (*self.seasons, *_SEASONS[self.market]))

    def state(self, now: datetime) -> Phase:
        """What the market does at an aware time."""
        seasons = (*self.seasons, *_SEASONS[self.market])
        return self._rules.state(now, self.closed, reopened=self.reopened, seasons=seasons)

    def last_opened(self, now: datetime) -> date:
        """The newest session whose trading had begun by an aware time: the day that prices of that time are of."""
        return self._newest(now, lambda hours: hours.opens)

    def last_closed(self, now: datetime) -> date:
        """The newest session whose trading had ended by an aware time."""
        return self._newest(now, lambda hours: hours.closes)

    def closes_at(self, day: date) -> datetime:
        """The last moment of a session's trading, aware."""
        return datetime.combine(day, self.session_hours(day).closes, self.zone)

    @property
    def _rules(self) -> _Rules:
        return _RULES[self.market]

    def _newest(self, now: datetime, mark: Callable[[Hours], time]) -> date:
        local = now.astimezone(self.zone)
        if self.is_session(local.date()) and local.time() >= mark(self.session_hours(local.date())):
            return local.date()
        return self.previous_session(local.date())
