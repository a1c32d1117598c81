"""Levels and codecs: measured on tones and noise whose true values are known."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from services.media import encoding
from services.media.joining import joined, paged, seconds
from services.media.levels import CEILING_DB, RATE, levelled, limited, loudness


def tone(length: float, pitch: float = 440.0, level_db: float = -12.0) -> np.ndarray:
    time = np.arange(int(length * RATE)) / RATE
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * pitch * time)).astype(np.float32)


def db(sound: np.ndarray) -> float:
    return float(20 * np.log10(max(np.abs(sound).max(), 1e-9)))


def note(*sounds: np.ndarray) -> tuple[bytes, float]:
    snippets = [paged(encoding.opus_packets(sound)) for sound in sounds]
    return joined(snippets), seconds(snippets)


def test_a_full_scale_sine_of_997_hz_is_at_minus_3_lufs():
    # ITU-R BS.1770: 0 dBFS at 997 Hz in one channel reads -3.01 LKFS.
    assert loudness(tone(5, 997, 0)) == pytest.approx(-3.01, abs=0.05)
    assert loudness(tone(5, 997, -20)) == pytest.approx(-23.01, abs=0.05)


def test_the_meter_ignores_pauses():
    speech = tone(3, 997, -20)
    assert loudness(np.concatenate([speech, np.zeros(5 * RATE, np.float32), speech])) == pytest.approx(
        -23.0, abs=0.3
    )


def test_silence_has_no_loudness():
    assert loudness(np.zeros(RATE, np.float32)) == float("-inf")
    assert loudness(tone(0.1)) == float("-inf")


@pytest.mark.parametrize("seed", range(5))
def test_the_limiter_lets_nothing_through(seed: int):
    chance = np.random.default_rng(seed)
    sound = (chance.standard_normal(RATE) * np.abs(np.sin(np.arange(RATE) / 3000))).astype(np.float32)
    sound[chance.integers(0, RATE, 20)] = 5.0
    held = limited(sound)
    assert db(held) <= CEILING_DB + 1e-3
    assert held.size == sound.size


def test_the_limiter_leaves_quiet_speech_alone():
    sound = tone(1, level_db=-6)
    assert limited(sound) is sound


def test_the_limiter_moves_no_faster_than_speech():
    loud = np.concatenate([tone(0.5, level_db=-20), tone(0.5, level_db=6), tone(0.5, level_db=-20)])
    gain = limited(loud)[::30] / np.where(loud[::30] == 0, 1, loud[::30])
    assert np.abs(np.diff(gain[loud[::30] != 0])).max() < 0.06


def test_levelled_cuts_pauses_and_applies_the_one_gain():
    silence = np.zeros(RATE, np.float32)
    out = levelled(np.concatenate([silence, tone(1, level_db=-30), silence]), 10.0)
    assert out.size / RATE == pytest.approx(1 + 0.040 + 0.220, abs=0.002)
    assert db(out) == pytest.approx(-20, abs=0.1)
    assert np.abs(out[: int(0.03 * RATE)]).max() == 0
    assert np.abs(out[-int(0.2 * RATE) :]).max() == 0


def test_levelled_lengthens_a_tail_that_is_too_short():
    out = levelled(tone(1, level_db=-30), 0.0)
    assert out.size / RATE == pytest.approx(1.26, abs=0.002)


def test_a_note_lasts_what_it_says_to_the_sample():
    data, length = note(tone(1.234), tone(0.5, 300), tone(2.001, 700))
    decoded = encoding.decode(data, 48_000)
    assert decoded.size == round(length * 48_000)


def test_joins_are_silent_and_parts_sound_as_alone():
    parts = [levelled(tone(0.8, pitch), 0.0) for pitch in (300, 440, 660)]
    whole = encoding.decode(note(*parts)[0], 48_000)
    begin = 0
    for part in parts:
        alone = encoding.decode(note(part)[0], 48_000)
        if begin:
            assert db(whole[begin - 1900 : begin + 900]) < -50, "the join is heard"
            settled = slice(960, None)
            assert db(whole[begin : begin + alone.size][settled] - alone[settled]) < -60
        begin += 960 * len(encoding.opus_packets(part))


def test_what_is_heard_is_what_was_said():
    sound = tone(1.0, 440, -12)
    decoded = encoding.decode(note(sound)[0])
    middle = decoded[RATE // 4 : RATE // 2]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size)))
    assert np.argmax(spectrum) * RATE / middle.size == pytest.approx(440, abs=4)
    assert db(middle) == pytest.approx(-12, abs=1)


def test_two_minutes_stay_under_whatsapps_limit():
    chance = np.random.default_rng(1)
    speech = (chance.standard_normal(20 * RATE) * 0.1).astype(
        np.float32
    )  # noise is the dearest speech there is
    size = len(b"".join(encoding.opus_packets(speech)))
    assert 6 * size < 512 * 1024


def test_mp3_keeps_length_and_pitch():
    data, length = note(tone(2.0, 440))
    coded = encoding.mp3(data)
    decoded = encoding.decode(coded)
    assert decoded.size / RATE == pytest.approx(length, abs=0.06)
    assert len(coded) * 8 / length == pytest.approx(encoding.MP3_BITS, rel=0.1)
    middle = decoded[RATE : RATE + RATE // 2]
    assert np.argmax(np.abs(np.fft.rfft(middle))) * 2 == pytest.approx(440, abs=4)


@pytest.mark.slow
def test_other_programs_agree_if_they_are_there(tmp_path: Path):
    data, length = note(*(levelled(tone(0.3 + n / 10, 200 + 50 * n), 0.0) for n in range(8)))
    file = tmp_path / "note.ogg"
    file.write_bytes(data)
    if shutil.which("opusinfo"):
        told = subprocess.run(["opusinfo", file], capture_output=True, text=True, check=True).stdout
        assert "WARNING" not in told
        assert "Pre-skip: 312" in told
    if shutil.which("ffmpeg"):
        order = ["ffmpeg", "-v", "warning", "-i", file, "-f", "f32le", "-ac", "1", "-ar", "48000", "-"]
        done = subprocess.run(order, capture_output=True, check=True)
        assert done.stderr == b""
        assert len(done.stdout) // 4 == round(length * 48_000)
