"""One fund's history and allocation, and the yield curve."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sources.mufap import READERS
from tests.sources.asked import PAGES, RUBBISH, SHARED, came, outcome

FUND = (PAGES / "mufap" / "fund.json").read_text()
NEW, OLD = ((PAGES / "mufap" / name).read_text() for name in ("PKRV10092026.csv", "PKRV08092023.csv"))
fund, allocation, pkrv = (READERS[f"mufap.{name}"] for name in ("fund", "allocation", "pkrv"))


def inner(**changed):
    return json.dumps({"data": json.dumps(json.loads(json.loads(FUND)["data"]) | changed)})


def test_a_fund_has_its_values_oldest_first_and_its_expense_ratio():
    rows = fund(
        came(
            "mufap.fund",
            FUND,
            fund="Indus Pension Fund",
            category="VPS-Equity (Absolute Return )",
            sector="VPS",
        )
    )
    assert [(row.day, row.nav) for row in rows] == [
        (date(2026, 9, 7), 10.1),
        (date(2026, 9, 8), 10.2),
        (date(2026, 9, 10), 10.25),
    ]
    assert {row.fund for row in rows} == {"Indus Pension Fund (Equity)"}
    assert [row.expense_ratio_pct for row in rows] == [None, None, 3.21]


def test_a_fund_holds_kinds_of_assets():
    rows = allocation(came("mufap.allocation", FUND, fund="Indus Stock Fund"))
    assert {row.symbol: row.weight for row in rows} == {
        "asset:equities": 0.86, "asset:cash": 0.125, "asset:other and receivables": 0.03, "asset:liabilities": -0.015,
    }  # fmt: skip
    assert {row.day for row in rows} == {date(2026, 8, 31)}


ONE = {"FundID": 1, "netval": 10.0, "entryDate": "2026-09-08T00:00:00"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{}", "column 'Table1'"),
        (json.dumps({"data": "<html>"}), "HTML where JSON should be"),
        (json.dumps({"data": json.loads(FUND)["data"][:-20]}), "column 'data': no JSON, or cut"),
        (FUND[:-1], "no JSON, or cut"),
        (inner(Table1=[]), "there are no values"),
        (inner(Table1=[ONE, ONE | {"netval": 11}]), "column 'entryDate', row 2: 2026-09-08 has two values"),
        (inner(Table1=[ONE | {"netval": None}]), "column 'netval', row 1"),
        (inner(Table1=[ONE | {"netval": -1}]), "column 'netval', row 1"),
        (inner(Table1=[ONE | {"netval": True}]), "column 'netval', row 1"),
        (inner(Table1=[{"FundID": 1, "netval": 1}]), "column 'entryDate', row 1"),
        (inner(Table1=[ONE | {"entryDate": "08/09/2026"}]), "which of the two is the month"),
        (inner(Table1=[ONE | {"entryDate": "2027-09-08"}]), "column 'entryDate', row 1"),
        (inner(Table1=[ONE] * 60_000), "more than 50,000 rows"),
        (inner(Table5=[{"TotalExpenseRatioYTD": 900}]), "column 'TotalExpenseRatioYTD', row 1"),
    ],
)
def test_what_is_no_fund(body, said):
    assert said in outcome(fund, came("mufap.fund", body, fund="X"))


def test_whose_values_they_are_must_be_told():
    assert "asked['fund']" in outcome(fund, came("mufap.fund", FUND))
    named = inner(
        Table=[{"FundName": "Indus Cash Fund"}], Table1=[ONE | {"entryDate": "/Date(1788825600000)/"}]
    )
    assert [(row.fund, row.day) for row in fund(came("mufap.fund", named))] == [
        ("Indus Cash Fund", date(2026, 9, 8))
    ]


def test_kinds_that_do_not_add_up():
    table = [{"Date": "2020-08-31T00:00:00", "Cashpercent": 0.0, "StocksOREquitiesPercent": 0.0}]
    assert "add up to 0.0%" in outcome(allocation, came("mufap.allocation", inner(Table2=table), fund="X"))


@settings(max_examples=60)
@given(st.integers(0, len(FUND) - 1))
def test_a_cut_answer(place):
    assert isinstance(outcome(fund, came("mufap.fund", FUND[:place], fund="X")), str)


def test_the_curve_in_both_shapes():
    rows = {row.name: row.value for row in pkrv(came("PKRV10092026.csv", NEW))}
    assert len(rows) == 20
    assert (rows["pkrv_1W"], rows["pkrv_6M"], rows["pkrv_20Y"]) == (10.0, 10.6, 11.9)
    old = pkrv(came("mufap.pkrv", OLD, "2023-09-08", file="0aPKRV08092023123.csv"))
    assert {row.name for row in old} == set(rows)
    assert {row.day for row in old} == {date(2023, 9, 8)}
    assert old[0].value == 20.1  # FMAP's mean, no broker's own
    assert pkrv(came("mufap.pkrv", OLD, "2023-09-11"))[0].day == date(
        2023, 9, 11
    )  # without a name: the day it applies for


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("mufap.pkrv", NEW, "which day it is of"),
        ("PKRV31022026.csv", NEW, "the file's day"),
        ("PKRV10092029.csv", NEW, "cannot be on a page fetched on"),
        ("PKRV01082023.csv", OLD, "its text"),
        ("PKRV10092026.csv", NEW.replace("Mid Rate", "Rate"), "column 'Mid Rate'"),
        ("PKRV10092026.csv", NEW.replace("Tenor,", "T,"), "column 'Tenor'"),
        ("PKRV10092026.csv", NEW.replace("6M,", "7M,"), "'7M' is no tenor"),
        ("PKRV10092026.csv", NEW.replace("10.60", "160.60"), "column 'Mid Rate', row 7"),
        ("PKRV10092026.csv", NEW + "6M,10.6,0.1\n", "6M should stand there once"),
        ("PKRV10092026.csv", "<html></html>", "HTML where a CSV file should be"),
        ("PKRV10092026.csv", NEW.encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_no_curve(name, body, said):
    assert said in outcome(pkrv, came(name, body))


@settings(max_examples=100)
@given(st.sampled_from([("PKRV10092026.csv", NEW), ("PKRV08092023.csv", OLD)]), st.data())
def test_a_cut_curve_is_refused_or_whole(named, data):
    name, body = named
    found = outcome(pkrv, came(name, body[: data.draw(st.integers(0, len(body) - 1))]))
    assert isinstance(found, str) or found == pkrv(came(name, body))


@settings(max_examples=100)
@given(st.integers(1, 20), st.integers(0, 1), st.sampled_from(RUBBISH))
def test_rubbish_in_the_curve(line, cell, rubbish):
    lines = [each.split(",") for each in NEW.splitlines()]
    lines[line][cell] = rubbish
    assert isinstance(
        outcome(pkrv, came("PKRV10092026.csv", "".join(",".join(each) + "\n" for each in lines))), str
    )


_MATRIX = SHARED / "rates" / "PKRV29112023748.csv"
if _MATRIX.exists():

    def test_the_matrix_of_29_november_2023():
        rows = {row.name: row for row in pkrv(came(_MATRIX.name, _MATRIX.read_bytes(), "2023-11-29"))}
        assert len(rows) == 20
        assert (
            rows["pkrv_1W"].value,
            rows["pkrv_6M"].value,
            rows["pkrv_10Y"].value,
            rows["pkrv_20Y"].value,
        ) == (22.32, 21.29, 14.97, 14.79)
        assert {row.day for row in rows.values()} == {date(2023, 11, 29)}
