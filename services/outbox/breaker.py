"""Stops a channel whose provider refuses our account or gives no answers, and finds out with one message when that ends."""

from dataclasses import dataclass
from typing import Final, Literal

REFUSALS: Final = 3  # refusals of the account in a row after which nothing goes
FIRST_PAUSE, LONGEST_PAUSE = (
    30.0,
    600.0,
)  # seconds until one message tries whether all is well again; doubled each time
SILENCES: Final = 5  # requests in a row without an answer: more would only add messages of unknown outcome
FIRST_SILENCE, LONGEST_SILENCE = 2.0, 60.0

State = Literal["closed", "open", "probing"]


@dataclass(slots=True)
class Breaker:
    """The breaker of one channel. All times are seconds of one steady clock."""

    state: State = "closed"
    refusals: int = 0
    silences: int = 0
    until: float = 0.0
    pause: float = 0.0

    def wait(self, now: float) -> float:
        """How long nothing may go; 0 = something may (when open: exactly one message, see :meth:`enter`)."""
        if self.state == "closed":
            return 0.0
        return max(self.until - now, 1.0 if self.state == "probing" else 0.0)

    def enter(self, now: float) -> bool:
        """Ask to send one message. Where it is open and its pause is over, the first who asks is the probe."""
        if self.state == "closed":
            return True
        if self.state == "probing" or now < self.until:
            return False
        self.state = "probing"
        return True

    def refused(self, now: float) -> bool:
        """The account was refused; True if this opened the breaker for that reason."""
        self.refusals += 1
        if self.state == "probing":
            self._open(now, max(FIRST_PAUSE, min(self.pause * 2, LONGEST_PAUSE)))
        elif self.state == "closed" and self.refusals >= REFUSALS:
            self._open(now, FIRST_PAUSE)
            return True
        return False

    def unanswered(self, now: float) -> None:
        """There was no answer, or only "internal error"."""
        self.silences += 1
        if self.state == "probing":
            self._open(now, min(self.pause * 2, max(LONGEST_SILENCE, self.pause)))
        elif self.state == "closed" and self.silences >= SILENCES:
            self._open(now, FIRST_SILENCE)

    def answered(self) -> bool:
        """The provider dealt with a message, so all is well; True if this closed the breaker."""
        was_open = self.state != "closed"
        self.state, self.refusals, self.silences = "closed", 0, 0
        return was_open

    def gave_up(self) -> None:
        """The probe found nothing out (it was withdrawn, or was too fast): another may try."""
        if self.state == "probing":
            self.state = "open"

    def _open(self, now: float, pause: float) -> None:
        self.state, self.pause = "open", pause
        self.until = now + pause
