"""The same pages on other days: no trades, suspended shares, dashes, new columns, other hands that wrote the markup."""

import re

import pytest

from services.domain.errors import BrokenPage
from services.domain.rows import Notice, Watch
from services.sources.psx.source import READERS
from tests.sources.psx.given import SMALL, small, text

IDLE = (
    '<tr><td data-search="SUSP" data-order="SUSP"><a class="tbl__symbol" href="/company/SUSP" data-title="Suspended Mills">'
    "<strong>SUSP</strong></a></td><td>0830</td><td></td>{}</tr>"
)
HTML = sorted(file for file in SMALL if file.endswith(".html"))


def read(file, body=None):
    page = small(file, body)
    return READERS[page.name](page)


def watch(*cells: str) -> list[Watch]:
    page = text("market_watch.html")
    row = IDLE.format("".join(f'<td class="right">{cell}</td>' for cell in cells))
    return list(read("market_watch.html", page.replace("</tbody>", f"{row}</tbody>")))


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (("4.96", "-", "-", "-", "4.96", "0.00", "0.00%", "0"), (4.96, 0.0, 4.96, 0.0, 0)),
        (("4.96", "-", "-", "-", "-", "-", "-", "-"), (4.96, 0.0, 0.0, 0.0, 0)),
        (("-", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00%", "0"), (0.0, 0.0, 0.0, 0.0, 0)),
        (("4.96", "N/A", "N/A", "N/A", "4.96", "N/A", "N/A", "0"), (4.96, 0.0, 4.96, 0.0, 0)),
        (
            ("1,234.50", "1,240", "1,250.25", "1,200", "1,200.00", "-34.50", "-2.79%", "12,345"),
            (1234.5, 1250.25, 1200.0, -34.5, 12345),
        ),
    ],
)
def test_a_share_without_a_trade_is_on_the_market_watch(cells, wanted):
    row = watch(*cells)[-1]
    assert row.symbol == "SUSP"
    assert (row.ldcp, row.high, row.current, row.change, row.volume) == wanted


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (("4.96", "5.00", "5.10", "4.90", "5.00", "0.04", "0.81%", ""), "VOLUME"),
        (("4.96", "5.00", "5.10", "4.90", "-", "0.04", "0.81%", "1,000"), "CURRENT"),
        (("-", "5.00", "5.10", "4.90", "5.00", "0.04", "0.81%", "1,000"), "LDCP"),
        (("4.96", "-", "-", "-", "4.96", "0.00", "0.00%", "-1"), "VOLUME"),
    ],
)
def test_a_share_that_was_traded_needs_its_figures(cells, column):
    with pytest.raises(BrokenPage) as broken:
        watch(*cells)
    assert (broken.value.column, broken.value.row) == (column, 5)


@pytest.mark.parametrize("file", HTML)
@pytest.mark.parametrize(
    "otherwise",
    [
        lambda page: "\ufeff" + page,
        lambda page: page.replace("\n", "\r\n"),
        lambda page: re.sub(r"(<th\b[^>]*>)(.*?)(</th>)", lambda m: m[1] + m[2].upper() + m[3], page, flags=re.DOTALL),
        lambda page: re.sub(r"(<th\b[^>]*>)(.*?)(</th>)", lambda m: f"{m[1]}\n <span>{m[2].lower()}</span>&nbsp;*{m[3]}", page, flags=re.DOTALL),
        lambda page: re.sub(r"(<td\b[^>]*>)", r"\1\n     ", page).replace("</td>", "\n  </td>"),
        lambda page: page.replace("</tbody>", "<tr></tr>\n<tr class='empty'></tr></tbody>"),
        lambda page: page.replace("<tr>", '<tr role="row" class="odd">'),
        lambda page: re.sub(r'="([^"\']*)"', r"='\1'", page),
        lambda page: page + "\n<!-- cached 2026-10-14T12:00 -->\n",
    ],
    ids=["BOM", "CRLF", "capitals", "footnotes", "prettified", "blank rows", "classes", "quotes", "remark"],
)  # fmt: skip
def test_another_hand_wrote_the_same(file, otherwise):
    assert read(file, otherwise(text(file))) == read(file)


def _with_column(page: str, after: int) -> str:
    """Every row with one column more behind that place."""

    def wider(row: re.Match[str]) -> str:
        cells = list(re.finditer(r"<(td|th)\b.*?</\1>", row[0], re.DOTALL))
        if len(cells) < 4:
            return row[0]
        end, tag = cells[after].end(), cells[after][1]
        new = "<th>MARGIN</th>" if tag == "th" else "<td>7.5</td>"
        return row[0][:end] + new + row[0][end:]

    return re.sub(r"<tr\b.*?</tr>", wider, page, flags=re.DOTALL)


@pytest.mark.parametrize("after", [0, 2, -1])
@pytest.mark.parametrize(
    "file", [f for f in HTML if "_rows" not in f and f not in {"etf.html", "company.html"}]
)
def test_a_new_column_changes_nothing(file, after):
    assert read(file, _with_column(text(file), after)) == read(file)


def test_documents_are_found_although_a_column_came_behind_them():
    found = read("announcements.html", _with_column(text("announcements.html"), -1))
    assert [row.link for row in found if isinstance(row, Notice)] == [
        row.link for row in read("announcements.html")
    ]
    assert any(row.link.startswith("/download/") for row in found)


def test_a_history_without_raw_numbers_is_read_by_its_days():
    page = re.sub(r' data-order="[^"]*"', "", text("historical.html"))
    assert read("historical.html", page) == read("historical.html")


def test_a_sector_where_a_payout_stands_is_refused():
    page = text("payouts.html")
    wrong = (
        page.replace(">Sector<", ">x<")
        .replace(">Dividend Announcement<", ">Sector<")
        .replace(">x<", ">Dividend Announcement<")
    )
    with pytest.raises(BrokenPage) as broken:
        read("payouts.html", wrong)
    assert broken.value.column == "Sector"
