"""What the voice says for what is written: the traps of market English, by example and by property."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.wording.lexicon import ABBREVIATIONS, pronounceable
from services.wording.spoken import MAX_CHARACTERS, MAX_WORDS, cut, foreign_share, speakable, spoken_sentences
from services.wording.spoken_urdu import spoken_urdu

NAMES = {
    "LUCK": "Lucky Cement",
    "MEBL": "Meezan Bank",
    "OGDC": "Oil & Gas Development",
    "HBL": "",
    "DGKC": "D.G. Khan Cement",
    "MZNPETF": "Meezan Pakistan ETF",
    "BRK.B": "Berkshire Hathaway",
}

EXAMPLES = {
    # money
    "Rs -2.5bn": "minus two point five billion rupees",
    "Rs(2.5)bn": "minus two point five billion rupees",
    "−Rs 5.00": "minus five rupees",
    "Rs 1,50,000": "one lakh fifty thousand rupees",
    "Rs 12,34,56,789": "twelve crore thirty-four lakh fifty-six thousand seven hundred and eighty-nine rupees",
    "PKR 150,000": "one hundred and fifty thousand rupees",
    "Rs. 38 a share": "thirty-eight rupees a share",
    "Rs 215.40": "two hundred and fifteen rupees and forty paisa",
    "Rs 0.29": "twenty-nine paisa",
    "Rs 0.00": "zero rupees",
    "Rs 1.00": "one rupee",
    "Rs 2.5 crore": "two point five crore rupees",
    "Rs 40 lakh": "forty lakh rupees",
    "₨ 500": "five hundred rupees",
    "USD 0.29 mn": "zero point two nine million dollars",
    "$1.2bn": "one point two billion dollars",
    "US$5m": "five million dollars",
    "2.5bn PKR": "two point five billion rupees",
    "€3.50": "three euros and fifty cents",
    "Rs 5-6bn": "five to six billion rupees",
    "Rs5/share": "five rupees per share",
    "Rs 300/kg": "three hundred rupees per kilogram",
    "USD/PKR 281.5": "dollar to rupee two hundred and eighty-one point five",
    # percent, basis points, times
    "+1.2%": "plus one point two percent",
    "-0.14 %": "minus zero point one four percent",
    "−0.14%": "minus zero point one four percent",
    "(−0.68%)": "minus zero point six eight percent",
    "▲ 1.2%": "up one point two percent",
    "▼0.4%": "down zero point four percent",
    "25 bps": "twenty-five basis points",
    "1 bp": "one basis point",
    "x 1.4": "times one point four",
    "1.4x the volume": "one point four times the volume",
    "1.2–1.5%": "one point two to one point five percent",
    "9.5% - 10%": "nine point five to ten percent",
    "-2 to -3%": "minus two to minus three percent",
    # figures
    "176,591.76": "one hundred and seventy-six thousand five hundred and ninety-one point seven six",
    "10.0%": "ten percent",
    "Rs 2.0bn": "two billion rupees",
    "412.5m shares": "four hundred and twelve point five million shares",
    "1/2": "one half",
    "2½ years": "two and a half years",
    "9/10 rules": "nine out of ten rules",
    "24/7": "twenty-four seven",
    "1:10 split": "one to ten split",
    "1st, 2nd, 22nd": "first, second, twenty-second",
    "5G": "five G",
    "v2.0": "version two point zero",
    "T+2": "T plus two",
    "52-week high": "fifty-two-week high",
    "1" * 60: "a number of sixty digits",
    "۱۲۳": "one hundred and twenty-three",
    "0300-1234567": "zero three zero zero, one two three four five six seven",
    "2026 points": "two thousand and twenty-six points",
    # dates, times, periods
    "20 Aug 2026": "the twentieth of August, twenty twenty-six",
    "the 20 Aug close": "the twentieth of August close",
    "Aug 20, 2026": "the twentieth of August, twenty twenty-six",
    "2026-08-20": "the twentieth of August, twenty twenty-six",
    "12/11/2025": "the twelfth of November, twenty twenty-five",
    "08/20/2026": "the twentieth of August, twenty twenty-six",
    "18-21 Aug 2026": "the eighteenth to the twenty-first of August, twenty twenty-six",
    "Fri, 21 Aug": "Friday, the twenty-first of August",
    "Aug 2026": "August twenty twenty-six",
    "in 2026": "in twenty twenty-six",
    "2025-26": "twenty twenty-five to twenty twenty-six",
    "the 1990s": "the nineteen nineties",
    "09:00": "nine A M",
    "17:30": "five thirty P M",
    "09:05": "nine oh five A M",
    "12:00": "noon",
    "9:30am": "nine thirty A M",
    "16:35 PKT": "four thirty-five P M Pakistan time",
    "1HFY26": "the first half of fiscal year twenty twenty-six",
    "9MFY26": "the first nine months of fiscal year twenty twenty-six",
    "H1 FY26": "the first half of fiscal year twenty twenty-six",
    "Q2'25": "the second quarter of twenty twenty-five",
    "2Q26": "the second quarter of twenty twenty-six",
    "Q3": "the third quarter",
    "FY26E": "fiscal year twenty twenty-six estimated",
    # names, capitals, abbreviations
    "KSE-100": "K S E one hundred",
    "KSE100 index": "K S E one hundred index",
    "KMI-30, up": "K M I thirty, up",
    "KMI All Share": "K M I all share",
    "S&P 500": "S and P five hundred",
    "BUY": "buy",
    "SAID": "said",
    "LUCK rose, what luck": "Lucky Cement rose, what luck",
    "MEBL's rise": "Meezan Bank's rise",
    "HBL": "H B L",
    "OGDC and DGKC": "Oil and Gas Development and D G Khan Cement",
    "MZNPETF": "Meezan Pakistan E T F",
    "BRK.B": "Berkshire Hathaway",
    "Meezan Bank (MEBL) rose": "Meezan Bank rose",
    "MEBL (Meezan Bank) rose": "Meezan Bank rose",
    "NCCPL and SECP": "N C C P L and S E C P",
    "KIBOR": "Kibor",
    "Bank AL Habib": "Bank al Habib",
    "ETFs": "E T Fs",
    "the U.S. dollar": "the U S dollar",
    "CPI 4.1% y/y": "C P I four point one percent year on year",
    "P/E of 7.5": "P E of seven point five",
    "Mr. Khan vs. Dr. Ali": "Mister Khan versus Doctor Ali",
    "buy/sell": "buy or sell",
    "banks & cement": "banks and cement",
    # dirt
    "*Bold* and _italic_": "Bold and italic",
    "👍 Up 🚀": "Up",
    "see https://dps.psx.com.pk/company/MEBL?x=1 now": "see a link now",
    "write to a@b.com now": "write to an e-mail address now",
    "<speak>hi</speak>": "hi",
    "5 < 6 &amp; more": "five less than six and more",
    "a\x00b\x07 c": "a b c",
    "lone \ud800 surrogate": "lone surrogate",
    "ﬁne": "fine",
    "one\ntwo": "one. two",
    "• first\n• second": "first. second",
    "up — then down": "up, then down",
    "": "",
    "  \t ": "",
    "😀😀": "",
    "...": "",
}


@pytest.mark.parametrize(("written", "said"), EXAMPLES.items())
def test_is_said(written: str, said: str):
    assert speakable(written, NAMES) == said


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("It closed on 12 November. Banks rose.", ["It closed on the twelfth of November.", "Banks rose."]),
        ("12 Aug 2026. 5 shares rose.", ["the twelfth of August, twenty twenty-six.", "five shares rose."]),
        ("Until 5 p.m. It is late.", ["Until five P M.", "It is late."]),
        ("At 5 p.m. today.", ["At five P M today."]),
        ("Lucky Cement Ltd. The next.", ["Lucky Cement Limited.", "The next."]),
        ("Mr. Khan spoke. He left.", ["Mister Khan spoke.", "He left."]),
        ("Rs. 38. Then Rs. 40.", ["thirty-eight rupees.", "Then forty rupees."]),
        ("Why? Because! Really…", ["Why?", "Because!", "Really."]),
        ("D. G. Khan rose. A. Habib fell.", ["D G Khan rose.", "A Habib fell."]),
        ("It rose 2.5%. Next", ["It rose two point five percent.", "Next"]),
        ("See psx.com.pk. Then go.", ["See a link.", "Then go."]),
    ],
)
def test_sentences_end_where_they_end(written: str, pieces: list[str]):
    assert spoken_sentences(written, NAMES) == pieces


def test_a_shouted_line_is_read_not_spelled():
    assert speakable("NO ADVICE: DO NOT BUY ON THIS") == "no advice: do not buy on this"
    assert speakable("GOOD LUCK TO YOU ALL", NAMES) == "good luck to you all"
    assert speakable("MEBL UP 3% TODAY", NAMES) == "Meezan Bank up three percent today"


def test_a_ticker_is_matched_on_case_and_as_a_whole_word():
    assert speakable("luck, Luck, LUCK, UNLUCKY", NAMES) == "luck, Luck, Lucky Cement, unlucky"


def test_a_name_is_not_rewritten_by_another_rule():
    assert speakable("XYZ rose", {"XYZ": "Rs 5 AM"}) == "Rs five A M rose"


@pytest.mark.parametrize(
    ("word", "yes"), [("CEMENT", True), ("BONANZA", True), ("NCCPL", False), ("OGDC", False), ("EPQL", False)]
)
def test_what_can_be_said_is_not_spelled(word: str, yes: bool):
    assert pronounceable(word) is yes


def test_foreign_letters_are_measured():
    assert foreign_share("hello 123 é") == 0
    assert foreign_share("") == 0
    assert foreign_share("سلام") == 1
    assert 0 < foreign_share("Hello علی") < 0.5


MARKET = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from([*EXAMPLES, *ABBREVIATIONS, *NAMES, ". ", ", ", "-", "/", "(", ")", "’s", "\n", ":"]),
        st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=300)
@given(MARKET)
def test_any_text_becomes_plain_words(text: str):
    said = speakable(text, NAMES)
    assert not re.search(r"[^A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ .,:;!?'-]", said)
    assert "  " not in said
    assert not re.search(r"\s[.,;:!?]", said)


@settings(max_examples=200)
@given(MARKET)
def test_pieces_are_bounded_and_lose_no_word(text: str):
    pieces = spoken_sentences(text, NAMES)
    for piece in pieces:
        assert 0 < len(piece) <= MAX_CHARACTERS
        assert len(piece.split()) <= MAX_WORDS
        assert any(char.isalpha() for char in piece)
    words = [re.sub(r"\W", "", word) for word in speakable(text, NAMES).split()]
    assert "".join(words) == re.sub(r"\W", "", "".join(pieces))


def test_one_endless_sentence_is_cut_at_a_breath():
    text = "the market rose on strong buying in banks, " * 60
    pieces = spoken_sentences(text)
    assert len(pieces) > 10
    assert all(piece.endswith(",") for piece in pieces[:-1])
    assert "".join(pieces).count("market") == 60


def test_one_endless_word_is_cut_by_characters():
    assert [len(piece) for piece in cut("x" * 700)] == [300, 300, 100]


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("آج 1.2% اضافہ ہوا۔ شکریہ۔", ["آج 1.2 فیصد اضافہ ہوا۔", "شکریہ۔"]),
        ("قیمت Rs 215.40 رہی", ["قیمت 215.40 روپے رہی"]),
        ("−Rs 2.5 crore", ["منفی 2.5 کروڑ روپے"]),
        ("−0.5%", ["منفی 0.5 فیصد"]),
        ("MEBL اور HBL", ["Meezan Bank اور H B L"]),
        ("20 Aug 2026، 09:00", ["20 اگست 2026، 9 بجے"]),
        ("17:30", ["5 بج کر 30 منٹ"]),
        ("176,591.76", ["176591.76"]),
        ("KSE-100، آج (20 Aug)۔", ["K S E 100، آج، 20 اگست۔"]),
        ("😀", []),
    ],
)
def test_urdu_keeps_its_figures_and_names_the_signs(written: str, pieces: list[str]):
    assert spoken_urdu(written, NAMES) == pieces


@given(st.text(max_size=200))
def test_any_urdu_input_gives_bounded_pieces(text: str):
    assert all(0 < len(piece) <= MAX_CHARACTERS for piece in spoken_urdu(text))
