"""Names as people write them lead to the right code, to a question, or to an honest "unknown"; never to a guess."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import AmbiguousName, UnknownName
from services.domain.instruments import Directory
from services.domain.market import Fund, Share
from tests.fakes.books import small_book

ODD = {
    "AGP": "AGP Limited",
    "ALL": "All Together Limited",
    "NEXT": "Next Capital Limited",
    "PACE": "Pace (Pakistan) Limited",
    "FAST": "Fast Cables Limited",
    "786": "786 Investments Limited",
    "BAFL": "Bank Alfalah Limited",
}
FUNDS = {
    "ASF": "Alfalah Stock Fund",
    "AIF": "Alfalah Income Fund",
    "ACF": "Alfalah GHP Cash Fund",
    "PLAN2": "Some Family Fund Plan II",
    "PLAN3": "Some Family Fund Plan III",
}


def wide_book():
    book = small_book()
    shares = {s: Share(s, name, "0813", "OTHER", False) for s, name in ODD.items()}
    funds = {c: Fund(c, name, "mutual", "Equity", False) for c, name in FUNDS.items()}
    aliases = {**book.aliases, "meezan islamic": ("MIF",)}
    return replace(book, aliases=aliases, shares={**book.shares, **shares}, funds={**book.funds, **funds})


DIRECTORY = Directory(wide_book())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("MEBL", "MEBL"), ("mebl", "MEBL"), (" Mebl ", "MEBL"), ("Meezan Bank", "MEBL"), ("Meezan Bank Limited", "MEBL"),
        ("mezan bank", "MEBL"), ("lucki cement", "LUCK"), ("Lucky", "LUCK"), ("lucky cement share", "LUCK"), ("Hubco", "HUBC"),
        ("hub power", "HUBC"), ("The Hub Power Company", "HUBC"), ("hubko", "HUBC"), ("ogdcl", "OGDC"), ("o g d c", "OGDC"),
        ("Oil and Gas Development", "OGDC"), ("Oil & Gas Development Company Limited", "OGDC"), ("DAWH", "ENGROH"),
        ("dawood hercules", "ENGROH"), ("Lucky Core", "LCI"), ("ICI Pakistan", "LCI"), ("systems ltd", "SYS"),
        ("میزان بینک", "MEBL"), ("میزان بنک", "MEBL"), ("لکی سیمنٹ", "LUCK"), ("لكي سيمنٹ", "LUCK"), ("او جی ڈی سی", "OGDC"),
        ("حبکو", "HUBC"), ("حبیب بینک", "HBL"), ("میزان اسلامک فنڈ", "MIF"), ("Meezan Islamic Fund", "MIF"),
        ("Meezan Islamic Income Fund", "MIIF"), ("meezan islamic incom fund", "MIIF"), ("MIF", "MIF"), ("Meezan ETF", "MZNPETF"),
        ("KSE100", "KSE100"), ("kse-100", "KSE100"), ("KSE 100 index", "KSE100"), ("100 index", "KSE100"), ("786", "786"),
        ("luck", "LUCK"), ("next", "NEXT"), ("bank alfla", "BAFL"), ("Some Family Fund Plan 2", "PLAN2"),
        ("some family fund plan iii", "PLAN3"), ("ＭＥＢＬ", "MEBL"),
    ],
)  # fmt: skip
def test_a_name_that_is_certain(typed, code):
    assert DIRECTORY.resolve(typed) == code


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("Meezan", {"MEBL", "MIF", "MIIF", "MZNPETF"}),
        ("meezan islamic", {"MIF", "MIIF"}),
        ("meezan fund", {"MIF", "MIIF", "MZNPETF"}),
        ("Alfalah fund", {"ASF", "AIF", "ACF"}),
        ("mezan", {"MEBL", "MIF", "MIIF", "MZNPETF"}),
        ("الفلاح فنڈ", {"ASF", "AIF", "ACF"}),
        ("Some Family Fund Plan", {"PLAN2", "PLAN3"}),
    ],
)
def test_a_name_that_fits_several_is_asked_back(typed, among):
    with pytest.raises(AmbiguousName) as caught:
        DIRECTORY.resolve(typed)
    assert set(caught.value.choices) == among
    assert len(caught.value.choices) <= 6


def test_the_bank_stands_first_where_meezan_is_said():
    with pytest.raises(AmbiguousName) as caught:
        DIRECTORY.resolve("meezan")
    assert caught.value.choices[0] == "MEBL"


@pytest.mark.parametrize(
    "typed", ["", "   ", "😀", "football", "zzzz", "<script>", "x" * 5000, "؟", "all of it"]
)
def test_what_is_no_name_is_unknown(typed):
    with pytest.raises(UnknownName) as caught:
        DIRECTORY.resolve(typed)
    assert len(caught.value.values["name"]) <= 40


def test_a_ticker_one_letter_off_is_suggested_and_never_taken():
    with pytest.raises(UnknownName) as caught:
        DIRECTORY.resolve("MEBK")
    assert caught.value.suggestions[0] == "MEBL"
    assert DIRECTORY.suggest("Luky Cemnt")[0] == "LUCK"


def test_kinds_and_names():
    assert [DIRECTORY.kind_of(c) for c in ("MEBL", "MIF", "MZNPETF", "KSE100")] == [
        "share",
        "fund",
        "fund",
        "index",
    ]
    assert DIRECTORY.name_of("LUCK") == "Lucky Cement Limited"
    assert DIRECTORY.name_of("GONE") == "GONE"
    with pytest.raises(UnknownName):
        DIRECTORY.kind_of("GONE")
    assert (DIRECTORY.holdable("MEBL"), DIRECTORY.holdable("KSE100")) == (True, False)


def found(text, *, asked=False):
    return [(m.raw, m.code) for m in DIRECTORY.mentions(text, asked=asked)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("what is the price of mezan bank today", [("mezan bank", "MEBL")]),
        (
            "compare Meezan Islamic Income Fund with OGDC",
            [("Meezan Islamic Income Fund", "MIIF"), ("OGDC", "OGDC")],
        ),
        ("why did KSE-100 fall", [("KSE-100", "KSE100")]),
        ("LUCK ka price", [("LUCK", "LUCK")]),
        ("luck ka price kya hai", [("luck", "LUCK")]),
        ("luck 40 mebl 60", [("luck", "LUCK"), ("mebl", "MEBL")]),
        ("luck", [("luck", "LUCK")]),
        ("میزان بینک کا ریٹ اور حبکو", [("میزان بینک", "MEBL"), ("حبکو", "HUBC")]),
        ("xray of Alfalah fund", [("Alfalah fund", "")]),
        ("my NEXT and AGP", [("NEXT", "NEXT"), ("AGP", "AGP")]),
        ("786 investments share", [("786 investments", "786")]),
    ],
)
def test_names_inside_a_sentence(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    ["good luck bhai", "GOOD LUCK EVERYBODY HERE", "kal meri luck achi thi", "sell all shares", "next brief kab", "run fast",
     "at what pace", "call 786 now", "show me my portfolio", "I have 100 rupees", "hi how are you", "tell me about the market",
     "a gp visit", "thanks a lot", "bank mein paise", "the power of money"],
)  # fmt: skip
def test_everyday_words_are_no_names(text):
    assert found(text) == []


def test_a_nickname_with_a_rival_is_asked_back_in_a_sentence_too():
    (mention,) = DIRECTORY.mentions("add meezan islamic 10%")
    assert (mention.code, set(mention.choices)) == ("", {"MIF", "MIIF"})


def test_an_ambiguous_mention_bears_its_choices():
    (mention,) = DIRECTORY.mentions("mujhe meezan ka batao")
    assert (mention.code, mention.name, mention.choices[0]) == ("", "meezan", "MEBL")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_searched_without_harm_and_without_overlap(text):
    mentions = DIRECTORY.mentions(text)
    assert all(text[m.start : m.end] == m.raw for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    codes = DIRECTORY.candidates(text)
    assert len(set(codes)) == len(codes)
    assert all(DIRECTORY.kind_of(code) for code in codes)


@pytest.mark.parametrize("code", sorted({*ODD, *FUNDS, "MEBL", "LUCK", "MIF", "MZNPETF", "KSE100"}))
def test_every_code_and_every_full_name_leads_home(code):
    assert DIRECTORY.resolve(code) == code
    assert DIRECTORY.resolve(DIRECTORY.name_of(code)) == code
    assert DIRECTORY.resolve(DIRECTORY.name_of(code).upper()) == code
