"""A feed is a list of independent items: one that is bad is left out and said, and costs nobody else."""

import re

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.domain.sourcing import SomeRows
from services.sources.news import READERS
from tests.fakes.news_feeds import FILES, PAGES, feed, item, page

GOOD = tuple(item(f"Headline {n}", f"https://www.dawn.com/news/{n}") for n in range(5))
BAD = {
    "date": item("Late news of Engro", date="<pubDate>32 Foo 2026</pubDate>"),
    "title": item("<![CDATA[<script>x</script>]]>"),
    "link": item("Late news of Engro", "javascript:alert(1)"),
    "future": item("Late news of Engro", date="<pubDate>Wed, 19 Aug 2037 18:02:00 +0500</pubDate>"),
}


def read(body: bytes, name: str = "news.rss") -> SomeRows:
    rows = READERS[name](page(body, name))
    assert isinstance(rows, SomeRows)
    return rows


@pytest.mark.parametrize("wrong", sorted(BAD))
def test_one_bad_item_is_left_out_with_its_place_and_without_its_text(wrong: str) -> None:
    rows = read(feed(*GOOD[:2], BAD[wrong], *GOOD[2:]))
    assert [row.title for row in rows] == [f"Headline {n}" for n in range(5)]
    (left_out,) = rows.left_out
    assert (left_out.page, left_out.column, left_out.row) == (
        "news.rss",
        "date" if wrong == "future" else wrong,
        3,
    )
    assert "Engro" not in str(left_out)
    assert "alert" not in str(left_out)


@pytest.mark.parametrize(("good", "bad"), [(3, 2), (5, 4), (2, 1), (5, 0)])
def test_fewer_bad_than_good_leave_the_good(good: int, bad: int) -> None:
    rows = read(feed(*[BAD["date"]] * bad, *GOOD[:good]))
    assert (len(rows), len(rows.left_out)) == (good, bad)


@pytest.mark.parametrize(("good", "bad"), [(2, 3), (1, 2), (0, 1), (1, 1)])
def test_a_feed_that_is_mostly_bad_is_no_feed(good: int, bad: int) -> None:
    with pytest.raises(BrokenPage) as broken:
        read(feed(*GOOD[:good], *[BAD["date"]] * bad))
    assert (broken.value.column, broken.value.row) == ("date", good + 1)


@pytest.mark.parametrize("name", ["newsapi_ai.json", "finlight.json", "mettis.json"])
@pytest.mark.parametrize("wrong", [None, 5, {}, {"title": 7}, []])
def test_an_article_that_is_none_is_left_out(name: str, wrong: object) -> None:
    document = orjson.loads((PAGES / name).read_bytes())
    where = {"newsapi_ai.json": lambda d: d["articles"]["results"], "finlight.json": lambda d: d["articles"]}
    articles = where.get(name, lambda d: d)(document)
    known = len(articles)
    articles.insert(1, wrong)
    rows = read(orjson.dumps(document), FILES[name])
    assert len(rows) == known
    assert [error.row for error in rows.left_out] == [2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["good", *sorted(BAD)]), min_size=1, max_size=12))
def test_the_good_ones_are_exactly_those(kinds: list[str]) -> None:
    items = [
        item(f"T{n}", f"https://dawn.com/{n}") if kind == "good" else BAD[kind]
        for n, kind in enumerate(kinds)
    ]
    wanted = [f"T{n}" for n, kind in enumerate(kinds) if kind == "good"]
    try:
        rows = read(feed(*items))
    except BrokenPage:
        assert len(wanted) <= len(kinds) - len(wanted)
        return
    assert [row.title for row in rows] == wanted
    assert [error.row for error in rows.left_out] == [n for n, kind in enumerate(kinds, 1) if kind != "good"]
    assert not re.search("Engro|javascript", repr(rows.left_out))
