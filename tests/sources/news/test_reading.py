"""Feeds and answers of news services: read right, cleaned, and refused whole when they are not what they should be."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.domain.errors import BrokenPage
from services.domain.headlines import KARACHI
from services.domain.rows import NewsRow
from services.sources.news import READERS
from tests.fakes.news_feeds import FETCHED, feed, file, item, page, read

SHARED = Path("/work/shared/data/rss")


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
