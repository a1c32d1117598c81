"""One message on its way: sent behind its gate, and what came of it written down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from services.counts import Counts
from services.domain.conversation import Lane, Outbound, Receipt
from services.domain.errors import DeliveryFailed, MarketByteError, NotOurs, Unavailable
from services.outbox.gate import Gate, Gatekeeper
from services.outbox.neighbours import Neighbours
from services.outbox.permits import Postponed, Withdrawn
from services.outbox.refusals import Refusals
from services.outbox_store import Due, OutboxStore
from services.ports import Clock, Sender

KEEP_TRYING: Final = 1.0  # seconds between tries to write what a provider took
_SEALED: Final = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try. ``wait``: it is tried again in so many seconds; None = it is not, or not by us."""

    taken: bool = False
    wait: float | None = None


@dataclass(slots=True)
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class Delivery:
    """Sends single messages. Those of one address and lane go one after the other."""

    def __init__(  # noqa: PLR0913  # each room by name
        self,
        *,
        store: OutboxStore,
        sender: Sender,
        clock: Clock,
        keeper: Gatekeeper,
        refusals: Refusals,
        neighbours: Neighbours,
        counts: Counts,
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._keeper = keeper
        self._refusals = refusals
        self._neighbours = neighbours
        self._counts = counts
        self._lines: dict[tuple[str, Lane], _Line] = {}
        self._live: dict[
            str, Outbound
        ] = {}  # sealed messages that wait for another try: their words are nowhere else
        self._writing: set[asyncio.Task[None]] = set()
        self.in_hand: set[str] = set()

    async def send(self, due: Due, *, begun: bool = False) -> Outcome:
        """Send one message, unless it must not go; ``begun``: its turn committed it as being sent.

        Raises:
            Unavailable: Our own store is away; the message is found again when it is back.
        """
        outbound = self._live.get(due.outbound.key, due.outbound)
        self.in_hand.add(outbound.key)
        try:
            async with self._line(outbound):
                return await self._send(Due(outbound, due.tries), begun=begun)
        finally:
            self.in_hand.discard(outbound.key)
            self._keeper.permits.forget(outbound.key)

    def posted(self, key: str) -> bool:
        """Whether a request of it may be under way."""
        return key in self._keeper.posted

    async def settled(self) -> None:
        """Wait until all that was taken is written."""
        while self._writing:
            await asyncio.wait(set(self._writing))

    async def _send(self, due: Due, *, begun: bool) -> Outcome:
        outbound = due.outbound
        gate = Gate(self._keeper, outbound, begun=begun)
        started = asyncio.get_running_loop().time()
        try:
            receipt = await self._sent(outbound, gate)
        except NotOurs as reason:
            return await self._not_sent(outbound, reason)
        except DeliveryFailed as failure:
            return await self._refused(due, failure)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001  # one message's bug is its own; the queue goes on
            await self._broke(outbound, error, begun=begun or bool(gate.calls))
            return Outcome()
        finally:
            gate.close()
        self._taken(outbound, receipt, asyncio.get_running_loop().time() - started)
        return Outcome(taken=True)

    async def _sent(self, outbound: Outbound, gate: Gate) -> Receipt:
        if outbound.done and not outbound.reply.blocks:
            return Receipt(outbound.done, self._clock.now())  # a template has one part, and that was taken
        return await self._sender.send(outbound, gate)

    async def _refused(self, due: Due, failure: DeliveryFailed) -> Outcome:
        key = due.outbound.key
        if not failure.ambiguous:
            self._keeper.journal.waits(key, len(failure.done) + 1)
        wait = await self._refusals.after(due, failure)
        self._keep_words(due.outbound, again=wait is not None)
        self._keeper.journal.settled(key)
        return Outcome(wait=wait)

    async def _not_sent(self, outbound: Outbound, reason: NotOurs) -> Outcome:
        if isinstance(reason, Withdrawn):
            self._counts.add("sent", channel=outbound.address.channel, kind=reason.state)
            await self._store.ended(outbound.key, reason.state, reason.detail)
        if not isinstance(reason, Postponed):
            return Outcome()
        self._keep_words(outbound, again=True)
        await self._store.again(
            outbound.key,
            reason.detail,
            reason.at,
            done=outbound.done,
            counted=False,
            own=outbound.reply.sealed,
        )
        return Outcome(wait=max(0.0, (reason.at - self._clock.now()).total_seconds()))

    async def _broke(self, outbound: Outbound, error: Exception, *, begun: bool) -> None:
        """A mistake of ours. Behind the gate the request may have gone out before it."""
        detail = (
            error.detail if isinstance(error, MarketByteError) else f"sending broke ({type(error).__name__})"
        )
        await self._store.ended(outbound.key, "unknown" if begun else "failed", detail)
        if not isinstance(error, MarketByteError):
            await self._neighbours.alarm(f"format:{outbound.address.channel}", detail)

    def _taken(self, outbound: Outbound, receipt: Receipt, seconds: float) -> None:
        channel = outbound.address.channel
        self._keep_words(outbound, again=False)
        self._counts.add("sent", channel=channel, kind="accepted")
        if outbound.template is not None and not outbound.reply.blocks:
            self._counts.add("template", channel=channel, kind="accepted")
        self._counts.took("send", seconds, channel=channel)
        self._keeper.journal.taken(outbound.key, receipt.refs)
        self._refusals.fine(outbound.address)
        task = asyncio.create_task(self._write(outbound, receipt))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, outbound: Outbound, receipt: Receipt) -> None:
        """Write that it was taken, however long the store is away: what was sent must not be sent again."""
        channel = outbound.address.channel
        code: str | None = None
        while code is None:
            try:
                code = await self._store.accepted(outbound.key, receipt, channel=channel)
            except Unavailable:
                await asyncio.sleep(KEEP_TRYING)
        self._keeper.journal.settled(outbound.key)
        with suppress(MarketByteError):
            if receipt.moved is not None:
                await self._neighbours.moved(outbound.address, receipt.moved)
            failure = self._neighbours.judge(channel, code) if code and self._neighbours.judge else None
            if failure is not None:
                await self._refusals.late(outbound, failure)

    def _keep_words(self, outbound: Outbound, *, again: bool) -> None:
        """The words of a sealed message live only here as long as it is to be tried again."""
        self._live.pop(outbound.key, None)
        if again and outbound.reply.sealed and len(self._live) < _SEALED:
            self._live[outbound.key] = outbound

    @asynccontextmanager
    async def _line(self, outbound: Outbound) -> AsyncIterator[None]:
        name = (str(outbound.address), outbound.lane)
        line = self._lines.setdefault(name, _Line())
        line.users += 1
        try:
            async with line.lock:
                yield
        finally:
            line.users -= 1
            if not line.users:
                self._lines.pop(name, None)
