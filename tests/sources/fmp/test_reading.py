"""FMP's answers as rows: values checked against the small pages beside them."""

from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import pytest

from services.domain.errors import BrokenPage
from services.domain.new_york import NEW_YORK
from services.domain.profiles import US
from services.domain.rows import Bar, EventRow, IndexRow, Watch
from services.domain.rows_us import Mover, SectorMove
from services.domain.sourcing import Page
from services.sources.fmp import READERS
from services.sources.fmp.codes import INDEX_CODES

PAGES = Path(__file__).parents[2] / "pages" / "fmp"
FETCHED = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)  # 17:15 in New York, a Friday


def page(name: str, file: str = "", *, at: datetime = FETCHED, **asked: str) -> Page:
    body = (PAGES / f"{file or name}.json").read_bytes()
    return Page(f"fmp.{name}", body, at, "application/json", asked=asked)


def read(name: str, file: str = "", *, at: datetime = FETCHED, **asked: str):
    return READERS[f"fmp.{name}"](page(name, file, at=at, **asked))


def test_quotes_are_measured_from_the_previous_close():
    fund, berkshire = read("quotes", symbols="XLK,BRK-B,GONE")
    assert fund == Watch(
        "XLK", date(2026, 11, 20), "Technology Select Sector SPDR Fund", "XLK", ("AMEX",), (), ldcp=278.5, open=278.15,
        high=282.11, low=277.02, current=281.4, change=2.9, change_pct=1.04129, volume=9120345,
    )  # fmt: skip
    assert (berkshire.symbol, berkshire.volume, berkshire.sector_code) == ("BRK-B", 0, ""), "a real 0 stays 0"


def test_a_symbol_that_nobody_asked_for_is_another_page():
    with pytest.raises(BrokenPage, match="row 2"):
        read("quotes", symbols="XLK,GONE")


def test_index_levels_go_by_our_codes_and_their_own_times():
    sp500, vix = read("indices")
    close = datetime(2026, 11, 20, 16, tzinfo=NEW_YORK)
    assert sp500 == IndexRow("SP500", close, 6660.01, 6521.92, 6602.99, 64.23, 0.98161)
    assert (vix.code, vix.high, vix.low, vix.as_of.isoformat()) == (
        "VIX",
        None,
        None,
        "2026-11-20T16:15:02-05:00",
    )
    assert set(INDEX_CODES.values()) == set(US.indices)


def test_movers_keep_their_places():
    first, second = read("movers", board="gainers")
    assert first == Mover(
        "gainers", 1, "ABCD", date(2026, 11, 20), "Abecede Therapeutics", "NASDAQ", 3.41, 1.9, 125.8278
    )
    assert (second.place, second.symbol) == (2, "KO")


@pytest.mark.parametrize(
    ("fetched", "day"),
    [
        ("2026-11-20T14:29:00+00:00", date(2026, 11, 19)),  # 09:29 in New York: the list is still yesterday's
        ("2026-11-20T14:30:00+00:00", date(2026, 11, 20)),
        ("2026-11-22T12:00:00+00:00", date(2026, 11, 20)),  # a Sunday
        ("2026-07-10T13:30:00+00:00", date(2026, 7, 10)),  # 09:30 in summer time
    ],
)
def test_movers_are_of_the_newest_session_that_had_begun(fetched: str, day: date):
    assert read("movers", at=datetime.fromisoformat(fetched), board="losers")[0].day == day


def test_movers_of_no_list_are_refused():
    with pytest.raises(BrokenPage, match="board"):
        read("movers")


def test_sectors_go_by_the_funds_that_follow_them():
    assert read("sectors", day="2026-11-20")[1:] == [
        SectorMove("XLF", date(2026, 11, 20), "Financials", "NASDAQ", -0.31481377),
        SectorMove("XLP", date(2026, 11, 20), "Consumer Staples", "NASDAQ", 0.0),
    ]
    assert set(US.sector_aliases.values()) == set(US.sectors)
    with pytest.raises(BrokenPage, match="2026-11-19"):
        read("sectors", day="2026-11-19")


def test_bars_are_those_that_were_traded_oldest_first():
    older, newer = read("eod", symbol="DOW")
    assert older == Bar("DOW", date(2026, 11, 19), 22.9, 22.95, 22.2, 22.41, 9_000_000)
    assert newer.close == 22.98, "Dow Inc. is a share and not the Dow"
    assert read("eod", "eod_index", symbol="^DJI")[0].symbol == "DOW30"


def test_split_adjusted_bars_of_a_share_are_refused():
    body = (PAGES / "eod_index.json").read_bytes().replace(b"^DJI", b"DOW")
    with pytest.raises(BrokenPage, match="adjClose"):
        READERS["fmp.eod"](Page("fmp.eod", body, FETCHED))


def test_bars_of_other_days_than_asked_are_refused():
    with pytest.raises(BrokenPage, match="2026-11-20 to"):
        read("eod", symbol="DOW", **{"from": "2026-11-20", "to": "2026-11-21"})


def test_splits_past_and_announced():
    past, announced = read("splits", symbol="NFLX")
    assert (past.ex_date, past.factor, past.note) == (date(2025, 11, 17), 0.1, "10 for 1")
    assert (announced.factor, announced.note) == (8.0, "1 for 8")
    assert READERS["fmp.splits"](Page("fmp.splits", b"[]", FETCHED)) == [], "most shares were never split"


def test_calendar_times_are_utc_and_names_that_come_twice_stay_two():
    claims, first, second = read("calendar")
    assert claims == EventRow(
        "fmp:US:2026-11-25:Initial Jobless Claims (Nov/21)", datetime(2026, 11, 25, 8, 30, tzinfo=NEW_YORK), "US",
        "Initial Jobless Claims (Nov/21)", "High", None, 225.0, 221.0,
    )  # fmt: skip
    assert second.id == f"{first.id}#2"
    assert (first.actual, second.actual) == (-0.096, 0.0)


def test_an_event_keeps_its_id_when_the_figure_comes_in():
    items = orjson.loads((PAGES / "calendar.json").read_bytes())
    items[0]["actual"] = 219
    later = READERS["fmp.calendar"](Page("fmp.calendar", orjson.dumps(items), FETCHED))
    assert later[0].id == read("calendar")[0].id


def test_symbols_with_their_sector():
    fund, share = read("symbols")
    assert (fund.is_etf, share.is_etf, share.name) == (True, False, "The Coca-Cola Company")
    assert (share.sector, share.day) == ("Consumer Defensive", date(2026, 11, 20))
