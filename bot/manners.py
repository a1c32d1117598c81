"""Who knocks comes first: while many messages wait to be kept, answering goes on slowly, so that no provider waits.

What is kept is safe and can wait; what is not kept is brought again, and costs us and its provider twice.
"""

import asyncio
from collections import deque
from typing import Final

MANY: Final = 12  # messages waiting to be kept at one time; at 150 a second there are two or three
STEP: Final = 0.01  # seconds
SLOWLY: Final = 2  # turns that begin in a step while many knock
BRISKLY: Final = 25  # and when the crowd has gone


class Manners:
    """Lets turns begin."""

    def __init__(self) -> None:
        self.knocking = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def crowded(self) -> bool:
        """Whether those at the door come first."""
        return self.knocking >= MANY

    async def give_way(self) -> bool:
        """Wait until a turn may begin; tells whether it had to wait."""
        if not self._waiting and not self.crowded:
            return False
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._let_in())
        await mine
        return True

    async def _let_in(self) -> None:
        while self._waiting:
            await asyncio.sleep(STEP)
            for _ in range(SLOWLY if self.crowded else BRISKLY):
                if not self._waiting:
                    break
                first = self._waiting.popleft()
                if not first.done():
                    first.set_result(None)
