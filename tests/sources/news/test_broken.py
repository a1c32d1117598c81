"""Pages of news that are none, cut or full of rubbish: a typed error or the same headlines, never anything else."""

from datetime import timedelta

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.sources.news.cleaning import plain_title
from tests.fakes.news_feeds import FETCHED, FILES, PAGES, feed, file, item, read


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"), (b" \n", "empty"), (b"<!DOCTYPE html><html><body>no feed</body></html>", "no RSS"), (b"%PDF-1.7 ...", "no RSS"),
        (feed(), "without items"), (feed(item("x"))[:-4], "breaks off"), (feed(item("x"))[:-30], "breaks off"),
        (feed(item("x")).replace(b"</title>", b"", 1), "sound XML"), (feed("<item><link>https://a.com/b</link></item>"), "title"),
        (feed("<item><title>x</title></item>"), "link"), (feed(item("x", date="<pubDate>yesterday</pubDate>")), "date"),
        (feed(item("x", date="<pubDate>Wed, 26 Aug 2026 18:02:00 +0500</pubDate>")), "date"), (feed(item("x", date="<pubDate>1970-01-01</pubDate>")), "date"),
        (feed(item("x"), head='<!DOCTYPE r [<!ENTITY a "b">]>'), "entities|no RSS"), (feed(item("caf\u00e9")).decode().encode("latin-1"), "encoding"),
        (feed(item("x"), head='<?xml version="1.0" encoding="x-martian"?>'), "encoding"), (bytes(range(256)) * 50, "encoding|no RSS"),
        (feed(item("<b>" * 100_000)), "without end"), (feed(*[item("x")] * 2_001), "2000 items"), (feed(item("<![CDATA[]]>")), "title"),
        (feed(*[item("x")] * 100_000), "more than"),
    ],
)  # fmt: skip
def test_pages_that_are_no_feed(body: bytes, says: str) -> None:
    with pytest.raises(BrokenPage, match=says):
        read(body)


def test_a_body_that_is_a_file_name_opens_no_file() -> None:
    with pytest.raises(BrokenPage):
        read(b"/etc/passwd")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings(encoding: str) -> None:
    body = feed(item("Café"), head="").decode().encode(encoding)
    assert read(body)[0].title == "Café"


@pytest.mark.parametrize(
    ("name", "path", "column"),
    [
        ("newsapi_ai.json", ("articles",), "articles"), ("newsapi_ai.json", ("articles", "results"), "results"),
        ("newsapi_ai.json", ("articles", "results", 1, "title"), "title"), ("newsapi_ai.json", ("articles", "results", 1, "url"), "url"),
        ("newsapi_ai.json", ("articles", "results", 1, "dateTime"), "dateTimePub"), ("finlight.json", ("articles",), "articles"),
        ("finlight.json", ("articles", 1, "publishDate"), "publishDate"), ("finlight.json", ("articles", 1, "link"), "link"),
        ("mettis.json", (1, "headings"), "headings.heading"), ("mettis.json", (1, "publishedTime"), "publishedTime"), ("mettis.json", (1, "link"), "link"),
    ],
)  # fmt: skip
def test_a_missing_field_is_named(name: str, path: tuple[str | int, ...], column: str) -> None:
    document = orjson.loads((PAGES / name).read_bytes())
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    with pytest.raises(BrokenPage) as broken:
        read(orjson.dumps(document), FILES[name])
    assert broken.value.column == column
    assert broken.value.row == (2 if len(path) > 1 and path[-2] == 1 else 0)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"error": "apiKey is not valid"}', "news.newsapi_ai"),
        (b'{"articles": {"results": [], "totalResults": 12}}', "news.newsapi_ai"),
        (b'{"status": "error", "articles": []}', "news.finlight"),
        (b"[]", "news.mettis"), (b"<html></html>", "news.finlight"), (b"", "news.mettis"), (b"[1, 2]", "news.mettis"), (b"null", "news.newsapi_ai"),
        (b'{"articles": {"results": [{"title": 5, "url": "https://a.com/b", "dateTimePub": "2026-08-19T00:00:00Z"}]}}', "news.newsapi_ai"),
        (b'{"articles": {"results": [{"title": "x", "url": "https://a.com/b", "dateTimePub": 17}]}}', "news.newsapi_ai"),
        (orjson.dumps([{}] * 2_001), "news.mettis"), (b"[" * 100_000, "news.mettis"),
    ],
)  # fmt: skip
def test_answers_that_are_no_news(body: bytes, name: str) -> None:
    with pytest.raises(BrokenPage):
        read(body, name)


@pytest.mark.parametrize("name", sorted(FILES))
@settings(max_examples=60, deadline=None)
@given(cut=st.floats(0, 1, exclude_max=True))
def test_cut_anywhere_it_is_refused_or_whole(name: str, cut: float) -> None:
    body = (PAGES / name).read_bytes()
    part = body[: int(cut * len(body))]
    try:
        found = read(part, FILES[name])
    except BrokenPage:
        return
    assert found == file(name)


@pytest.mark.parametrize("name", sorted(FILES))
@settings(max_examples=80, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), length=st.integers(0, 60), rubbish=st.binary(max_size=20))
def test_rubbish_anywhere_ends_in_rows_or_a_broken_page(
    name: str, at: float, length: int, rubbish: bytes
) -> None:
    body = (PAGES / name).read_bytes()
    start = int(at * len(body))
    try:
        found = read(body[:start] + rubbish + body[start + length :], FILES[name])
    except BrokenPage:
        return
    for row in found:
        assert row.title.isprintable() or "\u200c" in row.title
        assert 0 < len(row.title) <= 240
        assert row.link.startswith(("http://", "https://"))
        assert row.link.isascii()
        assert row.at <= FETCHED + timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(title=st.text(max_size=300))
def test_any_title_at_all(title: str) -> None:
    body = orjson.dumps(
        [
            {
                "link": "a-1",
                "headings": {"heading": [title.encode("utf-8", "replace").decode()]},
                "publishedTime": "2026-08-19T10:00:00",
            }
        ]
    )
    if not any(c.isalnum() for c in plain_title(title)):
        with pytest.raises(BrokenPage, match="title"):
            read(body, "news.mettis")
        return
    (row,) = read(body, "news.mettis")
    assert len(row.title) <= 240
    assert not set(row.title) & set("<>*`~_\n\r\t\u202e\u2066")
