"""The market brief's first section: the indices, how wide the move was, the money, and who moved the index."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import fmean, median

from services.domain.briefing.points import Point
from services.domain.briefing.survey import QUOTES, Row, Survey, since
from services.domain.market import Fact, IndexLevel


def overview(view: Survey) -> tuple[Point, ...]:
    """What happened to the market as a whole on the book's day."""
    return (*_index(view), *_ribbon(view), *_breadth(view), *_money(view), *_carriers(view))


def index_move(view: Survey, level: IndexLevel) -> Fact:
    """An index's move against its previous close, as a fact."""
    return view.mint.fraction("index_move", level.change_fraction, level.code, "level and change")


def index_name(view: Survey, code: str) -> str:
    """An index's name in the book, its code if it has none."""
    return view.book.index_names.get(code, code)


def _index(view: Survey) -> tuple[Point, ...]:
    level = view.headline
    if level is None:  # only prices have come in: the rest of the day is told without it
        return (Point("overview.no_index", {}, {"index": view.head_name}, {"day": view.book.day}),)
    first = Point(
        "overview.index",
        {"level": level.level, "change": level.change, "move": index_move(view, level)},
        {"index": view.head_name},
        {"day": view.book.day},
    )
    return (first, *_year(view), *_paths(view), *_run(view))


def _year(view: Survey) -> tuple[Point, ...]:
    """Where the level stands in the range of the last 52 weeks' known closes."""
    year = [close for close in view.closes if close[0] > view.book.day - timedelta(weeks=52)]
    if len(year) < 200:
        return ()
    (high_day, high), (low_day, low) = max(year, key=lambda c: c[1]), min(year, key=lambda c: c[1])
    now, mint = float(view.index.level.value), view.mint
    facts = {
        "high": mint.points("high52", high, view.head, view.levels),
        "low": mint.points("low52", low, view.head, view.levels),
        "below": mint.fraction("below_high", now / high - 1, view.head, view.levels),
        "above": mint.fraction("above_low", now / low - 1, view.head, view.levels),
    }
    return (Point("overview.year", facts, days={"high": high_day, "low": low_day}, rank=2),)


def _paths(view: Survey) -> tuple[Point, ...]:
    """The move since a week ago, the end of last month and the end of last year; each start is a known close."""
    day, now = view.book.day, float(view.index.level.value)
    starts = {
        "week": since(view.closes, day - timedelta(days=7)),
        "month": since(view.closes, day.replace(day=1) - timedelta(days=1)),
        "year": since(view.closes, day.replace(month=1, day=1) - timedelta(days=1)),
    }
    known = {name: start for name, start in starts.items() if start is not None}
    if len(known) < 3:
        return ()
    facts = {
        name: view.mint.fraction(f"since_{start[0]}", now / start[1] - 1, view.head, view.levels)
        for name, start in known.items()
    }
    days = {name: start[0] for name, start in known.items()}
    return (Point("overview.paths", facts, days=days, rank=2),)


def _run(view: Survey) -> tuple[Point, ...]:
    """How many of the last ten known closes were lower than the one before."""
    last = [level for _, level in view.closes][-11:]
    if len(last) < 11:
        return ()
    falls = sum(later < earlier for earlier, later in pairwise(last))
    facts = {
        "falls": view.mint.count("falls", falls, view.head, view.levels),
        "closes": view.mint.count("closes", 10, view.head, view.levels),
    }
    return (Point("overview.run", facts, rank=6),)


def _ribbon(view: Survey) -> tuple[Point, ...]:
    levels = {code: level for code, level in view.book.indices.items() if is_fresh(view, level)}
    points = list(_siblings(view, levels))
    price = levels.get(view.book.profile.price_index)
    if price is not None:
        points.append(
            Point("overview.price", {"level": price.level, "move": index_move(view, price)}, rank=7)
        )
    others = sorted(
        (lv for code, lv in levels.items() if code not in {view.head, *view.book.profile.gauges}),
        key=lambda lv: lv.change_fraction,
    )
    if len(others) > 4:
        worst, best = others[0], others[-1]
        facts = {
            "count": view.mint.count("indices", len(levels), "All", "the index table"),
            "best": index_move(view, best),
            "worst": index_move(view, worst),
        }
        names = {"first": index_name(view, best.code), "last": index_name(view, worst.code)}
        points.append(Point("overview.ribbon", facts, names, rank=3))
    return tuple(points)


def is_fresh(view: Survey, level: IndexLevel) -> bool:
    """Whether a level is of the book's day; older ones tell of another day."""
    return level.level.as_of.date() == view.book.day


def _siblings(view: Survey, levels: Mapping[str, IndexLevel]) -> tuple[Point, ...]:
    """The indices beside the headline that everybody looks at; PSX's three are told with what they hold."""
    market = view.book.profile
    if not all(code in levels for code in market.siblings):
        return ()
    facts = {code.lower(): index_move(view, levels[code]) for code in market.siblings}
    if market.market == "psx":
        return (Point("overview.siblings", facts, rank=1),)
    names = {
        f"{place}name": index_name(view, code) for place, code in zip("abc", market.siblings, strict=True)
    }
    moves = dict(zip("abc", facts.values(), strict=True))
    return (Point("overview.sisters", moves, names, rank=1),)


def breadth(view: Survey) -> dict[str, Fact]:
    """How many covered shares rose, fell and stood still."""
    return {
        "covered": view.mint.count("covered", len(view.rows), "All", QUOTES),
        "rose": view.count("rose", lambda row: row.move.value > 0),
        "fell": view.count("fell", lambda row: row.move.value < 0),
        "still": view.count("still", lambda row: row.move.value == 0),
    }


def _breadth(view: Survey) -> tuple[Point, ...]:
    if len(view.rows) < 10:
        return ()
    moves = [float(row.move.value) for row in view.rows]
    middle = {
        "median": view.mint.fraction("median", median(moves), "All", QUOTES),
        "mean": view.mint.fraction("mean", fmean(moves), "All", QUOTES),
    }
    big = {"big": view.count("over2", lambda row: abs(row.move.value) >= Decimal("0.02"))}
    limit = {"limit": view.mint.fraction("limit", Decimal("0.02"), "All", "our choice of a large move")}
    return (
        Point("overview.breadth", breadth(view), rank=0),
        Point("overview.middle", middle, rank=4),
        Point("overview.big", big | limit, rank=6),
    )


def _money(view: Survey) -> tuple[Point, ...]:
    """Traded value of the covered shares against the usual, and who took the most of it."""
    if len(view.rows) < 10:
        return ()
    total = sum((row.value.value for row in view.rows), Decimal(0))
    shares = sum((row.volume.value for row in view.rows), Decimal(0))
    days = view.past.values.sum(axis=0)[-21:-1].tolist()
    facts = {
        "value": view.mint.money("turnover", total, "All", "price times volume"),
        "volume": view.mint.fact("turnover_shares", shares, "shares", "All", "daily volumes"),
    }
    top = max(view.rows, key=lambda row: row.value.value)
    part = view.mint.fraction("part", top.value.value / total, top.share.symbol, "price times volume")
    points = [Point("overview.money", facts, rank=1)]
    if days and median(days) > 0:
        ratio = view.mint.times("turnover_ratio", float(total) / median(days), "All", "price times volume")
        points.append(
            Point("overview.usual" if ratio.value < 1 else "overview.busy", {"ratio": ratio}, rank=3)
        )
    points.append(Point("overview.top", {"value": top.value, "part": part}, {"name": top.name}, rank=4))
    return tuple(points)


def _carriers(view: Survey) -> tuple[Point, ...]:
    """Index points by name: published weight times move times the previous level; the weights have their own date."""
    level = view.headline
    if level is None:
        return ()
    previous = level.level.value - level.change.value
    parts = sorted(
        ((row.weight * row.move.value * previous, row) for row in view.rows if row.weight > 0),
        key=lambda part: part[0],
    )
    if len(parts) < 8:
        return ()
    basket = view.book.kse100_weights
    weights = {"weights": basket.as_of.date()}
    heavy = sorted(basket.weights.values(), reverse=True)
    top = view.mint.fraction("top10", sum(heavy[:10], Decimal(0)), view.head, basket.source)
    ten = view.mint.count("ten", 10, view.head, basket.source)
    return (
        _carried(view, "overview.drag", parts[:3], 1, weights),
        _carried(view, "overview.lift", parts[:-4:-1], 1, weights),
        Point("overview.heavy", {"part": top, "count": ten}, days=weights, rank=5),
    )


def _carried(
    view: Survey, kind: str, parts: list[tuple[Decimal, Row]], rank: int, days: dict[str, date]
) -> Point:
    facts: dict[str, Fact] = {}
    names: dict[str, str] = {}
    for place, (amount, row) in zip("abc", parts, strict=True):
        facts[place] = view.mint.points("carried", amount, row.share.symbol, "published weight times move")
        names[f"{place}name"] = row.name
    return Point(kind, facts, names, rank=rank, days=days)
