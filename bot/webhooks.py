"""Verify, parse, accept once into the inbox, answer at once; the turn starts behind the answer."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import web

from bot.channels.base import WORRIES, Event, Webhook
from bot.dispatcher import Dispatcher
from bot.metrics import COUNTS
from bot.notices import Notices, changes_somebody
from services.domain.conversation import Inbound, Notice
from services.domain.errors import Forbidden, Malformed, MarketByteError
from services.ports import InboxStore

LARGEST_BODY: Final = 4 * 1024 * 1024  # Meta posts up to 3 MB; anything larger is refused with 413
RETRY_AFTER: Final = "10"  # seconds; Telegram honours it, Meta tries again by itself
WITHIN: Final = 1.7  # seconds; whatever is not kept by then, the provider hears 503 and brings it again
# Twilio does not bring a message again by itself (CHANNELS 2.3): what it brings is always kept.
REPEATS: Final = frozenset({"telegram", "meta"})
_SLOWLY_READ: Final = 100_000  # bytes; a larger body is read beside the event loop
# What a reader or a rule of ours may stumble over in one event: it would stumble over it at each repeat.
_BUGS: Final = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip

Alarm = Callable[[str, str], Coroutine[None, None, None]]

log = structlog.get_logger()


async def _silent(_kind: str, _detail: str) -> None:
    """No alarm is wired."""


class Webhooks:
    """The doors of the providers. What is not verified is not read; what is read is stored before it is acknowledged."""

    def __init__(
        self, dispatcher: Dispatcher, notices: Notices, inbox: InboxStore, alarm: Alarm = _silent
    ) -> None:
        self._dispatcher = dispatcher
        self._notices = notices
        self._inbox = inbox
        self._alarm = alarm
        self._alarms: set[asyncio.Task[None]] = set()

    async def receive(self, request: web.Request, channel: Webhook, *, answer: web.Response) -> web.Response:
        """One POST of a provider.

        404 if its door is closed, 413 if it is too large, 403 if it proves nothing, 503 if we cannot keep it. What
        cannot be understood is put aside and acknowledged, or it would be sent again and again.
        """
        if not channel.configured:
            raise web.HTTPNotFound
        loop = asyncio.get_running_loop()
        began = loop.time()
        body = await _body(request, channel.name)
        _prove(request, channel, body)
        kept = await self._all(channel, body, request.content_type)
        COUNTS.took("ack", loop.time() - began, channel=channel.name)
        if not kept:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": RETRY_AFTER})
        return answer

    async def _all(self, channel: Webhook, body: bytes, content_type: str) -> bool:
        """Whether everything in a body was taken. What was not harms none of the rest."""
        try:
            events = await _read(channel, body, content_type)
        except Malformed as error:
            events, unread = (), error.detail
        else:
            unread = ""
            self._greet(channel, events)
            if len(events) == 1 and isinstance(
                events[0], Inbound
            ):  # nearly always, and it keeps its own time
                return await self._kept(events[0], channel.name, body)
        try:
            async with asyncio.timeout(WITHIN):
                if unread:
                    return await self._aside(channel.name, body, unread)
                return await self._each(channel, events, body)
        except TimeoutError:
            COUNTS.add("received", channel=channel.name, kind="postponed")
            return False

    def _greet(self, channel: Webhook, events: Sequence[Event]) -> None:
        """A pressed button is told at once that it was felt, whatever becomes of it."""
        greet: Callable[[Event], None] | None = getattr(
            channel, "greet", None
        )  # asking the protocol costs 20 us
        if greet is not None:
            for event in events:
                greet(event)

    async def _each(self, channel: Webhook, events: Sequence[Event], body: bytes) -> bool:
        # Who is reached where goes first and in its order; everything else side by side.
        firsts = [event for event in events if not isinstance(event, Inbound) and changes_somebody(event)]
        kept = [await self._kept(event, channel.name, body) for event in firsts]
        rest = (event for event in events if event not in firsts) if firsts else events
        kept += await asyncio.gather(*(self._kept(event, channel.name, body) for event in rest))
        return all(kept)

    async def _kept(self, event: Event, channel: str, body: bytes) -> bool:
        """Whether an event was taken, or put aside for ever."""
        try:
            return await self._take(event, channel)
        except Malformed as error:
            return await self._aside(channel, body, error.detail)
        except _BUGS as error:
            return await self._aside(channel, body, f"an event broke ({type(error).__name__})")
        except Exception as error:  # noqa: BLE001  # the store, in whatever way: the provider must bring it again
            COUNTS.add("received", channel=channel, kind="postponed")
            log.warning("not_kept", channel=channel, error=type(error).__name__)
            return False

    async def _take(self, event: Event, channel: str) -> bool:
        if not isinstance(event, Inbound):
            await self._notices.follow(event)
            self._worry(event, channel)
            return True
        if channel in REPEATS and not self._dispatcher.takes(event):
            COUNTS.add("received", channel=channel, kind="shed")
            self._sound("full", "messages are turned away: this process has too many in hand")
            return False
        fresh = await self._dispatcher.accept(event)
        COUNTS.add("received", channel=channel, kind="message" if fresh else "duplicate")
        return True

    async def _aside(self, channel: str, body: bytes, reason: str) -> bool:
        """Keep what cannot be understood for an operator's look; only if even that fails has it to come again."""
        COUNTS.add("received", channel=channel, kind="malformed")
        log.warning("malformed", channel=channel, reason=reason, bytes=len(body))
        try:
            await self._inbox.poison(channel, body, reason)
        except MarketByteError as error:
            log.warning("not_kept", channel=channel, error=type(error).__name__)
            return False
        self._sound(
            "poison", f"a payload of {channel} could not be read ({reason}); see the collection poison"
        )
        return True

    def _worry(self, event: Event, channel: str) -> None:
        """The provider tells of our own account, templates or quality: an operator must hear it."""
        if isinstance(event, Notice) and event.about in WORRIES:
            self._sound(f"{event.about}:{channel}", f"{channel} reports: {event.about} {event.code}".rstrip())

    def _sound(self, kind: str, detail: str) -> None:
        """Behind the acknowledgement: no provider waits for our alarms."""
        task = asyncio.create_task(self._alarm(kind, detail))
        self._alarms.add(task)
        task.add_done_callback(self._alarms.discard)


async def _body(request: web.Request, channel: str) -> bytes:
    """The raw body; one that says it is too large is not even begun, one that lies is dropped where it gets too large."""
    length = request.content_length or 0
    if length <= LARGEST_BODY:
        with suppress(web.HTTPRequestEntityTooLarge):  # the application's own limit, where no length was told
            return await request.read()
    COUNTS.add("received", channel=channel, kind="too_large")
    raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, length)


def _prove(request: web.Request, channel: Webhook, body: bytes) -> None:
    """Nothing of a body is read before this. Whatever the proof is made of, a wrong one is refused alike."""
    try:
        channel.verify(request.headers, request.raw_path, body)
    except (Forbidden, *_BUGS) as error:
        COUNTS.add("received", channel=channel.name, kind="rejected")
        if not isinstance(error, Forbidden):
            log.warning("rejected", channel=channel.name, error=type(error).__name__)
        raise web.HTTPForbidden from None


async def _read(channel: Webhook, body: bytes, content_type: str) -> Sequence[Event]:
    """The events of a verified body.

    Raises:
        Malformed: It cannot be read, or our reader broke over it.
    """
    try:
        if len(body) > _SLOWLY_READ:
            return await asyncio.to_thread(channel.parse, body, content_type)
        return channel.parse(body, content_type)
    except Malformed:
        raise
    except Exception as error:  # noqa: BLE001  # a reader's bug must not make the provider repeat itself for days
        raise Malformed(f"the reader broke ({type(error).__name__})") from None
