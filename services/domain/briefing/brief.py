"""A finished brief as a value: its words, its chapters for the ear, its picture, and every fact behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from services.domain.conversation import Lang
from services.domain.market import Fact
from services.domain.pictures import DayPicture

Slot = Literal["morning", "midday", "evening"]
Scope = Literal["personal", "market", "sector"]
_NOON, _EVENING = time(12, 0), time(16, 0)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part for the ear. ``line`` is its one-line text; ``sentences`` are whole written sentences, for sharing."""

    title: str
    line: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The chapter as one paragraph."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Brief:
    """``one_line`` marks a brief with nothing new. ``version`` is what ``User.last_brief`` keeps of it.

    ``facts`` holds every figure of ``text`` and of the chapters; ``days`` and ``names`` are what else may be told.
    """

    scope: Scope
    lang: Lang
    slot: Slot
    text: str
    chapters: tuple[Chapter, ...]
    picture: DayPicture | None
    facts: tuple[Fact, ...]
    days: frozenset[date]
    names: frozenset[str]
    one_line: bool
    version: str
    source: str


def slot_at(now: datetime) -> Slot:
    """Which brief fits the clock: morning until noon, evening from four."""
    at = now.time()
    return "morning" if at < _NOON else "midday" if at < _EVENING else "evening"


def facts_json(brief: Brief) -> list[dict[str, str | float]]:
    """Every figure of a brief, ready for JSON: value as a number, ``as_of`` in ISO form; sorted by id."""
    rows: Mapping[str, Fact] = {fact.id: fact for fact in brief.facts}
    return [
        {
            "id": fact.id,
            "value": float(fact.value),
            "unit": fact.unit,
            "entity": fact.entity,
            "as_of": fact.as_of.isoformat(),
            "source": fact.source,
            "status": fact.status,
        }
        for _, fact in sorted(rows.items())
    ]
