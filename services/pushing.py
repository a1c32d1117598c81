"""The market's and the sectors' briefs as they are pushed at an hour: short to read, with the long ones a tap away."""

import asyncio
from contextlib import suppress

from services.briefing import Briefings
from services.domain.briefing.brief import Slot
from services.domain.briefing.market import sector_short
from services.domain.briefing.survey import Survey
from services.domain.conversation import Lang, Picture, Reply
from services.domain.errors import NotAvailable, Unavailable
from services.domain.users import User
from services.wording.layouts.briefing import market_digest, sectors_digest
from services.wording.layouts.personal_brief import brief_source, sentence


class Pushes:
    """Composes what everybody is told alike; made once for a book and a language."""

    def __init__(self, briefings: Briefings) -> None:
        self._briefings = briefings
        self._kept: dict[Lang, tuple[str, Reply]] = {}

    async def market(self, user: User, slot: Slot) -> Reply:
        """The market's day in a line a chapter, with its chart if the person likes charts."""
        told = await self._briefings.market(user.preferences.lang, slot)
        picture: Picture | None = None
        if user.preferences.charts:
            with suppress(Unavailable):
                picture = await self._briefings.picture(told)
        return market_digest(told, picture)

    async def sectors(self, user: User) -> Reply:
        """The featured sectors (all, if none is) in a line each.

        Raises:
            NotAvailable: If nothing was quoted in any of them.
        """
        lang = user.preferences.lang
        view = await self._briefings.survey()
        version, reply = self._kept.get(lang, ("", None))
        if reply is None or version != view.book.version:
            reply = await asyncio.to_thread(_sectors, view, lang)
            self._kept[lang] = (view.book.version, reply)
        return reply


def _sectors(view: Survey, lang: Lang) -> Reply:
    featured = view.book.profile.featured or tuple(sector.code for sector in view.sectors)
    lines: dict[str, tuple[str, str]] = {}
    for code in featured:
        with suppress(NotAvailable):
            whole, *shares = sector_short(view, code, view.book.day)
            busiest = sentence(shares[0], lang) if len(shares) > 1 else ""  # the last one is about the form
            lines[code] = (sentence(whole, lang), busiest)
    if not lines:
        raise NotAvailable(f"no sector has a quoted share on {view.book.day}", what="sectors")
    return sectors_digest(lang, view.book, lines, brief_source(view.book, lang))
