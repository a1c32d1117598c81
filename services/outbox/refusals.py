"""What is done when a message was not taken: by the kind of refusal, whether it came as an answer or later as a status."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Final

from services.counts import Counts
from services.domain.conversation import Address, Outbound, Reply
from services.domain.errors import (
    AccountRefused,
    DeliveryFailed,
    HeldBack,
    OptedOut,
    RecipientGone,
    TemplateRefused,
    TooFast,
    WindowClosed,
)
from services.outbox.breaker import Breaker
from services.outbox.neighbours import Neighbours
from services.outbox.permits import Permits
from services.outbox_store import Due, OutboxStore
from services.ports import Clock, Rates

BACKOFF: Final = (5, 30, 120, 600, 1800)  # seconds; after the last one the message is given up
JITTER: Final = (
    0.2  # share by which a pause of ours is spread, so that those who failed together do not come together
)
PAIR: Final = 4.0  # seconds to the power of the tries: WhatsApp's own rule for one person (131056)
LONGEST: Final = 3600.0
LONG_HOLD: Final = 900.0  # seconds of a pause for all that an operator should know of
SENDER_FIRST, SENDER_LONGEST = 1.0, 60.0  # seconds, doubled each time, where a provider names no pause
HELD_FOR: Final = timedelta(hours=24)
_REMEMBERED: Final = 10_000
_LEAST_PAUSE: Final = 1.0  # seconds before a message that our account was refused for goes again


class Refusals:
    """Acts on what was not taken. ``after`` tells when the message is tried again, if it is."""

    def __init__(  # noqa: PLR0913  # each room by name
        self,
        *,
        store: OutboxStore,
        clock: Clock,
        rates: Rates,
        neighbours: Neighbours,
        permits: Permits,
        counts: Counts,
        breakers: dict[str, Breaker],
    ) -> None:
        self._store = store
        self._clock = clock
        self._rates = rates
        self._neighbours = neighbours
        self._permits = permits
        self._counts = counts
        self._breakers = breakers
        self._fast: dict[str, int] = {}  # how often in a row this chat or sender was too fast

    async def after(self, due: Due, failure: DeliveryFailed) -> float | None:
        """Deal with a refusal; returns in how many seconds the message is tried again, None if it is not."""
        outbound, channel = due.outbound, due.outbound.address.channel
        await self._unknown_code(channel, failure)
        if isinstance(failure, AccountRefused):
            wait = await self._account(channel, failure)
            return await self._again(outbound, failure, wait, counted=False)
        self._heard_from(channel, failure)
        if isinstance(failure, TooFast):
            return await self._again(outbound, failure, await self._slower(outbound, failure), counted=False)
        if isinstance(failure, TemplateRefused) and outbound.campaign:
            await self.told(
                outbound, failure
            )  # it stays queued: mended, the campaign goes on where it stopped
            return await self._again(outbound, failure, 0.0, counted=False)
        if not failure.ambiguous and not failure.permanent:
            return await self._later(due, failure)
        if failure.permanent:
            await self.told(outbound, failure)
        # Where it may have arrived, sending it again could tell somebody twice: it waits until that is known.
        await self._ended(outbound, failure, "unknown" if failure.ambiguous else "failed")
        return None

    def _heard_from(self, channel: str, failure: DeliveryFailed) -> None:
        """What a refusal of one message says of the provider's own state."""
        breaker = self._breakers[channel]
        if isinstance(failure, TooFast):
            breaker.gave_up()
        elif failure.ambiguous or not failure.code:
            breaker.unanswered(asyncio.get_running_loop().time())
        else:
            breaker.answered()
        self._show(channel)

    def _show(self, channel: str) -> None:
        self._counts.level("breaker", float(self._breakers[channel].state != "closed"), channel=channel)

    async def told(self, outbound: Outbound, failure: DeliveryFailed) -> None:
        """What a final refusal means for others: the person, the campaign, the template that may go instead."""
        if isinstance(failure, WindowClosed):
            await self._template_instead(outbound)
        elif isinstance(failure, RecipientGone):
            await self._neighbours.gone(outbound.address)
        elif isinstance(failure, OptedOut):
            await self._neighbours.stopped(outbound.address)
        elif isinstance(failure, HeldBack):
            await self._store.hold_back(outbound.address, self._clock.now() + HELD_FOR)
        elif isinstance(failure, TemplateRefused):
            await self._halt(outbound, failure)

    async def late(self, outbound: Outbound, failure: DeliveryFailed, ref: str = "") -> None:
        """A message that was taken and then refused: what that means for others; it is not sent again as it is.

        Where only its medium was refused, something else is put in its place. ``ref`` is the id that was refused.
        """
        channel = outbound.address.channel
        await self._unknown_code(channel, failure)
        if isinstance(failure, AccountRefused):
            await self._account(channel, failure)
        elif isinstance(failure, TooFast):
            await self._slower(outbound, failure)
            await self._put_instead(outbound, failure, ref)
        elif type(failure) is DeliveryFailed:
            await self._put_instead(outbound, failure, ref)
        else:
            await self.told(outbound, failure)

    async def _put_instead(self, outbound: Outbound, failure: DeliveryFailed, ref: str) -> None:
        other = await self._neighbours.instead(outbound, failure.code, ref)
        await self._store.put([other] if other else [])

    def fine(self, address: Address) -> None:
        """A message was taken: whoever was too fast is so no more."""
        if self._breakers[address.channel].answered():
            self._show(address.channel)
        if self._fast:
            self._fast.pop(str(address), None)
            self._fast.pop(address.channel, None)

    async def _slower(self, outbound: Outbound, failure: TooFast) -> float:
        """Hold that scope for the time the provider asked for, or one that grows from refusal to refusal."""
        address = outbound.address
        chat = failure.scope in {"chat", "message"}
        name = str(address) if chat else address.channel
        if len(self._fast) > _REMEMBERED:
            self._fast.clear()
        times = self._fast[name] = self._fast.get(name, 0) + 1
        grown = min(PAIR**times, LONGEST) if chat else min(SENDER_FIRST * 2 ** (times - 1), SENDER_LONGEST)
        wait = failure.wait if failure.wait is not None else _spread(grown)
        self._counts.add("held", channel=address.channel, kind=failure.scope, code=failure.code)
        await self._rates.hold(address, failure.scope, wait)
        if not chat and wait >= LONG_HOLD:
            await self._neighbours.alarm(
                f"spam:{address.channel}",
                f"{failure.detail}; nothing goes in this scope for {wait:.0f} s: look at its quality and limits",
            )
        return wait

    async def _account(self, channel: str, failure: AccountRefused) -> float:
        """Count it for the breaker; returns how long nothing goes."""
        now = asyncio.get_running_loop().time()
        breaker = self._breakers[channel]
        opened = breaker.refused(now)
        self._show(channel)
        if opened:
            await self._neighbours.alarm(
                f"account:{channel}",
                f"{failure.detail}; nothing goes over {channel} until it is mended, what waits is kept",
            )
        return max(_LEAST_PAUSE, breaker.wait(now))

    async def _later(self, due: Due, failure: DeliveryFailed) -> float | None:
        if due.tries >= len(BACKOFF):
            await self._ended(due.outbound, failure, "failed")
            return None
        wait = failure.wait if failure.wait is not None else _spread(BACKOFF[due.tries])
        return await self._again(due.outbound, failure, wait, counted=True)

    async def _again(
        self, outbound: Outbound, failure: DeliveryFailed, wait: float, *, counted: bool
    ) -> float:
        self._counts.add("sent", channel=outbound.address.channel, kind="retry", code=failure.code)
        await self._store.again(
            outbound.key,
            failure.detail,
            self._clock.now() + timedelta(seconds=wait),
            done=failure.done,
            counted=counted,
            own=outbound.reply.sealed,
        )
        return wait

    async def _ended(self, outbound: Outbound, failure: DeliveryFailed, state: str) -> None:
        self._counts.add("sent", channel=outbound.address.channel, kind=state, code=failure.code)
        await self._store.ended(outbound.key, state, failure.detail, code=failure.code, done=failure.done)

    async def _halt(self, outbound: Outbound, failure: DeliveryFailed) -> None:
        """Its template would be refused for everybody alike."""
        self._counts.add("template", channel=outbound.address.channel, kind="refused")
        if outbound.campaign:
            self._permits.halt(outbound.campaign, "stopped")
            if await self._neighbours.halt(outbound.campaign, failure.detail) is not None:
                return  # it has called an operator itself, with what to do
        await self._neighbours.alarm(
            f"template:{outbound.address.channel}",
            f"{failure.detail}; {outbound.campaign or 'a message'} stands still",
        )

    async def _template_instead(self, refused: Outbound) -> None:
        """Put the template of a message as one of its own; what was only a template gets no second."""
        self._counts.add("window_missed", channel=refused.address.channel)
        if refused.template is None or not refused.reply.blocks:
            return
        key, now = f"{refused.key}:template", self._clock.now()
        await self._store.put([replace(refused, key=key, reply=Reply(()), at=now, done=(), not_before=None)])

    async def _unknown_code(self, channel: str, failure: DeliveryFailed) -> None:
        known = self._neighbours.known
        server_error = len(failure.code) == 3 and failure.code.startswith("5")  # HTTP's own class
        if known is not None and failure.code and not server_error and not known(channel, failure.code):
            await self._neighbours.alarm(
                f"code:{channel}",
                f"{channel} answered with code {failure.code}, which stands in no table of ours",
            )


def _spread(seconds: float) -> float:
    return seconds * (1 + random.random() * JITTER)  # noqa: S311  # spreads, hides nothing
