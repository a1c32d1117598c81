"""Watches in plain words: set one, list them, cancel one."""

from urllib.parse import urlencode

from handlers.registry import command, on
from handlers.turn import Turn
from services.domain.amounts import currencies
from services.domain.conversation import Answer, Button, Reply
from services.domain.errors import AmbiguousName, BadInput
from services.domain.instruments import Directory
from services.domain.letters import words
from services.wording import say
from services.wording.layouts.alerts import already_reply, list_reply, set_reply
from services.wording.layouts.menu import did_you_mean, plain
from services.wording.layouts.money import other_currency

_CANCEL = frozenset(words("cancel delete remove stop off band hatao hata khatam mita منسوخ ختم ہٹاؤ بند"))
_LONGEST_PRESS = 64


@on("alert")
@command("alert", "tell me when a price or index gets there", usage="/alert LUCK above 500")
async def alert(turn: Turn) -> Answer:
    """Keeps the rule and says where the price stands now; what is true already is told at once."""
    directory = await turn.services.directory()
    said = _said(turn)
    if not words(said):
        return Answer((plain(turn.lang, "alerts.no_level", market=turn.profile),))
    if currencies(said) - {directory.currency}:
        return Answer((other_currency(turn.lang, directory.currency),))
    return await _set(turn, said, directory)


async def _set(turn: Turn, said: str, directory: Directory) -> Answer:
    """The rule kept, or told that it is true already, or asked back for what is unclear."""
    try:
        added = await turn.services.alerts.add(turn.user, said, directory)
    except AmbiguousName as error:
        named = tuple((code, directory.name_of(code)) for code in error.choices)
        return Answer((_which(turn, error.name, named, said),))
    except BadInput as error:
        reason = error.values.get("reason", "")
        if not reason.startswith("alerts."):
            raise
        return Answer((plain(turn.lang, reason, market=turn.profile),))
    if added.already is not None:
        return Answer((already_reply(turn.lang, added.already, added.label),))
    return Answer((set_reply(turn.lang, added.watch, added.level, added.label),))


@on("alerts")
@command("alerts", "your alerts; cancel one")
async def alerts(turn: Turn) -> Answer:
    """The list, after cancelling what a button or the words name."""
    watches = await turn.services.alerts.list(turn.user)
    named = turn.details.get("cancel", "")
    wanted = [named] if named else await _named_in_words(turn, {w.id: w.rule.code for w in watches})
    lead = ""
    if wanted:
        gone = [await turn.services.alerts.cancel(turn.user, each) for each in wanted]
        lead = say(turn.lang, "alerts.cancelled" if any(gone) else "alerts.gone")
        watches = await turn.services.alerts.list(turn.user)
    return Answer((list_reply(turn.lang, watches, lead, turn.profile),))


async def _named_in_words(turn: Turn, codes: dict[str, str]) -> list[str]:
    """For "cancel the LUCK alert": the alerts on the codes that are named, where cancelling is what was said."""
    said = _said(turn)
    if turn.inbound.pressed or not set(words(said)) & _CANCEL:
        return []
    directory = await turn.services.directory()
    mentioned = {mention.code for mention in directory.mentions(said)} - {""}
    return [alert_id for alert_id, code in codes.items() if code in mentioned]


def _which(turn: Turn, name: str, named: tuple[tuple[str, str], ...], said: str) -> Reply:
    """Asks back with the whole rule in each button, as far as it fits into one."""
    reply = did_you_mean(turn.lang, name, named, "alert")
    buttons = []
    for code, title in named:
        press = "alert?" + urlencode({"rule": said.replace(name, code, 1)})
        if len(press) <= _LONGEST_PRESS:
            buttons.append(Button(title, press))
    return Reply(reply.blocks, tuple(buttons))


def _said(turn: Turn) -> str:
    if turn.inbound.pressed:
        return turn.details.get("rule", "")
    return turn.details.get("value", "") if "command" in turn.details else turn.text
