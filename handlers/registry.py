"""The one registry from which routing, the menu, the rights and the README table are derived.

A second claim on an intent, a command or a step is an error at import.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.turn import Turn
from services.domain.conversation import Answer
from services.domain.intents import INTENTS, Intent, Understanding

Handler = Callable[[Turn], Awaitable[Answer]]
Fits = Callable[[Turn, Understanding | None], bool]


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command. ``usage`` shows its arguments; ``admin`` hides it from everybody else."""

    name: str
    usage: str
    about: str
    admin: bool
    handler: Handler


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a conversation we wait in.

    ``fits`` says whether this turn's text answers it: asked first without an understanding (None), then, if it said no,
    once more with what the text would mean otherwise. ``again`` asks the step's question again after an interruption.
    ``lasting``: it is asked again until it is answered; any other question is dropped as soon as something else is asked.
    """

    name: str
    handler: Handler
    fits: Fits
    again: Handler
    lasting: bool = False


INTENT_HANDLERS: dict[str, Handler] = {}
COMMANDS: dict[str, Command] = {}
STEPS: dict[str, Step] = {}


def on(*intents: Intent) -> Callable[[Handler], Handler]:
    """Claim intents for a handler.

    Raises:
        ValueError: If an intent is unknown or claimed already.
    """

    def claim(handler: Handler) -> Handler:
        for intent in intents:
            if intent not in INTENTS or intent in INTENT_HANDLERS:
                raise ValueError(f"intent {intent!r} is unknown or claimed twice")
            INTENT_HANDLERS[intent] = handler
        return handler

    return claim


def command(name: str, about: str, *, usage: str = "", admin: bool = False) -> Callable[[Handler], Handler]:
    """Claim a slash command; ``about`` is its line in the menu.

    Raises:
        ValueError: If the command is claimed already.
    """

    def claim(handler: Handler) -> Handler:
        if name in COMMANDS:
            raise ValueError(f"command /{name} is claimed twice")
        COMMANDS[name] = Command(name, usage or f"/{name}", about, admin, handler)
        return handler

    return claim


def step(name: str, *, fits: Fits, again: Handler, lasting: bool = False) -> Callable[[Handler], Handler]:
    """Claim a step of a conversation.

    Raises:
        ValueError: If the step is claimed already.
    """

    def claim(handler: Handler) -> Handler:
        if name in STEPS:
            raise ValueError(f"step {name!r} is claimed twice")
        STEPS[name] = Step(name, handler, fits, again, lasting)
        return handler

    return claim
