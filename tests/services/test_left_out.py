"""A headline that could not be read is counted and reported with its place and without its words; the others are stored."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from services.domain.rows import NewsRow
from services.domain.sourcing import Page, Question, SourceSpec
from services.ingestion import Ingestion
from services.ingestion.report import in_words
from services.market_store import Raw
from services.sources.news import Feed, rss
from tests.fakes.market_stores import DailyInMemory, LakeInMemory, RawInMemory

NOW = datetime(2026, 8, 20, 16, 40, tzinfo=ZoneInfo("Asia/Karachi"))
ITEM = "<item><title>{}</title><link>https://www.dawn.com/news/{}</link><pubDate>{}</pubDate></item>"
GOOD = "Wed, 19 Aug 2026 18:02:00 +0500"


class Clock:
    def now(self) -> datetime:
        return NOW


class Sums:
    def __init__(self) -> None:
        self.sums: dict[tuple[str, str], int] = {}

    def add(self, what: str, *, channel: str = "", kind: str = "", code: str = "", count: int = 1) -> None:
        self.sums[what, kind] = self.sums.get((what, kind), 0) + count

    def level(self, what: str, value: float, *, channel: str = "", kind: str = "") -> None:
        pass

    def took(self, what: str, seconds: float, *, channel: str = "") -> None:
        pass


class Feeds:
    """Answers every question with one feed."""

    def __init__(self, *items: str) -> None:
        self.body = f'<rss version="2.0"><channel><title>x</title>{"".join(items)}</channel></rss>'.encode()

    async def fetch(self, source: SourceSpec, question: Question, name: str) -> tuple[Page, Raw]:
        page = Page(name, self.body, NOW, asked=question.asked)
        return page, Raw(hashlib.sha256(self.body).hexdigest(), name, source.name, NOW, asked=question.asked)


async def test_a_bad_headline_is_left_out_and_said() -> None:
    feeds = Feeds(ITEM.format("One", 1, GOOD), ITEM.format("Secret", 2, "soon"), ITEM.format("Two", 3, GOOD))
    lake, counts, failed = LakeInMemory(), Sums(), list[Exception]()
    sources = rss([Feed("dawn", "https://www.dawn.com/feeds/business")])

    async def alarm(kind: str, detail: str) -> None:
        raise AssertionError(detail)

    ingestion = Ingestion(
        sources, feeds, RawInMemory(), lake, DailyInMemory(), Clock(), counts, alarm, failed=failed.append
    )  # type: ignore[call-arg]  # the clock and counts are as much of them as is used
    report = await ingestion.refresh(["news.dawn.com"])
    (source,) = report.sources
    assert failed == []
    assert (source.status, source.rejected, dict(source.rows)) == ("ok", (), {"news": 2})
    (left_out,) = source.left_out
    assert left_out.reason == "news.rss, column 'date', row 2: a time that cannot be read"
    assert dict(left_out.asked) == {"feed": "dawn"}
    assert in_words(report).endswith(
        ", 1 items left out (news.rss, column 'date', row 2: a time that cannot be read)"
    )
    assert "Secret" not in in_words(report)
    assert counts.sums["page", "item_left_out"] == 1
    assert ("page", "rejected") not in counts.sums
    assert sorted(row.title for row in await lake.rows("news") if isinstance(row, NewsRow)) == ["One", "Two"]
