"""FMP's history of a symbol: daily bars and splits.

``historical-price-eod/non-split-adjusted?symbol=&from=&to=``: ``{symbol, date, adjOpen, adjHigh, adjLow, adjClose, volume}``, the
prices as they were traded in spite of the fields' names; that is what we keep, with splits applied on reading.
``historical-price-eod/full``: ``{symbol, date, open, high, low, close, volume, change, changePercent, vwap}``, split-adjusted:
asked for indices only, which are never split. ``splits?symbol=``: ``{symbol, date, numerator, denominator}``.
"""

from collections.abc import Sequence
from datetime import timedelta

from services.domain.errors import BrokenPage
from services.domain.rows import ActionRow, Bar
from services.domain.sourcing import Page
from services.sources.fmp.answers import Row, once, rows
from services.sources.fmp.codes import INDEX_CODES

MOST_BARS = 20_000
MOST_SPLITS = 1_000
_ANNOUNCED = timedelta(days=365)
_AS_TRADED = ("adjOpen", "adjHigh", "adjLow", "adjClose")
_PLAIN = ("open", "high", "low", "close")


def read_bars(page: Page) -> Sequence[Bar]:
    """Daily bars of one symbol, oldest first; an index goes by our code."""
    found = rows(page, needed=("symbol", "date", "volume"), most=MOST_BARS)
    _check_symbol(page, found)
    bars = [_bar(row) for row in found]
    once(page, [bar.day for bar in bars], "date")
    first, last = page.asked.get("from", ""), page.asked.get("to", "")
    if any((first and bar.day.isoformat() < first) or (last and bar.day.isoformat() > last) for bar in bars):
        raise BrokenPage(f"not the days asked for, {first} to {last}", page=page.name, column="date")
    return sorted(bars, key=lambda bar: bar.day)


def _bar(row: Row) -> Bar:
    names = _AS_TRADED if row.has("adjClose") else _PLAIN
    symbol = row.symbol()
    if names is _PLAIN and symbol not in INDEX_CODES:
        raise row.broken("adjClose", "prices as they were traded were asked for")
    lost = next((name for name in names if not row.has(name)), None)
    if lost is not None:
        raise row.broken(lost, "the field is missing")
    opened, high, low, close = (row.price(name) for name in names)
    if low > high:
        raise row.broken(names[2], "it is above the high")
    code = INDEX_CODES.get(symbol, symbol)
    return Bar(code, row.day("date"), opened, high, low, close, row.whole("volume"))


def read_splits(page: Page) -> Sequence[ActionRow]:
    """Splits of one symbol, past and announced; none is an answer too."""
    found = rows(page, needed=("symbol", "date", "numerator", "denominator"), most=MOST_SPLITS, empty_ok=True)
    _check_symbol(page, found)
    once(page, [row.text("date") for row in found], "date")
    return [_split(row) for row in found]


def _split(row: Row) -> ActionRow:
    new, old = row.price("numerator"), row.price("denominator")
    if not 1e-5 <= old / new <= 1e5:
        raise row.broken("numerator", "no share is split that often")
    return ActionRow(
        symbol=row.symbol(),
        ex_date=row.day("date", ahead=_ANNOUNCED),
        kind="split",
        factor=old / new,
        note=f"{new:g} for {old:g}",
    )


def _check_symbol(page: Page, found: Sequence[Row]) -> None:
    """All of one symbol, the one asked for."""
    wanted = page.asked.get("symbol", "")
    for row in found:
        wanted = wanted or row.symbol()
        if row.symbol() != wanted:
            raise row.broken("symbol", "another symbol than the one asked for")
