"""A brief laid out as replies: text and chart, the voice after it or before it, long ones chapter by chapter."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from services.domain.briefing.brief import Brief
from services.domain.conversation import Block, Button, Document, Lang, Picture, Reply, Text, Voice
from services.wording import say


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


def long_replies(
    brief: Brief,
    voices: Mapping[str, Sequence[Voice]],
    file: Document | None,
    *,
    full: bool,
    silent: bool = False,
    picture: Picture | None = None,
) -> tuple[Reply, ...]:
    """A market or sector brief: its title with the picture, then each chapter with its text and its voice notes, then the file.

    Args:
        brief: What is told.
        voices: The notes of a chapter by its title.
        file: The whole as one file, if there is one.
        full: Whole chapters as text instead of one line each.
        silent: A voice was wanted and none speaks the language.
        picture: The chart of the day, if it is wanted and could be drawn.
    """
    title = brief.text.partition("\n")[0]
    opening = [title, *([f"_{say(brief.lang, 'briefing.no_voice')}_"] if silent else [])]
    chapters = brief.chapters
    shown = (picture,) if picture is not None else ()
    replies = [Reply((Text("\n".join(opening)), *shown))]
    for chapter in chapters:
        notes = voices.get(chapter.title, ())
        head = f"*{chapter.title}*\n" if len(chapters) > 1 else ""
        body = chapter.text if full or not notes or len(chapters) == 1 else chapter.line
        replies.append(Reply((Text(head + body), *notes)))
    last = replies.pop()
    blocks = (*last.blocks, *([file] if file is not None else []))
    return (*replies, Reply(blocks, long_buttons(brief, full=full), brief.source))


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


def _press(intent: str, **details: str) -> str:
    """What a button sends back; cut so that it stays within 64 bytes."""
    return f"{intent}?{urlencode(details)}"[:64]
