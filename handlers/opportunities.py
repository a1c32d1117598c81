"""Answers "what stands out today": the top three, one screen, one sector, or one share with its small chart."""

from contextlib import suppress

from handlers.registry import on
from handlers.turn import Turn
from services.domain.conversation import Answer
from services.domain.errors import Unavailable
from services.domain.screens import screen_named
from services.wording.layouts import opportunities as layout


@on("opportunities")
async def opportunities(turn: Turn) -> Answer:
    """The shortlist; ``screen`` narrows it to one screen, ``sector`` to one sector, ``names`` asks for one share."""
    await turn.working()
    service, details = turn.services.opportunities, turn.details
    name = screen_named(details.get("screen", ""))
    if details.get("names"):
        return await _one(turn, details["names"].split(",", maxsplit=1)[0])
    if name is not None:
        found = await service.screen(name, turn.user)
    elif turn.sector:
        found = await service.sector(turn.sector, turn.user)
    else:
        found = await service.top(turn.user)
    return Answer((layout.shortlist(found, turn.lang),))


async def _one(turn: Turn, name: str) -> Answer:
    """One share: its chart, which may fail, and what the screens found of it."""
    code = (await turn.services.directory()).resolve(name)
    service = turn.services.opportunities
    outline, found, picture = await service.outline(code), await service.about(code), None
    with suppress(Unavailable):
        picture = await service.picture(code, turn.lang)
    return Answer((layout.chart(outline, found, turn.lang, picture),))
