"""From a turn to its answer: chooses the handler, catches what goes wrong, and leads back to an open question.

Nothing here stores or sends.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from bot.metrics import TURN_SECONDS, TURNS
from bot.open_questions import BENEATH, beneath
from bot.refusals import holdings_asked, refused, sorry
from bot.router import FIRST, Choice, Router
from handlers.naming import ask_which, listed
from handlers.registry import STEPS
from handlers.turn import Turn
from services.domain.conversation import Answer, Reply, Session
from services.domain.errors import AmbiguousName, MarketByteError, NothingHeld
from services.domain.users import User
from services.wording import say
from services.wording.layouts.menu import with_lead

More = Callable[[], AsyncIterator[Reply]]

log = structlog.get_logger()


class Answering:
    """Answers turns."""

    def __init__(self, router: Router) -> None:
        self._router = router

    async def choose(self, turn: Turn) -> Choice:
        """Which handler the turn asks for; it may raise whatever reading a message can raise."""
        return await self._router.choose(turn)

    async def answer(self, turn: Turn) -> Answer:
        """The answer of a turn; whatever breaks, there is one."""
        started = asyncio.get_running_loop().time()
        choice: Choice | None = None
        try:
            choice = await self._router.choose(turn)
            turn = replace(turn, understanding=choice.understanding)
            answer = await choice.handler(turn)
            return await self._led_back(turn, choice, _prefaced(turn, choice, answer))
        except AmbiguousName as error:
            answer = ask_which(turn, error, await turn.services.directory())
            return await self._led_back(turn, choice, answer)
        except NothingHeld:
            return await self._led_back(turn, choice, await holdings_asked(turn))
        except MarketByteError as error:
            log.info("turn_refused", error=type(error).__name__, handler=choice.name if choice else "")
            return await self._led_back(turn, choice, refused(turn, error, await listed(turn, error)))
        except Exception as error:  # noqa: BLE001  # the one net: a bug must not leave a person without an answer
            _broke(error, choice.name if choice else "")
            return sorry(turn.user, turn.session)
        finally:
            _note(turn, choice, asyncio.get_running_loop().time() - started)

    async def _led_back(self, turn: Turn, choice: Choice | None, answer: Answer) -> Answer:
        """After an interruption a lasting question (of onboarding) is asked again, as soon as nothing else is open."""
        step, memo = beneath(turn)
        if step is None or choice is None or choice.name in {"stop", "start", step.name}:
            return answer
        if (
            answer.forget
            or answer.speaker
            or (answer.awaiting in STEPS and STEPS[answer.awaiting or ""].lasting)
        ):
            return answer
        if answer.awaiting is not None:
            kept = {f"{BENEATH}.{key}": value for key, value in memo.items()}
            return replace(answer, memo={**answer.memo, **kept, BENEATH: step.name})
        user = await turn.services.users.get(turn.user.id) or turn.user
        again = await step.again(replace(turn, user=user, session=Session(user.id, step.name, memo)))
        if answer.more is not None:
            more = partial(_and_then, answer.more, again.replies)
            return Answer(answer.replies, again.awaiting, again.memo, more=more)
        return Answer((*answer.replies, *again.replies), again.awaiting, again.memo)


async def told(answer: Answer, user: User) -> AsyncIterator[Reply]:
    """All replies of an answer, those that are still made too; if making breaks, an apology follows what was told."""
    for reply in answer.replies:
        yield reply
    try:
        async for reply in _and_then(answer.more, ()):
            yield reply
    except Exception as error:  # noqa: BLE001  # a bug must not leave a person without an answer
        _broke(error, "more")
        for reply in sorry(user, Session(user.id)).replies:
            yield reply


async def _and_then(more: More | None, last: Sequence[Reply]) -> AsyncIterator[Reply]:
    """The replies that are still made, and some more, as one row."""
    if more is not None:
        async for reply in more():
            yield reply
    for reply in last:
        yield reply


def _prefaced(turn: Turn, choice: Choice, answer: Answer) -> Answer:
    """The answer with the sentence that belongs before it: no calls are given, nothing is kept without consent."""
    if choice.name == FIRST:
        return with_lead(answer, say(turn.lang, FIRST))
    return (
        with_lead(answer, say(turn.lang, "menu.no_call"))
        if "advice" in choice.understanding.details
        else answer
    )


def _broke(error: BaseException, handler: str) -> None:
    """A bug, told without a traceback: its last line may hold somebody's words."""
    log.error("turn_broke", error=type(error).__name__, where=_where(error), handler=handler)


def _where(error: BaseException) -> str:
    """File and line of the innermost frame: enough to find it, and it can hold nobody's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def _note(turn: Turn, choice: Choice | None, seconds: float) -> None:
    """One line and the counters for a turn: what was understood and how long the answer took, never what was said."""
    meaning = choice.understanding if choice else turn.understanding
    name = choice.name if choice else ""
    TURNS.labels(meaning.intent, meaning.by).inc()
    TURN_SECONDS.labels(meaning.intent).observe(seconds)
    channel, ms = turn.inbound.address.channel, round(seconds * 1000, 1)
    log.info("turn", channel=channel, handler=name, intent=meaning.intent, by=meaning.by, ms=ms)
