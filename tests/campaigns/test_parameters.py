"""What goes into an approved template is taken by WhatsApp, whatever words it was made of."""

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from services.domain.conversation import LANGUAGES, MediaRef, Picture, Reply, Text, Voice
from services.wording.parameters import MOST_LINE, MOST_NAME, broadcast_template, one_line, units

REFUSED = re.compile(r"[\n\r\t\x0b\x0c\x1c-\x1e\x85\u2028\u2029]| {5,}")
CHART = MediaRef("a" * 64 + ".png", "image/png", 10)


def seen(text):
    return any(unicodedata.category(c)[0] in "LNPS" for c in text)


@given(st.text(max_size=2_000), st.text(max_size=120), st.text(max_size=900), st.sampled_from(LANGUAGES))
@example("", "", "", "en")
@example("\u200b\u200e\n\t ", "\u200d", "\u2028", "ur")
@example("a     b", "x \t y", "c      d", "en")
@example("*" * 50 + "_", "_*_", "*", "roman")
@example("a" * 1_500, "b" * 90, "c" * 800, "en")
@example("😀" * 800, "👨‍👩‍👧‍👦" * 30, "", "en")
@example("اللہ کے فضل سے " * 100, "عائشہ", "پی ایس ایکس", "ur")
@example("a\ud800b", "x", "y", "en")
def test_parameters_are_never_refused(words, name, source, lang):
    template = broadcast_template(
        "brief", name, (Reply((Text(words),), source=source),), lang, "audio?told=k"
    )
    assert len(template.parameters) == 2
    for value, most in zip(template.parameters, (MOST_NAME, MOST_LINE), strict=True):
        assert seen(value), "never empty"
        assert not REFUSED.search(value)
        assert value == value.strip()
        assert "  " not in value
        assert units(value) <= most
        value.encode()  # no lone surrogate
    assert sum(map(units, template.parameters)) <= 800, "room for the approved words around them"


@given(st.text(max_size=1_500), st.integers(10, 700))
def test_a_line_is_the_words_in_order_with_nothing_added_but_the_ellipsis(text, most):
    line = one_line(text, most)
    assert units(line) <= most
    bare = line.removesuffix(" …").removesuffix("…").strip()
    kept = iter(text)
    assert all(character == " " or character in kept for character in bare)


def test_it_is_cut_at_a_word_and_a_word_without_end_between_whole_characters():
    assert one_line("alpha beta gamma", 13) == "alpha beta …"
    assert one_line("alpha beta gamma", 16) == "alpha beta gamma"
    family = "👨‍👩‍👧‍👦"  # one to a reader, eleven UTF-16 units
    assert one_line(family * 3, 24) == family * 2 + " …"
    assert one_line(family * 3, 23) == family + " …"
    assert one_line("کِ" * 10, 9) == "کِ" * 3 + " …", "a vowel mark stays with its letter"


def test_marks_line_breaks_and_invisible_signs_go_and_urdus_joiners_stay():
    assert one_line("*Morning*\n_KSE-100_\t 151,203\u200b\u202e!") == "Morning KSE-100 151,203!"
    assert one_line("می\u200cروم") == "می\u200cروم"


def test_the_chart_goes_above_the_source_ends_it_and_the_button_brings_the_rest():
    voice = Voice(MediaRef("b.ogg", "audio/ogg", 5), 60.0)
    reply = Reply(
        (voice, Text("*Your morning brief*\nKSE-100 up"), Picture(CHART)), source="sample data · /about"
    )
    template = broadcast_template("brief", "Ayesha", (reply,), "en", "audio?told=brief:x:u:0")
    assert template.parameters == ("Ayesha", "Your morning brief KSE-100 up sample data · /about")
    assert template.header == CHART
    assert template.press == "audio?told=brief:x:u:0"
    long = broadcast_template("brief", "", (Reply((Text("word " * 400),), source="sample data"),), "ur")
    assert long.parameters[0] == "دوست"
    assert long.parameters[1].endswith("word … sample data")
    assert broadcast_template("alert", "A", (Reply((Picture(CHART),)),), "en").parameters[1] == (
        "there is a new message for you"
    )
