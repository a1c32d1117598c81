"""Feeds and answers of news services: read right, cleaned, and refused whole when they are not what they should be."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.domain.headlines import KARACHI
from services.domain.rows import NewsRow
from services.domain.sourcing import Page
from services.sources.news import READERS
from services.sources.news.cleaning import plain_title

PAGES = Path(__file__).parents[2] / "pages" / "news"
SHARED = Path("/work/shared/data/rss")
FETCHED = datetime(2026, 8, 19, 15, 0, tzinfo=UTC)
FILES = {
    "markets.xml": "news.rss",
    "atom.xml": "news.rss",
    "newsapi_ai.json": "news.newsapi_ai",
    "finlight.json": "news.finlight",
    "mettis.json": "news.mettis",
}
LINK = "https://www.dawn.com/news/1"


def page(body: bytes, name: str = "news.rss", fetched: datetime = FETCHED) -> Page:
    return Page(name, body, fetched)


def read(body: bytes, name: str = "news.rss") -> list[NewsRow]:
    return [row for row in READERS[name](page(body, name)) if isinstance(row, NewsRow)]


def file(name: str) -> list[NewsRow]:
    return read((PAGES / name).read_bytes(), FILES[name])


def item(
    title: str, link: str = LINK, date: str = "<pubDate>Wed, 19 Aug 2026 18:02:00 +0500</pubDate>"
) -> str:
    return f"<item><title>{title}</title><link>{link}</link>{date}</item>"


def feed(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>x</title>{"".join(items)}</channel></rss>'.encode()


def pkt(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=KARACHI)  # type: ignore[misc, arg-type]  # year, month, day, hour, minute, second


def test_a_feed_of_the_press() -> None:
    rows = file("markets.xml")
    assert [row.title for row in rows] == [
        "Cement & steel shares pull index up by 412 points",
        "Rupee ends at 281.40 & gains 5 paisa",
        "OGDCL’s board meets on Friday",
        "‘No change’ in policy rate at AT&T meeting",
        "A headline without a time",
    ]
    assert [row.publisher for row in rows] == [
        "Business Recorder",
        "Business Recorder",
        "Dawn",
        "ARY News",
        "example.com.pk",
    ]
    assert [row.at for row in rows] == [
        pkt(2026, 8, 19, 18, 2),
        pkt(2026, 8, 19, 17, 30),
        pkt(2026, 8, 19, 12, 0),
        pkt(2026, 8, 18, 14, 15),
        FETCHED,
    ]
    assert rows[1].link == "https://www.brecorder.com/news/50000002/rupee-ends"
    assert all(row.symbols == () for row in rows)
    assert "never" not in repr(rows)


def test_atom() -> None:
    (row,) = file("atom.xml")
    assert (row.title, row.publisher, row.at) == (
        "Exports & imports fall",
        "The Express Tribune",
        pkt(2026, 8, 19, 15, 0),
    )


def test_newsapi_ai() -> None:
    one, two = file("newsapi_ai.json")
    assert (one.title, one.publisher, one.at) == (
        "Rates held, bank says",
        "Dawn",
        pkt(2026, 8, 19, 14, 40, 12),
    )
    assert (two.publisher, two.at) == ("Somewhere Daily", pkt(2026, 8, 19, 13, 0))


def test_finlight() -> None:
    one, two = file("finlight.json")
    assert (one.title, one.publisher, one.at) == (
        "Pakistan's dollar bonds rise",
        "Reuters",
        pkt(2026, 8, 19, 16, 0),
    )
    assert two.publisher == "unknown-paper.com"


def test_mettis() -> None:
    one, two = file("mettis.json")
    assert (one.link, one.publisher) == ("https://mettisglobal.news/SBP-reserves-rise-70002", "Mettis Global")
    assert one.at == datetime(2026, 8, 19, 11, 0, 0, 123000, tzinfo=UTC)
    assert two.link == "https://mettisglobal.news/Gold-falls-70001"


def test_nothing_new_from_a_service_is_no_error() -> None:
    assert read(b'{"articles": {"results": [], "totalResults": 0, "page": 1}}', "news.newsapi_ai") == []
    assert read(b'{"status": "ok", "page": 1, "pageSize": 20, "articles": []}', "news.finlight") == []


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Sun, 26 Jul 2026 18:02:00 +0500", pkt(2026, 7, 26, 18, 2)),
        ("Sun, 26 Jul 2026 18:02:00 +05:00", pkt(2026, 7, 26, 18, 2)),
        ("Sun, 26 Jul 2026 18:02:00 PKT", pkt(2026, 7, 26, 18, 2)),
        ("26 Jul 2026 18:02:00 GMT", pkt(2026, 7, 26, 23, 2)),
        ("2026-07-26T18:02:00+05:00", pkt(2026, 7, 26, 18, 2)),
        ("2026-07-26T18:02:00", pkt(2026, 7, 26, 18, 2)),
        ("2026-07-26T13:02:00Z", pkt(2026, 7, 26, 18, 2)),
        ("  2026-07-26 \n 18:02:00 +05:00 ", pkt(2026, 7, 26, 18, 2)),
    ],
)
def test_times(written: str, read_as: datetime) -> None:
    assert read(feed(item("x", date=f"<pubDate>{written}</pubDate>")))[0].at == read_as


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A &amp;amp; B &lt;b&gt;C&lt;/b&gt;", "A & B C"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Profit up", "Profit up"),
        ("P/E below 5 &amp;lt; 6", "P/E below 5 ‹ 6"),
        ("abc \u202egnp.exe\u202c \u200bdef\ufeff", "abc gnp.exe def"),
        ("tab\there\x0bnow&#0;&#x1F;", "tab here now"),
        ("Buy now https://scam.example/x *here* `code` __x__", "Buy now here 'code' x"),
        ("\U0001d401\U0001d42e\U0001d432 \uff28\uff22\uff2c", "Buy HBL"),
        ("Rate cut by 2½ points, m²", "Rate cut by 2 1/2 points, m2"),
        ("Z" + "\u0301" * 40 + "algo", "Ź\u0301algo"),
        ("اسٹیٹ بینک نے شرح سود برقرار رکھی", "اسٹیٹ بینک نے شرح سود برقرار رکھی"),
        ("می\u200cخواہم \u200cprofit", "می\u200cخواہم profit"),
    ],
)
def test_titles_are_cleaned(written: str, shown: str) -> None:
    assert read(feed(item(written)))[0].title == shown


def test_an_absurdly_long_title_is_cut_at_a_word() -> None:
    (row,) = read(feed(item("word " * 50_000)))
    assert len(row.title) <= 240
    assert row.title.endswith("word…")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://dawn.com/x", "https://dawn.com@evil.example/", "https://127.0.0.1/x", "http://localhost/x",
        "https://дawn.com/news/1", "https://dawn.com:8080/x", "https://x.internal/a", "https://dawn.com/" + "a" * 1000, "//dawn.com/x",
        "https://dawn.com/a b", "https://dawn.com/a\u202eb", "", "https://[::1]/", "https://dawn.com\\@evil.example",
    ],
)  # fmt: skip
def test_links_that_may_not_be_shown(link: str) -> None:
    with pytest.raises(BrokenPage) as broken:
        read(feed(item("fine"), item("x", link)))
    assert (broken.value.page, broken.value.column, broken.value.row) == ("news.rss", "link", 2)


def test_an_urdu_address_is_kept_in_plain_letters() -> None:
    (row,) = read(feed(item("x", "https://www.dawnnews.tv/news/خبر?a=1&amp;b=2")))
    assert row.link == "https://www.dawnnews.tv/news/%D8%AE%D8%A8%D8%B1?a=1&b=2"


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


if SHARED.exists():

    def test_the_shapes_kept_beside_the_project() -> None:
        later = datetime(2026, 11, 20, tzinfo=UTC)
        rows = READERS["news.rss"](page((SHARED / "brecorder_markets_shape.xml").read_bytes(), fetched=later))
        assert [(r.title, r.publisher, r.at) for r in rows if isinstance(r, NewsRow)] == [
            ("Oil & gas sector leads gains as Brent tops $96", "Business Recorder", pkt(2026, 7, 26, 18, 2)),
            ("Rupee holds at 277.59 against the dollar", "Business Recorder", pkt(2026, 7, 25, 11, 30)),
        ]
        (row,) = READERS["news.rss"](page((SHARED / "dawn_business_shape.xml").read_bytes(), fetched=later))
        assert isinstance(row, NewsRow)
        assert row.title == "Uncertainty in Gulf likely to keep policy rate unchanged"
        (row,) = READERS["news.mettis"](
            page((SHARED / "mettis_json_shape.json").read_bytes(), "news.mettis", later)
        )
        assert isinstance(row, NewsRow)
        assert (row.title, row.link) == (
            "PSO signs agreement with OQT",
            "https://mettisglobal.news/PSO-signs-agreement-with-OQT-64109",
        )
