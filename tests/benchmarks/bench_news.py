"""How long news takes: reading a feed of 200 items, telling 3,000 headlines apart, making entries of the book of them."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.domain.headlines import as_announcements, story_id, unique  # the path comes first
from services.domain.rows import NewsRow
from services.domain.sourcing import Page
from services.sources.news import READERS

NOW = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
WHO = [
    "OGDC",
    "HBL",
    "Lucky Cement",
    "The government",
    "SBP",
    "IMF",
    "Cement makers",
    "Textile exporters",
    "Nepra",
    "The rupee",
]
WHAT = [
    "rejects plan for",
    "approves",
    "reports higher",
    "seeks relief on",
    "warns of",
    "gains from",
    "loses on",
    "delays",
    "reviews",
    "welcomes",
]
ABOUT = [f"{thing} {number}" for thing in ("gas tariff of Rs", "profit of Rs", "sales tax of Rs", "loan of $", "export target of $", "reserves at $") for number in (5, 7, 12, 40, 90)]  # fmt: skip


def titles() -> list[str]:
    return [" ".join(parts) for parts in product(WHO, WHAT, ABOUT)]


def feed(count: int) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://www.dawn.com/news/{at + 10000}/x</link><description>{'words ' * 60}</description>"
        f"<pubDate>Thu, 20 Aug 2026 10:00:00 +0500</pubDate></item>"
        for at, title in enumerate(titles()[:count])
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def timed(label: str, work: Callable[[], object], rounds: int) -> None:
    took = []
    for _ in range(rounds):
        start = time.thread_time()
        work()
        took.append(1000 * (time.thread_time() - start))
    took.sort()
    print(
        f"{label:45} cpu p50 {took[len(took) // 2]:8.1f} ms   p99 {took[int(len(took) * 0.99)]:8.1f} ms   ({rounds} runs)"
    )


def main() -> None:
    page = Page("news.rss", feed(200), NOW)
    READERS["news.rss"](page)  # the library is imported once
    timed("read a feed of 200 items", lambda: READERS["news.rss"](page), 20)
    rows = [
        NewsRow(
            story_id(f"https://a.com/{at}"), NOW - timedelta(minutes=at), title, f"https://a.com/{at}", "Dawn"
        )
        for at, title in enumerate(titles())
    ]
    timed(f"tell {len(rows)} headlines apart", lambda: unique(rows), 5)
    timed(f"make entries of {len(rows)} headlines", lambda: as_announcements(rows, NOW.date()), 3)


if __name__ == "__main__":
    main()
