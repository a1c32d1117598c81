"""The frozen sample market day 20 Aug 2026 as market data: what the bot speaks of when no live source is set."""

import asyncio
import gzip
import hashlib
from collections import defaultdict
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from services.domain.market import (
    Adjustment,
    Announcement,
    Basket,
    Event,
    Fact,
    Flow,
    Fund,
    Fundamentals,
    IndexLevel,
    MarketBook,
    Payout,
    Quote,
    Series,
    Share,
    Unit,
)
from services.sources.sample_shape import Document, EtfPage, FundRow, Screened

KARACHI = ZoneInfo("Asia/Karachi")
FILE = Path(__file__).parent / "sample_2026_08_20.json.gz"
CLOSE = time(15, 50)  # the portal's own stamp of a day's final prices
LABEL = "sample data, 20 Aug 2026"
EOD = "PSX end of day"
SCREENER = "PSX screener, 20 Aug 2026"
MUFAP = "MUFAP daily NAVs"
ETF_PAGE = "PSX page of MZNPETF"
INDICES = "PSX indices"


class SampleMarket:
    """MarketData from the one file beside this module; read once, off the event loop, then shared."""

    def __init__(self, file: Path = FILE) -> None:
        self._file = file
        self._book: MarketBook | None = None
        self._reading = asyncio.Lock()

    async def book(self) -> MarketBook:
        """The book of 20 Aug 2026; only the first call reads the file."""
        if self._book is None:
            async with self._reading:
                if self._book is None:
                    self._book = await asyncio.to_thread(read, self._file)
        return self._book


def read(file: Path = FILE) -> MarketBook:
    """Read the file into a book. Blocks for about a tenth of a second; the version is the file's own hash."""
    raw = file.read_bytes()
    document: Document = orjson.loads(gzip.decompress(raw))
    weights = Basket(
        {symbol: _exact(weight) for symbol, weight in document["kse100_weights"].items()},
        _close(document["kse100_weights_day"]),
        "PSX KSE-100 weights, 8 Apr 2026",
    )
    return MarketBook(
        market="psx",
        day=date.fromisoformat(document["day"]),
        closed_at=_close(document["day"]),
        label=LABEL,
        version="sample-" + hashlib.sha256(raw).hexdigest()[:12],
        sample=True,
        sessions=tuple(map(date.fromisoformat, document["sessions"])),
        shares=_shares(document),
        quotes=_quotes(document),
        series=_series(document),
        adjustments=_adjustments(document),
        fundamentals=_fundamentals(document),
        indices=_indices(document),
        index_series={
            code: {date.fromisoformat(day): close for day, close in closes.items()}
            for code, closes in document["index_closes"].items()
        },
        index_names=document["index_names"],
        funds=_funds(document, weights),
        flows=_flows(document),
        rates={
            name: _fact(f"rate:{name}", value, unit, _midnight(day), source, entity="PK")
            for name, value, unit, day, source in document["rates"]
        },
        payouts=_payouts(document),
        announcements=tuple(
            Announcement(id_, date.fromisoformat(day), symbol, title, source, kind)
            for id_, day, symbol, title, source, kind in document["announcements"]
        ),
        events=tuple(Event(date.fromisoformat(day), *rest) for day, *rest in document["events"]),
        kse100_weights=weights,
        shariah_list_date=date.fromisoformat(document["shariah_list_day"]),
        aliases={name: tuple(codes) for name, codes in document["aliases"].items()},
    )


def _close(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), CLOSE, KARACHI)


def _midnight(day: str) -> datetime:
    """For figures known by their date alone."""
    return datetime.combine(date.fromisoformat(day), time(), KARACHI)


def _exact(value: float) -> Decimal:
    """A JSON number as the decimal it was written as."""
    return Decimal(str(value))


def _fact(name: str, value: float, unit: Unit, as_of: datetime, source: str, *, entity: str = "") -> Fact:
    """A fact with the id ``name:date``; its entity is the name's second word unless another is given."""
    return Fact(f"{name}:{as_of.date()}", _exact(value), unit, entity or name.split(":")[1], as_of, source)


def _shares(document: Document) -> dict[str, Share]:
    sectors = document["sectors"]
    return {
        symbol: Share(symbol, name, code, sectors[code], shariah, frozenset(indices))
        for symbol, (name, code, shariah, indices) in document["shares"].items()
    }


def _series(document: Document) -> dict[str, Series]:
    days = {text: date.fromisoformat(text) for text in document["sessions"]}
    return {
        symbol: Series(
            tuple(days[day] for day in bars["d"]),
            tuple(bars["o"]),
            tuple(bars["h"]),
            tuple(bars["l"]),
            tuple(bars["c"]),
            tuple(bars["v"]),
        )
        for symbol, bars in document["bars"].items()
    }


def _quotes(document: Document) -> dict[str, Quote]:
    close = _close(document["day"])
    return {
        symbol: Quote(
            symbol,
            price=_fact(f"price:{symbol}", price, "PKR", close, EOD),
            ldcp=_fact(f"ldcp:{symbol}", ldcp, "PKR", close, EOD),
            open=_exact(first),
            high=_exact(high),
            low=_exact(low),
            volume=_fact(f"volume:{symbol}", volume, "shares", close, EOD),
        )
        for symbol, (price, ldcp, first, high, low, volume) in document["quotes"].items()
    }


def _adjustments(document: Document) -> dict[str, tuple[Adjustment, ...]]:
    found: defaultdict[str, list[Adjustment]] = defaultdict(list)
    for symbol, day, factor, note, source in document["adjustments"]:
        found[symbol].append(Adjustment(symbol, date.fromisoformat(day), factor, note, source))
    return {symbol: tuple(own) for symbol, own in found.items()}


def _fundamentals(document: Document) -> dict[str, Fundamentals]:
    close = _close(document["day"])
    found = {symbol: _ratios(symbol, row, close) for symbol, row in document["screener"].items()}
    price = document["meezan_etf"]["close"]
    if price is not None:
        found["MZNPETF"] = Fundamentals(price=_fact("price:MZNPETF", price, "PKR", close, ETF_PAGE))
    return found


def _ratios(symbol: str, row: Screened, close: datetime) -> Fundamentals:
    """Screener ratios; the market capitalisation comes in rupees and is told in millions."""

    def known(name: str, value: float | None, unit: Unit) -> Fact | None:
        return None if value is None else _fact(f"{name}:{symbol}", value, unit, close, SCREENER)

    return Fundamentals(
        pe=known("pe", row["pe"], "x"),
        dividend_yield=known("yield", row["yield_"], "%"),
        market_cap=known("cap", None if row["cap"] is None else round(row["cap"] / 1e6, 2), "PKR mn"),
        free_float=known("float", row["float_"], "shares"),
        price=known("screen_price", row["price"], "PKR"),
        change=known("screen_change", row["change"], "%"),
        usual_volume=known("volume30", row["volume30"], "shares"),
    )


def _indices(document: Document) -> dict[str, IndexLevel]:
    close = _close(document["day"])
    return {
        code: IndexLevel(
            code,
            _fact(f"level:{code}", level, "index points", close, INDICES),
            _fact(f"change:{code}", change, "index points", close, INDICES),
        )
        for code, (level, change) in document["indices"].items()
    }


def _funds(document: Document, weights: Basket) -> dict[str, Fund]:
    """Every fund, and the KSE-100 itself as a basket that can be held or compared with."""
    found = {code: _fund(code, row, document["meezan_etf"]) for code, row in document["funds"].items()}
    found["KSE100"] = Fund("KSE100", "KSE-100 index", "index", "Index", shariah=False, basket=weights)
    return found


def _fund(code: str, row: FundRow, page: EtfPage) -> Fund:
    valid = _midnight(row["valid"])
    own_page = code == "MZNPETF"
    fee = page["fee"] if own_page else None
    return Fund(
        code=code,
        name=row["name"],
        kind=row["kind"],
        category=row["category"],
        shariah=row["shariah"],
        nav=None if row["nav"] is None else _fact(f"nav:{code}", row["nav"], "PKR", valid, MUFAP),
        basket=_meezan_basket(page) if own_page else None,
        fee=None if fee is None else _fact(f"fee:{code}", fee, "fraction", _close(page["day"]), ETF_PAGE),
        fee_kind="" if fee is None else "management fee, at most",
        returns={
            period: _fact(f"return:{code}:{period}", value, "%", valid, MUFAP)
            for period, value in row["returns"].items()
        },
        annualised=row["annualised"],
        price_symbol=code if row["kind"] == "etf" else "",
    )


def _meezan_basket(page: EtfPage) -> Basket:
    return Basket(
        {symbol: _exact(weight) for symbol, weight in page["weights"].items()},
        _close(page["day"]),
        f"{ETF_PAGE}: shares per 10,000 units at the day's closes",
    )


def _flows(document: Document) -> tuple[Flow, ...]:
    day = _midnight(document["flow_day"])
    return tuple(
        Flow(
            side,
            investor,
            sector,
            _fact(f"flow:{side}:{investor}:{sector}", net, "USD mn", day, "NCCPL FIPI/LIPI", entity=sector),
        )
        for side, investor, sector, net in document["flows"]
    )


def _payouts(document: Document) -> tuple[Payout, ...]:
    return tuple(
        Payout(
            symbol,
            kind,
            text,
            date.fromisoformat(announced) if announced else None,
            date.fromisoformat(ex_date) if ex_date else None,
            None
            if share is None
            else _fact(f"dividend:{symbol}", share, "PKR", _midnight(ex_date or announced or ""), source),
            source,
        )
        for symbol, kind, text, announced, ex_date, share, source in document["payouts"]
    )
