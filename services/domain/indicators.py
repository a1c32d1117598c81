"""Turns unadjusted daily bars into the measures that screens and X-Rays rest on, with every split taken out first.

All functions are pure. Prices are Rs per share, volumes shares, returns and moves fractions (0.01 = 1 %). ``None``
stands for "cannot be known from this history"; no function invents a 0. Cash dividends are not added back: a
move is a price move.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np
from numpy.typing import NDArray

from services.domain.market import Adjustment, MarketBook, Series

Floats = NDArray[np.float64]

YEAR_SESSIONS = 252
"""Sessions in a year: the window of the risk figures, and what makes them annual."""
LEAST_SESSIONS = 60
"""Fewer daily returns than this say too little; risk is then None."""
LEAST_TRADED = 0.9
"""A name must have traded on this share of the window's sessions, or its filled gaps would look like calm."""

WEEKS_52 = timedelta(weeks=52)


def adjusted_closes(series: Series, adjustments: Sequence[Adjustment]) -> tuple[float, ...]:
    """Closes in Rs on today's footing (splits, bonuses and rights taken out), parallel to ``series.days``."""
    return tuple((np.asarray(series.close, dtype=np.float64) * _factors(series.days, adjustments)).tolist())


def adjusted_volumes(series: Series, adjustments: Sequence[Adjustment]) -> tuple[float, ...]:
    """Volumes in today's shares: after a 5:1 split one old share counts as five. Parallel to ``series.days``."""
    return tuple((np.asarray(series.volume, dtype=np.float64) / _factors(series.days, adjustments)).tolist())


def _factors(days: Sequence[date], adjustments: Sequence[Adjustment]) -> Floats:
    """What each day's price is multiplied by to stand on today's footing: the product of all later factors.

    A close on the ex-date itself is already on the new footing, so only days before it are scaled.
    """
    scale = np.ones(len(days))
    for adjustment in adjustments:
        scale[: bisect_left(days, adjustment.ex_date)] *= adjustment.factor
    return scale


def log_returns(closes: Sequence[float]) -> tuple[float, ...]:
    """ln(c_t / c_{t-1}) of consecutive closes; one shorter than its input."""
    return tuple(np.diff(np.log(np.asarray(closes, dtype=np.float64))).tolist())


def volatility(returns: Sequence[float]) -> float | None:
    """Annualised volatility as a fraction: stdev (n - 1) of daily log returns times the root of 252 (RiskMetrics)."""
    if len(returns) < 2:
        return None
    return float(np.std(np.asarray(returns), ddof=1) * math.sqrt(YEAR_SESSIONS))


def beta(returns: Sequence[float], index: Sequence[float]) -> float | None:
    """cov(r, m) / var(m) of paired daily log returns; None if the index stood still or pairs are too few."""
    if len(returns) < 2 or len(returns) != len(index):
        return None
    pair = np.cov(np.asarray(returns), np.asarray(index), ddof=1)
    return None if pair[1, 1] == 0 else float(pair[0, 1] / pair[1, 1])


def correlation(returns: Sequence[float], index: Sequence[float]) -> float | None:
    """Pearson's correlation of paired daily log returns, -1 to 1; None if either stood still."""
    if len(returns) < 2 or len(returns) != len(index):
        return None
    pair = np.cov(np.asarray(returns), np.asarray(index), ddof=1)
    spread = math.sqrt(float(pair[0, 0]) * float(pair[1, 1]))
    return None if spread == 0 else max(-1.0, min(1.0, float(pair[0, 1]) / spread))


def max_drawdown(levels: Sequence[float]) -> float | None:
    """The deepest fall from an earlier peak as a positive fraction (0.25 = fell 25 %); 0 if it never fell."""
    if len(levels) < 2:
        return None
    path = np.asarray(levels, dtype=np.float64)
    return float(np.max(1.0 - path / np.maximum.accumulate(path)))


def momentum(closes: Sequence[float], sessions: int) -> float | None:
    """Move over the last ``sessions`` sessions as a fraction, on adjusted closes; None if history is shorter."""
    if len(closes) <= sessions:
        return None
    return closes[-1] / closes[-1 - sessions] - 1.0


@dataclass(frozen=True, slots=True)
class History:
    """Adjusted closes and traded values of all names on one shared row of sessions, oldest first.

    ``closes`` and ``volumes`` are names x sessions: a session without trade repeats the last close (a holder's
    account shows just that) with volume 0; before the first trade closes are NaN. ``traded`` marks real bars;
    ``values`` is Rs traded, close times volume as they were that day. ``index`` is the headline index on the same
    sessions, NaN where no level is known; gaps stay gaps.
    """

    sessions: tuple[date, ...]
    rows: Mapping[str, int]
    closes: Floats
    volumes: Floats
    values: Floats
    traded: NDArray[np.bool_]
    index: Floats

    def closes_of(self, symbol: str) -> tuple[float, ...]:
        """Adjusted closes of one name from its first trade on, gaps filled; empty if it has no history."""
        row = self.rows.get(symbol)
        if row is None:
            return ()
        line = self.closes[row]
        return tuple(line[~np.isnan(line)].tolist())


def history(book: MarketBook, *, benchmark: str = "") -> History:
    """Lay all series of a book on its sessions, adjusted. Some 20 ms for 98 names; keep it by ``book.version``."""
    sessions = book.sessions
    column = {day: place for place, day in enumerate(sessions)}
    shape = (len(book.series), len(sessions))
    closes, volumes, values = np.full(shape, np.nan), np.zeros(shape), np.zeros(shape)
    traded = np.zeros(shape, dtype=np.bool_)
    rows = {symbol: row for row, symbol in enumerate(book.series)}
    for symbol, row in rows.items():
        series = book.series[symbol]
        scale = _factors(series.days, book.adjustments.get(symbol, ()))
        places = _places(series.days, sessions, column)
        price = np.asarray(series.close, dtype=np.float64)
        volume = np.asarray(series.volume, dtype=np.float64)
        kept = places >= 0
        closes[row, places[kept]] = (price * scale)[kept]
        volumes[row, places[kept]] = (volume / scale)[kept]
        values[row, places[kept]] = (price * volume)[kept]
        traded[row, places[kept]] = True
    levels = book.index_series.get(benchmark or book.profile.headline, {})
    index = np.asarray([levels.get(day, math.nan) for day in sessions])
    return History(sessions, rows, _filled(closes), volumes, values, traded, index)


@dataclass(frozen=True, slots=True)
class Risk:
    """Risk of a mix over one shared window. ``missing`` names have no usable history in it.

    ``volatility`` and ``max_drawdown`` are fractions; ``beta`` and ``correlation`` are against the index, over the
    ``pairs`` daily returns that both have. ``sessions`` is how many daily returns were used.
    """

    volatility: float | None
    beta: float | None
    correlation: float | None
    max_drawdown: float | None
    start: date | None
    end: date | None
    sessions: int
    pairs: int
    included: tuple[str, ...]
    missing: tuple[str, ...]


def risk(past: History, weights: Mapping[str, float], *, window: int = YEAR_SESSIONS) -> Risk:
    """Risk of a mix held at constant weights (rebalanced daily) over the last ``window`` sessions.

    The mix's simple return of a day is the weighted sum of its names' simple returns (weights of the names with
    history, scaled to 1), for only simple returns add across names; its log is then taken, for only logs add over
    time. Source: Meucci, "Quant nugget 2: linear vs. compounded returns", 2010.
    """
    span = min(window, len(past.sessions) - 1)
    usable = _usable(past, span) if span >= LEAST_SESSIONS else frozenset()
    included = tuple(symbol for symbol in weights if symbol in usable)
    missing = tuple(symbol for symbol in weights if symbol not in usable)
    total = sum(weights[symbol] for symbol in included)
    if not included or total <= 0:
        return Risk(None, None, None, None, None, None, 0, 0, (), missing)
    share = np.asarray([weights[symbol] for symbol in included]) / total
    lines = past.closes[[past.rows[symbol] for symbol in included], -span - 1 :]
    daily = np.log1p(share @ (lines[:, 1:] / lines[:, :-1] - 1.0))
    market = np.diff(np.log(past.index[-span - 1 :]))
    both = ~np.isnan(market)
    pairs = int(both.sum())
    ours, theirs = (daily[both].tolist(), market[both].tolist()) if pairs >= LEAST_SESSIONS else ([], [])
    path = np.exp(np.concatenate(([0.0], np.cumsum(daily))))
    return Risk(
        volatility(daily.tolist()),
        beta(ours, theirs),
        correlation(ours, theirs),
        max_drawdown(path.tolist()),
        start=past.sessions[-span - 1],
        end=past.sessions[-1],
        sessions=span,
        pairs=pairs,
        included=included,
        missing=missing,
    )


@dataclass(frozen=True, slots=True)
class Measures:
    """What the screens look at, of one share on the book's day.

    ``median_value`` is Rs a day (median of 20 sessions, days without trade count as 0); ``volume_ratio`` today's
    volume against the median of the 20 sessions before; ``busy_days`` how many of the last 60 sessions had at
    least twice their own usual volume; ``momentum`` by months; ``high`` and ``low`` are those of 52 weeks' adjusted
    closes, Rs, with their days; ``traded_today`` is False for a share without a bar or without volume today.
    """

    traded_today: bool
    median_value: float
    volume_ratio: float | None
    busy_days: int
    momentum: Mapping[int, float]
    high: float | None
    high_day: date | None
    low: float | None
    low_day: date | None
    close: float
    volatility: float | None
    drawdown: float | None


MONTHS: Mapping[int, int] = {1: 21, 3: 63, 6: 126, 12: 252}
"""Months in sessions, as the screens count them."""


def measures(past: History, symbol: str) -> Measures | None:
    """Measure one share of a history; None if the book has no bars of it."""
    row = past.rows.get(symbol)
    closes = past.closes_of(symbol)
    if row is None or not closes:
        return None
    days = past.sessions[-len(closes) :]
    start = _year_start(days)
    days, year = days[start:], closes[start:]
    high, low = (int(np.argmax(year)), int(np.argmin(year))) if year else (0, 0)
    ratios = volume_ratios(past.volumes[row, -81:].tolist())
    return Measures(
        traded_today=bool(past.traded[row, -1]) and float(past.volumes[row, -1]) > 0,
        median_value=median(past.values[row, -20:].tolist()),
        volume_ratio=ratios[-1] if ratios else None,
        busy_days=sum(ratio is not None and ratio >= 2 for ratio in ratios[-61:-1]),
        momentum={m: move for m, n in MONTHS.items() if (move := momentum(closes, n)) is not None},
        high=year[high] if year else None,
        high_day=days[high] if year else None,
        low=year[low] if year else None,
        low_day=days[low] if year else None,
        close=closes[-1],
        volatility=volatility(log_returns(year)) if year else None,
        drawdown=max_drawdown(year) if year else None,
    )


def _year_start(days: tuple[date, ...]) -> int:
    """The place of the first day of the last 52 weeks; past the end if the history does not reach back that far."""
    since = days[-1] - WEEKS_52
    return len(days) if days[0] > since else bisect_left(days, since)


def volume_ratios(volumes: Sequence[float], usual: int = 20) -> tuple[float | None, ...]:
    """Each session's volume against the median of the ``usual`` sessions before it; None while that is 0 or unknown."""
    if len(volumes) <= usual:
        return (None,) * len(volumes)
    line = np.asarray(volumes, dtype=np.float64)
    # The mean of the two middle ones of each sorted window; numpy's own median loads its masked arrays for it.
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(line[:-1], usual), axis=1)
    medians = (windows[:, (usual - 1) // 2] + windows[:, usual // 2]) / 2
    pairs = zip(line[usual:].tolist(), medians.tolist(), strict=True)
    return (None,) * usual + tuple(volume / usually if usually > 0 else None for volume, usually in pairs)


def _places(
    days: tuple[date, ...], sessions: tuple[date, ...], column: Mapping[date, int]
) -> NDArray[np.intp]:
    """Where each day stands among the sessions, -1 for none of them; most names trade every day: no look-ups then."""
    known = range(len(days)) if days == sessions else [column.get(day, -1) for day in days]
    return np.asarray(known, dtype=np.intp)


def _filled(closes: Floats) -> Floats:
    """Carry the last close over sessions without trade (row by row); what precedes the first trade stays NaN."""
    known = ~np.isnan(closes)
    places = np.where(known, np.arange(closes.shape[1]), 0)
    np.maximum.accumulate(places, axis=1, out=places)
    return np.take_along_axis(closes, places, axis=1)


def _usable(past: History, span: int) -> frozenset[str]:
    """Names that were there at the window's start, still trade at its end, and traded nearly every session."""
    share = past.traded[:, -span - 1 :].mean(axis=1) >= LEAST_TRADED
    begun = ~np.isnan(past.closes[:, -span - 1])
    alive = past.traded[:, -20:].any(axis=1)
    positive = (np.nan_to_num(past.closes[:, -span - 1 :], nan=1.0) > 0).all(axis=1)
    fit: list[bool] = (share & begun & alive & positive).tolist()
    return frozenset(symbol for symbol, row in past.rows.items() if fit[row])
