"""One turn: who speaks, which handler, what it answered, into the outbox; one turn at a time per user.

The per-user lock is local to the process, which is right as long as the Procfile runs one web process.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.router import FIRST, Choice, Router
from handlers.holdings import HOLDINGS
from handlers.naming import ask_which
from handlers.registry import STEPS, Step
from handlers.turn import Services, Turn
from services.domain.conversation import Address, Answer, Inbound, Outbound, Reply, Session, Text
from services.domain.errors import AmbiguousName, MarketByteError, NothingHeld, Unavailable
from services.domain.intents import Understanding
from services.domain.users import User
from services.outbox import Outbox
from services.ports import Clock, InboxStore, Sender, TurnStore
from services.wording import say
from services.wording.layouts.menu import menu_buttons, plain, with_lead
from services.wording.sentences import catalog

MOST_TRIES = 3
_BENEATH = "then"  # in a session's notes: the lasting question that waits beneath a passing one
LEFT_BEHIND = timedelta(seconds=60)  # an entry of another process that is older was left by a crash

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
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, inbound: Inbound) -> bool:
        """Store a message once and start its turn; False if it was seen before. The caller acknowledges after this."""
        inbound = _readable(inbound)
        if not await self._inbox.accept(inbound):
            return False
        self._keep(self.take(inbound))
        return True

    async def say(self, inbound: Inbound) -> None:
        """Accept a message and wait for its answer (the terminal)."""
        inbound = _readable(inbound)
        if await self._inbox.accept(inbound):
            await self.take(inbound)

    async def recover(self, *, all_of_them: bool) -> int:
        """Take up what was accepted and never answered: all of it at start, later what another process left behind."""
        now = self._clock.now()
        left = await self._inbox.open(older_than=now if all_of_them else now - LEFT_BEHIND)
        for inbound in left:
            self._keep(self.take(inbound, again=True))
        return len(left)

    async def take(self, inbound: Inbound, *, again: bool = False) -> None:
        """Answer one message; messages of one address are answered in the order in which they came.

        ``again``: it was left behind by a crash; after a few such tries it gets an apology instead.
        """
        key = str(inbound.address)
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with lock:
                # Only a message taken up again can have been tried before; the first try saves the look.
                attempts = await self._inbox.tried(inbound.event_id) if again else 1
                await self._turn(inbound, attempts)
        except Unavailable as error:
            # The store is away: the entry stays open in the inbox and is taken up again.
            log.warning("turn_postponed", error=type(error).__name__, reason=error.detail)
        finally:
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
            return await self._close(inbound, user, _sorry(user, session))
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
            return await self._led_back(turn, choice, await _holdings_asked(turn))
        except MarketByteError as error:
            log.info("turn_refused", error=type(error).__name__, handler=choice.name if choice else "")
            return await self._led_back(turn, choice, _told(turn, error))
        except Exception as error:  # noqa: BLE001  # the one net: a bug must not leave a person without an answer
            log.error(  # noqa: TRY400  # a traceback's last line may hold somebody's words
                "turn_broke",
                error=type(error).__name__,
                where=_where(error),
                handler=choice.name if choice else "",
            )
            return _sorry(turn.user, turn.session)
        finally:
            ms = round((asyncio.get_running_loop().time() - started) * 1000, 1)
            meaning = choice.understanding if choice else turn.understanding
            log.info(
                "turn", channel=turn.inbound.address.channel, intent=meaning.intent, by=meaning.by, ms=ms
            )

    async def _led_back(self, turn: Turn, choice: Choice | None, answer: Answer) -> Answer:
        """After an interruption a lasting question (of onboarding) is asked again, as soon as nothing else is open."""
        step, memo = _beneath(turn)
        if step is None or choice is None or choice.name in {"stop", "start", step.name}:
            return answer
        if (
            answer.forget
            or answer.speaker
            or (answer.awaiting in STEPS and STEPS[answer.awaiting or ""].lasting)
        ):
            return answer
        if answer.awaiting is not None:
            kept = {f"{_BENEATH}.{key}": value for key, value in memo.items()}
            return replace(answer, memo={**answer.memo, **kept, _BENEATH: step.name})
        user = await self._services.users.get(turn.user.id) or turn.user
        again = await step.again(replace(turn, user=user, session=Session(user.id, step.name, memo)))
        return Answer((*answer.replies, *again.replies), again.awaiting, again.memo)

    async def _commit(self, inbound: Inbound, user: User, answer: Answer) -> list[Outbound]:
        now = self._clock.now()
        speaker = answer.speaker or user.id
        outbounds = [
            Outbound(
                key=f"reply:{inbound.event_id}:{n}",
                user_id=speaker,
                address=inbound.address,
                reply=reply,
                at=now,
                reply_ref=inbound.reply_ref,
            )
            for n, reply in enumerate(answer.replies)
        ]
        session = Session(speaker, answer.awaiting, answer.memo)
        fresh = await self._turns.commit(inbound.event_id, session, outbounds)
        # The live values are sent, not the stored ones: a sealed reply is stored without its words.
        keys = {outbound.key for outbound in fresh}
        return [outbound for outbound in outbounds if outbound.key in keys]

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _readable(inbound: Inbound) -> Inbound:
    """The message without half characters (lone surrogates): no store and no library can write those down."""
    return replace(
        inbound,
        **{
            name: value.encode("utf-8", "ignore").decode()
            for name in ("event_id", "text", "pressed", "name", "reply_ref")
            if not (value := getattr(inbound, name)).isascii()
        },
    )


def _prefaced(turn: Turn, choice: Choice, answer: Answer) -> Answer:
    """The answer with the sentence that belongs before it: no calls are given, nothing is kept without consent."""
    if choice.name == FIRST:
        return with_lead(answer, say(turn.lang, FIRST))
    return (
        with_lead(answer, say(turn.lang, "menu.no_call"))
        if "advice" in choice.understanding.details
        else answer
    )


def _beneath(turn: Turn) -> tuple[Step | None, dict[str, str]]:
    """The lasting question that is open, or waits beneath a passing one, with its notes."""
    if turn.user.stage == "active":
        return None, {}
    memo = turn.session.memo
    name = memo.get(_BENEATH)
    if name is not None:
        start = f"{_BENEATH}."
        return STEPS.get(name), {k.removeprefix(start): v for k, v in memo.items() if k.startswith(start)}
    step = STEPS.get(turn.session.awaiting or "")
    return (step, dict(memo)) if step is not None and step.lasting else (None, {})


def _told(turn: Turn, error: MarketByteError) -> Answer:
    """The refusal in the user's language. A lasting question stays open; a passing one ends with it."""
    text = say(turn.lang, error.sentence, **_filled(turn, error))
    reply = Reply((Text(text),), menu_buttons(turn.lang))
    step = STEPS.get(turn.session.awaiting or "")
    return Answer((reply,), step.name, turn.session.memo) if step and step.lasting else Answer((reply,))


def _filled(turn: Turn, error: MarketByteError) -> dict[str, str]:
    """What the sentence needs. A reason is a sentence too; the English detail line is for administrators only."""
    reason = error.values.get("reason", "")
    if reason in catalog():
        reason = say(turn.lang, reason)
    elif not reason:
        reason = error.detail if turn.is_admin else say(turn.lang, "error.no_reason")
    return {"name": "", "what": "", **error.values, "reason": reason}


async def _holdings_asked(turn: Turn) -> Answer:
    """Whoever has told us nothing yet is asked for it, so that the next message can be the list."""
    step, _ = _beneath(turn)
    if step is not None and step.name == HOLDINGS:
        return Answer(())  # the question itself follows
    reply = plain(turn.lang, "error.nothing_held")
    if step is not None or turn.user.consented_at is None:
        return Answer((reply,))
    return Answer((reply,), HOLDINGS)


def _sorry(user: User, session: Session) -> Answer:
    text = say(user.preferences.lang, "error.broke")
    return Answer(
        (Reply((Text(text),), menu_buttons(user.preferences.lang)),), session.awaiting, session.memo
    )


def _where(error: BaseException) -> str:
    """File and line of the innermost frame: enough to find it, and it can hold nobody's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
