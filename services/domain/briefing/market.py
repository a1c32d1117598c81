"""The market brief's five sections, and the few points of its short form."""

from datetime import date

from services.domain.briefing.movers import movers
from services.domain.briefing.news import news
from services.domain.briefing.outlook import outlook
from services.domain.briefing.overview import overview
from services.domain.briefing.points import Point
from services.domain.briefing.script import market_points
from services.domain.briefing.sector import sector_outline
from services.domain.briefing.survey import Survey
from services.domain.briefing.technicals import technicals
from services.domain.errors import UnknownName

__all__ = ["find_sector", "market_outline", "market_short", "sector_outline", "sector_short"]


def market_outline(view: Survey, today: date) -> tuple[tuple[str, tuple[Point, ...]], ...]:
    """Five sections, each a name and its points in the order of telling; the calendar counts from ``today``."""
    return (
        ("overview", overview(view)),
        ("movers", movers(view)),
        ("news", news(view)),
        ("technicals", technicals(view)),
        ("outlook", outlook(view, today)),
    )


def market_short(view: Survey) -> tuple[Point, ...]:
    """The market's day in about seven sentences that exist in every language."""
    return (*market_points(view), Point("briefing.short_only"))


def sector_short(view: Survey, code: str, today: date) -> tuple[Point, ...]:
    """A sector's day as its average and its busiest shares, in sentences that exist in every language.

    Raises:
        NotAvailable: If none of the sector's shares was quoted on the book's day.
    """
    sector_outline(view, code, today)
    sector = next(s for s in view.sectors if s.code == code)
    busy = sorted(sector.rows, key=lambda row: -row.value.value)[:6]
    shares = (Point("briefing.say_share", {"move": r.move, "price": r.price}, {"name": r.name}) for r in busy)
    whole = Point(
        "briefing.say_fund", {"move": sector.move}, {"name": sector.name[:1].upper() + sector.name[1:]}
    )
    return (whole, *shares, Point("briefing.short_only"))


def find_sector(view: Survey, text: str) -> str:
    """The code of the sector that somebody means by a code or by words ("banks", "cement").

    Of several that fit, the one with the most covered shares is taken.

    Raises:
        UnknownName: If nothing fits.
    """
    wanted = text.strip().lower()
    by_code = {sector.code.lower(): sector.code for sector in view.sectors}
    if wanted in by_code:
        return by_code[wanted]
    stems = [
        word.rstrip("s")
        for word in wanted.replace("&", " ").split()
        if len(word) > 2 and word not in _FILLERS
    ]
    fits = [
        (
            sum(any(part.startswith(stem) for part in sector.name.split()) for stem in stems),
            len(sector.rows),
            sector.code,
        )
        for sector in view.sectors
    ]
    hits, _, code = max(fits, default=(0, 0, ""))
    if not hits:
        raise UnknownName(
            f"no sector goes by {wanted[:40]!r}; the sectors are {sorted(s.name for s in view.sectors)}",
            name=text,
        )
    return code


_FILLERS = frozenset(("and", "the", "sector", "brief", "shoba", "companies"))
