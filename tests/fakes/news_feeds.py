"""Feeds and answers of news services for tests: pages from the tests' folder, and feeds made of items."""

from datetime import UTC, datetime
from pathlib import Path

from services.domain.rows import NewsRow
from services.domain.sourcing import Page
from services.sources.news import READERS

PAGES = Path(__file__).parents[1] / "pages" / "news"
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
