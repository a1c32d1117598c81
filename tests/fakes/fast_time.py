"""An event loop whose time is not the world's: when nobody has anything to do it is at once the time of the next timer."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Leaping(selectors.DefaultSelector):
    """Instead of waiting for the time to pass it lets it pass."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 1000.0
        self.late = 0.0  # how much later than asked for each wake-up is

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready and timeout:
            self.time += timeout + self.late
        return ready


class FastLoop(asyncio.SelectorEventLoop):
    """For code that asks ``loop.time()`` alone. ``late`` seconds are lost at every wake-up, as on a busy machine."""

    def __init__(self, late: float = 0.0) -> None:
        self._leaping = _Leaping()
        self._leaping.late = late
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.time

    def pass_time(self, seconds: float) -> None:
        """Something kept the loop busy for so long."""
        self._leaping.time += seconds


def in_fast_time(work: Coroutine[Any, Any, T], *, late: float = 0.0) -> T:
    """Run to the end, in no time."""
    with asyncio.Runner(loop_factory=lambda: FastLoop(late)) as runner:
        return runner.run(work)
