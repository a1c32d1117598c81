"""How gently one source is asked: never two requests closer than its pace, never more at one time than it permits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from services.domain.sourcing import Pace


class Lane:
    """The requests to one source, in line."""

    def __init__(self, pace: Pace) -> None:
        self._every = pace.every
        self._free = asyncio.Semaphore(max(1, pace.at_once))
        self._turn = asyncio.Lock()
        self._not_before = 0.0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One of the requests under way."""
        async with self._free:
            yield

    async def step(self, longest: float) -> float:
        """Wait until a request may start; the time counts from the start before, measured after all waiting.

        Returns 0, or at once the seconds that are left if they are more than ``longest``: then nothing may start.
        """
        async with self._turn:
            while (left := self._not_before - monotonic()) > 0:  # time passes by itself, no event tells it
                if left > longest:
                    return left
                await asyncio.sleep(left)  # a rest may be prolonged meanwhile, so it is looked at again
            self._not_before = monotonic() + self._every
            return 0.0

    def rest(self, seconds: float) -> None:
        """The source asked for a pause: nobody in the line starts before its end."""
        self._not_before = max(self._not_before, monotonic() + seconds)
