"""Fetches the market's pages: every source by itself, bytes kept before they are read, rows checked before they are stored.

A source that fails, hangs or stands behind a gate delays no other, and never a brief: what was known stays.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from services.counts import UNCOUNTED, Counts
from services.domain.errors import MarketByteError, UnknownName
from services.domain.records import Kind
from services.domain.sourcing import PageSpec, SourceSpec, When
from services.domain.standing import Seen, Standing
from services.ingestion.documents import lasting
from services.ingestion.report import Report, SourceReport, SourceState
from services.ingestion.storing import Shelf
from services.ingestion.verdict import after, told
from services.ingestion.visit import Rooms, Visit, Wish, past_days
from services.market_store import DailyData, Fetcher, Lake, RawArchive, Standings, Takings
from services.ports import Clock

DEADLINE: Final = 1200.0  # seconds for one source: 550 pages at half a second are 275
FINISHING: Final = 60.0

Alarm = Callable[[str, str], Awaitable[None]]
Wanted = Callable[[SourceSpec], Awaitable[Sequence[str]]]
Changed = Callable[[frozenset[Kind]], Awaitable[None]]


class InMind:
    """``Standings`` of this process alone: for tests and where no database is open."""

    def __init__(self) -> None:
        self._kept: dict[str, Standing] = {}

    async def all(self) -> Mapping[str, Standing]:
        """Every source's standing by name."""
        return dict(self._kept)

    async def save(self, standing: Standing) -> None:
        """Keep it until the process ends."""
        self._kept[standing.name] = standing


class Ingestion:
    """Asks the sources and stores what they say.

    Args:
        sources: Those that may be asked.
        fetcher: Fetches, gently.
        archive: Keeps bytes.
        lake: Keeps rows for ever.
        daily: Keeps the last days' rows.
        clock: Tells the time that rows bear.
        counts: Where it is counted.
        alarm: Told of a gate, of pages that cannot be believed, of a source that failed three visits in a row.
        wanted: The symbols for pages about one symbol.
        standings: How sources stand, over restarts.
        off: Sources that exist and may not be asked, with what to do about it.
        changed: Told which kinds have new rows, at the end of each source's visit.
        failed: Told of bugs.
        deadline: Seconds for one source.
        takings: Notes which page gave which rows, for making the lake anew.
    """

    def __init__(  # noqa: PLR0913  # each room by name
        self,
        sources: Sequence[SourceSpec],
        fetcher: Fetcher,
        archive: RawArchive,
        lake: Lake,
        daily: DailyData,
        clock: Clock,
        counts: Counts = UNCOUNTED,
        alarm: Alarm | None = None,
        *,
        wanted: Wanted | None = None,
        standings: Standings | None = None,
        off: Mapping[str, str] | None = None,
        changed: Changed | None = None,
        failed: Callable[[Exception], None] | None = None,
        deadline: float = DEADLINE,
        takings: Takings | None = None,
    ) -> None:
        self._sources = {source.name: source for source in sources}
        self._clock = clock
        self._counts = counts
        self._alarm = alarm or _silently
        self._wanted = wanted or _none
        self._kept = standings or InMind()
        self._off = dict(off or {})
        self._changed = changed or _unheard
        self._failed = failed or _forgotten
        self._deadline = deadline
        self._standing: dict[str, Standing] = {}
        self._known: dict[str, dict[str, Seen]] = {name: {} for name in self._sources}
        self._fresh: dict[str, dict[str, datetime]] = {name: {} for name in self._sources}
        self._visiting = {name: asyncio.Lock() for name in self._sources}
        shelf = Shelf(lake, daily, counts, self._note, takings)
        self._rooms = Rooms(fetcher, archive, shelf, counts, self._failed)

    @property
    def names(self) -> tuple[str, ...]:
        """The sources that may be named, those that are off included."""
        return tuple(sorted({*self._sources, *self._off}))

    async def refresh(
        self,
        names: Sequence[str] = (),
        when: When | None = None,
        *,
        since: date | None = None,
        anyway: bool = False,
    ) -> Report:
        """Fetch now.

        Args:
            names: Only these sources; none = all. A named one is asked although it rests, but for a gate.
            when: Only pages that are due at this part of the day; None = all but those on demand.
            since: Also what these pages said on each weekday from this one on, where they can be asked for a day.
            anyway: Ask at a gate before its time, take known bytes and rows that look wrong again.

        Raises:
            UnknownName: If there is no such source; ``suggestions`` are all there are.
        """
        unknown = [name for name in names if name not in self._sources and name not in self._off]
        if unknown:
            detail = f"no source {unknown[0]!r}; there are: {', '.join(self.names) or 'none'}"
            raise UnknownName(detail, suggestions=self.names)
        await self._recall()
        loop = asyncio.get_running_loop()
        started, moment = loop.time(), self._clock.now()
        asked = [source for name, source in self._sources.items() if not names or name in names]
        due = [(source, pages) for source in asked if (pages := _due(source, when))]
        wish = Wish(moment, past_days(since, moment), named=bool(names), anyway=anyway)
        reports = await asyncio.gather(*(self._one(source, pages, wish) for source, pages in due))
        off = [SourceReport(name, name, "off", self._off[name]) for name in names if name in self._off]
        return Report(moment, when, (*reports, *off), round(loop.time() - started, 3))

    async def states(self) -> tuple[SourceState, ...]:
        """How every source stands, for operators."""
        await self._recall()
        states = [_state(source, self._of(name)) for name, source in self._sources.items()]
        silent = [
            SourceState(name, name, "", "off", None, None, None, 0, what, "")
            for name, what in self._off.items()
        ]
        return (*states, *silent)

    def has(self, when: When) -> bool:
        """Whether any source has a page that is due then."""
        return any(_due(source, when) for source in self._sources.values())

    async def _one(self, source: SourceSpec, pages: Sequence[PageSpec], wish: Wish) -> SourceReport:
        """One source's visit, unless it rests."""
        loop = asyncio.get_running_loop()
        async with self._visiting[source.name]:
            standing = self._of(source.name)
            asked_all_the_same = wish.anyway or (wish.named and standing.condition != "gated")
            if standing.rests(wish.moment) and not asked_all_the_same:
                return _resting(source, standing, wish.moment)
            started = loop.time()
            visit = Visit(self._rooms, source, self._known[source.name], wish)
            late = await self._visited(visit, source, pages)
            report = told(source, visit.tally, late=late, seconds=round(loop.time() - started, 3))
            await self._conclude(source, standing, report, visit)
        self._counts.took("refresh", report.seconds, channel=source.name)
        return report

    async def _visited(self, visit: Visit, source: SourceSpec, pages: Sequence[PageSpec]) -> bool:
        """Visit within the deadline; True if it was over before all was asked."""
        try:
            async with asyncio.timeout(self._deadline):
                await visit.run(pages, await self._wanted(source))
        except TimeoutError:
            await self._finished(visit)
            return True
        except MarketByteError as error:  # the callable that names the symbols
            visit.tally.broke = error.detail
        except Exception as error:  # noqa: BLE001  # one source's bug is its own
            self._failed(error)
            visit.tally.broke = f"a mistake of ours ({type(error).__name__})"
        return False

    @staticmethod
    async def _finished(visit: Visit) -> None:
        """What was read before the deadline is stored behind it."""
        try:
            async with asyncio.timeout(FINISHING):
                await visit.finish()
        except TimeoutError:
            visit.tally.broke = "the store did not answer in time"

    async def _conclude(
        self, source: SourceSpec, before: Standing, report: SourceReport, visit: Visit
    ) -> None:
        """Remember how it went, and tell whoever must know."""
        standing, alarms = after(before, report, visit.tally, self._clock.now())
        pages = {key: seen for key, seen in self._known[source.name].items() if lasting(key)}
        standing = replace(standing, pages=pages, fresh={**before.fresh, **self._fresh[source.name]})
        self._standing[source.name] = standing
        try:
            await self._kept.save(standing)
            if report.changed:
                await self._changed(frozenset(report.rows))
        except MarketByteError as error:
            self._failed(error)
        for detail in alarms:
            await self._alarm(f"source:{source.name}", detail)

    async def _recall(self) -> None:
        """What other processes and earlier days know of the sources."""
        try:
            kept = await self._kept.all()
        except MarketByteError as error:
            self._failed(error)  # what this process knows has to do
            return
        for name in self._sources.keys() & kept.keys():
            if not self._visiting[name].locked():
                self._standing[name] = kept[name]
                self._known[name].update(kept[name].pages)

    def _of(self, name: str) -> Standing:
        return self._standing.get(name) or Standing(name)

    def _note(self, name: str, kind: Kind, as_of: datetime) -> None:
        self._fresh[name][kind] = as_of


def _due(source: SourceSpec, when: When | None) -> tuple[PageSpec, ...]:
    if when is None:
        return tuple(page for page in source.pages if set(page.when) - {"on demand"})
    return tuple(page for page in source.pages if when in page.when)


def _resting(source: SourceSpec, standing: Standing, now: datetime) -> SourceReport:
    until = f"{(standing.next_try or now).astimezone(now.tzinfo):%d %b %H:%M}"
    detail = f"{standing.detail}; not asked before {until}"
    return SourceReport(
        source.name, source.title, "gated" if standing.condition == "gated" else "failed", detail
    )


def _state(source: SourceSpec, standing: Standing) -> SourceState:
    return SourceState(
        name=source.name,
        title=source.title,
        market=source.market,
        condition=standing.condition,
        tried=standing.tried,
        succeeded=standing.succeeded,
        next_try=standing.next_try,
        failures=standing.failures,
        detail=standing.detail,
        licence=source.licence,
        fresh=standing.fresh,
    )


async def _silently(_kind: str, _detail: str) -> None: ...
async def _unheard(_kinds: frozenset[Kind]) -> None: ...


async def _none(_source: SourceSpec) -> Sequence[str]:
    return ()


def _forgotten(_error: Exception) -> None: ...
