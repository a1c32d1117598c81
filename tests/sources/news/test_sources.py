"""What is asked of the sources of news: addresses, licence notes, and where a key goes."""

from datetime import UTC, datetime

import pytest

from services.domain.errors import BadInput
from services.domain.sourcing import SourceSpec
from services.sources.news import FEEDS, READERS, Feed, finlight, mettis, newsapi_ai, rss

NOW = datetime(2026, 8, 20, 4, 0, tzinfo=UTC)
KEY = "s3cret-key"


def all_sources() -> tuple[SourceSpec, ...]:
    return (*rss(), newsapi_ai(KEY), finlight(KEY), mettis())


def test_every_page_has_its_reader_and_every_source_a_licence() -> None:
    for source in all_sources():
        assert source.licence.endswith(".")
        assert source.base.startswith("https://")
        for page in source.pages:
            assert READERS[page.name] is page.parse
            assert page.kind == "news"
            assert page.ask(NOW, ())
    assert len({source.name for source in all_sources()}) == len(all_sources())


def test_feeds_of_one_host_are_one_source() -> None:
    sources = {source.name: source for source in rss()}
    assert len(sources) == 6
    asked = [q.path for q in sources["news.brecorder.com"].pages[0].ask(NOW, ())]
    assert asked == ["/feeds/latest-news", "/feeds/markets", "/feeds/business-finance", "/feeds/pakistan"]
    every = {s.base + q.path for s in sources.values() for p in s.pages for q in p.ask(NOW, ())}
    assert every == {feed.url for feed in FEEDS}


def test_feeds_of_the_operator_and_another_base() -> None:
    (source,) = rss((Feed("mine", "https://example.com.pk/rss?cat=3"),), base="http://127.0.0.1:9/")
    (question,) = source.pages[0].ask(NOW, ())
    assert (source.base, question.path, question.query) == (
        "http://127.0.0.1:9/example.com.pk",
        "/rss",
        {"cat": "3"},
    )
    assert question.asked == {"feed": "mine"}
    with pytest.raises(BadInput):
        rss((Feed("mine", "file:///etc/passwd"),))
    with pytest.raises(BadInput):
        rss((Feed("a", "https://a.com/1"), Feed("a", "https://a.com/2")))


def test_a_key_goes_into_header_or_body_never_into_what_is_kept() -> None:
    for source in (newsapi_ai(KEY), finlight(KEY)):
        for question in source.pages[0].ask(NOW, ()):
            assert KEY not in f"{source.base}{question.path}{question.query}{question.asked}{question.form}"
            assert KEY in f"{question.json}{source.headers}"
    (question,) = newsapi_ai(KEY).pages[0].ask(NOW, ())
    assert question.json is not None
    assert question.json["includeArticleBody"] is False
    assert question.json["dateStart"] == "2026-08-18"
    (question,) = finlight(KEY).pages[0].ask(NOW, ())
    assert question.json is not None
    assert question.json["includeContent"] is False
