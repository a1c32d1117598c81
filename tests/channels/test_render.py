"""Cutting and dressing text: properties over any text, examples for what a reader sees."""

import re
import unicodedata
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.base import LIMITS, Measure
from bot.channels.marks import read_marks, to_html, to_plain, to_whatsapp, units
from bot.channels.render import MediaPart, TextPart, numbered, parts, shortened, split
from services.domain.conversation import Button, MediaRef, Picture, Reply, Text, Voice

WORDS = st.text(st.sampled_from("abc ABC*_ \n\n.,<&>آپکاہے۔ِّ👨‍👩‍👧🇵🇰🏽1٪"), max_size=400)
DRESSES = {"html": to_plain, "whatsapp": to_whatsapp}
PICTURE = MediaRef("p.png", "image/png", 10)


def utf16(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def ink(text):
    """A text without any blanks and without what only binds or turns other characters."""
    return re.sub(r"[\s\u200c-\u200f]", "", text)


@given(WORDS, st.integers(16, 120), st.sampled_from(sorted(DRESSES)))
def test_every_piece_fits_and_no_sign_is_lost_or_reordered(text, limit, channel):
    dress = DRESSES[channel]
    pieces = split(text, limit, dress)
    assert all(utf16(dress(piece)) <= limit for piece in pieces)
    assert ink("".join(map(to_plain, pieces))) == ink(to_plain(read_marks(text.strip())))


@given(WORDS, st.integers(16, 120))
def test_no_piece_starts_with_a_mark_that_clings(text, limit):
    for piece in split("x" + text, limit, to_plain)[1:]:
        first = to_plain(piece)[0]
        assert unicodedata.category(first) not in {"Mn", "Me"}
        assert first not in "\u200d\U0001f3fd"


@given(WORDS, st.integers(16, 120))
def test_html_of_every_piece_is_nested_and_its_words_are_the_same(text, limit):
    for piece in split(text, limit, to_plain):
        dressed = to_html(piece)
        assert re.fullmatch(r"(?:[^<>]|</?[bi]>)*", dressed)
        assert dressed.count("<b>") == dressed.count("</b>")
        assert unescape(re.sub(r"</?[bi]>", "", dressed)) == to_plain(piece)


@given(st.text(max_size=300), st.integers(2, 80))
@example("👍" * 40, 7)
def test_a_shortened_label_fits(text, limit):
    assert utf16(shortened(text, limit)) <= limit


@given(st.text(max_size=200))
def test_units_are_those_of_utf16(text):
    assert units(text) == utf16(text)


def test_it_breaks_at_a_paragraph_before_a_line_before_a_word():
    text = "one two\nthree four\n\nfive six\nseven eight nine"
    assert [to_plain(p) for p in split(text, 30, to_plain)] == [
        "one two\nthree four",
        "five six\nseven eight nine",
    ]
    assert [to_plain(p) for p in split("one two\nthree four five", 16, to_plain)] == [
        "one two",
        "three four five",
    ]
    assert [to_plain(p) for p in split("alpha beta gamma", 11, to_plain)] == ["alpha beta", "gamma"]


def test_a_mark_across_a_cut_is_closed_and_opened_again():
    pieces = split("*" + "very " * 6 + "bold*", 20, to_whatsapp)
    assert [to_whatsapp(p) for p in pieces] == ["*very very very*", "*very very very*", "*bold*"]


def test_a_family_and_a_flag_stay_whole():
    family, flag = "👨‍👩‍👧", "🇵🇰"
    assert {to_plain(p) for p in split(family * 9, 20, to_plain)} == {family * 2, family}
    assert {to_plain(p) for p in split(flag * 11, 18, to_plain)} == {flag * 4, flag * 3}


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("*MEBL* rose", "<b>MEBL</b> rose", "MEBL rose"),
        ("_via *two* funds_", "<i>via </i><b><i>two</i></b><i> funds</i>", "via two funds"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d", "a < b & c > d"),
        ("* not a list *", "* not a list *", "* not a list *"),
        ("*آپ کا ایکسرے*", "<b>آپ کا ایکسرے</b>", "آپ کا ایکسرے"),
        ("(*x*), *y*.", "(<b>x</b>), <b>y</b>.", "(x), y."),
        ("*across\nlines*", "*across\nlines*", "*across\nlines*"),
    ],
)
def test_marks(text, html, plain):
    # Blanks at the end of a run stay outside its tag, for WhatsApp's sake.
    assert to_html(read_marks(text)).replace(" </i>", "</i> ").replace("<i> ", " <i>") == html.replace(
        " </i>", "</i> "
    ).replace("<i> ", " <i>")
    assert to_plain(read_marks(text)) == plain


def test_the_source_ends_the_last_text_and_buttons_hang_there():
    reply = Reply((Text("one"), Picture(PICTURE, "chart"), Text("two")), (Button("Go", "go"),), "Sample data")
    made = parts(reply, LIMITS["meta"], to_whatsapp)
    assert [type(part) for part in made] == [TextPart, MediaPart, TextPart]
    assert to_whatsapp(made[2].runs) == "two\n\n_Sample data_"
    assert made[2].buttons == (Button("Go", "go"),)
    assert made[0].buttons == ()


def test_without_words_the_source_ends_the_caption_and_buttons_hang_on_the_medium():
    reply = Reply((Picture(PICTURE, "chart"),), (Button("Go", "go"),), "Sample data")
    (only,) = parts(reply, LIMITS["telegram"], to_plain)
    assert to_plain(only.caption) == "chart\n\nSample data"
    assert only.buttons == (Button("Go", "go"),)


def test_a_source_alone_is_a_text_of_its_own():
    reply = Reply((Voice(MediaRef("v.ogg", "audio/ogg", 9), 3.0),), (), "Sample data")
    assert [type(part) for part in parts(reply, LIMITS["telegram"], to_plain)] == [MediaPart, TextPart]


def test_a_caption_that_is_too_long_follows_as_text():
    reply = Reply((Picture(PICTURE, "word " * 300),))
    made = parts(reply, LIMITS["telegram"], to_plain)
    assert made[0] == MediaPart(reply.blocks[0])
    assert ink("".join(to_plain(part.runs) for part in made[1:])) == "word" * 300


def test_the_text_over_buttons_keeps_to_its_own_smaller_limit():
    reply = Reply((Text("word " * 300),), (Button("Go", "go"),))
    made = parts(reply, LIMITS["meta"], to_whatsapp, body=1024)
    assert units(to_whatsapp(made[-1].runs)) <= 1024
    assert len(made) == 2
    assert [bool(part.buttons) for part in made] == [False, True]


def test_numbered_buttons():
    assert numbered((Button("X-Ray", "x"), Button("Brief", "b")), "Menu") == "Menu\n\n1 X-Ray\n2 Brief"


def test_every_limit_is_positive_where_it_applies():
    for measure in LIMITS.values():
        assert isinstance(measure, Measure)
        assert min(measure.text, measure.caption, measure.body, measure.press_bytes) > 0
