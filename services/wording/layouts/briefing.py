"""A brief laid out as replies: text and chart, the voice after it or before it, long ones chapter by chapter."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from services.domain.briefing.brief import Brief, Chapter
from services.domain.conversation import Block, Button, Document, Lang, Picture, Reply, Text, Voice
from services.domain.market import MarketBook
from services.wording import say
from services.wording.numbers import day

MOST_BUTTONS, MOST_TITLE = 10, 20  # what a list of WhatsApp holds, and shows of a title


def personal_reply(
    brief: Brief,
    picture: Picture | None,
    voices: Sequence[Voice],
    *,
    voice_first: bool = False,
    silent: bool = False,
) -> Reply:
    """A personal brief as one reply. ``silent`` says that a voice was wanted and none speaks the language."""
    words: list[Block] = [Text(brief.text)]
    if silent:
        words.append(Text(f"_{say(brief.lang, 'briefing.no_voice')}_"))
    shown = [*words, *([picture] if picture is not None else [])]
    blocks = (*voices, *shown) if voice_first else (*shown, *voices)
    return Reply(blocks, personal_buttons(brief.lang), brief.source)


def opening(brief: Brief, picture: Picture | None, *, silent: bool) -> Reply:
    """How a market or sector brief begins: its title with the chart of the day.

    Args:
        brief: What is told.
        picture: The chart, if it is wanted and could be drawn.
        silent: A voice was wanted and none speaks the language.
    """
    lines = [
        brief.text.partition("\n")[0],
        *([f"_{say(brief.lang, 'briefing.no_voice')}_"] if silent else []),
    ]
    return Reply((Text("\n".join(lines)), *((picture,) if picture is not None else ())))


def chapter_reply(brief: Brief, chapter: Chapter, notes: Sequence[Voice], *, full: bool) -> Reply:
    """One chapter: its voice notes under one line of it, or its whole text where it is wanted or nothing is spoken."""
    head = f"*{chapter.title}*\n" if len(brief.chapters) > 1 else ""
    whole = full or not notes or len(brief.chapters) == 1
    return Reply((Text(head + (chapter.text if whole else chapter.line)), *notes))


def closed(brief: Brief, last: Reply, file: Document | None, *, full: bool) -> Reply:
    """The last chapter's reply with what ends a brief: the file of the whole, the buttons and the source."""
    blocks = (*last.blocks, *((file,) if file is not None else ()))
    return Reply(blocks, long_buttons(brief, full=full), brief.source)


def market_digest(brief: Brief, picture: Picture | None) -> Reply:
    """A market brief that nobody asked for just now: a line a chapter, its chart, and the whole of it behind buttons.

    A brief of one chapter is short already and is told whole.
    """
    words = brief.text
    if len(brief.chapters) > 1:
        lines = (f"*{chapter.title}*\n{chapter.line}" for chapter in brief.chapters)
        words = "\n\n".join([brief.text.partition("\n")[0], *lines])
    shown = (picture,) if picture is not None else ()
    return Reply((Text(words), *shown), long_buttons(brief, full=len(brief.chapters) == 1), brief.source)


def sectors_digest(lang: Lang, book: MarketBook, lines: Mapping[str, tuple[str, str]], source: str) -> Reply:
    """Sectors, a line each: by code how it went, and its busiest share; each one's own brief behind a button."""
    said = [f"*{whole}* {busiest}".rstrip() for whole, busiest in lines.values()]
    title = say(lang, "briefing.sectors_title", day=day(book.day))
    buttons = tuple(
        Button(_short(book.profile.sectors[code]), _press("brief", scope="sector", sector=code))
        for code in lines
    )
    return Reply((Text("\n\n".join([title, *said])),), buttons[:MOST_BUTTONS], source)


def personal_buttons(lang: Lang) -> tuple[Button, ...]:
    """What somebody may want after their brief."""
    return (
        Button(say(lang, "briefing.button_audio"), _press("audio", scope="personal")),
        Button(say(lang, "briefing.button_market"), _press("brief", scope="market")),
        Button(say(lang, "briefing.button_xray"), "xray"),
    )


def long_buttons(brief: Brief, *, full: bool) -> tuple[Button, ...]:
    """What somebody may want after a long brief."""
    about: dict[str, str] = {"scope": brief.scope}
    if brief.scope == "sector":
        about["sector"] = brief.version.rpartition("|")[2]
    more = (
        []
        if full
        else [Button(say(brief.lang, "briefing.button_full"), _press("brief", **about, length="long"))]
    )
    return (*more, Button(say(brief.lang, "briefing.button_audio"), _press("audio", **about)))


def unknown_sector(lang: Lang, names: Sequence[str]) -> Reply:
    """No sector goes by that name; a few that do, as buttons."""
    buttons = tuple(
        Button(name[:1].upper() + name[1:19], _press("brief", scope="sector", sector=name))
        for name in names[:3]
    )
    return Reply((Text(say(lang, "briefing.unknown_sector", sectors=", ".join(names))),), buttons)


def _short(title: str) -> str:
    """A button's title within what the channels show of it, cut behind a word: "Consumer…"."""
    return title if len(title) <= MOST_TITLE else title[:MOST_TITLE].rpartition(" ")[0] + "…"


def _press(intent: str, **details: str) -> str:
    """What a button sends back; cut so that it stays within 64 bytes."""
    return f"{intent}?{urlencode(details)}"[:64]
