"""Answers "brief" and "audio": a person's own day, the market, or a sector, to read and to listen to."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from functools import partial

from handlers.registry import on
from handlers.turn import Turn
from services.domain.briefing.brief import Brief, Chapter
from services.domain.conversation import Answer, Block, Picture, Reply, Text, Voice
from services.domain.errors import Unavailable, UnknownName
from services.wording import say
from services.wording.layouts import briefing as layout
from services.wording.layouts.menu import with_lead


@on("brief")
async def brief(turn: Turn) -> Answer:
    """Text and chart first; the voice behind it if the user likes voices."""
    return await _answer(turn, voice=turn.user.preferences.voice, first=False)


@on("audio")
async def audio(turn: Turn) -> Answer:
    """The same to listen to: the voice first, whatever the user has set.

    Behind "Send audio" of an approved template stands the key of the brief that the template stood for.
    """
    if "told" in turn.details:
        return await _told_before(turn, turn.details["told"])
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
        return Answer((layout.unknown_sector(turn.lang, turn.profile.sector_examples),))
    return await _chapters(turn, told, voice=voice)


async def _told_before(turn: Turn, key: str) -> Answer:
    """The brief of that key in full, in its own words; today's, with a line why, if there is none for this person."""
    kept = await turn.services.broadcasts.told_before(turn.user, key)
    if kept is None:
        return with_lead(await _answer(turn, voice=True, first=True), say(turn.lang, "briefing.told_gone"))
    if any(isinstance(block, Voice) for block in kept.blocks):
        return Answer((kept,))
    await turn.working("recording")
    words = "\n".join(block.text for block in kept.blocks if isinstance(block, Text))
    try:
        notes: tuple[Block, ...] = await turn.services.briefings.aloud(words, turn.lang)
    except Unavailable:
        notes = (Text(f"_{say(turn.lang, 'briefing.no_voice')}_"),)
    return Answer((replace(kept, blocks=(*kept.blocks, *notes)),))


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
    return Answer((layout.personal_reply(told, picture, notes, voice_first=first, silent=silent),))


async def _long(turn: Turn, scope: str) -> Brief:
    if scope == "market":
        return await turn.services.briefings.market(turn.lang)
    return await turn.services.briefings.sector(turn.sector or turn.text, turn.lang)


async def _chapters(turn: Turn, told: Brief, *, voice: bool) -> Answer:
    """A long brief chapter by chapter; without a voice it comes as its full text.

    The first chapter is spoken before anything is told, which shows whether anybody speaks the language; the others
    follow as they are ready.
    """
    full = turn.details.get("length") == "long" or not voice
    first, *others = told.chapters
    notes: tuple[Voice, ...] = ()
    silent = False
    if voice:
        try:
            notes = await _spoken(turn, told, first)
        except Unavailable:
            silent = True
    begun = layout.opening(told, await _picture(turn, told), silent=silent)
    replies = [begun, layout.chapter_reply(told, first, notes, full=full)]
    if notes:
        return Answer((begun,), more=partial(_rest, turn, told, notes, full))
    replies += [layout.chapter_reply(told, chapter, (), full=full) for chapter in others]
    return Answer((*replies[:-1], layout.closed(told, replies[-1], None, full=full)))


async def _rest(turn: Turn, told: Brief, notes: tuple[Voice, ...], full: bool) -> AsyncIterator[Reply]:
    """The chapters with their voice, each when it is spoken, and the file of the whole with the last."""
    first, *others = told.chapters
    reply = layout.chapter_reply(told, first, notes, full=full)
    for chapter in others:
        yield reply
        reply = layout.chapter_reply(told, chapter, await _spoken(turn, told, chapter), full=full)
    await turn.working("recording")
    yield layout.closed(told, reply, await turn.services.briefings.mp3(told), full=full)


async def _spoken(turn: Turn, told: Brief, chapter: Chapter) -> tuple[Voice, ...]:
    """One chapter's voice; the sign is shown again each time, since a channel shows it for some seconds only."""
    await turn.working("recording")
    return await turn.services.briefings.chapter_voices(told, chapter)


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
