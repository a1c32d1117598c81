"""Which question of a conversation is open, or waits beneath a passing one."""

from handlers.registry import STEPS, Step
from handlers.turn import Turn

BENEATH = "then"  # in a session's notes: the lasting question that waits beneath a passing one


def beneath(turn: Turn) -> tuple[Step | None, dict[str, str]]:
    """The lasting question that is open, or waits beneath a passing one, with its notes."""
    if turn.user.stage == "active":
        return None, {}
    memo = turn.session.memo
    name = memo.get(BENEATH)
    if name is not None:
        start = f"{BENEATH}."
        return STEPS.get(name), {k.removeprefix(start): v for k, v in memo.items() if k.startswith(start)}
    step = STEPS.get(turn.session.awaiting or "")
    return (step, dict(memo)) if step is not None and step.lasting else (None, {})
