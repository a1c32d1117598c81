"""The clock: the machine's, or one that was set to another hour and ticks on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

KARACHI = ZoneInfo("Asia/Karachi")


class TickingClock:
    """The time in Karachi. ``start`` sets it (aware); from there it ticks with the machine."""

    def __init__(self, start: datetime | None = None) -> None:
        machine = self._machine()
        self._ahead = start - machine if start is not None else timedelta(0)

    def now(self) -> datetime:
        return self._machine() + self._ahead

    @staticmethod
    def _machine() -> datetime:
        return datetime.now(KARACHI)  # noqa: TID251  # this is the clock that everybody else asks
