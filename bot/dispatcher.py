"""One turn: who speaks, which handler, what it answered, into the outbox; one turn at a time per user.

The per-user lock is local to the process, which is right as long as the Procfile runs one web process.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from bot.cleaning import readable
from bot.metrics import TURN_SECONDS, TURNS
from bot.open_questions import BENEATH, beneath
from bot.refusals import holdings_asked, refused, sorry
from bot.router import FIRST, Choice, Router
from handlers.naming import ask_which
from handlers.registry import STEPS
from handlers.turn import Services, Turn
from services.domain.conversation import Address, Answer, Inbound, Outbound, Reply, Session
from services.domain.errors import AmbiguousName, MarketByteError, NothingHeld, Unavailable
from services.domain.intents import Understanding
from services.domain.users import User
from services.outbox import Outbox
from services.ports import Clock, InboxStore, Sender, TurnStore
from services.wording import say
from services.wording.layouts.menu import with_lead

MOST_TRIES = 3
LEFT_BEHIND = timedelta(seconds=60)  # an entry of another process that is older was left by a crash

More = Callable[[], AsyncIterator[Reply]]

log = structlog.get_logger()


class Dispatcher:
    """Takes accepted messages to their answers."""

    def __init__(  # noqa: PLR0913  # the wiring hands over each part by name; they have nothing in common to bundle
        self,
        *,
        services: Services,
        router: Router,
        inbox: InboxStore,
        turns: TurnStore,
        outbox: Outbox,
        sender: Sender,
        clock: Clock,
        is_admin: Callable[[Address], bool],
    ) -> None:
        self._services = services
        self._router = router
        self._inbox = inbox
        self._turns = turns
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._is_admin = is_admin
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._in_hand: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, inbound: Inbound) -> bool:
        """Store a message once and start its turn; False if it was seen before. The caller acknowledges after this."""
        inbound = readable(inbound)
        if not await self._inbox.accept(inbound):
            return False
        self._keep(self.take(inbound))
        return True

    async def say(self, inbound: Inbound) -> None:
        """Accept a message and wait for its answer (the terminal)."""
        inbound = readable(inbound)
        if await self._inbox.accept(inbound):
            await self.take(inbound)

    async def recover(self, *, all_of_them: bool) -> int:
        """Take up what was accepted and never answered: all of it at start, later what another process left behind."""
        now = self._clock.now()
        left = await self._inbox.open(older_than=now if all_of_them else now - LEFT_BEHIND)
        orphaned = [inbound for inbound in left if inbound.event_id not in self._in_hand]
        for inbound in orphaned:
            self._keep(self.take(inbound, again=True))
        return len(orphaned)

    async def take(self, inbound: Inbound, *, again: bool = False) -> None:
        """Answer one message; messages of one address are answered in the order in which they came.

        ``again``: it was left behind by a crash; after a few such tries it gets an apology instead.
        """
        key = str(inbound.address)
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        self._in_hand.add(inbound.event_id)
        try:
            async with lock:
                # Only a message taken up again can have been tried before; the first try saves the look.
                attempts = await self._inbox.tried(inbound.event_id) if again else 1
                if attempts:  # none: it was answered (or its person forgotten) while it waited here
                    await self._turn(inbound, attempts)
        except Unavailable as error:
            # The store is away: the entry stays open in the inbox and is taken up again.
            log.warning("turn_postponed", error=type(error).__name__, reason=error.detail)
        finally:
            self._in_hand.discard(inbound.event_id)
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]

    async def drain(self, seconds: float) -> None:
        """Let the turns under way end, at most that long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _turn(self, inbound: Inbound, attempts: int) -> None:
        user = await self._services.users.meet(inbound)
        if user.stage == "blocked":
            return await self._close(inbound, user, Answer(()))
        session = await self._turns.session(user.id)
        if attempts > MOST_TRIES:
            return await self._close(inbound, user, sorry(user, session))
        turn = Turn(
            inbound=inbound,
            user=user,
            session=session,
            understanding=Understanding("unknown"),
            services=self._services,
            now=self._clock.now(),
            is_admin=self._is_admin(inbound.address),
            progress=lambda kind: self._sender.typing(inbound, kind),
        )
        return await self._close(inbound, user, await self._answer(turn))

    async def _close(self, inbound: Inbound, user: User, answer: Answer) -> None:
        if answer.more is not None:
            answer = await self._told_ahead(inbound, user, answer)
        for outbound in await self._commit(inbound, user, answer):
            await self._outbox.deliver(outbound, claimed=True)
        if answer.forget:
            await self._services.users.forget(user)

    async def _answer(self, turn: Turn) -> Answer:
        started = asyncio.get_running_loop().time()
        choice: Choice | None = None
        try:
            choice = await self._router.choose(turn)
            turn = replace(turn, understanding=choice.understanding)
            answer = await choice.handler(turn)
            return await self._led_back(turn, choice, _prefaced(turn, choice, answer))
        except AmbiguousName as error:
            answer = ask_which(turn, error, await self._services.directory())
            return await self._led_back(turn, choice, answer)
        except NothingHeld:
            return await self._led_back(turn, choice, await holdings_asked(turn))
        except MarketByteError as error:
            log.info("turn_refused", error=type(error).__name__, handler=choice.name if choice else "")
            return await self._led_back(turn, choice, refused(turn, error))
        except Exception as error:  # noqa: BLE001  # the one net: a bug must not leave a person without an answer
            log.error(  # noqa: TRY400  # a traceback's last line may hold somebody's words
                "turn_broke",
                error=type(error).__name__,
                where=_where(error),
                handler=choice.name if choice else "",
            )
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
        user = await self._services.users.get(turn.user.id) or turn.user
        again = await step.again(replace(turn, user=user, session=Session(user.id, step.name, memo)))
        if answer.more is not None:
            more = partial(_and_then, answer.more, again.replies)
            return Answer(answer.replies, again.awaiting, again.memo, more=more)
        return Answer((*answer.replies, *again.replies), again.awaiting, again.memo)

    async def _told_ahead(self, inbound: Inbound, user: User, answer: Answer) -> Answer:
        """Send what is there while the rest is made; the turn stays open, so a crash goes on where it stopped.

        The keys are those that the turn's end commits: what was sent ahead is not sent again.
        """
        told: list[Reply] = []
        async for reply in _and_then(partial(_excused, answer.more, user), (), first=answer.replies):
            told.append(reply)
            ahead = self._outbounds(inbound, user.id, [reply], start=len(told) - 1)
            for outbound in await self._outbox.put(ahead):
                await self._outbox.deliver(outbound)
        return replace(answer, replies=tuple(told), more=None)

    async def _commit(self, inbound: Inbound, user: User, answer: Answer) -> list[Outbound]:
        speaker = answer.speaker or user.id
        outbounds = self._outbounds(inbound, speaker, answer.replies)
        session = Session(speaker, answer.awaiting, answer.memo)
        fresh = await self._turns.commit(inbound.event_id, session, outbounds)
        # The live values are sent, not the stored ones: a sealed reply is stored without its words.
        keys = {outbound.key for outbound in fresh}
        return [outbound for outbound in outbounds if outbound.key in keys]

    def _outbounds(
        self, inbound: Inbound, user_id: str, replies: Sequence[Reply], *, start: int = 0
    ) -> list[Outbound]:
        now = self._clock.now()
        return [
            Outbound(
                key=f"reply:{inbound.event_id}:{n}",
                user_id=user_id,
                address=inbound.address,
                reply=reply,
                at=now,
                reply_ref=inbound.reply_ref,
            )
            for n, reply in enumerate(replies, start)
        ]

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _excused(more: More | None, user: User) -> AsyncIterator[Reply]:
    """The replies that are still made; if making breaks, what was told stays told and an apology follows."""
    try:
        async for reply in _and_then(more, ()):
            yield reply
    except Exception as error:  # noqa: BLE001  # a bug must not leave a person without an answer
        log.error("turn_broke", error=type(error).__name__, where=_where(error), handler="more")  # noqa: TRY400  # its last line may hold somebody's words
        for reply in sorry(user, Session(user.id)).replies:
            yield reply


async def _and_then(
    more: More | None, last: Sequence[Reply], *, first: Sequence[Reply] = ()
) -> AsyncIterator[Reply]:
    """Some replies, those that are still made, and some more, as one row."""
    for reply in first:
        yield reply
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
