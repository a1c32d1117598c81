"""The Speech port without any provider: sentences are spoken once, kept as snippets and joined into voice notes."""

import asyncio
import queue
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from services.domain.conversation import Lang
from services.domain.errors import BadInput, Unavailable
from services.media import encoding, joining
from services.media.joining import Snippet
from services.media.snippets import SnippetCache
from services.media.studio import Studio
from services.media.voices import EspeakVoice, HibariVoice, Voice
from services.ports import Recording
from services.wording.spoken import foreign_share, spoken_sentences
from services.wording.spoken_urdu import spoken_urdu

_T = TypeVar("_T")
_Making = asyncio.Task[dict[str, Snippet]]

_MOST_PIECES = 600
_BATCH = 16
_MOSTLY = 0.5
_NO_VOICE = {
    "ur": "no Urdu voice: install Debian's espeak-ng to get a simple one",
    "roman": "no voice reads Roman Urdu; the English one would mangle it",
}


class OfflineSpeech:
    """Speaks with what is on this machine; a note whose sentences are all known costs a few milliseconds.

    The desk thread reads texts and files and joins; a studio thread waits for the voice process. So a known note
    never waits for a new one, and the event loop for neither. The voice process starts at the first new sentence and
    is ended ``idle_seconds`` after the last one.

    Args:
        cache_dir: Folder for the snippets (at most 256 MB); may be shared by processes.
        workers: How many voice processes may run at once (290 MB each while they run).
        names: Gives the newest table of ticker -> spoken name ("" = spell it).
        voices: Language -> voice; by default hibari for English, and espeak-ng for Urdu if it is installed.
        studio: Makes our end of a voice process.
        idle_seconds: When the voice process is ended.
    """

    def __init__(
        self,
        cache_dir: Path,
        workers: int = 1,
        *,
        names: Callable[[], Mapping[str, str]] = dict,
        voices: Mapping[Lang, Voice] | None = None,
        studio: Callable[[], Studio] = Studio,
        idle_seconds: float = 180.0,
    ) -> None:
        self._voices = dict(voices) if voices is not None else _installed()
        self._names = names
        self._cache = SnippetCache(cache_dir)
        self._idle_seconds = idle_seconds
        self._studios: queue.SimpleQueue[Studio] = queue.SimpleQueue()
        for _ in range(workers):
            self._studios.put(studio())
        self._workers = workers
        self._desk = ThreadPoolExecutor(1, "speech-desk")
        self._recording = ThreadPoolExecutor(workers, "speech-studio")
        self._making: dict[str, _Making] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._releasing: asyncio.Task[None] | None = None
        self.last_used: float | None = None
        """The loop's time at the last new sentence; None while no voice process runs."""

    async def speak(self, sentences: Sequence[str], lang: Lang, *, within: float | None = None) -> Recording:
        """Speak written sentences as one voice note: OGG/Opus, mono, 24 kbit/s; the transcript is the written text.

        Args:
            sentences: What to say.
            lang: The language they are written in.
            within: Seconds that the note may last. It is spoken at one speed, as slow as that allows; what is too
                long even at the voice's fastest is longer. None = the normal speed, whose snippets all notes share.

        Raises:
            Unavailable: No voice speaks that language or script, or the engine failed.
            BadInput: There is nothing to say, or far too much for one note.
        """
        snippets, transcript = await self._spoken(sentences, lang, within)
        data = await self._off(self._desk, joining.joined, snippets)
        return Recording(data, joining.seconds(snippets), transcript)

    async def speak_mp3(
        self, chapters: Sequence[Sequence[str]], lang: Lang, *, within: float | None = None
    ) -> Recording:
        """Chapters as one MP3 file (mono, 48 kbit/s), made from their notes' own snippets; about 0.02 s for each second."""
        parts = [await self._spoken(chapter, lang, within) for chapter in chapters]
        snippets = [snippet for part, _ in parts for snippet in part]
        note = await self._off(self._desk, joining.joined, snippets)
        try:
            data = await self._off(self._recording, self._as_mp3, note)
        finally:
            self._used()
        return Recording(data, joining.seconds(snippets), " ".join(transcript for _, transcript in parts))

    async def as_mp3(self, sound: bytes) -> bytes:
        """A coded sound as MP3 (mono, 48 kbit/s), made in the voice process; about 0.02 s for each second.

        Raises:
            Unavailable: the voice process broke.
        """
        try:
            return await self._off(self._recording, self._as_mp3, sound)
        finally:
            self._used()

    async def release(self) -> None:
        """End the voice process and so give back its memory, once it has spoken what it was given."""
        self._stop_timer()
        self.last_used = None
        await self._off(self._recording, self._end_all)

    async def close(self) -> None:
        """Finish what is being spoken, then end the voice process and the threads."""
        pending = [*set(self._making.values()), *([self._releasing] if self._releasing else [])]
        await asyncio.gather(*pending, return_exceptions=True)
        await self.release()
        for pool in (self._desk, self._recording):
            await asyncio.to_thread(pool.shutdown)

    async def _spoken(
        self, sentences: Sequence[str], lang: Lang, within: float | None
    ) -> tuple[list[Snippet], str]:
        voice = self._voices.get(lang)
        if voice is None:
            raise Unavailable(_NO_VOICE.get(lang, f"no voice for {lang}"), what="voice")
        pieces, transcript = await self._off(self._desk, _pieces, tuple(sentences), lang, self._names())
        speed = voice.pace.speed(pieces, within)
        snippets = await self._at(voice, speed, pieces)
        while within is not None and joining.seconds(snippets) > within and speed < voice.pace.fastest:
            speed = voice.pace.faster(speed)
            snippets = await self._at(voice, speed, pieces)
        return snippets, transcript

    async def _at(self, voice: Voice, speed: float, pieces: Sequence[str]) -> list[Snippet]:
        keys, found = await self._off(self._desk, self._look_up, voice, speed, pieces)
        missing = {key: piece for key, piece in zip(keys, pieces, strict=True) if key not in found}
        found.update(await self._made(voice, speed, missing))
        return [found[key] for key in keys]

    def _look_up(
        self, voice: Voice, speed: float, pieces: Sequence[str]
    ) -> tuple[list[str], dict[str, Snippet]]:
        shape = (voice.ident(speed), f"gain {voice.gain_db:g}", encoding.SETTINGS)
        keys = [SnippetCache.key(*shape, piece) for piece in pieces]
        known = ((key, self._cache.get(key)) for key in dict.fromkeys(keys))
        return keys, {key: snippet for key, snippet in known if snippet is not None}

    async def _made(self, voice: Voice, speed: float, missing: Mapping[str, str]) -> dict[str, Snippet]:
        """New snippets, a few at a time, so that a long note leaves room for a short one between its batches.

        A sentence that another note is waiting for already is waited for, not spoken twice.
        """
        made: dict[str, Snippet] = {}
        for keys in _batches(missing):
            waiting = {self._making[key] for key in keys if key in self._making}
            fresh = {key: missing[key] for key in keys if key not in self._making}
            if fresh:
                waiting.add(self._start(voice, speed, fresh))
            for task in waiting:
                made.update(await asyncio.shield(task))
        return made

    def _start(self, voice: Voice, speed: float, fresh: Mapping[str, str]) -> _Making:
        task = asyncio.create_task(self._off(self._recording, self._record, voice, speed, fresh))
        self._making.update(dict.fromkeys(fresh, task))
        task.add_done_callback(partial(self._finished, tuple(fresh)))
        return task

    def _finished(self, keys: Iterable[str], task: _Making) -> None:
        for key in keys:
            del self._making[key]
        if not task.cancelled():
            task.exception()  # whoever waited has it; if all of them left, it is no alarm
        self._used()

    def _record(self, voice: Voice, speed: float, fresh: Mapping[str, str]) -> dict[str, Snippet]:
        studio = self._studios.get()
        try:
            takes = studio.record(voice.name, voice.gain_db, tuple(fresh.values()), speed=speed)
            return {key: self._cache.put(key, packets) for key, packets in zip(fresh, takes, strict=True)}
        finally:
            self._studios.put(studio)

    def _as_mp3(self, sound: bytes) -> bytes:
        studio = self._studios.get()
        try:
            return studio.mp3(sound)
        finally:
            self._studios.put(studio)

    def _end_all(self) -> None:
        held = [self._studios.get() for _ in range(self._workers)]
        for studio in held:
            studio.end()
            self._studios.put(studio)

    def _used(self) -> None:
        loop = asyncio.get_running_loop()
        self._stop_timer()
        self.last_used = loop.time()
        self._timer = loop.call_later(self._idle_seconds, self._idle)

    def _idle(self) -> None:
        self._releasing = asyncio.create_task(self.release())

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @staticmethod
    async def _off(pool: ThreadPoolExecutor, work: Callable[..., _T], *given: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(pool, partial(work, *given))


def _installed() -> dict[Lang, Voice]:
    return {"en": HibariVoice(), "ur": EspeakVoice()} if EspeakVoice.installed() else {"en": HibariVoice()}


def _batches(missing: Mapping[str, str]) -> Iterable[tuple[str, ...]]:
    keys = iter(missing)
    while batch := tuple(islice(keys, _BATCH)):
        yield batch


def _pieces(sentences: Sequence[str], lang: Lang, names: Mapping[str, str]) -> tuple[list[str], str]:
    """What the voice is given, piece by piece, and the written sentences it stands for."""
    pieces: list[str] = []
    written: list[str] = []
    for sentence in sentences:
        if lang == "en" and foreign_share(sentence) > _MOSTLY:
            raise Unavailable("the English voice cannot read this script", what="voice")
        spoken = spoken_urdu(sentence, names) if lang == "ur" else spoken_sentences(sentence, names)
        if spoken:
            pieces += spoken
            written.append(" ".join(sentence.split()))
    if not pieces:
        raise BadInput("there is nothing to say: no word or figure in the text")
    if len(pieces) > _MOST_PIECES:
        raise BadInput(f"{len(pieces)} sentences are too much for one voice note; speak it in chapters")
    return pieces, " ".join(written)
