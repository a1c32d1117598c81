"""Campaigns: one message to many, as a value; how long it is worth telling, and the hours in which nobody is woken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final, Literal

from services.domain.conversation import Channel, Reply
from services.domain.profiles import PSX, zone_of

Kind = Literal["brief", "announcement", "alert"]
State = Literal["running", "paused", "cancelled", "done", "stopped"]

NIGHT, DAY = time(22), time(7)
"""Nobody is woken from 22:00 until 07:00 in the market's zone, but by a brief at an hour they chose themselves."""
LASTS: Final[Mapping[Kind, timedelta]] = {
    "brief": timedelta(hours=3),  # a morning brief is not worth telling in the afternoon
    "announcement": timedelta(hours=24),  # a million at Telegram's 30 a second take nine hours
    "alert": timedelta(hours=3),
}
HELD: Final[tuple[State, ...]] = (
    "paused",
    "stopped",
)  # nothing of it is sent until an operator lets it go on


@dataclass(frozen=True, slots=True)
class Campaign:
    """One run of a broadcast; ``id`` is its name, the beginning of the keys of all its messages.

    ``cursor`` is the last user composed for: whoever goes on begins behind it; ``composed`` says that all are. ``text``
    are an announcement's words, kept so that another process can go on with it; ``reason`` why it was stopped.
    ``owner`` is the process that composes it. ``asleep``: it waits while people sleep.
    """

    id: str
    kind: Kind
    started: datetime
    state: State = "running"
    cursor: str = ""
    composed: bool = False
    due: int = 0
    put: int = 0
    twice: int = 0
    failed: int = 0
    expires: datetime | None = None
    ended: datetime | None = None
    reason: str = ""
    text: str = ""
    owner: str = ""
    asleep: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign's messages got, each counted once by how far it came.

    ``left`` wait or are being sent; ``accepted`` were taken by the provider and not reported further yet; ``rest`` are
    expired and cancelled ones.
    """

    left: int = 0
    accepted: int = 0
    delivered: int = 0
    failed: int = 0
    unknown: int = 0
    rest: int = 0

    @property
    def total(self) -> int:
        return self.left + self.gone + self.rest

    @property
    def gone(self) -> int:
        """How many were sent, whatever became of them."""
        return self.accepted + self.delivered + self.failed + self.unknown


@dataclass(frozen=True, slots=True)
class Way:
    """What a dry run has to know of a channel.

    ``parts`` tells into how many messages it cuts a reply, ``per_second`` what its provider permits (0 = no limit),
    ``templates`` for which of our templates an approved one is set up, ``per_day`` with how many people a day it lets
    us begin (0 = no limit).
    """

    parts: Callable[[Reply], int]
    per_second: float = 0.0
    templates: frozenset[str] = frozenset()
    per_day: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """What a dry run found for one channel. ``parts`` is how many messages free words become there.

    ``per_second`` are the messages that its provider permits, ``per_day`` the people outside the window (0 = no limit);
    ``template``: an approved one is set up.
    """

    channel: Channel
    inside: int = 0
    outside: int = 0
    parts: int = 1
    per_second: float = 0.0
    template: bool = True
    per_day: int = 0

    @property
    def too_many(self) -> int:
        """How many outside the window are over what the provider allows in a day."""
        return max(0, self.outside - self.per_day) if self.per_day else 0

    @property
    def people(self) -> int:
        return self.inside + self.outside

    @property
    def messages(self) -> int:
        """Requests that it takes: free words in parts, a template as one; without one, nobody outside is reached."""
        return self.inside * self.parts + (self.outside if self.template else 0)

    @property
    def seconds(self) -> float:
        """How long that takes at what the provider permits."""
        return self.messages / self.per_second if self.per_second else 0.0


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an announcement would do. ``sampled``: the numbers are scaled up from the first people of many."""

    lanes: tuple[Lane, ...] = field(default_factory=tuple)
    begins: datetime | None = None
    sampled: bool = False

    @property
    def people(self) -> int:
        return sum(lane.people for lane in self.lanes)

    @property
    def seconds(self) -> float:
        """Until the slowest channel is through; they go side by side."""
        return max((lane.seconds for lane in self.lanes), default=0.0)

    @property
    def paid(self) -> int:
        """Template messages, which WhatsApp charges for."""
        return sum(lane.outside for lane in self.lanes if lane.template)


def is_night(now: datetime, zone: tzinfo = PSX.zone) -> bool:
    """Whether people in that zone sleep at that time (aware)."""
    there = now.astimezone(zone).time()
    return there >= NIGHT or there < DAY


def morning_after(now: datetime, zone: tzinfo = PSX.zone) -> datetime | None:
    """When the night that it is now ends, in the zone's time; None by day."""
    if not is_night(now, zone):
        return None
    there = now.astimezone(zone)
    day = there.date() + timedelta(days=1 if there.time() >= NIGHT else 0)
    return datetime.combine(day, DAY, zone)


def times(kind: Kind, now: datetime, *, urgent: bool = False) -> tuple[datetime | None, datetime]:
    """Not before, and not after: when a message that is put now may be sent.

    Briefs go at the hour that their person chose, whatever hour that is; the time to live of what waits for the morning
    counts from there. The night is the one of the zone that ``now`` is told in.
    """
    begins = None if urgent or kind == "brief" else morning_after(now, zone_of(now))
    since = begins or now
    # In UTC: a day is 24 hours also where the clocks change in it.
    return begins, (since.astimezone(UTC) + LASTS[kind]).astimezone(since.tzinfo)


def progress_of(states: Mapping[str, int]) -> Progress:
    """Sort the outbox's states (delivery statuses among them) into what an operator asks about."""
    known = {
        "left": ("queued", "sending"),
        "accepted": ("accepted", "sent"),
        "delivered": ("delivered", "read", "played"),
        "failed": ("failed",),
        "unknown": ("unknown",),
    }
    counted = {name: sum(states.get(state, 0) for state in names) for name, names in known.items()}
    return Progress(**counted, rest=sum(states.values()) - sum(counted.values()))
