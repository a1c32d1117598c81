"""How fast a note is spoken: at the voice's own pace, or only as much faster as a promised length asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

_CAREFUL = 0.985
"""Estimates of a chapter were within 1.5 % of its true length in most cases; a note that still runs over is redone."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The speeds that a voice may use, and how long it takes at each, measured on its own speech.

    ``letters`` maps a speed to the seconds of one spoken letter, the normal speed first and then ever faster ones:
    a table, because an engine may round the length of every sound, so that its speed moves in steps. ``piece`` is
    what each piece takes beside its letters: the pauses around it. A voice with one speed needs no figures.
    """

    letters: tuple[tuple[float, float], ...]
    piece: float = 0.0

    @property
    def normal(self) -> float:
        """The speed of what has no promised length."""
        return self.letters[0][0]

    @property
    def fastest(self) -> float:
        return self.letters[-1][0]

    def speed(self, pieces: Sequence[str], within: float | None) -> float:
        """The slowest speed at which the pieces should last ``within`` seconds at most; the fastest if none is enough.

        None = no promised length: the normal speed.
        """
        if within is None:
            return self.normal
        room = within * _CAREFUL - self.piece * len(pieces)
        length = sum(map(len, pieces))
        return next((speed for speed, letter in self.letters if length * letter <= room), self.fastest)

    def faster(self, speed: float) -> float:
        """The next speed above this one, for a note that ran over; the fastest stays."""
        return next((other for other, _ in self.letters if other > speed), self.fastest)
