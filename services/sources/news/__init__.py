"""Headlines of the financial press and of two news services: the title and the link, never the article."""

from services.sources.news.feeds import FEEDS, Feed, rss
from services.sources.news.providers import finlight, mettis, newsapi_ai
from services.sources.news.reading import READERS

__all__ = ["FEEDS", "READERS", "Feed", "finlight", "mettis", "newsapi_ai", "rss"]
