"""Pages of news read into rows: one pure reader for each page name."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import entities
from io import BytesIO
from typing import TypeVar

import orjson

from services.domain.errors import BrokenPage
from services.domain.headlines import KARACHI
from services.domain.rows import NewsRow
from services.domain.sourcing import Page, Parse, SomeRows
from services.sources.news.cleaning import headline, moment

MOST_BYTES = 8_000_000
MOST_ITEMS = 2_000
Item = TypeVar("Item")
METTIS = "https://mettisglobal.news/"

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
}
_PROLOGUE = re.compile(r"^\s*(?:<\?xml.*?\?>)?(?:\s|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^<>\[]*>)*", re.DOTALL)
_ROOT = re.compile(r"<(rss|feed|rdf:RDF)[\s>]")
_END = re.compile(r"</(rss|feed|rdf:RDF)\s*>(?:\s|<!--(?:(?!-->).)*-->)*\Z", re.DOTALL)
_ITEM = re.compile(r"<(?:item|entry)[\s>]")
_BROKEN_AMP = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_XML = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
_REF = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|(\d{1,7}));")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_TAG = re.compile(r"<(/?)[A-Za-z_][^<>]*?(/?)>")
_DEEPEST = 40
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)


def read_feed(page: Page) -> Sequence[NewsRow]:
    """RSS 0.9–2.0 and Atom: title, link and time of each item, in the feed's order.

    An item without a time has the fetch's; one that cannot be read is left out, and said. Raises ``BrokenPage`` for anything that is no whole feed with items.
    """
    import feedparser

    text = _feed_text(page)
    parsed = feedparser.parse(
        BytesIO(
            text.encode()
        ),  # as a stream: given text or bytes, the library may take them for a file or address
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if parsed.bozo or not parsed.version:
        raise BrokenPage(f"this feed is no sound XML ({_why(parsed.get('bozo_exception'))})", page=page.name)
    if not parsed.entries:
        raise BrokenPage("a feed without items", page=page.name)
    return _each(_entry, page, parsed.entries)


def _each(read: Callable[[Page, int, Item], NewsRow], page: Page, items: Sequence[Item]) -> Sequence[NewsRow]:
    """Every item that can be read; of the others it is said why. Half of them or more unreadable is another page than ours.

    An item stands for itself: a publisher's slip in one headline shall not cost the other forty.
    """
    rows: list[NewsRow] = []
    left_out: list[BrokenPage] = []
    for number, item in enumerate(items, 1):
        try:
            rows.append(read(page, number, item))
        except BrokenPage as broken:
            left_out.append(broken)
    if left_out and len(left_out) >= len(rows):
        raise left_out[0]
    return SomeRows(rows, left_out)  # type: ignore[return-value]  # they are all headlines


def _why(error: object) -> str:
    line = getattr(error, "getLineNumber", lambda: None)()
    return f"{type(error).__name__}, line {line}" if line else type(error).__name__


def _entry(page: Page, number: int, entry: Mapping[str, object]) -> NewsRow:
    written = entry.get("published") or entry.get("updated")
    at = moment(str(written)) if written else page.fetched_at.astimezone(KARACHI)
    if at is None:
        raise BrokenPage("a time that cannot be read", page=page.name, column="date", row=number)
    title, link = str(entry.get("title") or ""), str(entry.get("link") or "")
    return headline(page, number, title, link, at)


def _feed_text(page: Page) -> str:
    """The feed as sound text: decoded strictly, whole, without a document type, stray signs mended."""
    text = _decoded(page)
    text = text[_PROLOGUE.match(text).end() :]  # type: ignore[union-attr]  # the pattern matches the empty text too
    root, end = _ROOT.match(text), _END.search(text[-2000:])
    if root is None:
        raise BrokenPage("no RSS or Atom feed (a web page or something else)", page=page.name)
    if end is None or end[1] != root[1]:
        raise BrokenPage("the feed breaks off before its end", page=page.name)
    if "<!ENTITY" in text or "<!DOCTYPE" in text:
        raise BrokenPage("a feed that declares entities of its own", page=page.name)
    if sum(1 for _ in _ITEM.finditer(text)) > MOST_ITEMS:
        raise BrokenPage(f"more than {MOST_ITEMS} items: no feed of headlines", page=page.name)
    parts = _CDATA.split(_CONTROL.sub(" ", text))
    if _depth(parts[::2]) > _DEEPEST:
        raise BrokenPage("tags within tags without end: no feed", page=page.name)
    return "".join(part if at % 2 else _mended(part) for at, part in enumerate(parts))


def _depth(parts: Sequence[str]) -> int:
    """How deep elements lie in one another; the library's time grows with the square of it."""
    depth = deepest = 0
    for part in parts:
        for match in _TAG.finditer(part):
            depth += 0 if match[2] else -1 if match[1] else 1
            deepest = max(deepest, depth)
    return deepest


def _decoded(page: Page) -> str:
    if not page.body.strip():
        raise BrokenPage("an empty page", page=page.name)
    if len(page.body) > MOST_BYTES:
        raise BrokenPage(f"{len(page.body)} bytes: more than a feed has", page=page.name)
    body = page.body.removeprefix(b"\xef\xbb\xbf")
    wide = body[:2] in {b"\xff\xfe", b"\xfe\xff"}
    declared = _DECLARED.match(body[:200])
    name = "utf-16" if wide else declared[1].decode().lower() if declared else "utf-8"
    try:
        return body.decode(_ENCODINGS[name])
    except (KeyError, UnicodeDecodeError) as error:
        raise BrokenPage(f"not in the encoding it states ({name})", page=page.name) from error


def _mended(text: str) -> str:
    """Stray "&", HTML's named signs and references to control characters, as feeds write them, made sound XML."""
    text = _BROKEN_AMP.sub("&amp;", text)
    text = _NAMED.sub(lambda m: m[0] if m[1] in _XML else entities.html5.get(m[1], f"&amp;{m[1]}"), text)
    return _REF.sub(_reference, text)


def _reference(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    bad = number < 32 and number not in {9, 10, 13}
    return (
        " "
        if bad or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF or number & 0xFFFE == 0xFFFE
        else match[0]
    )


def read_newsapi_ai(page: Page) -> Sequence[NewsRow]:
    """NewsAPI.ai (Event Registry) ``getArticles`` with ``resultType`` articles; times are UTC."""
    document = _object(page, _json(page), "the answer")
    if "articles" not in document:
        raise BrokenPage(
            "no 'articles': the service answered with an error", page=page.name, column="articles"
        )
    found = _object(page, document["articles"], "articles")
    results = _list(page, found.get("results"), "results")
    if not results and found.get("totalResults") not in {0, None}:
        raise BrokenPage("results are announced but none is there", page=page.name, column="results")
    return _rows(page, results, _newsapi_article)


def _newsapi_article(page: Page, number: int, item: Mapping[str, object]) -> NewsRow:
    source = item.get("source")
    named = source.get("title") if isinstance(source, dict) else None
    at = _time(page, number, item, ("dateTimePub", "dateTime"))
    title, link = _text(page, number, item, "title"), _text(page, number, item, "url")
    return headline(page, number, title, link, at, named if isinstance(named, str) else "")


def read_finlight(page: Page) -> Sequence[NewsRow]:
    """Finlight's ``/v2/articles``; times are UTC, the source is the publisher's host."""
    document = _object(page, _json(page), "the answer")
    if document.get("status") not in {"ok", None}:
        raise BrokenPage("the service answered with an error", page=page.name, column="status")
    return _rows(page, _list(page, document.get("articles"), "articles"), _finlight_article)


def _finlight_article(page: Page, number: int, item: Mapping[str, object]) -> NewsRow:
    at = _time(page, number, item, ("publishDate",))
    title, link = _text(page, number, item, "title"), _text(page, number, item, "link")
    named = item.get("source")
    name = named.removeprefix("www.") if isinstance(named, str) else ""
    return headline(page, number, title, link, at, named=name)


def read_mettis(page: Page) -> Sequence[NewsRow]:
    """Mettis Global's list of newest articles; links are relative, times are UTC without saying so."""
    found = _list(page, _json(page), "the answer")
    if not found:
        raise BrokenPage("an empty list", page=page.name)
    return _rows(page, found, _mettis_article)


def _mettis_article(page: Page, number: int, item: Mapping[str, object]) -> NewsRow:
    headings = item.get("headings")
    titles = headings.get("heading") if isinstance(headings, dict) else None
    title = titles[0] if isinstance(titles, list) and titles else titles
    if not isinstance(title, str):
        raise BrokenPage("a headline is missing", page=page.name, column="headings.heading", row=number)
    link = _text(page, number, item, "link")
    whole = link if re.match(r"https?://", link) else METTIS + link.lstrip("/")
    at = _time(page, number, item, ("publishedTime",))
    return headline(page, number, title, whole, at)


Article = Callable[[Page, int, Mapping[str, object]], NewsRow]


def _rows(page: Page, items: Sequence[object], read: Article) -> Sequence[NewsRow]:
    if len(items) > MOST_ITEMS:
        raise BrokenPage(f"more than {MOST_ITEMS} articles", page=page.name)

    def one(page: Page, number: int, item: object) -> NewsRow:
        return read(page, number, _object(page, item, "an article", number))

    return _each(one, page, items)


def _json(page: Page) -> object:
    if len(page.body) > MOST_BYTES:
        raise BrokenPage(f"{len(page.body)} bytes: more than such an answer has", page=page.name)
    try:
        found: object = orjson.loads(page.body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise BrokenPage("no whole JSON in UTF-8", page=page.name) from error
    return found


def _object(page: Page, value: object, what: str, row: int = 0) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BrokenPage(f"{what} is no object", page=page.name, column=what if not row else "", row=row)
    return value


def _list(page: Page, value: object, what: str) -> Sequence[object]:
    if not isinstance(value, list):
        raise BrokenPage(f"{what} is no list", page=page.name, column=what)
    return value


def _text(page: Page, number: int, item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str):
        raise BrokenPage("missing, or no text", page=page.name, column=name, row=number)
    return value


def _time(page: Page, number: int, item: Mapping[str, object], names: Sequence[str]) -> datetime:
    """The first of these times that is there, UTC where it says no zone."""
    for name in names:
        written = item.get(name)
        if written is not None:
            at = moment(written, local=False) if isinstance(written, str) else None
            if at is None:
                raise BrokenPage("a time that cannot be read", page=page.name, column=name, row=number)
            return at
    raise BrokenPage("no time", page=page.name, column=names[0], row=number)


READERS: Mapping[str, Parse] = {
    "news.rss": read_feed,
    "news.newsapi_ai": read_newsapi_ai,
    "news.finlight": read_finlight,
    "news.mettis": read_mettis,
}
