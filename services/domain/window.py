"""WhatsApp's service window: whether free words may still be sent to somebody who wrote to us a while ago."""

from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(hours=24)
"""Free words are taken this long after the person's last message (CHANNELS.md §2.6, §3.5); the provider keeps the clock."""
MARGIN: Final = timedelta(minutes=5)
"""Given away at the end: clocks differ, and a message may wait in the provider's own queue before it is judged."""


def is_open(heard: datetime | None, now: datetime) -> bool:
    """Whether free words may be sent at ``now`` to somebody last ``heard`` then; never heard (None) is shut.

    Both times are aware. Somebody heard "after" now (a provider's clock runs ahead of ours) has just written: open.
    """
    return heard is not None and now - heard < WINDOW - MARGIN
