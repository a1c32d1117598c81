"""The pictures of the long briefs: the day's sectors against the index, or a sector's shares against it."""

import math
from collections.abc import Sequence

from services.domain.briefing.overview import index_move, is_fresh
from services.domain.briefing.points import short_name
from services.domain.briefing.survey import Survey
from services.domain.conversation import Lang
from services.domain.market import Fact
from services.domain.pictures import Bar, DayPicture
from services.wording import numbers
from services.wording.layouts.personal_brief import source_line
from services.wording.sentences import catalog, say

EACH_END = 4  # sectors shown from the top and from the bottom
MOST_SHARES = 8

Drawn = tuple[DayPicture | None, tuple[Fact, ...]]
Line = tuple[str, Fact | None]


def market_picture(view: Survey, lang: Lang) -> Drawn:
    """The headline index and its first sibling, then the best and the weakest sectors of the day; with the facts that are drawn."""
    heads = [_index(view, code) for code in (view.head, *view.book.profile.siblings[:1])]
    groups = [sector for sector in view.sectors if sector.compared]
    ranked = sorted(groups, key=lambda sector: -sector.move.value)
    ends = ranked if len(ranked) <= 2 * EACH_END else [*ranked[:EACH_END], *ranked[-EACH_END:]]
    rows = [(_sector(sector.code, sector.name, lang), sector.move) for sector in ends]
    return _drawn(say(lang, "briefing.market_chart"), [*heads, *rows], view, lang)


def sector_picture(view: Survey, code: str, lang: Lang) -> Drawn:
    """The sector's average (or fund) and the headline index, then its most traded shares, best first; with the facts drawn; None if it was not traded."""
    sector = next((one for one in view.sectors if one.code == code), None)
    if sector is None:
        return None, ()
    name = _sector(code, sector.name, lang)
    heads = [(name, sector.move), (view.head_name, _index(view, view.head)[1])]
    largest = sorted(sector.rows, key=lambda row: -row.value.value)[:MOST_SHARES]
    rows = [(short_name(row.share), row.move) for row in sorted(largest, key=lambda row: -row.move.value)]
    return _drawn(say(lang, "briefing.sector_chart", sector=name), [*heads, *rows], view, lang)


def _index(view: Survey, code: str) -> Line:
    """An index with its move of the day; one that is not known yet keeps its place: the chart shows a dash for it."""
    level = view.book.indices.get(code)
    name = view.book.index_names.get(code, view.book.profile.indices[code])
    return name, index_move(view, level) if level is not None and is_fresh(view, level) else None


def _drawn(title: str, lines: Sequence[Line], view: Survey, lang: Lang) -> Drawn:
    picture = DayPicture(
        title=title,
        subtitle=numbers.day(view.book.day),
        moves=tuple(Bar(label, math.nan if fact is None else float(fact.value)) for label, fact in lines),
        footer=source_line(view.book, lang).removesuffix(" · /about"),
        lang=lang,
    )
    return picture, tuple(fact for _, fact in lines if fact is not None)


def _sector(code: str, name: str, lang: Lang) -> str:
    """The short name of a sector in the language; the book's own where we have none."""
    key = f"sector.{code}"
    return say(lang, key) if key in catalog() else name[:1].upper() + name[1:]
