"""A broken page ends in ``BrokenPage`` that says where, or in the very same rows: never in fewer, never in another error."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.sources.psx.source import READERS
from tests.sources.asked import outcome
from tests.sources.psx.given import SMALL, small, text

HTML = [file for file in SMALL if file.endswith(".html")]
HEADED = [file for file in HTML if "_rows" not in file and file != "company.html"]
RUBBISH = (
    "rubbish",
    "",
    "NaN",
    "inf",
    "-1",
    "1.5",
    "1e400",
    "９",
    "<b>12",
    "\u202e7",
    "99999999999999999999",
    "Oct 99, 2026",
    "Jan 1, 2030",
    "(D)",
)
OTHERS = {
    "nothing": b"",
    "blanks": b" \r\n\t",
    "a PDF": b"%PDF-1.7\n1 0 obj\n",
    "gzip": b"\x1f\x8b\x08\x00\x00",
    "zeros": b"\x00" * 1000,
    "bits": bytes(range(256)) * 40,
    "UTF-16": "<table><tr><td>HBL</td></tr></table>".encode("utf-16"),
    "Latin-1": "<table><tr><td>caf\xe9</td></tr></table>".encode("latin-1"),
    "JSON null": b"null",
    "a JSON list": b"[]",
    "a JSON object": b"{}",
    "a deep JSON": b"[" * 100_000,
    "words": b"Not Found",
    "a page": b"<!DOCTYPE html><html><head><title>Not Found</title></head><body><h1>Oops</h1></body></html>",
    "an empty table": b"<table><thead><tr><th>SYMBOL</th></tr></thead><tbody></tbody></table>",
}


def read(file: str, body: bytes | str | None = None):
    page = small(file, body)
    return outcome(READERS[page.name], page)


@pytest.mark.parametrize("file", SMALL)
@pytest.mark.parametrize("other", OTHERS)
def test_something_else_in_its_place(file, other):
    assert isinstance(read(file, OTHERS[other]), str)


@pytest.mark.parametrize("file", SMALL)
def test_another_page_in_its_place(file):
    name = SMALL[file][0]
    for other in SMALL:
        if SMALL[other][0] not in {name, "sector_watch"}:
            assert isinstance(read(file, text(other)), str), other


@given(data=st.data())
@settings(max_examples=150)
def test_cut_anywhere(data):
    file = data.draw(st.sampled_from(sorted(set(SMALL) - {"market_summary.txt"})))
    body = small(file).body
    cut = body[: data.draw(st.integers(0, len(body) - 1))]
    assert read(file, cut) == read(file) or isinstance(read(file, cut), str)


@pytest.mark.parametrize("file", HEADED)
def test_any_needed_header_dropped_is_named(file):
    page = text(file)
    whole = read(file)
    named = 0
    for found in re.finditer(r"<th[ >][^<]*>?([^<>]*)</th>", page):
        shown = page[: found.start(1)] + "Another" + page[found.end(1) :]
        without = page[: found.start()] + page[found.end() :]
        for broken in (shown, without):
            try:
                assert READERS[small(file).name](small(file, broken)) == whole
            except BrokenPage as error:
                named += error.column != "" or error.row != 0
    assert named


@given(data=st.data())
@settings(max_examples=150)
def test_any_cell_swapped_for_rubbish(data):
    file = data.draw(st.sampled_from(HTML))
    page = text(file)
    places = [found.span(1) for found in re.finditer(r'(?:<td[^>]*>|data-order="|<strong>)([^<>"]*)', page)]
    if not places:
        return
    start, end = data.draw(st.sampled_from(places))
    rows = read(file, page[:start] + data.draw(st.sampled_from(RUBBISH)) + page[end:])
    assert isinstance(rows, str) or len(rows) >= len(read(file)) - ("payouts" in file)


@given(data=st.data())
@settings(max_examples=100)
def test_any_byte_changed(data):
    file = data.draw(st.sampled_from(list(SMALL)))
    body = bytearray(small(file).body)
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    read(file, bytes(body))  # no other error than BrokenPage


@pytest.mark.parametrize(
    ("file", "was", "becomes", "column", "row"),
    [
        ("market_watch.html", 'data-order="13.05"', 'data-order="-13.05"', "CURRENT", 1),
        ("market_watch.html", 'data-order="120"', 'data-order="120.5"', "VOLUME", 2),
        ("market_watch.html", ">0809<", ">809<", "SECTOR", 3),
        ("market_watch.html", "<strong>MAHR</strong>", "<strong>QALB</strong>", "SYMBOL", 3),
        ("market_watch.html", "<td>0809</td>", "", "", 3),
        ("historical.html", "Oct 12, 2026", "Oct 11, 2026", "DATE", 3),
        ("historical.html", "451.15", "0.00", "CLOSE", 3),
        ("historical.html", "1,299", "12,99", "VOLUME", 3),
        ("announcements.html", "12:05 PM", "25:05 PM", "TIME", 2),
        ("announcements.html", "Oct 13, 2026", "Oct 23, 2026", "TIME", 3),
        ("sector_summary.html", ">1,509.45<", ">1,509.45x<", "Market Cap. (B)", 1),
        ("index_constituents.html", ">7.25%<", ">7.25 of 100<", "IDX WTG (%)", 1),
        ("payouts.html", "18/11/2026", "18/13/2026", "Book Closure", 1),
        ("eod.json", "1153509", "1153509.5", "volume", 1),
        ("eod.json", "1791889200", "1891889200", "time", 2),
        ("eod.json", "[1791889200,302,0,301.5]", "[1791889200,301,302,303,302,0]", "data", 2),
        ("eod.json", "302,0,", "-302,0,", "close", 2),
        ("intraday.json", "[1791973785", "[1791999785", "time", 5),
        ("symbols.json", '"786"', '"seven"', "symbol", 2),
        ("symbols.json", 'true, "isDebt": false}]', '1, "isDebt": false}]', "isETF", 4),
        ("symbol_position.json", "0.15", "0.25", "value", 0),
        ("top_sectors.json", '"0830"', "830", "code", 1),
        ("trading_panel.html", ">490<", ">491<", "Total", 1),
        ("market_summary.txt", "306.10", "-306.10", "close", 1),
        ("market_summary.txt", "MAHR-OCT|40", "HBL|40", "symbol", 2),
        ("market_summary.txt", "14OCT2026|786", "15OCT2026|786", "date", 3),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(file, was, becomes, column, row):
    body = text(file)
    assert was in body
    with pytest.raises(BrokenPage) as broken:
        READERS[small(file).name](small(file, body.replace(was, becomes, 1)))
    assert (broken.value.column, broken.value.row) == (column, row)
    assert broken.value.page == small(file).name


def test_a_sector_whose_table_lost_a_header_is_not_left_out():
    body = text("sector_summary.html")
    at = body.rindex("<th")
    page = small("sector_summary.html", body[:at] + body[at:].replace("VOLUME", "VOL"))
    with pytest.raises(BrokenPage, match="only 1 of its sectors"):
        READERS["psx.sector_watch"](page)


def test_a_row_across_the_table_is_not_taken_for_a_share():
    body = text("market_watch.html")
    said = '<tr><td colspan="11">No record found</td></tr>'
    only = body[: body.index("<tbody") + 24] + said + "</tbody></table>"
    with pytest.raises(BrokenPage, match="no rows"):
        READERS["psx.market_watch"](small("market_watch.html", only))


def _hundred_thousand(file: str) -> str:
    body = text(file)
    if file.endswith(".json"):
        start, end = body.index("[") + 1, body.rindex("]")
        return body[:start] + ",".join([body[start:end]] * (100_000 // 2)) + body[end:]
    row = re.search(r"<tr[^>]*><td.*?</tr>", body, re.DOTALL)
    return body[: row.start()] + row[0] * 100_000 + body[row.end() :] if row else body + body * 40_000


@pytest.mark.parametrize("file", [file for file in SMALL if file != "company.html"])
def test_a_hundred_thousand_rows_are_refused_in_no_time(file):
    body = _hundred_thousand(file)
    started = time.process_time()
    assert isinstance(read(file, body), str)
    assert time.process_time() - started < 5  # minutes are what must not be; it takes some tenths of a second


@pytest.mark.parametrize("nest", ["<b>", "<a>", "<div>", "<table>", "<p><b>", "<!--", "<script>", "<tr><td>"])
def test_nested_rubbish_takes_no_minutes(nest):
    started = time.process_time()
    assert isinstance(read("market_watch.html", nest * 80_000), str)
    assert time.process_time() - started < 10
