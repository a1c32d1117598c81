"""Answers "brief" and "audio": a person's own day, the market, or a sector, to read and to listen to."""

from contextlib import suppress

from handlers.registry import on
from handlers.turn import Turn
from services.domain.briefing.brief import Brief
from services.domain.conversation import Answer, Document, Picture, Voice
from services.domain.errors import Unavailable, UnknownName
from services.wording.layouts.briefing import long_replies, personal_reply, unknown_sector

_EXAMPLES = ("commercial banks", "cement", "fertilizer")


@on("brief")
async def brief(turn: Turn) -> Answer:
    """Text and chart first; the voice behind it if the user likes voices."""
    return await _answer(turn, voice=turn.user.preferences.voice, first=False)


@on("audio")
async def audio(turn: Turn) -> Answer:
    """The same to listen to: the voice first, whatever the user has set."""
    return await _answer(turn, voice=True, first=True)


async def _answer(turn: Turn, *, voice: bool, first: bool) -> Answer:
    scope = turn.details.get("scope") or ("sector" if turn.details.get("sector") else "")
    if not scope:
        scope = "personal" if turn.user.portfolio.holdings else "market"
    if voice:
        await turn.working("recording")
    if scope == "personal":
        return await _personal(turn, voice=voice, first=first)
    try:
        told = await _long(turn, scope)
    except UnknownName:
        return Answer((unknown_sector(turn.lang, _EXAMPLES),))
    return await _chapters(turn, told, voice=voice)


async def _personal(turn: Turn, *, voice: bool, first: bool) -> Answer:
    """The person's own brief; from then on it is the last one they received.

    Raises:
        NothingHeld: If they have named no holdings; the dispatcher asks for them.
    """
    briefings = turn.services.briefings
    told = await briefings.personal(turn.user, asked=True)
    picture = await _picture(turn, told)
    notes, silent = await _notes(turn, told) if voice else ((), False)
    await turn.services.users.told(turn.user.id, told.version)
    return Answer((personal_reply(told, picture, notes, voice_first=first, silent=silent),))


async def _long(turn: Turn, scope: str) -> Brief:
    if scope == "market":
        return await turn.services.briefings.market(turn.lang)
    return await turn.services.briefings.sector(turn.details.get("sector") or turn.text, turn.lang)


async def _chapters(turn: Turn, told: Brief, *, voice: bool) -> Answer:
    """A long brief chapter by chapter; without a voice it comes as its full text."""
    full = turn.details.get("length") == "long" or not voice
    voices: dict[str, tuple[Voice, ...]] = {}
    file: Document | None = None
    silent = False
    if voice:
        try:
            for chapter in told.chapters:  # a channel shows "recording…" for some seconds only
                await turn.working("recording")
                voices[chapter.title] = await turn.services.briefings.chapter_voices(told, chapter)
            await turn.working("recording")
            file = await turn.services.briefings.mp3(told)
        except Unavailable:
            voices, silent = {}, True
    picture = await _picture(turn, told)
    return Answer(long_replies(told, voices, file, full=full, silent=silent, picture=picture))


async def _picture(turn: Turn, told: Brief) -> Picture | None:
    """The chart, if the user likes charts; words without their chart are better than an error."""
    if turn.user.preferences.charts:
        with suppress(Unavailable):
            return await turn.services.briefings.picture(told)
    return None


async def _notes(turn: Turn, told: Brief) -> tuple[tuple[Voice, ...], bool]:
    """The voice notes, and whether one was wanted that nobody can speak."""
    try:
        return await turn.services.briefings.voiced(told), False
    except Unavailable:
        return (), True
