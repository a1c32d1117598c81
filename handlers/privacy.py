"""Their data: export, delete, feedback, and linking a second channel."""

import orjson

from handlers.registry import command, on, step
from handlers.turn import Turn
from services.domain.conversation import Answer, Button, Document, Reply, Text
from services.domain.intents import Understanding
from services.users import LINK_MINUTES
from services.wording import say, say_of
from services.wording.layouts.menu import menu_buttons, plain

DELETE = "privacy.delete"
_YES = frozenset(
    {
        "yes",
        "y",
        "haan",
        "han",
        "ji",
        "ji haan",
        "ہاں",
        "جی",
        "جی ہاں",
        "delete",
        "yes, forget me",
        "ji, bhula dein",
        "جی، بھلا دیں",
    }
)
_NO = frozenset(
    {
        "no",
        "n",
        "nahi",
        "nahin",
        "نہیں",
        "keep",
        "cancel",
        "no, keep it",
        "nahi, rehne dein",
        "نہیں، رہنے دیں",
    }
)


@on("export")
@command("export", "all we keep of you, as a file")
async def export(turn: Turn) -> Answer:
    """Everything stored of the person, as one JSON file."""
    kept = await turn.services.users.everything(turn.user)
    data = orjson.dumps(kept, option=orjson.OPT_INDENT_2, default=str)
    media = await turn.services.files.put(data, "application/json", "marketbyte-my-data.json")
    text = say_of(turn.profile, turn.lang, "privacy.export", count=str(len(kept)))
    return Answer((Reply((Text(text), Document(media))),))


@on("delete")
@command("delete", "be forgotten")
async def ask_delete(turn: Turn) -> Answer:
    """Asks once more: deleting cannot be undone."""
    return Answer((_sure(turn),), DELETE)


async def _ask_again(turn: Turn) -> Answer:
    return Answer((_sure(turn),), DELETE)


def _answers_delete(turn: Turn, _meaning: Understanding | None) -> bool:
    return turn.text.casefold().strip(" .!") in _YES | _NO


@step(DELETE, fits=_answers_delete, again=_ask_again)
async def delete(turn: Turn) -> Answer:
    """Forgets the person on a clear yes; anything else keeps everything."""
    said = turn.details.get("value", "").casefold().strip(" .!")
    if said in _YES:
        return Answer((plain(turn.lang, "privacy.deleted"),), forget=True)
    return Answer((plain(turn.lang, "privacy.kept", buttons=menu_buttons(turn.lang)),))


@on("feedback")
@command("feedback", "praise, a complaint, a wrong number", usage="/feedback TEXT")
async def feedback(turn: Turn) -> Answer:
    """Opens a ticket for a person to read."""
    ticket = await turn.services.admin.ticket(turn.user, "feedback", turn.text)
    return Answer((plain(turn.lang, "privacy.feedback", ticket=ticket, buttons=menu_buttons(turn.lang)),))


@command("link", "join a second channel to this one", usage="/link [CODE]")
async def link(turn: Turn) -> Answer:
    """Without a code: gives one. With a code: joins this channel to the person who got it."""
    code = turn.details.get("value", "")
    if not code:
        fresh = await turn.services.users.link_code(turn.user)
        return Answer((plain(turn.lang, "privacy.link_code", code=fresh, minutes=str(LINK_MINUTES)),))
    owner = await turn.services.users.link(turn.user, code)
    if owner is None:
        return Answer((plain(turn.lang, "privacy.link_bad"),))
    lang = owner.preferences.lang
    linked = plain(lang, "privacy.linked", name=owner.name or "—", buttons=menu_buttons(lang))
    return Answer((linked,), speaker=owner.id)


def _sure(turn: Turn) -> Reply:
    buttons = (
        Button(say(turn.lang, "privacy.delete_yes"), f"step/{DELETE}?value=yes"),
        Button(say(turn.lang, "privacy.delete_no"), f"step/{DELETE}?value=no"),
    )
    return plain(turn.lang, "privacy.delete_sure", buttons=buttons)
