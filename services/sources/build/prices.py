"""Bars, quotes, screener ratios and corporate-action factors of the sample day."""

from datetime import datetime
from pathlib import Path

from services.sources.build.files import figure, parquet, rows
from services.sources.build.tables import SECTORS

Table = dict[str, object]
DAY = "2026-08-20"
FIRST = "2025-02-01"
# The last capture of the day: 15:59 PKT, after the closing prices; ``checked`` proves that it is the close.
CAPTURE = "2026-08-20T10:59:13+00:00"
_BEFORE = "2026-08-19T12:23:05+00:00"
_SPLITS = (0.1, 0.2, 0.25, 1 / 3, 0.5)


def bars(data: Path) -> dict[str, Table]:
    """Daily bars by symbol since February 2025, never later than the day; zeros of open/high/low become None."""
    found: dict[str, Table] = {}
    source = parquet(data / "prices/psx_eod_unadjusted_2018_2026.parquet")
    for row in sorted(source, key=lambda each: (str(each["symbol"]), str(each["date"]))):
        day = _day(row["date"])
        if not FIRST <= day <= DAY:
            continue
        series = found.setdefault(str(row["symbol"]), {key: [] for key in "dohlcv"})
        _append(series, "d", day)
        for key, name in (("o", "open"), ("h", "high"), ("l", "low"), ("c", "close")):
            _append(series, key, round(float(str(row[name])), 2) or None)
        _append(series, "v", int(str(row["volume"])))
    return found


def _day(value: object) -> str:
    return value.date().isoformat() if isinstance(value, datetime) else str(value)[:10]


def _append(series: Table, key: str, value: object) -> None:
    column = series[key]
    if isinstance(column, list):
        column.append(value)


def column(series: Table, key: str) -> list[float]:
    """One column of a symbol's bars as numbers (a missing value is 0)."""
    values = series[key]
    return [float(each or 0) for each in values] if isinstance(values, list) else []


def days(series: Table) -> list[str]:
    """The dates of a symbol's bars."""
    values = series["d"]
    return [str(each) for each in values] if isinstance(values, list) else []


def screener(data: Path) -> dict[str, Table]:
    """The screener after the close by symbol; marks glued to the symbol (XD, XB, XR, NC) are taken off and kept.

    The screener goes on showing an old price and its old change for a share that no longer trades. So a price
    counts only if the share is in the All Share index and its change fits the capture of the day before.
    """
    captures: dict[str, dict[str, Table]] = {_BEFORE: {}, CAPTURE: {}}
    for row in parquet(data / "symbols/dps_screener_16_captures_2026-08-18_21.parquet"):
        if row["captured_at_utc"] in captures:
            symbol, *marks = str(row["symbol"]).split()
            captures[str(row["captured_at_utc"])][symbol] = _screened(row, " ".join(marks))
    before, found = captures[_BEFORE], captures[CAPTURE]
    for symbol, each in found.items():
        if not _moved_on(each, before.get(symbol, {})):
            each["price"] = each["change"] = None
    return found


def _screened(row: dict[str, object], mark: str) -> Table:
    return {
        "mark": mark,
        "sector": row["sector"],
        "indices": sorted(str(row["listed_in"] or "").split(",")),
        "price": figure(str(row["price"])),
        "change": figure(str(row["change"])),
        "pe": _known(row["pe_ratio_ttm"]),
        "yield_": _known(row["dividend_yield"]),
        "cap": figure(str(row["market_cap"])),
        "float_": figure(str(row["free_float"])),
        "volume30": row["30d_volume_avg"],
    }


def _moved_on(each: Table, before: Table) -> bool:
    indices, price, earlier = each["indices"], each["price"], before.get("price")
    if not isinstance(indices, list) or "ALLSHR" not in indices or not price or not earlier:
        return False
    change = float(str(price)) / float(str(earlier)) - 1
    return abs(change - float(str(each["change"])) / 100) < 0.0003


def _known(value: object) -> float | None:
    """A ratio, or None where the screener shows nothing or 0 (it prints 0 for "not known" as well)."""
    number = float(str(value))
    return number if number == number and number != 0 else None  # noqa: PLR0124 - NaN is the only such number


def quotes(series: dict[str, Table], screen: dict[str, Table]) -> dict[str, list[object]]:
    """Price, LDCP, open, high, low, volume of every symbol that traded on the day.

    LDCP is the previous close unless the published change disagrees with it by more than its rounding (then PSX
    lowered it on an ex-date, and it is worked back from the published change). On 20 Aug 2026 none disagrees.

    Raises:
        ValueError: If the capture is not the close: some price differs from the day's bar.
    """
    found: dict[str, list[object]] = {}
    for symbol, each in series.items():
        if days(each)[-1] != DAY:
            continue
        last = [column(each, key)[-1] for key in "cohlv"]
        price, previous = last[0], column(each, "c")[-2]
        shown = screen[symbol]
        if abs(price - float(str(shown["price"]))) > 0.006:
            raise ValueError(
                f"{symbol}: bar {price} and screener {shown['price']}: the capture is not the close"
            )
        published = float(str(shown["change"])) / 100
        same = abs(price / previous - 1 - published) < 0.0002
        ldcp = previous if same else round(price / (1 + published), 2)
        if 0 in last[:4]:
            raise ValueError(f"{symbol}: open, high or low of the day is missing")
        found[symbol] = [price, ldcp, last[1], last[2], last[3], int(last[4])]
    return found


def shares(data: Path, screen: dict[str, Table], series: dict[str, Table]) -> dict[str, list[object]]:
    """Every share of the All Share index, and those with bars: name, sector code, Shariah list, indices."""
    named = {
        row["symbol"]: row for row in rows(data / "symbols/psx_symbols_sector_index_membership_2026.csv")
    }
    found: dict[str, list[object]] = {}
    for symbol, row in sorted(named.items()):
        shown = screen.get(symbol, {})
        indices = shown.get("indices", [])
        listed = isinstance(indices, list) and "ALLSHR" in indices
        if not (listed or symbol in series) or not isinstance(indices, list):
            continue
        code = str(shown.get("sector") or row["sector_code"])
        if code not in SECTORS:
            raise ValueError(f"{symbol}: sector {code!r} has no readable name in tables.SECTORS")
        indices = [index for index in indices if index]
        found[symbol] = [" ".join(row["name"].split()), code, "KMIALLSHR" in indices, indices]
    return found


def adjustments(data: Path, series: dict[str, Table]) -> list[list[object]]:
    """Splits and bonus issues in the window: symbol, ex-date, factor, note, source.

    A listed jump is a split if its ratio lies within 8 % of 1/10, 1/5, 1/4, 1/3 or 1/2: an ordinary day cannot do
    that, because the limit is 10 %. The others are large dividends or limit falls in the index's crash of March
    2026; a dividend does not make earlier prices incomparable, so they are not factors.
    """
    found: list[list[object]] = []
    for row in rows(data / "corporate_actions/unadjusted_jumps_2018_2026.csv"):
        if not FIRST <= row["date"] <= DAY or row["symbol"] not in series:
            continue
        ratio = float(row["ratio"])
        factor = min(_SPLITS, key=lambda each: abs(ratio / each - 1))
        if abs(ratio / factor - 1) > 0.08:
            continue
        note = f"{round(1 / factor)} shares for 1: the price fell to {ratio:.3f} of the previous close"
        found.append(
            [row["symbol"], row["date"], round(factor, 6), note, "derived from PSX end of day prices"]
        )
    return sorted(found, key=lambda each: (str(each[0]), str(each[1])))


def cliffs(series: dict[str, Table], factors: list[list[object]]) -> list[tuple[str, str, float]]:
    """Falls or jumps of more than 25 % in a session that remain after the factors; there must be none unexplained."""
    exact = {(str(each[0]), str(each[1])): float(str(each[2])) for each in factors}
    found: list[tuple[str, str, float]] = []
    for symbol, each in series.items():
        closes, when = column(each, "c"), days(each)
        for index in range(1, len(closes)):
            change = closes[index] / (closes[index - 1] * exact.get((symbol, when[index]), 1)) - 1
            if abs(change) > 0.25:
                found.append((symbol, when[index], round(change, 4)))
    return found


def adjusted(series: Table, symbol: str, factors: list[list[object]], key: str = "c") -> list[float]:
    """A price column on today's share: earlier values times every later factor; missing ones left out."""
    own = [(str(each[1]), float(str(each[2]))) for each in factors if each[0] == symbol]
    values: list[float] = []
    for day, value in zip(days(series), column(series, key), strict=True):
        for ex_date, factor in own:
            value *= factor if day < ex_date else 1  # noqa: PLW2901 - the running product
        if value:
            values.append(value)
    return values


def sessions(series: dict[str, Table]) -> list[str]:
    """Every day on which the exchange traded."""
    return sorted({day for each in series.values() for day in days(each)})
