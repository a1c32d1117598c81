"""Sectors of the American market are told by their funds; what Pakistan's sources bring is not missed aloud."""

import re
from dataclasses import replace
from decimal import Decimal
from statistics import fmean

import pytest

from services.domain.briefing.market import (
    find_sector,
    market_outline,
    market_short,
    sector_outline,
    sector_short,
)
from services.domain.briefing.survey import survey
from services.domain.conversation import LANGUAGES
from services.domain.grounding import check
from services.domain.indicators import history
from services.domain.opportunities import screen
from services.domain.portfolio import Holding, Portfolio
from services.domain.profiles import PSX, US
from services.domain.us_book import us_book
from services.domain.xray import analyse
from services.wording.layouts import xray as xrays
from services.wording.layouts.long_brief import long_brief, short_brief
from services.wording.layouts.personal_brief import sentence
from tests.fakes.us_rows import NOW, us_rows

BOOK = us_book(us_rows(), now=NOW)
PAST = history(BOOK)
VIEW = survey(BOOK, PAST)
TODAY = NOW.astimezone(US.zone).date()
MISSED = re.compile(
    r"KSE|KMI|LDCP|Shariah|screener|State Bank|Foreign|flows|have not come in|of the 1 shares|rupee",
    re.IGNORECASE,
)


def long(code: str):
    if code == "market":
        return long_brief("market", "T", market_outline(VIEW, TODAY), VIEW, "evening", "1|x|market")
    return long_brief("sector", "T", sector_outline(VIEW, code, TODAY), VIEW, "evening", f"1|x|{code}")


def test_the_funds_own_move_is_the_sectors():
    for sector in VIEW.sectors:
        quote = BOOK.quotes[sector.code]
        assert sector.move.value == quote.change_fraction
        assert sector.move.entity == sector.code, "the fact is the fund's"
        assert sector.code not in {row.share.symbol for row in sector.rows}
    technology = next(each for each in VIEW.sectors if each.code == "XLK")
    mean = fmean(float(row.move.value) for row in technology.rows)
    assert float(technology.move.value) != pytest.approx(mean)


def test_funds_are_neither_counted_nor_screened_as_shares():
    shares = {row.share.symbol for row in VIEW.rows}
    assert not shares & set(US.sectors)
    assert len(shares) == 10
    assert VIEW.row("XLK") is not None, "who holds it still hears of it"
    found = {c.symbol for finds in screen(BOOK, PAST).found.values() for c in finds}
    assert found
    assert not found & set(US.sectors)


@pytest.mark.parametrize("code", ["market", *US.sectors])
def test_long_briefs_read_as_american_and_every_figure_is_a_fact(code: str):
    brief = long(code)
    text = " ".join(sentence for chapter in brief.chapters for sentence in chapter.sentences)
    assert not MISSED.search(text), MISSED.findall(text)
    assert "None" not in text
    assert len(brief.chapters) >= 3
    check(text, brief.facts, brief.days, brief.names)
    for fact in brief.facts:
        assert "LDCP" not in fact.source
        assert fact.entity != "PK"
        assert fact.unit not in {"PKR", "PKR mn"}


def test_the_market_brief_tells_the_indices_beside_the_headline_and_no_gauge():
    text = long("market").text
    assert "the Nasdaq Composite" in text
    assert "the Dow Jones Industrial Average" in text
    assert "the Russell 2000" in text
    assert "Volatility Index" not in text
    assert "of these 11 rose" in text
    assert [bar.label for bar in long("market").picture.moves][:2] == ["S&P 500", "Nasdaq Composite"]


def test_a_sector_brief_begins_with_its_fund():
    text = long("XLK").text
    assert "Technology Select Sector SPDR Fund" in text
    assert "on average" not in text.partition("*The shares*")[0]
    assert "The fund itself" in text
    assert "Ratios and payouts" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", ["market", "XLE", "XLU"])
def test_short_briefs_in_three_languages(lang, code: str):
    points = market_short(VIEW) if code == "market" else sector_short(VIEW, code, TODAY)
    scope = "market" if code == "market" else "sector"
    brief = short_brief(scope, "T", points, (VIEW, "evening", f"1|x|{code}"), lang)
    assert not MISSED.search(brief.text), brief.text
    assert "Rs" not in brief.text
    if code == "market":
        assert {"en": "$85.7 billion", "ur": "$85.7 ارب", "roman": "$85.7 billion"}[lang] in brief.text
    check(brief.text, brief.facts, brief.days, brief.names)


@pytest.mark.parametrize(
    ("said", "code"), [("XLE", "XLE"), ("xle", "XLE"), ("energy brief", "XLE"), ("technology", "XLK")]
)
def test_a_sector_goes_by_its_funds_code_and_its_name(said: str, code: str):
    assert find_sector(VIEW, said) == code


def test_the_fee_of_a_sector_fund_is_not_known_and_never_nothing():
    held = Portfolio((Holding("XLE", Decimal("0.3")), Holding("KO", Decimal("0.7"))))
    found = analyse(held, BOOK, PAST)
    assert found.fees.total is None
    assert found.fees.unknown == ("XLE",)
    shares = analyse(Portfolio((Holding("KO", Decimal(1)),)), BOOK, PAST)
    assert shares.fees.total == 0
    text = "\n".join(
        b.text for b in xrays.overview(shares, "en", xrays.own("en")).blocks if hasattr(b, "text")
    )
    assert "a share bears none" in text


def test_every_kind_of_point_has_its_sentence():
    for code in US.sectors:
        for point in sector_short(VIEW, code, TODAY):
            assert all(sentence(point, lang, US) for lang in LANGUAGES)


def test_what_each_market_asks_of_a_share_is_in_its_profile():
    assert (PSX.least_value, PSX.floor) == (Decimal(10_000_000), Decimal(5_000_000))
    assert PSX.siblings == ("KSE30", "KMI30", "ALLSHR")
    assert PSX.banks == "0807"
    assert US.least_value < US.floor
    assert set(US.siblings) < set(US.indices)
    assert US.gauges < set(US.indices)


def test_a_fund_is_no_share_of_which_somebody_has_too_much():
    held = Portfolio((Holding("AAPL", Decimal("0.1")), Holding("XLE", Decimal("0.9"))))
    found = analyse(held, BOOK, PAST)
    assert [position.symbol for position in found.positions] == ["AAPL"]
    assert found.coverage == Decimal("0.1"), "what a fund holds is not known"
    assert {sector.code: sector.weight for sector in found.sectors} == {
        "XLE": Decimal("0.9"),
        "XLK": Decimal("0.1"),
    }
    single = next(verdict for verdict in found.rules if verdict.rule.name == "single_position")
    assert single.subject == ("AAPL",)
    assert found.today is not None
    assert found.today.known == 1, "its own price tells its day"
    text = "\n".join(
        b.text for b in xrays.overview(found, "en", xrays.own("en")).blocks if hasattr(b, "text")
    )
    assert "Not disclosed: 90.0% (Energy Select" in text


def test_an_etf_that_is_no_sectors_is_a_fund_as_well():
    share = BOOK.shares["KO"]
    book = replace(
        BOOK, shares={**BOOK.shares, "SPY": replace(share, symbol="SPY", sector_code="", fund=True)}
    )
    held = Portfolio((Holding("AAPL", Decimal("0.5")), Holding("SPY", Decimal("0.5"))))
    assert [position.symbol for position in analyse(held, book, PAST).positions] == ["AAPL"]
