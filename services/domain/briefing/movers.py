"""The market brief's second section: the shares that moved most, traded most, or broke their habit."""

from collections.abc import Sequence

from services.domain.briefing.points import Point
from services.domain.briefing.survey import Row, Survey
from services.domain.market import Fact

SHOWN = 5
UNUSUAL = 2
STREAK = 4


def movers(view: Survey) -> tuple[Point, ...]:
    """Gainers and losers of the book's day, the busiest, the unusually busy, runs, and the week's extremes."""
    floor = view.book.profile.floor  # under it a few trades would decide a share's place
    rows = [row for row in view.by_move() if row.value.value >= floor]
    if len(rows) < 2 * SHOWN:
        return ()
    facts = {
        "count": view.mint.count("liquid", len(rows), "All", "price times volume"),
        "floor": view.mint.money("floor", floor, "All", "our choice of a floor"),
    }
    gainers = [row for row in rows[:SHOWN] if row.move.value > 0]
    losers = [row for row in reversed(rows[-SHOWN:]) if row.move.value < 0]
    return (
        Point("movers.open", facts),
        *_ranked("movers.gain", gainers),
        *_ranked("movers.loss", losers),
        *_busy(rows),
        *_unusual(rows, {row.share.symbol for row in (*gainers, *losers)}),
        *_runs(view, rows),
        *_weeks(rows),
    )


def line(row: Row) -> dict[str, Fact]:
    """What is known of one share's day."""
    found = {"price": row.price, "move": row.move, "volume": row.volume, "value": row.value}
    extra = {"ratio": row.ratio, "week": row.week, "month": row.month}
    return found | {name: fact for name, fact in extra.items() if fact is not None}


def names_of(row: Row) -> dict[str, str]:
    """How one share is called."""
    return {"name": row.name, "symbol": row.share.symbol}


def _ranked(stem: str, rows: Sequence[Row]) -> tuple[Point, ...]:
    """One sentence a share; those that need a figure the share lacks are left out."""
    return tuple(
        Point(f"{stem}{place}", line(row), names_of(row), rank=0 if place < 3 else place)
        for place, row in enumerate(rows)
        if row.ratio is not None and row.week is not None and row.month is not None
    )


def _busy(rows: Sequence[Row]) -> tuple[Point, ...]:
    first, second, third = sorted(rows, key=lambda row: -row.volume.value)[:3]
    facts = {"a": first.volume, "b": second.volume, "c": third.volume, "move": first.move}
    names = {"aname": first.name, "bname": second.name, "cname": third.name}
    rich = sorted(rows, key=lambda row: -row.value.value)[:3]
    values = {place: row.value for place, row in zip("abc", rich, strict=True)}
    called = {f"{place}name": row.name for place, row in zip("abc", rich, strict=True)}
    return (
        Point("movers.volume", facts, names, rank=1),
        Point("movers.value", values, called, rank=4),
    )


def _unusual(rows: Sequence[Row], told: set[str]) -> tuple[Point, ...]:
    """Shares whose volume was at least twice their usual one and that were not named before."""
    busy = [row for row in rows if row.ratio is not None and row.ratio.value >= UNUSUAL]
    fresh = sorted(
        (r for r in busy if r.share.symbol not in told), key=lambda r: -(r.ratio.value if r.ratio else 0)
    )
    return tuple(
        Point(f"movers.unusual{place}", line(row), names_of(row), rank=2 + place)
        for place, row in enumerate(fresh[:2])
    )


def _runs(view: Survey, rows: Sequence[Row]) -> tuple[Point, ...]:
    points = []
    up, down = max(rows, key=lambda row: row.streak), min(rows, key=lambda row: row.streak)
    for kind, row in (("movers.climb", up), ("movers.slide", down)):
        if abs(row.streak) >= STREAK and row.week is not None:
            run = view.mint.count("streak", abs(row.streak), row.share.symbol, "adjusted closes")
            points.append(Point(kind, {"run": run, "week": row.week}, names_of(row), rank=5))
    return tuple(points)


def _weeks(rows: Sequence[Row]) -> tuple[Point, ...]:
    """Best and worst over five sessions."""
    known = sorted(
        (row for row in rows if row.week is not None), key=lambda row: row.week.value if row.week else 0
    )
    if len(known) < 2 or known[0].week is None or known[-1].week is None:
        return ()
    facts = {"best": known[-1].week, "worst": known[0].week}
    return (Point("movers.week", facts, {"first": known[-1].name, "last": known[0].name}, rank=3),)
