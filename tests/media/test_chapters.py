"""The long briefs as they are heard (slow, with the real voice): five notes, each in its measure, clean and unbroken."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from services.briefing import Briefings
from services.domain.conversation import MediaRef
from services.llm.model import OfflineModel
from services.media import encoding
from services.media.levels import RATE, loudness
from services.media.speech import OfflineSpeech
from services.sources.sample import SampleMarket
from services.wording.spoken_names import spoken_names

NOW = datetime(2026, 8, 21, 9, 0, tzinfo=ZoneInfo("Asia/Karachi"))


class Shelf:
    """The clock and the media store; no chart is drawn here."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def now(self) -> datetime:
        return NOW

    async def put(self, data: bytes, mime: str, name: str = "") -> MediaRef:
        self.held.append(data)
        return MediaRef(str(len(self.held) - 1), mime, len(data), name)

    async def get(self, key: str) -> bytes:
        return self.held[int(key)]

    async def draw(self, spec: object) -> bytes:
        raise NotImplementedError


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[OfflineSpeech]:
    market = SampleMarket()
    names = spoken_names(await market.book())
    speech = OfflineSpeech(tmp_path, names=lambda: names)
    yield speech
    await speech.close()


def longest_gap(sound: np.ndarray) -> float:
    """Seconds of the longest run of milliseconds below −60 dBFS."""
    step = RATE // 1000
    peaks = np.abs(sound[: sound.size // step * step]).reshape(-1, step).max(axis=1)
    heard = np.flatnonzero(peaks > 0.001)
    return float(np.diff(heard).max()) / 1000


@pytest.mark.slow
@pytest.mark.timeout(400)  # a busy machine speaks ten minutes of sound in two
@pytest.mark.parametrize(
    ("scope", "shortest", "longest"), [("market", 540, 630), ("0807", 270, 345), ("cement", 270, 345)]
)
async def test_a_long_brief_is_five_notes_of_two_minutes_at_most(
    voice: OfflineSpeech, scope: str, shortest: int, longest: int
) -> None:
    shelf = Shelf()
    briefings = Briefings(SampleMarket(), shelf, voice, shelf, OfflineModel(), shelf)
    brief = await (briefings.market("en") if scope == "market" else briefings.sector(scope, "en"))
    notes = await briefings.voiced(brief)
    assert [note.transcript for note in notes] == [chapter.text for chapter in brief.chapters]
    assert len(notes) == 5
    for note in notes:
        data = await shelf.get(note.media.key)
        sound = encoding.decode(data)
        assert len(data) <= 512 * 1024
        assert sound.size / RATE <= 120.0
        assert sound.size / RATE == pytest.approx(note.seconds, abs=0.01)
        assert np.abs(sound).max() < 0.95
        assert longest_gap(sound) < 1.0
        assert -18.5 < loudness(sound) < -15
    assert shortest <= sum(note.seconds for note in notes) <= longest
    file = await briefings.mp3(brief)
    whole = encoding.decode(await shelf.get(file.media.key))
    assert whole.size / RATE == pytest.approx(sum(note.seconds for note in notes), abs=0.2)
