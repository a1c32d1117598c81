"""The past of PSX's shares as a market book needs it: the kept bars before the frozen ones, jumps explained or left out."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from typing_extensions import override

from services.domain.action_sources import known_actions
from services.domain.corporate_actions import Jump, adjustments, explain_jumps, released
from services.domain.market import Adjustment, MarketBook, Series
from services.domain.rows import ActionRow, Bar, PayoutRow

SOURCE = "PSX corporate actions"


@dataclass(frozen=True, slots=True)
class History:
    """Series by symbol without what stands in quarantine; the actions that explain them; all session days."""

    series: Mapping[str, Series]
    actions: tuple[ActionRow, ...]
    adjustments: Mapping[str, tuple[Adjustment, ...]]
    quarantined: tuple[Jump, ...]
    days: tuple[date, ...]
    version: str = ""

    def until(
        self, day: date, today: Mapping[str, Bar], without: Collection[str] = ()
    ) -> Mapping[str, Series]:
        """The series of a book of that day; ``today`` are its bars, in the place of those that are kept of it."""
        known = {symbol for symbol, kept in self.series.items() if kept.days[0] <= day}
        return _Until(self.series, day, today, sorted((known | today.keys()).difference(without)))

    def close_before(self, symbol: str, day: date) -> tuple[date, float] | None:
        """The last close before a day, with its own day."""
        kept = self.series.get(symbol)
        place = bisect_left(kept.days, day) if kept else 0
        return (kept.days[place - 1], kept.close[place - 1]) if kept and place else None


class _Until(Mapping[str, Series]):
    """Series up to a day, each put together when it is asked for first: hardly any book is asked for all of them.

    A day's last bars change every few minutes; to copy two years of 550 shares behind each is most of a book's making.
    """

    def __init__(
        self, kept: Mapping[str, Series], day: date, today: Mapping[str, Bar], symbols: Sequence[str]
    ) -> None:
        self._kept = kept
        self._day = day
        self._today = today
        self._made: dict[str, Series | None] = dict.fromkeys(symbols)

    @override
    def __getitem__(self, symbol: str) -> Series:
        made = self._made[symbol]
        if made is None:
            made = self._made[symbol] = self._make(symbol)
        return made

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    @override
    def __len__(self) -> int:
        return len(self._made)

    def _make(self, symbol: str) -> Series:
        kept, bar = self._kept.get(symbol), self._today.get(symbol)
        if bar is not None:
            return _with(_ended(kept, self._day - timedelta(days=1)) if kept else None, bar)
        series = _ended(kept, self._day) if kept else None
        if series is None:  # it is among the symbols because it has one
            raise KeyError(symbol)
        return series


def history_of(
    base: MarketBook,
    bars: Sequence[Bar],
    imported: Sequence[ActionRow],
    payouts: Sequence[PayoutRow],
    version: str = "",
    *,
    until: date = date.max,
) -> History:
    """The kept bars, and the frozen book's of the days of which none is kept.

    Args:
        base: The frozen book; its splits are known ones.
        bars: Of the lake, any order.
        imported: Actions from files and by the operator's word, the operator's last.
        payouts: What the exchange announced.
        version: Of all of these: another one for other rows.
        until: The last day of the frozen book that may be told.
    """
    kept_days = {(bar.symbol, bar.day) for bar in bars}
    before = [
        bar
        for symbol, series in base.series.items()
        for bar in _bars(symbol, series)
        if (symbol, bar.day) not in kept_days and bar.day <= until
    ]
    frozen = [
        ActionRow(each.symbol, each.ex_date, "split", each.factor, note=each.note)
        for own in base.adjustments.values()
        for each in own
    ]
    whole = [*before, *bars]
    actions = known_actions(whole, [*imported, *frozen], payouts)
    _, quarantined = explain_jumps(whole, actions)
    kept: defaultdict[str, list[Bar]] = defaultdict(list)
    for bar in released(whole, quarantined):
        kept[bar.symbol].append(bar)
    return History(
        series={symbol: _series(own) for symbol, own in kept.items()},
        actions=actions,
        adjustments=adjustments(actions, SOURCE),
        quarantined=quarantined,
        days=tuple(sorted(day for day in {*base.sessions, *(bar.day for bar in bars)} if day <= until)),
        version=version,
    )


def _bars(symbol: str, series: Series) -> list[Bar]:
    columns = zip(series.days, series.open, series.high, series.low, series.close, series.volume, strict=True)
    return [Bar(symbol, *each) for each in columns]


def _series(bars: Sequence[Bar]) -> Series:
    return Series(
        tuple(bar.day for bar in bars),
        tuple(bar.open for bar in bars),
        tuple(bar.high for bar in bars),
        tuple(bar.low for bar in bars),
        tuple(bar.close for bar in bars),
        tuple(bar.volume for bar in bars),
    )


def _ended(series: Series, last: date) -> Series | None:
    """The series up to a day."""
    if series.days[-1] <= last:
        return series
    end = bisect_right(series.days, last)
    if not end:
        return None
    return Series(
        series.days[:end],
        series.open[:end],
        series.high[:end],
        series.low[:end],
        series.close[:end],
        series.volume[:end],
    )


def _with(series: Series | None, bar: Bar) -> Series:
    """The series with one bar more."""
    more = _series([bar])
    if series is None:
        return more
    return Series(
        series.days + more.days,
        series.open + more.open,
        series.high + more.high,
        series.low + more.low,
        series.close + more.close,
        series.volume + more.volume,
    )
