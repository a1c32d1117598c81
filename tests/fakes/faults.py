"""A provider's bad day, seeded: throttling, server errors, resets before and after acceptance, delays, repeats, disorder."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from aiohttp import web

T = TypeVar("T")

# What may happen to a request. "…_after": the provider took it and the answer is lost, or is a gateway's time-out.
KINDS = ("throttle", "server", "server_after", "reset", "reset_after", "delay")


class Faults:
    """Which requests go wrong: ``Faults(7, server=0.05, reset_after=0.03)``; the same seed, the same bad day.

    Args:
        seed: Of its own random source.
        delay_seconds: The longest pause of the kind "delay".
        **shares: Share of requests by kind (``KINDS``); "repeat" and "disorder" are shares of deliveries to a webhook.
    """

    def __init__(self, seed: int = 0, *, delay_seconds: float = 0.5, **shares: float) -> None:
        unknown = set(shares) - {*KINDS, "repeat", "disorder"}
        if unknown:
            raise ValueError(f"no such faults: {sorted(unknown)}")
        self.random = random.Random(seed)
        self.delay_seconds = delay_seconds
        self.shares = shares
        self.counts: Counter[str] = Counter()

    @classmethod
    def spread(cls, seed: int, share: float) -> "Faults":
        """A share of all requests, spread evenly over every kind; the same share of deliveries repeated and swapped."""
        return cls(seed, **dict.fromkeys(KINDS, share / len(KINDS)), repeat=share, disorder=share)

    def draw(self) -> str:
        """What happens to the next request: one of ``KINDS``, or "" if all is well."""
        chance = self.random.random()
        for kind in KINDS:
            share = self.shares.get(kind, 0.0)
            if chance < share:
                self.counts[kind] += 1
                return kind
            chance -= share
        return ""

    async def around(
        self,
        request: web.Request,
        handle: Callable[[], Awaitable[web.StreamResponse]],
        refuse: Mapping[str, Callable[[], web.StreamResponse]],
    ) -> web.StreamResponse:
        """Answer a request on a bad day.

        Args:
            request: It is read to its end before a reset, so that the client has written everything.
            handle: The provider's true answer; called at most once; it reads the request itself.
            refuse: "throttle" and "server": the provider's own way to say 429 and 5xx.
        """
        kind = self.draw()
        if kind in {"throttle", "reset"}:
            await request.read()
        if kind == "delay":
            await asyncio.sleep(self.random.random() * self.delay_seconds)
        if kind in {"throttle", "server"}:
            return refuse[kind]()
        if kind == "reset":
            return cut(request)
        answer = await handle()
        if kind == "reset_after":
            return cut(request)
        # A gateway in between lost patience; the provider behind it has taken the message all the same.
        return web.Response(status=504, text="Gateway Time-out") if kind == "server_after" else answer

    def deliveries(self, items: Iterable[T], *, reach: int = 5) -> list[T]:
        """Things in the order in which a provider brings them: some twice, some up to ``reach`` places late."""
        placed: list[tuple[float, int, T]] = []
        for number, item in enumerate(items):
            late = self.random.random() < self.shares.get("disorder", 0.0)
            placed.append((number + (self.random.uniform(1, reach) if late else 0.0), len(placed), item))
            self.counts["disorder"] += late
            if self.random.random() < self.shares.get("repeat", 0.0):
                placed.append((number + self.random.uniform(0, reach), len(placed), item))
                self.counts["repeat"] += 1
        return [item for _, _, item in sorted(placed, key=lambda entry: entry[:2])]


def cut(request: web.Request) -> web.Response:
    """Close the connection without a word, as a proxy that dies does."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


class HandClock:
    """A clock that is moved by hand: ``clock()`` in steady seconds for rules, ``clock.now()`` aware for payloads."""

    def __init__(self, start: datetime = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)) -> None:
        self._start = start
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.seconds)

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
