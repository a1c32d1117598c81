"""The real voice process: what it says is sound, it survives its own failures, it dies with us. Slow."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from services.domain.errors import BadInput, Unavailable
from services.media import encoding
from services.media.levels import loudness
from services.media.speech import OfflineSpeech
from services.media.studio import Studio
from services.media.voices import EspeakVoice
from services.ports import Recording

ROOT = Path(__file__).resolve().parents[2]


def length(note: Recording) -> float:
    return encoding.decode(note.data, 48_000).size / 48_000


@pytest.mark.slow
class TestTheRealVoice:
    @pytest.fixture(scope="class")
    @staticmethod
    def studio() -> Iterator[Studio]:
        studio = Studio()
        yield studio
        studio.end()

    @pytest.fixture
    async def speech(self, tmp_path: Path, studio: Studio) -> AsyncIterator[OfflineSpeech]:
        class Kept(Studio):
            def record(
                self, voice: str, gain_db: float, texts: Sequence[str], *, speed: float
            ) -> Iterator[tuple[bytes, ...]]:
                return studio.record(voice, gain_db, texts, speed=speed)

            def mp3(self, sound: bytes) -> bytes:
                return studio.mp3(sound)

        made = OfflineSpeech(tmp_path, names=lambda: {"MEBL": "Meezan Bank"}, studio=Kept)
        yield made
        await made.close()

    async def test_a_brief_is_loud_enough_clean_and_of_a_natural_pace(self, speech: OfflineSpeech):
        note = await speech.speak(
            [
                "Good evening, Ayesha.",
                "The KSE-100 closed at 176,591.76 on 20 Aug 2026, down 0.68%.",
                "MEBL closed at Rs 415.20, down 1.9%, on volume 1.4 times its 20-day median.",
                "Foreigners sold shares worth USD 0.29 mn, mostly in banks.",
            ],
            "en",
        )
        sound = encoding.decode(note.data)
        assert note.seconds == pytest.approx(length(note), abs=1e-5)
        assert 20 < note.seconds < 35
        assert -18 < loudness(sound) < -15.5
        assert np.abs(sound).max() < 0.95
        assert len(note.data) * 8 / note.seconds < 27_000

    @pytest.mark.parametrize(
        "text",
        [
            "1" * 60,
            "word " * 400,
            "a\x00b\x1b[0m c\ud800d",
            "<speak><break time='1s'/>Hello</speak>",
            "https://dps.psx.com.pk/company/MEBL?x=1&y=2",
            "A" * 900,
            "(((((((",
            "?! -- %%% $$$ ok",
            "zzxxqq" * 50,
            "[x](/abc/) and [y](/",
        ],
    )
    async def test_odd_text_is_spoken_or_refused_in_words_of_ours(self, speech: OfflineSpeech, text: str):
        try:
            note = await speech.speak([text], "en")
        except (BadInput, Unavailable):
            assert text in {"(((((((", "zzxxqq" * 50}
        else:
            assert note.seconds < 200

    async def test_names_and_letters_are_known_to_the_engine(self):
        from hibari import Hibari

        from services.media import voices

        vocabulary = Hibari().vocab
        assert not {sign for sounds in voices._SAID.values() for sign in sounds} - set(vocabulary)
        assert voices._annotated("K S E one hundred at nine A M") == "K.S.E one hundred at nine A.M"
        assert voices._annotated("E T Fs, Meezan") == "E.T.Fs, [Meezan](/mizˈɑn/)"

    async def test_urdu_is_spoken_where_espeak_is_installed(self, speech: OfflineSpeech):
        written = ["آج بازار میں 1.2% اضافہ ہوا۔"]
        if EspeakVoice.installed():
            note = await speech.speak(written, "ur")
            assert 2 < note.seconds < 8
        else:
            with pytest.raises(Unavailable, match="espeak-ng"):
                await speech.speak(written, "ur")

    def test_a_killed_voice_process_is_told_and_replaced(self):
        studio = Studio()
        try:
            assert list(studio.record("hibari", 10.0, ["Hello."], speed=1.1))
            pid = studio.pid
            takes = studio.record("hibari", 10.0, ["Hello once more."] * 6, speed=1.1)
            next(takes)
            os.kill(pid or 0, signal.SIGKILL)
            with pytest.raises(Unavailable, match="ended"):
                list(takes)
            assert list(studio.record("hibari", 10.0, ["Hello."], speed=1.1))
            assert studio.pid != pid
        finally:
            studio.end()

    def test_a_failed_sentence_does_not_shift_the_answers(self):
        studio = Studio()
        try:
            with pytest.raises(Unavailable):
                list(studio.record("hibari", 10.0, ["Hello.", "سلام", "Good bye to all of you."], speed=1.1))
            (one,) = studio.record("hibari", 10.0, ["Hello."], speed=1.1)
            assert len(one) * 0.02 < 1.5
            with pytest.raises(Unavailable, match="encoding failed"):
                studio.mp3(b"no sound at all")
        finally:
            studio.end()

    def test_a_stuck_voice_process_is_ended(self):
        studio = Studio(patience=0.01)
        with pytest.raises(Unavailable, match="ended"):
            list(studio.record("hibari", 10.0, ["Hello."], speed=1.1))
        assert studio.pid is None

    def test_our_own_process_loads_no_engine(self, tmp_path: Path):
        program = f"""
import asyncio, sys
from pathlib import Path
from services.media.speech import OfflineSpeech
async def main():
    speech = OfflineSpeech(Path({str(tmp_path)!r}))
    note = await speech.speak_mp3([["Hello."]], "en")
    assert note.seconds > 0.4, note.seconds
    await speech.close()
asyncio.run(main())
print(sorted({{"hibari", "onnxruntime", "av", "numpy"}} & set(sys.modules)))
"""
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "[]"
        assert done.stderr == ""
