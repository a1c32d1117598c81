"""Verify, parse, accept once into the inbox, answer at once; the turn starts behind the answer."""

import structlog
from aiohttp import web

from bot.channels.base import Webhook
from bot.dispatcher import Dispatcher
from bot.metrics import RECEIVED
from services.domain.conversation import Inbound, Notice
from services.domain.errors import Forbidden, Malformed, Unavailable
from services.domain.users import User
from services.outbox import Outbox
from services.users import Users

RETRY_AFTER = "30"  # seconds; Telegram honours it, Meta and Twilio try again by themselves

log = structlog.get_logger()


class Webhooks:
    """The doors of the providers. What is not verified is not read; what is read is stored before it is acknowledged."""

    def __init__(self, dispatcher: Dispatcher, outbox: Outbox, users: Users) -> None:
        self._dispatcher = dispatcher
        self._outbox = outbox
        self._users = users

    async def receive(self, request: web.Request, channel: Webhook, *, answer: web.Response) -> web.Response:
        """One POST of a provider: 404 if its door is closed, 403 if it proves nothing, 503 if we cannot keep it."""
        if not channel.configured:
            raise web.HTTPNotFound
        body = await request.read()
        try:
            channel.verify(request.headers, request.raw_path, body)
        except Forbidden:
            RECEIVED.labels(channel.name, "forbidden").inc()
            raise web.HTTPForbidden from None
        try:
            events = channel.parse(body, request.content_type)
        except Malformed as error:
            # Acknowledged all the same: a payload that cannot be read would be sent again and again.
            RECEIVED.labels(channel.name, "malformed").inc()
            log.warning("malformed", channel=channel.name, reason=error.detail, bytes=len(body))
            return answer
        try:
            for event in events:
                await self._take(event, channel.name)
        except Unavailable:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": RETRY_AFTER}) from None
        return answer

    async def _take(self, event: Inbound | Notice, channel: str) -> None:
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
        elif notice.kind == "stopped":
            user: User | None = await self._users.by_address(notice.address)
            if user is not None:
                await self._users.stop(user)
