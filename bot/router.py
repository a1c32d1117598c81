"""What a message asks for: the step we wait in → button or command → exact words → classifier → model.

Pure choice: nothing here answers or stores. A step keeps its place: whoever asks something else in between is answered,
then asked again where we were.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl

import handlers  # noqa: F401  # importing the package fills the registry
from handlers.registry import COMMANDS, INTENT_HANDLERS, STEPS, Handler, Step
from handlers.turn import Turn
from services.domain.conversation import Lang
from services.domain.intents import INTENTS, Intent, Understanding
from services.domain.letters import plain
from services.intents import Intents

# A step is interrupted only by a message that is surely something else.
INTERRUPTS = 0.6
NO_QUESTION = frozenset({"unknown", "thanks"})
# What a stranger may have answered before onboarding: it needs nothing that we would have to keep.
PUBLIC = frozenset(
    {"quote", "news", "rates", "flows", "opportunities", "forecast", "stop", "export", "delete", "feedback"}
)
KEEPING = frozenset({"add_holding", "remove_holding", "portfolio", "alert", "alerts"})
FIRST = "onboarding.first"  # the name of the choice to ask again because nothing may be kept yet
PUBLIC_WITH_NAMES = frozenset({"xray", "explain", "calculate"})
# Read in the plain form of a text, where digits and letters of all keyboards are ASCII and most invisible signs are
# blanks; the others are named here. A slash may be full width, and phones put direction marks before it.
_INVISIBLE = "\u061c\u200c\u200d\u2060\u2066\u2067\u2068\u2069\ufe0f"
_COMMAND = re.compile(
    rf"[\s{_INVISIBLE}]*[/／⁄][{_INVISIBLE}]*([A-Za-z_]{{1,32}})[{_INVISIBLE}]*(?:[@＠]\w+)?[{_INVISIBLE}]*(?:\s+(.*))?",
    re.DOTALL,
)
_OWN_WORDS = frozenset(
    {"announce", "feedback"}
)  # what stands behind these is somebody's text, taken as it was typed
LONGEST_PRESS = 256  # bytes; the largest id that any provider lets a button bear (a reply button of Meta)
_BACK = frozenset(
    {
        "back",
        "go back",
        "cancel",
        "peeche",
        "peechay",
        "piche",
        "wapas",
        "wapis",
        "waapas",
        "واپس",
        "پیچھے",
        "منسوخ",
    }
)
# Commands that are no intent's own name, and the intents whose words behind a command are read.
_ALIASES = {
    "menu": "help", "add": "add_holding", "remove": "remove_holding", "price": "quote", "why": "explain",
    "language": "settings", "pause": "stop",
}  # fmt: skip
_READ_ON = frozenset(
    {"settings", "xray", "quote", "news", "explain", "rates", "brief", "audio", "opportunities", "forecast"}
)
_NAMED = frozenset({"xray", "quote", "news", "explain"})
_LONGEST = 300
_MENU = frozenset({"menu", "help", "/help", "/menu", "مینو", "مدد"})


@dataclass(frozen=True, slots=True)
class Slash:
    """A command as it was typed: its name in lower case and what stands behind it."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which handler runs with which understanding, and which step's question is asked again afterwards."""

    handler: Handler
    understanding: Understanding
    again: Step | None = None
    name: str = ""


class Router:
    """Chooses for one turn."""

    def __init__(self, intents: Intents) -> None:
        self._intents = intents

    async def understand(self, text: str, lang: Lang) -> Understanding:
        """What one utterance means, without a conversation around it (``marketbyte route``)."""
        slash = _slash(text)
        if slash:
            return _command_understanding(slash)
        return await self._intents.understand(text, lang)

    async def choose(self, turn: Turn) -> Choice:
        """Choose the handler for a turn."""
        step = STEPS.get(turn.session.awaiting or "")
        if turn.inbound.pressed:
            return self._pressed(turn, step)
        text = turn.text.strip()
        slash = _slash(text)
        if slash:
            return await self._command(turn, slash, step)
        return self._worded(turn, step, text) or self._understood(
            turn, step, await self._intents.understand(text, turn.lang)
        )

    def _worded(self, turn: Turn, step: Step | None, text: str) -> Choice | None:
        """What needs no understanding: "menu" and "back" at any step, or an answer to the step's question."""
        word = plain(text).casefold().strip(" .!" + _INVISIBLE)
        if word in _MENU:
            return _intent(Understanding("help"), step)
        if word in _BACK:
            if step is None:
                return _intent(Understanding("help"), None)
            return Choice(step.handler, Understanding("start", {"back": "1"}), name=step.name)
        if step is not None and step.fits(turn, None):
            return Choice(step.handler, Understanding("start", {"value": text}), name=step.name)
        return None

    def _understood(self, turn: Turn, step: Step | None, meaning: Understanding) -> Choice:
        unsure = meaning.intent in NO_QUESTION or meaning.confidence < INTERRUPTS
        if step is not None and (unsure or step.fits(turn, meaning)):
            return Choice(
                step.handler, replace(meaning, details={"value": turn.text.strip()}), name=step.name
            )
        return self._admitted(turn, step, meaning)

    def _pressed(self, turn: Turn, step: Step | None) -> Choice:
        if len(turn.inbound.pressed.encode("utf-8", "replace")) > LONGEST_PRESS:  # no button of ours
            return _intent(Understanding("unknown", by="command"), step)
        name, _, query = turn.inbound.pressed.partition("?")
        details = dict(parse_qsl(query, keep_blank_values=True))
        kind: Literal["step", "intent"] = "step" if name.startswith("step/") else "intent"
        if kind == "step":
            wanted = STEPS.get(name.removeprefix("step/"))
            if wanted is not None and step is wanted:
                return Choice(wanted.handler, Understanding("start", details, by="command"), name=wanted.name)
            # A button of an earlier step: it no longer means what it says, so only the open question is asked again.
            return _intent(Understanding("help", {"stale": "1"}, by="command"), step)
        if name not in INTENTS:
            return _intent(Understanding("unknown", by="command"), step)
        return self._admitted(turn, step, Understanding(name, details, by="command"))

    def _admitted(self, turn: Turn, step: Step | None, meaning: Understanding) -> Choice:
        """A stranger is answered what needs no keeping, and is led to onboarding for the rest."""
        if turn.user.consented_at is None and step is None and not _is_public(meaning):
            return _intent(Understanding("start", by=meaning.by), None)
        if turn.user.consented_at is None and step is not None and meaning.intent in KEEPING:
            # Nothing is kept before they agree: the open question comes again, with the reason.
            return Choice(step.again, meaning, name=FIRST)
        return _intent(meaning, step)

    async def _command(self, turn: Turn, slash: Slash, step: Step | None) -> Choice:
        known = COMMANDS.get(slash.name)
        meaning = _command_understanding(slash)
        unasked = turn.user.consented_at is None and meaning.intent in KEEPING
        if known is not None and not unasked and (turn.is_admin or not known.admin):
            details = {**meaning.details, **await self._arguments(turn, meaning.intent, slash.said)}
            return Choice(known.handler, replace(meaning, details=details), step, known.name)
        if meaning.intent != "unknown":
            # "/xray MEBL" is "xray MEBL"; what an operator's command means to others is their own "resume".
            details = await self._arguments(turn, meaning.intent, slash.said)
            return self._admitted(turn, step, replace(meaning, details=details))
        # An ordinary user gets the menu, not an error that admits there is such a command.
        return _intent(Understanding("help", by="command"), step)

    async def _arguments(self, turn: Turn, intent: Intent, said: str) -> dict[str, str]:
        """The details in what stands behind a command ("/settings urdu", "/xray LUCK"); words that are none are a name."""
        if not said or intent not in _READ_ON:
            return {}
        meaning = await self._intents.understand(f"{intent} {said}"[:_LONGEST], turn.lang)
        details = dict(meaning.details) if meaning.intent == intent else {}
        if intent in _NAMED and not details.get("names"):
            details["names"] = said[:40].replace(",", " ")
        return details


def _slash(text: str) -> Slash | None:
    """The command that a text is, if it is one."""
    found = _COMMAND.fullmatch(plain(text))
    if found is None:
        return None
    name = found[1].casefold()
    said = text[found.start(2) :] if name in _OWN_WORDS and found[2] else found[2] or ""
    return Slash(name, said.strip())


def _command_understanding(slash: Slash) -> Understanding:
    intent = _ALIASES.get(slash.name, slash.name)
    details = {"command": slash.name, "value": slash.said}
    return Understanding(intent if intent in INTENTS else "unknown", details, by="command")


def _is_public(meaning: Understanding) -> bool:
    if meaning.intent in PUBLIC:
        return True
    if meaning.intent in {"brief", "audio"}:
        return meaning.details.get("scope") in {"market", "sector"}
    return meaning.intent in PUBLIC_WITH_NAMES and bool(meaning.details.get("names"))


def _intent(meaning: Understanding, step: Step | None) -> Choice:
    return Choice(INTENT_HANDLERS[meaning.intent], meaning, step, meaning.intent)
