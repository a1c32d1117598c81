"""How well messages are understood, counted on labelled utterances: by language, by intent, and for what is changed or lost."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from services.domain.intents import INTENTS, Intent, Understanding

DESTRUCTIVE: frozenset[Intent] = frozenset({"delete", "stop", "remove_holding"})


@dataclass(frozen=True, slots=True)
class Utterance:
    """One labelled line: language, intent, what was typed, and the details it must at least give."""

    lang: str
    intent: Intent
    text: str
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class Score:
    """Fractions 0 to 1. ``confused`` counts (meant, understood); ``harm`` are texts wrongly taken for a destructive intent."""

    accuracy: float
    by_lang: dict[str, float]
    details: float
    confused: Counter[tuple[str, str]]
    harm: tuple[str, ...]


def utterances(table: str) -> list[Utterance]:
    """Read tab-separated lines: language, intent, text, "key=value;key=value"."""
    rows = (line.split("\t") for line in table.splitlines() if line)
    return [
        Utterance(
            lang, INTENTS[INTENTS.index(intent)], text, dict(p.split("=") for p in wanted.split(";") if p)
        )
        for lang, intent, text, wanted in rows
    ]


def score(results: Iterable[tuple[Utterance, Understanding]]) -> Score:
    """Count; details only where the intent is right and some are expected."""
    pairs = list(results)
    right: dict[str, list[bool]] = {}
    details: list[bool] = []
    for meant, understood in pairs:
        right.setdefault(meant.lang, []).append(meant.intent == understood.intent)
        if meant.intent == understood.intent and meant.details:
            details.append(meant.details.items() <= understood.details.items())
    every = [hit for hits in right.values() for hit in hits]
    wrong = [(m, u) for m, u in pairs if m.intent != u.intent]
    return Score(
        accuracy=_share(every),
        by_lang={lang: _share(hits) for lang, hits in right.items()},
        details=_share(details),
        confused=Counter((m.intent, u.intent) for m, u in wrong),
        harm=tuple(m.text for m, u in wrong if u.intent in DESTRUCTIVE),
    )


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
