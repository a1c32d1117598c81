"""``marketbyte brief``: compose a brief and write its files: text, chart, chapters of sound, every figure."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import orjson

from bot.commands.asking import EXAMPLES, directory_of, print_json, read_portfolio
from bot.commands.progress import Steps, steps
from bot.config import Settings
from bot.world import Tools, open_tools
from services.briefing import Briefings
from services.domain.briefing.brief import Brief, Slot, facts_json
from services.domain.conversation import Lang, Voice
from services.domain.errors import BadInput, Unavailable
from services.domain.users import Preferences, User


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to compose and where to; ``scope`` is market, sector:CODE or personal."""

    scope: str
    slot: Slot
    holdings: str
    lang: Lang
    out: Path
    as_json: bool


async def brief(settings: Settings, wanted: Wanted) -> int:
    """Compose a brief, write its files and say what was written.

    ``brief.txt`` ends with the source line; ``facts.json`` holds every figure; ``chart.png`` comes where there is a
    chart, ``chapter-N.ogg`` where a voice speaks the language, and ``brief.mp3`` beside several chapters of sound.
    """
    async with open_tools(settings) as tools:
        briefings = Briefings(
            tools.market,
            charts=tools.charts,
            speech=tools.speech,
            media=tools.media,
            model=tools.model,
            clock=tools.clock,
        )
        told = await _composed(briefings, tools, wanted)
        with steps(len(told.chapters) + (2 if len(told.chapters) > 1 else 1)) as progress:
            files, seconds = await _files(briefings, tools, told, progress)
        await asyncio.to_thread(_write, wanted.out, files)
    _tell(told, wanted, files, seconds)
    return 0


async def _files(
    briefings: Briefings, tools: Tools, told: Brief, progress: Steps
) -> tuple[dict[str, bytes], float]:
    """All files by name, and the seconds of sound."""
    files: dict[str, bytes] = {
        "brief.txt": f"{told.text}\n\n{told.source}\n".encode(),
        "facts.json": orjson.dumps(facts_json(told), option=orjson.OPT_INDENT_2),
    }
    progress.step("chart")
    picture = await briefings.picture(told)
    if picture is not None:
        files["chart.png"] = await tools.media.get(picture.media.key)
    return files, await _voiced(briefings, tools, told, files, progress)


def _tell(told: Brief, wanted: Wanted, files: dict[str, bytes], seconds: float) -> None:
    summary = {
        "out": str(wanted.out),
        "files": sorted(files),
        "words": len(told.text.split()),
        "seconds": seconds,
    }
    if wanted.as_json:
        print_json(summary)
    else:
        print(told.text.replace("*", ""), told.source, sep="\n\n")
        print(
            f"\nWritten to {wanted.out}: {', '.join(sorted(files))}"
            + ("" if seconds else " (no voice for this language)")
        )


async def _composed(briefings: Briefings, tools: Tools, wanted: Wanted) -> Brief:
    """The brief of that scope.

    Raises:
        BadInput: If the scope is none of the three, or a personal brief has no holdings.
    """
    scope, _, code = wanted.scope.partition(":")
    if scope == "market":
        return await briefings.market(wanted.lang, wanted.slot)
    if scope == "sector" and code:
        return await briefings.sector(code, wanted.lang, wanted.slot)
    if scope != "personal" or not wanted.holdings:
        sector, (share, fund) = next(iter(tools.profile.sectors)), EXAMPLES[tools.profile.market]
        raise BadInput(
            f'scope is market, sector:CODE (for example sector:{sector}), or personal with --holdings "{share}=40, {fund}=60"'
        )
    portfolio = read_portfolio(wanted.holdings, await directory_of(tools), tools.profile)
    reader = User(
        "command", (), tools.clock.now(), preferences=Preferences(lang=wanted.lang), portfolio=portfolio
    )
    return await briefings.personal(reader, wanted.slot, asked=True)


async def _voiced(
    briefings: Briefings, tools: Tools, told: Brief, files: dict[str, bytes], progress: Steps
) -> float:
    """Adds the chapters' sound to the files; the seconds in all, 0 where nobody speaks the language."""
    notes: list[Voice] = []
    try:
        for number, chapter in enumerate(told.chapters, 1):
            progress.step(f"voice of chapter {number}")
            notes += await briefings.chapter_voices(told, chapter)
    except Unavailable:
        return 0.0
    for number, note in enumerate(notes, 1):
        files[f"chapter-{number}.ogg"] = await tools.media.get(note.media.key)
    if len(told.chapters) > 1:
        progress.step("one MP3 of all")
        files["brief.mp3"] = await tools.media.get((await briefings.mp3(told)).media.key)
    return round(sum(note.seconds for note in notes), 1)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stale in (*folder.glob("chapter-*.ogg"), folder / "brief.mp3", folder / "chart.png"):
        stale.unlink(missing_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
