"""A provider's rate limit at its wire: it refuses as the provider does and counts what should never have been asked."""

import math
import time
from collections import Counter, deque
from collections.abc import Callable


class RateRule:
    """At most ``limit`` requests in any ``period`` seconds for each key; times are seconds of one steady clock.

    With ``burst`` it is a bucket instead: so many at once, refilled at ``limit`` per ``period`` (Telegram's one a second
    for each chat "with short bursts", Meta's pair rate). A refusal closes the key for its wait; whatever asks again within is a
    violation of its own kind ("closed") and does not lengthen the wait.

    ``violations`` counts by (kind, key); kinds are "rate" (refused for the limit) and "closed" (asked in a closed time).
    """

    def __init__(
        self,
        limit: float,
        period: float,
        burst: int = 0,
        *,
        wait: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``wait``: the fixed pause that a refusal asks for; None means until the limit would admit again, whole seconds."""
        self.limit, self.period, self.burst, self.wait, self.clock = limit, period, burst, wait, clock
        self.violations: Counter[tuple[str, str]] = Counter()
        self.admitted = 0
        self.most = 0  # the most ever seen in one period, over all keys
        self._seen: dict[str, deque[float]] = {}
        self._full_at: dict[str, float] = {}  # when the bucket of a key will be full again
        self._closed: dict[str, float] = {}

    def hit(self, key: str = "") -> float:
        """Ask for one request: 0 if it is admitted (and counted), else the seconds to wait; it is a violation then."""
        refused = self.peek(key)
        if refused:
            closed = self._closed.get(key, -math.inf) > self.clock()
            self.violations["closed" if closed else "rate", key] += 1
            if not closed:
                self.close(refused, key)
            return refused
        self.count(key)
        return 0.0

    def peek(self, key: str = "") -> float:
        """What ``hit`` would say, without counting anything."""
        now = self.clock()
        if (closed := self._closed.get(key, -math.inf)) > now:
            return closed - now
        if not (left := self._left(key, now)):
            return 0.0
        return max(1.0, float(math.ceil(left))) if self.wait is None else self.wait

    def count(self, key: str = "") -> None:
        """Count one admitted request (after ``peek`` of several rules said 0)."""
        now = self.clock()
        self.admitted += 1
        seen = self._seen.setdefault(key, deque())
        seen.append(now)
        while seen and seen[0] <= now - self.period:
            seen.popleft()
        self.most = max(self.most, len(seen))
        self._full_at[key] = max(now, self._full_at.get(key, now)) + self.period / self.limit

    def close(self, seconds: float, key: str = "") -> None:
        """Nothing may come for this key within so many seconds (a refusal that was injected)."""
        self._closed[key] = self.clock() + seconds

    @property
    def broken(self) -> int:
        """How many requests came that should not have."""
        return sum(self.violations.values())

    def _left(self, key: str, now: float) -> float:
        """Seconds until the limit itself would admit one more, 0 if it does now."""
        if self.burst:
            step = self.period / self.limit
            filled = max(0.0, self._full_at.get(key, now) - now)
            return (
                max(0.0, filled - (self.burst - 1) * step) if filled > (self.burst - 1) * step + 1e-9 else 0.0
            )
        seen = self._seen.get(key, deque())
        recent = [at for at in seen if at > now - self.period]
        return 0.0 if len(recent) < self.limit else recent[-int(self.limit)] + self.period - now
