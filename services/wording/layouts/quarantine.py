"""What an operator reads of jumps in quarantine. English only: it is a console."""

from collections.abc import Sequence

from services.domain.corporate_actions import Jump
from services.domain.rows import ActionRow
from services.domain.verdicts import WORDS
from services.wording.numbers import day, number, percent

SHOWN = 12  # on a page: with the lines around them that is one WhatsApp message


def pages_of(count: int) -> int:
    """How many pages so many jumps fill; an empty list is a page too."""
    return max(1, -(-count // SHOWN))


def quarantine_text(quarantined: Sequence[Jump], explained: int, page: int = 1, of: str = "") -> str:
    """A page of the jumps that nothing explains, newest first, and how to settle one.

    ``explained`` is how many others were explained; ``of``: only those of this symbol are given.
    """
    pages = pages_of(len(quarantined))
    lines = [_line(jump) for jump in quarantined[SHOWN * (page - 1) : SHOWN * page]]
    whose = f" of {of}" if of else ""
    where = f" ({len(quarantined)}, page {page} of {pages})" if pages > 1 else ""
    after = f"The next: /quarantine {f'{of} ' if of else ''}page {page + 1}" if page < pages else ""
    return "\n".join(
        [
            f"*Quarantine*{where}: jumps{whose} that no corporate action explains, kept from users",
            *(lines or ["• none"]),
            *([after] if after else []),
            f"{explained} other {'jump is' if explained == 1 else 'jumps are'} explained by splits, bonuses, rights and dividends.",
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
