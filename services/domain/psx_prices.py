"""Quotes, index levels, shares and ratios of one PSX day, from what the exchange published of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from services.domain.corporate_actions import by_symbol, reference
from services.domain.market import Fact, Fundamentals, IndexLevel, MarketBook, Quote, Share, Unit
from services.domain.psx_stock import Stock, exact, fact
from services.domain.records import Batch
from services.domain.rows import ActionRow, Bar, IndexRow, Screened, Symbol, Watch
from services.domain.trading_calendar import TradingCalendar

KARACHI = ZoneInfo("Asia/Karachi")
SHARIAH_LIST = "KMIALLSHR"
_TOGETHER = timedelta(minutes=20)
_STAMP = timedelta(minutes=20)
"""The portal stamps a day's final prices so long after the close (15:50 for 15:30)."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The day of a book's prices and the time they are of; ``batch`` is what they came in, None for the frozen day's."""

    day: date
    at: datetime
    batch: Batch | None


def desk_of(base: MarketBook, stock: Stock, calendar: TradingCalendar) -> Desk:
    """The newest day of which prices are kept; that of the frozen book if there is none."""
    found: list[tuple[date, datetime, Batch]] = []
    bars, watch = stock.rows("bars", Bar), watched(stock)
    if bars:
        day = max(row.day for row in bars)
        batch = stock.newest["bars"]
        settled = calendar.closes_at(day) + _STAMP
        found.append(
            (
                day,
                batch.as_of if day == calendar.today(batch.as_of) and batch.as_of < settled else settled,
                batch,
            )
        )
    if watch:
        day, batch = max(row.day for row in watch), stock.newest["watch"]
        found.append((day, min(batch.as_of, calendar.closes_at(day) + _STAMP), batch))
    if not found:
        return Desk(base.day, base.closed_at, None)
    day, at, batch = max(found, key=lambda each: each[:2])
    return Desk(day, at.astimezone(calendar.zone), batch)


def watched(stock: Stock) -> list[Watch]:
    """The market watch by the day it shows.

    The page bears no day. Where the exchange's indices, fetched with it, still stand at an earlier day, nothing has been
    traded since, and the watch shows that day too (a closed day, an hour before the open).
    """
    rows, page, levels = stock.rows("watch", Watch), stock.newest.get("watch"), stock.newest.get("indices")
    if not rows or page is None or levels is None or abs(levels.as_of - page.as_of) > _TOGETHER:
        return rows
    shown = max((row.as_of.date() for row in stock.rows("indices", IndexRow)), default=rows[0].day)
    return [replace(row, day=shown) for row in rows] if shown < rows[0].day else rows


def quotes(stock: Stock, desk: Desk) -> dict[str, Quote]:
    """The day's quote of every share that has a price and a reference for its change.

    The watch's own LDCP goes before all; a bar without one is held against the close before, lowered by the day's actions.
    """
    watch = {row.symbol: row for row in watched(stock) if row.day == desk.day}
    bars = {row.symbol: row for row in stock.rows("bars", Bar) if row.day == desk.day}
    found = {
        symbol: _watched(row, stock.newest["watch"], desk) for symbol, row in watch.items() if _priced(row)
    }
    settled = not watch or (
        "bars" in stock.newest and stock.newest["bars"].as_of > stock.newest["watch"].as_of
    )
    actions = by_symbol(stock.history.actions)
    doubted = {jump.symbol for jump in stock.history.quarantined if jump.day == desk.day}
    for symbol, bar in bars.items():
        if (symbol in found and not settled) or (symbol not in found and symbol in doubted):
            continue
        ldcp = (
            float(found[symbol].ldcp.value)
            if symbol in found
            else _reference(stock, bar, actions.get(bar.symbol, ()))
        )
        if ldcp is not None and ldcp > 0 and bar.close > 0:
            found[symbol] = _barred(bar, ldcp, stock.newest["bars"], desk)
    return found


def _priced(row: Watch) -> bool:
    return row.current > 0 and row.ldcp > 0


def _reference(stock: Stock, bar: Bar, actions: Sequence[ActionRow]) -> float | None:
    known = stock.history.close_before(bar.symbol, bar.day)
    before = Bar(bar.symbol, known[0], None, None, None, known[1], 0) if known else None
    return reference(bar, before, actions)


def _watched(row: Watch, batch: Batch, desk: Desk) -> Quote:
    traded = row.volume > 0
    return Quote(
        row.symbol,
        price=fact(batch, f"price:{row.symbol}", row.current, "PKR", desk.at),
        ldcp=fact(batch, f"ldcp:{row.symbol}", row.ldcp, "PKR", desk.at),
        open=exact(row.open) if traded and row.open else None,
        high=exact(row.high) if traded and row.high else None,
        low=exact(row.low) if traded and row.low else None,
        volume=fact(batch, f"volume:{row.symbol}", row.volume, "shares", desk.at),
    )


def _barred(bar: Bar, ldcp: float, batch: Batch, desk: Desk) -> Quote:
    return Quote(
        bar.symbol,
        price=fact(batch, f"price:{bar.symbol}", bar.close, "PKR", desk.at),
        ldcp=fact(batch, f"ldcp:{bar.symbol}", ldcp, "PKR", desk.at),
        open=_known(bar.open),
        high=_known(bar.high),
        low=_known(bar.low),
        volume=fact(batch, f"volume:{bar.symbol}", bar.volume, "shares", desk.at),
    )


def _known(value: float | None) -> Decimal | None:
    return None if value is None else exact(value)


def today(quoted: Mapping[str, Quote], day: date) -> dict[str, Bar]:
    """The day's bars as far as it has gone, for the end of each series."""

    def plain(value: Decimal | None) -> float | None:
        return None if value is None else float(value)

    return {
        symbol: Bar(
            symbol, day, plain(quote.open), plain(quote.high), plain(quote.low), float(quote.price.value),
            int(quote.volume.value), float(quote.ldcp.value),
        )
        for symbol, quote in quoted.items()
    }  # fmt: skip


def indices(base: MarketBook, stock: Stock, desk: Desk) -> dict[str, IndexLevel]:
    """Each index at its newest level not later than the day: the exchange's own list, else bars under its code, else closes.

    The frozen day's levels and closes are sample data, and say so.
    """
    found = {code: level for code, level in base.indices.items() if level.level.as_of.date() <= desk.day}
    for code, closes in base.index_series.items():
        known = [day for day in sorted(closes) if day <= desk.day]
        if code not in found and len(known) > 1:
            found[code] = _closed(code, known[-1], closes[known[-1]], closes[known[-2]], base)
    batch = stock.newest.get("bars")
    for bar in stock.rows("bars", Bar):
        if batch is None or bar.symbol not in base.index_names or bar.day > desk.day:
            continue
        before = stock.history.close_before(bar.symbol, bar.day)
        if before:
            at = desk.at if bar.day == desk.day else datetime.combine(bar.day, time(), KARACHI)
            found[bar.symbol] = _level(batch, bar.symbol, bar.close, round(bar.close - before[1], 4), at)
    batch = stock.newest.get("indices")
    for row in stock.rows("indices", IndexRow):
        if batch is not None and row.as_of.date() <= desk.day:
            found[row.code] = _level(batch, row.code, row.current, row.change, row.as_of)
    return found


def _level(batch: Batch, code: str, level: float, change: float, at: datetime) -> IndexLevel:
    return IndexLevel(
        code,
        fact(batch, f"level:{code}", level, "index points", at),
        fact(batch, f"change:{code}", change, "index points", at),
    )


def _closed(code: str, day: date, close: float, before: float, base: MarketBook) -> IndexLevel:
    """A level from the frozen book's closes."""
    at = base.closed_at.replace(year=day.year, month=day.month, day=day.day)
    known = base.indices.get(code)
    source = known.level.source if known is not None else "PSX indices"
    change = exact(close) - exact(before)
    return IndexLevel(
        code,
        Fact(f"level:{code}:{day}", exact(close), "index points", code, at, source),
        Fact(f"change:{code}:{day}", change, "index points", code, at, source),
    )


def index_series(base: MarketBook, stock: Stock, last: date) -> dict[str, dict[date, float]]:
    """Closes by index and day, the kept ones over the frozen ones."""
    found = {code: dict(closes) for code, closes in base.index_series.items()}
    for code in base.index_names.keys() & stock.history.series.keys():  # imported as bars
        kept = stock.history.series[code]
        found.setdefault(code, {}).update(zip(kept.days, kept.close, strict=True))
    for code, levels in stock.levels.items():
        found.setdefault(code, {}).update(levels)
    told = [row for row, _ in stock.told("indices", IndexRow)][::-1]
    for row in sorted(told, key=lambda row: row.as_of):  # the newest of a day last
        found.setdefault(row.code, {})[row.as_of.date()] = row.current
    return {
        code: {day: level for day, level in sorted(closes.items()) if day <= last}
        for code, closes in found.items()
    }


def shares(base: MarketBook, stock: Stock, day: date) -> dict[str, Share]:
    """Every share that the frozen book or a newer list names; lists and sectors as published last up to the day."""
    found = dict(base.shares)
    sectors = {share.sector_code: share.sector for share in base.shares.values()}
    by_name = {name: code for code, name in sectors.items()}
    for symbol in stock.rows("symbols", Symbol):
        code = by_name.get(symbol.sector)
        if code and symbol.symbol not in found and not (symbol.is_debt or symbol.is_etf):
            found[symbol.symbol] = Share(symbol.symbol, symbol.name, code, symbol.sector, shariah=False)
    for row in stock.rows("watch", Watch):
        if row.sector_code in sectors:
            found[row.symbol] = _watched_share(row, found.get(row.symbol), sectors[row.sector_code])
    for listed in stock.rows("screener", Screened):
        known = found.get(listed.symbol)
        if known is not None and listed.sector_code in sectors and listed.day <= day:
            found[listed.symbol] = _screened_share(listed, known, sectors[listed.sector_code])
    return found


def _screened_share(row: Screened, known: Share, sector: str) -> Share:
    """The share with its lists of that day; itself where they are the same."""
    members = frozenset(row.listed_in)
    listed = (row.sector_code, sector, SHARIAH_LIST in members, members)
    if (known.sector_code, known.sector, known.shariah, known.indices) == listed:
        return known
    return Share(known.symbol, known.name, *listed)


def _watched_share(row: Watch, known: Share | None, sector: str) -> Share:
    """The share by the market watch, which names no Shariah list: what is known of that stays."""
    if known is not None:
        same = (known.sector_code, known.sector) == (row.sector_code, sector)
        return known if same else replace(known, sector_code=row.sector_code, sector=sector)
    return Share(
        row.symbol, row.name, row.sector_code, sector, shariah=False, indices=frozenset(row.listed_in)
    )


def fundamentals(base: MarketBook, stock: Stock, day: date) -> dict[str, Fundamentals]:
    """The screener's ratios; those of the frozen day where there is no newer screener and that day is not later."""
    batch = stock.newest.get("screener")
    rows = [row for row in stock.rows("screener", Screened) if row.day <= day]
    if batch is None or not rows:
        return dict(base.fundamentals) if base.day <= day else {}
    return {row.symbol: _ratios(row, batch) for row in rows}


def _ratios(row: Screened, batch: Batch) -> Fundamentals:
    # A file may have come days after the day it tells of.
    told = batch.as_of.astimezone(KARACHI)
    at = told if told.date() <= row.day else datetime.combine(row.day, time(), KARACHI)

    def known(name: str, value: float | None, unit: Unit) -> Fact | None:
        return None if value is None else fact(batch, f"{name}:{row.symbol}", value, unit, at)

    return Fundamentals(
        pe=known("pe", row.pe, "x"),
        dividend_yield=known("yield", row.dividend_yield_pct, "%"),
        market_cap=known("cap", None if row.market_cap is None else round(row.market_cap / 1e6, 2), "PKR mn"),
        free_float=known("float", row.free_float, "shares"),
        price=known("screen_price", row.price, "PKR"),
        change=known("screen_change", row.change_pct, "%"),
        usual_volume=known("volume30", row.volume30, "shares"),
    )
