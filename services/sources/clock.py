"""The clock: the machine's, or one that was set to another hour and ticks on."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

KARACHI = ZoneInfo("Asia/Karachi")


class TickingClock:
    """The time in the market's zone. ``start`` sets it (aware); from there it ticks with the machine."""

    def __init__(self, start: datetime | None = None, zone: ZoneInfo = KARACHI) -> None:
        self._zone = zone
        self._told: tuple[datetime, timezone] | None = None  # the hour of which the offset is known
        self._ahead = start - self._machine() if start is not None else timedelta(0)

    def now(self) -> datetime:
        """The time, in the zone's offset of that moment where the zone changes its clocks.

        A time in the zone itself would add and compare by the dial: a wait of a minute would last an hour when clocks
        are put back. ``services.domain.profiles.zone_of`` finds the zone by the offset's name.
        """
        moment = self._machine() + self._ahead
        if self._zone is KARACHI:
            return moment
        hour = moment.replace(minute=0, second=0, microsecond=0)
        if self._told is None or self._told[0] != hour:  # clocks are changed at whole hours
            offset = moment.astimezone(self._zone).utcoffset() or timedelta(0)
            self._told = hour, timezone(offset, self._zone.key)
        return moment.astimezone(self._told[1])

    @staticmethod
    def _machine() -> datetime:
        """In Karachi, which has had one offset since 2010: sums of its times are sums of seconds."""
        return datetime.now(KARACHI)  # noqa: TID251  # this is the clock that everybody else asks
