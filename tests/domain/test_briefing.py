"""Briefs over the sample day: right sums, right length, right day, every figure grounded; for many portfolios."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.domain.advice import gives_advice
from services.domain.briefing.brief import Brief, facts_json, slot_at
from services.domain.briefing.market import find_sector, market_outline, sector_outline
from services.domain.briefing.personal import PersonalOutline, personal_outline
from services.domain.briefing.script import script
from services.domain.briefing.survey import Survey, survey
from services.domain.conversation import LANGUAGES, Lang
from services.domain.errors import NothingHeld, UnknownName
from services.domain.grounding import check
from services.domain.portfolio import Holding, Portfolio, balanced
from services.sources.sample import SampleMarket
from services.wording.layouts.personal_brief import personal_brief

KARACHI = ZoneInfo("Asia/Karachi")
MORNING = datetime(2026, 8, 21, 9, 0, tzinfo=KARACHI)
EVENING = datetime(2026, 8, 21, 17, 0, tzinfo=KARACHI)


@cache
def view() -> Survey:
    return survey(asyncio.run(SampleMarket().book()))


def held(**weights: int) -> Portfolio:
    return balanced(tuple(Holding(code.replace("_", "-"), Decimal(w)) for code, w in weights.items()))


def told(
    portfolio: Portfolio, lang: Lang = "en", now: datetime = MORNING, last: str = "", *, asked: bool = True
) -> Brief:
    outline = personal_outline(view(), portfolio, now, last)
    slot = slot_at(now)
    return personal_brief(outline, script(view(), outline, "Ayesha", slot), view(), lang, slot, asked=asked)


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    book = view().book
    codes = draw(st.lists(st.sampled_from([*book.shares, *book.funds]), min_size=1, max_size=8, unique=True))
    weights = draw(st.lists(st.integers(1, 1000), min_size=len(codes), max_size=len(codes)))
    return balanced(tuple(Holding(c, Decimal(w)) for c, w in zip(codes, weights, strict=True)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(portfolios(), st.sampled_from(LANGUAGES), st.sampled_from([MORNING, EVENING]), st.booleans())
def test_every_personal_brief_is_short_grounded_and_gives_no_advice(
    portfolio: Portfolio, lang: Lang, now: datetime, asked: bool
) -> None:
    brief = told(portfolio, lang, now, asked=asked)
    spoken = " ".join(brief.chapters[0].sentences)
    assert len(brief.text) + 1 + len(brief.source) <= 900
    assert len(spoken.split()) <= 220
    for text in (brief.text, spoken, brief.source):
        check(text, brief.facts, brief.days, brief.names)
        assert not gives_advice(text)
        assert "today" not in text.lower()
        assert "{" not in text
    assert {
        "en": "sample data, 20 Aug 2026",
        "ur": "نمونہ ڈیٹا، 20 Aug 2026",
        "roman": "sample data, 20 Aug 2026",
    }[lang] in brief.source


def test_the_sum_of_a_day_is_the_weights_times_the_moves() -> None:
    quotes = view().book.quotes
    moves = {
        c: float(quotes[c].price.value) / float(quotes[c].ldcp.value) - 1 for c in ("MEBL", "LUCK", "OGDC")
    }
    expected = 0.6 * moves["MEBL"] + 0.2 * moves["LUCK"] + 0.2 * moves["OGDC"]
    outline = personal_outline(view(), held(MEBL=60, LUCK=20, OGDC=20), MORNING)
    assert outline.total is not None
    assert float(outline.total.value) == pytest.approx(expected, abs=1e-9)
    assert {line.code: float(line.move.value) for line in outline.lines if line.move} == pytest.approx(moves)
    assert outline.lines[0].code == "MEBL"


def test_the_figures_of_the_sample_day_stand_in_the_brief() -> None:
    text = told(held(EFERT=100)).text
    assert "176,591.76, down 0.1%" in text
    assert "20 Aug" in text
    assert "its lowest close in 52 weeks" in text
    assert "State Bank monetary policy meeting" in text


def test_friday_at_five_says_whose_prices_these_are_and_the_morning_does_not_excuse_itself() -> None:
    assert "Closing prices of Friday, 21 August are not in yet" in told(held(MEBL=1), now=EVENING).text
    assert "not in yet" not in told(held(MEBL=1), now=MORNING).text
    saturday = EVENING + timedelta(days=1)
    assert "not in yet" not in told(held(MEBL=1), now=saturday).text


def test_old_prices_are_marked_and_past_events_are_not_due() -> None:
    text = told(held(LUCK=1), now=datetime(2026, 11, 21, 9, 0, tzinfo=KARACHI)).text
    assert "The newest prices we have are those of 20 August 2026" in text
    assert "Due 25 Aug" not in text
    assert "Due 14 Dec" in text


def test_the_same_book_twice_is_one_line_unless_it_was_asked_for() -> None:
    portfolio = held(MEBL=60, OGDC=40)
    first = told(portfolio, asked=False)
    assert not first.one_line
    again = told(portfolio, last=first.version, asked=False)
    assert again.one_line
    assert "\n" not in again.text
    assert again.picture is None
    asked = told(portfolio, last=first.version, asked=True)
    assert "No new closing prices have come in since your last brief" in asked.text


def test_what_changed_since_the_last_brief_is_the_move_since_its_day() -> None:
    portfolio = held(OGDC=100)
    version = told(portfolio).version
    last = "older|2026-08-13|" + version.rpartition("|")[2]
    closes = dict(zip(view().book.series["OGDC"].days, view().book.series["OGDC"].close, strict=True))
    move = closes[date(2026, 8, 20)] / closes[date(2026, 8, 13)] - 1
    way = "up" if move > 0 else "down"
    assert (
        f"Since your brief with prices of 13 Aug: {way} {abs(move) * 100:.1f}%"
        in told(portfolio, last=last).text
    )
    other = told(held(LUCK=100)).version
    assert "your list of holdings" in told(portfolio, last=other).text


@pytest.mark.parametrize("last", ["", "x", "a|b", "a|not-a-day|c", "||", "|" * 50])
def test_an_unreadable_last_brief_is_no_obstacle(last: str) -> None:
    assert told(held(MEBL=1), last=last).text


def test_a_fund_without_a_move_of_the_day_is_said_to_have_none() -> None:
    text = told(held(ABL_CASH=50, MEBL=50)).text
    assert "ABL Cash Fund: no move of that day" in text
    assert "This covers 50% of your list" in text


def test_nothing_held_and_unknown_codes_are_refused() -> None:
    with pytest.raises(NothingHeld):
        personal_outline(view(), Portfolio(), MORNING)
    with pytest.raises(UnknownName):
        personal_outline(view(), held(NONSENSE=1), MORNING)


def test_the_chart_shows_the_list_first_and_the_index_second() -> None:
    brief = told(held(MEBL=60, OGDC=40))
    assert brief.picture is not None
    labels = [bar.label for bar in brief.picture.moves]
    assert labels[:2] == ["Your list", "KSE-100"]
    assert set(labels[2:]) == {"Meezan Bank", "Oil and Gas Development"}
    assert brief.picture.moves[1].value == pytest.approx(-254.60 / (176591.76 + 254.60))


def test_shared_sentences_are_the_same_for_two_people() -> None:
    one, two = told(held(MEBL=60, OGDC=40)), told(held(MEBL=20, HUBC=80))
    shared = set(one.chapters[0].sentences) & set(two.chapters[0].sentences)
    assert any(sentence.startswith("Meezan Bank rose") for sentence in shared)
    assert len(shared) >= 8


def test_facts_json_has_the_agreed_shape() -> None:
    rows = facts_json(told(held(MEBL=1)))
    assert {tuple(row) for row in rows} == {("id", "value", "unit", "entity", "as_of", "source", "status")}
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0807", "0807"),
        ("banks", "0807"),
        ("Cement", "0804"),
        ("the power sector", "0824"),
        ("pharma", "0823"),
        ("tech", "0828"),
    ],
)
def test_a_sector_is_found_by_code_and_by_words(text: str, code: str) -> None:
    assert find_sector(view(), text) == code


@pytest.mark.parametrize("text", ["", "   ", "zzz", "9999", "🙂"])
def test_an_unknown_sector_is_refused(text: str) -> None:
    with pytest.raises(UnknownName):
        find_sector(view(), text)


def test_every_sector_with_a_price_has_an_outline() -> None:
    for sector in view().sectors:
        names = [name for name, _ in sector_outline(view(), sector.code, MORNING.date())]
        assert names == ["day", "shares", "news", "past", "value"]


def test_a_book_without_extras_still_makes_a_market_outline() -> None:
    book = view().book
    bare = replace(
        book, flows=(), rates={}, payouts=(), announcements=(), events=(), fundamentals={}, index_series={},
        indices={"KSE100": book.indices["KSE100"]}, quotes={}, version="bare",
    )  # fmt: skip
    sections = dict(market_outline(survey(bare), MORNING.date()))
    assert sections["overview"][0].kind == "overview.index"
    assert [point.kind for point in sections["news"]] == ["news.none", "news.no_flows"]
    outline: PersonalOutline = personal_outline(survey(bare), held(MEBL=1), MORNING)
    assert outline.total is None
