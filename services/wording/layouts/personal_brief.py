"""The personal brief in words: at most 900 characters for the eye, about a minute for the ear, and its chart."""

import math
from collections.abc import Iterable, Sequence
from datetime import date

from services.domain.briefing.brief import Brief, Chapter, Slot
from services.domain.briefing.personal import PersonalOutline
from services.domain.briefing.points import Point
from services.domain.briefing.survey import Survey
from services.domain.conversation import Lang
from services.domain.market import Fact, MarketBook
from services.domain.pictures import Bar, DayPicture
from services.domain.profiles import PSX, Profile
from services.wording import numbers, say, say_of
from services.wording.layouts import market
from services.wording.layouts.figures import fill, listed, tongue
from services.wording.layouts.fitting import Said, fit, letters, sound, words
from services.wording.layouts.freshness import stale_line
from services.wording.sentences import catalog

MOST_LETTERS = 900
MOST_SPOKEN = 178
"""Written words of the spoken script: about 19 % are added when figures are spelled out (VOICE.md section 2)."""
MOST_BARS = 6
_DUE = (
    ("monetary policy", "due_policy"),
    ("Interest Rate Decision", "due_policy"),
    ("closed for", "due_closed"),
    ("book closure", "due_books"),
)


def personal_brief(
    outline: PersonalOutline,
    script: Sequence[Point],
    view: Survey,
    lang: Lang,
    slot: Slot,
    *,
    asked: bool = False,
) -> Brief:
    """Lay an outline out.

    Args:
        outline: The chosen facts.
        script: The points for the ear.
        view: The market they are of.
        lang: The language of all words.
        slot: Which brief of the day.
        asked: They asked for it, so it is told in full even if nothing is new.
    """
    one_line, book, names = not (outline.is_new or asked), view.book, view.names
    own = book.profile
    source = brief_source(book, lang)
    shown: tuple[Said, ...] = (_said(outline.quiet, lang, own),)
    if not one_line:
        room = MOST_LETTERS - letters(source) - letters(say(lang, f"briefing.title_{slot}"))
        shown = fit(sound((_said(point, lang, own) for point in outline.points), names), room, letters)
    heard = (
        shown
        if one_line
        else fit(sound((_said(point, lang, own) for point in script), names), MOST_SPOKEN, words)
    )
    title = [] if one_line else [say(lang, f"briefing.title_{slot}")]
    points = [one.point for one in (*shown, *heard)]
    return Brief(
        scope="personal",
        lang=lang,
        slot=slot,
        text="\n".join([*title, *(one.text for one in shown)]),
        chapters=(
            Chapter(
                _bare(say(lang, f"briefing.title_{slot}")), shown[0].text, tuple(one.text for one in heard)
            ),
        ),
        picture=None if one_line else day_picture(outline, book, lang),
        facts=facts_of(points),
        days=days_of(points) | {book.day},
        names=names,
        one_line=one_line,
        version=outline.version,
        source=source,
    )


def source_line(book: MarketBook, lang: Lang) -> str:
    """The line under a brief: what the figures are, of when, and that they are no advice."""
    if book.market != "psx":  # its label bears the time
        return market.source_line(lang, book)
    day = numbers.day(book.day)
    label = say(lang, "market.sample", day=day) if book.sample else book.label
    named = label if day in label else f"{label}, {day}"
    origin = say(lang, "market.origin_close")
    return say(lang, "briefing.source", label=named, time=numbers.clock(book.closed_at), origin=origin)


def brief_source(book: MarketBook, lang: Lang) -> str:
    """The source line of a brief, led by what in it is older than it should be."""
    line = stale_line(lang, book.stale)
    return f"{line} · {source_line(book, lang)}" if line else source_line(book, lang)


def sentence(point: Point, lang: Lang, market: Profile = PSX) -> str:
    """A point in the words of the catalog, in a market's own where it has any."""
    own = f"{point.kind}@{market.market}"
    words_of = catalog()[own if own in catalog() else point.kind]
    return fill(words_of[tongue(lang)], _headlined(point, lang, market), lang)


def facts_of(points: Iterable[Point]) -> tuple[Fact, ...]:
    """Every fact of some points once, by id."""
    return tuple({fact.id: fact for point in points for fact in point.facts.values()}.values())


def days_of(points: Iterable[Point]) -> frozenset[date]:
    """Every calendar day that some points name."""
    return frozenset(day for point in points for day in point.days.values())


def day_picture(outline: PersonalOutline, book: MarketBook, lang: Lang) -> DayPicture | None:
    """The day of a list against the index; None where no move of it is known."""
    if outline.total is None:
        return None
    moves = [
        Bar(line.name, float(line.move.value)) for line in outline.lines[:MOST_BARS] if line.move is not None
    ]
    whole = Bar(say(lang, "briefing.chart_whole"), float(outline.total.value))
    # An index that is not known yet keeps its place: the chart shows a dash for it.
    level = float(outline.index.value) if outline.index is not None else math.nan
    index = Bar(book.profile.headline_name, level)
    return DayPicture(
        title=say(lang, "briefing.chart_title"),
        subtitle=numbers.day(book.day),
        moves=(whole, index, *moves),
        footer=source_line(book, lang).removesuffix(" · /about"),
        lang=lang,
    )


def picture_alt(spec: DayPicture) -> str:
    """The chart in words, for those who cannot see it."""
    known = [bar for bar in spec.moves if math.isfinite(bar.value)]
    bars = ", ".join(f"{bar.label} {numbers.percent(bar.value, signed=True)}" for bar in known)
    return say(spec.lang, "briefing.bars_alt", bars=bars)


def _said(point: Point, lang: Lang, market: Profile) -> Said:
    return Said(point, sentence(point, lang, market))


def _bare(title: str) -> str:
    return title.strip("*")


def _headlined(point: Point, lang: Lang, market: Profile) -> Point:
    """News and events are quoted from their English record; in other languages their kind is named instead."""
    title = point.names.get("title")
    if title is None:
        return point
    name, topic = listed(point.names.get("name", ""), lang), point.names.get("topic", "")
    known = topic or next((k for words, k in _DUE if words in title), "")
    if topic == "mark" or (lang != "en" and (known or market.economy)):
        key = f"topic_{topic}" if topic else known or "due_other"
        told = say_of(market, lang, f"briefing.{key}")
        title = f"{name}: {told}" if name else told
    elif not topic and name:
        title = f"{name}, {title}"
    return Point(point.kind, point.facts, {**point.names, "headline": title}, point.days, point.rank)
