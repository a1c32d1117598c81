"""The operator's word on a day as an order: kept with the word itself, so that who is due is told whatever dies meanwhile."""

from dataclasses import dataclass
from datetime import date, datetime

from services.domain.dated_days import OPEN


@dataclass(frozen=True, slots=True)
class Order:
    """A word that changed a day and of which not everybody was told yet.

    ``opens``: there is a session after all; else there is none, and ``name`` says why. ``number`` counts the words on that
    day: a day closed, opened and closed again is told three times. ``owner`` is the process that tells.
    """

    day: date
    name: str
    opens: bool
    at: datetime
    number: int
    owner: str

    @property
    def notice(self) -> str:
        """The name of its notice: the same after a restart, another for the next word on that day."""
        name = f"{OPEN if self.opens else 'holiday'}:{self.day}"
        return name if self.number == 1 else f"{name}:{self.number}"
