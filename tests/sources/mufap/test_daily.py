"""The industry's tables: returns and prices."""

import csv
import gzip
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.sources.mufap import READERS, mufap
from tests.sources.asked import PAGES, RUBBISH, SHARED, came, outcome

RETURNS = (PAGES / "mufap" / "returns.html").read_text()
NAVS = (PAGES / "mufap" / "navs.html").read_text()
returns, navs = READERS["mufap.returns"], READERS["mufap.navs"]


def test_a_fund_a_row_with_its_returns_and_what_they_are():
    rows = {row.fund: row for row in returns(came("mufap.returns", RETURNS))}
    assert list(rows) == [
        "Indus Cash Fund",
        "Indus Stock Fund",
        "Indus Ten ETF",
        "Indus Pension Fund (Money Market)",
        "Indus Pension Fund (Equity)",
        "Indus Islamic Pension Fund (Debt)",
    ]
    stock = rows["Indus Stock Fund"]
    assert (stock.nav, stock.day, stock.benchmark, stock.rating) == (
        1204.55,
        date(2026, 9, 10),
        "KSE-100",
        "",
    )
    assert stock.returns == {
        "YTD": -3.45,
        "MTD": 0.0,
        "1D": -0.27,
        "15D": 1.1,
        "30D": 2.2,
        "90D": 3.3,
        "180D": -4.4,
        "270D": 5.5,
        "365D": 17.2,
    }
    assert "Annualized" in rows["Indus Cash Fund"].category
    assert "Absolute" in stock.category
    assert rows["Indus Cash Fund"].day == date(2026, 9, 12)  # valid over the weekend to come
    assert (
        rows["Indus Islamic Pension Fund (Debt)"].nav,
        rows["Indus Islamic Pension Fund (Debt)"].returns,
    ) == (None, {})


def test_prices_name_the_funds_as_the_returns_do():
    rows = {row.fund: row for row in navs(came("mufap.navs", NAVS))}
    assert set(rows) < {row.fund for row in returns(came("mufap.returns", RETURNS))}
    stock = rows["Indus Stock Fund"]
    assert (stock.offer, stock.repurchase, stock.nav) == (1240.68, 1204.55, 1204.55)
    assert rows["Indus Pension Fund (Equity)"].offer is None


def test_two_funds_under_one_name_are_refused_by_name():
    page = RETURNS.replace("Indus Stock Fund", "Indus Cash Fund")
    with pytest.raises(BrokenPage) as broken:
        returns(came("mufap.returns", page))
    assert (
        "'Indus Cash Fund' is there twice, as 'Money Market (Annualized Return)' and as 'Equity (Absolute Return)'"
        in str(broken.value)
    )
    assert (broken.value.column, broken.value.row) == ("Fund Name", 2)


@pytest.mark.parametrize("header", re.findall(r'<th class="d-none">\s*(.*?)\s*</th>', RETURNS))
def test_without_a_column(header):
    page = re.sub(rf'<th class="d-none">\s*{header}\s*</th>', "", RETURNS)
    assert f"column '{header}'" in outcome(returns, came("mufap.returns", page))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("10.5012", "(10.5012)", "column 'NAV', row 1"),
        ("1,204.5500", "1,20.4", "column 'NAV', row 2"),
        ("Sep 12, 2026", "Dec 12, 2026", "column 'Validity Date', row 1"),
        ("(3.45)", "(3.45", "column 'YTD', row 2"),
        ("Indus Stock Fund", "N/A", "column 'Fund Name', row 2"),
        ("</tbody>", "", "cut"),
        (RETURNS[RETURNS.index("<tbody") :], "</table></div></div></body></html>", "the table has no rows"),
    ],
)
def test_what_is_no_table_of_funds(old, new, said):
    assert said in outcome(returns, came("mufap.returns", RETURNS.replace(old, new, 1)))


def test_other_bytes_than_a_page():
    row = RETURNS[RETURNS.index('<tr class="fund-block">') : RETURNS.index("</tbody>")]
    for body in (
        b"",
        b"%PDF-1.7",
        RETURNS.encode("utf-16"),
        b'{"data":[]}',
        bytes(range(256)) * 9,
        RETURNS.replace(row, row * 20_000),
    ):
        assert isinstance(outcome(returns, came("mufap.returns", body)), str)
        assert isinstance(outcome(navs, came("mufap.navs", body)), str)


@settings(max_examples=60)
@given(st.integers(0, len(RETURNS) - 1))
def test_a_cut_page_is_refused_or_whole(place):
    found = outcome(returns, came("mufap.returns", RETURNS[:place]))
    assert isinstance(found, str) or found == returns(came("mufap.returns", RETURNS))


CELLS = [found.span(1) for found in re.finditer(r"<td[^>]*>\s*(?:<a[^>]*>)?\s*([^<>]+?)\s*<", RETURNS)]


@settings(max_examples=150)
@given(st.sampled_from(CELLS), st.sampled_from([each for each in RUBBISH if each != "<td>"]))
def test_rubbish_in_a_cell(cell, rubbish):
    found = outcome(returns, came("mufap.returns", RETURNS[: cell[0]] + rubbish + RETURNS[cell[1] :]))
    rows = returns(came("mufap.returns", RETURNS))
    assert isinstance(found, str) or len(found) == len(rows)
    if not isinstance(found, str):
        assert sum(one != other for one, other in zip(rows, found, strict=True)) <= 1


def test_the_source_asks_prices_before_returns():
    spec = mufap("http://127.0.0.1:1")
    assert [page.name for page in spec.pages] == ["mufap.navs", "mufap.returns", "mufap.fund"]
    asked = spec.pages[2].ask(came("", b"").fetched_at, ("12768:ABL Cash Fund", "FFC", "9"))
    assert [question.json for question in asked] == [
        {"FundID": "12768", "Date": "2026-09-10"},
        {"FundID": "9", "Date": "2026-09-10"},
    ]
    assert [question.asked.get("fund") for question in asked] == ["ABL Cash Fund", None]


_CAPTURE = SHARED / "funds" / "mufap_IndustryStatDaily_tab1_2026-08-22.html.gz"
if _CAPTURE.exists():

    def test_the_capture_of_22_august():
        rows = returns(came("mufap.returns", gzip.decompress(_CAPTURE.read_bytes()), "2026-08-22"))
        assert len(rows) == 551
        assert len({row.fund for row in rows}) == 551
        assert len({row.category for row in rows}) == 36
        by_name = {row.fund: row for row in rows}
        cash = by_name["ABL Cash Fund"]
        assert (cash.nav, cash.rating, cash.day, cash.returns["YTD"]) == (
            10.4238,
            "AA+(f)",
            date(2026, 8, 24),
            10.66,
        )
        assert by_name["ABL Stock Fund"].returns["YTD"] == -3.48
        assert by_name["NIT Pension Fund (Commodities / Gold)"].nav == 51.1304
        assert by_name["NIT Pension Fund (Equity)"].nav == 34.3436
        assert Counter(row.sector for row in rows)["Open-End Funds"] == 396

    def test_the_capture_and_the_table_of_24_august_agree_where_the_day_is_the_same():
        rows = {
            (row.fund, row.day): row
            for row in returns(came("x", gzip.decompress(_CAPTURE.read_bytes()), "2026-08-22"))
        }
        same = 0
        with (SHARED / "funds" / "mufap_industry_returns_2026-08-24.csv").open() as file:
            for line in csv.DictReader(file):
                for (fund, day), row in rows.items():
                    if fund == line["Fund Name"] and f"{day:%b %d, %Y}" == line["Validity Date"]:
                        assert row.nav == float(line["NAV"].replace(",", ""))
                        same += 1
        assert same > 300
