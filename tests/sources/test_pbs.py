"""The consumer price index, from a page and from a file."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.rows import RateRow
from services.sources.pbs import READERS, pbs
from tests.sources.asked import PAGES, RUBBISH, SHARED, came, outcome

CSV, HTML = ((PAGES / "pbs" / name).read_text() for name in ("cpi.csv", "cpi.html"))
cpi = READERS["pbs.cpi"]


def index(day, value):
    return RateRow("cpi_index", day, value, "index points")


def yearly(day, value):
    return RateRow("cpi_yoy", day, value, "%")


def test_the_change_on_the_year_is_worked_out_where_the_year_before_is_there():
    assert cpi(came("pbs.cpi", CSV)) == [
        index(date(2025, 5, 31), 250.0),
        index(date(2025, 6, 30), 252.0),
        index(date(2026, 5, 31), 275.0),
        index(date(2026, 6, 30), 280.98),
        yearly(date(2026, 5, 31), 10.0),  # 275 / 250
        yearly(date(2026, 6, 30), 11.5),  # 280.98 / 252
    ]


def test_the_published_change_is_taken_from_the_page():
    assert cpi(came("pbs.cpi", HTML)) == [
        index(date(2026, 3, 31), 297.0),
        index(date(2026, 4, 30), 299.1),
        index(date(2026, 5, 31), 301.25),
        yearly(date(2026, 4, 30), 9.1),
        yearly(date(2026, 5, 31), 9.75),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (CSV.replace("month", "when"), "column 'Month'"),
        (CSV.replace("national", "n"), "column 'National CPI'"),
        (HTML.replace("National CPI", "Index of wages"), "column 'National CPI'"),
        (CSV + "2026-06,281.00\n", "June 2026 stands there twice"),
        (CSV + "2026-10,281.00\n", "row 5: there is no index of 2026-10 yet"),
        (CSV.replace("252.00", "-252"), "row 2"),
        (CSV.replace("252.00", ""), "row 2"),
        (CSV[:-1], "cut"),
        (CSV[:-4], "cut"),
        (CSV.splitlines()[0] + "\n", "there are no rows"),
        ("", "empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (HTML.replace("</table>", ""), "cut"),
    ],
)
def test_what_is_no_index(body, said):
    assert said in outcome(cpi, came("pbs.cpi", body))


@given(st.integers(0, len(CSV) - 1), st.integers(0, len(HTML) - 1))
def test_cut_anywhere(first, second):
    found = outcome(cpi, came("pbs.cpi", CSV[:first]))
    assert isinstance(found, str) or set(found) <= set(cpi(came("pbs.cpi", CSV)))  # whole months may be lost
    found = outcome(cpi, came("pbs.cpi", HTML[:second]))
    assert isinstance(found, str) or found == cpi(came("pbs.cpi", HTML))


@given(st.integers(1, 4), st.integers(0, 1), st.sampled_from(RUBBISH))
def test_rubbish_in_a_cell(line, cell, rubbish):
    lines = [each.split(",") for each in CSV.splitlines()]
    lines[line][cell] = rubbish
    assert isinstance(outcome(cpi, came("pbs.cpi", "".join(",".join(each) + "\n" for each in lines))), str)


def test_the_source():
    page = pbs("http://127.0.0.1:1").pages[0]
    assert [question.path for question in page.ask(came("", "").fetched_at, ())] == ["/price-statistics"]


_FILE = SHARED / "rates" / "pbs_national_cpi_2023_2026.csv"
if _FILE.exists():

    def test_the_index_of_41_months():
        rows = cpi(came("pbs.cpi", _FILE.read_bytes(), "2026-06-05"))
        levels = [row for row in rows if row.name == "cpi_index"]
        assert (len(levels), len(rows) - len(levels)) == (41, 29)
        assert levels[-1] == index(date(2026, 5, 31), 294.34)
        assert rows[-1] == yearly(date(2026, 5, 31), 11.66)
