"""What is worth counting, as one small port: the rooms say that something happened, never to whom.

Services and adapters take a ``counts: Counts = UNCOUNTED`` from the wiring; the rooms of ``bot`` (webhooks, dispatcher,
channels) use ``bot.metrics.COUNTS``, which is what the wiring hands in. For example::

    counts.add("sent", channel="meta", kind="failed", code="131047")
    counts.level("waiting", 17, kind="broadcast")
    counts.took("ack", 0.004, channel="telegram")

``kind`` is one of our own fixed words; ``code`` is the provider's. Neither may ever bear a person, a free text or a
value without bounds: what stands in none of the tables behind this port is counted as "other".
"""

from typing import Literal, Protocol

Happening = Literal[
    "received",  # channel, kind: message duplicate rejected malformed postponed shed stale, or the kind of a notice
    "status",  # channel, kind: sent delivered read played failed; code: of a failure
    "sent",  # channel, kind: accepted retry failed unknown expired cancelled; code: of a refusal
    "reconciled",  # channel, kind: found absent unsure (an unknown outcome that was asked for later)
    "window_missed",  # channel: free text was meant, and the 24 hours were over
    "template",  # channel, kind: accepted refused
    "held",  # channel, kind: the scope of a pause that the provider asked for: message chat sender account; code
    "media",  # channel, kind: upload reuse refused
    "campaign",  # kind: started told skipped paused resumed cancelled finished
    "alarm",  # kind: of the alarm
    "fetched",  # channel: the source; kind: ok unanswered refused gated
    "page",  # channel: the source; kind: rejected suspect (read well, contradicts what was known) item_left_out
    "rows",  # channel: the source; kind: of the rows that were stored
]
Level = Literal[
    "waiting",  # kind: the lane; messages that wait in the outbox
    "oldest",  # kind: the lane; seconds that the oldest of them has waited beyond its time
    "in_hand",  # turns under way
    "breaker",  # channel; 1 = our account is refused and nothing goes, 0 = closed
    "campaign_left",  # kind: of the campaign (brief, announce, alert); recipients still to be told
    "newest",  # kind: of rows; the Unix time of the newest good data: its age grows even when nobody fetches any more
]
Duration = Literal[
    "ack",  # channel; from the arrival of a webhook to our answer
    "answer",  # channel; from the acceptance of a message to the end of its turn, when its answers are on their way
    "send",  # channel; one request to a provider
    "fetch",  # channel: the source; one request to it
    "refresh",  # channel: the source; one visit with all its pages
]


class Counts(Protocol):
    """Counters, levels and durations; cheap, never raises, never waits."""

    def add(
        self, what: Happening, *, channel: str = "", kind: str = "", code: str = "", count: int = 1
    ) -> None:
        """Something happened, so many times."""
        ...

    def level(self, what: Level, value: float, *, channel: str = "", kind: str = "") -> None:
        """Something stands at this value now."""
        ...

    def took(self, what: Duration, seconds: float, *, channel: str = "") -> None:
        """Something took so long."""
        ...


class _Uncounted:
    """Counts nothing: for tests, commands and whoever was handed no other."""

    def add(
        self, what: Happening, *, channel: str = "", kind: str = "", code: str = "", count: int = 1
    ) -> None: ...
    def level(self, what: Level, value: float, *, channel: str = "", kind: str = "") -> None: ...
    def took(self, what: Duration, seconds: float, *, channel: str = "") -> None: ...


UNCOUNTED: Counts = _Uncounted()
