"""The American market's part of the books: which kinds are read, and the book of them; there is no frozen day beneath."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from typing_extensions import override

from services.books import Bindery, Gathered
from services.books.kept import Kept, only, rows_of
from services.domain.errors import MarketByteError
from services.domain.market import Event, MarketBook
from services.domain.records import Kind, Row, Status, key_of
from services.domain.rows import ActionRow, Bar, EventRow, IndexRow, NewsRow, Symbol, Watch
from services.domain.rows_us import Mover
from services.domain.trading_calendar import TradingCalendar
from services.domain.us_book import SOURCE, us_book
from services.domain.us_frame import Desk, UsRows, desk_of
from services.domain.us_news import due, press
from services.market_store import Days, Lake

R = TypeVar("R", bound=Row)
KINDS: Final[tuple[Kind, ...]] = ("indices", "watch", "movers", "events", "news")
Past = tuple[tuple[Bar, ...], tuple[ActionRow, ...], tuple[Symbol, ...]]

PAST: Final = timedelta(days=600)  # of bars, as for PSX
RECENT: Final = timedelta(
    days=8
)  # of quotes, levels, dates, headlines: a day that was missed is told from the one before
NAMED: Final = timedelta(days=120)  # a name that no visit has brought for so long is of nobody's interest


@dataclass(frozen=True, slots=True)
class UsGathered(Gathered):
    """Rows with the frame they give at their time: a book whose figures have grown old, or whose dates are over, is another."""

    rows: UsRows
    headlines: tuple[NewsRow, ...]
    desk: Desk
    due: tuple[Event, ...]
    status: Status
    source: str
    calendar: TradingCalendar

    @override
    def book(self, now: datetime, calendar: TradingCalendar) -> MarketBook:
        made = us_book(self.rows, now=now, status=self.status, source=self.source, calendar=calendar)
        told = press(self.headlines, calendar.today(now), made.shares.keys())
        beside = hashlib.sha256(repr((told, self.due)).encode()).hexdigest()[:8]
        return replace(made, announcements=(*made.announcements, *told), version=f"{made.version}-{beside}")

    @override
    def again(self, book: MarketBook, now: datetime, calendar: TradingCalendar) -> MarketBook:
        return book


class UsBindery(Bindery):
    """Gathers the American market's rows.

    Args:
        daily: The last weeks.
        old: The same from the lake.
        lake: The past of the shares, their names and splits.
        nothing: What is raised while nothing is kept: it says what to do.
    """

    def __init__(self, daily: Days, old: Days, lake: Lake, nothing: MarketByteError) -> None:
        self._kept = Kept(daily, old)
        self._lake = lake
        self._nothing = nothing
        self._past: tuple[tuple[str, ...], Past] | None = None

    @override
    async def gather(self, now: datetime, calendar: TradingCalendar) -> UsGathered:
        # Counted from the session, not from today: over a weekend nothing falls out, and the book stays the same one.
        first = calendar.last_opened(now) - RECENT
        indices, watch, movers, events, news = await asyncio.gather(
            *(self._kept.since(kind, first, now) for kind in KINDS)
        )
        origin = max((*indices, *watch), key=lambda batch: batch.as_of, default=None)
        # A close is known from the end of its day on, whenever its bar was brought: a replay of earlier days rests on these.
        origin = origin or await self._kept.newest("bars", None, calendar.last_closed(now))
        if origin is None:
            raise self._nothing
        bars, actions, symbols = await self._history(now, calendar)
        rows = UsRows(
            quotes=_sorted("watch", rows_of(watch, Watch)),
            indices=_sorted("indices", rows_of(indices, IndexRow)),
            bars=bars,
            movers=_sorted("movers", rows_of(movers, Mover)),
            events=_sorted("events", rows_of(events, EventRow)),
            symbols=symbols,
            actions=actions,
        )
        status, source = origin.status, SOURCE if origin.source == "fmp" else origin.source
        return UsGathered(
            rows=rows,
            headlines=_sorted("news", rows_of(news, NewsRow)),
            desk=desk_of(rows, now, status, source, calendar),
            due=due(rows.events, now, source),
            status=status,
            source=source,
            calendar=calendar,
        )

    async def _history(self, now: datetime, calendar: TradingCalendar) -> Past:
        """Bars of the sessions that are over, splits, names; read anew only when one was stored, or a session is over."""
        last = calendar.last_closed(now)
        kinds: tuple[Kind, ...] = ("bars", "actions", "symbols")
        mark = (
            last.isoformat(),
            *await asyncio.gather(*(self._lake.version(kind) for kind in kinds)),
        )
        if self._past is None or self._past[0] != mark:
            bars, actions, symbols = await asyncio.gather(
                self._lake.rows("bars", first=last - PAST, last=last),
                self._lake.rows("actions"),
                self._lake.rows("symbols", first=last - NAMED),
            )
            self._past = (mark, (only(bars, Bar), only(actions, ActionRow), only(symbols, Symbol)))
        return self._past[1]


def _sorted(kind: Kind, rows: Sequence[R]) -> tuple[R, ...]:
    """By what names them, so that the same rows are the same whichever visit brought them."""
    return tuple(sorted(rows, key=lambda row: tuple(map(str, key_of(kind, row)))))
