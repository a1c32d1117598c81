"""A source of market data on the loopback, with bad days: gates, throttling, errors, resets, hangs, drips, lies, seeded."""

import asyncio
import contextlib
import gzip
import random
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Self

from aiohttp import web
from aiohttp.test_utils import TestServer

CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>cf-challenge</body></html>"
)
CAPTCHA = b'<html><body><p>Are you human?</p><div class="g-recaptcha"></div></body></html>'
LOGIN = (
    b'<html><body><form action="/login"><input name="u"><input type="password" name="p"></form></body></html>'
)
OTHER = b"<html><body><h1>We moved</h1><p>Nothing of what you wanted is here.</p></body></html>"
FAULTS = (
    "forbidden", "unauthorized", "challenge", "captcha", "login", "too_many", "much_too_many", "error", "gateway",
    "reset", "hang", "drip", "wrong", "truncated", "elsewhere", "moved", "circle", "gzip", "gzip_broken", "huge", "missing",
)  # fmt: skip
PASSING = ("too_many", "error", "gateway", "reset", "truncated", "gzip_broken")
"""Those after which the same question can get its answer."""


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    at: float
    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass
class Upstream:
    """Serves ``pages`` by path (bytes, or a function of the request). ``faults`` are used up one a request, by path or "*".

    ``rate`` of all requests get one of ``kinds`` by chance, from the seed: the same seed is the same day.
    """

    pages: dict[str, bytes | Callable[[Asked], bytes]] = field(default_factory=dict)
    seed: int = 1
    rate: float = 0.0
    kinds: tuple[str, ...] = PASSING
    content_type: str = "text/html"
    hang: float = 30.0
    retry_after: str = "0"
    log: list[Asked] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.faults: dict[str, deque[str]] = defaultdict(deque)
        self._chance = random.Random(self.seed)
        self._server: TestServer | None = None
        self.at_once = self.most_at_once = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._server = TestServer(app, host="127.0.0.1", shutdown_timeout=0.1)
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.close()

    @property
    def server(self) -> TestServer:
        assert self._server is not None
        return self._server

    @property
    def base(self) -> str:
        return str(self.server.make_url("/")).rstrip("/")

    def break_next(self, *faults: str, path: str = "*") -> None:
        """The next requests for a path go wrong like this, one each."""
        assert set(faults) <= set(FAULTS), faults
        self.faults[path].extend(faults)

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for one in self.log if one.path == path)

    def fault(self, path: str) -> str:
        for queue in (self.faults[path], self.faults["*"]):
            if queue:
                return queue.popleft()
        return self._chance.choice(self.kinds) if self._chance.random() < self.rate else ""

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        asked = Asked(
            monotonic(), request.method, request.path, dict(request.query), form, dict(request.headers)
        )
        self.log.append(asked)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            fault = self.fault(request.path)
            self.told.append(fault)
            page = self.pages.get(request.path)
            if page is None:
                return web.Response(status=404, body=OTHER, content_type="text/html")
            body = page(asked) if callable(page) else page
            return await self._faulty(request, fault, body)
        finally:
            self.at_once -= 1

    async def _faulty(  # noqa: PLR0911  # one line a fault
        self, request: web.Request, fault: str, body: bytes
    ) -> web.StreamResponse:
        plain = {
            "forbidden": (403, OTHER), "unauthorized": (401, OTHER), "challenge": (503, CHALLENGE),
            "captcha": (200, CAPTCHA), "login": (200, LOGIN), "error": (500, b""), "gateway": (502, OTHER),
            "wrong": (200, OTHER), "missing": (404, OTHER), "": (200, body),
        }  # fmt: skip
        if fault in plain:
            status, said = plain[fault]
            return self._said(said, status)
        if fault in {"too_many", "much_too_many"}:
            after = self.retry_after if fault == "too_many" else "3600"
            return web.Response(status=429, headers={"Retry-After": after})
        if fault in {"elsewhere", "moved", "circle"}:
            target = {"elsewhere": "http://localhost:1/there", "moved": f"{request.path}?moved=1"}
            return web.Response(status=302, headers={"Location": target.get(fault, request.path)})
        if fault == "gzip":
            return self._said(gzip.compress(body), 200, {"Content-Encoding": "gzip"})
        if fault == "gzip_broken":
            packed = gzip.compress(body)
            return self._said(packed[: len(packed) // 2], 200, {"Content-Encoding": "gzip"})
        if fault == "huge":
            return self._said(b"<" + b"x" * 3_000_000, 200)
        return await self._slowly(request, fault, body)

    async def _slowly(self, request: web.Request, fault: str, body: bytes) -> web.StreamResponse:
        if fault == "hang":
            await asyncio.sleep(self.hang)
            return self._said(body, 200)
        response = web.StreamResponse(headers={"Content-Length": str(len(body)), "Content-Type": "text/html"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):
            if fault == "drip":
                for at in range(len(body)):
                    await response.write(body[at : at + 1])
                    await asyncio.sleep(0.05)
            elif fault == "truncated":
                await response.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.abort()  # reset, and the end of a truncated answer
        return response

    def _said(self, body: bytes, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
        more = {"Set-Cookie": "session=secret-cookie", "X-Trace": "abc", **(headers or {})}
        return web.Response(status=status, body=body, headers=more, content_type=self.content_type)
