"""What the house says of an American book, read as a user would: dollars, New York's hour, its own index, nothing of Pakistan's."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from services.domain.briefing.market import market_outline, sector_outline
from services.domain.briefing.personal import personal_outline
from services.domain.briefing.script import script
from services.domain.briefing.survey import survey
from services.domain.contribution import today_of
from services.domain.conversation import LANGUAGES, Reply
from services.domain.explanation import explain
from services.domain.exposure import look_through, weights_of
from services.domain.indicators import history
from services.domain.opportunities import Shortlist, screen, top
from services.domain.portfolio import Holding, Portfolio
from services.domain.quotation import look
from services.domain.us_book import us_book
from services.domain.xray import analyse, to_json
from services.wording.layouts import opportunities as screens
from services.wording.layouts import xray as xrays
from services.wording.layouts.explain import explain_reply, portfolio_reply
from services.wording.layouts.long_brief import long_brief
from services.wording.layouts.market import quote_reply, quotes_reply
from services.wording.layouts.news import news_reply
from services.wording.layouts.personal_brief import personal_brief
from services.wording.numbers import large, money
from tests.fakes.us_rows import NOW, us_rows

BOOK = us_book(us_rows(), now=NOW)
PAST = history(BOOK)
VIEW = survey(BOOK, PAST)
HELD = Portfolio(
    (Holding("AAPL", Decimal("0.5")), Holding("XLE", Decimal("0.3")), Holding("KO", Decimal("0.2")))
)
FOREIGN = re.compile(r"\bRs\b|PKR|rupee|KSE|KMI|\bPSX\b|LDCP|Karachi|crore|lakh|روپے|پی ایس ایکس|None")


def words(reply: Reply) -> str:
    blocks = [getattr(block, "text", "") or getattr(block, "caption", "") for block in reply.blocks]
    return "\n".join([*blocks, *(button.title for button in reply.buttons), reply.source])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", ["SP500", "VIX", "AAPL", "XLK"])
def test_prices_and_reasons_speak_american(lang, code: str):
    for text in (
        words(quote_reply(lang, look(BOOK, code), BOOK)),
        words(explain_reply(lang, explain(BOOK, code, PAST), BOOK)),
        words(quotes_reply(lang, [look(BOOK, code), look(BOOK, "KO")], BOOK)),
    ):
        assert not FOREIGN.search(text), text
        assert "20 Nov 2026 16:00 New York" in text
        assert "Financial Modeling Prep" in text


def test_a_quote_in_full():
    text = words(quote_reply("en", look(BOOK, "AAPL"), BOOK))
    assert "*$245.75*" in text
    assert "previous close 245.14" in text
    assert "Shariah" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_own_day_is_set_against_the_s_and_p(lang):
    weights = weights_of(HELD, BOOK)
    text = words(portfolio_reply(lang, today_of(weights, look_through(weights, BOOK), BOOK), BOOK))
    assert "S&P 500" in text
    assert not FOREIGN.search(text), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_personal_brief_begins_with_the_index(lang):
    outline = personal_outline(VIEW, HELD, NOW)
    spoken = script(VIEW, outline, "Ali", "evening")
    brief = personal_brief(outline, spoken, VIEW, lang, "evening", asked=True)
    heard = " ".join(brief.chapters[0].sentences)
    assert "S&P 500" in brief.text, "its figures are facts, and its name is no figure"
    assert "S&P 500" in heard
    assert "$" in heard
    for text in (brief.text, heard, brief.source):
        assert not FOREIGN.search(text), text
    quiet = personal_brief(replace(outline, is_new=False), spoken, VIEW, lang, "evening")
    assert "S&P 500" in quiet.text


def test_the_long_briefs_are_told_in_dollars():
    for scope, sections in (
        ("market", market_outline(VIEW, NOW.date())),
        ("sector", sector_outline(VIEW, "XLE", NOW.date())),
    ):
        brief = long_brief(scope, "Brief", sections, VIEW, "evening", "1")
        text = " ".join(sentence for chapter in brief.chapters for sentence in chapter.sentences)
        assert not FOREIGN.search(text), FOREIGN.findall(text)
        assert "billion" in text
        assert "S&P 500" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_xray_has_no_list_that_this_market_has_not(lang):
    xray = analyse(HELD, BOOK, PAST)
    assert xray.shariah is None
    assert to_json(xray)["risk"]["index"] == "SP500"
    text = words(xrays.overview(xray, lang, xrays.own(lang)))
    assert not re.search(r"KSE|KMI|LDCP|\bPSX\b", text), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_screens_are_in_dollars_and_know_no_daily_limit(lang):
    found = screen(BOOK, PAST)
    assert found.currency == "USD"
    assert not [out for out in found.excluded if out.reason == "limit_locked"]
    best = top(found, most=8)
    assert best
    text = words(screens.shortlist(Shortlist(found, best, len(best)), lang))
    assert "$" in text
    assert not re.search(r"\bRs\b|KSE|crore|lakh", text), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_news_are_the_movers_and_what_is_due(lang):
    text = words(news_reply(lang, (), BOOK.announcements, BOOK.events[:3], BOOK))
    assert "S&P 500" in text
    assert not re.search(r"KSE|\bPSX\b", text), text


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        ("1234.5", "PKR", "Rs 1,234.50"),
        ("1234.5", "USD", "$1,234.50"),
        ("-5", "USD", "−$5.00"),
        ("-5", "PKR", "−Rs 5.00"),
    ],
)
def test_money(value: str, currency, said: str):
    assert money(Decimal(value), currency) == said


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        (25_000_000, "PKR", "Rs 2.5 crore"),
        (25_000_000, "USD", "$25.0 million"),
        (250_000, "PKR", "Rs 2.5 lakh"),
        (250_000, "USD", "$250,000"),
    ],
)
def test_large_amounts(value: int, currency, said: str):
    assert large(value, currency) == said
