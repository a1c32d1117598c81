"""The user's own list: shown, added to, taken from, replaced. Ambiguous names are asked back; every change can be undone."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from handlers.registry import STEPS, command, on
from handlers.turn import Turn
from services.domain.conversation import Answer, Button, Reply, Text
from services.domain.errors import BadInput, NothingHeld, UnknownName
from services.domain.holdings import HoldingsReading, read_holdings, read_list
from services.domain.instruments import Directory
from services.domain.letters import words
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import User
from services.wording import say
from services.wording.layouts.menu import plain
from services.wording.layouts.portfolio import portfolio_reply, press, reading_notes, which_of

REPLACE, HOLDINGS = "portfolio.replace", "onboarding.holdings"
_ALL = frozenset(words("all everything sab sara saara tamam poora clear khali سب تمام ساری پوری خالی"))
_ROUNDING = Decimal("0.5")

Addition = tuple[str, Decimal | None]


@on("portfolio")
@command("portfolio", "the list of what you hold")
async def portfolio(turn: Turn) -> Answer:
    """The list; a whole list typed with its weights is offered as the new one."""
    directory = await turn.services.directory()
    if not turn.inbound.pressed:
        reading = read_list(_said(turn), directory)
        if len(reading.holdings) > 1 and "equal_weights" not in reading.problems:
            return await _ask_replace(turn, reading)
    if not turn.user.portfolio.holdings:
        raise NothingHeld("no holdings yet: name them, with percents if you like")
    return Answer((portfolio_reply(turn.lang, turn.user.portfolio, directory, market=turn.profile),))


@on("add_holding")
@command("add", "add a share or fund, or change its weight", usage="/add NAME PERCENT")
async def add_holding(turn: Turn) -> Answer:
    """Adds what is certain, asks back what is not; with no list yet, the words are the list."""
    directory = await turn.services.directory()
    reading = _pressed_reading(turn, directory) or read_list(_said(turn), directory)
    if not turn.user.portfolio.holdings and reading.holdings and not reading.ambiguous:
        user = await turn.services.portfolios.set(turn.user, Portfolio(reading.holdings))
        return _shown(turn, user, directory, reading_notes(turn.lang, reading))
    if len(reading.holdings) > 1 and _is_whole(reading) and not turn.inbound.pressed:
        return await _ask_replace(turn, reading)
    asked = _asked_back(turn, reading, directory, "add_holding")
    if not reading.asked:
        if asked:
            return Answer(asked)
        near = _near(turn, reading, directory)
        return near or Answer((plain(turn.lang, "portfolio.add_which", market=turn.profile),))
    answer = await _added(turn, reading, directory)
    return replace(answer, replies=(*answer.replies, *asked))


@on("remove_holding")
@command("remove", "take a share or fund out of your list", usage="/remove NAME")
async def remove_holding(turn: Turn) -> Answer:
    """Takes out what is named, says so, and offers the way back."""
    held = turn.user.portfolio
    if not held.holdings:
        raise NothingHeld("no holdings yet, so none can be removed")
    directory = await turn.services.directory()
    if turn.details.get("all") == "yes":
        user = await turn.services.portfolios.clear(turn.user)
        return _shown(turn, user, directory, say(turn.lang, "portfolio.cleared"), _undo(held.holdings))
    reading = _pressed_reading(turn, directory) or read_holdings(_said(turn), directory)
    codes = [code for code, _ in reading.asked] + _held_choices(reading, held)
    if codes:
        return await _removed(turn, codes, directory)
    return _removal_unclear(turn, reading, directory)


def _removal_unclear(turn: Turn, reading: HoldingsReading, directory: Directory) -> Answer:
    """All of them, one of several, one that is not there, or none named: never a guess."""
    if set(words(_said(turn))) & _ALL:
        return _ask_clear(turn)
    asked = _asked_back(turn, reading, directory, "remove_holding")
    if asked:
        return Answer(asked)
    if reading.unknown:
        lead = say(turn.lang, "portfolio.not_held", names=f"“{reading.unknown[0]}”")
        return _shown(turn, turn.user, directory, lead)
    return _ask_which(turn, directory)


async def _added(turn: Turn, reading: HoldingsReading, directory: Directory) -> Answer:
    before = {h.code: h for h in turn.user.portfolio.holdings}
    additions = _additions(reading)
    fresh = [code for code, _ in additions if code not in before]
    changed = [code for code, weight in additions if code in before and weight is not None]
    if not fresh and not changed:
        code = additions[0][0]
        lead = say(turn.lang, "portfolio.unchanged", names=directory.name_of(code), code=code)
        return _shown(turn, turn.user, directory, lead)
    user = await _tried(turn, additions)
    if isinstance(user, Answer):
        return user
    lines = [
        say(turn.lang, f"portfolio.{key}", names=_names(codes, directory))
        for key, codes in (("added", fresh), ("updated", changed))
        if codes
    ]
    lines += _equal_part(turn, reading, fresh)
    notes = reading_notes(turn.lang, replace(reading, problems=_telling(reading)))
    undo = press("remove_holding", [Holding(c, Decimal(0)) for c in fresh]) if fresh and not changed else ""
    if changed and not fresh:
        undo = press("add_holding", [before[c] for c in changed], weights=True) if len(before) > 1 else ""
    return _shown(turn, user, directory, "\n".join(filter(None, (*lines, notes))), undo)


def _equal_part(turn: Turn, reading: HoldingsReading, fresh: Sequence[str]) -> list[str]:
    """That nobody gave the weight that stands there now; an amount or a number of shares gives none beside percents."""
    bare = [code for code, weight in reading.asked if weight is None and code in fresh]
    if not bare:
        return []
    counted = {"amounts_used", "counts_used"} & set(reading.problems)
    return [say(turn.lang, f"portfolio.{'unweighed' if counted else 'equal_part'}", code=bare[0])]


async def _tried(turn: Turn, additions: Sequence[Addition]) -> User | Answer:
    """The changed user, or the reason in the user's language why the weights cannot be."""
    try:
        return await turn.services.portfolios.add(turn.user, additions)
    except BadInput as error:
        reason = error.values.get("reason", "")
        if not reason.startswith("portfolio."):
            raise
        return Answer((plain(turn.lang, "error.bad_input", reason=say(turn.lang, reason)),))


async def _removed(turn: Turn, codes: Sequence[str], directory: Directory) -> Answer:
    held = turn.user.portfolio
    gone = [h for h in held.holdings if h.code in set(codes)]
    if not gone:
        lead = say(turn.lang, "portfolio.not_held", names=_names(dict.fromkeys(codes), directory))
        return _shown(turn, turn.user, directory, lead)
    user = await turn.services.portfolios.remove(turn.user, [h.code for h in gone])
    key = "portfolio.removed" if user.portfolio.holdings else "portfolio.removed_last"
    lead = say(turn.lang, key, names=_names([h.code for h in gone], directory))
    return _shown(turn, user, directory, lead, _undo(gone))


def _undo(gone: Sequence[Holding]) -> str:
    """Adding back at the old weight takes from the others exactly what they were given."""
    return press("add_holding", gone, weights=True)


def _is_whole(reading: HoldingsReading) -> bool:
    """Whether the percents add up to the whole: then it is a new list, not an addition."""
    return reading.total is not None and abs(reading.total - 100) <= _ROUNDING


def _additions(reading: HoldingsReading) -> list[Addition]:
    """Codes with the percents typed for them; a name that stands twice is added up."""
    summed: dict[str, Decimal | None] = {}
    for code, weight in reading.asked:
        known = summed.get(code)
        summed[code] = weight if known is None else known + (weight or 0)
    return list(summed.items())


def _telling(reading: HoldingsReading) -> tuple[str, ...]:
    """Of the notes on a whole list those that matter for an addition."""
    about_a_list = {"equal_weights", "weights_sum", "no_room", "some_without", "amounts_used", "counts_used"}
    return tuple(p for p in reading.problems if p not in about_a_list)


def _held_choices(reading: HoldingsReading, held: Portfolio) -> list[str]:
    """For "remove Meezan": where only one of the names it fits is held, that one is meant."""
    certain = []
    for _, choices in reading.ambiguous:
        mine = [code for code in choices if code in held.codes]
        certain += mine if len(mine) == 1 else []
    return certain


def _pressed_reading(turn: Turn, directory: Directory) -> HoldingsReading | None:
    """A button's names and weights (percent), taken as they are; None for typed words."""
    if not turn.inbound.pressed:
        return None
    codes = [c for c in turn.details.get("names", "").split(",") if c]
    held = [code for code in codes if directory.name_of(code) != code or directory.holdable(code)]
    weights: list[Decimal | None] = [None] * len(held)
    given = turn.details.get("weights", "").split(",")
    if len(given) == len(codes) == len(held):
        weights = [_fraction(part) for part in given]
    if not held:
        return HoldingsReading()
    asked = tuple(zip(held, weights, strict=True))
    whole = tuple(Holding(code, weight or Decimal(1)) for code, weight in asked)
    return HoldingsReading(holdings=whole, asked=asked)


def _fraction(percent: str) -> Decimal | None:
    try:
        value = Decimal(percent) / 100
    except InvalidOperation:
        return None
    return value if value.is_finite() and value > 0 else None


def _asked_back(turn: Turn, reading: HoldingsReading, directory: Directory, intent: str) -> tuple[Reply, ...]:
    """One question for each name that fits several, at most two at a time."""
    weights = _typed_weights(reading)
    replies = []
    for raw, choices in reading.ambiguous[:2]:
        mine = [c for c in choices if intent == "remove_holding" and c in turn.user.portfolio.codes]
        named = [(code, directory.name_of(code)) for code in mine or choices]
        replies.append(which_of(turn.lang, raw, named, intent, weights.get(raw)))
    return tuple(replies)


def _typed_weights(reading: HoldingsReading) -> dict[str, Decimal]:
    """The fractions typed with unclear names, from the restated list, where percents were typed at all."""
    if reading.total is None:
        return {}
    found = {}
    for piece in reading.restated.split(", "):
        raw, _, weight = piece.rpartition(" ")
        fraction = _fraction(weight.rstrip("%"))
        if fraction is not None:
            found[raw] = fraction * reading.total / 100
    return found


def _near(turn: Turn, reading: HoldingsReading, directory: Directory) -> Answer | None:
    """For a name that is unknown, what comes near it as buttons; None if nothing unknown was named.

    Raises:
        UnknownName: If nothing comes near.
    """
    if not reading.unknown:
        return None
    name = reading.unknown[0]
    codes = [code for code in directory.suggest(name) if directory.holdable(code)]
    if not codes:
        raise UnknownName(f"no share or fund is called {name!r}", name=name)
    weight = _typed_weights(reading).get(name)
    asked = which_of(
        turn.lang, name, [(code, directory.name_of(code)) for code in codes], "add_holding", weight
    )
    return Answer((replace(asked, blocks=(Text(say(turn.lang, "portfolio.near", name=name)),)),))


async def _ask_replace(turn: Turn, reading: HoldingsReading) -> Answer:
    """Whether a whole list shall take the place of the old one: the step of that question asks and keeps it."""
    kept = ", ".join(f"{h.code} {round(100 * h.weight, 6).normalize():f}%" for h in reading.holdings)
    memo = {"list": kept, "notes": reading_notes(turn.lang, reading)}
    return await STEPS[REPLACE].again(turn.remembering(memo))


def _ask_clear(turn: Turn) -> Answer:
    buttons = (
        Button(say(turn.lang, "portfolio.clear_yes"), "remove_holding?all=yes"),
        Button(say(turn.lang, "portfolio.keep"), "portfolio"),
    )
    return Answer(
        (
            plain(
                turn.lang,
                "portfolio.clear_sure",
                buttons=buttons,
                count=str(len(turn.user.portfolio.holdings)),
            ),
        )
    )


def _ask_which(turn: Turn, directory: Directory) -> Answer:
    held = turn.user.portfolio.holdings[:10]
    buttons = tuple(Button(directory.name_of(h.code), press("remove_holding", (h,))) for h in held)
    return Answer((plain(turn.lang, "portfolio.remove_which", buttons=buttons),))


def _shown(turn: Turn, user: User, directory: Directory, lead: str, undo: str = "") -> Answer:
    if not user.portfolio.holdings:
        back = (Button(say(turn.lang, "portfolio.undo"), undo),) if undo else ()
        return Answer((Reply((Text(lead),), back),), HOLDINGS)  # the next message may be the new list
    return Answer((portfolio_reply(turn.lang, user.portfolio, directory, lead, undo, market=turn.profile),))


def _names(codes: Sequence[str] | dict[str, None], directory: Directory) -> str:
    return ", ".join(directory.name_of(code) for code in codes)


def _said(turn: Turn) -> str:
    """The words: of a command what stands behind it, else the message."""
    return turn.details.get("value", "") if "command" in turn.details else turn.text
