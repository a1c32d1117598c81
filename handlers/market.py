"""Answers prices, news, rates and flows."""

from handlers.registry import on
from handlers.turn import Turn
from services.domain.conversation import Answer
from services.wording import say
from services.wording.layouts.market import ask_which, quote_reply, quotes_reply
from services.wording.layouts.menu import menu_buttons, plain
from services.wording.layouts.money import flows_reply, rates_reply
from services.wording.layouts.news import news_reply

_MOST = 8


@on("quote")
async def quote(turn: Turn) -> Answer:
    """A price, an index level or a NAV in full; several names, one line each; no name asks which."""
    codes = await _codes(turn)
    if not codes:
        return await _ask(turn)
    book = await turn.services.market.book()
    seen = [await turn.services.market.quote(code) for code in codes]
    if len(seen) == 1:
        return Answer((quote_reply(turn.lang, seen[0], book),))
    return Answer((quotes_reply(turn.lang, seen, book),))


@on("news")
async def news(turn: Turn) -> Answer:
    """Announcements of the names asked, else of the user's holdings, else of the whole market."""
    codes = await _codes(turn) or list(turn.user.portfolio.codes[:_MOST])
    book = await turn.services.market.book()
    found = await turn.services.market.news(codes)
    return Answer((news_reply(turn.lang, codes, found.announcements, found.events, book),))


@on("rates")
async def rates(turn: Turn) -> Answer:
    """Currencies, policy rate, inflation; a named one alone."""
    if not turn.profile.economy:
        return _elsewhere(turn)
    names = [name.strip() for name in turn.details.get("names", "").split(",") if name.strip()]
    found = await turn.services.market.rates(names or [turn.text])
    return Answer((rates_reply(turn.lang, found, await turn.services.market.book()),))


@on("flows")
async def flows(turn: Turn) -> Answer:
    """Who bought and sold on the newest day of flows."""
    if not turn.profile.economy:
        return _elsewhere(turn)
    found = await turn.services.market.flows()
    return Answer((flows_reply(turn.lang, found, await turn.services.market.book()),))


def _elsewhere(turn: Turn) -> Answer:
    """A plain no to what this market's data has not, with what can be asked instead."""
    market = say(turn.lang, f"elsewhere.market_{turn.profile.country}")
    return Answer(
        (plain(turn.lang, "elsewhere.economy", buttons=menu_buttons(turn.lang), market_name=market),)
    )


async def _codes(turn: Turn) -> list[str]:
    """The codes of the names asked, once each, at most eight.

    Raises:
        UnknownName: If nothing goes by one of the names.
        AmbiguousName: If several do; the dispatcher asks back.
    """
    names = [name.strip() for name in turn.details.get("names", "").split(",") if name.strip()]
    if not names:
        return []
    directory = await turn.services.directory()
    return list(dict.fromkeys(directory.resolve(name) for name in names))[:_MOST]


async def _ask(turn: Turn) -> Answer:
    held = [(code, code) for code in turn.user.portfolio.codes[:2]]
    market = (await turn.services.market.book()).profile
    reply = ask_which(turn.lang, "quote", [*held, (market.headline, market.headline_name)])
    return Answer((reply,))
