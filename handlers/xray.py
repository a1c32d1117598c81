"""Answers "X-Ray": of the user's own holdings, of one named share or fund, or of a list typed on the spot."""

from contextlib import suppress
from decimal import Decimal, InvalidOperation

from handlers.registry import on
from handlers.turn import Turn
from services.domain.conversation import Answer, MediaRef
from services.domain.errors import MarketByteError, NothingHeld
from services.domain.holdings import read_list
from services.domain.instruments import Directory
from services.domain.portfolio import Holding, Portfolio, balanced
from services.domain.xray import XRay
from services.wording.layouts import xray as layout


@on("xray")
async def xray(turn: Turn) -> Answer:
    """The X-Ray with its picture; with ``part=rules`` all the checks instead."""
    await turn.working()
    portfolio, subject = await _wanted(turn)
    found = await turn.services.xrays.of(portfolio)
    if turn.details.get("part") == "rules":
        return Answer((layout.checks(found, turn.lang, subject),))
    picture = await _picture(turn, found, subject.title)
    return Answer((layout.overview(found, turn.lang, subject, picture),))


async def _wanted(turn: Turn) -> tuple[Portfolio, layout.Subject]:
    names = [name.strip() for name in turn.details.get("names", "").split(",") if name.strip()]
    if names:
        directory = await turn.services.directory()
        codes = list(dict.fromkeys(directory.resolve(name) for name in names))
        weights = _weights(turn, codes, directory)
        portfolio = balanced(
            tuple(Holding(c, w) for c, w in zip(codes, weights or [Decimal(1)] * len(codes), strict=True))
        )
        return portfolio, layout.typed(
            turn.lang, portfolio, directory.name_of(codes[0]), equal=weights is None
        )
    if not turn.user.portfolio.holdings:
        raise NothingHeld("no holdings yet: name them, with percents if you like")
    return turn.user.portfolio, layout.own(turn.lang)


def _weights(turn: Turn, codes: list[str], directory: Directory) -> list[Decimal] | None:
    """Weights in the order of the codes: from a button, else as the holdings reader reads the text; None for equal."""
    with suppress(InvalidOperation):
        given = [Decimal(part) for part in turn.details.get("weights", "").split(",")]
        if len(given) == len(codes) and all(part.is_finite() and part > 0 for part in given):
            return given
    read = (
        {} if turn.inbound.pressed else {h.code: h.weight for h in read_list(turn.text, directory).holdings}
    )
    if set(read) != set(codes) or len(set(read.values())) == 1:
        return None
    return [read[code] for code in codes]


async def _picture(turn: Turn, found: XRay, title: str) -> MediaRef | None:
    """The picture if the user wants charts; the words go out even if it cannot be drawn."""
    if turn.user.preferences.charts:
        with suppress(MarketByteError):
            return await turn.services.xrays.picture(found, turn.lang, title)
    return None
