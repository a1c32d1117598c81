"""Which number a message may have got whose answer was lost, where a provider numbers all that it takes in one row.

Telegram counts the messages of a bot's private chats in one sequence (core.telegram.org/api/updates: the common message
box). So the number lies above those that were given before its request went out, and below those of requests that began
after it had long been processed; of what lies between, most is known to belong to other messages.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SETTLED: Final = timedelta(seconds=10)  # after a lost answer its request is processed by then, or never
MOST: Final = 100  # numbers worth asking for; so many free ones mean that others send with this name


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A message that was taken: its numbers, when its sending began and when the last answer came."""

    numbers: tuple[int, ...]
    began: datetime
    taken: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that nobody is known to have, the likeliest first. ``closed``: if it is none of these, it was not taken."""

    numbers: tuple[int, ...]
    closed: bool


def gap(
    neighbours: Sequence[Neighbour], *, began: datetime, lost: datetime, others: Collection[int]
) -> Gap | None:
    """The numbers that a message may have got; None if that cannot be told.

    Args:
        neighbours: What was taken around it, of whichever private chats.
        began: When its sending began.
        lost: When it was clear that no answer comes.
        others: Numbers that are known to belong to other messages.
    """
    before = [number for n in neighbours if n.taken <= began for number in n.numbers]
    behind = [number for n in neighbours if n.began >= lost + SETTLED for number in n.numbers]
    if not before or not _in_one_row(neighbours):
        return None
    every = {number for n in neighbours for number in n.numbers}
    end = min(behind) if behind else max(every) + 1
    free = set(range(max(before) + 1, end)) - every - set(others) if end - max(before) < MOST * MOST else None
    if free is None or len(free) > MOST:
        return None
    near = min(neighbours, key=lambda n: abs(n.taken - lost)).numbers[-1]
    return Gap(tuple(sorted(free, key=lambda number: (abs(number - near), number))), bool(behind))


def _in_one_row(neighbours: Sequence[Neighbour]) -> bool:
    """Whether no number was given twice, and whoever began after another's answer has a higher one."""
    numbers = [number for n in neighbours for number in n.numbers]
    if len(set(numbers)) < len(numbers):
        return False
    answered = sorted(neighbours, key=lambda n: n.taken)
    highest, place = 0, 0
    for each in sorted(neighbours, key=lambda n: n.began):
        while place < len(answered) and answered[place].taken < each.began:
            highest = max(highest, *answered[place].numbers)
            place += 1
        if min(each.numbers) <= highest:
            return False
    return True
