"""What came too late to be acted on: said while nobody listened, or brought in one heap after an outage.

A command of this morning that runs at night tells wrong prices and changes what has long been changed otherwise. One
old message alone is answered: a provider's clock or a slow phone is no outage.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.domain.conversation import Inbound

LATE = timedelta(minutes=10)
HEAP = 5  # messages of one chat at one time

Down = Callable[[], tuple[datetime, datetime] | None]
# What counts however late it comes: who wants no more, and who wants to be forgotten.
ALWAYS = frozenset({"stop", "delete", "privacy.delete"})


class Lateness:
    """Tells what is too late.

    Args:
        down: The last time in which no process took messages.
    """

    def __init__(self, down: Down) -> None:
        self._down = down

    def outage(self, inbound: Inbound, received: datetime, crowd: int) -> str:
        """The name of the outage that made this message late; "" if it is to be answered.

        Args:
            inbound: The message.
            received: When we took it.
            crowd: How many of its chat waited at one time.
        """
        if received - inbound.at <= LATE:
            return ""
        down = self._down()
        if down is not None and down[0] <= inbound.at <= down[1]:
            return f"{down[1]:%Y-%m-%dT%H:%M:%S}"
        return f"{received:%Y-%m-%dT%H}" if crowd >= HEAP else ""
