"""The counters that ``/metrics`` shows; no label bears a person."""

from prometheus_client import Counter, Histogram

RECEIVED = Counter("marketbyte_received", "Events received from a channel", ["channel", "kind"])
TURNS = Counter("marketbyte_turns", "Turns of talk by intent and how it was understood", ["intent", "by"])
TURN_SECONDS = Histogram(
    "marketbyte_turn_seconds",
    "Time from understanding to answer",
    ["intent"],
    buckets=(0.01, 0.05, 0.2, 1, 5, 20),
)
