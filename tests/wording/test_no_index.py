"""Only prices have come in, no index level: market and sector briefs are given all the same, and say what is missing."""

import asyncio
import math
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from services.domain.briefing.market import (
    market_outline,
    market_short,
    sector_outline,
    sector_short,
)
from services.domain.briefing.survey import Survey, survey
from services.domain.conversation import LANGUAGES
from services.domain.grounding import check
from services.domain.market import MarketBook
from services.sources.sample import SampleMarket
from services.wording.layouts.long_brief import long_brief, short_brief


@cache
def book() -> MarketBook:
    return asyncio.run(SampleMarket().book())


def _yesterdays(whole: MarketBook) -> MarketBook:
    """The levels are there, but of the session before."""
    day = timedelta(days=1)
    older = {
        code: replace(level, level=replace(level.level, as_of=level.level.as_of - day))
        for code, level in whole.indices.items()
    }
    return replace(whole, indices=older)


@cache
def views() -> dict[str, Survey]:
    whole = book()
    return {
        "none": survey(replace(whole, indices={}, index_series={})),
        "series only": survey(replace(whole, indices={})),
        "older": survey(_yesterdays(whole)),
    }


@pytest.mark.parametrize("name", ["none", "series only", "older"])
@pytest.mark.parametrize("code", ["market", "0807", "0804"])
def test_the_long_brief_is_given_and_names_what_is_missing(name: str, code: str):
    view, today = views()[name], book().day
    if code == "market":
        brief = long_brief("market", "T", market_outline(view, today), view, "evening", "1|x|market")
    else:
        brief = long_brief("sector", "T", sector_outline(view, code, today), view, "evening", f"1|x|{code}")
    text = " ".join(sentence for chapter in brief.chapters for sentence in chapter.sentences)
    assert len(brief.chapters) == 5
    assert "the KSE-100 fell" not in text
    assert "the KSE-100 rose" not in text
    assert ("KSE-100 for Thursday, 20 August has not come in yet" in text) is (code == "market")
    check(text, brief.facts, brief.days, brief.names)
    assert brief.picture is not None
    (index,) = (bar for bar in brief.picture.moves[:2] if bar.label == "KSE-100")
    assert math.isnan(index.value), "it keeps its place, with a dash"


@pytest.mark.parametrize("name", ["none", "older"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_short_brief_too(name: str, lang):
    view, today = views()[name], book().day
    market = short_brief("market", "T", market_short(view), (view, "evening", "1|x|market"), lang)
    missing = {"en": "not known here yet", "ur": "ابھی یہاں معلوم نہیں", "roman": "abhi yahan maloom nahin"}[
        lang
    ]
    assert missing in market.text
    sector = short_brief(
        "sector", "T", sector_short(view, "0807", today), (view, "evening", "1|x|0807"), lang
    )
    assert "%" in sector.text


def test_with_the_level_nothing_is_missing():
    view = survey(book())
    brief = long_brief("market", "T", market_outline(view, book().day), view, "evening", "1|x|market")
    assert "not come in yet, so this is told" not in brief.text
    assert "the KSE-100 " in brief.text
    assert [bar.label for bar in brief.picture.moves][:2] == ["KSE-100", "KSE-30"]
