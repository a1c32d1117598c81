"""Fits sentences into a measure: all that is dear stays, what is less dear goes first, the order is never changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from services.domain.briefing.points import Point
from services.domain.errors import Ungrounded
from services.domain.grounding import check
from services.wording.spoken import speakable


@dataclass(frozen=True, slots=True)
class Said:
    """A point and its sentence."""

    point: Point
    text: str


def fit(said: Sequence[Said], most: int, measure: Callable[[str], int]) -> tuple[Said, ...]:
    """Keep as many sentences as ``most`` allows, giving up the highest ranks first and of equals the last.

    Args:
        said: Sentences in their order.
        most: The measure that the joined text may not exceed.
        measure: Words or characters of one sentence, with the gap after it.
    """
    kept = dict(enumerate(said))
    total = sum(measure(one.text) for one in said)
    for place in sorted(kept, key=lambda at: (-said[at].point.rank, -at)):
        if total <= most:
            break
        total -= measure(kept.pop(place).text)
    return tuple(kept.values())


def pack(said: Sequence[Said], limits: Sequence[tuple[int, Callable[[str], int]]]) -> tuple[Said, ...]:
    """The dearest sentences that keep every limit, in their own order; one that is too long lets a shorter one in.

    Args:
        said: Sentences in their order.
        limits: Each the most that a measure of all kept sentences may come to, and the measure of one.
    """
    kept: set[int] = set()
    left = [most for most, _ in limits]
    for place in sorted(range(len(said)), key=lambda at: (said[at].point.rank, at)):
        needs = [measure(said[place].text) for _, measure in limits]
        if all(need <= room for need, room in zip(needs, left, strict=True)):
            kept.add(place)
            left = [room - need for need, room in zip(needs, left, strict=True)]
    return tuple(one for place, one in enumerate(said) if place in kept)


def sound(said: Iterable[Said], names: frozenset[str]) -> tuple[Said, ...]:
    """Only the sentences whose every figure is a fact of their own point: a figure may not borrow another's fact.

    A record's title with a figure that cannot be read is left out here instead of spoiling a whole brief.
    """
    return tuple(one for one in said if _is_sound(one, names))


def _is_sound(one: Said, names: frozenset[str]) -> bool:
    try:
        check(one.text, one.point.facts.values(), one.point.days.values(), names)
    except Ungrounded:
        return False
    return True


def words(text: str) -> int:
    """How many words a text has, as an editor counts them."""
    return len(text.split())


def aloud(text: str) -> int:
    """How many letters a voice says for an English text: "Rs 1,880.04" is six words long when it is heard."""
    return len(speakable(text))


def letters(text: str) -> int:
    """How many characters a line takes, with its line break."""
    return len(text) + 1
