"""Prices at the close, a row for each symbol and day, as the exchange's tables and the files made of them write them."""

from collections.abc import Sequence
from datetime import date
from itertools import compress

from services.domain.importing.columns import day_column, figure_column, refuse_spilled, ticker_column
from services.domain.importing.headers import Field, Table
from services.domain.importing.reading import Around, Gathering
from services.domain.making import made
from services.domain.rows import Bar

FIELDS = (
    Field("symbol", ("symbol", "ticker", "scrip", "scripcode", "symbolcode", "script", "security", "code", "companysymbol")),
    Field("day", ("date", "day", "tradedate", "tradingdate", "time", "sessiondate", "marketdate", "pricedate"), required=False),
    Field("open", ("open", "openrate", "openprice", "opening", "openingprice"), required=False),
    Field("high", ("high", "highest", "highrate", "highprice", "dayhigh"), required=False),
    Field("low", ("low", "lowest", "lowrate", "lowprice", "daylow"), required=False),
    Field("close", ("close", "closeprice", "closingprice", "closerate", "closingrate", "lastrate", "current", "last", "price")),
    Field("volume", ("volume", "vol", "turnover", "tradedvolume", "sharesvolume", "volumeshares", "totalvolume", "qty")),
    Field("ldcp", ("ldcp", "prvrate", "prevclose", "previousclose", "previousrate", "prvclose", "prevrate"), required=False),
)  # fmt: skip
FIGURES = ("open", "high", "low", "close", "ldcp", "volume")
DECIMALS = 4  # of a price, at most
NOISE = 1e-7  # of a price: 32 bits are off by 2 to the power of -24 at most
DEAREST = 10_000_000.0  # Rs a share; nothing listed comes near it
MOST_SHARES = 100_000_000_000.0  # more than all the shares of the largest company
SATURDAY = 5

Prices = tuple[float | None, float | None, float | None]


def read(table: Table, around: Around) -> Gathering:
    """The rows of a table of prices.

    A 0 for open, high or low means there was none (the exchange writes it on days without a trade). Where they contradict
    the close, which is official, they are left out and the row counts as mended. Prices are as published: what a 32-bit
    number has made of them (436.6600036621094) is taken back.

    Raises:
        BrokenPage: The dates cannot be read.
    """
    gathering = Gathering("prices")
    refuse_spilled(table, gathering)
    symbols = ticker_column(table, gathering, around)
    days = day_column(table, gathering, around)
    figures = [figure_column(table, gathering, name) for name in FIGURES]
    _refuse_faults(table, gathering, days, figures)
    lines = table.lines
    if gathering.refused:
        good = [line not in gathering.refused for line in lines]
        lines, symbols = list(compress(lines, good)), list(compress(symbols, good))
        days, figures = list(compress(days, good)), [list(compress(column, good)) for column in figures]
    volumes = figures.pop()
    prices = list(map(published, figures))
    gathering.mended += _mend(prices)
    counts = (int(volume or 0) for volume in volumes)
    ldcp = (price or None for price in prices.pop())
    gathering.extend(lines, made(Bar, (symbols, days, *prices, counts, ldcp)))
    return gathering


def published(column: list[float | None]) -> list[float | None]:
    """Prices without the tail that a 32-bit number leaves: of more than four decimals, to as few as say the same in 32 bits.

    The exchange's tick is Rs 0.01 and it publishes four decimals at most; a 32-bit number is off by 6e-8 of itself at most.
    """
    tails: dict[float | None, float] = {
        price: _short(price) for price in set(column) if price and round(price, DECIMALS) != price
    }
    return [tails.get(price, price) for price in column] if tails else column


def _short(price: float) -> float:
    nearest = (round(price, digits) for digits in range(2, DECIMALS + 1))
    return next((near for near in nearest if abs(near - price) <= abs(price) * NOISE), price)


def _mend(prices: Sequence[list[float | None]]) -> int:
    """Leaves out, in place, what cannot be of open, high and low; returns in how many rows there was any."""
    opens, highs, lows, closes = prices[:4]
    count = 0
    for place, (opened, high, low, close) in enumerate(zip(opens, highs, lows, closes, strict=True)):
        if close is None or (opened and high and low and low <= close <= high and low <= opened <= high):
            continue
        kept = mended(opened, high, low, close)
        count += kept != (opened, high, low)
        opens[place], highs[place], lows[place] = kept
    return count


def mended(opened: float | None, high: float | None, low: float | None, close: float) -> Prices:
    """What can be true of open, high and low beside an official close."""
    opened, high, low = opened or None, high or None, low or None
    if high is None or low is None:
        return (
            opened,
            high if (high or 0) >= close else None,
            low if low is not None and low <= close else None,
        )
    if not low <= close <= high:
        return opened, None, None
    return opened if opened is not None and low <= opened <= high else None, high, low


def _refuse_faults(
    table: Table,
    gathering: Gathering,
    dated: Sequence[date | None],
    figures: Sequence[Sequence[float | None]],
) -> None:
    """Rows of a weekend, and those whose figures cannot be; none is looked at by itself where the columns are sound."""
    weekend = {one for one in set(dated) if one is not None and one.weekday() >= SATURDAY}
    if not weekend and all(map(_sound, FIGURES, figures)):
        return
    for line, day, row in zip(table.lines, dated, zip(*figures, strict=True), strict=True):
        if line in gathering.refused:
            continue
        reason = f"{table.titles.get('day', 'date')}: a weekend day" if day in weekend else _fault(row)
        if reason:
            gathering.refuse(line, reason)


def _sound(name: str, column: Sequence[float | None]) -> bool:
    """Whether nothing can be wrong with a figure of any row; ``_fault`` says what is."""
    values = [value for value in column if value is not None]
    if name in {"close", "volume"} and len(values) < max(1, len(column)):
        return False
    least, most = min(values, default=0.0), max(values, default=0.0)
    if name == "volume":
        return least >= 0 and most <= MOST_SHARES and all(map(float.is_integer, values))
    return (least > 0 if name == "close" else least >= 0) and most <= DEAREST


def _fault(figures: Sequence[float | None]) -> str:
    """What is wrong with the figures of a row, "" if nothing."""
    close, volume = figures[3], figures[5]
    if close is None or not 0 < close <= DEAREST:
        return "close: no price" if close is None else "close: not above 0, or absurdly high"
    if volume is None:
        return "volume: empty"
    if volume < 0 or volume > MOST_SHARES or not volume.is_integer():
        return "volume: no count of shares"
    opened, high, low, ldcp = figures[0] or 0.0, figures[1] or 0.0, figures[2] or 0.0, figures[4] or 0.0
    if min(opened, high, low, ldcp) < 0 or max(opened, high, low, ldcp) > DEAREST:
        return "a price below 0 or absurdly high"
    return ""
