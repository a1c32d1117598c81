"""Twilio: a voice note that is refused goes as MP3, then as words; at once or when a status tells it late."""

import asyncio
from dataclasses import replace

import pytest

from bot.channels.twilio import Twilio
from services.domain.conversation import MediaRef, Picture, Text, Voice
from services.domain.errors import DeliveryFailed, Unavailable
from tests.fakes.sender import free

BILAL = "whatsapp:+923339990001"
REFUSED = (400, {"code": 63019})
MP3 = MediaRef("f" * 64 + ".mp3", "audio/mpeg", 9, "brief.mp3")


class Studio:
    def __init__(self):
        self.made, self.broken = [], False

    async def mp3(self, ref):
        self.made.append(ref.key)
        await asyncio.sleep(0.01)
        if self.broken:
            raise Unavailable("no voice process")
        return MP3


@pytest.fixture
def studio():
    return Studio()


@pytest.fixture
def twilio(session, twilio_api, now, studio):
    return Twilio(
        session, account_sid=twilio_api.account, auth_token=twilio_api.token, sender="+14155550100",
        public_url="https://bot.example.pk", media_url=lambda ref: f"http://127.0.0.1/media/{ref.key}", now=now,
        base=twilio_api.base, mp3=studio.mp3, templates={"brief": "HX1"},
    )  # fmt: skip


@pytest.fixture
def note(shelf):
    return Voice(replace(shelf.ogg, mime="audio/ogg; codecs=opus"), 42.0, "KSE-100 rose by one per cent.")


def media(api):
    return [message.get("MediaUrl", "").rpartition("/")[2] for message in api.messages]


@pytest.mark.parametrize("code", [63019, 12300, 63021])
async def test_an_ogg_that_is_refused_goes_as_mp3(twilio, twilio_api, shelf, outbound, note, code):
    twilio_api.next = [(400, {"code": code})]
    asked = []

    async def gate():
        asked.append(1)

    receipt = await twilio.send(outbound("twilio", BILAL, note), shelf, gate)
    assert (media(twilio_api), len(receipt.refs), len(asked)) == ([MP3.key], 1, 2)
    await twilio.send(outbound("twilio", BILAL, note, key="k2"), shelf, free)
    assert (media(twilio_api), twilio_api.requests) == ([MP3.key] * 2, 3)  # known by now


async def test_many_who_are_refused_at_once_wait_for_one_mp3(
    twilio, twilio_api, shelf, outbound, note, studio
):
    twilio_api.next = [REFUSED] * 6
    sends = (twilio.send(outbound("twilio", BILAL, note, key=f"k{n}"), shelf, free) for n in range(6))
    await asyncio.gather(*sends)
    assert (media(twilio_api), studio.made) == ([MP3.key] * 6, [note.media.key])


async def test_when_the_mp3_is_refused_too_its_words_go_with_a_link(
    twilio, twilio_api, shelf, outbound, note
):
    twilio_api.next = [REFUSED, REFUSED]
    await twilio.send(outbound("twilio", BILAL, note), shelf, free)
    (sent,) = twilio_api.messages
    assert sent["Body"] == f"{note.transcript}\n\nhttp://127.0.0.1/media/{note.media.key}"
    twilio_api.next = [REFUSED]  # the MP3, known by now
    await twilio.send(outbound("twilio", BILAL, replace(note, transcript="long " * 900)), shelf, free)
    long = twilio_api.messages[-1]["Body"]
    assert len(long) <= 1600
    assert long.endswith(note.media.key)


async def test_without_a_studio_the_words_go_at_once(twilio, twilio_api, shelf, outbound, note, studio):
    studio.broken = True
    twilio_api.next = [REFUSED]
    await twilio.send(outbound("twilio", BILAL, note), shelf, free)
    assert twilio_api.messages[0]["Body"].startswith(note.transcript)


@pytest.mark.parametrize("code", [63019, 12300, 63037, 21620])
async def test_a_picture_that_is_refused_goes_as_words(twilio, twilio_api, shelf, outbound, code, studio):
    twilio_api.next = [(400, {"code": code})]
    message = outbound("twilio", BILAL, Picture(shelf.png, "*by* sector", "a chart"), Text("more"))
    receipt = await twilio.send(message, shelf, free)
    first, second = twilio_api.messages
    assert first["Body"] == f"*by* sector\n\nhttp://127.0.0.1/media/{shelf.png.key}"
    assert (second["Body"], len(receipt.refs), studio.made) == ("more", 2, [])


async def test_another_failure_of_a_medium_is_not_mended(twilio, twilio_api, shelf, outbound, note, studio):
    for planned in ((400, {"code": 21617}), (500, {}), "lost"):
        twilio_api.next = [planned]
        with pytest.raises(DeliveryFailed):
            await twilio.send(outbound("twilio", BILAL, note), shelf, free)
    assert studio.made == []


async def test_a_note_refused_late_is_put_again_as_mp3_and_then_as_words(twilio, shelf, outbound, note):
    first = outbound("twilio", BILAL, note, key="brief:1")
    second = await twilio.instead(first, "63019", "SM1")
    assert (second.key, second.reply.blocks) == ("brief:1:mp3", (replace(note, media=MP3),))
    third = await twilio.instead(second, "63019", "SM2")
    (words,) = third.reply.blocks
    assert third.key == "brief:1:mp3:link"
    assert words.text.startswith(note.transcript)
    assert await twilio.instead(third, "63019", "SM3") is None


async def test_of_several_parts_the_one_refused_late_is_mended(twilio, shelf, outbound, note):
    blocks = (Text("words"), Picture(shelf.png, "chart"), note)
    message = replace(outbound("twilio", BILAL, *blocks), done=("SM1", "SM2", "SM3"))
    picture = await twilio.instead(message, "63019", "SM2")
    assert picture.reply.blocks[0].text.startswith("chart")
    assert (await twilio.instead(message, "63019", "SM3")).key.endswith(":mp3")
    assert await twilio.instead(message, "63019", "SM1") is None


@pytest.mark.parametrize("code", ["", "21610", "63018", "99999", "63024", "63016"])
async def test_other_late_refusals_have_nothing_in_their_place(twilio, shelf, outbound, note, code):
    assert await twilio.instead(outbound("twilio", BILAL, note), code, "SM1") is None
