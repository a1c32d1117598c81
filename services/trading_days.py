"""Which days have a session, by the calendar, imported rows and the operator's word; and what a change of one sets in motion."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.broadcasts import Broadcasts, Outcome, is_due
from services.campaigns import Campaigns
from services.domain.calendar import Phase
from services.domain.conversation import LANGUAGES, Lang, Reply
from services.domain.dated_days import OPEN, Ahead, Dated, dated
from services.domain.day_orders import Order
from services.domain.errors import BadInput
from services.domain.profiles import Market, profile
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
WORTH = timedelta(days=3)
"""How long a word on a day may wait to be told, through a restart or a provider that is away; never past the day itself."""


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
        self._in_hand: set[str] = set()

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
        return await self._order(day, name, planned, opens=False)

    async def reopen(self, day: date) -> Change:
        """There is a session that day after all; those with a brief due that day are told, once."""
        closed = not await self.is_session(day)
        # What the calendar itself has as no weekday of trade stays one: the word is kept, nobody is told.
        return await self._order(day, OPEN, closed and await self._would_open(day), opens=True)

    async def go_on(self) -> int:
        """Finish what a dead process had begun to tell, or this one when a store failed it; returns how many words."""
        orders = await self._operations.day_orders()
        gone = await self._broadcasts.gone([order.owner for order in orders])
        left = [order for order in orders if order.owner in gone and order.notice not in self._in_hand]
        for order in left:
            await self._obey(order)
        return len(left)

    async def _would_open(self, day: date) -> bool:
        reopened = {*await self._operations.reopened(), day}
        return dated(
            await self._rows(),
            market=self._market,
            closed=await self._operations.holidays(),
            reopened=reopened,
        ).calendar.is_session(day)

    async def _order(self, day: date, name: str, changes: bool, *, opens: bool) -> Change:
        """Keep the word, and tell of it where it changes a day that is not past; one half told is told to its end."""
        now = self._clock.now()
        half = [
            o for o in await self._operations.day_orders() if (o.day, o.opens, o.name) == (day, opens, name)
        ]
        if not half and not (changes and day >= now.date()):
            await (self._operations.reopen(day) if opens else self._operations.add_holiday(day, name))
            return Change(day, False, 0, 0, (await self.calendar()).next_session(day))
        owner = self._broadcasts.instance
        order = (
            half[0] if half else await self._operations.order_day(day, name, opens=opens, at=now, owner=owner)
        )
        return await self._obey(order)

    async def _obey(self, order: Order) -> Change:
        """Take back what is no longer true and tell everybody; done twice it tells nobody twice."""
        self._in_hand.add(order.notice)
        try:
            cancelled, late = await self._take_back(order)
            ahead, market = (await self.calendar()).next_session(order.day), profile(self._market)
            replies = {
                lang: open_reply(lang, order.day, market)
                if order.opens
                else closed_reply(lang, order.day, order.name, ahead, market)
                for lang in LANGUAGES
            }
            told = (
                await self._tell(order, replies, late=late)
                if order.day >= self._clock.now().date()
                else Outcome()
            )
            await self._operations.told_order(order)
        finally:
            self._in_hand.discard(order.notice)
        return Change(order.day, True, told.put, cancelled, ahead)

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
            await self._alarm("market", f"trades are seen after all: {dated_text(today)} is a session again")
            await self._operations.reopen(today)
            return "trades are seen: open after all"
        if today in state.reopened or not is_silent(now, last, state):
            return ""
        await self._alarm(
            "market",
            f"no fresh trade by {hour(now)}: {dated_text(today)} counts as closed, no briefs are sent and the evening's "
            f"says so. If the exchange is open: /holiday {today} open",
        )
        # The word comes behind the alarm: after a crash in between it is sounded again, which counts once an hour.
        await self._operations.add_holiday(today, PRESUMED)
        return "no trade seen: closed"

    async def tell_silence(self, day: date, wanted: Callable[[User], bool]) -> Outcome:
        """In place of a brief: nothing traded that day. Once a day for each, whatever the number of their brief times."""
        state = await self.calendar()
        last, ahead = state.calendar.previous_session(day), state.next_session(day)
        replies = {lang: silent_reply(lang, day, last, ahead, profile(self._market)) for lang in LANGUAGES}
        return await self._send(f"silent:{day}", wanted, replies)

    async def _take_back(self, order: Order) -> tuple[int, bool]:
        """Cancel what still waits of that day: the briefs of a closed one, and what an earlier word had told.

        Returns how many briefs those were, and whether any of that day ever were: asked of what is kept, so that a restart
        knows it too.
        """
        day, briefs = order.day, f"brief:{order.day}:"
        untrue = (f"holiday:{day}", f"{OPEN}:{day}", f"silent:{day}", *(() if order.opens else (briefs,)))
        names = [run.id for run, _ in await self._campaigns.under_way()]
        taken = 0
        for name in names:
            if name.startswith(untrue) and name != order.notice:
                with suppress(
                    BadInput
                ):  # at this moment the last of it was sent, or another has cancelled it
                    _, count = await self._campaigns.cancel(name)
                    taken += count if name.startswith(briefs) else 0
        ended = await self._campaigns.taken_back(untrue)
        late = {name: count for name, count in ended.items() if name.startswith(briefs)}
        return taken + sum(late.values()), bool(late)

    async def _tell(self, order: Order, replies: dict[Lang, Reply], *, late: bool) -> Outcome:
        """Everybody with a brief due that day; on the day itself those whose time was still to come at the operator's word.

        A brief whose hour was past may have waited and been taken back: then those of the last hours are told too.
        """
        zone = self._clock.now().tzinfo
        said = order.at.astimezone(zone)
        day, after = order.day, None
        if day == said.date():
            moment = said - LATE if late else said
            after = moment.time() if moment.date() == day else None

        def wanted(user: User) -> bool:
            return is_due(user, day) and (after is None or any(at > after for at in user.preferences.times))

        over = datetime.combine(day + timedelta(days=1), time.min, zone)
        return await self._send(order.notice, wanted, replies, until=min(over, said + WORTH))

    async def _send(
        self,
        name: str,
        wanted: Callable[[User], bool],
        replies: dict[Lang, Reply],
        *,
        until: datetime | None = None,
    ) -> Outcome:
        async def compose(user: User) -> Sequence[Reply]:
            return (replies[user.preferences.lang],)

        return await self._broadcasts.notice(name, wanted, compose, until=until)
