"""Messages of a broadcast that go next: so many are made ready ahead that none has to be waited for when its turn comes."""

import asyncio
from collections import deque
from typing import Final

LEAST: Final = 10
AHEAD: Final = 0.3  # seconds of what goes at the present pace
LINGERS: Final = 0.5  # seconds after which one that still waits (for its own chat) makes room


class Deck:
    """The messages of one channel that are made ready, first come, first served."""

    def __init__(self) -> None:
        self._aboard: set[str] = set()
        self._queue: deque[tuple[str, asyncio.Future[None]]] = deque()
        self._left: deque[float] = deque()

    async def enter(self, key: str) -> None:
        """Wait for a place; it is given back by :meth:`leave`, or by time."""
        loop = asyncio.get_running_loop()
        if self._queue or len(self._aboard) >= self._room(loop.time()):
            turn: asyncio.Future[None] = loop.create_future()
            self._queue.append((key, turn))
            try:
                await turn
            except asyncio.CancelledError:
                self.leave(key)
                raise
        self._aboard.add(key)
        loop.call_later(LINGERS, self.leave, key)

    def leave(self, key: str) -> None:
        """Make room for the next; a second time it does nothing."""
        self._aboard.discard(key)
        free = self._room(asyncio.get_running_loop().time()) - len(self._aboard)
        while self._queue and free > 0:
            entering, turn = self._queue.popleft()
            if not turn.done():
                self._aboard.add(entering)
                turn.set_result(None)
                free -= 1

    def departed(self) -> None:
        """One has gone out: by this the pace is known."""
        now = asyncio.get_running_loop().time()
        self._left.append(now)
        while self._left[0] < now - 1:
            self._left.popleft()

    def _room(self, now: float) -> int:
        recent = len(self._left) if self._left and self._left[-1] > now - 1 else 0
        return max(LEAST, int(recent * AHEAD))
