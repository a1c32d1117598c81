"""How far PSX lets a share move in a session, then and now: what lies beyond that is no market move."""

from bisect import bisect_right
from datetime import date

NARROWEST = 0.05
"""No limit was ever narrower, as a fraction: a move within it need not be looked up."""
TICK = 0.01
"""Rs; the exchange rounds a limit to it, so a close may stand that much beyond the exact figure."""
LEAST = 1.0
"""Rs: the limit is never narrower than one rupee, whatever the percentage says."""

# From which day on, as a fraction of LDCP (PSX.md 4.2). The steps of half a point came every second Monday; each is
# borne out by the closes of 2018 to 2026: none lies above its step, and the first above the step before follows within
# a week. All that is known before 2018 is that it was not wider.
_STEPS: tuple[tuple[date, float], ...] = (
    (date.min, NARROWEST),
    (date(2020, 1, 20), 0.055),
    (date(2020, 2, 3), 0.06),
    (date(2020, 2, 17), 0.065),
    (date(2020, 3, 2), 0.07),
    (date(2020, 3, 16), 0.075),
    (date(2024, 5, 27), 0.08),
    (date(2024, 6, 10), 0.085),
    (date(2024, 6, 24), 0.09),
    (date(2024, 7, 8), 0.095),
    (date(2024, 7, 22), 0.10),
)
_DAYS = tuple(day for day, _ in _STEPS)


def rate(day: date) -> float:
    """The limit of a session as a fraction of LDCP."""
    return _STEPS[bisect_right(_DAYS, day) - 1][1]


def limit(reference: float, day: date) -> float:
    """The widest legal move of a session, Rs a share; ``reference`` is LDCP, or the last close however old it is."""
    return max(LEAST, rate(day) * reference)


def is_legal(price: float, reference: float, day: date) -> bool:
    """Whether a price may have been traded in that session."""
    return abs(price - reference) <= limit(reference, day) + TICK + 1e-9
