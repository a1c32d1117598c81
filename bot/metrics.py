"""The counters that ``/metrics`` shows; no label bears a person, a free text or a value without bounds."""

from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from prometheus_client import Counter, Gauge, Histogram

from services.counts import Duration, Happening, Level
from services.domain.conversation import Channel, Lane, NoticeKind
from services.domain.errors import Scope
from services.domain.records import Kind

TURNS = Counter("marketbyte_turns", "Turns of talk by intent and how it was understood", ["intent", "by"])
TURN_SECONDS = Histogram(
    "marketbyte_turn_seconds",
    "Time from understanding to answer",
    ["intent"],
    buckets=(0.01, 0.05, 0.2, 1, 5, 20),
)

OTHER = "other"
CHANNELS = frozenset(get_args(Channel))
# Every word that may stand as a kind, by what it is a kind of. Whatever else comes is counted as "other".
KINDS: Mapping[str, frozenset[str]] = {
    "received": frozenset(get_args(NoticeKind))
    | {"message", "duplicate", "rejected", "malformed", "postponed", "shed", "stale", "moved", "too_large"},
    "status": frozenset(get_args(NoticeKind)),
    "sent": frozenset({"accepted", "retry", "failed", "unknown", "expired", "cancelled"}),
    "reconciled": frozenset({"found", "absent", "unsure"}),
    "window_missed": frozenset(),
    "template": frozenset({"accepted", "refused"}),
    "held": frozenset(get_args(Scope)),
    "media": frozenset({"upload", "reuse", "refused"}),
    "campaign": frozenset({"started", "told", "skipped", "paused", "resumed", "cancelled", "finished"}),
    "alarm": frozenset(),  # filled by ``Prometheus.know``
    "waiting": frozenset(get_args(Lane)),
    "oldest": frozenset(get_args(Lane)),
    "campaign_left": frozenset({"brief", "announce", "alert"}),
    "fetched": frozenset({"ok", "unanswered", "refused", "gated"}),
    "page": frozenset({"rejected", "suspect", "item_left_out"}),
    "rows": frozenset(get_args(Kind)),
    "newest": frozenset(get_args(Kind)),
}
# Here the "channel" of the port is a source of market data, and so the label says.
OF_SOURCES = frozenset({"fetched", "page", "rows", "fetch", "refresh"})
_HELP: Mapping[Happening, tuple[str, tuple[str, ...]]] = {
    "received": ("Events received from a channel", ("channel", "kind")),
    "status": ("Delivery statuses from providers", ("channel", "kind", "code")),
    "sent": ("Messages handed to a provider, by what became of it", ("channel", "kind", "code")),
    "reconciled": ("Unknown outcomes that were asked for later", ("channel", "kind")),
    "window_missed": ("Messages that found WhatsApp's 24-hour window shut", ("channel",)),
    "template": ("Approved templates sent", ("channel", "kind")),
    "held": ("Pauses that a provider asked for, by scope", ("channel", "kind", "code")),
    "media": ("Media uploaded to a provider, or used again", ("channel", "kind")),
    "campaign": ("Steps of broadcasts", ("kind",)),
    "alarm": ("Alarms sounded", ("channel", "kind")),
    "fetched": ("Requests to sources of market data, by what became of them", ("source", "kind")),
    "page": (
        "Pages of sources of which nothing was stored, and single items left out of lists",
        ("source", "kind"),
    ),
    "rows": ("Rows taken from sources", ("source", "kind")),
}
_LEVELS: Mapping[Level, tuple[str, tuple[str, ...]]] = {
    "waiting": ("Messages that wait in the outbox", ("kind",)),
    "oldest": ("Seconds that the oldest waiting message is overdue", ("kind",)),
    "in_hand": ("Turns of talk under way", ()),
    "breaker": ("1 while our account at a provider is refused", ("channel",)),
    "campaign_left": ("Recipients of running broadcasts still to be told", ("kind",)),
    "newest": ("Unix time of the newest good market data", ("kind",)),
}
_TIMES: Mapping[Duration, tuple[str, tuple[float, ...]]] = {
    "ack": ("From a webhook's arrival to our answer", (0.002, 0.005, 0.01, 0.02, 0.05, 0.2, 1, 2, 5)),
    "answer": (
        "From the acceptance of a message to the end of its turn",
        (0.02, 0.06, 0.2, 1, 5, 20),
    ),
    "send": ("One request to a provider", (0.01, 0.05, 0.2, 0.5, 1, 2, 5, 20)),
    "fetch": ("One request to a source of market data", (0.05, 0.2, 0.5, 1, 2, 5, 20)),
    "refresh": ("One visit to a source with all its pages", (0.5, 2, 10, 60, 300, 1200)),
}


class Prometheus:
    """The ``Counts`` port over the process's registry."""

    def __init__(self) -> None:
        self._counters = {
            what: (Counter(f"marketbyte_{what}", text, names), names) for what, (text, names) in _HELP.items()
        }
        self._gauges = {
            what: (Gauge(f"marketbyte_{what}", text, names), names) for what, (text, names) in _LEVELS.items()
        }
        self._histograms = {
            what: Histogram(f"marketbyte_{what}_seconds", text, [_who(what)], buckets=buckets)
            for what, (text, buckets) in _TIMES.items()
        }
        self._is_known: Callable[[str, str], bool] = lambda _channel, _code: False
        self._kinds = dict(KINDS)
        self._sources: frozenset[str] = frozenset()
        self._ready: dict[tuple[str, str, str, str], Counter] = {}
        self._standing: dict[tuple[str, str], float] = {}

    def know(
        self, *, alarms: Iterable[str], codes: Callable[[str, str], bool], sources: Iterable[str] = ()
    ) -> None:
        """Told by the wiring: kinds of alarms, whether a code stands in a channel's table, sources of market data."""
        self._ready.clear()
        self._sources |= frozenset(sources)
        self._kinds["alarm"] |= frozenset(alarms)
        self._is_known = codes

    def add(
        self, what: Happening, *, channel: str = "", kind: str = "", code: str = "", count: int = 1
    ) -> None:
        """Count something that happened."""
        key = (what, channel, kind, code)
        series = self._ready.get(key)
        if series is None:
            counter, names = self._counters[what]
            labels = self._labels(what, names, channel, kind, code)
            series = counter.labels(*labels)
            if {channel, kind, code} <= {*labels, ""}:  # only what is known is kept, so that this stays small
                self._ready[key] = series
        series.inc(count)

    def level(self, what: Level, value: float, *, channel: str = "", kind: str = "") -> None:
        """Set a level."""
        gauge, names = self._gauges[what]
        if channel in CHANNELS:
            self._standing[what, channel] = value
        (gauge.labels(*self._labels(what, names, channel, kind, "")) if names else gauge).set(value)

    def stands(self, what: Level, *, channel: str = "") -> float:
        """The level that was set last for a channel, 0 if none was."""
        return self._standing.get((what, channel), 0.0)

    def took(self, what: Duration, seconds: float, *, channel: str = "") -> None:
        """Note a duration."""
        known = self._sources if what in OF_SOURCES else CHANNELS
        self._histograms[what].labels(_among(channel, known)).observe(seconds)

    def _labels(self, what: str, names: tuple[str, ...], channel: str, kind: str, code: str) -> list[str]:
        known = {
            "channel": _among(channel, CHANNELS),
            "source": _among(channel, self._sources),
            "kind": _among(kind, self._kinds.get(what, frozenset())),
            "code": code if not code or self._is_known(channel, code) else OTHER,
        }
        return [known[name] for name in names]


def _who(what: str) -> str:
    return "source" if what in OF_SOURCES else "channel"


def _among(value: str, known: frozenset[str]) -> str:
    """A label's value if it is one of those known, or none; anything else is "other"."""
    return value if not value or value in known else OTHER


COUNTS = Prometheus()
