"""The pictures of the long briefs: the day's sectors against the index, or a sector's shares against it."""

from services.domain.briefing.overview import index_move
from services.domain.briefing.points import short_name
from services.domain.briefing.survey import Survey
from services.domain.briefing.technicals import LEAST_ROWS
from services.domain.conversation import Lang
from services.domain.market import Fact
from services.domain.pictures import Bar, DayPicture
from services.wording import numbers
from services.wording.layouts.personal_brief import source_line
from services.wording.sentences import catalog, say

EACH_END = 4  # sectors shown from the top and from the bottom
MOST_SHARES = 8

Drawn = tuple[DayPicture | None, tuple[Fact, ...]]


def market_picture(view: Survey, lang: Lang) -> Drawn:
    """The headline index and the KSE-30, then the best and the weakest sectors of the day; with the facts that are drawn."""
    levels = [view.book.indices[code] for code in (view.head, "KSE30") if code in view.book.indices]
    heads = [(view.book.index_names.get(level.code, level.code), index_move(view, level)) for level in levels]
    # A single share is no sector: its move would stand for nobody but itself.
    groups = [sector for sector in view.sectors if len(sector.rows) >= LEAST_ROWS]
    ranked = sorted(groups, key=lambda sector: -sector.move.value)
    ends = ranked if len(ranked) <= 2 * EACH_END else [*ranked[:EACH_END], *ranked[-EACH_END:]]
    rows = [(_sector(sector.code, sector.name, lang), sector.move) for sector in ends]
    return _drawn(say(lang, "briefing.market_chart"), [*heads, *rows], view, lang)


def sector_picture(view: Survey, code: str, lang: Lang) -> Drawn:
    """The sector's average and the headline index, then its most traded shares, best first; with the facts drawn; None if it was not traded."""
    sector = next((one for one in view.sectors if one.code == code), None)
    if sector is None:
        return None, ()
    name = _sector(code, sector.name, lang)
    heads = [(name, sector.move), (view.head_name, index_move(view, view.index))]
    largest = sorted(sector.rows, key=lambda row: -row.value.value)[:MOST_SHARES]
    rows = [(short_name(row.share), row.move) for row in sorted(largest, key=lambda row: -row.move.value)]
    return _drawn(say(lang, "briefing.sector_chart", sector=name), [*heads, *rows], view, lang)


def _drawn(title: str, lines: list[tuple[str, Fact]], view: Survey, lang: Lang) -> Drawn:
    picture = DayPicture(
        title=title,
        subtitle=numbers.day(view.book.day),
        moves=tuple(Bar(label, float(fact.value)) for label, fact in lines),
        footer=source_line(view.book, lang).removesuffix(" · /about"),
        lang=lang,
    )
    return picture, tuple(fact for _, fact in lines)


def _sector(code: str, name: str, lang: Lang) -> str:
    """The short name of a sector in the language; the book's own where we have none."""
    key = f"sector.{code}"
    return say(lang, key) if key in catalog() else name[:1].upper() + name[1:]
