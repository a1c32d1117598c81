"""What an operator reads of jumps in quarantine. English only: it is a console."""

from collections.abc import Sequence

from services.domain.corporate_actions import Jump
from services.domain.rows import ActionRow
from services.domain.verdicts import WORDS
from services.wording.numbers import day, number, percent

SHOWN = 15


def quarantine_text(quarantined: Sequence[Jump], explained: int) -> str:
    """The newest jumps that nothing explains, and how to settle one; ``explained`` is how many others were explained."""
    lines = [_line(jump) for jump in quarantined[:SHOWN]]
    more = len(quarantined) - len(lines)
    return "\n".join(
        [
            "*Quarantine*: jumps that no corporate action explains, kept from users",
            *(lines or ["• none"]),
            *([f"… and {more} more"] if more > 0 else []),
            f"{explained} other jumps are explained by splits, bonuses, rights and dividends.",
            *([f"Settle one: /quarantine SYMBOL DAY and one of: {WORDS}"] if lines else []),
        ]
    )


def settled_text(rows: Sequence[ActionRow], left: int) -> str:
    """What was noted, and how many are left."""
    own = rows[-1]
    return f"{own.symbol} on {day(own.ex_date)} is settled ({own.note}). {left} left in quarantine."


def _line(jump: Jump) -> str:
    why = (
        "an action does not fit"
        if jump.why == "misfit"
        else f"would fit: {jump.suggestion}"
        if jump.suggestion
        else ""
    )
    move = percent(jump.ratio - 1, signed=True)
    return (
        f"• {jump.symbol} {jump.day.isoformat()}: {number(jump.previous)} to {number(jump.close)} ({move})"
        f"{f'; {why}' if why else ''}"
    )
