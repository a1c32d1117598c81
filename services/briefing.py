"""Composes the briefs: one survey of the market for everybody, a person's own lines on top, voice and chart on demand."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from services.domain.advice import gives_advice
from services.domain.briefing.brief import Brief, Chapter, Scope, Slot, slot_at
from services.domain.briefing.market import (
    find_sector,
    market_outline,
    market_short,
    sector_outline,
    sector_short,
)
from services.domain.briefing.personal import personal_outline
from services.domain.briefing.script import script
from services.domain.briefing.survey import Survey, survey
from services.domain.conversation import Document, Lang, Picture, Reply, Voice
from services.domain.errors import Unavailable, Ungrounded
from services.domain.grounding import check
from services.domain.market import Fact
from services.domain.users import User
from services.ports import Charts, Clock, MarketData, MediaStore, Model, Recording, Speech
from services.wording import numbers, say
from services.wording.layouts.briefing import personal_reply
from services.wording.layouts.long_brief import MOST_WORDS, long_brief, short_brief
from services.wording.layouts.personal_brief import personal_brief, picture_alt

V = TypeVar("V")
LONGEST_SECONDS = 120.0
LARGEST_BYTES = 512 * 1024
"""A voice note over either shows as a download on WhatsApp or tires the ear; it is cut in two at a sentence."""
CHAPTER_SECONDS: dict[Scope, float | None] = {"market": LONGEST_SECONDS, "sector": 66.0, "personal": None}
"""What the pace is chosen for: five chapters make about ten minutes, or five. A person's note keeps the normal pace, so
that its sentences are shared with everybody else's."""
_KEPT = 256
_MARKS = re.compile("[*_•]")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


class Briefings:
    """The use-case. One instance serves everybody; what is shared is made once for a book."""

    def __init__(
        self, data: MarketData, charts: Charts, speech: Speech, media: MediaStore, model: Model, clock: Clock
    ) -> None:
        self._data = data
        self._charts = charts
        self._speech = speech
        self._media = media
        self._model = model
        self._clock = clock
        self._view: Survey | None = None
        self._making = asyncio.Lock()
        self._composing = asyncio.Lock()
        self._long: OrderedDict[Hashable, Brief] = OrderedDict()
        self._pictures: OrderedDict[Hashable, Picture] = OrderedDict()
        self._voices: OrderedDict[Hashable, Voice] = OrderedDict()
        self._files: OrderedDict[Hashable, Document] = OrderedDict()

    async def personal(self, user: User, slot: Slot | None = None, *, asked: bool = False) -> Brief:
        """A person's brief of the newest book, in their language.

        Args:
            user: Who it is for; ``last_brief`` decides what is new.
            slot: Which brief of the day; by the clock if None.
            asked: They asked for it, so it is told in full even if nothing is new.

        Raises:
            NothingHeld: If they hold nothing.
            UnknownName: If the book does not know a holding.
        """
        view, now = await self._measured()
        slot = slot or slot_at(now)
        outline = personal_outline(view, user.portfolio, now, user.last_brief)
        spoken = script(view, outline, user.name, slot)
        return personal_brief(outline, spoken, view, user.preferences.lang, slot, asked=asked)

    async def market(self, lang: Lang, slot: Slot | None = None) -> Brief:
        """The market brief: five chapters in English, a short form in the other languages."""
        view, now = await self._measured()
        slot = slot or slot_at(now)
        return await self._once(
            ("market", view.book.version, lang, slot, now.date()), view, lang, slot, now.date()
        )

    async def sector(self, name: str, lang: Lang, slot: Slot | None = None) -> Brief:
        """The brief of one sector, by its code or its name.

        Raises:
            UnknownName: If no sector goes by that name.
            NotAvailable: If none of its shares was quoted on the book's day.
        """
        view, now = await self._measured()
        slot, code = slot or slot_at(now), find_sector(view, name)
        return await self._once(
            (code, view.book.version, lang, slot, now.date()), view, lang, slot, now.date()
        )

    async def picture(self, brief: Brief) -> Picture | None:
        """The brief's chart as a picture in the media store; None if it has none.

        Raises:
            Unavailable: If it could not be drawn or kept.
        """
        spec = brief.picture
        if spec is None:
            return None
        kept = self._pictures.get(spec)
        if kept is None:
            media = await self._media.put(await self._charts.draw(spec), "image/png", "day.png")
            kept = Picture(media, spec.title, picture_alt(spec))
        return _keep(self._pictures, spec, kept)

    async def voiced(self, brief: Brief) -> tuple[Voice, ...]:
        """One voice note for each chapter, in order; a chapter over two minutes or 512 KB becomes several.

        Raises:
            Unavailable: If no voice speaks the brief's language.
        """
        notes: list[Voice] = []
        for chapter in brief.chapters:
            notes += await self.chapter_voices(brief, chapter)
        return tuple(notes)

    async def chapter_voices(self, brief: Brief, chapter: Chapter) -> tuple[Voice, ...]:
        """The voice notes of one chapter of a brief: one, unless it is too long even when spoken fast.

        Raises:
            Unavailable: If no voice speaks the language.
        """
        return tuple(await self._notes(chapter.sentences, brief.lang, CHAPTER_SECONDS[brief.scope]))

    async def aloud(self, text: str, lang: Lang) -> tuple[Voice, ...]:
        """A brief that is only known by its text, spoken line by line in its own words.

        Raises:
            Unavailable: If no voice speaks the language.
        """
        lines = (_MARKS.sub("", line).strip() for line in text.splitlines())
        return tuple(await self._notes(tuple(line for line in lines if line), lang, None))

    async def mp3(self, brief: Brief) -> Document:
        """The whole brief as one MP3 file, made once.

        Raises:
            Unavailable: If no voice speaks the brief's language.
        """
        chapters = tuple(chapter.sentences for chapter in brief.chapters)
        key = (brief.scope, brief.lang, chapters)
        file = self._files.get(key)
        if file is None:
            within = CHAPTER_SECONDS[brief.scope]
            spoken = await self._speech.speak_mp3(chapters, brief.lang, within=within)
            media = await self._media.put(spoken.data, "audio/mpeg", f"{brief.scope}-brief.mp3")
            file = Document(media, say(brief.lang, "briefing.mp3"))
        return _keep(self._files, key, file)

    async def delivery(self, user: User, slot: Slot) -> tuple[Reply, str]:
        """A person's scheduled brief as one message, and its version; a part that cannot be made is left out.

        Raises:
            NothingHeld: If they hold nothing.
        """
        told = await self.personal(user, slot)
        picture: Picture | None = None
        if user.preferences.charts:
            with suppress(Unavailable):
                picture = await self.picture(told)
        notes: tuple[Voice, ...] = ()
        if user.preferences.voice:
            with suppress(Unavailable):  # nobody asked just now; twice a day the same excuse would be noise
                notes = await self.voiced(told)
        return personal_reply(told, picture, notes), told.version

    async def survey(self) -> Survey:
        """The newest book, measured once, off the event loop."""
        book = await self._data.book()
        async with self._making:
            if self._view is None or self._view.book.version != book.version:
                self._view = await asyncio.to_thread(survey, book)
            return self._view

    async def _measured(self) -> tuple[Survey, datetime]:
        """The survey, and the time on the clock of its market: days and parts of the day are the exchange's own."""
        view = await self.survey()
        return view, self._clock.now().astimezone(view.book.profile.zone)

    async def _once(self, key: Hashable, view: Survey, lang: Lang, slot: Slot, today: date) -> Brief:
        """A long brief, made once for the same key."""
        async with self._composing:  # a model may take seconds; nobody asks it for the same brief twice
            kept = self._long.get(key)
            if kept is None:
                code = str(key[0]) if isinstance(key, tuple) else ""
                kept = await self._narrated(await asyncio.to_thread(_compose, view, code, lang, slot, today))
            return _keep(self._long, key, kept)

    async def _narrated(self, plain: Brief) -> Brief:
        """The brief with its chapters in the model's words, as far as they stand up; the plain ones otherwise."""
        if plain.lang != "en":
            return plain
        chapters = tuple(await asyncio.gather(*(self._chapter(chapter, plain) for chapter in plain.chapters)))
        if chapters == plain.chapters:
            return plain
        title = plain.text.partition("\n")[0]
        text = "\n\n".join([title, *(f"*{c.title}*\n{c.text}" for c in chapters)])
        return replace(plain, chapters=chapters, text=text)

    async def _chapter(self, plain: Chapter, brief: Brief) -> Chapter:
        """One chapter rewritten; thrown away if a figure has no fact, if it advises, or if it misses the measure."""
        most = MOST_WORDS[brief.scope]
        inputs = {
            "section": plain.title,
            "language": "English",
            "words": f"at most {most}",
            "facts": "\n".join(_told(fact) for fact in brief.facts),
            "draft": plain.text,
        }
        try:
            text = await self._model.narrate("briefing", inputs)
            check(text, brief.facts, brief.days, brief.names)
        except (Unavailable, Ungrounded):
            return plain
        length = len(text.split())
        if gives_advice(text) or not 0.7 * len(plain.text.split()) <= length <= most:
            return plain
        return replace(plain, sentences=tuple(_END.split(" ".join(text.split()))))

    async def _notes(self, sentences: tuple[str, ...], lang: Lang, within: float | None) -> list[Voice]:
        """Speak sentences; halve them while a note is too long and can be halved."""
        key = (sentences, lang, within)
        kept = self._voices.get(key)
        if kept is None:
            spoken = await self._speech.speak(sentences, lang, within=within)
            if _too_long(spoken) and len(sentences) > 1:
                first, second = _halves(sentences)
                return [
                    *await self._notes(first, lang, within),
                    *await self._notes(second, lang, within),
                ]
            media = await self._media.put(spoken.data, "audio/ogg; codecs=opus", "brief.ogg")
            kept = Voice(media, spoken.seconds, spoken.transcript)
        return [_keep(self._voices, key, kept)]


def _compose(view: Survey, code: str, lang: Lang, slot: Slot, today: date) -> Brief:
    """A long brief from the survey; ``code`` is "market" or a sector's."""
    book, day = view.book, numbers.day(view.book.day)
    version = f"{book.version}|{book.day}|{code}"
    if code == "market":
        title = say(lang, "briefing.market_title", day=day)
        if lang != "en":
            return short_brief("market", title, market_short(view), (view, slot, version), lang)
        return long_brief("market", title, market_outline(view, today), view, slot, version)
    name = next(sector.name for sector in view.sectors if sector.code == code)
    title = say(lang, "briefing.sector_title", sector=name[:1].upper() + name[1:], day=day)
    if lang != "en":
        return short_brief("sector", title, sector_short(view, code, today), (view, slot, version), lang)
    return long_brief("sector", title, sector_outline(view, code, today), view, slot, version)


def _told(fact: Fact) -> str:
    """A fact as a line for the model."""
    value = f"{float(fact.value) * 100:.2f}%" if fact.unit == "fraction" else f"{fact.value:f} {fact.unit}"
    return f"- {fact.id}: {value}, {fact.entity}, {fact.as_of.date()}, {fact.source}"


def _too_long(spoken: Recording) -> bool:
    return spoken.seconds > LONGEST_SECONDS or len(spoken.data) > LARGEST_BYTES


def _halves(sentences: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Two runs of sentences of about the same number of characters; neither is empty."""
    half, seen = sum(map(len, sentences)) / 2, 0
    for place, sentence in enumerate(sentences[:-1], start=1):
        seen += len(sentence)
        if seen >= half or place == len(sentences) - 1:
            return sentences[:place], sentences[place:]
    return sentences[:1], sentences[1:]


def _keep(store: OrderedDict[Hashable, V], key: Hashable, value: V) -> V:
    """Keep a value as the newest; the oldest goes when there are too many."""
    store[key] = value
    store.move_to_end(key)
    while len(store) > _KEPT:
        store.popitem(last=False)
    return value
