"""Flows that prove each other, fund holdings, rates, days, announcements, funds' values: each kind of file beside prices."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.domain.importing.flows_check import check_flows
from services.domain.rows import FlowRow, HoldingRow, HolidayRow, RateRow
from tests.fakes.operator_files import DAY, FLOWS, THU, looked, reasons


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
