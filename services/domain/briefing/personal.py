"""The personal brief: what somebody's own holdings did, why, what changed since last time, what is due next."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.domain.briefing.brief import slot_at
from services.domain.briefing.news import is_mark, recent, record_point
from services.domain.briefing.outlook import due, event_point
from services.domain.briefing.overview import index_move
from services.domain.briefing.points import Point, short_name
from services.domain.briefing.survey import Survey
from services.domain.contribution import Residual, Today, today_of
from services.domain.exposure import Position, look_through, weights_of
from services.domain.market import Fact, MarketBook
from services.domain.portfolio import Portfolio
from services.domain.trading_calendar import TradingCalendar

PORTFOLIO_MOVE = Decimal("0.005")
HOLDING_MOVE = Decimal("0.02")
"""Moves under these, with no news and nothing due within three days, make a quiet brief of one line."""
IN_STEP = Decimal("0.001")
"""A distance to the index that disappears when both are rounded to a tenth of a percent."""
SHOWN = 4
NEWS_LINES = 3
STALE_DAYS = 4
SOON = timedelta(days=3)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One holding's day. ``move`` is None where none of the book's day is known; ``residual`` is set for a fund."""

    code: str
    name: str
    weight: Decimal
    move: Fact | None
    part: Fact | None
    residual: Residual | None


@dataclass(frozen=True, slots=True)
class PersonalOutline:
    """What to say. ``quiet`` holds the single line for when nothing is new; ``is_new`` tells whether there is more."""

    points: tuple[Point, ...]
    quiet: Point
    is_new: bool
    lines: tuple[Line, ...]
    total: Fact | None
    index: Fact | None
    version: str


def personal_outline(view: Survey, portfolio: Portfolio, now: datetime, last: str = "") -> PersonalOutline:
    """Choose and order a person's facts.

    Args:
        view: The book, surveyed.
        portfolio: What they hold.
        now: The time of the brief, aware; only its day and hour are used.
        last: ``version`` of the last brief they received, "" if there was none.

    Raises:
        NothingHeld: If they hold nothing.
        UnknownName: If a code is neither a share nor a fund of the book.
    """
    book = view.book
    weights = weights_of(portfolio, book)
    positions = look_through(weights, book)
    today = today_of(weights, positions, book)
    lines = _lines(view, weights, today)
    total = (
        view.mint.fraction("portfolio_move", today.total, "portfolio", "weights times moves")
        if today
        else None
    )
    index = index_move(view, view.headline) if view.headline is not None else None
    version = f"{book.version}|{book.day}|{_print(weights)}"
    news, ahead = _news(book, positions), _next(book, positions, now.date())
    points = (
        *_heading(book, now),
        _index(view, index),
        *_total(view, total, index, today),
        *_holdings(lines),
        *_through(view, today, weights),
        *news,
        *_changed(view, weights, version, last),
        *ahead,
    )
    moved = _moved(total, lines)
    is_new = version != last and (bool(news) or moved or any(p.days["day"] <= book.day + SOON for p in ahead))
    return PersonalOutline(points, _quiet(view, total, index), is_new, lines, total, index, version)


def _index(view: Survey, move: Fact | None) -> Point:
    """The market in one line; an index that is not there yet is named."""
    names, days = {"index": view.head_name}, {"day": view.book.day}
    if move is None:
        return Point("briefing.no_index", {}, names, days)
    return Point("briefing.index", {"level": view.index.level, "move": move}, names, days)


def _print(weights: Mapping[str, Decimal]) -> str:
    """A short print of what is held, so that a changed list shows without keeping the list."""
    text = ";".join(f"{code}={weight:.4f}" for code, weight in sorted(weights.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _lines(view: Survey, weights: Mapping[str, Decimal], today: Today | None) -> tuple[Line, ...]:
    """The holdings, the largest contribution first, those without a move last."""
    funds = {residual.fund: residual for residual in today.residuals} if today else {}
    lines = [_line(view, code, weight, funds.get(code)) for code, weight in weights.items()]
    return tuple(
        sorted(lines, key=lambda line: (line.part is None, -abs(line.part.value if line.part else ZERO)))
    )


def _line(view: Survey, code: str, weight: Decimal, residual: Residual | None) -> Line:
    book = view.book
    if code in book.funds:
        move = (
            None if residual is None else residual.move if residual.move is not None else residual.explained
        )
        name = book.index_names.get(code, book.funds[code].name)
    else:
        row = view.row(code)
        move, name = (row.move.value if row else None), short_name(book.shares[code])
    if move is None:
        return Line(code, name, weight, None, None, residual)
    return Line(
        code,
        name,
        weight,
        view.mint.fraction("move", move, code, "the day's prices or NAV"),
        view.mint.fraction("part", weight * move, code, "weight times move"),
        residual,
    )


def _heading(book: MarketBook, now: datetime) -> tuple[Point, ...]:
    """Whose day this is: an old day is marked, and so is a session whose close is not in yet."""
    day, gap = now.date(), (now.date() - book.day).days
    if gap > STALE_DAYS:
        return (Point("briefing.stale", days={"day": book.day}),)
    if gap > 0 and slot_at(now) == "evening" and TradingCalendar(book.market).is_session(day):
        return (Point("briefing.pending", days={"day": book.day, "now": day}, rank=1),)
    return ()


def _total(view: Survey, total: Fact | None, index: Fact | None, today: Today | None) -> tuple[Point, ...]:
    if total is None or today is None:
        return (Point("briefing.no_total", days={"day": view.book.day}),)
    points = [_beside(view, total, index)]
    if today.known < Decimal("0.995"):
        known = view.mint.fraction("known", today.known, "portfolio", "weights with a move of the day")
        points.append(Point("briefing.known", {"known": known}, rank=3))
    return tuple(points)


def _beside(view: Survey, total: Fact, index: Fact | None) -> Point:
    """The list's move, held against the index if that is known."""
    days = {"day": view.book.day}
    if index is None:
        return Point("briefing.alone", {"total": total}, days=days)
    apart = view.mint.fraction(
        "against_index", total.value - index.value, "portfolio", "portfolio and index moves"
    )
    if abs(apart.value) < IN_STEP:
        kind = "briefing.with_index"
    else:
        kind = "briefing.ahead" if apart.value > 0 else "briefing.behind"
    return Point(kind, {"total": total, "apart": apart}, days=days)


def _holdings(lines: tuple[Line, ...]) -> tuple[Point, ...]:
    points = []
    for place, line in enumerate(lines[:SHOWN]):
        names = {"name": line.name, "code": line.code}
        if line.move is None or line.part is None:
            day = line.residual.move_day if line.residual else None
            kind = "briefing.fund_old" if day else "briefing.silent"
            points.append(Point(kind, {}, names, {"day": day} if day else {}, rank=4))
        else:
            inside = line.residual is not None and line.residual.move is None
            kind = "briefing.inside" if inside else "briefing.holding"
            points.append(Point(kind, {"move": line.move, "part": line.part}, names, rank=min(place, 2)))
    return tuple(points)


def _through(view: Survey, today: Today | None, weights: Mapping[str, Decimal]) -> tuple[Point, ...]:
    """The share that moved the whole most, where it is reached through a fund."""
    if today is None or not today.contributions or not any(code in view.book.funds for code in weights):
        return ()
    top = today.contributions[0]
    share = view.book.shares.get(top.symbol)
    if share is None or top.symbol in weights or abs(top.contribution) < IN_STEP / 2:
        return ()
    part = view.mint.fraction("through", top.contribution, top.symbol, "look-through weight times move")
    return (Point("briefing.through", {"part": part}, {"name": short_name(share)}, rank=3),)


def _news(book: MarketBook, positions: tuple[Position, ...]) -> tuple[Point, ...]:
    """At most three lines of the last days about what they hold, direct holdings first; ex-marks share one line."""
    order = {p.symbol: (p.direct == 0, -p.weight) for p in positions}
    told = sorted(
        (a for a in recent(book, timedelta(days=7)) if a.symbol in order), key=lambda a: order[a.symbol]
    )
    marks = [a for a in told if is_mark(a) and a.day == book.day]
    points = []
    if marks:
        names = {
            "name": "|".join(_name(book, a.symbol) for a in marks[:NEWS_LINES]),
            "topic": "mark",
            "title": "",
        }
        points.append(Point("briefing.news", {}, names, {"day": book.day}, rank=2))
    for record in [a for a in told if not is_mark(a)][: NEWS_LINES - len(points)]:
        point = record_point("briefing.news", record, book, rank=2)
        names = {**point.names, "name": _name(book, record.symbol), "topic": record.kind}
        points.append(Point(point.kind, point.facts, names, point.days, 2))
    return tuple(points)


def _name(book: MarketBook, symbol: str) -> str:
    return short_name(book.shares[symbol]) if symbol in book.shares else symbol


def _next(book: MarketBook, positions: tuple[Position, ...], today: date) -> tuple[Point, ...]:
    """The next two things due that concern them or everybody."""
    held = {p.symbol for p in positions}
    mine = [e for e in due(book, today, timedelta(days=45)) if not e.symbol or e.symbol in held]
    return tuple(
        event_point("briefing.next", event, book, rank=1 + place) for place, event in enumerate(mine[:2])
    )


def _changed(view: Survey, weights: Mapping[str, Decimal], version: str, last: str) -> tuple[Point, ...]:
    """What differs from the last brief: the list itself, or the market day it told of."""
    parts, ours = last.split("|"), version.split("|")
    if len(parts) != len(ours):
        return ()
    if parts[2] != ours[2]:
        return (Point("briefing.list_changed", rank=2),)
    before = _day(parts[1])
    if before is None or before >= view.book.day:
        return (Point("briefing.same_day", days={"day": view.book.day}, rank=2),)
    move = _since(view, weights, before)
    fact = view.mint.fraction(f"since_{before}", move or ZERO, "portfolio", "weights times adjusted closes")
    return () if move is None else (Point("briefing.since", {"move": fact}, days={"day": before}, rank=2),)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _since(view: Survey, weights: Mapping[str, Decimal], before: date) -> Decimal | None:
    """The move of a list of shares since the close of ``before``; None if a fund or an unknown close is among them."""
    past = view.past
    if before not in past.sessions:
        return None
    back = len(past.sessions) - 1 - past.sessions.index(before)
    total = ZERO
    for code, weight in weights.items():
        closes = past.closes_of(code)
        if len(closes) <= back or back == 0:
            return None
        total += weight * Decimal(repr(closes[-1] / closes[-1 - back] - 1))
    return total


def _moved(total: Fact | None, lines: tuple[Line, ...]) -> bool:
    big = total is not None and abs(total.value) >= PORTFOLIO_MOVE
    return big or any(line.move is not None and abs(line.move.value) >= HOLDING_MOVE for line in lines)


def _quiet(view: Survey, total: Fact | None, index: Fact | None) -> Point:
    if index is None:
        return _index(view, None) if total is None else _beside(view, total, None)
    facts = {"level": view.index.level, "move": index}
    kind = "briefing.quiet" if total is not None else "briefing.quiet_index"
    known = facts | ({"total": total} if total is not None else {})
    return Point(kind, known, {"index": view.head_name}, {"day": view.book.day})
