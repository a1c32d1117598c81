"""The past of PSX's shares as a market book needs it: the kept bars before the frozen ones, jumps explained or left out."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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

    def until(self, day: date, today: Mapping[str, Bar]) -> dict[str, Series]:
        """The series of a book of that day; ``today`` are its bars, in the place of those that are kept of it."""
        found: dict[str, Series] = {}
        for symbol in sorted(self.series.keys() | today.keys()):
            kept, bar = self.series.get(symbol), today.get(symbol)
            series = _ended(kept, day if bar is None else day - timedelta(days=1)) if kept else None
            series = _with(series, bar) if bar is not None else series
            if series is not None:
                found[symbol] = series
        return found

    def close_before(self, symbol: str, day: date) -> tuple[date, float] | None:
        """The last close before a day, with its own day."""
        kept = self.series.get(symbol)
        place = bisect_left(kept.days, day) if kept else 0
        return (kept.days[place - 1], kept.close[place - 1]) if kept and place else None


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
