"""The time of a server that several processes share, told from this process's own."""

import asyncio
from typing import Final

_DRIFT: Final = 2e-5  # what two clocks may part in a second, so that an old answer is worth less and less
_FINE: Final = 0.001  # seconds of doubt that the margin of a cycle has room for


class ServerTime:
    """How far a server's clock is from this event loop's, learnt from its answers; the quickest answer tells best."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._doubt = float("inf")
        self._at = 0.0

    @property
    def known(self) -> bool:
        """Whether the server was heard at all."""
        return self._doubt < float("inf")

    @property
    def slack(self) -> float:
        """How much too early a time may be in the worst case, in seconds, when no answer was quick."""
        return max(0.0, self._doubt - _FINE)

    def hear(self, asked: float, server: float) -> None:
        """The server said its time, in seconds, to a question asked at ``asked`` and answered now."""
        now = asyncio.get_running_loop().time()
        doubt = (now - asked) / 2
        if doubt <= self._doubt + (now - self._at) * _DRIFT:
            self._offset, self._doubt, self._at = server - asked - doubt, doubt, now

    def there(self, time: float) -> float:
        """A time of ours as the server's."""
        return time + self._offset

    def here(self, time: float) -> float:
        """A time of the server's as ours."""
        return time - self._offset
