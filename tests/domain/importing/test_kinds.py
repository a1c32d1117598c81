"""Each kind of operator's file: its columns by any of their names, its rows checked, what is wrong told by line and column."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.domain.importing.flows_check import check_flows
from services.domain.importing.grid import Grid
from services.domain.importing.prices import mended
from services.domain.importing.reading import Around
from services.domain.importing.recognising import read
from services.domain.rows import Bar, FlowRow, HoldingRow, HolidayRow, RateRow

NOW = datetime(2026, 8, 21, 18, 0, tzinfo=ZoneInfo("Asia/Karachi"))
THU = date(2026, 8, 20)
HEAD = ["Symbol", "Date", "Open", "High", "Low", "Close", "Volume"]


def grid(*rows, name=""):
    width = max(map(len, rows))
    return Grid(
        name,
        range(1, len(rows) + 1),
        tuple(zip(*([*r, *[None] * (width - len(r))] for r in rows), strict=True)),
    )


def looked(kind, *rows, page="file.csv", **more):
    return read(kind, [grid(*rows)], Around(page, NOW, **more))


def reasons(reading):
    return [(one.row, one.reason) for one in reading.rejected]


def prices(*rows):
    return looked("prices", HEAD, *rows)


def test_a_good_price():
    found = prices(["luck", "2026-08-20", "410", "415.5", "409", "412.55", "1,200,000"])
    assert found.rows == [Bar("LUCK", THU, 410.0, 415.5, 409.0, 412.55, 1_200_000)]
    assert (found.first, found.last, found.verdict) == (THU, THU, "")


def test_the_same_under_the_exchange_s_headers_with_titles_above():
    found = looked(
        "prices", ["Closing rates"], ["20 Aug 2026", None],
        ["SCRIP", "LDCP", "OPEN RATE", "HIGHEST", "LOWEST", "TURNOVER", "LAST RATE"],
        [786.0, "23", "23", "23.5", "22.9", 0, 23.3], ["Banks"], ["MEBL", 360, 360, 362, 359, 5, 361],
    )  # fmt: skip
    assert [(r.symbol, r.day, r.close, r.volume, r.ldcp) for r in found.rows] == [
        ("786", THU, 23.3, 0, 23.0), ("MEBL", THU, 361.0, 5, 360.0),
    ]  # fmt: skip
    assert found.notes == ("1 lines of headings, notes or repeated headers left out",)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({0: ""}, "Symbol: empty"), ({0: "no such"}, "Symbol: no symbol"), ({1: "soon"}, "Date: text where a date belongs"),
        ({1: ""}, "Date: no date"), ({1: "2026-08-22"}, "Date: a day that has not come yet"), ({1: "2026-08-15"}, "Date: a weekend day"),
        ({1: "1900-01-01"}, "Date: a day before any market of ours"), ({5: "abc"}, "Close: text where a number belongs"),
        ({5: "-"}, "close: no price"), ({5: "0"}, "close: not above 0, or absurdly high"), ({5: "1e9"}, "close: not above 0, or absurdly high"),
        ({6: "1.5"}, "volume: no count of shares"), ({6: "-3"}, "volume: no count of shares"), ({6: "N/A"}, "volume: empty"),
        ({2: "-1"}, "a price below 0 or absurdly high"), ({7: "987"}, "more cells than the header has"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_by_line_and_column(changed, reason):
    good = ["LUCK", "2026-08-20", "410", "415", "409", "412", "1200"]
    bad = [*good, None]
    bad[0] = "MEBL"
    for place, value in changed.items():
        bad[place] = value
    found = prices(good, bad)
    assert reasons(found) == [(3, reason)]
    assert len(found.rows) == 1
    assert "1 of 2 rows are wrong" in found.verdict


def test_days_without_a_trade_and_impossible_figures_are_taken_without_them():
    found = prices(
        ["A", "2026-08-20", "0", "0", "0", "50", "0"],
        ["B", "2026-08-20", "50", "51", "49", "52", "10"],
        ["C", "2026-08-20", "60", "51", "49", "50", "10"],
        ["D", "2026-08-20", "50", "51", "49", "50", "10"],
    )
    assert [(r.open, r.high, r.low) for r in found.rows] == [
        (None, None, None), (50.0, None, None), (None, 51.0, 49.0), (50.0, 51.0, 49.0),
    ]  # fmt: skip
    assert found.mended == 3


@given(*[st.floats(0, 100) | st.none()] * 3, st.floats(0.01, 100))
def test_what_is_mended_can_be_true(opened, high, low, close):
    kept = mended(opened, high, low, close)
    assert all(
        after is None or after == before for before, after in zip((opened, high, low), kept, strict=True)
    )
    opened, high, low = kept
    assert 0 not in kept
    assert high is None or high >= close
    assert low is None or low <= close
    assert None in {opened, high, low} or low <= opened <= high


def test_twice_the_same_is_taken_once_and_a_contradiction_not_at_all():
    row = ["LUCK", "2026-08-20", "410", "415", "409", "412", "1200"]
    found = prices(row, row, ["MEBL", *row[1:]], ["MEBL", *row[1:5], "413", "1200"])
    assert [r.symbol for r in found.rows] == ["LUCK"]
    assert found.repeated == 1
    assert reasons(found) == [
        (4, "row 5 says something else of the same symbol and day"),
        (5, "row 4 says something else of the same symbol and day"),
    ]


def test_one_wrong_row_in_a_hundred_is_let_pass_and_two_are_not():
    good = [[f"S{n}", "2026-08-20", "1", "1", "1", "1", "1"] for n in range(99)]
    bad = ["X", "2026-08-20", "1", "1", "1", "", "1"]
    assert prices(*good, bad).verdict == ""
    assert prices(*good[1:], bad, ["Y", *bad[1:]]).verdict == "2 of 100 rows are wrong; at most 1% may be"
    assert prices(bad).verdict == "no row of it can be used"


def test_a_missing_column_is_named_with_the_headers_there_are():
    with pytest.raises(
        BrokenPage, match="no column for close, volume; the headers are: Ticker, Date, Open"
    ) as broken:
        looked("prices", ["Ticker", "Date", "Open"], ["LUCK", "2026-08-20", "1"])
    assert (broken.value.page, broken.value.column, broken.value.row) == ("file.csv", "close", 1)
    with pytest.raises(BrokenPage, match="no column for the day"):
        looked("prices", ["Symbol", "Close", "Volume"], ["LUCK", "1", "1"])


def test_dates_that_can_be_read_in_two_ways_refuse_the_file():
    with pytest.raises(BrokenPage, match="nothing tells whether") as broken:
        prices(["LUCK", "03/08/2026", "1", "1", "1", "1", "1"])
    assert (broken.value.column, broken.value.row) == ("Date", 2)


def test_unknown_symbols_are_taken_and_told():
    found = looked(
        "prices", HEAD, ["NEWCO", "2026-08-20", "1", "1", "1", "1", "1"], symbols=frozenset({"LUCK"})
    )
    assert [r.symbol for r in found.rows] == ["NEWCO"]
    assert found.notes == ("unknown so far, taken all the same: NEWCO",)


def test_several_tables_are_one_file_and_their_lines_stay_apart():
    row = ["LUCK", "2026-08-20", "1", "1", "1", "1", "1"]
    found = read(
        "prices",
        [grid(HEAD, row, name="Aug"), grid(["note", "x"], ["a", "b"], name="Notes"), grid(HEAD, ["MEBL", *row[1:]], ["OGDC", *row[1:6], "x"], name="More")],
        Around("f.xlsx", NOW),
    )  # fmt: skip
    assert [r.symbol for r in found.rows] == ["LUCK", "MEBL"]
    assert reasons(found) == [(3, "table 2: Volume: text where a number belongs")]


FLOWS = ["date", "side", "label", "buy_usd_mn", "sell_usd_mn", "net_usd_mn", "Cement", "Debt"]
DAY = [
    ["2026-08-20", "LIPI", "Individual", "5", "-3", "2", "1.5", "0.5"],
    ["2026-08-20", "LIPI", "Banks/DFI", "1", "-2", "-1", "-1", "0"],
    ["2026-08-20", "LIPI_TOTAL", "LIPI Net", "6", "-5", "1", "0.5", "0.5"],
    ["2026-08-20", "FIPI", "Foreign Corporates", "1", "-2", "-1", "-0.5", "-0.5"],
    ["2026-08-20", "FIPI_TOTAL", "FIPI Net", "1", "-2", "-1", "-0.5", "-0.5"],
    ["2026-08-20", "FIPI_PERIOD", "mtd", "9", "-12", "-3", "1", "1"],
]


def test_flows_with_sectors_in_columns():
    found = looked("flows", FLOWS, *DAY)
    assert found.rejected == []
    assert len(found.rows) == 9
    assert found.rows[0] == FlowRow(THU, "LIPI", "Individuals", "All", 2.0, 5.0, -3.0)
    assert FlowRow(THU, "FIPI", "Foreign Corporates", "Debt Market", -0.5) in found.rows
    assert found.beside == (
        RateRow("fipi_net_day", THU, -1.0, "USD mn"),
        RateRow("fipi_net_mtd", THU, -3.0, "USD mn"),
    )
    check_flows(found.rows, "f")


def test_flows_with_sectors_in_rows_and_bare_sells():
    found = looked(
        "flows", ["Date", "Client Type", "Sector Name", "Buy", "Sell", "Net"],
        ["20/08/2026", "FOREIGN INDIVIDUALS", "CEMENT", "5", "3", "2"], ["20/08/2026", "INDIVIDUALS", "CEMENT", "1", "3", "-2"],
    )  # fmt: skip
    assert found.rows == [
        FlowRow(THU, "FIPI", "Foreign Individuals", "Cement", 2.0, 5.0, -3.0),
        FlowRow(THU, "LIPI", "Individuals", "Cement", -2.0, 1.0, -3.0),
    ]
    check_flows(found.rows, "f")


@pytest.mark.parametrize(
    ("line", "place", "value", "says"),
    [
        (0, 5, "2.2", "FIPI is not minus LIPI"),
        (0, 6, "1.3", "do not net to zero"),
        (3, 5, "-1.2", "FIPI is not minus LIPI"),
    ],
)
def test_a_table_copied_wrongly_breaks_its_sums(line, place, value, says):
    wrong = [list(row) for row in DAY]
    wrong[line][place] = value
    with pytest.raises(BrokenPage, match=says):
        check_flows(looked("flows", FLOWS, *wrong).rows, "f")


def test_one_side_alone_proves_nothing():
    with pytest.raises(BrokenPage, match="only LIPI"):
        check_flows(looked("flows", FLOWS, *DAY[:2]).rows, "f")


@given(st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=12), st.integers(0, 4))
def test_rounding_is_forgiven_and_more_is_not(nets, places):
    """Figures that net to zero and are rounded pass; a figure that is off by one in its second last decimal does not."""
    step = 10**-places
    rows = [FlowRow(THU, "LIPI", f"I{n}", "All", round(net * step, places)) for n, net in enumerate(nets)]
    whole = round(-sum(nets) * step, places)
    check_flows([*rows, FlowRow(THU, "FIPI", "F", "All", whole)], "f")
    off = (len(nets) + 2) * max(step, 1e-9)
    with pytest.raises(BrokenPage):
        check_flows([*rows, FlowRow(THU, "FIPI", "F", "All", round(whole + off, places))], "f")


def test_fund_holdings_in_percent_with_the_fund_above():
    found = looked(
        "fund-holdings", ["Fund: Meezan Islamic Fund"], ["As of 31 Jul 2026"], ["Top Ten Holdings", "% of Total Assets"],
        ["Lucky Cement Limited", "11.5%"], ["MEBL", "9"], ["Nobody Ltd", "3"],
        symbols=frozenset({"LUCK", "MEBL"}), ticker_of={"Lucky Cement Limited": "LUCK", "MEBL": "MEBL"}.get,
    )  # fmt: skip
    assert found.rows == [
        HoldingRow("Meezan Islamic Fund", date(2026, 7, 31), "LUCK", 0.115),
        HoldingRow("Meezan Islamic Fund", date(2026, 7, 31), "MEBL", 0.09),
    ]
    assert reasons(found) == [(6, "symbol: no share we know by that name")]


def test_fund_holdings_as_fractions_stay_and_cannot_be_more_than_all():
    head = ["fund", "date", "symbol", "weight"]
    rows = [["F", "2026-07-31", "LUCK", "0.6"], ["F", "2026-07-31", "MEBL", "0.4"]]
    assert [r.weight for r in looked("fund-holdings", head, *rows).rows] == [0.6, 0.4]
    with pytest.raises(BrokenPage, match=r"come to 120\.0%"):
        looked("fund-holdings", head, *rows, ["F", "2026-07-31", "OGDC", "0.2"])
    with pytest.raises(BrokenPage, match=r"come to 120\.0%"):
        looked(
            "fund-holdings",
            head,
            *[[*r[:3], float(r[3]) * 100] for r in rows],
            ["F", "2026-07-31", "OGDC", "20"],
        )


def test_rates_in_their_three_shapes():
    long = looked("rates", ["date", "name", "value", "unit"], ["2026-08-20", "policy_rate", "11", "%"],
                  ["2026-08-20", "KIBOR 6M", "11.2", ""], ["2026-08-20", "reserves", "14000", "USD mn"], ["2026-08-20", "magic", "1", ""])  # fmt: skip
    assert [(r.name, r.value, r.unit) for r in long.rows] == [
        ("policy_rate", 11.0, "%"), ("kibor_6m", 11.2, "%"), ("reserves", 14000.0, "USD mn"),
    ]  # fmt: skip
    assert reasons(long) == [(5, "name: no rate that we know, and no unit beside it")]
    curve = looked(
        "rates",
        ["Tenor", "Mid Rate", "Change"],
        ["1W", "11.17", "0.07"],
        ["10Y", "12", "0"],
        page="PKRV20082026123.csv",
    )
    assert curve.rows == [RateRow("pkrv_1W", THU, 11.17, "%"), RateRow("pkrv_10Y", THU, 12.0, "%")]
    wide = looked(
        "rates",
        ["month", "National CPI (2015-16 = 100)", "note"],
        ["2026-05", "294.34", "x"],
        ["2026-06", "", "x"],
    )
    assert wide.rows == [RateRow("cpi_index", date(2026, 5, 31), 294.34, "index points")]
    with pytest.raises(BrokenPage, match="neither name and value"):
        looked("rates", ["date", "AHL", "BMA"], ["2026-08-20", "1", "2"])


def test_a_calendar_looks_ahead_and_knows_the_moon():
    found = looked("calendar", ["Date", "Holiday", "Tentative"], ["2026-08-26", "Eid Milad-un-Nabi*", ""], ["2026-12-25", "Quaid Day", "no"],
                   ["2027-03-10", "Eid", "subject to moon"], ["2026-09-01", "", "perhaps"])  # fmt: skip
    assert found.rows == [
        HolidayRow(date(2026, 8, 26), "Eid Milad-un-Nabi", True), HolidayRow(date(2026, 12, 25), "Quaid Day", False),
        HolidayRow(date(2027, 3, 10), "Eid", True),
    ]  # fmt: skip
    assert reasons(found) == [(5, "Tentative: neither yes nor no")]


def test_announcements_have_their_document_s_number():
    found = looked(
        "announcements", ["DATE", "TIME", "SYMBOL", "NAME", "TITLE", "link"],
        ["Aug 10, 2026", "4:15 PM", "LUCK", "Lucky Cement", "Board meeting REVOKED", "/download/document/281026.pdf"],
        ["Aug 10, 2026", "09:05", "", "", "Notice", ""], ["Aug 10, 2026", "25:05", "LUCK", "", "x", ""],
    )  # fmt: skip
    first, second = found.rows
    assert (first.id, first.title, first.revoked, first.at.isoformat()) == (
        "281026",
        "Board meeting",
        True,
        "2026-08-10T16:15:00+05:00",
    )
    assert second.id.startswith("made:")
    assert second.at.hour == 9
    assert reasons(found) == [(4, "time: no time of day")]


def test_navs_with_negatives_in_parentheses_and_parts_of_pension_funds():
    found = looked(
        "navs", ["Sector", "Category", "Fund Name", "Rating", "Validity Date", "NAV", "YTD", "1 Day"],
        ["VPS", "VPS-Equity (Absolute Return )", "ABL Pension Fund", "N/A", "Aug 20, 2026", "656.36", "(3.45)", "0.1"],
        ["VPS", "VPS-Debt (Annualized Return )", "ABL Pension Fund", "", "Aug 20, 2026", "386.97", "10", "-"],
        ["Open-End Funds", "Equity", "New Fund", "", "Aug 20, 2026", "0.0", "", ""], ["x", "Equity", "Odd", "", "Aug 20, 2026", "-3", "", ""],
    )  # fmt: skip
    assert [(r.fund, r.nav, dict(r.returns)) for r in found.rows] == [
        ("ABL Pension Fund (VPS-Equity)", 656.36, {"YTD": -3.45, "1D": 0.1}),
        ("ABL Pension Fund (VPS-Debt)", 386.97, {"YTD": 10.0}), ("New Fund", None, {}),
    ]  # fmt: skip
    assert found.rows[0].rating == ""
    assert reasons(found) == [(5, "nav: below 0 or absurdly high")]


KINDS = {
    "prices": [HEAD, ["LUCK", "2026-08-20", "1", "2", "1", "2", "3"], ["MEBL", "2026-08-20", "1", "2", "1", "2", "3"]],
    "flows": [FLOWS, *DAY],
    "fund-holdings": [["fund", "date", "symbol", "weight %"], ["F", "2026-07-31", "LUCK", "60"], ["F", "2026-07-31", "MEBL", "4"]],
    "rates": [["date", "tenor", "mid_rate"], ["2026-08-20", "1W", "11"], ["2026-08-20", "1M", "11.1"]],
    "calendar": [["date", "name"], ["2026-12-25", "Quaid Day"]],
    "announcements": [["date", "time", "symbol", "title"], ["2026-08-20", "10:00", "LUCK", "Board meeting"]],
    "navs": [["fund name", "validity date", "nav"], ["F", "2026-08-20", "10.5"]],
}  # fmt: skip


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_any_cell_swapped_by_rubbish_gives_rows_or_reasons_and_nothing_else(kind, data):
    rows = [list(row) for row in KINDS[kind]]
    line = data.draw(st.integers(0, len(rows) - 1))
    rows[line][data.draw(st.integers(0, len(rows[0]) - 1))] = data.draw(
        st.one_of(
            st.text(max_size=12),
            st.none(),
            st.floats(),
            st.integers(),
            st.booleans(),
            st.dates(),
            st.sampled_from(["١٢", "1e400", "99/99/9999"]),
        )
    )
    try:
        found = looked(kind, *rows)
    except BrokenPage:
        return
    whole = looked(kind, *KINDS[kind])
    assert all(one.reason for one in found.rejected)
    assert len(found.rows) <= len(whole.rows) + 1


@pytest.mark.parametrize(
    ("brought", "stored"),
    [
        (436.6600036621094, 436.66),
        (89.20999908447266, 89.21),
        (23456.779296875, 23456.78),  # the nearest 32-bit number to it: 0.0007 off
        (1.2300000190734863, 1.23),
        (12.345600128173828, 12.3456),
        (436.6612, 436.6612),  # four decimals are published now and then
        (15000.0004, 15000.0004),
        (12.34567, 12.34567),  # more decimals that are no 32-bit number's tail stay
    ],
)
def test_a_price_that_went_through_32_bits_is_kept_as_published(brought, stored):
    found = prices(["HBL", "2026-08-20", brought, brought, brought, brought, 100])
    text = prices(["HBL", "2026-08-20", *[repr(brought)] * 4, "100"])
    (bar,) = found.rows
    assert (bar.open, bar.high, bar.low, bar.close) == (stored,) * 4
    assert found.rows == text.rows
    assert found.mended == 0
