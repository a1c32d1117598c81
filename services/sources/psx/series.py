"""The series of one symbol: days and trades as JSON, and the table of its history."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, repeat
from operator import gt
from typing import NoReturn

import orjson

from services.domain.errors import BrokenPage
from services.domain.making import made
from services.domain.records import Row
from services.domain.rows import Bar, Tick
from services.domain.sourcing import Page
from services.sources import cells, markup, tables
from services.sources.psx import dated
from services.sources.tables import RowOf

MOST_POINTS = 60_000
"""A day's trades of the most active share are some 20,000; two sessions come at most."""

_STEADY = 1_262_286_000
"""2010-01-01 in Karachi: no summer time since, so that a day follows from a stamp by arithmetic."""
_UNKNOWN = 7_258_118_400
"""What ``cells.stamp`` takes for no time at all begins here."""
_AHEAD, _SECONDS = 5 * 3600, 86_400
_EPOCH = date(1970, 1, 1).toordinal()

_HISTORY = ("DATE", "OPEN", "HIGH", "LOW", "CLOSE", "VOLUME")


def eod(page: Page) -> Sequence[Row]:
    """``[unix, close, volume, open]``, newest first: bars without high and low. The stamp is 16:00 in Karachi of the day."""
    symbol = dated.asked(page, "symbol")
    points = _points(page, 4)
    return _plain_bars(page, symbol, points) or _checked_bars(page, symbol, points)


def _plain_bars(page: Page, symbol: str, points: Sequence[Sequence[float]]) -> list[Bar] | None:
    """The bars of a series in which nothing is wrong, checked column by column: a fifth of the time of row by row.

    None where anything is out of the ordinary: then the rows are looked at one by one, and the error names the place.
    """
    flat = list(chain.from_iterable(points))
    times, closes, volumes, opens = flat[0::4], flat[1::4], flat[2::4], flat[3::4]
    if set(map(type, times)) != {int} or set(map(type, volumes)) != {int} or min(times) < _STEADY:
        return None
    if min(closes) <= 0 or min(opens) < 0 or min(volumes) < 0:
        return None
    if any(max(column) >= cells.MOST for column in (closes, opens, volumes)) or max(times) >= _UNKNOWN:
        return None
    days = list(map(_day, times))
    if not all(map(gt, days, days[1:])) or days[0] > cells.last_day(page.fetched_at):
        return None
    prices = [price or None for price in map(float, opens)]
    none = repeat(None)
    columns = (repeat(symbol), days, prices, none, none, map(float, closes), volumes, none)
    return made(Bar, columns)


@lru_cache(maxsize=4096)
def _day(stamp: int) -> date:
    """The day in Karachi, since there is no summer time. All symbols have the same sessions: their days are one object each."""
    return date.fromordinal(_EPOCH + (stamp + _AHEAD) // _SECONDS)


def _checked_bars(page: Page, symbol: str, points: Sequence[Sequence[float]]) -> list[Bar]:
    bars: list[Bar] = []
    for place, (when, close, volume, opened) in enumerate(points, start=1):
        bars.append(
            Bar(
                symbol=symbol,
                day=_stamp(page, when, place).date(),
                open=_price(page, opened, "open", place) or None,
                high=None,
                low=None,
                close=_above_zero(page, close, "close", place),
                volume=_count(page, volume, place),
            )
        )
        if place > 1 and bars[-2].day <= bars[-1].day:
            _broken(page, "not newest first", "time", place)
    return bars


def intraday(page: Page) -> Sequence[Row]:
    """``[unix, price, volume]``, newest first: trades, and the closing price's print of volume 0."""
    symbol = dated.asked(page, "symbol")
    ticks: list[Tick] = []
    for place, (when, price, volume) in enumerate(_points(page, 3), start=1):
        at = _stamp(page, when, place)
        ticks.append(
            Tick(
                symbol=symbol,
                at=at,
                price=_above_zero(page, price, "price", place),
                volume=_count(page, volume, place),
            )
        )
        if place > 1 and ticks[-2].at < at:
            _broken(page, "not newest first", "time", place)
    return ticks


def historical(page: Page) -> Sequence[Row]:
    """``#historicalTable``: one bar a row, newest first. A price of 0 on a day without a trade is no price."""
    symbol = dated.asked(page, "symbol")
    rows = [_bar(symbol, row) for row in tables.table(page, headers=_HISTORY, select="#historicalTable")]
    dated.once(page, (row.day for row in rows), "DATE")
    return rows


def _bar(symbol: str, row: RowOf) -> Bar:
    day = row.day("DATE")
    raw = row.cell("DATE").attributes.get("data-order")
    stamp = day if raw is None else row.read("DATE", lambda: cells.stamp(cells.number(raw)).date())
    if stamp != day:
        row.broken(f"the day shown is {day}, the raw one {stamp}", "DATE")
    close = row.price("CLOSE")
    if close == 0:
        row.broken("a close of 0", "CLOSE")
    return Bar(
        symbol=symbol,
        day=day,
        open=row.price_or_none("OPEN") or None,
        high=row.price_or_none("HIGH") or None,
        low=row.price_or_none("LOW") or None,
        close=close,
        volume=row.whole("VOLUME"),
    )


def _points(page: Page, wide: int) -> list[list[float]]:
    """The rows under ``data``: lists of numbers of that width."""
    text = markup.decoded(page, "JSON")
    if text.lstrip()[:1] != "{":
        raise BrokenPage("no JSON object: not the series it should be", page=page.name)
    try:
        answer = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        raise BrokenPage(f"no JSON, or cut: {wrong}", page=page.name) from None
    if answer.get("status") != 1:
        raise BrokenPage(
            f"status {answer.get('status')!r}, not 1: {str(answer.get('message'))[:60]!r}", page=page.name
        )
    data = answer.get("data")
    if not isinstance(data, list) or not data:
        raise BrokenPage("no points", page=page.name, column="data")
    if len(data) > MOST_POINTS:
        raise BrokenPage(
            f"more than {MOST_POINTS:,} points: not the series it should be", page=page.name, column="data"
        )
    for place, point in enumerate(data, start=1) if not _even(data, wide) else ():
        if (
            not isinstance(point, list)
            or len(point) != wide
            or not all(type(each) in {int, float} for each in point)
        ):
            _broken(page, f"not {wide} numbers: {str(point)[:60]}", "data", place)
    return data


def _even(data: Sequence[object], wide: int) -> bool:
    """Whether every row is a list of so many numbers."""
    if set(map(type, data)) != {list} or set(map(len, data)) != {wide}:  # type: ignore[arg-type]  # lists, as looked at
        return False
    return set(map(type, chain.from_iterable(data))) <= {int, float}  # type: ignore[arg-type]  # likewise


def _stamp(page: Page, seconds: float, place: int) -> datetime:
    try:
        at = cells.stamp(seconds)
        cells.in_time(at.date(), page.fetched_at)
    except ValueError as wrong:
        _broken(page, str(wrong), "time", place)
    return at


def _price(page: Page, value: float, column: str, place: int) -> float:
    if not 0 <= value < cells.MOST:
        _broken(page, f"{value!r} is no price", column, place)
    return float(value)


def _above_zero(page: Page, value: float, column: str, place: int) -> float:
    return _price(page, value, column, place) or _broken(page, "a price of 0", column, place)


def _count(page: Page, value: float, place: int) -> int:
    if not 0 <= value < cells.MOST or value != math.floor(value):
        _broken(page, f"{value!r} is no number of shares", "volume", place)
    return int(value)


def _broken(page: Page, detail: str, column: str, place: int) -> NoReturn:
    raise BrokenPage(detail, page=page.name, column=column, row=place)
