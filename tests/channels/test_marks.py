"""Strangers' words stay words: no tag, no mark, no turned direction and nothing hidden comes from them."""

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.base import LIMITS
from bot.channels.marks import read_marks, seen, to_html, to_plain, to_whatsapp
from bot.channels.render import parts, shortened
from services.domain.conversation import Button, Reply, Text

NAUGHTY = [
    "<&_*[`~",
    "<b>x</b>",
    "*",
    "_a_b",
    "~gone~",
    "`code`",
    "```block```",
    "a*b*c",
    "snake_case_name",
    "2*3*4",
    "~5%",
    "^_^",
]
STRANGE = st.lists(
    st.sampled_from([*"*_~`<>&[]()ab آپ1.", " ", "\n", "https://a.pk/_x_~y"]), max_size=40
).map("".join)
UNSEEN = "\u202e\u202d\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\x00\x1b\x9b\u00ad\U000e0041\U000e007f"
# WhatsApp's rules (faq.whatsapp.com/539178204879377): a sign before a word and the same sign behind one, on one line.
WHATSAPP = re.compile(r"(?<!\w)(?P<sign>[*_~`]+)(?=\S)(?P<inner>[^\n]*?\S)(?P=sign)(?!\w)")


def marked_by_whatsapp(text):
    """The signs that WhatsApp would read as marks, outside of links."""
    bare = re.sub(r"https?://\S+", "", text)
    return [found["sign"] for found in WHATSAPP.finditer(bare)]


@pytest.mark.parametrize("name", NAUGHTY)
def test_a_strangers_name_makes_no_tag(name):
    dressed = to_html(read_marks(f"Hello {name}, welcome"))
    assert not re.search(r"<(?!/?[bi]>)", dressed)
    assert not re.search(r"&(?!amp;|lt;|gt;)", dressed)
    assert unescape(re.sub(r"</?[bi]>", "", dressed)) == to_plain(read_marks(f"Hello {name}, welcome"))


@pytest.mark.parametrize("name", ["<&_*[`~", "~gone~", "`code`", "```block```", "a~b~", "(~x~)"])
def test_a_strangers_signs_are_no_marks_of_whatsapp(name):
    dressed = to_whatsapp(read_marks(f"Hello {name}, welcome"))
    assert marked_by_whatsapp(dressed) == []
    assert len(dressed) == len(f"Hello {name}, welcome")


@given(STRANGE)
@example("** a**")
@example("*a *b")
def test_whatsapp_reads_no_mark_that_is_not_ours(text):
    runs = read_marks(text)
    ours = sum(run.bold for run in runs) + sum(run.italic for run in runs)
    assert len(marked_by_whatsapp(to_whatsapp(runs))) <= ours
    plain = tuple(type(run)(run.text) for run in runs)
    assert all(marked_by_whatsapp(to_whatsapp((run,))) == [] for run in plain)


@pytest.mark.parametrize("text", ["see https://a.pk/_x_/~y~?q=`z` now", "2*3*4", "snake_case_name", "5% a*b"])
def test_links_sums_and_codes_are_left_alone(text):
    assert to_whatsapp(read_marks(text)) == text
    assert to_html(read_marks(text)) == text


SIGNS = str.maketrans(dict.fromkeys("*_~`∗＿∼‵", ""))


@given(STRANGE)
def test_dressing_twice_loses_no_word(text):
    """Twilio's numbered lines are added to a text that is dressed already."""
    once = to_whatsapp(read_marks(text))
    twice = to_whatsapp(read_marks(once))
    assert twice.translate(SIGNS) == once.translate(SIGNS) == text.translate(SIGNS)


@given(st.text(st.sampled_from(UNSEEN + "ab آپ*_")))
def test_what_is_invisible_or_turns_foreign_text_round_is_gone(text):
    for said in (seen(text), to_plain(read_marks(text)), shortened(text, 400)):
        assert not set(said) & set(UNSEEN)


def test_joiners_direction_marks_flags_and_sequences_stay():
    for text in (
        "نہ\u200cیں",
        "👨‍👩‍👧",
        "\u200fآپ",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "❤️",
        "1️⃣",
    ):
        assert seen(text) == text


def test_half_characters_and_odd_line_breaks():
    assert seen("a\ud800b") == "ab"
    assert seen("a\r\nb\rc\u2028d\u0085e") == "a\nb\nc\nd\ne"


def test_hidden_tags_behind_a_word_are_gone():
    assert seen("hi\U000e0049\U000e0067\U000e006e") == "hi"


def test_a_buttons_title_is_one_visible_line():
    (only,) = parts(
        Reply((Text("Menu"),), (Button("A\n\u202eB\u200b  C", "x"),)), LIMITS["meta"], to_whatsapp
    )
    assert only.buttons == (Button("A B C", "x"),)
