"""What is said instead of an answer: a refusal in the user's language, the question for holdings, an apology."""

from bot.open_questions import beneath
from handlers.holdings import HOLDINGS
from handlers.registry import STEPS
from handlers.turn import Turn
from services.domain.conversation import Answer, Reply, Session, Text
from services.domain.errors import MarketByteError
from services.domain.users import User
from services.wording import say, say_of
from services.wording.layouts.menu import menu_buttons, plain
from services.wording.sentences import catalog


def refused(turn: Turn, error: MarketByteError, known: Reply | None = None) -> Answer:
    """The refusal in the user's language, or what is ``known`` all the same. A lasting question stays open; a passing one ends."""
    text = say_of(turn.profile, turn.lang, error.sentence, **_filled(turn, error))
    reply = known or Reply((Text(text),), menu_buttons(turn.lang))
    step = STEPS.get(turn.session.awaiting or "")
    return Answer((reply,), step.name, turn.session.memo) if step and step.lasting else Answer((reply,))


async def holdings_asked(turn: Turn) -> Answer:
    """Whoever has told us nothing yet is asked for it, so that the next message can be the list."""
    step, _ = beneath(turn)
    if step is not None and step.name == HOLDINGS:
        return Answer(())  # the question itself follows
    reply = plain(turn.lang, "error.nothing_held", market=turn.profile)
    if step is not None or turn.user.consented_at is None:
        return Answer((reply,))
    return Answer((reply,), HOLDINGS)


def sorry(user: User, session: Session) -> Answer:
    """Something broke on our side; the open question stays open."""
    text = say(user.preferences.lang, "error.broke")
    return Answer(
        (Reply((Text(text),), menu_buttons(user.preferences.lang)),), session.awaiting, session.memo
    )


def _filled(turn: Turn, error: MarketByteError) -> dict[str, str]:
    """What the sentence needs. A reason is a sentence too; the English detail line is for administrators only."""
    reason = error.values.get("reason", "")
    if reason in catalog():
        reason = say_of(turn.profile, turn.lang, reason)
    elif not reason:
        reason = error.detail if turn.is_admin else say(turn.lang, "error.no_reason")
    return {"name": "", "what": "", **error.values, "reason": reason}
