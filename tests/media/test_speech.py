"""The Speech port's offline adapter: with a studio that plays tones."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from services.domain.errors import BadInput, Unavailable
from services.media import encoding
from services.media.levels import RATE
from services.media.pace import Pace
from services.media.speech import OfflineSpeech
from services.media.studio import Studio
from services.media.voices import checked
from services.ports import Recording, Speech


class Tones(Studio):
    """Speaks 10 ms of tone a character, at speed 2 half of it; "broken" fails. It remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.speeds: list[float] = []
        self.began = threading.Event()
        self.over = threading.Event()

    def record(
        self, voice: str, gain_db: float, texts: Sequence[str], *, speed: float
    ) -> Iterator[tuple[bytes, ...]]:
        for text in texts:
            self.said.append(text)
            self.speeds.append(speed)
            self.began.set()
            if "broken" in text:
                raise Unavailable("it broke", what="voice")
            time = np.arange(int(len(text) * RATE / 100 / speed)) / RATE
            yield encoding.opus_packets((0.2 * np.sin(2000 * time)).astype(np.float32))

    def mp3(self, sound: bytes) -> bytes:
        return encoding.mp3(sound)

    def end(self) -> None:
        self.over.set()


class AnyVoice:
    name = "any"
    gain_db = 0.0
    pace = Pace(((1.0, 0.01), (1.5, 0.0067), (2.0, 0.005)), piece=0.08)

    def ident(self, speed: float) -> str:
        return f"any 1 {speed}"

    def say(self, text: str, speed: float) -> np.ndarray:
        raise NotImplementedError


@pytest.fixture
def tones() -> Tones:
    return Tones()


@pytest.fixture
async def speech(tmp_path: Path, tones: Tones) -> AsyncIterator[OfflineSpeech]:
    made = OfflineSpeech(
        tmp_path, names=lambda: {"MEBL": "Meezan Bank"}, voices={"en": AnyVoice()}, studio=lambda: tones
    )
    port: Speech = made
    assert port is made
    yield made
    await made.close()


def length(note: Recording) -> float:
    return encoding.decode(note.data, 48_000).size / 48_000


async def test_a_note_is_normalised_spoken_and_as_long_as_it_says(speech: OfflineSpeech, tones: Tones):
    note = await speech.speak(["MEBL rose 2%. It was busy.", "👍", "Good night."], "en")
    assert tones.said == ["Meezan Bank rose two percent.", "It was busy.", "Good night."]
    assert note.transcript == "MEBL rose 2%. It was busy. Good night."
    assert note.seconds == pytest.approx(length(note), abs=1e-5)
    assert note.data[:4] == b"OggS"


async def test_known_sentences_are_not_spoken_again(speech: OfflineSpeech, tones: Tones, tmp_path: Path):
    first = await speech.speak(["Hello.", "Hello.", "Bye."], "en")
    assert tones.said == ["Hello.", "Bye."]
    assert await speech.speak(["Hello.", "Hello.", "Bye."], "en") == first
    other = OfflineSpeech(tmp_path, voices={"en": AnyVoice()}, studio=lambda: tones)
    assert await other.speak(["Bye."], "en") != first
    assert tones.said == ["Hello.", "Bye."]
    await other.close()


async def test_notes_at_the_same_time_share_a_new_sentence(speech: OfflineSpeech, tones: Tones):
    notes = await asyncio.gather(
        *(speech.speak(["Shared.", f"Own {'x' * n}."], "en") for n in range(1, 40, 10))
    )
    assert tones.said.count("Shared.") == 1
    assert len(tones.said) == 5
    assert len({note.data for note in notes}) == 4


async def test_a_short_note_need_not_wait_for_a_long_one(speech: OfflineSpeech, tones: Tones):
    long = asyncio.create_task(speech.speak([f"Number {'x' * n}." for n in range(1, 30)], "en"))
    await asyncio.to_thread(tones.began.wait, 10)
    await speech.speak(["Short."], "en")
    assert not long.done()
    await long
    assert tones.said.index("Short.") < 20


@pytest.mark.parametrize("nothing", [[], [""], ["  \n "], ["😀😀", "..."], ["\x00"]])
async def test_nothing_to_say_is_bad_input(speech: OfflineSpeech, nothing: list[str]):
    with pytest.raises(BadInput):
        await speech.speak(nothing, "en")


async def test_far_too_much_is_bad_input(speech: OfflineSpeech, tones: Tones):
    with pytest.raises(BadInput, match="chapters"):
        await speech.speak(["Again."] * 601, "en")
    assert tones.said == []


@pytest.mark.parametrize("lang", ["roman", "ur"])
async def test_a_language_without_a_voice_is_unavailable(speech: OfflineSpeech, lang):
    with pytest.raises(Unavailable, match="voice"):
        await speech.speak(["Aap kaise hain?"], lang)


async def test_another_script_is_refused_but_one_foreign_name_is_left_out(
    speech: OfflineSpeech, tones: Tones
):
    with pytest.raises(Unavailable, match="script"):
        await speech.speak(["آج بازار میں تیزی رہی۔"], "en")
    await speech.speak(["Good morning, علی."], "en")
    assert tones.said == ["Good morning."]


async def test_a_failure_is_told_and_does_not_poison_what_follows(speech: OfflineSpeech, tones: Tones):
    with pytest.raises(Unavailable):
        await speech.speak(["Fine.", "This is broken.", "Never said."], "en")
    await speech.speak(["Fine.", "Never said."], "en")
    assert tones.said == ["Fine.", "This is broken.", "Never said."]


async def test_giving_up_waiting_leaves_the_others_alone(speech: OfflineSpeech, tones: Tones):
    first = asyncio.create_task(speech.speak(["One.", "Two."], "en"))
    second = asyncio.create_task(speech.speak(["One.", "Two."], "en"))
    await asyncio.to_thread(tones.began.wait, 10)
    first.cancel()
    assert (await second).seconds > 0
    assert tones.said == ["One.", "Two."]


async def test_mp3_is_the_same_note(speech: OfflineSpeech):
    note = await speech.speak(["Hello there, this is it."], "en")
    one_file = await speech.speak_mp3([["Hello there, this is it."]], "en")
    assert one_file.seconds == note.seconds
    assert length(one_file) == pytest.approx(note.seconds, abs=0.06)


async def test_a_note_can_be_made_mp3_afterwards(speech: OfflineSpeech):
    note = await speech.speak(["Hello there, this is it."], "en")
    again = await speech.as_mp3(note.data)
    assert again[:4] != note.data[:4]
    assert length(replace(note, data=again)) == pytest.approx(note.seconds, abs=0.06)


TALK = [f"{letter * 97}end." for letter in "abcde"]


async def test_a_note_is_as_fast_as_its_length_asks_for_and_not_faster(speech: OfflineSpeech, tones: Tones):
    plain = await speech.speak(TALK, "en")
    roomy = await speech.speak(TALK, "en", within=plain.seconds * 1.1)
    assert roomy == plain
    assert tones.speeds == [1.0] * 5
    tight = await speech.speak(TALK, "en", within=4.2)
    assert tight.seconds <= 4.2
    assert tones.speeds[5:] == [1.5] * 5
    assert tight.transcript == plain.transcript
    await speech.speak(TALK, "en", within=4.2)
    assert len(tones.said) == 10


async def test_what_fits_at_no_speed_is_spoken_at_the_fastest(speech: OfflineSpeech, tones: Tones):
    note = await speech.speak(TALK, "en", within=1.0)
    assert note.seconds > 1.0
    assert set(tones.speeds) == {2.0}


async def test_a_note_that_runs_over_its_estimate_is_spoken_again_faster(tmp_path: Path, tones: Tones):
    class Hopeful(AnyVoice):
        pace = Pace(((1.0, 0.001), (2.0, 0.0005)))

    speech = OfflineSpeech(tmp_path, voices={"en": Hopeful()}, studio=lambda: tones)
    note = await speech.speak(TALK, "en", within=4.2)
    assert note.seconds <= 4.2
    assert tones.speeds == [1.0] * 5 + [2.0] * 5
    await speech.close()


async def test_chapters_in_one_file_are_the_notes_one_after_another(speech: OfflineSpeech, tones: Tones):
    notes = [await speech.speak(TALK[:2], "en", within=1.4), await speech.speak(TALK[2:], "en", within=1.4)]
    known = len(tones.said)
    one_file = await speech.speak_mp3([TALK[:2], TALK[2:]], "en", within=1.4)
    assert len(tones.said) == known
    assert one_file.seconds == pytest.approx(sum(note.seconds for note in notes), abs=0.01)
    assert one_file.transcript == " ".join(note.transcript for note in notes)


async def test_the_voice_process_is_ended_after_some_idle_time(tmp_path: Path, tones: Tones):
    speech = OfflineSpeech(tmp_path, voices={"en": AnyVoice()}, studio=lambda: tones, idle_seconds=0.05)
    await speech.speak(["Hello."], "en")
    assert speech.last_used is not None
    assert await asyncio.to_thread(tones.over.wait, 10)
    assert speech.last_used is None
    await speech.speak(["Again."], "en")
    await speech.close()


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (np.zeros(0, np.float32), "no sound"),
        (np.zeros(RATE, np.float32), "silence"),
        (np.full(RATE, np.nan, np.float32), "broken"),
        (np.ones(60 * RATE, np.float32), "60 s"),
    ],
)
def test_what_cannot_be_the_text_is_refused(sound: np.ndarray, why: str):
    with pytest.raises(Unavailable, match=why):
        checked(sound, "Hello there.")
