"""A file is read by what its bytes are: the same table out of every format, and a clear word about what is no table."""

import gzip
import io
import json
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Grid, shown
from services.sources.files import limits
from services.sources.files.reading import read_tables
from services.sources.files.sniffing import what_is
from tests.fakes import table_files as made

ROWS = [
    ["symbol", "date", "close", "volume"],
    ["LUCK", "2026-08-20", "412.55", "1200"],
    ["786", "2026-08-20", "23.3", "0"],
    ["MEBL", "2026-08-20", "361.1", "98000"],
]
TEXT = made.csv(ROWS)


def words(grid):
    return [[shown(cell) for cell in grid.row(place)] for place in range(len(grid.lines))]


def typed(rows):
    head, *body = rows
    return [head, *([s, date.fromisoformat(d), float(c), int(v)] for s, d, c, v in body)]


FORMATS = {
    "csv": TEXT,
    "semicolons": made.csv(ROWS, ";"),
    "tabs": made.csv(ROWS, "\t"),
    "pipes": made.csv(ROWS, "|"),
    "utf-8 with its mark": b"\xef\xbb\xbf" + TEXT,
    "utf-16": TEXT.decode().encode("utf-16"),
    "utf-16 without its mark": TEXT.decode().encode("utf-16-le"),
    "windows lines": TEXT.replace(b"\n", b"\r\n"),
    "no last end": TEXT.rstrip(b"\n"),
    "quoted": b"\n".join(b",".join(b'"%s"' % c.encode() for c in row) for row in ROWS),
    "gz": gzip.compress(TEXT, mtime=0),
    "xlsx": made.xlsx(typed(ROWS)),
    "xlsx of words": made.xlsx(ROWS),
    "pdf": made.pdf(ROWS),
    "pdf without lines": made.pdf(ROWS, ruled=False),
    "pdf of two pages": made.pdf(ROWS[:3], [ROWS[0], ROWS[3]]),
    "html": made.page(ROWS),
    "json": json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(),
    "json of rows": json.dumps(ROWS).encode(),
    "json within": json.dumps(
        {"date": "2026-08-20", "rows": [dict(zip(ROWS[0], r, strict=True)) for r in ROWS[1:]]}
    ).encode(),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_table_comes_out_of_every_format(name):
    grids = read_tables(FORMATS[name], "prices")
    rows = [row for grid in grids for row in words(grid)]
    if name == "json within":
        assert rows.pop(0)[:2] == ["date", "2026-08-20"], "what stands beside the list stands above the table"
    if name == "pdf of two pages":
        assert len(grids) == 1
        del rows[len(rows) - 2]  # the header of the second page
    assert rows == ROWS


def test_zip_and_parquet():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("prices.csv", TEXT)
    assert words(read_tables(packed.getvalue(), "prices.zip")[0]) == ROWS
    data = made.parquet(symbol=["LUCK"], date=[date(2026, 8, 20)], close=[412.55], volume=[1200])
    (grid,) = read_tables(data, "prices.parquet")
    assert grid.columns == (
        ("symbol", "LUCK"),
        ("date", date(2026, 8, 20)),
        ("close", 412.55),
        ("volume", 1200),
    )
    assert list(grid.lines) == [0, 1]


def test_32_bit_prices_are_those_that_were_published():
    import pyarrow as pa

    data = made.parquet(close=pa.array([89.21, 0.1, None], pa.float32()))
    assert read_tables(data, "p")[0].columns == (("close", 89.21, 0.1, None),)


def test_rows_are_numbered_as_the_file_shows_them():
    (grid,) = read_tables(b"a,b\n\n1,2\n\n\n3,4\n", "x.csv")
    assert list(grid.lines) == [1, 3, 6]
    (grid,) = read_tables(b'a,b\n"two\nlines",2\n3,4\n', "x.csv")
    assert list(grid.lines) == [1, 3, 4]
    (sheet,) = read_tables(made.xlsx([["a", "b"], [None, None], ["1", "2"]]), "x.xlsx")
    assert list(sheet.lines) == [1, 3]


def test_letters_of_old_windows_files():
    assert words(read_tables("name,x\nCafé “A”,1\n".encode("cp1252"), "x.csv")[0])[1] == ["Café “A”", "1"]


def test_hidden_sheets_are_not_read():
    grids = read_tables(
        made.xlsx([["a", "b"], ["1", "2"]], [["secret", "c"], ["3", "4"]], hidden={1}), "x.xlsx"
    )
    assert [grid.name for grid in grids] == ["Sheet1"]


def test_a_page_gives_raw_numbers_tickers_without_tags_and_links():
    html = b"""<html><body><table><tr><th>SYMBOL</th><th>CHANGE</th><th>VOLUME</th><th></th></tr>
    <tr><td data-order="KOSM"><a class="tbl__symbol" href="/company/KOSM"><strong>KOSM</strong></a> <span>XD</span></td>
    <td data-order="-0.774"><i></i> 0.77</td><td data-order="58387095">58,387,095</td>
    <td><a href="/download/document/281026.pdf">PDF</a></td></tr></table></body></html>"""
    (grid,) = read_tables(html, "page.html")
    assert grid.row(1) == ("KOSM", -0.774, 58387095.0, "PDF", "/download/document/281026.pdf")
    assert grid.row(0)[-1] == "link"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", "an empty file"),
        ("a.csv", b" \n \n", "an empty file"),
        ("m2m.pdf", made.page(ROWS), r"web page \(HTML\), not what the name's .pdf says"),
        ("a.xlsx", made.page(ROWS), r"web page \(HTML\), not what"),
        ("a.parquet", made.pdf(ROWS), "a PDF, not what"),
        ("a.csv.gz", gzip.compress(TEXT, mtime=0)[:-12], "cut off"),
        ("a.csv.gz", gzip.compress(TEXT, mtime=0)[:20] + b"\xff" * 20, "cut off|damaged"),
        ("a.xlsx", made.xlsx(ROWS)[:-200], "damaged or cut-off"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600), "password"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        ("a.parquet", made.parquet(a=[1, 2, 3])[:-9], "damaged or cut-off Parquet"),
        ("a.pdf", made.pdf(ROWS)[:-300], "cut off"),
        ("a.pdf", b"%PDF-1.4\n" + b"\x00\xff" * 500 + b"\n%%EOF\n", "damaged|without text"),
        ("a.html", made.page(ROWS)[:-30], "cut off"),
        ("a.html", b"<html><body><p>Not found</p></body></html>", "without a table"),
        ("a.json", b'[{"a": 1}, {"a"', "damaged or cut-off JSON"),
        ("a.json", b'{"a": 1}', "without a list"),
        ("a.csv", b"\x00\x01\x02\x03" * 100, "no text"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        ("a.Z", b"\x1f\x9d\x90" + bytes(50), "compress"),
        ("a.csv", TEXT[:-14], "cut off"),
        ("a.csv", b'a,b\n"never closed,1\n2,3\n', "quote"),
        ("a.csv", "a,b\n1,2\n".encode("utf-16")[:-1], "cut off or damaged"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_named(name, data, says):
    with pytest.raises(BrokenPage, match=says) as caught:
        read_tables(data, name)
    assert caught.value.page == name


def test_an_archive_of_several_files_or_of_archives_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", TEXT)
        archive.writestr("b.csv", TEXT)
    with pytest.raises(BrokenPage, match="2 files"):
        read_tables(packed.getvalue(), "a.zip")
    deep = TEXT
    for _ in range(5):
        deep = gzip.compress(deep, mtime=0)
    with pytest.raises(BrokenPage, match="gzip"):
        read_tables(deep, "a.gz")


def test_bombs_are_refused_before_they_unpack(monkeypatch):
    monkeypatch.setattr("services.sources.files.unpacking.MOST_UNPACKED", 2**20)
    monkeypatch.setattr("services.sources.files.spreadsheets.MOST_UNPACKED", 2**20)
    with pytest.raises(BrokenPage, match="once unpacked"):
        read_tables(gzip.compress(bytes(2**22)), "bomb.gz")
    with pytest.raises(BrokenPage, match="once unpacked"):
        read_tables(made.xlsx("<worksheet>" + " " * 2**22 + "</worksheet>"), "bomb.xlsx")


def test_a_cell_far_away_does_not_fill_the_machine():
    far = made.sheet_xml([["a"]]).replace('r="A1"', 'r="XFD1048576"')
    with pytest.raises(BrokenPage, match="rows"):
        read_tables(made.xlsx(far), "far.xlsx")
    wide = made.sheet_xml([["a"]]).replace('r="A1"', 'r="XFD400000"')
    with pytest.raises(BrokenPage, match="columns"):
        read_tables(made.xlsx(wide), "wide.xlsx")


def test_five_million_cells_are_refused_in_words(monkeypatch):
    monkeypatch.setattr(limits, "MOST_CELLS", 10)
    for name, data in FORMATS.items():
        with pytest.raises(BrokenPage, match="at most 10 at once"):
            read_tables(data, name)
    with pytest.raises(BrokenPage, match="larger than"):
        read_tables(b"a,b\n" * (limits.MOST_BYTES // 4 + 1), "a.csv")


@given(st.binary(max_size=300))
def test_rubbish_is_told_or_read_and_never_breaks(data):
    assert what_is(data)
    try:
        grids = read_tables(data, "rubbish")
    except BrokenPage:
        return
    assert all(
        isinstance(grid, Grid) and len(column) == len(grid.lines) for grid in grids for column in grid.columns
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.floats(0.02, 0.99))
def test_a_file_cut_anywhere_is_refused_or_is_a_beginning(name, part):
    """CSV and other bare text cannot tell a whole last line from a cut one; every other format can."""
    data = FORMATS[name]
    try:
        grids = read_tables(data[: int(len(data) * part)], "cut")
    except BrokenPage:
        return
    assert name not in {"gz", "xlsx", "xlsx of words", "html", "json", "json of rows", "json within"}
    whole = [row for grid in read_tables(data, "whole") for row in words(grid)]
    found = [row for grid in grids for row in words(grid)]
    assert len(found) <= len(whole)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["xlsx", "pdf", "gz", "html", "json", "utf-16"]), st.data())
def test_a_byte_changed_anywhere_never_breaks_the_reader(name, data):
    body = bytearray(FORMATS[name])
    for _ in range(3):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BrokenPage):
        read_tables(bytes(body), "changed")
