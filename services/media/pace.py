"""How fast a note is spoken: at the voice's own pace, or only as much faster as a promised length asks for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = 100
_CAREFUL = 0.985
"""Estimates of a chapter were within 1.5 % of its true length in most cases; a note that still runs over is redone."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The speeds of one voice and how long it takes, measured on its own speech.

    A piece of n letters at speed v takes ``piece + n · (letter + letter_paced / v)`` seconds: a part of every letter
    does not shrink. A voice with one speed needs no figures.
    """

    normal: float
    fastest: float
    letter: float = 0.0
    letter_paced: float = 0.0
    piece: float = 0.0

    def seconds(self, pieces: Sequence[str], speed: float) -> float:
        """How long these pieces will last at that speed, with the pauses after them."""
        letters = sum(map(len, pieces))
        return self.piece * len(pieces) + letters * (self.letter + self.letter_paced / speed)

    def speed(self, pieces: Sequence[str], within: float | None) -> float:
        """The slowest speed, from the normal one on, at which the pieces should last ``within`` seconds at most.

        It is a whole hundredth, so that the same text is found again in the cache; ``fastest`` if none is enough.
        """
        if within is None:
            return self.normal
        left = within * _CAREFUL - self.seconds(pieces, math.inf)
        needed = self.letter_paced * sum(map(len, pieces)) / left if left > 0 else math.inf
        return self._allowed(needed)

    def faster(self, speed: float, seconds: float, within: float) -> float:
        """The speed for a note that lasted ``seconds`` at ``speed`` and must not last longer than ``within``."""
        return self._allowed(max(speed * seconds / within, speed) + 1 / _STEPS)

    def _allowed(self, speed: float) -> float:
        if speed >= self.fastest:
            return self.fastest
        return max(self.normal, math.ceil(round(speed * _STEPS, 6)) / _STEPS)
