"""Tables by their header texts, and what a cell says as a value."""

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.sources import cells, markup, tables
from tests.sources.asked import came

PAGE = """<div><table class="a"><thead><tr><th>Name *</th><th> Size
 (M)</th><th>Day</th></tr></thead><tbody>
<tr><td><strong>ABC</strong><div class="tag">XD</div></td><td data-order="1.5">1.50</td><td>Sep 1, 2026</td></tr>
<tr><td>Plain text</td><td data-order="0">N/A</td><td>02/09/2026</td></tr></tbody></table></div>"""
HEADERS = ("NAME", "SIZE (M)", "day")


def rows(body: str = PAGE, **how: object):
    return tables.table(came("a.page", body), headers=how.pop("headers", HEADERS), **how)


def test_cells_by_header():
    first, second = rows()
    assert (first.symbol("Name"), first.tags("Name"), first.text("Name", without="tag")) == (
        "ABC",
        ("XD",),
        "ABC",
    )
    assert (first.number("Size (M)"), first.day("Day")) == (1.5, date(2026, 9, 1))
    assert (second.number_or_none("size (m)"), second.day("DAY")) == (None, date(2026, 9, 2))
    assert (first.place, second.place, len(first)) == (1, 2, 3)


@pytest.mark.parametrize(
    ("ask", "column", "row"),
    [
        (lambda row: row.number("Size (M)"), "Size (M)", 2),
        (lambda row: row.symbol("Name"), "Name", 2),
        (lambda row: row.whole("Day"), "Day", 2),
        (lambda row: row.text("Other"), "Other", 2),
    ],
)
def test_what_is_wrong_is_named(ask, column, row):
    with pytest.raises(BrokenPage) as broken:
        ask(rows()[1])
    assert (broken.value.page, broken.value.column, broken.value.row) == ("a.page", column, row)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (PAGE.replace("Size", "Sizes"), "'SIZE (M)': no table has"),
        (PAGE.replace(">Day<", ">Name<"), "'NAME': no table has"),
        (PAGE.replace("<td>Plain text</td>", ""), "row 2: 2 cells where the header has 3"),
        (PAGE[: PAGE.index("<tr><td")] + "</tbody></table></div>", "no rows"),
        (PAGE[:-6], "<div> is opened"),
        (PAGE[:-14], "cut|opened"),
        ("<title>Sorry</title><p>no", "titled 'Sorry'"),
        ("<!-- " + PAGE, "never closed"),
    ],
)
def test_broken_tables(body, said):
    with pytest.raises(BrokenPage, match=said.replace("(", r"\(").replace(")", r"\)")):
        rows(body)


def test_the_first_row_is_the_header_where_there_is_no_head():
    (row,) = rows(
        "<table><tr><th>Name</th><th>Size</th></tr><tr><td>x</td><td>(3.45)</td></tr></table>",
        headers=("Name", "Size"),
    )
    assert (row.text("Name"), row.number("Size")) == ("x", -3.45)


def test_bare_rows_only_where_they_are_expected():
    bare = "<tbody><tr><td>ABC</td><td>2</td></tr></tbody>"
    (row,) = rows(bare, headers=("Name", "Size"), fragment=("Name", "Size"))
    assert (row.symbol("Name"), row.whole("Size")) == ("ABC", 2)
    for body, fragment in (
        (bare, ()),
        (f"<table>{bare}</table>", ("Name", "Size")),
        (bare + "<p>and more</p>", ("Name", "Size")),
    ):
        with pytest.raises(BrokenPage):
            rows(body, headers=("Name", "Size"), fragment=fragment)


def test_an_empty_table_where_it_is_allowed_and_a_row_across():
    head = "<table><thead><tr><th>Name</th><th>Size</th></tr></thead><tbody>"
    for inside in ("", '<tr><td colspan="2">No record found</td></tr>'):
        assert rows(f"{head}{inside}</tbody></table>", headers=("Name", "Size"), empty_ok=True) == []
    with pytest.raises(BrokenPage, match="1 cells"):
        rows(f"{head}<tr><td>x</td></tr></tbody></table>", headers=("Name", "Size"), empty_ok=True)


def test_scripts_and_comments_are_no_part_of_the_page():
    text = markup.whole(
        came("a.page", "<div><!-- <table> --><SCRIPT>if (a<b) '<div>'</SCRIPT><p>x</p></div>")
    )
    assert text == "<div><p>x</p></div>"


@given(st.floats(-1e15, 1e15), st.integers(0, 6))
def test_numbers_as_they_are_shown(value, digits):
    shown = f"{value:,.{digits}f}"
    assert cells.number(shown) == float(shown.replace(",", ""))
    assert cells.number(f"({shown.lstrip('-')})") == -abs(cells.number(shown))
    assert cells.percent(f" {shown}%") == cells.number(shown)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-9e15, max_value=9e15))
def test_numbers_as_a_script_writes_them(value):
    assert cells.number(repr(value)) == value if abs(value) > 1e-9 or value == 0 else True


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_refused(text):
    try:
        assert math.isfinite(cells.number(text))
    except ValueError:
        return


@pytest.mark.parametrize("text", ["", "-", "+", ".", "1,23", "1,2345", "12,34,567", "1_000", "nan", "inf", "1e99", "1e-99999", "٣", "１２", "0x10", "--1", "1.2.3", "((1))x", "(" * 9999 + "1" + ")" * 9999, "1" * 9999, "e5", "10000000000000000", "()", "((5))"])  # fmt: skip
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match="is"):
        cells.number(text)
    with pytest.raises(ValueError, match="is"):
        cells.percent(text)


@pytest.mark.parametrize("text", ["1.5", "-1", "x", "(3)"])
def test_what_is_no_count(text):
    with pytest.raises(ValueError, match="is no"):
        cells.whole(text)


def test_magnitudes():
    assert [cells.magnitude(text) for text in ("892.2M", "15.4B", "499.1K", "5", "1T")] == [
        892.2e6,
        15.4e9,
        499.1e3,
        5,
        1e12,
    ]


@given(st.dates(date(1995, 1, 1), date(2099, 12, 31)))
def test_a_day_however_it_is_written(day):
    for form in (
        "%b %d, %Y",
        "%B %d, %Y",
        "%a, %b %d, %Y",
        "%d/%m/%Y",
        "%d-%m-%Y",
        "%d-%b-%Y",
        "%Y-%m-%d",
        "%d-%B-%Y",
    ):
        assert cells.day(day.strftime(form)) == day
    if day.year >= 2000:
        assert cells.day(day.strftime("%d-%b-%y")) == day


@pytest.mark.parametrize(
    "text", ["", "Feb 30, 2026", "13/13/2026", "Foo 1, 2026", "2026-9-1", "1/2", "Jan 2026"]
)
def test_what_is_no_day(text):
    with pytest.raises(ValueError, match="is no day"):
        cells.day(text)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Sep 30, 2026 3:50 PM", 15),
        ("Sep 30, 2026 12:05 AM", 0),
        ("30-09-2026 18:30:00", 18),
        ("Sep 30, 2026 12:00 pm", 12),
    ],
)
def test_moments(text, hour):
    at = cells.moment(text)
    assert (at.date(), at.hour, at.utcoffset().total_seconds()) == (date(2026, 9, 30), hour, 5 * 3600)


@pytest.mark.parametrize(
    "text", ["Sep 30, 2026", "Sep 30, 2026 13:00 PM", "Sep 30, 2026 0:10 AM", "Sep 30, 2026 24:00", "3:50 PM"]
)
def test_what_is_no_moment(text):
    with pytest.raises(ValueError, match="no"):
        cells.moment(text)


def test_days_that_cannot_be_yet():
    fetched = datetime(2026, 9, 30, 20, 0, tzinfo=UTC)  # the first of October in Karachi
    assert cells.in_time(date(2026, 10, 2), fetched) == date(2026, 10, 2)
    for day in (date(2026, 10, 3), date(1989, 12, 31)):
        with pytest.raises(ValueError, match="cannot be"):
            cells.in_time(day, fetched)
    for seconds in (0, 1_790_766_000_000, float("nan")):
        with pytest.raises(ValueError, match="Unix time"):
            cells.stamp(seconds)
