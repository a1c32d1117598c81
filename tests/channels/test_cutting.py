"""No text of any kind is torn, lost, mixed up or refused: properties of cutting and numbering, for all three measures."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
import regex
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.channels.base import LIMITS, Measure
from bot.channels.cutting import seam
from bot.channels.marks import read_marks, seen, to_html, to_plain, to_whatsapp
from bot.channels.render import MediaPart, TextPart, parts, shortened, split
from services.domain.conversation import Button, Document, MediaRef, Picture, Reply, Text

CLUSTERS = [
    "a", "Z", "7", "é", "e\u0301", "👨‍👩‍👧‍👦", "🇵🇰", "👍🏽", "1️⃣", "❤️‍🔥", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "کِ", "تّ", "هٔ", "ۂ", "لِّ", "ئے", "نہ\u200cیں",
    "आ", "क्षि", "각", "𝔘",
]  # fmt: skip
WORD = st.lists(st.sampled_from(CLUSTERS), min_size=1, max_size=60).map("".join)
MARKED = st.one_of(
    WORD, WORD.map("*{}*".format), WORD.map("_{}_".format), st.sampled_from(["*", "_", "~", "`", "&", "<b>"])
)
TEXTS = st.lists(st.tuples(MARKED, st.sampled_from([" ", "\n", "\n\n", "  \n"])), max_size=40).map(
    lambda pairs: "".join(word + blank for word, blank in pairs)
)
DRESSES = {"telegram": to_plain, "twilio": to_whatsapp, "meta": to_whatsapp}
NUMBER = re.compile(r"\n\([0-9۰-۹٠-٩]+/[0-9۰-۹٠-٩]+\)$")
SMALL = Measure(
    text=64, caption=24, body=40, list_body=64, buttons=3, button_title=20, rows=10, row_title=24, row_description=72,
    press_bytes=64, picture_bytes=1, voice_bytes=1, document_bytes=1,
)  # fmt: skip
MEDIA = MediaRef("p.png", "image/png", 10)


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


def ink(text):
    return re.sub(r"\s", "", text)


def clusters(text):
    return regex.findall(r"\X", text)


def told(made):
    """What a person reads, in order, without the numbers of the parts."""
    texts = [to_plain(part.runs if isinstance(part, TextPart) else part.caption) for part in made]
    return [NUMBER.sub("", text) for text in texts]


@given(TEXTS, st.integers(30, 200), st.sampled_from(sorted(DRESSES)))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_pieces_fit_and_together_are_the_text_character_for_character(text, limit, channel):
    dress = DRESSES[channel]
    pieces = split(text, limit, dress)
    assert all(utf16(dress(piece)) <= limit for piece in pieces)
    assert clusters(ink("".join(map(to_plain, pieces)))) == clusters(ink(to_plain(read_marks(text))))
    for piece in pieces:
        first = to_plain(piece)[0]
        assert not unicodedata.category(first).startswith("M")
        assert first not in "\u200c\u200d"


@given(st.lists(st.sampled_from(CLUSTERS), min_size=1, max_size=300).map("".join), st.integers(16, 64))
def test_a_huge_word_is_cut_only_between_whole_characters(word, limit):
    pieces = [to_plain(piece) for piece in split(word, limit, to_plain)]
    assert "".join(pieces) == word
    assert [cluster for piece in pieces for cluster in clusters(piece)] == clusters(word)


@pytest.mark.parametrize("character", ["کِّ", "هٔ", "👨‍👩‍👧‍👦", "🇵🇰", "👍🏽", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "क्षि", "e\u0301\u0323"])
def test_each_of_these_is_one_character_to_its_reader(character):
    word = character * 40
    for end in range(len(character), 40):
        assert seam(word, end) % len(character) == 0
        assert 0 < seam(word, end) <= end


def test_a_character_longer_than_a_message_is_torn_rather_than_lost():
    tower = "e" + "\u0301" * 90
    assert "".join(to_plain(piece) for piece in split(tower, 30, to_plain)) == tower


@given(TEXTS, st.booleans(), st.sampled_from(["", "Sample data"]))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_part_of_a_reply_keeps_to_its_measure_and_nothing_is_lost(text, pressed, source):
    buttons = (Button("Go", "go"),) if pressed else ()
    made = parts(Reply((Text(text),), buttons, source), SMALL, to_whatsapp, body=SMALL.body)
    for part in made:
        dressed = to_whatsapp(part.runs)
        assert 0 < utf16(dressed) <= (SMALL.body if part.buttons else SMALL.text)
    expected = ink(to_plain(read_marks(text))) + (ink(source) if source else "")
    whole = ink("".join(told(made)))
    assert whole == (expected or ("👇" if pressed else ""))
    assert [part.buttons for part in made if part.buttons] == ([buttons] if pressed else [])
    assert not pressed or made[-1].buttons


@given(st.integers(1, 60))
def test_parts_are_counted_from_the_first_to_the_last(words):
    made = parts(Reply((Text("word " * words * 8),)), SMALL, to_plain)
    ends = [to_plain(part.runs).rpartition("\n")[2] for part in made]
    if len(made) == 1:
        assert "(" not in ends[0]
    else:
        assert ends == [f"({n}/{len(made)})" for n in range(1, len(made) + 1)]


def test_parts_are_counted_in_the_digits_of_their_text():
    made = parts(Reply((Text("منافع ۱۲۳ " * 12),)), SMALL, to_plain)
    assert to_plain(made[0].runs).endswith("\n(۱/۳)")
    english = parts(Reply((Text("profit 123 " * 12),)), SMALL, to_plain)
    assert to_plain(english[0].runs).endswith("\n(1/3)")


def test_a_text_of_one_message_is_not_counted():
    (only,) = parts(Reply((Text("profit 123"),)), SMALL, to_plain)
    assert to_plain(only.runs) == "profit 123"


@pytest.mark.parametrize(("channel", "most"), [("telegram", 4096), ("twilio", 1600), ("meta", 4096)])
def test_the_real_limits_are_reached_and_never_passed(channel, most):
    dress = DRESSES[channel]
    (whole,) = parts(Reply((Text("x" * most),)), LIMITS[channel], dress)
    assert utf16(dress(whole.runs)) == most
    two = parts(Reply((Text("x" * (most + 1)),)), LIMITS[channel], dress)
    assert [utf16(dress(part.runs)) <= most for part in two] == [True, True]
    emoji = parts(Reply((Text("😀" * (most // 2 + 1)),)), LIMITS[channel], dress)
    assert len(emoji) == 2
    assert utf16(dress(emoji[0].runs)) <= most


def test_buttons_hang_under_the_last_paragraph_and_the_rest_is_one_message():
    text = "\n\n".join(["line " * 60] * 4) + "\n\n_Sample data_"
    made = parts(Reply((Text(text),), (Button("Go", "go"),)), LIMITS["meta"], to_whatsapp, body=1024)
    assert [bool(part.buttons) for part in made] == [False, True]
    assert to_whatsapp(made[1].runs) == "_Sample data_\n(2/2)"


def test_where_the_text_has_no_lines_the_buttons_get_a_good_half():
    made = parts(Reply((Text("word " * 300),), (Button("Go", "go"),)), LIMITS["meta"], to_whatsapp, body=1024)
    assert 400 <= utf16(to_whatsapp(made[1].runs)) <= 1024


def test_a_caption_that_became_a_text_keeps_to_what_buttons_may_hang_under():
    reply = Reply((Picture(MEDIA, "word " * 400),), (Button("Go", "go"),))
    made = parts(reply, LIMITS["meta"], to_whatsapp, body=1024)
    assert isinstance(made[0], MediaPart)
    assert utf16(to_whatsapp(made[-1].runs)) <= 1024
    assert made[-1].buttons


def test_the_order_of_blocks_is_kept():
    reply = Reply((Text("one"), Document(MEDIA, "two " * 20), Text("three"), Picture(MEDIA, "four")))
    made = parts(reply, SMALL, to_plain)
    assert [ink(text) for text in told(made)] == [
        "one",
        "",
        *(ink(t) for t in told(made)[2:-2]),
        "three",
        "four",
    ]
    assert ink("".join(told(made))) == "one" + "two" * 20 + "three" + "four"


@pytest.mark.parametrize(
    "text", ["", " \n\t ", "\u200f\u200d", "\u200b\ufeff", "\u2066\u2069", "\x00\x07", "\ufe0f"]
)
def test_a_text_with_nothing_to_see_is_no_message(text):
    assert parts(Reply((Text(text),)), LIMITS["telegram"], to_plain) == ()
    assert parts(Reply((Picture(MEDIA, text),)), LIMITS["telegram"], to_plain) == (
        MediaPart(Picture(MEDIA, text)),
    )


def test_buttons_without_any_words_get_something_to_hang_under():
    (only,) = parts(Reply((Text(" "),), (Button("Go", "go"),)), LIMITS["meta"], to_whatsapp)
    assert to_plain(only.runs) == "👇"
    assert only.buttons == (Button("Go", "go"),)


@given(st.lists(st.sampled_from([*CLUSTERS, " "]), max_size=60).map("".join), st.integers(12, 40))
@example("👨‍👩‍👧‍👦" * 9, 20)
def test_a_label_is_cut_between_whole_characters(text, limit):
    short = shortened(text, limit)
    assert utf16(short) <= limit
    if short != seen(text):
        assert short.endswith("…")
        cut = short.removesuffix("…")
        assert text.startswith(cut)
        if utf16(clusters(text)[0]) < limit:
            assert clusters(cut) == clusters(text)[: len(clusters(cut))]


class Nested(HTMLParser):
    """Reads Telegram's HTML as Telegram does: only its tags, each closed in its order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.words = [], []

    def handle_starttag(self, tag, attrs):
        assert tag in {"b", "i"}
        assert not attrs
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@given(TEXTS, st.integers(30, 90))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_piece_is_whole_html_and_says_what_was_written(text, limit):
    for piece in split(text, limit, to_plain):
        reader = Nested()
        reader.feed(to_html(piece))
        reader.close()
        assert reader.open == []
        assert "".join(reader.words) == to_plain(piece)


def test_a_vowel_sign_on_a_blank_does_not_begin_a_message():
    """A sign that has lost its letter sits on the blank before it: that blank is no break."""
    text = "aaaa bbbb cccc \u0650dddd eeee ffff"
    assert [to_plain(piece) for piece in split(text, 18, to_plain)] == [
        "aaaa bbbb",
        "cccc \u0650dddd eeee",
        "ffff",
    ]


def test_a_piece_with_nothing_to_see_is_no_message():
    """Telegram calls a text of joiners empty and refuses it."""
    assert [to_plain(piece) for piece in split("word " + "\u200f\u200d" * 40, 30, to_plain)] == ["word"]
