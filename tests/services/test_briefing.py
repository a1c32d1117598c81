"""The use-case over fakes of its ports: voice in bearable parts, the model only as far as it stays with the facts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.briefing import LONGEST_SECONDS, Briefings
from services.domain.conversation import Address, Lang, MediaRef
from services.domain.errors import Unavailable, UnknownName
from services.domain.grounding import check
from services.domain.intents import Understanding
from services.domain.pictures import PictureSpec
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Preferences, User
from services.llm.model import OfflineModel
from services.ports import Recording
from services.sources.sample import SampleMarket

NOW = datetime(2026, 8, 21, 9, 0, tzinfo=ZoneInfo("Asia/Karachi"))


class StillClock:
    def now(self) -> datetime:
        return NOW


class Studio:
    """Charts, media and speech in one: a second of sound for every two words."""

    def __init__(self) -> None:
        self.spoken: list[tuple[str, ...]] = []
        self.bounds: list[float | None] = []
        self.files = 0
        self.drawn: list[PictureSpec] = []
        self.deaf: set[Lang] = {"roman"}

    async def draw(self, spec: PictureSpec) -> bytes:
        self.drawn.append(spec)
        return b"png"

    async def put(self, data: bytes, mime: str, name: str = "") -> MediaRef:
        return MediaRef(f"{len(data)}", mime, len(data), name)

    async def get(self, key: str) -> bytes:
        raise NotImplementedError

    async def speak(self, sentences: Sequence[str], lang: Lang, *, within: float | None = None) -> Recording:
        if lang in self.deaf:
            raise Unavailable("no voice")
        self.spoken.append(tuple(sentences))
        self.bounds.append(within)
        text = " ".join(sentences)
        return Recording(b"o" * len(text), len(text.split()) / 2, text)

    async def speak_mp3(
        self, chapters: Sequence[Sequence[str]], lang: Lang, *, within: float | None = None
    ) -> Recording:
        self.files += 1
        notes = [await self.speak(chapter, lang, within=within) for chapter in chapters]
        return Recording(b"mp3", sum(n.seconds for n in notes), " ".join(n.transcript for n in notes))


class Writer:
    """A model that writes what it is told to."""

    def __init__(self, edit: str) -> None:
        self.edit = edit
        self.asked = 0

    async def understand(self, text: str, lang: Lang) -> Understanding:
        raise NotImplementedError

    async def narrate(self, prompt: str, inputs: dict[str, str]) -> str:
        self.asked += 1
        assert prompt == "briefing"
        assert set(inputs) == {"section", "language", "words", "facts", "draft"}
        return inputs["draft"].rsplit(". ", 1)[0] + ". " + self.edit


def made(model: object = None) -> tuple[Briefings, Studio]:
    studio = Studio()
    return Briefings(SampleMarket(), studio, studio, studio, model or OfflineModel(), StillClock()), studio


def somebody(**changes: object) -> User:
    holdings = (Holding("MEBL", Decimal("0.6")), Holding("OGDC", Decimal("0.4")))
    fields = {
        "id": "u1",
        "addresses": (Address("web", "1"),),
        "created_at": NOW,
        "name": "Ayesha",
        "portfolio": Portfolio(holdings),
    }
    return User(**{**fields, **changes})


async def test_a_long_chapter_is_cut_at_sentences_until_every_note_is_short() -> None:
    briefings, studio = made()
    brief = await briefings.market("en")
    notes = await briefings.voiced(brief)
    assert all(note.seconds <= LONGEST_SECONDS for note in notes)
    assert len(notes) == 10
    said = " ".join(note.transcript for note in notes)
    assert said == " ".join(chapter.text for chapter in brief.chapters)
    before = len(studio.spoken)
    assert await briefings.chapter_voices(brief, brief.chapters[0]) == notes[:2]
    assert len(studio.spoken) == before + 1


async def test_a_note_over_512_kilobytes_is_cut_too() -> None:
    briefings, studio = made()
    brief = await briefings.personal(somebody(), asked=True)

    async def heavy(sentences: Sequence[str], lang: Lang, *, within: float | None = None) -> Recording:
        return Recording(
            b"o" * (400 * 1024 if len(sentences) < 12 else 600 * 1024), 50.0, " ".join(sentences)
        )

    studio.speak = heavy
    notes = await briefings.voiced(brief)
    assert len(notes) == 2
    assert " ".join(note.transcript for note in notes) == brief.chapters[0].text


async def test_only_long_briefs_are_bound_to_a_length_and_their_file_is_made_once() -> None:
    briefings, studio = made()
    await briefings.voiced(await briefings.personal(somebody(), asked=True))
    assert studio.bounds == [None]
    market, sector = await briefings.market("en"), await briefings.sector("cement", "en")
    for brief, within in ((market, 120.0), (sector, 66.0)):
        studio.bounds.clear()
        await briefings.voiced(brief)
        file = await briefings.mp3(brief)
        assert set(studio.bounds) == {within}
        assert await briefings.mp3(brief) is file
    assert studio.files == 2


async def test_a_scheduled_brief_without_a_voice_makes_no_excuse() -> None:
    briefings, _ = made()
    reply, _ = await briefings.delivery(somebody(preferences=Preferences(lang="roman")), "morning")
    assert [block.kind for block in reply.blocks] == ["text", "picture"]
    spoken, _ = await briefings.delivery(somebody(), "morning")
    assert [block.kind for block in spoken.blocks] == ["text", "picture", "voice"]


async def test_a_language_without_a_voice_says_so() -> None:
    briefings, _ = made()
    with pytest.raises(Unavailable):
        await briefings.voiced(await briefings.market("roman"))


async def test_long_briefs_and_charts_are_made_once() -> None:
    briefings, studio = made()
    assert await briefings.market("en") is await briefings.market("en", "morning")
    assert await briefings.sector("banks", "en") is await briefings.sector("0807", "en")
    first = await briefings.personal(somebody(), asked=True)
    second = await briefings.personal(somebody(id="u2", name="Bilal"), asked=True)
    assert await briefings.picture(first) == await briefings.picture(second)
    assert len(studio.drawn) == 1


async def test_the_market_and_a_sector_are_two_briefs() -> None:
    briefings, _ = made()
    market, sector = await briefings.market("en"), await briefings.sector("cement", "en")
    assert (market.scope, sector.scope) == ("market", "sector")
    assert market.version != sector.version
    with pytest.raises(UnknownName):
        await briefings.sector("bananas", "en")


async def test_a_grounded_rewrite_is_used() -> None:
    writer = Writer("Nothing else stands in the files.")
    brief = await made(writer)[0].market("en")
    assert writer.asked == 5
    assert all(c.sentences[-1] == "Nothing else stands in the files." for c in brief.chapters)
    assert brief.text.count("Nothing else stands in the files.") == 5
    check(brief.text, brief.facts, brief.days, brief.names)


@pytest.mark.parametrize(
    "edit",
    [
        "The index rose 7.77%.",
        "It closed at 200,000.00.",
        "You should buy now.",
        "The price target is clear.",
        "It fell twelve percent.",
        "word " * 400,
    ],
)
async def test_a_rewrite_with_a_strange_figure_or_advice_or_padding_is_thrown_away(edit: str) -> None:
    plain = await made()[0].market("en")
    assert await made(Writer(edit))[0].market("en") == plain


async def test_a_scheduled_brief_tells_nobody_the_same_twice() -> None:
    briefings, _ = made()
    first = await briefings.personal(somebody(), "morning")
    again = await briefings.personal(somebody(last_brief=first.version), "evening")
    assert not first.one_line
    assert again.one_line
    assert await briefings.picture(again) is None


async def test_a_sentence_longer_than_a_note_is_not_cut_for_ever() -> None:
    briefings, studio = made()

    async def endless(sentences: Sequence[str], lang: Lang, *, within: float | None = None) -> Recording:
        return Recording(b"o", 500.0, " ".join(sentences))

    studio.speak = endless
    brief = await briefings.personal(somebody(), asked=True)
    assert len(await briefings.voiced(brief)) == len(brief.chapters[0].sentences)


def test_the_clock_of_these_tests_is_the_morning_after_the_sample_day() -> None:
    assert NOW.utcoffset() == timedelta(hours=5)
    assert NOW.hour == 9
