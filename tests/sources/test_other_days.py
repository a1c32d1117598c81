"""Files and sheets as other days and other hands write them: a mark before the text, capitals, dashes, brackets, columns more."""

import json

import pytest

from tests.sources.asked import came
from tests.sources.every_page import READERS, SMALL_CASES, Case
from tests.sources.papers import small_pdf
from tests.sources.psx.test_summary import FIRST, SECOND, sheet, sheets
from tests.sources.sbp.test_m2m import HEADER, RATES, TITLE
from tests.sources.sbp.test_rates import KIBOR, as_csv

TEXTS = [case for case in SMALL_CASES if case.what != "pdf"]
JSON = [case for case in SMALL_CASES if case.what == "json"]


def rows(name, body, on="2026-09-10"):
    return list(READERS[name](came(name, body, on)))


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case.name)
def test_a_mark_before_the_text_and_blank_lines_behind_it(case: Case) -> None:
    body = case.page.body.removeprefix(b"\xef\xbb\xbf")
    wanted = list(case.read(case.page))
    assert list(case.read(case.other(b"\xef\xbb\xbf" + body))) == wanted
    assert list(case.read(case.other(body.rstrip() + b"\n\n"))) == wanted


def _wider(value):
    if isinstance(value, list):
        return [_wider(each) for each in value]
    return (
        {name: _wider(each) for name, each in value.items()} | {"newField": None}
        if isinstance(value, dict)
        else value
    )


@pytest.mark.parametrize("case", [c for c in JSON if c.name != "matrix.json"], ids=lambda case: case.name)
def test_json_with_fields_more_and_in_other_shape(case: Case) -> None:
    value = json.loads(case.page.body)
    for body in (
        json.dumps(_wider(value)),
        json.dumps(value, indent=2),
        json.dumps(value, ensure_ascii=True),
    ):
        assert list(case.read(case.other(body.encode()))) == list(case.read(case.page))


@pytest.mark.parametrize("how", [str.upper, str.lower, str.title])
def test_a_header_in_other_case(how) -> None:
    head, _, rest = as_csv().partition("\n")
    assert rows("sbp.easydata", f"{how(head)}\n{rest}") == rows("sbp.easydata", as_csv())


def test_a_kibor_sheet_in_capitals() -> None:
    plain = rows("sbp.kibor", small_pdf(KIBOR))
    assert rows("sbp.kibor", small_pdf([line.upper() for line in KIBOR])) == plain
    assert rows("sbp.kibor", small_pdf([KIBOR[0], "KIBOR as on 07-SEP-26", *KIBOR[2:]])) == plain


def test_a_mark_to_market_sheet_with_other_dates() -> None:
    plain = rows("sbp.m2m", small_pdf([TITLE, HEADER, *RATES]))
    for written in ("8-September-2026", "08-SEP-26", "September 8, 2026"):
        assert rows("sbp.m2m", small_pdf([TITLE.replace("08-Sep-26", written), HEADER, *RATES])) == plain


@pytest.mark.parametrize("day", ["Friday October 9,2026", "FRIDAY OCTOBER 9,2026", "Friday, October 9, 2026"])
def test_closing_rates_of_a_friday(day: str) -> None:
    body = sheets(sheet(1, *FIRST[8:], day=day), sheet(2, *SECOND[8:], day=day))
    found = rows("psx.closing_rates", body, "2026-10-14")
    assert {row.day.isoformat() for row in found} == {"2026-10-09"}
    assert [row.symbol for row in found] == ["HBL", "786", "QALB"]


@pytest.mark.parametrize("fall", ["-2.05", "(2.05)", "+2.05", "-.05"])
def test_no_row_of_closing_rates_is_passed_over(fall: str) -> None:
    row = f"HBL Habib Example 1,153,509 302.15 302.80 309.00 302.80 300.10 {fall}"
    # Brackets begin and end a text in a PDF.
    body = sheets(sheet(1, row.replace("(", "\\(").replace(")", "\\)")), SECOND)
    found = rows("psx.closing_rates", body, "2026-10-14")
    assert [(row.symbol, row.close) for row in found] == [("HBL", 300.1), ("QALB", 12.05)]
