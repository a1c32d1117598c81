"""The feeds of the Pakistani financial press: where they are and how gently they are asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit

from services.domain.errors import BadInput
from services.domain.sourcing import Pace, PageSpec, Question, SourceSpec
from services.sources.news.cleaning import PUBLISHERS
from services.sources.news.reading import read_feed

_LICENCE = (
    "Headline and link only, with the publisher named: articles are its copyright, and its feed may be read under its own"
    " terms for as long as it is offered."
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: a short name of ours and its address."""

    name: str
    url: str


FEEDS: tuple[Feed, ...] = (
    Feed("brecorder.latest", "https://www.brecorder.com/feeds/latest-news"),
    Feed("brecorder.markets", "https://www.brecorder.com/feeds/markets"),
    Feed("brecorder.business", "https://www.brecorder.com/feeds/business-finance"),
    Feed("brecorder.pakistan", "https://www.brecorder.com/feeds/pakistan"),
    Feed("dawn.business", "https://www.dawn.com/feeds/business"),
    Feed("tribune.business", "https://tribune.com.pk/feed/business"),
    Feed("thenews.latest", "https://www.thenews.com.pk/rss/1/1"),
    Feed("profit", "https://profit.pakistantoday.com.pk/feed"),
    Feed("ary.business", "https://arynews.tv/category/business/feed"),
)


def rss(feeds: Sequence[Feed] = FEEDS, *, base: str = "") -> tuple[SourceSpec, ...]:
    """One source for each publisher's host, so that a host that fails or refuses stops only its own feeds.

    Args:
        feeds: What to read; further ones are the operator's choice.
        base: Where all of them are found instead, for tests: ``{base}/{host}/…``.

    Raises:
        BadInput: If an address is not http(s), or a feed's name comes twice.
    """
    if len({feed.name for feed in feeds}) != len(feeds):
        raise BadInput("two feeds have one name: give each its own")
    ordered = sorted(feeds, key=lambda feed: _host(feed.url))  # stable: a host's feeds keep their order
    return tuple(
        _source(host, tuple(group), base) for host, group in groupby(ordered, key=lambda f: _host(f.url))
    )


def _host(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput(f"a feed's address begins with https://, not {url[:40]!r}")
    return parts.netloc


def _source(host: str, feeds: tuple[Feed, ...], base: str) -> SourceSpec:
    bare = host.removeprefix("www.")
    page = PageSpec("news.rss", "news", _asking(feeds), read_feed, ("session", "close", "evening", "daily"))
    origin = f"{urlsplit(feeds[0].url).scheme}://{host}"
    return SourceSpec(
        name=f"news.{bare}",
        title=PUBLISHERS.get(bare, bare),
        base=f"{base.rstrip('/')}/{host}" if base else origin,
        pages=(page,),
        licence=_LICENCE,
        pace=Pace(every=2.0, at_once=1, timeout=15.0, tries=2),
        headers={
            "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"
        },
    )


def _asking(feeds: tuple[Feed, ...]) -> Callable[[datetime, Sequence[str]], Sequence[Question]]:
    questions = tuple(
        Question(_path(feed.url), query=_query(feed.url), asked={"feed": feed.name}) for feed in feeds
    )

    def ask(moment: datetime, symbols: Sequence[str]) -> Sequence[Question]:
        del moment, symbols  # a feed is about everything
        return questions

    return ask


def _path(url: str) -> str:
    return urlsplit(url).path or "/"


def _query(url: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in urlsplit(url).query.split("&") if part)
    return {name: value for name, _, value in pairs}
