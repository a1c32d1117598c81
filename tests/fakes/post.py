"""Sends through the rates in a time of their own and writes down when each request arrived."""

import asyncio
from collections.abc import Awaitable, Callable

from services.domain.conversation import Address, Lane
from services.stores.ledger import LocalLedger
from services.stores.limits import Limit
from services.stores.rates import PacedRates
from tests.fakes.fast_time import in_fast_time


def chat(number: int, channel: str = "telegram") -> Address:
    return Address(channel, str(number))


def most_within(times: list[float], seconds: float) -> int:
    """The most arrivals in any window of that length, its end not included."""
    times = sorted(times)
    first, most = 0, 0
    for last, time in enumerate(times):
        while time - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


class Post:
    """Sends through the rates and writes down when each request arrived."""

    def __init__(self, *limits: Limit) -> None:
        self.rates = PacedRates(limits, LocalLedger())
        self.came: list[tuple[float, Address, Lane]] = []
        self.waits: dict[Lane, list[float]] = {"interactive": [], "broadcast": []}

    @property
    def times(self) -> list[float]:
        return [time for time, _, _ in self.came]

    async def send(self, address: Address, lane: Lane) -> None:
        loop = asyncio.get_running_loop()
        asked = loop.time()
        await self.rates.admit(address, lane)
        self.came.append((loop.time(), address, lane))
        self.waits[lane].append(loop.time() - asked)

    async def crowd(self, count: int, channel: str = "telegram") -> None:
        await asyncio.gather(*(self.send(chat(number, channel), "broadcast") for number in range(count)))


def posting(*limits: Limit, late: float = 0.0) -> Callable[[Callable[[Post], Awaitable[None]]], Post]:
    """Run a scene with these limits in fast time; the post that it leaves."""

    def run(scene: Callable[[Post], Awaitable[None]]) -> Post:
        post = Post(*limits)

        async def play() -> None:
            await scene(post)
            await post.rates.close()

        in_fast_time(play(), late=late)
        return post

    return run
