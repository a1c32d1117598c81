"""Announcements and what is due, laid out for a phone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.domain.conversation import Button, Lang, Reply, Text
from services.domain.market import Announcement, Event, MarketBook
from services.wording.layouts.market import JOINT, headline_button, press, source_line
from services.wording.numbers import day, index_level, percent
from services.wording.sentences import say

_MOST_LINES = 8
# Events of our own making by the beginning of their source; others are shown as they were recorded.
_EVENTS = {
    "SBP calendar": "market.event_policy",
    "PSX holiday notice": "market.event_milad",
    "PSX payouts": "market.event_books",
}


def title_of(lang: Lang, told: Announcement, book: MarketBook) -> str:
    """An announcement in the user's language where it is one of our own kinds, else as it was recorded."""
    kind, *rest = told.id.split(":")
    if kind in {"mark", "record", "split"}:
        key = kind if kind == "split" else f"{kind}_{rest[0]}"
        return say(lang, f"market.told_{key}", code=told.symbol, count=rest[0])
    if kind == "policy" and "policy_rate" in book.rates:
        return say(lang, "market.told_policy", value=percent(book.rates["policy_rate"].value / 100))
    if kind == "us" and lang != "en":
        return say(lang, f"market.board_{rest[0]}", names=told.title.partition(": ")[2])
    if kind == "index":
        return _index(lang, told, book, rest[0])
    return told.title


def _index(lang: Lang, told: Announcement, book: MarketBook, code: str) -> str:
    """An index's close of a past day with its change, as far as the series knows the session before."""
    closes = book.index_series.get(code, {})
    before = [day for day in closes if day < told.day]
    if told.day not in closes or not before:
        return told.title
    level = Decimal(str(closes[told.day]))
    move = level / Decimal(str(closes[max(before)])) - 1
    name = book.index_names.get(code, code)
    return say(
        lang, "market.told_index", name=name, level=index_level(level), move=percent(move, 2, signed=True)
    )


def news_reply(
    lang: Lang, codes: Sequence[str], told: Sequence[Announcement], due: Iterable[Event], book: MarketBook
) -> Reply:
    """Announcements, newest first, marks of one day folded into one line; then what is due."""
    what = (JOINT[lang].join(codes)) or say(lang, "market.news_all")
    lines = [say(lang, "market.news_title", what=what)]
    lines += [
        say(lang, "market.news_item", day=day(when), title=title) for when, title in _told(lang, told, book)
    ]
    if not told:
        lines.append(say(lang, "market.news_none", what=what, day=day(book.day)))
    coming = [say(lang, "market.news_item", day=day(each.day), title=_event(lang, each)) for each in due]
    if coming:
        lines += ["", say(lang, "market.due"), *coming]
    return Reply((Text("\n".join(lines)),), _buttons(lang, codes, book), source_line(lang, book, "records"))


def _told(lang: Lang, told: Sequence[Announcement], book: MarketBook) -> list[tuple[date, str]]:
    folded: dict[str, list[Announcement]] = {}
    for each in told:
        kind, *rest = each.id.split(":")
        folded.setdefault(f"{each.day}:{rest[0]}" if kind == "mark" else each.id, []).append(each)
    lines: list[tuple[date, str]] = []
    for group in folded.values():
        codes = JOINT[lang].join(sorted(each.symbol for each in group))
        lines.append((group[0].day, title_of(lang, replace(group[0], symbol=codes), book)))
    return lines[:_MOST_LINES]


def _buttons(lang: Lang, codes: Sequence[str], book: MarketBook) -> tuple[Button, ...]:
    if len(codes) != 1:
        flows = (Button(say(lang, "market.flows"), "flows"),) if book.profile.economy else ()
        return (headline_button("quote", book), *flows)
    (code,) = codes
    return (
        Button(say(lang, "market.quote"), press("quote", code)),
        Button(say(lang, "market.why"), press("explain", code)),
    )


def _event(lang: Lang, due: Event) -> str:
    for source, key in _EVENTS.items():
        if due.source.startswith(source):
            return say(lang, key, code=due.symbol)
    return due.title
