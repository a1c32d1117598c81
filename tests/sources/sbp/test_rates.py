"""The primary market's page, the KIBOR sheet and EasyData."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.domain.rows import RateRow
from services.sources.sbp import READERS
from tests.sources.asked import PAGES, RUBBISH, came, outcome
from tests.sources.papers import small_pdf

PMA = (PAGES / "sbp" / "pma.html").read_text()
KIBOR = [
    "Karachi Interbank Offered Rates (KIBOR)",
    "Monday, September 07, 2026",
    "Tenor Bid Offer",
    "1 - Week 10.10 10.60",
    "1 - Month 10.05 10.55",
    "3 - Month 10.05 10.30",
    "6 - Month 10.11 10.36",
    "9 - Month 10.15 10.65",
    "1 - Year 10.20 10.70",
]


def test_the_primary_market_page_gives_each_rate_with_its_own_day():
    rows = {row.name: (row.value, row.day, row.unit) for row in READERS["sbp.pma"](came("sbp.pma", PMA))}
    seventh, second, late = date(2026, 9, 7), date(2026, 9, 2), date(2026, 8, 26)
    assert rows == {
        "policy_rate": (10.25, date(2026, 9, 8), "%"),
        "overnight_repo": (10.31, date(2026, 9, 4), "%"),
        "kibor_3m": (10.30, seventh, "%"), "kibor_3m_bid": (10.05, seventh, "%"),
        "kibor_6m": (10.36, seventh, "%"), "kibor_6m_bid": (10.11, seventh, "%"),
        "kibor_12m": (10.70, seventh, "%"), "kibor_12m_bid": (10.20, seventh, "%"),
        "usd_m2m": (281.1234, date(2026, 9, 8), "PKR per USD"),
        "usd_war_bid": (280.9001, date(2026, 9, 8), "PKR per USD"),
        "usd_war_offer": (281.3002, date(2026, 9, 8), "PKR per USD"),
        "tbill_1m": (10.25, second, "%"), "tbill_3m": (10.3011, second, "%"), "tbill_12m": (10.55, second, "%"),
        "pib_2y": (10.75, late, "%"), "pib_5y": (11.05, late, "%"), "pib_10y": (11.60, late, "%"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("SBP Policy Rate", "SBP Rate", "column 'SBP Policy Rate'"),
        ("10.25%</b>", "n/a</b>", "column 'SBP Policy Rate'"),
        ("overnight repo rate", "overnight rate", "column 'overnight repo rate'"),
        ("<tr><td>6-M<td>10.11<td>10.36", "", "kibor_6m"),
        ("10.36", "9.36", "the bid 10.11 is above the offer 9.36"),
        ("10.36", "abc", "column 'Offer', row 2"),
        ("M2M Revaluation Rate", "Revaluation", "column 'M2M Revaluation Rate'"),
        ("281.1234", "-281.1234", "column 'USD/PKR Rates'"),
        ("MTBs</h5>", "Bills</h5>", "column 'MTBs'"),
        ("Fixed - Rate PIB", "PIB", "column 'Fixed-Rate PIB'"),
        ("(as on Aug 26, 2026)", "(as on Dec 26, 2026)", "cannot be on a page fetched on"),
        ("10.7500%", "1075.00%", "1075.00 cannot be"),
        ("</html>", "", "cut: the page has no end"),
    ],
)
def test_the_primary_market_page_without_a_part_is_refused(old, new, said):
    assert said in outcome(READERS["sbp.pma"], came("sbp.pma", PMA.replace(old, new, 1)))


def test_other_bytes_than_a_page():
    for body in (
        b"",
        b"%PDF-1.7",
        b"\xff\xfe<\x00",
        PMA.encode("utf-16"),
        b"{}",
        b"\x00" * 50,
        b"<html></html>",
    ):
        assert isinstance(outcome(READERS["sbp.pma"], came("sbp.pma", body)), str)


@given(st.integers(0, len(PMA) - 1))
def test_a_cut_primary_market_page_is_refused(place):
    found = outcome(READERS["sbp.pma"], came("sbp.pma", PMA[:place]))
    assert isinstance(found, str) or PMA[place:].strip() in {"", "l>", ">", "ml>", "tml>"}


def test_the_kibor_sheet():
    rows = READERS["sbp.kibor"](came("sbp.kibor", small_pdf(KIBOR)))
    assert [row.name for row in rows if not row.name.endswith("_bid")] == [
        f"kibor_{each}" for each in ("1w", "1m", "3m", "6m", "9m", "12m")
    ]
    assert rows[6:8] == [
        RateRow("kibor_6m", date(2026, 9, 7), 10.36, "%"),
        RateRow("kibor_6m_bid", date(2026, 9, 7), 10.11, "%"),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Weighted Average Rates", *KIBOR[1:]], "another document came, 'Weighted Average Rates'"),
        ([*KIBOR[:2], *KIBOR[3:]], "Tenor Bid Offer"),
        ([KIBOR[0], *KIBOR[2:]], "bears no date"),
        (KIBOR[:-1], "without kibor_12m"),
        ([*KIBOR, KIBOR[5]], "twice"),
        ([*KIBOR[:-1], "1 - Year 10.20 x"], "column 'Offer', row 6"),
    ],
)
def test_what_is_no_kibor_sheet(lines, said):
    assert said in outcome(READERS["sbp.kibor"], came("sbp.kibor", small_pdf(lines)))


COLUMNS = [
    "Dataset Name",
    "Observation Date",
    "Series Key",
    "Series Display Name",
    "Observation Value",
    "Unit",
    "Observation Status",
]
SERIES = [
    ["Policy", "2026-04-28", "TS_GP_IR_SIRPR_AH.SBPOL0030", "Target", "11.5", "Percent", "Normal"],
    ["Policy", "2025-12-16", "TS_GP_IR_SIRPR_AH.SBPOL0030", "Target", 10.5, "Percent", "Normal"],
    ["Rupee", "27-Feb-2026", "TS_GP_ES_FADERPKR_M.XRDAVG0220", "Dollar", 279.67, "PKR per USD", "Normal"],
    ["Reserves", "30-Jul-2026", "TS_GP_EXT_PAKRES_M.Z00030", "Net", None, "Million USD", "Missing value"],
]


def answer(rows=None, columns=COLUMNS):
    return json.dumps({"columns": columns, "rows": SERIES if rows is None else rows})


def as_csv(rows=SERIES, columns=COLUMNS):
    return "".join(
        ",".join("" if each is None else str(each) for each in line) + "\n" for line in [columns, *rows]
    )


@pytest.mark.parametrize("body", [answer(), as_csv()])
def test_easydata_as_json_and_as_csv(body):
    assert READERS["sbp.easydata"](came("sbp.easydata", body)) == [
        RateRow("policy_rate", date(2025, 12, 16), 10.5, "%"),
        RateRow("usd_monthly_average", date(2026, 2, 27), 279.67, "PKR per USD"),
        RateRow("policy_rate", date(2026, 4, 28), 11.5, "%"),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (json.dumps({"message": "Invalid API key"}), "an expired key?"),
        (answer([]), "there are no rows"),
        (answer([[*SERIES[0][:2], "TS_X.Y", *SERIES[0][3:]]]), "'TS_X.Y' is none of the series read"),
        (answer([[*SERIES[0][:5], "Rupees", "Normal"]]), "column 'Unit', row 1"),
        (answer([[*SERIES[0][:4], "", "Percent", "Normal"]]), "column 'Observation Value', row 1"),
        (answer([[*SERIES[0][:4], "1e9", "Percent", "Normal"]]), "column 'Observation Value', row 1"),
        (answer([["Policy", "2027-04-28", *SERIES[0][2:]]]), "column 'Observation Date', row 1"),
        (answer([SERIES[0], SERIES[0]]), "stands there twice"),
        (answer([SERIES[0][:-1]]), "6 cells where the header has 7"),
        (answer(columns=[*COLUMNS[:4], "Value", *COLUMNS[5:]]), "column 'Observation Value'"),
        (answer([SERIES[0]] * 60_000), "a list of rows"),
        (as_csv([SERIES[0]] * 100_000), "more than 50,000 rows"),
        ("<html></html>", "HTML where a CSV"),
    ],
)
def test_what_is_no_answer_of_easydata(body, said):
    assert said in outcome(READERS["sbp.easydata"], came("sbp.easydata", body))


@given(st.integers(0, len(answer())), st.integers(0, len(as_csv())))
def test_cut_answers_of_easydata(first, second):
    rows = READERS["sbp.easydata"](came("sbp.easydata", answer()))
    assert isinstance(
        outcome(READERS["sbp.easydata"], came("sbp.easydata", answer()[:first])), str
    ) or first == len(answer())
    found = outcome(READERS["sbp.easydata"], came("sbp.easydata", as_csv()[:second]))
    assert isinstance(found, str) or set(found) <= set(
        rows
    )  # whole lines may be lost: the file shows no count


@settings(max_examples=200)
@given(st.integers(0, 3), st.integers(0, 6), st.sampled_from(RUBBISH))
def test_rubbish_in_a_cell_of_easydata(line, cell, rubbish):
    rows = [list(each) for each in SERIES]
    rows[line][cell] = rubbish
    found = outcome(READERS["sbp.easydata"], came("sbp.easydata", answer(rows)))
    assert (
        isinstance(found, str)
        or cell in {0, 3, 6}
        or (line == 3 and cell == 4)
        or found == READERS["sbp.easydata"](came("x", answer()))
    )


def test_a_broken_page_names_where():
    with pytest.raises(BrokenPage) as broken:
        READERS["sbp.easydata"](came("sbp.easydata", answer([[*SERIES[0][:5], "Rupees", "Normal"]])))
    assert (broken.value.page, broken.value.column, broken.value.row) == ("sbp.easydata", "Unit", 1)
