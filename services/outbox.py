"""Everything that goes out: stored before it is sent, sent once, tried again where that can help."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.domain.conversation import Address, Notice, Outbound, Reply
from services.domain.errors import DeliveryFailed, MarketByteError, RecipientGone
from services.ports import Clock, OutboxStore, Sender

CLAIM = timedelta(seconds=90)  # longer than the slowest upload of a voice note we have seen
BACKOFF = (5, 30, 120, 600, 1800)  # seconds; after the last one the message is given up
# A status by which WhatsApp tells late that the 24 hours were over: Twilio's and Meta's (their tables of error codes).
WINDOW_SHUT = frozenset({"63016", "131047"})
AT_ONCE = 8  # broadcast sends under way at one time


class Outbox:
    """Puts, delivers and sweeps.

    ``gone`` is told an address that a provider called void. ``wants`` is asked right before a scheduled message is sent
    whether its person still wants such messages.
    """

    def __init__(
        self,
        store: OutboxStore,
        sender: Sender,
        clock: Clock,
        gone: Callable[[Address], Awaitable[None]],
        wants: Callable[[str], Awaitable[bool]] | None = None,
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._gone = gone
        self._wants = wants
        self._tries: dict[str, int] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def put(self, outbounds: Sequence[Outbound]) -> list[Outbound]:
        """Store each once by its key; returns the new ones, which the caller may deliver at once."""
        return await self._store.put(outbounds)

    async def deliver(self, outbound: Outbound, *, claimed: bool = False) -> bool:
        """Send one message if nobody else has it; True if the provider took it.

        ``claimed``: the turn that committed it holds it already.
        """
        now = self._clock.now()
        if not claimed and not await self._store.claim(outbound.key, until=now + CLAIM):
            return False
        if self._wants and outbound.lane == "broadcast" and not await self._wants(outbound.user_id):
            await self._store.failed(
                outbound.key, "stopped before it was sent", retry_at=None, state="expired"
            )
            return False
        try:
            receipt = await self._sender.send(outbound, _open_gate)
        except DeliveryFailed as failure:
            await self._failed(outbound, failure, now)
            return False
        except MarketByteError as error:
            await self._store.failed(outbound.key, error.detail, retry_at=None)
            return False
        self._tries.pop(outbound.key, None)
        refused = await self._store.sent(outbound.key, receipt)
        if refused in WINDOW_SHUT:
            await self._template_instead(outbound)
        return True

    async def sweep(self, channels: Sequence[str] = ()) -> int:
        """Deliver what is due: never tried, to be tried again, or left behind by a crash. Returns how many were sent.

        ``channels`` narrows to those; () = all. The answers of a turn are left to that turn.
        """
        waiting = await self._store.due(self._clock.now(), channels=channels)

        async def one(outbound: Outbound) -> bool:
            async with self._gate:
                return await self.deliver(outbound)

        # One address, one order: messages of the same address go one after the other.
        lines: dict[str, list[Outbound]] = {}
        for outbound in waiting:
            lines.setdefault(str(outbound.address), []).append(outbound)

        async def line(messages: list[Outbound]) -> int:
            return sum([await one(message) for message in messages])

        return sum(await asyncio.gather(*(line(messages) for messages in lines.values())))

    async def take_over(self) -> None:
        """At the start of the web process: the turns of its predecessor are dead, so their unsent answers are free."""
        await self._store.release_turns()

    async def note(self, notice: Notice) -> None:
        """Follow a message by its status. One refused late for the shut window is followed by its template, once."""
        if notice.kind == "failed" and notice.code in WINDOW_SHUT:
            # The template first: if we die in between, the status comes again and finds the message still unfailed.
            refused = await self._store.by_ref(notice.ref)
            if refused is not None:
                await self._template_instead(refused)
        await self._store.note(notice)

    async def history(self, address: Address) -> list[Outbound]:
        return await self._store.history(address)

    async def counts(self) -> dict[str, int]:
        return await self._store.counts()

    async def _template_instead(self, refused: Outbound) -> None:
        """Put the template of a message as one of its own; what was only a template gets no second."""
        if refused.template is None or not refused.reply.blocks:
            return
        key, now = f"{refused.key}:template", self._clock.now()
        await self._store.put([replace(refused, key=key, reply=Reply(()), at=now)])

    async def _failed(self, outbound: Outbound, failure: DeliveryFailed, now: datetime) -> None:
        if isinstance(failure, RecipientGone):
            await self._gone(outbound.address)
        tries = self._tries.get(outbound.key, 0)
        if failure.ambiguous:
            # It may have arrived: sending it again could tell somebody twice, so it waits for a status.
            await self._store.failed(outbound.key, failure.detail, retry_at=None, state="unknown")
        elif failure.permanent or tries >= len(BACKOFF):
            await self._store.failed(outbound.key, failure.detail, retry_at=None)
        else:
            self._tries[outbound.key] = tries + 1
            wait = failure.wait if failure.wait is not None else BACKOFF[tries]
            await self._store.failed(outbound.key, failure.detail, retry_at=now + timedelta(seconds=wait))


async def _open_gate() -> None:
    """No rate is kept yet."""
