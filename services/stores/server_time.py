"""The time of a server that several processes share, told from this process's own."""

import asyncio
from typing import Final

_KEEP_SECONDS: Final = 60.0


class ServerTime:
    """How far a server's clock is from this event loop's, learnt from its answers; the quickest answer tells best."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._doubt = float("inf")
        self._at = float("-inf")

    @property
    def known(self) -> bool:
        """Whether the server was heard at all."""
        return self._doubt < float("inf")

    def hear(self, asked: float, server: float) -> None:
        """The server said its time, in seconds, to a question asked at ``asked`` and answered now."""
        now = asyncio.get_running_loop().time()
        doubt = (now - asked) / 2
        if doubt <= self._doubt or now - self._at > _KEEP_SECONDS:
            self._offset, self._doubt, self._at = server - asked - doubt, doubt, now

    def there(self, time: float) -> float:
        """A time of ours as the server's."""
        return time + self._offset

    def here(self, time: float) -> float:
        """A time of the server's as ours."""
        return time - self._offset
