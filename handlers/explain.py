"""Answers "why": a share, a fund, an index, or the user's own day."""

from handlers.registry import on
from handlers.turn import Turn
from services.domain.conversation import Answer
from services.wording.layouts.explain import explain_reply, portfolio_reply


@on("explain")
async def explain(turn: Turn) -> Answer:
    """The facts beside a move; without a name the user's own holdings, for a stranger the headline index.

    Raises:
        UnknownName: If nothing goes by the name.
        AmbiguousName: If several do; the dispatcher asks back.
    """
    market = turn.services.market
    book = await market.book()
    names = [name.strip() for name in turn.details.get("names", "").split(",") if name.strip()]
    if not names and turn.user.portfolio.holdings:
        return Answer((portfolio_reply(turn.lang, await market.today(turn.user.portfolio), book),))
    directory = await turn.services.directory()
    codes = list(dict.fromkeys(directory.resolve(name) for name in names)) or [book.profile.headline]
    replies = [explain_reply(turn.lang, await market.explain(code), book) for code in codes[:3]]
    return Answer(tuple(replies))
