"""FMP's quotes: shares and sector funds as rows of a market watch, indices as index rows.

``quote?symbol=``, ``batch-quote?symbols=``: ``[{symbol, name, price, changePercentage, change, volume, dayLow, dayHigh,
yearHigh, yearLow, marketCap, priceAvg50, priceAvg200, exchange, open, previousClose, timestamp}]``, changes in USD and percent.
"""

from collections.abc import Sequence

from services.domain.errors import BrokenPage
from services.domain.profiles import US
from services.domain.rows import IndexRow, Watch
from services.domain.sourcing import Page
from services.sources.fmp.answers import Row, once, rows
from services.sources.fmp.codes import INDEX_CODES

MOST_ROWS = 1_000
_ALWAYS = ("symbol", "name", "price", "change", "changePercentage", "dayLow", "dayHigh", "timestamp")
_TRADED = ("volume", "open", "previousClose", "exchange")
_PRICES = ("price", "open", "dayLow", "dayHigh", "previousClose")


def read_quotes(page: Page) -> Sequence[Watch]:
    """Quotes of shares and funds. ``ldcp`` is the previous close; a sector fund bears its own code as its sector.

    A symbol that FMP lists without any price (delisted, not yet traded) is no row.
    """
    found = rows(page, needed=(*_ALWAYS, *_TRADED), most=MOST_ROWS)
    _check_asked(page, found)
    quoted = [_watch(row) for row in found if any(row.has(name) for name in _PRICES)]
    if not quoted:
        raise BrokenPage("no symbol has a price", page=page.name, column="price")
    return quoted


def _watch(row: Row) -> Watch:
    symbol, at = row.symbol(), row.stamp("timestamp")
    low, high = row.price("dayLow"), row.price("dayHigh")
    if low > high:
        raise row.broken("dayLow", "it is above dayHigh")
    exchange = row.text_or_none("exchange")
    return Watch(
        symbol=symbol,
        day=at.date(),
        name=row.text_or_none("name"),
        sector_code=symbol if symbol in US.sectors else "",
        listed_in=(exchange,) if exchange else (),
        marks=(),
        ldcp=row.price("previousClose"),
        open=row.price("open"),
        high=high,
        low=low,
        current=row.price("price"),
        change=row.number("change"),
        change_pct=row.number("changePercentage"),
        volume=row.whole("volume"),
    )


def read_indices(page: Page) -> Sequence[IndexRow]:
    """Index levels, by our codes (^GSPC is SP500); their times are those of the quotes."""
    found = rows(page, needed=_ALWAYS, most=MOST_ROWS)
    _check_asked(page, found)
    return [_index(row) for row in found]


def _index(row: Row) -> IndexRow:
    code = INDEX_CODES.get(row.symbol())
    if code is None:
        raise row.broken("symbol", "no index of ours goes by that symbol")
    low, high = row.price_or_none("dayLow"), row.price_or_none("dayHigh")
    if low is not None and high is not None and low > high:
        raise row.broken("dayLow", "it is above dayHigh")
    return IndexRow(
        code=code,
        as_of=row.stamp("timestamp"),
        high=high,
        low=low,
        current=row.price("price"),
        change=row.number("change"),
        change_pct=row.number("changePercentage"),
    )


def _check_asked(page: Page, found: Sequence[Row]) -> None:
    """Each symbol once, and none that nobody asked for: else the page is another one."""
    symbols = [row.symbol() for row in found]
    once(page, symbols, "symbol")
    asked = {each for each in page.asked.get("symbols", "").split(",") if each}
    for row, symbol in zip(found, symbols, strict=True):
        if asked and symbol not in asked:
            raise row.broken("symbol", "this symbol was not asked for")
