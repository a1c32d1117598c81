"""The answers to "brief" and "audio": what comes first, what comes without a voice, and what is remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from handlers.briefing import audio, brief
from handlers.turn import Turn
from services.briefing import Briefings
from services.domain.conversation import Address, Answer, Inbound, Lang, MediaRef, Session, Text
from services.domain.errors import NothingHeld, Unavailable
from services.domain.intents import Understanding
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Preferences, User
from services.llm.model import OfflineModel
from services.ports import Recording
from services.sources.sample import SampleMarket

NOW = datetime(2026, 8, 21, 9, 0, tzinfo=ZoneInfo("Asia/Karachi"))
HOLDS = Portfolio((Holding("MEBL", Decimal("0.6")), Holding("OGDC", Decimal("0.4"))))


class Studio:
    def now(self) -> datetime:
        return NOW

    async def draw(self, spec: object) -> bytes:
        return b"png"

    async def put(self, data: bytes, mime: str, name: str = "") -> MediaRef:
        return MediaRef(name, mime, len(data), name)

    async def speak(self, sentences: Sequence[str], lang: Lang, *, within: float | None = None) -> Recording:
        if lang != "en":
            raise Unavailable("no voice")
        return Recording(b"ogg", 60.0, " ".join(sentences))

    async def speak_mp3(
        self, chapters: Sequence[Sequence[str]], lang: Lang, *, within: float | None = None
    ) -> Recording:
        return Recording(b"mp3", 60.0 * len(chapters), "")


class Remembers:
    def __init__(self) -> None:
        self.last = ""

    async def told(self, user_id: str, version: str) -> None:
        self.last = version


@dataclass
class Few:
    briefings: Briefings
    users: Remembers = field(default_factory=Remembers)


def turn(
    details: Mapping[str, str] | None = None, portfolio: Portfolio = HOLDS, **preferences: object
) -> Turn:
    studio = Studio()
    briefings = Briefings(SampleMarket(), studio, studio, studio, OfflineModel(), studio)
    user = User(
        "u",
        (Address("web", "1"),),
        NOW,
        "Ayesha",
        preferences=Preferences(**preferences),
        portfolio=portfolio,
    )
    inbound = Inbound("e", Address("web", "1"), NOW, "brief")
    return Turn(inbound, user, Session("u"), Understanding("brief", details or {}), Few(briefings), NOW)


def kinds(answer: Answer) -> list[str]:
    return [block.kind for reply in answer.replies for block in reply.blocks]


async def whole(answer: Answer) -> Answer:
    """The answer with all that is still made."""
    assert answer.more is not None
    return replace(answer, replies=(*answer.replies, *[reply async for reply in answer.more()]))


def words(answer: Answer) -> str:
    return "\n".join(b.text for r in answer.replies for b in r.blocks if isinstance(b, Text))


async def test_a_brief_is_text_then_chart_then_voice_and_audio_turns_it_round() -> None:
    assert kinds(await brief(turn())) == ["text", "picture", "voice"]
    assert kinds(await audio(turn())) == ["voice", "text", "picture"]
    assert kinds(await brief(turn(voice=False, charts=False))) == ["text"]
    assert kinds(await audio(turn(voice=False, charts=False))) == ["voice", "text"]


async def test_a_language_without_a_voice_gets_the_text_and_an_honest_line() -> None:
    answer = await audio(turn(lang="roman"))
    assert kinds(answer) == ["text", "text", "picture"]
    assert "awaaz dastyab nahin" in words(answer)
    long = await audio(turn({"scope": "market"}, lang="ur"))
    assert set(kinds(long)) == {"text", "picture"}
    assert "آواز دستیاب نہیں" in words(long)


async def test_what_was_told_is_remembered() -> None:
    told = turn()
    await brief(told)
    assert "|2026-08-20|" in told.services.users.last


async def test_the_market_comes_by_chapters_with_one_line_each_and_a_file_at_the_end() -> None:
    answer = await whole(await audio(turn({"scope": "market"})))
    assert kinds(answer) == ["text", "picture", *["text", "voice"] * 5, "document"]
    assert len(words(answer)) < 1_500
    assert answer.replies[-1].source
    assert answer.replies[-1].buttons[0].press == "brief?scope=market&length=long"


async def test_the_wait_for_a_long_brief_is_shown_before_every_chapter() -> None:
    shown: list[str] = []

    async def progress(kind: str) -> None:
        shown.append(kind)

    await whole(await audio(replace(turn({"scope": "market"}), progress=progress)))
    assert shown == ["recording"] * 7


async def test_without_voice_or_on_request_the_market_comes_in_full() -> None:
    assert len(words(await brief(turn({"scope": "market"}, voice=False)))) > 7_000
    assert len(words(await whole(await brief(turn({"scope": "market", "length": "long"}))))) > 7_000


async def test_a_sector_by_name_and_an_unknown_one() -> None:
    answer = await brief(turn({"scope": "sector", "sector": "cement"}, voice=False))
    assert "*Cement, 20 Aug 2026*" in words(answer)
    assert answer.replies[-1].buttons[-1].press == "audio?scope=sector&sector=0804"
    unknown = await brief(turn({"scope": "sector", "sector": "bananas"}))
    assert "no sector by that name" in words(unknown)
    assert all(len(b.press.encode()) <= 64 for b in unknown.replies[0].buttons)


async def test_who_holds_nothing_gets_the_market_unless_they_ask_for_their_own() -> None:
    assert "*The market, 20 Aug 2026*" in words(await brief(turn(portfolio=Portfolio(), voice=False)))
    with pytest.raises(NothingHeld):
        await brief(turn({"scope": "personal"}, portfolio=Portfolio()))
