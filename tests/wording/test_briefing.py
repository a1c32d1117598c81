"""The sentences of the briefs: whole in every language, grounded, of the promised length, and not monotonous."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pytest

from services.domain.briefing.brief import Brief
from services.domain.briefing.market import market_outline, market_short, sector_outline, sector_short
from services.domain.briefing.points import Point
from services.domain.briefing.survey import Survey, survey
from services.domain.grounding import check
from services.domain.market import Fact, Unit
from services.sources.sample import SampleMarket
from services.wording.layouts.figures import fill, holes
from services.wording.layouts.fitting import Said, aloud, pack, words
from services.wording.layouts.long_brief import LINES, long_brief, short_brief
from services.wording.sentences.briefing import SENTENCES

TODAY = date(2026, 8, 21)


@cache
def view() -> Survey:
    return survey(asyncio.run(SampleMarket().book()))


@cache
def market() -> Brief:
    return long_brief("market", "*The market*", market_outline(view(), TODAY), view(), "morning", "v")


def test_three_languages_ask_for_the_same_holes() -> None:
    for key, (english, urdu, roman) in SENTENCES.items():
        assert holes(english) == holes(urdu) == holes(roman), key
        assert all(text.strip() for text in (english, urdu, roman)), key


def test_every_point_of_the_outlines_has_its_sentence_and_every_hole_its_fact() -> None:
    outlines = [market_outline(view(), TODAY)]
    outlines += [sector_outline(view(), sector.code, TODAY) for sector in view().sectors]
    for sections in outlines:
        for _, points in sections:
            for point in points:
                for name, _ in holes(LINES[point.kind]):
                    assert name in {**point.facts, **point.days, **point.names}, (point.kind, name)


def test_the_market_brief_has_five_sections_of_the_promised_length() -> None:
    lengths = [len(chapter.text.split()) for chapter in market().chapters]
    assert len(lengths) == 5
    assert all(300 <= length <= 340 for length in lengths), lengths
    assert 1500 <= sum(lengths) <= 1700


@pytest.mark.parametrize("code", ["0807", "0804"])
def test_a_large_sector_fills_its_measure(code: str) -> None:
    brief = long_brief("sector", "*S*", sector_outline(view(), code, TODAY), view(), "morning", "v")
    assert 750 <= sum(len(chapter.text.split()) for chapter in brief.chapters) <= 850


def test_every_figure_of_every_long_brief_is_a_fact_and_none_was_left_out() -> None:
    briefs = [market()]
    for sector in view().sectors:
        outline = sector_outline(view(), sector.code, TODAY)
        briefs.append(long_brief("sector", "*S*", outline, view(), "morning", "v"))
    for brief in briefs:
        check(brief.text, brief.facts, brief.days, brief.names)
        assert sum(len(c.text.split()) for c in brief.chapters) <= 1700


@pytest.mark.parametrize("lang", ["ur", "roman"])
def test_the_short_form_is_grounded_and_says_that_it_is_short(lang: str) -> None:
    about = (view(), "morning", "v")
    for points in (market_short(view()), sector_short(view(), "0807", TODAY)):
        brief = short_brief("market", "*T*", points, about, lang)
        check(brief.text, brief.facts, brief.days, brief.names)
        assert len(brief.chapters[0].sentences) == len(points)
        assert "English" in brief.text or "انگریزی" in brief.text


def test_sentences_read_aloud_well() -> None:
    sentences = [sentence for chapter in market().chapters for sentence in chapter.sentences]
    assert len(set(sentences)) == len(sentences)
    assert all(len(sentence.split()) <= 48 for sentence in sentences), max(
        sentences, key=lambda s: len(s.split())
    )
    assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in sentences)
    assert all(sentence.endswith(".") for sentence in sentences)
    starts = Counter(" ".join(sentence.split()[:2]) for sentence in sentences)
    assert starts.most_common(1)[0][1] <= 4, starts.most_common(3)


def test_each_chapter_has_a_one_line_text_of_its_own() -> None:
    lines = [chapter.line for chapter in market().chapters]
    assert len(set(lines)) == 5
    assert all(line in chapter.sentences for line, chapter in zip(lines, market().chapters, strict=True))


def test_no_number_of_one_thing_is_followed_by_a_plural() -> None:
    assert " 1 shares" not in market().text


@pytest.mark.parametrize(
    ("form", "value", "unit", "written"),
    [
        ("near", "1880.04", "PKR", "Rs 1,880"),
        ("near", "99.94", "PKR", "Rs 99.94"),
        ("near", "437.5", "PKR", "Rs 438"),
        ("vol", "221437000", "shares", "221 million shares"),
        ("vol", "18460000", "shares", "18.5 million shares"),
        ("vol", "534801", "shares", "5.3 lakh shares"),
        ("vol", "199047", "shares", "2 lakh shares"),
        ("vol", "99999", "shares", "99,999 shares"),
        ("many", "12640000", "shares", "12.6 million"),
        ("points", "-94.6", "index points", "95 points"),
        ("points", "4.24", "index points", "4.2 points"),
        ("size", "-94.6", "index points", "95"),
        ("times", "53.4", "x", "53 times"),
        ("times", "4.97", "x", "5 times"),
        ("times", "1.04", "x", "1.0 times"),
        ("usd", "-12.33", "USD mn", "$12.3 million"),
        ("usd", "0.29", "USD mn", "$0.29 million"),
    ],
)
def test_figures_for_the_ear_are_short_and_still_the_fact(
    form: str, value: str, unit: Unit, written: str
) -> None:
    fact = Fact("f", Decimal(value), unit, "E", datetime(2026, 8, 20, tzinfo=UTC), "a test")
    said = fill(f"It was {{f_{form}}}.", Point("k", {"f": fact}), "en")
    assert said == f"It was {written}."
    check(said, [fact])


def test_packing_keeps_the_dearest_within_every_limit_and_the_order() -> None:
    ranks = (("aaaa", 1), ("bb", 0), ("cccccc", 2), ("d", 3))
    said = [Said(Point("k", rank=rank), text) for text, rank in ranks]

    def packed(*limits: tuple[int, object]) -> str:
        return " ".join(one.text for one in pack(said, limits))

    assert packed((100, len)) == "aaaa bb cccccc d"
    assert packed((7, len)) == "aaaa bb d"
    assert packed((5, len)) == "bb d"
    assert packed((100, len), (2, words)) == "aaaa bb"
    assert packed((0, len)) == ""


def test_every_chapter_can_be_said_in_two_minutes_and_a_sectors_in_one() -> None:
    assert max(aloud(chapter.text) for chapter in market().chapters) <= 2_330
    for code in ("0807", "0804"):
        brief = long_brief("sector", "*S*", sector_outline(view(), code, TODAY), view(), "morning", "v")
        assert max(aloud(chapter.text) for chapter in brief.chapters) <= 1_310
