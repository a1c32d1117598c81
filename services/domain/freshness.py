"""How old a fact may be before it is called stale, kind by kind, and which kinds a brief must say so of.

The thresholds are data. A fact bears its day and time (``as_of``); what it is held against is the market's own calendar: a
close of Friday is as fresh on Sunday as it was on Friday evening.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from services.domain.records import Kind, Status
from services.domain.trading_calendar import TradingCalendar

Aspect = Kind | Literal["policy_rate", "kibor", "cpi", "yields", "reserves"]
"""A kind of rows, or one of the rates, which age differently."""

MEETINGS: tuple[date, ...] = (
    date(2026, 7, 27), date(2026, 9, 14), date(2026, 10, 26), date(2026, 12, 14),
    date(2027, 1, 25), date(2027, 3, 8), date(2027, 4, 26), date(2027, 6, 17),
)  # fmt: skip
"""The State Bank's monetary policy meetings of its year 2026-27: a policy rate is good until the next one."""
SETTLED = timedelta(minutes=30)
"""So long after the close an intraday figure may still stand in for the official one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a kind is stale.

    ``in_session``: trading time that may pass; once the session is settled its close is due. ``by``: the figure of a
    session is due from that hour of its day on (``after_close``: from so long after its end); before that the session
    before is enough. ``within``: calendar time that may pass. ``meetings``: good until the next of these days is over.
    A rule without any of them never makes stale.
    """

    in_session: timedelta | None = None
    by: time | None = None
    after_close: timedelta | None = None
    within: timedelta | None = None
    meetings: tuple[date, ...] = ()


_LIVE = Rule(in_session=timedelta(minutes=20))
_CLOSE = Rule(after_close=timedelta(minutes=60))
_DAY, _WEEK, _MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=31)

RULES: Mapping[Aspect, Rule] = {
    "watch": _LIVE, "indices": _LIVE, "ticks": _LIVE,
    "breadth": _LIVE, "depth": _LIVE, "leaders": _LIVE, "movers": _LIVE, "sector_moves": _LIVE, "totals": _LIVE,
    "bars": _CLOSE, "screener": _CLOSE,
    "announcements": Rule(by=time(18)),
    "navs": Rule(by=time(19, 30)),
    "flows": Rule(by=time(19)),
    "fx": Rule(by=time(18)),
    "kibor": Rule(by=time(18)),
    "yields": Rule(by=time(20)),
    "policy_rate": Rule(meetings=MEETINGS),
    "cpi": Rule(within=timedelta(days=65)),  # a month's index is published in the first days of the next
    "reserves": Rule(within=timedelta(days=14)),
    "rates": Rule(within=_MONTH),
    "news": Rule(within=_DAY),
    "holdings": Rule(within=timedelta(days=45)),
    "baskets": Rule(within=_WEEK), "companies": Rule(within=_WEEK), "payouts": Rule(within=_WEEK),
    "constituents": Rule(within=_MONTH), "symbols": Rule(within=_MONTH), "sectors": Rule(within=_MONTH),
    "events": Rule(within=_MONTH),
    "holidays": Rule(), "actions": Rule(),
}  # fmt: skip
"""Each kind's threshold."""

_RATES: tuple[tuple[str, Aspect], ...] = (
    ("policy", "policy_rate"),
    ("kibor", "kibor"),
    ("cpi", "cpi"),
    ("pkrv", "yields"),
    ("tbill", "yields"),
    ("pib", "yields"),
    ("reserves", "reserves"),
)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How one kind stands in a book. ``as_of`` is that of its newest figure, None where there is none."""

    kind: Aspect
    as_of: datetime | None
    source: str
    status: Status

    @property
    def is_stale(self) -> bool:
        return self.status in {"stale", "missing"}


def aspect_of_rate(name: str) -> Aspect:
    """What a rate ages as, by our name for it: "kibor_6m" is a KIBOR, "USD" an exchange rate."""
    return next(
        (aspect for start, aspect in _RATES if name.startswith(start)), "fx" if name.isupper() else "rates"
    )


def status_of(
    kind: Aspect, as_of: datetime | None, now: datetime, calendar: TradingCalendar, origin: Status
) -> Status:
    """How a fact stands at an aware time.

    Args:
        kind: What it is.
        as_of: Its own time (aware), None if there is no such fact.
        now: The time.
        calendar: The sessions of its market, with the operator's word.
        origin: Where it is from: live, delayed, imported, sample. A sample stays one, however old; all others may be stale.
    """
    if as_of is None or origin == "missing":
        return "missing"
    if origin == "sample":
        return "sample"
    return "stale" if is_late(RULES[kind], as_of, now, calendar) else origin


def is_late(rule: Rule, as_of: datetime, now: datetime, calendar: TradingCalendar) -> bool:
    """Whether a figure is older than its rule allows."""
    if rule.within is not None and now - as_of > rule.within:
        return True
    day, today = as_of.astimezone(calendar.zone).date(), calendar.today(now)
    if any(day < meeting < today for meeting in rule.meetings):
        return True
    if rule.by is not None or rule.after_close is not None:
        return day < _due_session(rule, now, calendar)
    return rule.in_session is not None and _late_in_session(rule.in_session, as_of, now, calendar)


def _due_session(rule: Rule, now: datetime, calendar: TradingCalendar) -> date:
    """The newest session whose figure should be there."""
    today = calendar.today(now)
    if calendar.is_session(today):
        due = (
            calendar.closes_at(today) + rule.after_close
            if rule.after_close is not None
            else datetime.combine(today, rule.by or time(), calendar.zone)
        )
        if now >= due:
            return today
    return calendar.previous_session(today)


def _late_in_session(allowed: timedelta, as_of: datetime, now: datetime, calendar: TradingCalendar) -> bool:
    close = calendar.closes_at(calendar.last_closed(now))
    if calendar.state(now) not in {"open", "break"} and now >= close + SETTLED:
        return as_of < close
    return trading_time(as_of, now, calendar, enough=allowed) > allowed


def trading_time(
    start: datetime, end: datetime, calendar: TradingCalendar, *, enough: timedelta = timedelta.max
) -> timedelta:
    """How long the market traded between two aware times; counting stops when ``enough`` is passed."""
    total, day, last = timedelta(0), calendar.today(start), calendar.today(end)
    while day <= last and total <= enough:
        if calendar.is_session(day):
            for _, opens, closes in calendar.session_hours(day).spans:
                begins = max(start, datetime.combine(day, opens, calendar.zone))
                ends = min(end, datetime.combine(day, closes, calendar.zone))
                total += max(timedelta(0), ends - begins)
        day += timedelta(days=1)
    return total


def judged(parts: Iterable[Freshness], now: datetime, calendar: TradingCalendar) -> tuple[Freshness, ...]:
    """The same with their status at that time; each comes with its origin as status."""
    return tuple(
        replace(part, status=status_of(part.kind, part.as_of, now, calendar, part.status)) for part in parts
    )


def stale(parts: Iterable[Freshness], now: datetime, calendar: TradingCalendar) -> tuple[Freshness, ...]:
    """What a brief built on these must say is old or not there: each kind once, by its newest figure, in the rules' order."""
    newest: dict[Aspect, Freshness] = {}
    for part in judged(parts, now, calendar):
        known = newest.get(part.kind)
        if known is None or _when(part) > _when(known):
            newest[part.kind] = part
    return tuple(newest[kind] for kind in RULES if kind in newest and newest[kind].is_stale)


def _when(part: Freshness) -> float:
    return part.as_of.timestamp() if part.as_of is not None else float("-inf")
