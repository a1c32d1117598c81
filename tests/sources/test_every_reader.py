"""Every reader, every page: whatever becomes of it, there are its rows or a typed error with its name, and soon."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage, Gated, Unavailable
from services.domain.records import Row
from tests.sources.every_page import CASES, READERS, SMALL_CASES, Case
from tests.sources.papers import small_pdf

CPU = 5.0  # seconds for one page
HTML_PAGE = b"<!DOCTYPE html><html><head><title>Page not found</title></head><body><p>Oops</p></body></html>"
PDF = small_pdf(["Weighted Average Customer Exchange Rates", "CURRENCY BUYING SELLING", "USD 280.10 281.20"])
WRONG = {
    "nothing": b"", "blanks": b" \r\n", "a web page": HTML_PAGE, "a PDF": PDF, "half a PDF": PDF[:200], "null": b"null", "words": b"Not Found",
    "an empty object": b"{}", "an empty list": b"[]", "gzip": b"\x1f\x8b\x08\x00rubbish", "a ZIP": b"PK\x03\x04rubbish", "bits": bytes(range(256)) * 40,
    "zeros": b"\x00" * 999, "UTF-16": "<table><tr><td>x</td></tr></table>".encode("utf-16"), "a feed without items": b'<rss version="2.0"><channel/></rss>',
}  # fmt: skip
by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def tried(case: Case, body: bytes) -> Sequence[Row] | str:
    """The rows, or what the typed error says; another error, a nameless one, or a long time is a failure."""
    began = time.process_time()
    found: Sequence[Row] | str
    try:
        found = case.read(case.other(body))
    except BrokenPage as broken:
        found = str(broken)
        if broken.page != case.page.name or not found.startswith(case.page.name):
            raise AssertionError(f"{found!r} does not name {case.page.name}") from broken
    except (Gated, Unavailable) as closed:
        found = closed.detail
    assert time.process_time() - began < CPU
    return found


def test_every_reader_has_a_page_here() -> None:
    assert {case.page.name for case in SMALL_CASES} == set(READERS)


@by_name
def test_the_good_page_is_good(case: Case) -> None:
    assert not isinstance(tried(case, case.page.body), str)
    assert len(case.read(case.page)) > 0


@by_name
def test_something_else_under_its_name(case: Case) -> None:
    for what, body in WRONG.items():
        if (case.page.name, what) != ("fmp.splits", "an empty list"):  # most shares were never split
            assert isinstance(tried(case, body), str), what


@by_name
def test_in_another_encoding_it_is_the_same_or_none(case: Case) -> None:
    if case.what == "pdf":
        return
    text, rows = case.page.body.decode("utf-8-sig"), list(case.read(case.page))
    for body in (
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.encode("utf-32"),
        text.encode("cp037", "replace"),
    ):
        found = tried(case, body)
        assert isinstance(found, str) or list(found) == rows
    latin = text.replace("a" if "a" in text else "A", "\xe4", 1).encode("latin-1", "replace")
    if not text.startswith("<?xml"):  # which may say by itself what it is written in
        assert isinstance(tried(case, latin), str)
    crlf = tried(case, re.sub(rb"\r?\n", b"\r\n", case.page.body))
    assert list(crlf) == rows


@by_name
def test_cut_it_is_the_same_or_none(case: Case) -> None:
    rows = list(case.read(case.page))
    size = len(case.page.body)
    places = {size * part // 12 for part in range(12)} | {size - 1, size - 2, size - 9}
    for place in sorted(places):
        found = tried(case, case.page.body[:place])
        if case.name not in LINES:
            assert isinstance(found, str) or list(found) == rows, place
        elif not isinstance(found, str):
            assert all(row in rows for row in found), place


LINES = frozenset({"market_summary.txt", "easydata.csv", "captured rates/pbs_national_cpi_2023_2026.csv"})
"""Files of lines without an end of their own: cut behind a line they read as shorter ones."""


def emptied(case: Case) -> Iterator[bytes]:
    """The page with its frame and without its rows."""
    text = case.page.body.decode("utf-8-sig", "replace")
    if case.what == "html":
        yield re.sub(r"(<tbody[^>]*>).*?(</tbody>)", r"\1\2", text, flags=re.DOTALL).encode()
        yield re.sub(r"<td\b.*?</td>", "", text, flags=re.DOTALL).encode()
    elif case.what == "xml":
        yield re.sub(r"<(item|entry)\b.*?</\1>", "", text, flags=re.DOTALL).encode()
    elif case.what == "json":
        yield json.dumps(_without_rows(json.loads(text))).encode()
    elif case.what == "text":
        yield (text.splitlines()[0] + "\n").encode()


def _without_rows(value: Any) -> Any:
    if isinstance(value, list):
        return []
    return {key: _without_rows(each) for key, each in value.items()} if isinstance(value, dict) else value


@by_name
def test_an_emptied_table_is_no_table(case: Case) -> None:
    if case.name in MAY_BE_EMPTY or case.page.name in {"psx.market_summary", "sbp.pma", "psx.company"}:
        return
    for body in emptied(case):
        if body != case.page.body:
            assert isinstance(tried(case, body), str)


MAY_BE_EMPTY = frozenset({"finlight.json", "fmp.splits"})
"""Answers to a question that may have none."""


@by_name
def test_a_header_under_another_name_is_missed_or_was_not_needed(case: Case) -> None:
    if case.what != "html" or len(case.page.body) > 200_000:  # the shape is the small page's
        return
    text, rows = case.page.body.decode("utf-8-sig"), list(case.read(case.page))
    found = list(re.finditer(r"<th\b[^>]*>(.*?)</th>", text, re.DOTALL))[:14]
    for head in found:
        said = tried(case, f"{text[: head.start(1)]}Another{text[head.end(1) :]}".encode())
        same = case.page.name == "pbs.cpi" and all(row in rows for row in said)  # what it can work out itself
        assert isinstance(said, str) or same or list(said) == rows, head[1]
    for one, other in pairwise(found):
        swapped = (
            text[: one.start(1)]
            + other[1]
            + text[one.end(1) : other.start(1)]
            + one[1]
            + text[other.end(1) :]
        )
        said = tried(case, swapped.encode())
        assert isinstance(said, str) or len(said) == len(rows)


def many(case: Case) -> bytes | None:
    """The page with a row of it a hundred thousand times."""
    text = case.page.body.decode("utf-8-sig", "replace")
    if case.what == "html":
        row = re.search(r"<tr\b[^>]*>\s*<td.*?</tr>", text, re.DOTALL)
        return (text[: row.start()] + row[0] * 100_000 + text[row.end() :]).encode() if row else None
    if case.what == "xml":
        item = re.search(r"<(item|entry)\b.*?</\1>", text, re.DOTALL)
        return (text[: item.end()] + item[0] * 100_000 + text[item.end() :]).encode() if item else None
    if case.what == "json":
        return json.dumps(_repeated(json.loads(text))).encode()
    return (
        (text + text.rstrip("\n").splitlines()[-1].join(["", "\n"]) * 100_000).encode()
        if case.what == "text"
        else None
    )


def _repeated(value: Any) -> Any:
    if isinstance(value, list):
        return value[:1] * 100_000
    if isinstance(value, dict):
        longest = max(
            (key for key in value if isinstance(value[key], list | dict)),
            key=lambda k: len(str(value[k])),
            default="",
        )
        return {key: _repeated(each) if key == longest else each for key, each in value.items()}
    return value


@pytest.mark.parametrize("case", SMALL_CASES, ids=lambda case: case.name)
def test_a_hundred_thousand_rows_are_refused_soon(case: Case) -> None:
    body = many(case)
    if body is not None and case.name not in {"company.html", "fund", "allocation", "newsapi_ai.json"}:
        assert isinstance(tried(case, body), str)
    elif body is not None:
        tried(case, body)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_whatever_is_put_into_it_ends_in_rows_or_a_typed_error(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(SMALL_CASES))
    body = case.page.body
    at, gone = data.draw(st.integers(0, len(body))), data.draw(st.integers(0, 80))
    rubbish = data.draw(
        st.one_of(
            st.binary(max_size=12),
            st.sampled_from([b"<tr><td>", b"</table>", b"NaN", b'"', b"\xff", b"-", b"1e999", b"]}"]),
        )
    )
    tried(case, body[:at] + rubbish + body[at + gone :])
