"""The personal brief for the ear: whole sentences, most of them the same for everybody or for every holder of a share."""

from collections.abc import Sequence

from services.domain.briefing.overview import breadth, overview
from services.domain.briefing.personal import SHOWN, Line, PersonalOutline
from services.domain.briefing.points import Point
from services.domain.briefing.survey import Survey

_TOTALS = {
    "briefing.ahead": "briefing.say_ahead",
    "briefing.behind": "briefing.say_behind",
    "briefing.with_index": "briefing.say_with_index",
    "briefing.alone": "briefing.say_alone",
    "briefing.no_total": "briefing.say_no_total",
}


def script(view: Survey, outline: PersonalOutline, name: str, slot: str) -> tuple[Point, ...]:
    """What is spoken, in order. Shared sentences about the market stand behind the personal ones and fill the minute.

    Ranks say what goes first where the note would be too long; a sentence depends on nothing but its own facts, so
    that it is spoken once for all who hear it.
    """
    hello = Point("briefing.hello_name", names={"name": name}) if name else Point("briefing.hello")
    by_kind = {point.kind: point for point in outline.points}
    totals = [
        Point(_TOTALS[kind], point.facts, point.names, point.days)
        for kind, point in by_kind.items()
        if kind in _TOTALS
    ]
    return (
        hello,
        Point(f"briefing.intro_{slot}"),
        *_sample(view),
        *_each(outline.points, "briefing.index", "briefing.say_index", 0),
        *_each(outline.points, "briefing.no_index", "briefing.say_no_index", 0),
        _breadth(view),
        *totals,
        *_shares(view, outline.lines),
        *_each(outline.points, "briefing.news", "briefing.say_news", 2),
        *_each(outline.points, "briefing.next", "briefing.say_next", 2),
        *_fillers(view),
        Point("briefing.say_close"),
    )


def market_points(view: Survey) -> tuple[Point, ...]:
    """The market's day without a person: index, breadth, money, sectors, extremes, the economy."""
    first, *others = overview(view)
    money = [_again(point, "briefing.say_money", 1) for point in others if point.kind == "overview.money"]
    index = "briefing.say_index" if first.kind == "overview.index" else "briefing.say_no_index"
    return (*_sample(view), _again(first, index, 0), _breadth(view), *money, *_fillers(view))


def _sample(view: Survey) -> tuple[Point, ...]:
    return (Point("briefing.say_sample", days={"day": view.book.day}),) if view.book.sample else ()


def _breadth(view: Survey) -> Point:
    return Point("briefing.say_breadth", breadth(view), rank=4)


def _again(point: Point, kind: str, rank: int) -> Point:
    """The same facts in a sentence for the ear."""
    return Point(kind, point.facts, point.names, point.days, rank)


def _each(points: Sequence[Point], kind: str, spoken: str, rank: int) -> list[Point]:
    return [_again(point, spoken, rank) for point in points if point.kind == kind]


def _shares(view: Survey, lines: tuple[Line, ...]) -> list[Point]:
    """The holdings that have a move, the one that counted most first."""
    points: list[Point] = []
    for line in lines[:SHOWN]:
        if line.move is None:
            continue
        row = view.row(line.code)
        rank = 1 if not points else 3
        if row is not None:
            points.append(
                Point(
                    "briefing.say_share",
                    {"move": row.move, "price": row.price},
                    {"name": line.name},
                    rank=rank,
                )
            )
        else:
            points.append(Point("briefing.say_fund", {"move": line.move}, {"name": line.name}, rank=rank))
    if len(points) > 1:
        points.insert(1, Point("briefing.say_most", rank=5))
    return points


def _fillers(view: Survey) -> list[Point]:
    """The market's day in a few shared sentences."""
    points = []
    groups = [sector for sector in view.sectors if sector.compared]
    if len(groups) > 1:
        facts = {"best": groups[0].move, "worst": groups[-1].move}
        points.append(
            Point(
                _by_fund("briefing.say_sectors", view),
                facts,
                {"first": groups[0].name, "last": groups[-1].name},
                rank=6,
            )
        )
    rows = [row for row in view.by_move() if row.value.value >= view.book.profile.floor]
    if len(rows) > 1:
        facts = {"best": rows[0].move, "worst": rows[-1].move}
        points.append(
            Point("briefing.say_leaders", facts, {"first": rows[0].name, "last": rows[-1].name}, rank=7)
        )
    policy, prices = view.book.rates.get("policy_rate"), view.book.rates.get("cpi_yoy")
    if policy is not None and prices is not None:
        points.append(Point("briefing.say_policy", {"policy": policy, "prices": prices}, rank=8))
    return points


def _by_fund(kind: str, view: Survey) -> str:
    """The sentence of a market whose sectors are told by their funds, which are no averages."""
    return f"{kind}_fund" if view.funds else kind
