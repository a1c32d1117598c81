"""Who knocks comes first: while many messages wait to be kept, answering goes on slowly, so that no provider waits.

What is kept is safe and can wait; what is not kept is brought again, and costs us and its provider twice.
"""

import asyncio
import math
from collections import deque
from typing import Final

MANY: Final = 12  # messages waiting to be kept at one time; at 150 a second there are two or three
STORM: Final = 300  # messages a second: more than can be answered at that pace
STEP: Final = 0.01  # seconds
EACH: Final = 10  # messages kept for each turn that begins while many knock
AT_LEAST: Final = 5  # steps in which one turn begins whatever happens: answering never stands still
BRISKLY: Final = 25  # turns that begin in a step when the crowd has gone
_MEMORY: Final = 0.25  # seconds


class Manners:
    """Lets turns begin."""

    def __init__(self) -> None:
        self._knocking = 0
        self._kept = 0
        self._rate = self._at = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def crowded(self) -> bool:
        """Whether those at the door come first."""
        return self._knocking >= MANY or self._rate_at(asyncio.get_running_loop().time()) > STORM

    def knock(self) -> None:
        """A message waits to be kept."""
        self._knocking += 1

    def opened(self) -> None:
        """It is kept, or was turned away."""
        self._knocking -= 1
        self._kept += 1
        now = asyncio.get_running_loop().time()
        self._rate, self._at = self._rate_at(now) + 1 / _MEMORY, now

    async def give_way(self) -> bool:
        """Wait until a turn may begin; tells whether it had to wait."""
        if not self._waiting and not self.crowded:
            return False
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._task is None or self._task.done():
            self._kept = 0
            self._task = asyncio.create_task(self._let_in())
        await mine
        return True

    def _rate_at(self, now: float) -> float:
        """Messages a second of late; older ones count ever less."""
        return self._rate * math.exp((self._at - now) / _MEMORY)

    async def _let_in(self) -> None:
        step = 0
        while self._waiting:
            await asyncio.sleep(STEP)
            step += 1
            for _ in range(self._room(step)):
                if self._waiting:
                    first = self._waiting.popleft()
                    if not first.done():
                        first.set_result(None)

    def _room(self, step: int) -> int:
        """How many turns may begin now."""
        earned, self._kept = divmod(self._kept, EACH)
        if not self.crowded:
            return BRISKLY
        return earned + (step % AT_LEAST == 0)
