"""Keeps the parts of a book for the next one: what is made of the same batches as before is not made again."""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Of = TypeVarTuple("Of")


class Parts:
    """The parts of one book after another. It belongs to whoever makes them, one at a time.

    A part is told again, the very same object, as long as everything it is made of equals what it was made of the last
    time; what is told must therefore never be changed by whoever gets it.
    """

    def __init__(self) -> None:
        self._made: dict[object, tuple[object, object]] = {}

    def kept(self, make: Callable[[*Of], T], *of: *Of) -> T:
        """What ``make`` makes of these values; it must depend on nothing else."""
        known = self._made.get(make)
        if known is None or known[0] != of:
            known = self._made[make] = (of, make(*of))
        return known[1]  # type: ignore[return-value]  # what this very function made the last time
