"""Market and sector briefs in words: five chapters in English, and a short honest form in Urdu and Roman Urdu."""

from collections.abc import Sequence

from services.domain.briefing.brief import Brief, Chapter, Scope, Slot
from services.domain.briefing.points import Point
from services.domain.briefing.survey import Survey
from services.domain.conversation import Lang
from services.wording import say
from services.wording.layouts import market_lines, sector_lines
from services.wording.layouts.brief_pictures import market_picture, sector_picture
from services.wording.layouts.figures import fill
from services.wording.layouts.fitting import Said, aloud, pack, sound, words
from services.wording.layouts.personal_brief import brief_source, days_of, facts_of, sentence

LINES = market_lines.LINES | sector_lines.LINES
MOST_WORDS: dict[Scope, int] = {"market": 340, "sector": 170, "personal": 0}
"""Written words of a chapter; five of them make 1,500 to 1,700 and 750 to 850."""
_MOST_ALOUD: dict[Scope, int] = {"market": 2310, "sector": 1290, "personal": 0}
"""Spoken letters of a chapter: what a voice says in two minutes, or in one, when it is brisk."""
_LEADS = (
    "overview.index", "overview.no_index", "movers.gain0", "news.marked", "news.policy", "sectors.best0", "outlook.company0", "outlook.event0",
    "sector.day", "sector.day_fund", "sector.share0", "sector.marked", "sector.fund_past", "sector.month", "sector.pe",
)  # fmt: skip

Section = tuple[str, tuple[Point, ...]]


def long_brief(
    scope: Scope, title: str, sections: Sequence[Section], view: Survey, slot: Slot, version: str
) -> Brief:
    """The English long form: each section one chapter, cut to its measure, every figure with its fact."""
    limits = ((MOST_WORDS[scope], words), (_MOST_ALOUD[scope], aloud))
    fitted = [(name, pack(sound(map(_said, points), view.names), limits)) for name, points in sections]
    chapters = tuple(_chapter(name, said) for name, said in fitted if said)
    points = [one.point for _, said in fitted for one in said]
    return _brief(scope, "en", title, chapters, points, (view, slot, version))


def short_brief(
    scope: Scope, title: str, points: Sequence[Point], about: tuple[Survey, Slot, str], lang: Lang
) -> Brief:
    """The short form in any language; it says that the long one is English. ``about`` is survey, slot and version."""
    said = sound(
        (Said(point, sentence(point, lang, about[0].book.profile)) for point in points), about[0].names
    )
    sentences = tuple(one.text for one in said)
    chapter = Chapter(title.strip("*"), sentences[0], sentences)
    return _brief(scope, lang, title, (chapter,), [one.point for one in said], about)


def _brief(
    scope: Scope,
    lang: Lang,
    title: str,
    chapters: tuple[Chapter, ...],
    points: Sequence[Point],
    about: tuple[Survey, Slot, str],
) -> Brief:
    view, slot, version = about
    code = version.rpartition("|")[2]
    picture, drawn = market_picture(view, lang) if scope == "market" else sector_picture(view, code, lang)
    parts = [f"*{c.title}*\n{c.text}" for c in chapters] if len(chapters) > 1 else [c.text for c in chapters]
    return Brief(
        scope=scope,
        lang=lang,
        slot=slot,
        text="\n\n".join([title, *parts]),
        chapters=chapters,
        picture=picture,
        facts=tuple({fact.id: fact for fact in (*facts_of(points), *drawn)}.values()),
        days=days_of(points) | {view.book.day},
        names=view.names,
        one_line=False,
        version=version,
        source=brief_source(view.book, lang),
    )


def _said(point: Point) -> Said:
    return Said(point, fill(LINES[point.kind], point, "en"))


def _chapter(name: str, said: Sequence[Said]) -> Chapter:
    lead = next((one.text for one in said if one.point.kind in _LEADS), said[0].text)
    return Chapter(say("en", f"briefing.chapter_{name}"), lead, tuple(one.text for one in said))
