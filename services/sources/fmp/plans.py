"""What FMP's plans permit: requests, and whether many symbols may be asked in one."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.domain.errors import BadSetting
from services.domain.sourcing import Pace


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. ``per_day`` None: no daily limit; ``most`` symbols of the user's are asked for, so that a day's requests suffice.

    ``batch``: many symbols in one request. On the plans without it each symbol is a request of its own.
    """

    name: str
    per_day: int | None
    per_minute: int
    batch: bool
    most: int

    @property
    def pace(self) -> Pace:
        """As fast as nine tenths of the plan's minute."""
        return Pace(every=round(60 / (self.per_minute * 0.9), 3), at_once=1 if self.per_day else 3)


PLANS: Mapping[str, Plan] = {
    "basic": Plan("basic", per_day=250, per_minute=60, batch=False, most=35),
    "starter": Plan("starter", per_day=None, per_minute=300, batch=False, most=200),
    "premium": Plan("premium", per_day=None, per_minute=750, batch=True, most=1000),
    "ultimate": Plan("ultimate", per_day=None, per_minute=3000, batch=True, most=5000),
}


def plan(name: str) -> Plan:
    """The plan of that name.

    Raises:
        BadSetting: If FMP has none.
    """
    found = PLANS.get(name.strip().lower())
    if found is None:
        raise BadSetting(f"FMP_PLAN={name!r}: one of {', '.join(PLANS)}, for example FMP_PLAN=starter")
    return found
