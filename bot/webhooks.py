"""Verify, parse, accept once into the inbox, answer at once; the turn starts behind the answer."""

from collections.abc import Sequence

import structlog
from aiohttp import web

from bot.channels.base import Event, Webhook
from bot.dispatcher import Dispatcher
from bot.metrics import RECEIVED
from services.domain.conversation import Inbound, Notice
from services.domain.errors import Forbidden, Malformed
from services.outbox import Outbox
from services.users import Users

RETRY_AFTER = "30"  # seconds; Telegram honours it, Meta and Twilio try again by themselves
OPT_IN = frozenset(
    {"twilio", "meta"}
)  # where "unblocked" is a person's explicit START, not only a lifted block

log = structlog.get_logger()


class Webhooks:
    """The doors of the providers. What is not verified is not read; what is read is stored before it is acknowledged."""

    def __init__(self, dispatcher: Dispatcher, outbox: Outbox, users: Users) -> None:
        self._dispatcher = dispatcher
        self._outbox = outbox
        self._users = users

    async def receive(self, request: web.Request, channel: Webhook, *, answer: web.Response) -> web.Response:
        """One POST of a provider.

        404 if its door is closed, 413 if it is too large, 403 if it proves nothing, 503 if we cannot keep it. What
        cannot be understood is acknowledged all the same, or it would be sent again and again.
        """
        if not channel.configured:
            raise web.HTTPNotFound
        body = await request.read()
        try:
            channel.verify(request.headers, request.raw_path, body)
        except Forbidden:
            RECEIVED.labels(channel.name, "forbidden").inc()
            raise web.HTTPForbidden from None
        kept = [await self._kept(event, channel.name) for event in _read(channel, body, request.content_type)]
        if not all(kept):
            raise web.HTTPServiceUnavailable(headers={"Retry-After": RETRY_AFTER})
        return answer

    async def _kept(self, event: Event, channel: str) -> bool:
        """Whether an event was taken. One that was not harms none of the others of its post."""
        try:
            await self._take(event, channel)
        except Exception as error:  # noqa: BLE001  # whatever the reason: the provider must bring it again
            RECEIVED.labels(channel, "postponed").inc()
            log.warning("not_kept", channel=channel, error=type(error).__name__)
            return False
        return True

    async def _take(self, event: Event, channel: str) -> None:
        if isinstance(event, Inbound):
            fresh = await self._dispatcher.accept(event)
            RECEIVED.labels(channel, "message" if fresh else "duplicate").inc()
            return
        RECEIVED.labels(channel, event.kind).inc()
        await self._outbox.note(event)
        await self._membership(event)

    async def _membership(self, notice: Notice) -> None:
        """Blocked, unblocked or opted out at the provider: our subscription follows at once."""
        if notice.address is None:
            return
        if notice.kind == "blocked":
            await self._users.unreachable(notice.address)
        elif notice.kind == "unblocked":
            await self._users.reachable(notice.address)
            await self._opted(notice, back=notice.address.channel in OPT_IN)
        elif notice.kind == "stopped":
            await self._opted(notice, back=False)

    async def _opted(self, notice: Notice, *, back: bool) -> None:
        """Out (STOP) or back in (START). Whom an operator blocked stays blocked either way."""
        user = await self._users.by_address(notice.address) if notice.address else None
        if user is None or user.stage == "blocked":
            return
        if notice.kind == "stopped":
            await self._users.stop(user)
        elif back and user.stage == "stopped":
            await self._users.resume(user)


def _read(channel: Webhook, body: bytes, content_type: str) -> Sequence[Event]:
    """The events of a verified body; none if it cannot be read, which is counted and told in the log."""
    try:
        return channel.parse(body, content_type)
    except Malformed as error:
        reason = error.detail
    except Exception as error:  # noqa: BLE001  # a reader's bug must not make the provider repeat itself for days
        reason = f"the reader broke ({type(error).__name__})"
    RECEIVED.labels(channel.name, "malformed").inc()
    log.warning("malformed", channel=channel.name, reason=reason, bytes=len(body))
    return ()
