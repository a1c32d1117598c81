"""An operator's word on a quarantined jump, read from a line: "ok", "split 5:1", "bonus 25%", "right 20% at 15", "dividend 3.50"."""

import re
from collections.abc import Callable
from typing import Literal

from services.domain.corporate_actions import Jump, accepted, ex_price
from services.domain.errors import BadInput
from services.domain.price_limits import is_legal
from services.domain.rows import ActionRow

WORDS = "ok, split 5:1, bonus 25%, right 20% at 15, dividend 3.50 (Rs a share)"
_NUMBER = r"(\d{1,6}(?:\.\d{1,4})?)"
_RATIO = re.compile(rf"split\s+{_NUMBER}\s*:\s*{_NUMBER}")
_BONUS = re.compile(rf"bonus\s+{_NUMBER}\s*%")
_RIGHT = re.compile(rf"right\s+{_NUMBER}\s*%\s+at\s+(?:rs\.?\s*)?{_NUMBER}")
_CASH = re.compile(rf"dividend\s+(?:rs\.?\s*)?{_NUMBER}")


def verdict(jump: Jump, words: str, by: str) -> tuple[ActionRow, ...]:
    """The actions that settle a jump: the operator's own, and those that stood there, changed into none.

    Raises:
        BadInput: If the words are none of ``WORDS``, or if the price does not fit them.
    """
    said = " ".join(words.casefold().split())
    note = f"operator {by}: {said}"
    own = accepted(jump.symbol, jump.day, note) if said == "ok" else _action(jump, said, note)
    if own is None:
        raise BadInput(f"{words[:30]!r} settles nothing; say one of: {WORDS}")
    target = ex_price(jump.previous, [own])
    if said != "ok" and not (target > 0 and is_legal(jump.close, target, jump.day)):
        raise BadInput(
            f"{said} makes the close of {jump.previous:,.2f} one of {target:,.2f}; the price that day was {jump.close:,.2f}, "
            f"further away than the exchange allows"
        )
    void = (
        ActionRow(a.symbol, a.ex_date, a.kind, 1.0, 0.0, accepted(a.symbol, a.ex_date, note).note)
        for a in jump.actions
    )
    return (*(each for each in void if (each.ex_date, each.kind) != (own.ex_date, own.kind)), own)


def _action(jump: Jump, said: str, note: str) -> ActionRow | None:
    for pattern, made in _READERS:
        if found := pattern.fullmatch(said):
            kind, factor, cash = made(jump.previous, *map(float, found.groups()))
            changes = 0 < factor <= 1 and (factor < 1 or cash > 0)
            return ActionRow(jump.symbol, jump.day, kind, factor, cash, note) if changes else None
    return None


Effect = tuple[Literal["split", "bonus", "right", "dividend"], float, float]


def _split(_: float, new: float, old: float) -> Effect:
    return "split", old / new if new else 0.0, 0.0


def _bonus(_: float, percent: float) -> Effect:
    return "bonus", 1 / (1 + percent / 100), 0.0


def _right(previous: float, percent: float, price: float) -> Effect:
    part = percent / 100
    return "right", (previous + part * price) / (1 + part) / previous, 0.0


def _cash(_: float, amount: float) -> Effect:
    return "dividend", 1.0, amount


_READERS: tuple[tuple[re.Pattern[str], Callable[..., Effect]], ...] = (
    (_RATIO, _split),
    (_BONUS, _bonus),
    (_RIGHT, _right),
    (_CASH, _cash),
)
