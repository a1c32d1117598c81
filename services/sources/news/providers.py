"""News services with a key (NewsAPI.ai, Finlight) and Mettis Global's own list: what is asked of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.domain.sourcing import Pace, PageSpec, Question, SourceSpec
from services.sources.news.reading import read_finlight, read_mettis, read_newsapi_ai

PAKISTAN = "http://en.wikipedia.org/wiki/Pakistan"  # the service names a country by its encyclopaedia page
_TOPICS = (
    "Pakistan Stock Exchange",
    "KSE-100",
    "PSX",
    "State Bank of Pakistan",
    "Pakistani rupee",
    "IMF Pakistan",
)
_BACK = timedelta(days=2)


def newsapi_ai(
    key: str, *, base: str = "https://eventregistry.org", topics: Sequence[str] = _TOPICS
) -> SourceSpec:
    """NewsAPI.ai (Event Registry). The key goes in the body of the request, never into an address.

    ``topics`` are words of a headline, at most fifteen.
    """

    def ask(moment: datetime, symbols: Sequence[str]) -> Sequence[Question]:
        del symbols  # headlines are tied to symbols by us, after reading
        body: dict[str, object] = {
            "apiKey": key, "resultType": "articles", "dataType": ["news"], "lang": "eng",
            "keyword": list(topics[:15]), "keywordOper": "or", "keywordLoc": "title",
            "dateStart": (moment - _BACK).date().isoformat(),
            "articlesPage": 1, "articlesCount": 100, "articlesSortBy": "date", "articlesSortByAsc": False,
            "includeArticleBody": False, "includeArticleImage": False, "includeArticleConcepts": False,
            "isDuplicateFilter": "skipDuplicates",
        }  # fmt: skip
        return (Question("/api/v1/article/getArticles", json=body),)

    page = PageSpec(
        "news.newsapi_ai", "news", ask, read_newsapi_ai, ("close", "evening", "daily"), empty_ok=True
    )
    return SourceSpec(
        name="news.newsapi_ai",
        title="NewsAPI.ai",
        base=base,
        pages=(page,),
        licence=(
            "By subscription under Event Registry's terms: headlines and links may be shown with their publisher; the"
            " articles stay the publishers'."
        ),
        pace=Pace(every=2.0, at_once=1, timeout=30.0, tries=2),
    )


def finlight(key: str, *, base: str = "https://api.finlight.me", query: str = "Pakistan") -> SourceSpec:
    """Finlight's articles of version 2. The key goes in the header ``X-API-KEY``."""

    def ask(moment: datetime, symbols: Sequence[str]) -> Sequence[Question]:
        del symbols
        body: dict[str, object] = {
            "query": query, "from": (moment - _BACK).date().isoformat(), "language": "en", "orderBy": "publishDate", "order": "DESC",
            "pageSize": 100, "page": 1, "includeContent": False, "includeEntities": False,
        }  # fmt: skip
        return (Question("/v2/articles", json=body),)

    page = PageSpec("news.finlight", "news", ask, read_finlight, ("close", "evening", "daily"), empty_ok=True)
    return SourceSpec(
        name="news.finlight",
        title="Finlight",
        base=base,
        pages=(page,),
        licence=(
            "By subscription under Finlight's terms: headlines and links may be shown with their publisher; the articles stay"
            " the publishers'."
        ),
        pace=Pace(every=2.0, at_once=1, timeout=30.0, tries=2),
        headers={"X-API-KEY": key},
    )


def mettis(*, base: str = "https://mettisglobal.news") -> SourceSpec:
    """Mettis Global's ten newest headlines."""

    def ask(moment: datetime, symbols: Sequence[str]) -> Sequence[Question]:
        del moment, symbols
        return (Question("/Home/LoadMore", query={"lastNewsID": "1000000000"}),)  # above any: the newest

    page = PageSpec("news.mettis", "news", ask, read_mettis, ("session", "close", "evening"))
    return SourceSpec(
        name="news.mettis",
        title="Mettis Global",
        base=base,
        pages=(page,),
        licence=(
            "No terms of use for this list are known to us: ask Mettis Global first; headline and link only, the article is"
            " its copyright."
        ),
        pace=Pace(every=5.0, at_once=1, timeout=15.0, tries=2),
    )
