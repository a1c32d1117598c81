"""A name that fits several, met inside a request: asked back, and the request goes on with all else that was said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast
from urllib.parse import urlencode

from handlers.registry import INTENT_HANDLERS, step
from handlers.turn import Turn
from services.domain.assent import said
from services.domain.conversation import Answer, Button, Reply
from services.domain.errors import AmbiguousName, MarketByteError, UnknownName
from services.domain.instruments import Directory
from services.domain.intents import INTENTS, Intent, Understanding
from services.domain.letters import short
from services.wording.layouts.listings import listed_reply
from services.wording.layouts.menu import did_you_mean, plain

CHOOSE = "names.choose"
LONGEST_PRESS = 64
# What goes on in the buttons; rupee amounts do not: they are kept nowhere.
_CARRIED = ("names", "weights", "part", "scope", "sector", "screen", "kind")
_MOST_WORDS = 5


def ask_which(turn: Turn, error: AmbiguousName, directory: Directory) -> Answer:
    """Which one is meant; each button carries the whole request, or a step remembers it where it is too long for one."""
    details = {key: turn.details[key] for key in _CARRIED if turn.details.get(key)}
    details["names"] = details.get("names") or error.name
    intent = turn.understanding.intent
    memo = {**details, "intent": intent, "raw": error.name, "choices": ",".join(error.choices)}
    return Answer((_question(turn, memo, directory),), CHOOSE, memo)


async def ask_again(turn: Turn) -> Answer:
    """The same question once more."""
    memo = turn.session.memo
    return Answer((_question(turn, memo, await turn.services.directory()),), CHOOSE, memo)


async def listed(turn: Turn, error: MarketByteError) -> Reply | None:
    """Of a name that the market book does not know: what is listed by it, under which code today; None if nothing is."""
    name = error.values.get("name", "")
    if not isinstance(error, UnknownName) or not name or turn.services.listings is None:
        return None
    try:
        found = await turn.services.listings.find(name)
    except MarketByteError:  # the refusal says what can be said without the database
        return None
    if found is None:
        return None
    return listed_reply(turn.lang, name, found.code, found.name, priced=found.priced)


def _is_choice(turn: Turn, meaning: Understanding | None) -> bool:
    """A bare name answers; a longer sentence is a new request."""
    return meaning is not None and meaning.intent == "quote" and len(said(turn.text).split()) <= _MOST_WORDS


@step(CHOOSE, fits=_is_choice, again=ask_again)
async def chosen(turn: Turn) -> Answer:
    """Goes on with the request once the name is clear; another clear name takes the place of the unclear one."""
    memo = turn.session.memo
    if "back" in turn.details or memo.get("intent", "") not in INTENTS:
        return Answer((plain(turn.lang, "portfolio.kept"),))
    directory = await turn.services.directory()
    codes = directory.candidates(turn.details.get("pick") or turn.text)
    offered = set(memo.get("choices", "").split(","))
    meant = [code for code in codes if code in offered] or list(codes)
    if len(meant) != 1:
        return await ask_again(turn)
    asked = _gone_on(turn, memo, meant[0])
    try:
        return await INTENT_HANDLERS[asked.understanding.intent](asked)
    except AmbiguousName as error:
        return ask_which(asked, error, directory)


def _gone_on(turn: Turn, memo: Mapping[str, str], code: str) -> Turn:
    """The turn as if a button had been pressed that says all."""
    intent = cast("Intent", memo["intent"])
    meaning = Understanding(intent, _with_choice(memo, code), by="command")
    return replace(turn, understanding=meaning, inbound=replace(turn.inbound, pressed=intent))


def _with_choice(memo: Mapping[str, str], code: str) -> dict[str, str]:
    details = {key: value for key, value in memo.items() if key in _CARRIED}
    named = (name.strip() for name in memo["names"].split(","))
    details["names"] = ",".join(code if short(name) == memo["raw"] else name for name in named)
    return details


def _question(turn: Turn, memo: Mapping[str, str], directory: Directory) -> Reply:
    named = [(code, directory.name_of(code)) for code in memo["choices"].split(",")]
    asked = did_you_mean(turn.lang, memo["raw"], named, cast("Intent", memo["intent"]))
    buttons = tuple(Button(title, _press(memo, code)) for code, title in named[: len(asked.buttons)])
    return replace(asked, buttons=buttons)


def _press(memo: Mapping[str, str], code: str) -> str:
    """The whole request with the choice put in, where a button can hold it; else only the choice."""
    press = f"{memo['intent']}?{urlencode(_with_choice(memo, code), safe=',')}"
    return press if len(press.encode()) <= LONGEST_PRESS else f"step/{CHOOSE}?pick={code}"
