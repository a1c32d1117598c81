"""Which number a message may have got whose answer was lost: never without its own, and nothing told where it cannot be."""

import random
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.numbering import MOST, Gap, Neighbour, gap

NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def near(number: int, began: float, taken: float) -> Neighbour:
    return Neighbour((number,), at(began), at(taken))


BEFORE = [near(10, -1, -0.8), near(11, -0.5, -0.2)]


def test_what_lies_between_and_belongs_to_nobody() -> None:
    behind = [near(12, 0.1, 0.3), near(15, 1, 1.2), near(16, 11, 11.2)]
    found = gap([*BEFORE, *behind], began=at(0), lost=at(0.2), others={14})
    assert found is not None
    assert (found.numbers, found.closed) == ((13,), True)


def test_without_an_end_it_may_be_found_but_not_ruled_out() -> None:
    found = gap([*BEFORE, near(13, 0.1, 0.3)], began=at(0), lost=at(0.2), others=())
    assert found is not None
    assert (found.numbers, found.closed) == ((12,), False)


def test_the_likeliest_comes_first() -> None:
    behind = [near(20, 4.9, 5.1), near(30, 15.2, 15.4)]
    found = gap([*BEFORE, *behind], began=at(0), lost=at(5), others=())
    assert found is not None
    assert found.numbers[:4] == (19, 21, 18, 22)
    assert set(found.numbers) == {*range(12, 20), *range(21, 30)}


@pytest.mark.parametrize(
    "neighbours",
    [
        [],
        [near(16, 11, 11.2)],
        [*BEFORE, near(11, 11, 11.2)],
        [*BEFORE, near(5, 11, 11.2)],
        [*BEFORE, near(11 + MOST + 2, 11, 11.2)],
        [*BEFORE, near(10**12, 11, 11.2)],
    ],
    ids=["nobody", "nothing before", "a number twice", "no row", "too many", "far too many"],
)
def test_what_tells_nothing(neighbours: list[Neighbour]) -> None:
    assert gap(neighbours, began=at(0), lost=at(0.2), others=()) is None


def test_numbers_that_each_chat_counts_for_itself_tell_nothing() -> None:
    """Another provider, or a server of one's own: nobody is told twice for that."""
    each = [near(1 + number % 3, number, number + 0.2) for number in range(-5, 20)]
    assert gap(each, began=at(0), lost=at(0.2), others=()) is None


Told = list[tuple[int, Gap | None]]


def broadcast(seed: int, latency: float, losing: float) -> Told:
    """Half a minute, ten a second, side by side, answers out of order; of each lost one its number and what is told of it."""
    chance, numbers = random.Random(seed), count(1000)
    flights = []
    for place in range(300):
        began = place / 10
        processed = began + chance.uniform(0.01, latency)
        flights.append((began, processed, processed + chance.uniform(0, latency), chance.random() < losing))
    given = {flight: next(numbers) for flight in sorted(flights, key=lambda flight: flight[1])}
    known = [Neighbour((given[f],), at(f[0]), at(f[2])) for f in flights if not f[3]]
    lost = [flight for flight in flights if flight[3]]
    return [(given[f], gap(known, began=at(f[0]), lost=at(f[2]), others=())) for f in lost]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.02, 3), st.floats(0, 0.3))
def test_what_was_taken_is_never_ruled_out(seed: int, latency: float, losing: float) -> None:
    for number, found in broadcast(seed, latency, losing):
        assert found is None or number in found.numbers or not found.closed


@pytest.mark.parametrize("seed", range(5))
def test_all_but_the_first_and_the_last_are_told(seed: int) -> None:
    told = [found for _, found in broadcast(seed, 0.3, 0.1)]
    assert len(told) >= 20
    assert sum(found is not None and found.closed for found in told) >= len(told) / 2
