"""The browser chat: the page, its web socket, and the same JSON for any client that speaks for a person without a phone."""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Literal
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from bot.channels.base import Gate, MediaSource, Now
from bot.channels.webchat_frames import Frame, MediaUrl, message_frame
from services.domain.conversation import Address, Inbound, Outbound, Receipt
from services.domain.errors import MarketByteError

Accept = Callable[[Inbound], Awaitable[object]]
History = Callable[[Address], Awaitable[Sequence[Outbound]]]

KEY = re.compile(r"[A-Za-z0-9-]{16,64}")
CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
ADMIN_PREFIX = "admin-"
LONGEST_TEXT = 20_000  # characters; more than a person types, less than would hurt
LONGEST_PRESS = 256
LONGEST_FRAME = 128 * 1024  # bytes
CLOSE_TIMEOUT = 1.0  # seconds a browser may take to answer our goodbye
SEND_TIMEOUT = 5.0  # seconds a browser may take to read one frame before its socket is given up
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})

PAGE = {
    "index.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


class WebChat:
    """The channel "web". Keys are unguessable tokens that a page made; whoever holds one is that person.

    Args:
        now: The clock.
        media_url: Makes the (signed) URL of a medium; only its path is used, so the page stays on its own origin.
        enabled: Whether the door is open.
        dev_admin: Whether a page on this very machine may speak as an administrator ("admin-…" keys).
    """

    name: Literal["web"] = "web"

    def __init__(
        self, *, now: Now, media_url: MediaUrl, enabled: bool = True, dev_admin: bool = False
    ) -> None:
        self._now = now
        self._media_url = media_url
        self._enabled = enabled
        self._dev_admin = dev_admin
        self._sockets: dict[str, set[web.WebSocketResponse]] = {}
        self._files = {name: (resources.files("bot.channels") / "page" / name).read_bytes() for name in PAGE}

    @property
    def configured(self) -> bool:
        return self._enabled

    @property
    def watching(self) -> int:
        """How many sockets are open."""
        return sum(len(sockets) for sockets in self._sockets.values())

    async def send(
        self,
        outbound: Outbound,
        media: MediaSource,  # noqa: ARG002  # a page fetches media by their URL
        gate: Gate,
    ) -> Receipt:
        """Show a message on every open page of the person; with none open the next one shows it from the history."""
        await gate()
        await self._push(outbound.address.key, message_frame(outbound, self._media_url))
        return Receipt(refs=(f"web:{outbound.key}",), at=self._now())

    async def find(self, outbound: Outbound, since: datetime) -> Receipt | None:  # noqa: ARG002  # the port's shape
        """A page shows the history when it opens: what was put for it is there."""
        return Receipt(refs=(f"web:{outbound.key}",), at=self._now())

    async def typing(self, inbound: Inbound, kind: str = "typing") -> None:
        """Show "typing…" or "recording…" until the next message."""
        await self._push(inbound.address.key, {"type": "typing", "kind": kind})

    def routes(self, *, accept: Accept, history: History) -> list[web.RouteDef]:
        """Every route of the chat page.

        Args:
            accept: Stores an inbound once and starts its turn, without waiting for it; raises ``Unavailable`` if it
                could not be stored.
            history: The last messages that were put for an address, oldest first.
        """

        async def serve(request: web.Request) -> web.StreamResponse:
            return await self.serve(request, accept=accept, history=history)

        return [
            web.get("/chat/ws", serve),
            web.get("/", self._page("index.html")),
            *(web.get(f"/chat/{name}", self._page(name)) for name in PAGE if name != "index.html"),
        ]

    async def serve(self, request: web.Request, *, accept: Accept, history: History) -> web.StreamResponse:
        """One page's socket, from its opening to its end."""
        if not self._enabled:
            raise web.HTTPNotFound
        key = request.query.get("key", "")
        self._admit(request, key)
        socket = web.WebSocketResponse(heartbeat=25, max_msg_size=LONGEST_FRAME, timeout=CLOSE_TIMEOUT)
        await socket.prepare(request)
        visit = _Visit(Address("web", key), socket, accept, history, may_admin=self._admin_allowed(request))
        self._sockets.setdefault(key, set()).add(socket)
        try:
            async for raw in socket:
                if raw.type is WSMsgType.TEXT:
                    await self._frame(visit, raw.data)
        finally:
            self._forget(key, socket)
        return socket

    async def close(self) -> None:
        """Tell every page that we go (they come back by themselves)."""
        sockets = [socket for group in self._sockets.values() for socket in group]
        await asyncio.gather(
            *(s.close(code=1001, message=b"restart") for s in sockets), return_exceptions=True
        )

    def _page(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def page(_request: web.Request) -> web.StreamResponse:
            if not self._enabled:
                raise web.HTTPNotFound
            return web.Response(
                body=self._files[name], content_type=PAGE[name], charset="utf-8", headers=PAGE_HEADERS
            )

        return page

    def _admit(self, request: web.Request, key: str) -> None:
        """A foreign site must not speak through a visitor's browser, nor anybody as an administrator from afar."""
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="this socket is only for its own page")
        if not KEY.fullmatch(key):
            raise web.HTTPBadRequest(text="key: 16 to 64 letters, digits or hyphens")
        if key.startswith(ADMIN_PREFIX) and not self._admin_allowed(request):
            raise web.HTTPForbidden(text="nobody speaks as an administrator here")

    def _admin_allowed(self, request: web.Request) -> bool:
        return (
            self._dev_admin
            and (urlsplit(f"//{request.host}").hostname or "") in LOOPBACK_NAMES
            and _is_near(request)
        )

    async def _frame(self, visit: "_Visit", raw: str) -> None:
        frame = _read(raw)
        kind = frame.get("type")
        try:
            if kind == "hello":
                await self._welcome(visit)
            elif isinstance(kind, str) and kind in {"say", "press"}:
                await self._accept(visit, frame)
            else:
                await visit.socket.send_json({"type": "error", "detail": "unknown frame"})
        except ConnectionError:  # the page went away while we answered; it asks again when it is back
            return

    async def _welcome(self, visit: "_Visit") -> None:
        admin = visit.address.key.startswith(ADMIN_PREFIX)
        welcome = {
            "type": "welcome",
            "may_admin": visit.may_admin,
            "admin": admin,
            "at": self._now().isoformat(),
        }
        await visit.socket.send_json(welcome)
        try:
            past = await visit.history(visit.address)
        except MarketByteError:
            past = []
        messages = [message_frame(outbound, self._media_url) for outbound in past]
        await visit.socket.send_json({"type": "history", "messages": messages})

    async def _accept(self, visit: "_Visit", frame: Frame) -> None:
        inbound = self._inbound(visit.address, frame)
        identity = frame.get("id")
        if inbound is None:
            await visit.socket.send_json(
                {"type": "refused", "id": identity, "detail": "unreadable or too long"}
            )
            return
        try:
            await visit.accept(inbound)
        except MarketByteError:
            await visit.socket.send_json({"type": "retry", "id": identity})
            return
        await visit.socket.send_json({"type": "accepted", "id": identity, "at": inbound.at.isoformat()})

    def _inbound(self, address: Address, frame: Frame) -> Inbound | None:
        identity, press = frame.get("id"), frame.get("press", "")
        text = frame.get("title" if frame["type"] == "press" else "text", "")
        if not isinstance(identity, str) or not isinstance(text, str) or not isinstance(press, str):
            return None
        if not CLIENT_ID.fullmatch(identity) or len(text) > LONGEST_TEXT or len(press) > LONGEST_PRESS:
            return None
        # The key is what proves the person, so the event id (which is logged) bears only its digest.
        person = hashlib.sha256(address.key.encode()).hexdigest()[:16]
        pressed = press if frame["type"] == "press" else ""
        return Inbound(
            event_id=f"web:{person}:{identity}", address=address, at=self._now(), text=text, pressed=pressed
        )

    async def _push(self, key: str, frame: Frame) -> None:
        sockets = tuple(self._sockets.get(key, ()))
        text = json.dumps(frame, ensure_ascii=False)
        await asyncio.gather(*(self._push_one(key, socket, text) for socket in sockets))

    async def _push_one(self, key: str, socket: web.WebSocketResponse, text: str) -> None:
        try:
            await asyncio.wait_for(socket.send_str(text), SEND_TIMEOUT)
        except (TimeoutError, ConnectionError, RuntimeError):  # gone or stuck: the history has the message
            self._forget(key, socket)

    def _forget(self, key: str, socket: web.WebSocketResponse) -> None:
        group = self._sockets.get(key, set())
        group.discard(socket)
        if not group:
            self._sockets.pop(key, None)


@dataclass(frozen=True, slots=True)
class _Visit:
    """One open page: who it is and the two doors it may use."""

    address: Address
    socket: web.WebSocketResponse
    accept: Accept
    history: History
    may_admin: bool


def _read(raw: str) -> Frame:
    try:
        frame = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


def _is_near(request: web.Request) -> bool:
    return (request.remote or "") in {"127.0.0.1", "::1"}
