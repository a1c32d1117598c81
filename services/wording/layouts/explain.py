"""Why something moved, laid out: market, sector, own part, constituents, announcements, and what stays unexplained."""

from collections.abc import Sequence
from decimal import Decimal

from services.domain.contribution import Today
from services.domain.conversation import Button, Lang, Reply, Text
from services.domain.explanation import BasketReasons, Explanation, Part, ShareReasons
from services.domain.market import Announcement, Fact, MarketBook
from services.domain.quotation import FundLook, IndexLook
from services.wording.layouts.market import (
    JOINT,
    breadth_line,
    headline_button,
    press,
    sector_name,
    short_line,
    source_line,
)
from services.wording.layouts.news import title_of
from services.wording.numbers import day, number, percent
from services.wording.sentences import say

_MOST_NEWS = 3
_MOST_HELD = 4


def explain_reply(lang: Lang, reasons: Explanation, book: MarketBook) -> Reply:
    """The facts beside one instrument's move."""
    if isinstance(reasons, ShareReasons):
        code, lines = reasons.seen.share.symbol, share_reasons(lang, reasons, book)
    else:
        seen = reasons.seen
        code = seen.level.code if isinstance(seen, IndexLook) else seen.fund.code
        lines = basket_reasons(lang, reasons, book)
    buttons = (
        Button(say(lang, "market.quote"), press("quote", code)),
        Button(say(lang, "market.news"), press("news", code)),
        headline_button("explain", book),
    )
    return Reply(
        (Text("\n".join(lines)),),
        buttons[:2] if code == book.profile.headline else buttons,
        source_line(lang, book),
    )


def share_reasons(lang: Lang, reasons: ShareReasons, book: MarketBook) -> list[str]:
    """A share beside its market and sector."""
    seen = reasons.seen
    moved = seen.move is not None and seen.move.value != 0
    title = "explain.title" if moved else "explain.nothing_moved"
    lines = [say(lang, title, name=seen.share.symbol, day=day(book.day)), short_line(lang, seen, book)]
    if seen.move is None:
        return lines
    lines += _market(lang, reasons, book.profile.headline_name)
    if reasons.sector_move:
        move, count = _signed(reasons.sector_move), str(reasons.peers)
        lines.append(
            say(lang, "explain.sector", sector=sector_name(lang, seen.share), move=move, count=count)
        )
    if seen.volume_times is not None:
        lines.append(say(lang, "explain.volume", times=number(seen.volume_times, 1)))
    lines += [say(lang, "explain.ex", text=each.text) for each in reasons.ex_dates]
    return [*lines, *_news(lang, reasons.news, book), *_close(lang, reasons.news)]


def _market(lang: Lang, reasons: ShareReasons, headline: str) -> list[str]:
    if reasons.index_move is None:
        return []
    move = _signed(reasons.index_move)
    if reasons.beta is None or reasons.market_part is None or reasons.own_part is None:
        return [say(lang, "explain.market", move=move, headline=headline)]
    beta, part = number(reasons.beta.value), _signed(reasons.market_part)
    return [
        say(lang, "explain.market_beta", move=move, beta=beta, part=part, headline=headline),
        say(lang, "explain.own", part=_signed(reasons.own_part)),
    ]


def basket_reasons(lang: Lang, reasons: BasketReasons, book: MarketBook) -> list[str]:
    """An index or a fund by its constituents."""
    seen = reasons.seen
    name = seen.name if isinstance(seen, IndexLook) else seen.fund.code
    lines = [say(lang, "explain.title", name=name, day=day(book.day)), short_line(lang, seen, book)]
    if isinstance(seen, FundLook):
        lines += _fund(lang, reasons, seen, book)
    if reasons.index_move:
        move, headline = _signed(reasons.index_move), book.profile.headline_name
        lines.append(say(lang, "explain.market", move=move, headline=headline))
    points = seen.level.level.value - seen.level.change.value if isinstance(seen, IndexLook) else None
    lines += _parts(lang, reasons, points)
    if isinstance(seen, IndexLook) and reasons.breadth:
        lines.append(breadth_line(lang, reasons.breadth))
    if reasons.explained and reasons.covered and reasons.weights_day:
        covered, explained = percent(reasons.covered.value, 0), _signed(reasons.explained)
        lines.append(
            say(lang, "explain.weights", day=day(reasons.weights_day), explained=explained, covered=covered)
        )
    return [*lines, *_news(lang, reasons.news, book), *_close(lang, reasons.news)]


def _fund(lang: Lang, reasons: BasketReasons, seen: FundLook, book: MarketBook) -> list[str]:
    lines: list[str] = []
    moved = seen.fund.returns.get("1D")
    if moved:
        same, move = moved.as_of.date() == book.day, percent(moved.value / 100, 2, signed=True)
        when = {} if same else {"day": day(moved.as_of.date())}
        lines.append(say(lang, "explain.nav_day" if same else "explain.nav_other_day", move=move, **when))
    return lines if reasons.explained else [*lines, say(lang, "explain.hidden")]


def _parts(lang: Lang, reasons: BasketReasons, points: Decimal | None) -> list[str]:
    lines: list[str] = []
    for weighted, bare, parts in (
        ("explain.risers", "explain.rose", reasons.risers),
        ("explain.fallers", "explain.fell", reasons.fallers),
    ):
        if parts:
            key = weighted if parts[0].effect else bare
            lines.append(say(lang, key, parts=JOINT[lang].join(_part(lang, part, points) for part in parts)))
    return lines


def _part(lang: Lang, part: Part, points: Decimal | None) -> str:
    move = percent(part.move, 2, signed=True)
    if part.effect is None:
        return f"{part.symbol} {move}"
    if points is None:
        return say(lang, "explain.part", code=part.symbol, move=move, effect=_signed(part.effect))
    worth = number(part.effect.value * points, 0, signed=True)
    return say(lang, "explain.part_points", code=part.symbol, move=move, points=worth)


def portfolio_reply(lang: Lang, today: Today | None, book: MarketBook) -> Reply:
    """What each holding did to the user's day, largest first, with the index beside it."""
    if today is None:
        text = say(lang, "explain.mine_none", day=day(book.day))
        return Reply((Text(text),), (Button(say(lang, "market.mine"), "portfolio"),), source_line(lang, book))
    lines = [_whole(lang, today, book)]
    held = today.contributions[:_MOST_HELD]
    lines += [
        say(
            lang,
            "explain.mine_part",
            code=part.symbol,
            move=_share(part.move),
            effect=_share(part.contribution),
        )
        for part in held
    ]
    if today.known < 1:
        lines.append(say(lang, "explain.mine_known", known=percent(today.known, 0)))
    buttons = tuple(
        Button(say(lang, "explain.why_one", code=part.symbol), press("explain", part.symbol))
        for part in held[:2]
    )
    last = Button(say(lang, "market.xray"), "xray")
    return Reply((Text("\n".join(lines)),), (*buttons, last), source_line(lang, book))


def _whole(lang: Lang, today: Today, book: MarketBook) -> str:
    """The list's move beside the index of that day, if that is known."""
    move, level = _share(today.total), book.indices.get(book.profile.headline)
    if level is None or level.level.as_of.date() != book.day:
        return say(lang, "explain.mine_alone", day=day(book.day), move=move)
    index, headline = _share(level.change_fraction), book.profile.headline_name
    return say(lang, "explain.mine", day=day(book.day), move=move, index=index, headline=headline)


def _news(lang: Lang, news: Sequence[Announcement], book: MarketBook) -> list[str]:
    return [
        say(lang, "explain.told", day=day(each.day), title=title_of(lang, each, book))
        for each in news[:_MOST_NEWS]
    ]


def _close(lang: Lang, news: Sequence[Announcement]) -> list[str]:
    return [say(lang, "explain.beside" if news else "explain.no_news")]


def _signed(fact: Fact) -> str:
    return percent(fact.value, 2, signed=True)


def _share(value: Decimal) -> str:
    return percent(value, 2, signed=True)
