"""Every kind of page is read to the rows it shows."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.domain.errors import BrokenPage
from services.domain.records import ROWS
from services.domain.rows import (
    Bar,
    BasketRow,
    Company,
    IndexRow,
    Notice,
    Screened,
    Sector,
    Symbol,
    Tick,
    Watch,
)
from services.domain.rows_psx import Breadth, Depth, Leader, Totals
from services.sources.psx.source import READERS, SPEC
from tests.sources.asked import came
from tests.sources.psx.given import SMALL, small, text

KARACHI = ZoneInfo("Asia/Karachi")
DAY = date(2026, 10, 14)


def read(file: str, body: str | None = None):
    page = small(file, body)
    return READERS[page.name](page)


@pytest.mark.parametrize("file", SMALL)
def test_a_page_gives_rows_of_its_kind(file):
    rows = read(file)
    kinds = {spec.name: ROWS[spec.kind] for spec in SPEC.pages}
    assert rows
    assert {type(row) for row in rows} == {kinds[small(file).name]}


def test_market_watch():
    first, second, third, fourth = read("market_watch.html")
    assert first == Watch(
        "QALB", DAY, "Qalb Weaving & Spinning Limited", "0830", ("ALLSHR", "KMIALLSHR", "KSE100"), (),
        12.4, 12.5, 13.1, 12.35, 13.05, 0.65, 5.242, 4812345,
    )  # fmt: skip
    assert (second.symbol, second.marks, second.change, second.sector_code) == ("786", ("NC",), -3.75, "0813")
    assert (third.symbol, third.marks, third.volume, third.change) == ("MAHR", ("XD",), 0, 0.0)
    assert fourth.listed_in == ()


def test_a_market_watch_after_midnight_in_utc_is_of_the_day_in_karachi():
    page = small("market_watch.html")
    late = datetime(2026, 10, 14, 19, 30, tzinfo=ZoneInfo("UTC"))
    rows = READERS["psx.market_watch"](type(page)(page.name, page.body, late))
    assert {row.day for row in rows} == {date(2026, 10, 15)}


def test_columns_are_found_by_their_header():
    swapped = (
        text("trading_board.html")
        .replace(">BID VOL.<", ">x<")
        .replace(">OFFER VOL.<", ">BID VOL.<")
        .replace(">x<", ">OFFER VOL.<")
    )
    (row,) = read("trading_board.html", swapped)
    assert (row.bid_volume, row.offer_volume) == (0, 795076)


def test_indices_and_the_one_with_a_time_of_its_own():
    first, second, third = read("indices.html")
    at = datetime(2026, 10, 14, 15, 51, tzinfo=KARACHI)
    assert first == IndexRow("KSE100", at, 151492.52, 149872.13, 150969.3, -368.920000000128, -0.24)
    assert (second.code, second.as_of) == ("KMI30", at)
    assert third == IndexRow(
        "HBLTTI", datetime(2026, 10, 13, 18, 30, tzinfo=KARACHI), None, None, 19129.73, 3.99, 0.02
    )


@pytest.mark.parametrize(
    ("file", "index", "floats", "shares"),
    [
        ("index_constituents.html", "KSE100", 84.0, None),
        ("index_constituents_allshr.html", "ALLSHR", None, 84.0),
    ],
)
def test_constituents(file, index, floats, shares):
    first, second = read(file)
    assert (first.index, first.symbol, first.weight_pct, first.points) == (index, "MAHR", 7.25, 48.1234)
    assert (first.free_float_mn, first.shares_mn, first.market_cap_mn) == (floats, shares, 102207.0000005)
    assert (second.points, second.volume) == (0.0, 0)


def test_series():
    assert read("eod.json") == [
        Bar("HBL", DAY, 302.8, None, None, 306.1, 1153509),
        Bar("HBL", date(2026, 10, 13), 301.5, None, None, 302.0, 0),
        Bar("HBL", date(2026, 10, 12), None, None, None, 304.2, 365568),
    ]
    ticks = read("intraday.json")
    assert ticks[0] == Tick("HBL", datetime(2026, 10, 14, 15, 49, tzinfo=KARACHI), 306.1, 500)
    assert [tick.volume for tick in ticks] == [500, 157, 0, 5269, 211]


def test_history_a_price_of_zero_is_none_and_a_volume_of_zero_is_zero():
    first, second, third = read("historical.html")
    assert first == Bar("MAHR", DAY, 1481.99, 1496.0, 1474.01, 1485.38, 4496408)
    assert second == Bar("MAHR", date(2026, 10, 13), None, None, None, 1478.3, 0)
    assert third.volume == 1299


def test_sectors_and_their_shares():
    first, second = read("sector_summary.html")
    assert first == Sector("0809", DAY, "FERTILIZER", 1, 0, 0, 250001, 1509.45)
    assert (second.name, second.market_cap_bn) == ("TEXTILE & SPINNING", None)
    shares = READERS["psx.sector_watch"](came("psx.sector_watch", text("sector_summary.html"), "2026-10-14"))
    assert [(share.symbol, share.sector_code, share.volume) for share in shares] == [
        ("MAHR", "0809", 250001), ("QALB", "0830", 4812345), ("QALBR1", "0830", 0),
    ]  # fmt: skip
    untraded = shares[2]
    assert (untraded.open, untraded.high, untraded.low, untraded.current) == (0.0, 0.0, 0.0, 0.4)
    for sector in (first, second):  # what is shown as traded adds up to the turnover
        assert sum(share.volume for share in shares if share.sector_code == sector.code) == sector.turnover


def test_screener():
    first, second = read("screener.html")
    at = date(2026, 10, 15)
    assert first == Screened(
        "786",
        at,
        "0813",
        ("ALLSHR",),
        ("NC",),
        892213549.69,
        44.69,
        -9.99,
        406.5,
        17.8047,
        4.802,
        5240813,
        585040.77,
    )
    assert second == Screened("QALBR1", at, "", (), (), 12.3e9, 2.47, 0.0, None, None, 0.0, 499075, 0.0)


def test_announcements_whole_and_as_bare_rows_are_the_same():
    whole = read("announcements.html")
    assert whole == read("announcements_rows.html")
    assert whole[0] == Notice(
        "300026-MAHR", datetime(2026, 10, 14, 15, 29, tzinfo=KARACHI), "MAHR", "Mahr Fertilizer Limited",
        "Financial Results for the Quarter", "/download/document/300026.pdf",
    )  # fmt: skip
    assert (whole[1].title, whole[1].revoked, whole[1].link) == (
        "Board Meeting",
        True,
        "/download/image/300025-1.gif",
    )
    assert (whole[2].at.hour, whole[2].title, whole[2].id) == (0, "Notice & Proxy", "300001-786")


def test_notices_of_the_exchange():
    first, second = read("notices_rows.html")
    assert (first.id, first.symbol, first.at) == ("301500", "", datetime(2026, 10, 7, 16, 30, tzinfo=KARACHI))
    assert (second.link, second.id) == ("", "202601201400 List of holidays")


def test_no_announcement_is_an_answer_only_if_the_page_says_so():
    start, end = text("announcements.html").split("<tr><td>", 1)[0], "</tbody></table></div>"
    assert read("announcements.html", (start + end).replace("1 to 3 of 1,655", "0 to 0 of 0")) == []
    for said in ("1 to 3 of 1,655", "1 to 15 of 655"):
        with pytest.raises(BrokenPage, match="has 0"):
            read("announcements.html", (start + end).replace("1 to 3 of 1,655", said))
    with pytest.raises(BrokenPage, match="does not say"):
        read("announcements_rows.html", '<tbody class="tbl__body"></tbody>')


def test_announcements_fewer_than_said_are_refused():
    with pytest.raises(BrokenPage, match="15 entries, and has 3"):
        read("announcements.html", text("announcements.html").replace("1 to 3 of 1,655", "1 to 15 of 1,655"))


def test_a_header_is_asked_for_in_a_whole_page_and_nowhere_else_given_up():
    bare = text("market_watch.html").split("<tbody", 1)[1]
    with pytest.raises(BrokenPage, match="no table has this column"):
        read("market_watch.html", "<tbody" + bare.replace("</table>", ""))
    headless = text("announcements.html")
    headless = headless[: headless.index("<thead")] + headless[headless.index("</thead>") + 8 :]
    with pytest.raises(BrokenPage) as broken:
        read("announcements.html", headless)
    assert broken.value.column == "DATE"


def test_company_the_change_has_the_sign_of_price_less_ldcp_and_only_the_regular_market_counts():
    (row,) = read("company.html")
    assert isinstance(row, Company)
    assert (row.price, row.ldcp, row.change) == (1204.5, 1216.75, -12.25)
    assert row.as_of == datetime(2026, 10, 14, 15, 47, tzinfo=KARACHI)
    assert row.figures["Open"] == "1,204.50"
    assert row.figures["CIRCUIT BREAKER"] == "1,084.05 — 1,324.95"
    assert row.figures["1-Year Change * ^"] == "-5.35%"
    assert (row.market_cap, row.shares, row.free_float) == (449003552700.0, 372771732.0, 186385866.0)


def test_a_page_of_another_company_is_refused():
    page = small("company.html")
    with pytest.raises(BrokenPage, match="not of 'QALB'"):
        READERS["psx.company"](came(page.name, page.body, "2026-10-14", symbol="QALB"))


def test_basket():
    assert read("etf.html") == [
        BasketRow("ROSHETF", date(2026, 10, 13), "MAHR", "Mahr Fertilizer Limited", 1206.0),
        BasketRow("ROSHETF", date(2026, 10, 13), "QALB", "Qalb Weaving Limited", 31.0),
    ]


def test_lists():
    rows = read("symbols.json")
    assert rows[1] == Symbol("786", DAY, "Seven Eight Six Trust", "", is_gem=True)
    assert [(row.is_etf, row.is_debt, row.is_gem) for row in rows] == [(False, False, False), (False, False, True), (False, True, False), (True, False, False)]  # fmt: skip
    assert read("symbol_position.json")[0] == Breadth("ADV", DAY, 0.5)
    assert read("top_symbols.json")[1] == Leader("symbols", 2, "MAHR", DAY, "Mahr Fertilizer", 250001)
    assert read("top_sectors.json")[0] == Leader("sectors", 1, "0830", DAY, "TEXTILE SPINNING", 4902346)


def test_boards_and_panel():
    assert read("trading_board.html") == [
        Depth(
            "REG/main", "MAHR", DAY, "Mahr Fertilizer Limited", 795076, 1216.5, 0, 0.0, 1204.5, 12.25, 250001
        )
    ]
    (debt,) = read("trading_board_debt.html")
    assert (debt.symbol, debt.name, debt.offer) == ("P05FRR180929", "", 107.3627)
    at = datetime(2026, 10, 14, 15, 15, tzinfo=KARACHI)
    assert read("trading_panel.html") == [Totals(at, 411951, 465, 19, 6, 490, 1297902318, 45120003117.55)]


def test_a_page_that_nobody_says_whose_it_is_is_refused():
    for file in ("eod.json", "intraday.json", "historical.html", "company_payouts.html"):
        page = small(file)
        with pytest.raises(BrokenPage, match="which symbol"):
            READERS[page.name](came(page.name, page.body, "2026-10-14"))
