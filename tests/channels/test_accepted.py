"""Whatever is to be said, each provider takes it: its fake refuses what the provider would, and nothing is lost on the way."""

import random
import re
from dataclasses import replace

import pytest

from bot.channels.marks import read_marks, to_plain
from services.domain.conversation import Button, Picture, Text
from tests.channels.conftest import NOON

CLUSTERS = [
    "a",
    "Z",
    "7",
    "é",
    "👨‍👩‍👧‍👦",
    "🇵🇰",
    "👍🏽",
    "1️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "کِ",
    "تّ",
    "هٔ",
    "لِّ",
    "نہ\u200cیں",
    "क्षि",
    "𝔘",
]
SIGNS = [
    "*",
    "_",
    "~",
    "`",
    "&",
    "<",
    ">",
    "</b>",
    "<b>",
    "&lt;",
    "**",
    "[x](y)",
    "{{1}}",
    "@here",
    "/stop",
    "#tag",
]
BLANKS = [" ", " ", " ", "\n", "\n\n", " \n \n"]
NUMBER = re.compile(r"\n\([0-9۰-۹]+/[0-9۰-۹]+\)$")
ALIKE = str.maketrans("∗＿∼‵", "*_~`")
KEYS = {"telegram": "700100200", "twilio": "whatsapp:+923001234567", "meta": "923001234567"}


def text_of(chance, length):
    """A text of words, huge words, signs and marks, some of them unbalanced."""
    words = []
    while sum(map(len, words)) < length:
        kind = chance.random()
        word = "".join(chance.choices(CLUSTERS, k=chance.choice([1, 3, 8, 8, 8, 300])))
        if kind < 0.2:
            word = chance.choice(["*{}*", "_{}_", "*{}", "{}_", "*_{}_*"]).format(word)
        elif kind < 0.4:
            word = chance.choice(SIGNS)
        words += [word, chance.choice(BLANKS)]
    return "".join(words).strip()


def ink(text):
    return re.sub(r"[\s\u200c-\u200f]", "", text).translate(ALIKE)


def words_of(channel, api):
    """What the person reads of the texts that were taken, in order."""
    if channel == "telegram":
        told = [message["plain"] for message in api.messages]
    elif channel == "twilio":
        told = [message.get("Body", "") for message in api.messages]
    else:
        told = []
        for message in api.messages:
            content = message[message["type"]]
            told.append(
                content["body"]["text"]
                if message["type"] == "interactive"
                else content.get("body", content.get("caption", ""))
            )
    return [NUMBER.sub("", text) for text in told]


@pytest.fixture(params=["telegram", "twilio", "meta"])
def line(request, telegram, twilio, meta, telegram_api, twilio_api, meta_api, outbound, shelf):  # noqa: PLR0913
    """One channel with its fake: ``await send(*blocks, buttons=…)``."""
    twilio_api.contents = {"HX2": 5}  # the operator's own content for two buttons
    channel = request.param
    door = {"telegram": telegram, "twilio": twilio, "meta": meta}[channel]

    class Line:
        name = channel
        api = {"telegram": telegram_api, "twilio": twilio_api, "meta": meta_api}[channel]
        count = 0

        async def send(self, *blocks, **more):
            async def gate():
                return None

            Line.count += 1
            self.api.messages.clear()
            message = replace(
                outbound(channel, KEYS[channel], *blocks, **more), key=f"k{Line.count}", at=NOON
            )
            return await door.send(message, shelf, gate)

    return Line()


def marked(text, channel):
    """The words of a text: on WhatsApp the marks stay in the body."""
    return text if channel != "telegram" else to_plain(read_marks(text))


@pytest.mark.parametrize("seed", range(12))
async def test_any_text_is_taken_whole_and_in_order(line, seed):
    chance = random.Random(seed)
    text = text_of(chance, chance.choice([10, 900, 1700, 5000, 9000]))
    receipt = await line.send(Text(text))
    told = words_of(line.name, line.api)
    assert len(receipt.refs) == len(told)
    plain = ink(to_plain(read_marks(text)))
    if line.name == "telegram":
        assert ink("".join(told)) == plain
    else:  # the marks are in the words: all that is there without signs is there in order
        bare = re.compile(r"[*_]")
        assert bare.sub("", ink("".join(told))) == bare.sub("", plain)


@pytest.mark.parametrize("seed", range(6))
async def test_any_caption_is_taken_whole(line, seed, shelf):
    chance = random.Random(seed)
    caption = text_of(chance, chance.choice([10, 1100, 3000]))
    await line.send(Picture(shelf.png, caption))
    bare = re.compile(r"[*_]")
    assert bare.sub("", ink("".join(words_of(line.name, line.api)))) == bare.sub(
        "", ink(to_plain(read_marks(caption)))
    )


TITLES = [
    "Go",
    "A title of thirty-one characters",
    "آپ کا ایکسرے اور آج کی رپورٹ",
    "👨‍👩‍👧‍👦" * 9,
    "t" * 300,
    "<b>&*_~`",
    "A\nB",
]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 10, 11, 25, 101])
async def test_any_number_of_buttons_is_taken_and_each_can_be_found(line, count):
    buttons = [Button(f"{n} {TITLES[n % len(TITLES)]}", f"xray?names=C{n}") for n in range(count)]
    for length in (5, 990, 1500, 4000, 4090):
        await line.send(Text("w" * length), buttons=buttons)
        shown = repr(line.api.messages)
        assert ink("".join(words_of(line.name, line.api))).count("w" * min(length, 500)) >= 1
        for n in range(count):
            assert f"{n} " in shown, n


@pytest.mark.parametrize("press", ["x" * 64, "آ" * 32, "x" * 65, "x" * 200, "x" * 201, "x" * 300])
async def test_a_press_that_is_too_long_is_no_button_and_its_title_is_a_line(line, press):
    await line.send(Text("Choose"), buttons=[Button("First", "a"), Button("Second thing", press)])
    assert "Second thing" in repr(line.api.messages)
    assert line.name == "telegram" or len(press) <= 200 or press not in repr(line.api.messages)
    assert line.name != "telegram" or len(press.encode()) <= 64 or press not in repr(line.api.messages)


async def test_buttons_alike_are_taken(line):
    for buttons in (
        [Button("Same", "a"), Button("Same", "b")],
        [Button("One", "a"), Button("Two", "a")],
        [Button("One", "a"), Button("One", "a")],
    ):
        assert (await line.send(Text("Choose"), buttons=buttons)).refs


async def test_buttons_under_a_picture_alone_are_taken(line, shelf):
    await line.send(Picture(shelf.png), buttons=[Button("Go", "go")])
    assert "Go" in repr(line.api.messages)


async def test_links_are_not_previewed(line):
    await line.send(Text("see https://example.com/_a_b~ and more"))
    (message,) = line.api.messages
    assert "https://example.com/_a_b~" in repr(message)
    if line.name == "telegram":
        assert message["link_preview_options"] == {"is_disabled": True}
    if line.name == "meta":
        assert message["text"]["preview_url"] is False
