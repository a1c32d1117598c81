"""How a source stands: when it last answered, when it may be asked again, and what its pages last held.

Pure: each change gives a new value. A gate is answered with hours of silence, a source that does not answer with minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

Condition = Literal["new", "ok", "partly", "failing", "gated"]

GATED_FIRST: Final = timedelta(hours=6)
GATED_LONGEST: Final = timedelta(hours=24)
SILENT_FIRST: Final = timedelta(minutes=10)
SILENT_LONGEST: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Seen:
    """The last good bytes of a page: their hash, how many rows they gave, and the newest day among these.

    ``parts`` are digests of a long page's months: what needs not be stored again.
    """

    raw: str
    rows: int
    newest: date | None
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """A source between two visits.

    ``failures`` are visits in a row that ended without an answer, at the gate, or with no usable page. ``next_try``: not
    before; None = at its next hour. ``pages`` are those that are asked for again (not those of one day); ``fresh`` is when the newest good data of
    a kind was fetched.
    """

    name: str
    condition: Condition = "new"
    tried: datetime | None = None
    succeeded: datetime | None = None
    failures: int = 0
    next_try: datetime | None = None
    detail: str = ""
    pages: Mapping[str, Seen] = field(default_factory=dict)
    fresh: Mapping[str, datetime] = field(default_factory=dict)

    def rests(self, now: datetime) -> bool:
        """Whether it is too early to ask again."""
        return self.next_try is not None and now < self.next_try

    def answered(self, now: datetime, condition: Literal["ok", "partly"], detail: str = "") -> "Standing":
        """It gave something usable: all that was asked, or a part."""
        return replace(
            self, condition=condition, tried=now, succeeded=now, failures=0, next_try=None, detail=detail
        )

    def unusable(self, now: datetime, detail: str) -> "Standing":
        """It answered, and nothing of it could be used; it is asked again at its next hour."""
        return replace(
            self, condition="failing", tried=now, failures=self.failures + 1, next_try=None, detail=detail
        )

    def silent(self, now: datetime, detail: str, wait: timedelta = timedelta(0)) -> "Standing":
        """It did not answer. The rest doubles from ten minutes to two hours; ``wait`` is what the source asked for."""
        rest = max(_doubled(SILENT_FIRST, SILENT_LONGEST, self._again("failing")), wait)
        return self._shut("failing", now, detail, rest)

    def gated(self, now: datetime, detail: str) -> "Standing":
        """It stands behind a gate that is not ours to open. The rest doubles from six hours to a day."""
        return self._shut("gated", now, detail, _doubled(GATED_FIRST, GATED_LONGEST, self._again("gated")))

    def _again(self, condition: Condition) -> int:
        return self.failures if self.condition == condition else 0

    def _shut(self, condition: Condition, now: datetime, detail: str, rest: timedelta) -> "Standing":
        failures = self._again(condition) + 1
        return replace(
            self, condition=condition, tried=now, failures=failures, next_try=now + rest, detail=detail
        )


def _doubled(first: timedelta, longest: timedelta, before: int) -> timedelta:
    return min(first * (1 << min(before, 16)), longest)
