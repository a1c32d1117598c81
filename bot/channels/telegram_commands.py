"""Commands as Telegram marks them: by entities counted in UTF-16 units, with the bot they are for behind an "@". Pure."""

import re
from collections.abc import Iterator, Mapping

COMMAND = re.compile(r"[/／][A-Za-z0-9_]{1,32}(?:[@＠](?P<bot>[A-Za-z0-9_]{1,32}))?(?![\w@＠])")
SPOKEN = re.compile(r"\w")


def addressed(text: str, entities: object, username: str) -> str | None:
    """A text without our name behind its command, and without the signs before it; None if it is for another bot.

    Args:
        text: As it was typed ("📈 /xray@marketbyte_bot MEBL").
        entities: The update's "entities" or "caption_entities", whatever they are. Without any, a slash at the start counts:
            Telegram marks no fullwidth slash, and forwarded texts lose their marks.
        username: Our own without "@", lower case; "" if unknown, then every name is taken for ours.
    """
    start = _start(text, entities)
    found = COMMAND.match(text, start)
    if found is None:
        return text
    name = found["bot"] or ""
    if name and username and name.lower() != username:
        return None
    end = found.start("bot") - 1 if name else found.end()
    return text[start:end] + text[found.end() :]


def _start(text: str, entities: object) -> int:
    """Where the command begins: the first one that Telegram marked with nothing said before it, else the text's start."""
    for offset in _marked(entities):
        at = _character(text, offset)
        if at is not None and not SPOKEN.search(text, 0, at):
            return at
    return 0


def _marked(entities: object) -> Iterator[int]:
    for entity in entities if isinstance(entities, list) else []:
        if isinstance(entity, Mapping) and entity.get("type") == "bot_command":
            offset = entity.get("offset")
            if isinstance(offset, int) and not isinstance(offset, bool) and offset >= 0:
                yield offset


def _character(text: str, offset: int) -> int | None:
    """The place of a character by its offset in UTF-16 units; None if that is no place in the text."""
    used = 0
    for place, character in enumerate(text):
        if used >= offset:
            return place if used == offset else None
        used += 2 if character > "\uffff" else 1
    return None
