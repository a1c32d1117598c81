"""Each kind of operator's file: its columns by any of their names, its rows checked, what is wrong told by line and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.domain.importing.prices import mended
from services.domain.importing.reading import Around
from services.domain.importing.recognising import read
from services.domain.rows import Bar
from tests.fakes.operator_files import DAY, FLOWS, HEAD, NOW, THU, grid, looked, reasons


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
