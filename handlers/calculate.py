"""Sums with amounts of money. The reply is sealed; the amount is in no session, log or prompt."""

from decimal import Decimal, InvalidOperation

from handlers.registry import command, on, step
from handlers.turn import Turn
from services.domain.amounts import currencies, find
from services.domain.calculation import Kind, asked_for, calculate
from services.domain.conversation import Answer, Button
from services.domain.errors import AmbiguousName, NothingHeld
from services.domain.instruments import Directory
from services.domain.intents import Understanding
from services.domain.letters import words
from services.domain.portfolio import Holding, Portfolio, balanced
from services.domain.quantities import opened, quantities
from services.wording.layouts.calculate import sum_reply
from services.wording.layouts.menu import menu_buttons, plain
from services.wording.layouts.money import other_currency

AMOUNT = "calculate.amount"
_OWN_SUMS = frozenset({"zakat", "gains_tax", "dividend_tax"})
_KINDS: dict[str, Kind] = {
    "exposure": "exposure", "fees": "fees", "dividend": "dividend", "zakat": "zakat", "gains_tax": "gains_tax",
    "dividend_tax": "dividend_tax",
}  # fmt: skip


@on("calculate")
@command(
    "calculate", "a sum with rupees: exposure, fees, dividend, zakat, tax", usage="/calculate zakat on 5 lakh"
)
async def calculate_sum(turn: Turn) -> Answer:
    """The sum that the words ask for, over the named instruments or the user's own mix."""
    said = turn.details.get("value", "") if "command" in turn.details else turn.text
    kind = _KINDS.get(turn.details.get("kind", "")) or asked_for(said)
    if kind not in turn.profile.sums:
        return Answer((plain(turn.lang, "elsewhere.sum", buttons=menu_buttons(turn.lang)),))
    try:
        codes = await _codes(turn, said)
    except AmbiguousName as error:
        return await _which(turn, kind, error)
    return await _answered(turn, kind, said, codes)


async def again_amount(turn: Turn) -> Answer:
    """The question for the amount once more; the session remembers the kind of sum and the names, never an amount."""
    return Answer((plain(turn.lang, "calculate.ask", market=turn.profile),), AMOUNT, turn.session.memo)


def _is_amount(turn: Turn, meaning: Understanding | None) -> bool:
    return bool(find(turn.text)) or (len(words(turn.text)) <= 3 and bool(quantities(opened(turn.text))))


@step(AMOUNT, fits=_is_amount, again=again_amount)
async def amount_given(turn: Turn) -> Answer:
    """The amount that was asked for; "back" leaves the sum."""
    if "back" in turn.details:
        return Answer((plain(turn.lang, "portfolio.kept"),))
    kind = _KINDS.get(turn.session.memo.get("kind", "")) or "exposure"
    codes = [code for code in turn.session.memo.get("names", "").split(",") if code]
    return await _answered(turn, kind, turn.text, codes)


async def _answered(turn: Turn, kind: Kind, said: str, codes: list[str]) -> Answer:
    directory = await turn.services.directory()
    amount = _amount(turn, said, directory)
    asked = {"kind": kind, "names": ",".join(codes)}
    if amount is None:
        return Answer((plain(turn.lang, "calculate.ask", market=turn.profile),), AMOUNT, asked)
    if currencies(said) - {directory.currency}:
        return Answer((other_currency(turn.lang, directory.currency),), AMOUNT, asked)
    portfolio = _mix(turn, kind, codes)
    book = await turn.services.market.book()
    try:
        found = calculate(kind, amount, portfolio, book)
    except ValueError:
        return Answer((plain(turn.lang, "calculate.bad_amount", market=turn.profile),))
    name = directory.name_of(codes[0]) if len(codes) == 1 else ", ".join(codes)
    return Answer((sum_reply(turn.lang, found, book.label, name),))


def _mix(turn: Turn, kind: Kind, codes: list[str]) -> Portfolio:
    """What the amount stands in: the names, equally, else what the user holds."""
    if kind in _OWN_SUMS:
        return Portfolio()
    if codes:
        return balanced(tuple(Holding(code, Decimal(1)) for code in codes))
    if not turn.user.portfolio.holdings:
        raise NothingHeld("the sum needs holdings: name them first")
    return turn.user.portfolio


async def _which(turn: Turn, kind: Kind, error: AmbiguousName) -> Answer:
    """Asks which one is meant; the amount is asked again after that, for it is kept nowhere."""
    directory = await turn.services.directory()
    buttons = tuple(
        Button(directory.name_of(code), f"calculate?kind={kind}&names={code}") for code in error.choices
    )
    reply = plain(turn.lang, "menu.did_you_mean", buttons=buttons, name=error.name)
    return Answer((reply,))


async def _codes(turn: Turn, said: str) -> list[str]:
    """The instruments named that can be held.

    Raises:
        AmbiguousName: If a name fits several.
        UnknownName: If a name given with the turn is none.
    """
    directory = await turn.services.directory()
    if turn.inbound.pressed:
        names = [name for name in turn.details.get("names", "").split(",") if name]
    else:
        names = [mention.name for mention in directory.mentions(said)]
    codes = dict.fromkeys(directory.resolve(name) for name in names)
    return [code for code in codes if directory.holdable(code)]


def _amount(turn: Turn, said: str, directory: Directory) -> Decimal | None:
    """The first rupee amount; a small bare number counts too, for nobody names anything else in a sum."""
    named = tuple((m.start, m.end) for m in directory.mentions(said))
    outside = list(said)
    for start, end in named:
        outside[start:end] = " " * (end - start)
    rest = "".join(outside)
    amounts = find(rest)
    if amounts:
        return amounts[0]
    bare = [q.value for q in quantities(opened(rest)) if q.unit in {"bare", "amount"} and not q.signed]
    if bare:
        return bare[0]
    try:
        return Decimal(turn.details.get("amounts", "").split(",")[0])
    except InvalidOperation:
        return None
