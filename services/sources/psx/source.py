"""The portal as a source: its pages, what is asked for each and when, how gently, and what its owner permits."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from services.domain.records import Kind
from services.domain.sourcing import Pace, PageSpec, Parse, Question, SourceSpec, When
from services.sources.clock import KARACHI
from services.sources.psx import (
    board,
    closing,
    company,
    indices,
    lists,
    notices,
    payouts,
    series,
    summary,
    watching,
)

BASE = "https://dps.psx.com.pk"
LICENCE = (
    "PSX forbids dissemination and commercial use of its market data, live or delayed, without its licence "
    "(marketdatarequest@psx.com.pk); this source is asked only if the operator says that there is one."
)
FOLLOWED = ("KSE100", "ALLSHR", "KSE30", "KMI30", "KMIALLSHR")
"""The indices whose constituents are fetched."""
AT_ONCE = 100
"""Announcements and payouts asked for in one answer."""
CLOSED_AT = 17
"""The hour in Karachi from which the day's files can be there (16:30 is the close on Fridays)."""

READERS: Mapping[str, Parse] = {
    "psx.market_watch": watching.market_watch,
    "psx.indices": indices.indices,
    "psx.index_constituents": indices.index_constituents,
    "psx.eod": series.eod,
    "psx.intraday": series.intraday,
    "psx.historical": series.historical,
    "psx.sector_summary": watching.sector_summary,
    "psx.sector_watch": watching.sector_watch,
    "psx.screener": watching.screener,
    "psx.announcements": notices.announcements,
    "psx.payouts": payouts.payouts,
    "psx.company_payouts": payouts.company_payouts,
    "psx.company": company.company,
    "psx.etf": company.etf,
    "psx.symbols": lists.symbols,
    "psx.trading_board": board.trading_board,
    "psx.trading_panel": board.trading_panel,
    "psx.symbol_position": lists.symbol_position,
    "psx.top_symbols": lists.top_symbols,
    "psx.top_sectors": lists.top_sectors,
    "psx.closing_rates": closing.closing_rates,
    "psx.market_summary": summary.market_summary,
}
"""Every page by its name; a page read from a file is read by the same."""

_Ask = Callable[[datetime, Sequence[str]], Sequence[Question]]


def psx(base: str = BASE) -> SourceSpec:
    """The source at that address (tests give a fake's)."""
    return SourceSpec(
        name="psx",
        title="Pakistan Stock Exchange",
        base=base,
        pages=_pages(),
        licence=LICENCE,
        pace=Pace(every=1.0, at_once=2, timeout=30.0, tries=3),
        headers={
            "User-Agent": "Mozilla/5.0 (compatible; MarketByte/0.1)",
            "X-Requested-With": "XMLHttpRequest",
            "Referer": f"{base}/",
        },
        delay=300.0,
    )


def whole_history(symbols: Sequence[str]) -> Sequence[Question]:
    """All days of each symbol (some nine years): for the first import, not for every day."""
    return [Question("/historical", form={"symbol": symbol}, asked={"symbol": symbol}) for symbol in symbols]


def month_of_history(year: int, month: int, symbols: Sequence[str]) -> Sequence[Question]:
    """One month of each symbol."""
    return [
        Question(
            "/historical",
            form={"month": str(month), "year": str(year), "symbol": symbol},
            asked={"symbol": symbol, "month": f"{year}-{month:02}"},
        )
        for symbol in symbols
    ]


def last_close(moment: datetime) -> date:
    """The newest day whose files can be there: today from 17:00 in Karachi, else the weekday before. Holidays count as days."""
    local = moment.astimezone(KARACHI)
    day = local.date() if local.hour >= CLOSED_AT else local.date() - timedelta(days=1)
    return day - timedelta(days=max(day.weekday() - 4, 0))


def _pages() -> tuple[PageSpec, ...]:
    return (
        _page("market_watch", "watch", _one("/market-watch"), "session", "close"),
        _page("indices", "indices", _one("/indices"), "session", "close"),
        _page("index_constituents", "constituents", _constituents, "close"),
        _page("market_summary", "bars", _file("/download/mkt_summary/{}.Z"), "evening"),
        _page("sector_summary", "sectors", _one("/sector-summary/sectorwise"), "close"),
        _page("screener", "screener", _one("/screener"), "close"),
        _page("announcements", "announcements", _announcements, "session", "evening", empty_ok=True),
        _page("payouts", "payouts", _payouts, "evening", empty_ok=True),
        _page("symbols", "symbols", _one("/symbols"), "daily"),
        _page("eod", "bars", _each("/timeseries/eod/{}"), "on demand"),
        _page("intraday", "ticks", _each("/timeseries/int/{}"), "on demand"),
        _page("historical", "bars", _this_month, "on demand"),
        _page("company_payouts", "payouts", _company_payouts, "on demand", empty_ok=True),
        _page("company", "companies", _each("/company/{}"), "on demand"),
        _page("etf", "baskets", _each("/etf/{}"), "on demand"),
        _page("sector_watch", "watch", _one("/sector-summary/sectorwise"), "on demand"),
        _page("trading_board", "depth", _one("/trading-board/REG/main", board="REG/main"), "on demand"),
        _page("trading_panel", "totals", _one("/trading-panel"), "on demand"),
        _page("symbol_position", "breadth", _one("/data/symbol-position"), "on demand"),
        _page("top_symbols", "leaders", _one("/data/top-10-symbols"), "on demand"),
        _page("top_sectors", "leaders", _one("/data/top-10-sectors"), "on demand"),
        _page("closing_rates", "bars", _file("/download/closing_rates/{}.pdf"), "on demand"),
    )


def _page(name: str, kind: Kind, ask: _Ask, *when: When, empty_ok: bool = False) -> PageSpec:
    whole = f"psx.{name}"
    return PageSpec(name=whole, kind=kind, ask=ask, parse=READERS[whole], when=when, empty_ok=empty_ok)


def _one(path: str, **asked: str) -> _Ask:
    """A page about everything: one request, whatever is wanted."""
    return lambda _moment, _symbols: (Question(path, asked=asked),)


def _each(path: str) -> _Ask:
    return lambda _moment, symbols: [
        Question(path.format(symbol), asked={"symbol": symbol}) for symbol in symbols
    ]


def _file(path: str) -> _Ask:
    def ask(moment: datetime, _symbols: Sequence[str]) -> Sequence[Question]:
        day = last_close(moment).isoformat()
        return (Question(path.format(day), asked={"day": day}),)

    return ask


def _constituents(_moment: datetime, _symbols: Sequence[str]) -> Sequence[Question]:
    return [Question(f"/indices/{code}", asked={"index": code}) for code in FOLLOWED]


def _this_month(moment: datetime, symbols: Sequence[str]) -> Sequence[Question]:
    """The month of the last close; whoever wants more has ``month_of_history`` and ``whole_history``."""
    day = last_close(moment)
    return month_of_history(day.year, day.month, symbols)


def _announcements(moment: datetime, _symbols: Sequence[str]) -> Sequence[Question]:
    """Those of companies and of the exchange, of yesterday and today; companies have up to 200 in two days of results."""
    today = moment.astimezone(KARACHI).date()
    span = {"date_from": (today - timedelta(days=1)).isoformat(), "date_to": today.isoformat()}
    return [
        Question(
            "/announcements",
            form={
                "type": kind,
                "symbol": "",
                "query": "",
                "count": str(AT_ONCE),
                "offset": str(offset),
                **span,
                "page": "annc",
            },
            asked={"type": kind, **span},
        )
        for kind, offset in (("C", 0), ("C", AT_ONCE), ("E", 0))
    ]


def _payouts(_moment: datetime, _symbols: Sequence[str]) -> Sequence[Question]:
    """The newest of all companies."""
    return (Question("/payouts", form={"symbol": "", "count": str(AT_ONCE), "offset": "0"}),)


def _company_payouts(_moment: datetime, symbols: Sequence[str]) -> Sequence[Question]:
    return [
        Question("/company/payouts", form={"symbol": symbol}, asked={"symbol": symbol}) for symbol in symbols
    ]


SPEC: SourceSpec = psx()
"""The portal itself."""
