"""The captured pages beside the project, replayed where they are: exact counts, and values read off the pages by hand."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.sources.psx.source import READERS
from tests.sources.asked import SHARED, came, outcome

KARACHI = ZoneInfo("Asia/Karachi")
SEPTEMBER, AUGUST, APRIL = "psx_pages/dps_2026-09-30", "psx_pages/dps_2026-08-11", "psx_pages/2026-04"
CAPTURED = [
    ("market_watch", f"{SEPTEMBER}/market_watch_first22.html", "2026-09-30", {}, 22),
    ("indices", f"{SEPTEMBER}/indices_first10.html", "2026-09-30", {}, 10),
    ("eod", f"{SEPTEMBER}/timeseries_eod_HBL_first36.json", "2026-09-30", {"symbol": "HBL"}, 36),
    ("intraday", f"{SEPTEMBER}/timeseries_int_HBL_first24.json", "2026-09-30", {"symbol": "HBL"}, 24),
    ("symbol_position", f"{SEPTEMBER}/data_symbol-position.json", "2026-09-30", {}, 4),
    ("top_sectors", f"{SEPTEMBER}/data_top-10-sectors.json", "2026-09-30", {}, 10),
    ("announcements", f"{AUGUST}/announcements_POST_typeC.tbody.html", "2026-08-11", {"type": "C"}, 12),
    (
        "announcements",
        f"{AUGUST}/announcements_POST_typeE_psx_notices.tbody.html",
        "2026-08-11",
        {"type": "E"},
        4,
    ),
    ("payouts", f"{AUGUST}/payouts_POST_LUCK.tbody.html", "2026-08-11", {}, 2),
    ("historical", f"{APRIL}/historical_engro.html", "2026-04-08", {"symbol": "ENGRO"}, 2162),
    ("index_constituents", f"{APRIL}/indices_KSE100.html", "2026-04-08", {"index": "KSE100"}, 100),
    ("sector_summary", f"{APRIL}/sector_summary.html", "2026-04-08", {}, 37),
    ("sector_watch", f"{APRIL}/sector_summary.html", "2026-04-08", {}, 552),
    ("symbols", f"{APRIL}/symbols.json", "2026-04-08", {}, 1029),
    ("trading_board", f"{APRIL}/trading_board_reg_gem.html", "2026-04-08", {"board": "REG/gem"}, 4),
    ("company", "funds/dps_etf_MZNPETF_2026-08-21.html", "2026-08-21", {"symbol": "MZNPETF"}, 1),
    ("etf", "funds/dps_etf_MZNPETF_2026-08-21.html", "2026-08-21", {"symbol": "MZNPETF"}, 12),
]
THERE = [each for each in CAPTURED if (SHARED / each[1]).exists()]
NOT_FOUND = SHARED / "psx_pages/not_found_market-summary_404.html"


def captured(name, file, on, asked):
    return came(f"psx.{name}", (SHARED / file).read_bytes(), on, **asked)


def rows_of(file, name):
    wanted = next(each for each in CAPTURED if each[1].endswith(file) and each[0] == name)
    return READERS[f"psx.{name}"](captured(*wanted[:4]))


@pytest.mark.parametrize(("name", "file", "on", "asked", "count"), THERE)
def test_exact_counts(name, file, on, asked, count):
    assert len(READERS[f"psx.{name}"](captured(name, file, on, asked))) == count


@pytest.mark.parametrize(("name", "file", "on", "asked", "count"), THERE)
def test_cut_at_many_places(name, file, on, asked, count):
    page = captured(name, file, on, asked)
    reader = READERS[page.name]
    whole = reader(page)
    size = len(page.body)
    for part in range(1, 12):
        cut = outcome(reader, came(page.name, page.body[: size * part // 12 + part], on, **asked))
        assert isinstance(cut, str) or cut == whole


@pytest.mark.parametrize("name", sorted(READERS) if NOT_FOUND.exists() else [])
def test_the_page_that_is_not_there(name):
    assert isinstance(
        outcome(
            READERS[name], came(name, NOT_FOUND.read_bytes(), "2026-07-03", symbol="HBL", index="KSE100")
        ),
        str,
    )


if (SHARED / "psx_pages").exists():

    def test_market_watch_of_30_september():
        rows = {row.symbol: row for row in rows_of("market_watch_first22.html", "market_watch")}
        kosm = rows["KOSM"]
        assert (kosm.ldcp, kosm.high, kosm.current, kosm.change, kosm.change_pct, kosm.volume) == (
            4.96,
            5.94,
            5.73,
            0.77,
            15.524,
            58387095,
        )
        assert rows["PIBTL"].listed_in == ("ALLSHR", "KMIALLSHR", "KSE100", "KSE100PR")
        assert (rows["TISL"].change, rows["TISL"].sector_code) == (-0.09, "0818")

    def test_indices_of_30_september():
        rows = {row.code: row for row in rows_of("indices_first10.html", "indices")}
        assert rows["KSE100"].as_of == datetime(2026, 9, 30, 15, 50, tzinfo=KARACHI)
        assert (rows["KSE100"].current, rows["OGTI"].change) == (169969.32, -29.36)

    def test_series_of_hbl():
        bars = rows_of("timeseries_eod_HBL_first36.json", "eod")
        assert (bars[0].day, bars[0].close, bars[0].open, bars[0].volume) == (
            date(2026, 9, 30),
            306.1,
            302.8,
            1153509,
        )
        assert (bars[-1].day, bars[0].high, bars[0].low) == (date(2026, 8, 10), None, None)
        ticks = rows_of("timeseries_int_HBL_first24.json", "intraday")
        (closing,) = (tick for tick in ticks if tick.volume == 0)
        assert (closing.at.strftime("%H:%M:%S"), closing.price) == ("15:31:42", 306.1)

    def test_history_of_engro():
        bars = rows_of("historical_engro.html", "historical")
        assert (bars[0].day, bars[0].open, bars[0].volume) == (date(2025, 1, 3), 481.99, 4496408)
        assert (bars[-1].day, bars[-1].close) == (date(2016, 4, 11), 311.63)

    def test_constituents_of_the_kse100():
        rows = {row.symbol: row for row in rows_of("indices_KSE100.html", "index_constituents")}
        assert (rows["ABL"].weight_pct, rows["ABL"].points, rows["ABL"].free_float_mn) == (
            0.44,
            49.3873,
            114.507383,
        )
        assert round(sum(row.weight_pct for row in rows.values()), 2) == 99.96
        assert rows["BOP"].name == "The Bank of Punjab"  # XD is glued to its cell

    def test_what_sectors_show_as_traded_adds_up_to_their_turnover():
        sectors = rows_of("sector_summary.html", "sector_summary")
        shares = rows_of("sector_summary.html", "sector_watch")
        traded = Counter()
        for share in shares:
            traded[share.sector_code] += share.volume
        assert {sector.code: sector.turnover for sector in sectors} == dict(traded)
        marked = {share.symbol: share.marks for share in shares if share.marks}
        assert (marked["DFML"], marked["SCBPL"], marked["RICL"], marked["SHCI"]) == (
            ("NC",),
            ("XD",),
            ("XB",),
            ("WU",),
        )
        assert next(sector for sector in sectors if sector.code == "0807").market_cap_bn == 4637.57

    def test_announcements_of_11_august():
        rows = rows_of("announcements_POST_typeC.tbody.html", "announcements")
        assert [row.symbol for row in rows if row.revoked] == ["PICT"]
        assert (rows[0].link, rows[1].link) == (
            "/download/attachment/281036-1.pdf",
            "/download/image/281035-1.gif",
        )
        assert rows[3].link == "/download/document/281026.pdf"
        notices = rows_of("psx_notices.tbody.html", "announcements")
        assert (notices[1].title, notices[1].at.date()) == ("HOLIDAY CALENDAR - 2026", date(2026, 1, 20))

    def test_payouts_of_luck():
        newest, before = rows_of("payouts_POST_LUCK.tbody.html", "payouts")
        assert (newest.percent, newest.final, newest.kind, newest.closure_from) == (
            250,
            True,
            "dividend",
            date(2026, 8, 18),
        )
        assert (before.percent, before.announced) == (200, datetime(2025, 8, 11, 11, 11, tzinfo=KARACHI))

    def test_the_meezan_fund():
        basket = {row.symbol: row.shares for row in rows_of("dps_etf_MZNPETF_2026-08-21.html", "etf")}
        assert (basket["ATRL"], basket["DGKC"], basket["ENGROH"]) == (6, 31, 84)
        (fund,) = rows_of("dps_etf_MZNPETF_2026-08-21.html", "company")
        assert (fund.price, fund.ldcp, fund.change, fund.shares) == (17.82, 17.75, 0.07, 134910000)
        assert (fund.figures["Volume"], fund.market_cap) == ("566,500", 2404096200)

    def test_symbols_of_8_april():
        rows = rows_of("symbols.json", "symbols")
        assert sum(row.sector == "" for row in rows) == 53
        assert "786" in {row.symbol for row in rows}
