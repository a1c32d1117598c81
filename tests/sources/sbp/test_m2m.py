"""The mark-to-market sheet: what is on it, and what comes under its name instead."""

import zlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.sources.sbp import READERS
from tests.sources.asked import SHARED, came, outcome
from tests.sources.papers import assembled, small_pdf

TITLE = "08-Sep-26 Exchange Rates for Mark to Market Revaluation by Authorized Dealers in Foreign Exchange"
HEADER = "CURRENCY READY 1-WEEK 1-MONTH 1-YEAR"
RATES = [
    "USD 281.1234 281.5000 282.2500 295.0001",
    "EUR 320.5000 320.9000 321.9000 340.0000",
    "JPY 1.9000 1.9010 1.9050 2.0000",
    "GBP 378.0000 378.5000 379.5000 396.0000",
    "CHF 350.0000 350.7000 352.9000 380.0000",
    "AED 76.5400 76.6400 76.8500 80.3000",
    "SAR 74.9000 75.0000 75.2000 78.6000",
    "OMR 730.0000 731.0000 0.0000 767.0000",
    "BDT 2.3000 0.0000 0.0000 0.0000",
    "CNY 41.5000 41.5700 41.7000 44.8000",
    "ZZZ 0.0000 0.0000 0.0000 0.0000",
]
NOTE = ["Note:", "0.0000 means that the rate for that tenor is not available."]
read = READERS["sbp.m2m"]


def sheet(lines=None, **how):
    return small_pdf([TITLE, HEADER, *RATES, *NOTE] if lines is None else lines, **how)


def test_a_sheet_gives_every_currency_with_the_tenors_it_has():
    rows = {row.currency: row for row in read(came("sbp.m2m", sheet()))}
    assert list(rows) == ["USD", "EUR", "JPY", "GBP", "CHF", "AED", "SAR", "OMR", "BDT", "CNY"]
    assert rows["USD"].day == date(2026, 9, 8)
    assert rows["USD"].ready == 281.1234
    assert rows["USD"].tenors == {"1-WEEK": 281.5, "1-MONTH": 282.25, "1-YEAR": 295.0001}
    assert rows["OMR"].tenors == {"1-WEEK": 731.0, "1-YEAR": 767.0}  # 0.0000 is "not available", not a rate
    assert rows["BDT"].tenors == {}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "an empty answer"),
        (
            b"<!DOCTYPE html><html><head><title>Page  not found</title></head></html>",
            "HTML titled 'Page not found'",
        ),
        (b"PK\x03\x04rubbish", "where a PDF should be"),
        (sheet()[:-40], "cut: the PDF has no end"),
        (sheet()[:600] + b"%%EOF", "cut: a packed part"),
        (sheet(["", " "]), "without text"),
        (
            sheet(
                [
                    "01-Jun-26",
                    "Weighted Average Customer Exchange Rates",
                    "CURRENCY BUYING SELLING",
                    "USD 280.10 281.20",
                ]
            ),
            "another document came, 'Weighted Average Customer Exchange Rates'",
        ),
        (sheet([TITLE, *RATES]), "column 'CURRENCY': the sheet has no such column"),
        (sheet([TITLE, HEADER.replace(" READY", ""), *RATES]), "column 'READY'"),
        (sheet([TITLE, HEADER.replace(" 1-MONTH", ""), *RATES]), "row 1: USD: 4 rates for 3 tenors"),
        (sheet([TITLE, HEADER, *RATES[1:]]), "the sheet has USD"),
        (sheet([TITLE, HEADER, *RATES[:4]]), "4 currencies"),
        (sheet([TITLE, HEADER, *RATES, RATES[1]]), "11 currencies, 10 of them different"),
        (sheet([TITLE.replace("08-Sep-26", "08-Dec-26"), HEADER, *RATES]), "cannot be on a page fetched on"),
        (sheet([TITLE, HEADER, *RATES[:9], "281.12 281.50 282.25 295.00"]), "row 10"),
        (sheet([TITLE, HEADER, *RATES[:9], "CNY 41.5 -41.57 41.7 44.8"]), "column '1-WEEK', row 10"),
    ],
)
def test_what_is_no_sheet_is_named(body, said):
    with pytest.raises(BrokenPage) as broken:
        read(came("sbp.m2m", body))
    assert said in str(broken.value)
    assert broken.value.page == "sbp.m2m"


def test_a_pdf_that_explodes_or_is_packed_oddly_is_refused_at_once():
    bomb = zlib.compress(b" " * 40_000_000)
    stream = b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream"
    for how, said in (
        (b"/FlateDecode", "far too much"),
        (b"/LZWDecode", "unusual"),
        (b"[/FlateDecode /FlateDecode]", "unusual"),
    ):
        body = assembled([b"<< /Type /Catalog >>", stream % (len(bomb), how, bomb)])
        assert said in outcome(read, came("sbp.m2m", body))
    assert "far more on the sheet" in outcome(
        read, came("sbp.m2m", sheet(extra=b"BT (" + b"a" * 70_000 + b") Tj ET"))
    )


def test_a_pdf_of_rubbish_ends_in_the_same_error():
    for body in (
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\n%%EOF",
        b"%PDF-" + bytes(range(256)) * 40 + b"%%EOF",
    ):
        assert isinstance(outcome(read, came("sbp.m2m", body)), str)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_cut_or_changed_it_is_the_same_sheet_or_none(data):
    whole = sheet()
    rows = read(came("sbp.m2m", whole))
    place = data.draw(st.integers(0, len(whole) - 1))
    cut = outcome(read, came("sbp.m2m", whole[:place]))
    assert isinstance(cut, str) or cut == rows
    changed = whole[:place] + bytes([data.draw(st.integers(0, 255))]) + whole[place + 1 :]
    found = outcome(read, came("sbp.m2m", changed))
    assert isinstance(found, str) or found == rows  # the packed part bears a checksum


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10),
    st.integers(0, 4),
    st.sampled_from(["", "-", "x1", "1e9", "12.5.1", "NaN", "(3.4)", "USDX"]),
)
def test_rubbish_in_a_cell_is_named_or_leaves_that_line_unread(line, cell, rubbish):
    words = RATES[line].split()
    words[cell] = rubbish
    rates = [*RATES[:line], " ".join(words), *RATES[line + 1 :]]
    found = outcome(read, came("sbp.m2m", sheet([TITLE, HEADER, *rates, *NOTE])))
    assert isinstance(found, str) or line == 10  # the last line holds nothing that is kept


_SHEET = SHARED / "sbp" / "m2m_17-Jul-26.pdf"
if _SHEET.exists():

    def test_the_sheet_of_17_july():
        rows = {row.currency: row for row in read(came("sbp.m2m", _SHEET.read_bytes(), "2026-07-17"))}
        assert len(rows) == 35
        assert {row.day for row in rows.values()} == {date(2026, 7, 17)}
        assert rows["USD"].ready == 277.9612
        spans = ("1-WEEK", "2-WEEK", *(f"{count}-MONTH" for count in (1, 2, 3, 4, 5, 6, 9)), "1-YEAR")
        assert tuple(rows["USD"].tenors) == spans
        assert rows["USD"].tenors["1-YEAR"] == 292.1805
        assert list(rows["KZT"].tenors.values()) == [0.5914, 0.5939, 0.5967, 0.5992, 0.607, 0.6142, 0.6201]
        assert "4-MONTH" not in rows["OMR"].tenors
        assert rows["BRL"].tenors == {}
