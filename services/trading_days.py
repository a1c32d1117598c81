"""Which days have a session, by the calendar, imported rows and the operator's word; and what a change of one sets in motion."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.broadcasts import Broadcasts, Outcome, is_due
from services.campaigns import Campaigns
from services.domain.calendar import Phase
from services.domain.conversation import LANGUAGES, Lang, Reply
from services.domain.dated_days import OPEN, Ahead, Dated, dated
from services.domain.profiles import Market
from services.domain.rows import HolidayRow
from services.domain.silence import PRESUMED, LastTrade, is_silent
from services.domain.users import User
from services.ports import Clock, OperationsStore
from services.wording.layouts.holiday import closed_reply, open_reply, silent_reply
from services.wording.numbers import clock as hour
from services.wording.numbers import day as dated_text

Alarm = Callable[[str, str], Awaitable[None]]
LATE = timedelta(hours=2)
"""A brief this old may still have waited in the queue when its day was closed."""
LOOK_AHEAD = timedelta(days=400)


async def _no_rows() -> Sequence[HolidayRow]:
    return ()


async def _nothing_live() -> LastTrade | None:
    return None


async def _no_alarm(_kind: str, _detail: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Change:
    """What the operator's word on a day did. ``changed``: the day is another than before; ``ahead`` the session after it."""

    day: date
    changed: bool
    told: int
    cancelled: int
    ahead: Ahead


@dataclass(frozen=True, slots=True)
class Plan:
    """The operator's own days, and the closed days ahead that wait for the moon."""

    closed: dict[date, str]
    reopened: tuple[date, ...]
    tentative: tuple[tuple[date, str], ...]


class TradingDays:
    """The one answer to "is there a session?" for every job. Jobs ask at their hour: a change counts at once.

    Args:
        operations: Where the operator's word is kept.
        broadcasts: Tells those who are due.
        campaigns: Takes back what still waits.
        clock: The time.
        market: Whose calendar it is.
        rows: Imported rows of kind "holidays".
        last_trade: What live sources show of today; None if none is set up, or none answered.
        alarm: Tells the operators.
    """

    def __init__(  # noqa: PLR0913  # the wiring hands over each part by name
        self,
        operations: OperationsStore,
        broadcasts: Broadcasts,
        campaigns: Campaigns,
        clock: Clock,
        *,
        market: Market = "psx",
        rows: Callable[[], Awaitable[Sequence[HolidayRow]]] = _no_rows,
        last_trade: Callable[[], Awaitable[LastTrade | None]] = _nothing_live,
        alarm: Alarm = _no_alarm,
    ) -> None:
        self._operations = operations
        self._broadcasts = broadcasts
        self._campaigns = campaigns
        self._clock = clock
        self._market: Market = market
        self._rows = rows
        self._last_trade = last_trade
        self._alarm = alarm

    async def calendar(self) -> Dated:
        """The calendar as it stands now."""
        return dated(
            await self._rows(),
            market=self._market,
            closed=await self._operations.holidays(),
            reopened=await self._operations.reopened(),
        )

    async def is_session(self, day: date) -> bool:
        """Whether the market trades on a day."""
        return (await self.calendar()).calendar.is_session(day)

    async def phase(self, now: datetime) -> Phase:
        """What the market does at an aware time. A day that is only presumed closed goes on being looked at."""
        said = await self._operations.holidays()
        declared = {day: name for day, name in said.items() if name != PRESUMED}
        reopened = await self._operations.reopened()
        return dated(
            await self._rows(), market=self._market, closed=declared, reopened=reopened
        ).calendar.state(now)

    async def plan(self) -> Plan:
        """For the operator: their own days, and moon days of the next year."""
        state, today = await self.calendar(), self._clock.now().date()
        days = [today + timedelta(days=n) for n in range(LOOK_AHEAD.days)]
        waiting = [(each, state.calendar.closure(each)) for each in days if state.is_tentative(each)]
        return Plan(
            await self._operations.holidays(),
            tuple(sorted(await self._operations.reopened())),
            tuple((each, closure.name) for each, closure in waiting if closure is not None),
        )

    async def close(self, day: date, name: str) -> Change:
        """No session that day: waiting briefs of it are taken back, and those with one due that day are told, once."""
        planned = await self.is_session(day) or await self.is_presumed_closed(day)
        changed = planned and day >= self._clock.now().date()
        await self._operations.add_holiday(day, name)
        ahead = (await self.calendar()).next_session(day)
        if not changed:
            return Change(day, False, 0, 0, ahead)
        cancelled = await self._take_back(day)
        replies = {lang: closed_reply(lang, day, name, ahead) for lang in LANGUAGES}
        outcome = await self._tell(f"holiday:{day}", day, replies, late=bool(cancelled))
        return Change(day, True, outcome.put, cancelled, ahead)

    async def reopen(self, day: date) -> Change:
        """There is a session that day after all; those with a brief due that day are told, once."""
        before = await self.is_session(day)
        await self._operations.reopen(day)
        state = await self.calendar()
        changed = not before and day >= self._clock.now().date() and state.calendar.is_session(day)
        if not changed:
            return Change(day, False, 0, 0, state.next_session(day))
        replies = {lang: open_reply(lang, day) for lang in LANGUAGES}
        outcome = await self._tell(f"{OPEN}:{day}", day, replies)
        return Change(day, True, outcome.put, 0, state.next_session(day))

    async def is_presumed_closed(self, day: date) -> bool:
        """Whether a day counts as closed only because nothing traded."""
        return (await self._operations.holidays()).get(day) == PRESUMED

    async def watch_open(self) -> str:
        """No fresh trade in a planned session: the day counts as closed and the operators are told; trades later undo it."""
        now = self._clock.now()
        state, last = (await self.calendar()).calendar, await self._last_trade()
        today = state.today(now)
        if await self.is_presumed_closed(today):
            if last is None or last.day != today:
                return ""
            await self._operations.reopen(today)
            await self._alarm("market", f"trades are seen after all: {dated_text(today)} is a session again")
            return "trades are seen: open after all"
        if today in state.reopened or not is_silent(now, last, state):
            return ""
        await self._operations.add_holiday(today, PRESUMED)
        await self._alarm(
            "market",
            f"no fresh trade by {hour(now)}: {dated_text(today)} counts as closed, no briefs are sent and the evening's "
            f"says so. If the exchange is open: /holiday {today} open",
        )
        return "no trade seen: closed"

    async def tell_silence(self, day: date, wanted: Callable[[User], bool]) -> Outcome:
        """In place of a brief: nothing traded that day. Once a day for each, whatever the number of their brief times."""
        state = await self.calendar()
        last, ahead = state.calendar.previous_session(day), state.next_session(day)
        replies = {lang: silent_reply(lang, day, last, ahead) for lang in LANGUAGES}
        return await self._send(f"silent:{day}", wanted, replies)

    async def _take_back(self, day: date) -> int:
        """Cancel the briefs of a day that still wait; returns how many messages those were."""
        waiting = [
            run.id for run, _ in await self._campaigns.under_way() if run.id.startswith(f"brief:{day}:")
        ]
        return sum([(await self._campaigns.cancel(name))[1] for name in waiting])

    async def _tell(self, name: str, day: date, replies: dict[Lang, Reply], *, late: bool = False) -> Outcome:
        """Everybody with a brief due that day; today only those whose time is still to come."""
        now = self._clock.now()
        moment = (now - LATE if late else now) if day == now.date() else None
        after = moment.time() if moment is not None and moment.date() == day else None

        def wanted(user: User) -> bool:
            return is_due(user, day) and (after is None or any(at > after for at in user.preferences.times))

        return await self._send(name, wanted, replies)

    async def _send(self, name: str, wanted: Callable[[User], bool], replies: dict[Lang, Reply]) -> Outcome:
        async def compose(user: User) -> Sequence[Reply]:
            return (replies[user.preferences.lang],)

        return await self._broadcasts.notice(name, wanted, compose)
