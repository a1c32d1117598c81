"""One turn: who speaks, where we stood, what it is answered, written as one, and sent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.answering import Answering, told
from bot.lateness import ALWAYS, Lateness
from bot.metrics import COUNTS
from bot.numbers import meant
from bot.refusals import sorry
from bot.signs import Sign
from handlers.turn import Services, Turn
from services.domain.conversation import Address, Answer, Inbound, Outbound, Reply, Session, Text
from services.domain.errors import MarketByteError
from services.domain.identity import account
from services.domain.intents import Understanding
from services.domain.users import User
from services.outbox import Outbox
from services.ports import Arrival, Clock, Sender, TurnStore
from services.wording import say

MOST_TRIES = 3

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Message:
    """A message whose turn has come.

    ``attempts`` counts this one; ``received`` is when it came; ``crowd`` is how many of its chat waited at one time;
    ``arrival`` is who it comes from, if that was asked for already.
    """

    inbound: Inbound
    attempts: int
    received: datetime
    crowd: int
    arrival: Awaitable[Arrival] | None = None


class Turning:
    """Takes one message to its answer."""

    def __init__(  # noqa: PLR0913  # the wiring hands over each part by name; they have nothing in common to bundle
        self,
        *,
        services: Services,
        answering: Answering,
        turns: TurnStore,
        outbox: Outbox,
        sender: Sender,
        clock: Clock,
        is_admin: Callable[[Address], bool],
        lateness: Lateness,
    ) -> None:
        self._services = services
        self._answering = answering
        self._turns = turns
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._is_admin = is_admin
        self._lateness = lateness

    async def run(self, message: Message) -> None:
        """Answer one message.

        Raises:
            Unavailable: The store is away; nothing of this turn is written, unless it is written whole.
        """
        inbound = await meant(message.inbound, self._outbox.shown, again=message.attempts > 1)
        user, session = await self._who(inbound, message.arrival)
        sign = Sign(self._sender, inbound)
        try:
            if user.stage == "blocked":
                answer = Answer((), session.awaiting, session.memo)
            elif message.attempts > MOST_TRIES:
                answer = sorry(user, session)
            else:
                turn = self._turn(inbound, user, session, sign)
                if await self._late(message, turn):
                    return
                answer = await self._answering.answer(turn)
            await self._close(inbound, user, session, answer, sign)
            took = (self._clock.now() - message.received).total_seconds()
            COUNTS.took("answer", took, channel=inbound.address.channel)
        finally:
            sign.stop()

    async def _who(self, inbound: Inbound, arrival: Awaitable[Arrival] | None) -> tuple[User, Session]:
        """The speaker and where the conversation stands."""
        arriving = arrival or self._turns.arriving((inbound.address, *inbound.aliases))
        found = await arriving
        user = await self._services.users.meet(inbound, found.user)
        if found.user is None or found.user.id != user.id:
            return user, await self._turns.session(user.id)
        return user, found.session or Session(user.id)

    def _turn(self, inbound: Inbound, user: User, session: Session, sign: Sign) -> Turn:
        return Turn(
            inbound=inbound,
            user=user,
            session=session,
            understanding=Understanding("unknown"),
            services=self._services,
            now=self._clock.now(),
            is_admin=any(map(self._is_admin, account(user.addresses, inbound.address))),
            progress=sign.show,
        )

    async def _late(self, message: Message, turn: Turn) -> bool:
        """Whether the message came too late to be acted on; its chat is told so once an outage."""
        inbound = message.inbound
        outage = self._lateness.outage(inbound, message.received, message.crowd)
        if not outage or await self._counts_always(turn):
            return False
        COUNTS.add("received", channel=inbound.address.channel, kind="stale")
        notice = Outbound(
            key=f"late:{inbound.address}:{outage}",
            user_id=turn.user.id,
            address=inbound.address,
            reply=Reply((Text(say(turn.lang, "late.notice")),)),
            at=self._clock.now(),
            reply_ref=inbound.reply_ref,
        )
        # The key is the outage's, not the message's: the first one of a chat puts it, the others only close.
        begun = self._outbox.ready(inbound.address)
        for fresh in await self._turns.commit(inbound.event_id, turn.session, [notice], begun=begun):
            await self._outbox.deliver(fresh, begun=begun)
        return True

    async def _counts_always(self, turn: Turn) -> bool:
        try:
            choice = await self._answering.choose(turn)
        except MarketByteError:
            return False
        return choice.name in ALWAYS

    async def _close(
        self, inbound: Inbound, user: User, session: Session, answer: Answer, sign: Sign
    ) -> None:
        if answer.more is not None:
            answer = await self._told_ahead(inbound, user, answer, sign)
        speaker = answer.speaker or user.id
        outbounds = self._outbounds(inbound, speaker, answer.replies)
        after = Session(speaker, answer.awaiting, answer.memo)
        begun = self._outbox.ready(inbound.address)
        fresh = await self._turns.commit(inbound.event_id, after, outbounds, loaded=session, begun=begun)
        # The live values are sent, not the stored ones: a sealed reply is stored without its words.
        for outbound in fresh:
            sign.stop()
            await self._outbox.deliver(outbound, begun=begun)
            begun = False  # only the first was committed as being sent
        if answer.forget:
            await self._services.users.forget(user)

    async def _told_ahead(self, inbound: Inbound, user: User, answer: Answer, sign: Sign) -> Answer:
        """Send what is there while the rest is made; the turn stays open, so a crash goes on where it stopped.

        The keys are those that the turn's end commits: what was sent ahead is not sent again.
        """
        replies: list[Reply] = []
        async for reply in told(answer, user):
            replies.append(reply)
            ahead = self._outbounds(inbound, user.id, [reply], start=len(replies) - 1)
            for outbound in await self._outbox.put(ahead, own=True):
                sign.stop()
                await self._outbox.deliver(outbound)
            sign.again()
        return replace(answer, replies=tuple(replies), more=None)

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
