import asyncio
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from string import Formatter

import pytest

from services.domain.conversation import LANGUAGES, MediaRef, Picture, Text
from services.domain.indicators import history
from services.domain.market import MarketBook
from services.domain.opportunities import Shortlist, about, outline, screen, top
from services.domain.portfolio import Holding, balanced
from services.domain.screens import SCREENS
from services.domain.xray import XRay, analyse
from services.domain.xray_rules import RULES
from services.sources.sample import SampleMarket
from services.wording.layouts import opportunities as screens
from services.wording.layouts import xray as layout
from services.wording.sentences import opportunities as opportunity_sentences
from services.wording.sentences import sectors as sector_sentences
from services.wording.sentences import xray as xray_sentences
from tests.fakes.long_book import long_book

SENTENCES = xray_sentences.SENTENCES | opportunity_sentences.SENTENCES | sector_sentences.SENTENCES
ADVICE = re.compile(
    r"\b(buy|sell|hold(?!ings)|should|must|target|stop.?loss|recommend\w*|urgent|hurry|now or never|kharid\w*|bech\w*|"
    r"guarantee\w*|best pick|tip)\b|خرید|بیچ|فروخت کر",
    re.IGNORECASE,
)
PORTFOLIOS = (
    {"MEBL": 40, "MZNPETF": 60},
    {"MIF": 60, "LUCK": 20, "OGDC": 20},
    {"MIF": 50, "NSF": 50},
    {"KSE100": 40, "MZNPETF": 20, "MIF": 10, "NSF": 10, "LUCK": 5, "SYS": 5, "MTL": 5, "DHPL": 5},
    dict.fromkeys(("MEBL", "LUCK", "OGDC", "HUBC", "SYS", "FFC", "PSO", "MCB", "ENGROH", "MARI"), 1),
)


@cache
def sample() -> MarketBook:
    return asyncio.run(SampleMarket().book())


def xray(book: MarketBook, weights) -> XRay:
    return analyse(balanced(tuple(Holding(c, Decimal(w)) for c, w in weights.items())), book)


def words(reply) -> str:
    return "\n".join(b.text for b in reply.blocks if isinstance(b, Text))


def test_every_sentence_has_the_same_places_in_all_languages():
    for key, said in SENTENCES.items():
        places = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in said]
        assert places[0] == places[1] == places[2], key
        assert all(said), key


def test_no_sentence_gives_advice():
    for key, said in SENTENCES.items():
        for text in said:
            assert not ADVICE.search(text), (key, text)
    assert ADVICE.search("You should buy")
    assert ADVICE.search("ابھی خرید لیں")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("weights", PORTFOLIOS)
def test_an_xray_fits_a_phone_and_says_its_source(weights, lang):
    found = xray(sample(), weights)
    subject = layout.own(lang)
    reply = layout.overview(found, lang, subject, MediaRef("k.png", "image/png", 1))
    assert isinstance(reply.blocks[0], Picture)
    text = words(reply)
    assert len(text) <= 1400
    assert "None " not in text.replace("None of these", "")
    assert "sample data, 20 Aug 2026" in reply.source
    assert [b.press for b in reply.buttons] == ["xray?part=rules", "opportunities", "brief"]
    assert all(len(b.title) <= 20 for b in reply.buttons)
    every = words(layout.checks(found, lang, subject))
    assert sum(every.count(mark) for mark in layout.MARKS.values()) == len(RULES) + 4
    picture = layout.exposure_picture(found, lang, subject.title)
    assert picture.lang == lang
    assert 1 <= len(picture.findings) <= 3
    hash(picture)  # it is the key under which the drawing is kept


def test_the_findings_come_before_everything_else():
    text = words(layout.overview(xray(sample(), PORTFOLIOS[0]), "en", layout.own("en")))
    assert (
        text.index("MEBL 47.5%")
        < text.index("What you really own")
        < text.index("Risk")
        < text.index("*20 Aug 2026*")
    )
    assert "🔴 Biggest share: MEBL 47.5% (rule of thumb: up to 20%)" in text
    assert "MEBL 47.5% (via 1 fund + direct)" in text
    assert "Rs 100,000 pays Rs 300" in text


def test_a_blind_portfolio_says_so_and_shows_no_nought():
    found = xray(sample(), {"MIF": 50, "NSF": 50})
    text = words(layout.overview(found, "en", layout.own("en")))
    assert "None of these funds discloses" in text
    assert "Fee not known: Meezan Islamic Fund, NBP Stock Fund" in text
    assert "Risk*: swings" not in text
    assert "Fund fees*" not in text
    picture = layout.exposure_picture(found, "en", "x")
    assert picture.sectors == picture.positions == ()
    assert picture.undisclosed is not None
    assert picture.undisclosed.value == 1


def test_missing_names_are_listed_but_not_all_ninety():
    book = long_book()
    text = words(
        layout.overview(xray(replace(book, series={}), {"MEBL": 50, "HBL": 50}), "en", layout.own("en"))
    )
    assert "*Risk*: not known" in text
    part = replace(book, series={"MEBL": book.series["MEBL"]})
    text = words(layout.overview(xray(part, dict.fromkeys(book.shares, 1)), "en", layout.own("en")))
    assert "Left out, too little history: ENGROH, HBL, HUBC, LCI, +3 more." in text


def test_a_typed_list_keeps_its_own_details_button_if_it_fits():
    few = balanced((Holding("MEBL", Decimal(40)), Holding("MZNPETF", Decimal(60))))
    found = xray(sample(), PORTFOLIOS[0])
    reply = layout.overview(found, "en", layout.typed("en", few, "Meezan Bank", equal=False))
    assert reply.buttons[0].press == "xray?part=rules&names=MEBL,MZNPETF&weights=40,60"
    many = balanced(tuple(Holding(s, Decimal(n + 1)) for n, s in enumerate(PORTFOLIOS[4])))
    reply = layout.overview(found, "en", layout.typed("en", many, "", equal=False))
    assert [b.press for b in reply.buttons] == ["opportunities", "brief"]
    one = layout.typed("en", balanced((Holding("MIF", Decimal(1)),)), "Meezan Islamic Fund", equal=True)
    assert one.title == "X-Ray of Meezan Islamic Fund"
    assert not one.equal


def test_urdu_names_sectors_in_urdu():
    picture = layout.exposure_picture(xray(sample(), PORTFOLIOS[0]), "ur", "عنوان")
    assert picture.sectors[0].label == "کمرشل بینک"
    assert all(f"sector.{share.sector_code}" in SENTENCES for share in sample().shares.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_opportunities_bear_facts_a_counter_fact_and_what_they_are_not(lang):
    found = screen(sample())
    lists = [Shortlist(found, top(found), 9)]
    lists += [
        Shortlist(found, found.found[s.name][:4], len(found.found[s.name]), screen=s.name) for s in SCREENS
    ]
    lists += [Shortlist(found, (), 0, screen="cheap", shariah=True), Shortlist(found, (), 0, sector="0807")]
    for shown in lists:
        reply = screens.shortlist(shown, lang)
        text = words(reply)
        assert len(text) <= 1500, shown.screen
        assert not ADVICE.search(text)
        assert "{" not in text
        assert "1 crore" in text
        assert "sample data, 20 Aug 2026" in reply.source
        assert all(len(b.press.encode()) <= 64 and len(b.title) <= 20 for b in reply.buttons)
        counter = screens.say(lang, "opportunities.counter", text="")
        assert text.count(counter) == len(shown.candidates)


def test_the_chart_of_a_share_comes_with_what_was_found_of_it():
    book = sample()
    found = screen(book)
    drawn = outline("MEHT", book, history(book))
    reply = screens.chart(drawn, about(found, "MEHT"), "en", MediaRef("k.png", "image/png", 1))
    assert "Unusual volume" in words(reply)
    spec = screens.price_picture(drawn, "en")
    assert [label for label, _ in spec.lines] == ["52-week high", "52-week low"]
    assert len(spec.days) == len(spec.closes) == len(spec.volumes) == 252
    assert "No screen found it on this day." in words(screens.chart(drawn, (), "en", None))


def test_the_document_says_each_criteria_in_words():
    found = screen(sample())
    shown = screens.document(Shortlist(found, top(found), 9))
    assert shown["criteria"]["dividend"] == "dividend yield 6% or more"
    assert set(shown["criteria"]) == {s.name for s in SCREENS}
