"""Calls that come close together become one question to the database: its price is per question, hardly per row."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Grouped(Generic[T, R]):
    """A call of one item that is worked off with all others that wait at that moment.

    While one group is under way the next one gathers. After a quiet time a call goes at once; under load groups begin
    at most every ``linger`` seconds, so that the cost of a question is shared.

    Args:
        work: Does a whole group; returns a result for each item, in order. If it raises, every caller of the group gets
            that error.
        linger: The time from the start of one group to that of the next, under load, in seconds.
        most: How many items one group may have.
    """

    def __init__(
        self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, linger: float = 0.0, most: int = 500
    ) -> None:
        self._work = work
        self._linger = linger
        self._most = most
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None
        self._began = float("-inf")

    async def __call__(self, item: T) -> R:
        """The result for one item. A caller that gives up leaves the group's work undisturbed."""
        return await self.begin(item)

    def begin(self, item: T) -> "asyncio.Future[R]":
        """Begin now, for whoever awaits the result later (or never)."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[R] = loop.create_future()
        self._waiting.append((item, result))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return result

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                early = self._began + self._linger - loop.time()
                if early > 0:  # the last group has only just begun: there is load
                    await asyncio.sleep(early)
                self._began = loop.time()
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._do(group)
        finally:
            self._running = None

    async def _do(self, group: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._work([item for item, _ in group])
        except asyncio.CancelledError:
            for _, future in group:
                future.cancel()
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to the callers
            for _, future in group:
                with suppress(asyncio.InvalidStateError):
                    future.set_exception(error)
            return
        for (_, future), result in zip(group, results, strict=True):
            if not future.done():
                future.set_result(result)
