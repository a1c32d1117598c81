"""What each provider allows in a time, as one table of numbers with their sources, and the arithmetic of one chat."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from services.domain.conversation import Address

# A provider counts arrivals, and arrivals jitter: two requests that left a second apart may come a little closer. So a
# second is taken as 1.005 s; what is left of 1 % (the permitted rate is to be kept to 99 %) is for late timers.
CYCLE_MARGIN: Final = 1.005
_CHAT_MARGIN: Final = 1.005
# Each refusal of a sender costs a pause of a second and more; so the room grows quickly, and is given up slowly.
_STEP: Final = 0.02
_WARIEST: Final = 0.1
_WARY: Final = 600.0  # seconds since the last refusal
# After a pause the whole allowance is free; it is spent in steps of this share of an even step, so that it never comes
# as one burst, and what was late can be caught up.
_EVEN: Final = 0.97
_MOST_PLACES: Final = (
    100  # a second is cut into at most so many slices; faster senders let several go in each
)
_FEWEST_PLACES: Final = 25


@dataclass(frozen=True, slots=True)
class ChatRule:
    """What one chat takes.

    "bucket": ``count`` at once, then one every ``seconds``. "span": ``count`` in any ``seconds``.
    """

    kind: Literal["bucket", "span"]
    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limit:
    """What one sender may send: ``places`` that are each used once in a ``cycle`` of seconds by up to ``size`` requests.

    If no place is used twice within a cycle, then no window of that length holds more than all places, wherever it
    begins. ``spacing`` is the least time between two places, in seconds. ``name`` tells senders apart ("telegram:123").
    """

    name: str
    places: int
    size: int
    cycle: float
    spacing: float
    chat: ChatRule
    group: ChatRule

    def rule(self, address: Address) -> ChatRule:
        """What this chat takes; Telegram's groups have negative ids."""
        return self.group if address.channel == "telegram" and address.key.startswith("-") else self.chat

    def share(self, senders: int) -> "Limit":
        """What is left for one of so many that cannot ask one another."""
        places = max(1, self.places // senders)
        cycle = self.cycle * max(1.0, senders / self.places)
        return replace(self, places=places, cycle=cycle, spacing=_EVEN * cycle / places)


class Wary:
    """A sender's limit, kept with more room for a while after its provider found it broken.

    Then arrivals jitter by more than ``CYCLE_MARGIN`` (a busy machine, a slow line), or somebody else sends with that name.
    """

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._more = 0.0
        self._until = float("-inf")

    def refused(self, now: float) -> None:
        """The provider said that we are too fast."""
        self._more = min(_WARIEST, (self._more if now < self._until else 0.0) + _STEP)
        self._until = now + _WARY

    def limit(self, now: float) -> Limit:
        """The limit by which to send at that time; times are seconds of the event loop's clock."""
        if now >= self._until:
            return self._limit
        cycle = self._limit.cycle * (1 + self._more)
        return replace(self._limit, cycle=cycle, spacing=_EVEN * cycle / self._limit.places)


# Telegram: core.telegram.org/bots/faq ("avoid sending more than one message per second" in a chat, "short bursts that go
# over this limit" allowed; 20 a minute in a group; about 30 a second in all, up to 1000 paid).
# WhatsApp: developers.facebook.com/documentation/business-messaging/whatsapp/throughput and the error 131056 (one
# message to a person in 6 s, up to 45 at once are borrowed from later); 80 a second by default. Twilio sends through the
# same Cloud API, so a pair has the same limit there; 80 a second by sender: twilio.com/docs/whatsapp/api.
_PRIVATE: Final = ChatRule("bucket", 5, 1.0 * _CHAT_MARGIN)
_GROUP: Final = ChatRule("span", 20, 60.0 * _CHAT_MARGIN)
_PAIR: Final = ChatRule("bucket", 45, 6.0 * _CHAT_MARGIN)
CHAT_RULES: Final[Mapping[str, tuple[ChatRule, ChatRule]]] = {
    "telegram": (_PRIVATE, _GROUP),
    "twilio": (_PAIR, _PAIR),
    "meta": (_PAIR, _PAIR),
}


def limit(channel: str, owner: str, rate: float) -> Limit:
    """The limit of one sender.

    Args:
        channel: "telegram", "twilio" or "meta".
        owner: The bot or number that sends.
        rate: Requests a second that its provider permits (``TELEGRAM_RATE`` …).
    """
    whole = max(1, math.floor(rate))
    sizes = range(math.ceil(whole / _MOST_PLACES), max(1, whole // _FEWEST_PLACES) + 1)
    size = min(sizes, key=lambda size: (whole % size, size))  # the one that leaves least of the rate unused
    places = whole // size
    cycle = max(1.0, 1 / rate) * CYCLE_MARGIN
    chat, group = CHAT_RULES[channel]
    return Limit(f"{channel}:{owner}", places, size, cycle, _EVEN * cycle / places, chat, group)


def booked(rule: ChatRule, state: Sequence[float], at: float) -> tuple[float, list[float]]:
    """When the next request to a chat may go, at the earliest at ``at``, and the chat's state after it.

    The state is, for a bucket, the time at which it will be full again (generic cell rate algorithm, ITU-T I.371); for
    a span, the times of the last requests.
    """
    if rule.kind == "bucket":
        full = state[0] if state else at
        slot = max(at, full - (rule.count - 1) * rule.seconds)
        return slot, [max(full, slot) + rule.seconds]
    slot = max(at, state[0] + rule.seconds) if len(state) >= rule.count else at
    return slot, sorted([*state, slot])[-rule.count :]


def drained(rule: ChatRule, until: float) -> list[float]:
    """The state of a chat that is closed until then and after that takes its steady rate, with nothing saved up."""
    if rule.kind == "bucket":
        return [until + (rule.count - 1) * rule.seconds]
    return [until - rule.seconds + number * rule.seconds / rule.count for number in range(rule.count)]


def full_again(rule: ChatRule, state: Sequence[float]) -> float:
    """When a chat's state says no more than no state at all, so that it can be forgotten."""
    return state[0] if rule.kind == "bucket" else state[-1] + rule.seconds
