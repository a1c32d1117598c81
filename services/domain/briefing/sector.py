"""A sector brief: the sector's day, its shares one by one, its records and flows, its past, its ratios and dates."""

from datetime import date, timedelta
from decimal import Decimal
from statistics import fmean, median

from services.domain.briefing.movers import line, names_of
from services.domain.briefing.news import economy, is_mark, recent, record_point
from services.domain.briefing.overview import index_move
from services.domain.briefing.points import Point, sector_name
from services.domain.briefing.sector_value import sector_value
from services.domain.briefing.survey import CLOSES, QUOTES, Row, SectorDay, Survey
from services.domain.errors import NotAvailable
from services.domain.indicators import correlation, log_returns
from services.domain.market import Fact

SHARES = 8


def sector_outline(view: Survey, code: str, today: date) -> tuple[tuple[str, tuple[Point, ...]], ...]:
    """Five chapters, each a name and its points.

    Args:
        view: The book, surveyed.
        code: The exchange's sector code ("0807").
        today: The day from which the calendar counts.

    Raises:
        NotAvailable: If none of the sector's shares was quoted on the book's day.
    """
    sector = next((s for s in view.sectors if s.code == code), None)
    if sector is None:
        raise NotAvailable(f"no share of sector {code!r} has prices of {view.book.day}", what=code)
    return (
        ("day", _day(view, sector)),
        ("shares", _shares(sector)),
        ("news", _news(view, sector)),
        ("past", _past(view, sector)),
        ("value" if view.book.profile.economy else "ahead", sector_value(view, sector, today)),
    )


def _day(view: Survey, sector: SectorDay) -> tuple[Point, ...]:
    names, mint = {"sector": sector.name}, view.mint
    rows, level = sector.rows, view.headline
    place = [s.code for s in view.sectors].index(sector.code) + 1
    first = {
        "move": sector.move,
        "place": mint.count("sector_place", place, sector.name, "sector averages"),
        "count": mint.count("sector_count", len(view.sectors), "All", "sector averages"),
    }
    breadth = {
        "covered": mint.count("sector_covered", len(rows), sector.name, QUOTES),
        "rose": mint.count("sector_rose", sum(r.move.value > 0 for r in rows), sector.name, QUOTES),
        "fell": mint.count("sector_fell", sum(r.move.value < 0 for r in rows), sector.name, QUOTES),
    }
    total = sum((r.value.value for r in view.rows), Decimal(0))
    points = [_opening(sector, first, view.book.day)]
    if level is not None:
        facts = {"level": level.level, "move": index_move(view, level)}
        points.append(Point("sector.index", facts, names | {"index": view.head_name}, rank=1))
    if rows and sector.compares_shares:
        points.append(Point("sector.breadth", breadth, names, rank=1))
    if rows and total:
        part = mint.fraction("sector_part", sector.value.value / total, sector.name, "price times volume")
        points.append(Point("sector.money", {"value": sector.value, "part": part}, names, rank=1))
    return (*points, *_weights(view, sector), *_usual(view, sector), *_spread(view, sector))


def _opening(sector: SectorDay, facts: dict[str, Fact], day: date) -> Point:
    """The sector's place of the day, by its shares' average or by its fund."""
    names = {"sector": sector.name}
    if sector.fund is None:
        return Point("sector.day", facts, names, {"day": day})
    return Point("sector.day_fund", facts, names | {"fund": sector.fund.name}, {"day": day})


def _weights(view: Survey, sector: SectorDay) -> tuple[Point, ...]:
    """What the sector weighs in the index and what it did to it, by the published weights."""
    weight = sum((row.weight for row in sector.rows), Decimal(0))
    level = view.headline
    if weight == 0 or level is None:
        return ()
    previous = level.level.value - level.change.value
    moved = sum((row.weight * row.move.value for row in sector.rows), Decimal(0)) * previous
    facts = {
        "weight": view.mint.fraction("sector_weight", weight, sector.name, view.book.kse100_weights.source),
        "points": view.mint.points("sector_points", moved, sector.name, "published weight times move"),
    }
    kind = "sector.lifted" if moved > 0 else "sector.dragged"
    return (
        Point(
            kind, facts, {"sector": sector.name}, {"weights": view.book.kse100_weights.as_of.date()}, rank=2
        ),
    )


def _usual(view: Survey, sector: SectorDay) -> tuple[Point, ...]:
    """The sector's money against its own usual."""
    places = [view.past.rows[row.share.symbol] for row in sector.rows]
    days = view.past.values[places].sum(axis=0)[-21:-1].tolist()
    if not days or median(days) <= 0:
        return ()
    ratio = view.mint.times(
        "sector_ratio", float(sector.value.value) / median(days), sector.name, "price times volume"
    )
    return (Point("sector.usual", {"ratio": ratio}, {"sector": sector.name}, rank=3),)


def _spread(view: Survey, sector: SectorDay) -> tuple[Point, ...]:
    if len(sector.rows) < 2:
        return ()
    best, worst = sector.rows[0], sector.rows[-1]
    gap = view.mint.fraction("sector_gap", best.move.value - worst.move.value, sector.name, QUOTES)
    return (
        Point(
            "sector.spread",
            {"best": best.move, "worst": worst.move, "gap": gap},
            {"first": best.name, "last": worst.name},
            rank=2,
        ),
    )


def _shares(sector: SectorDay) -> tuple[Point, ...]:
    """The shares by the money in them; each sentence differs from its neighbours."""
    rows = sorted(sector.rows, key=lambda row: -row.value.value)[:SHARES]
    full = [row for row in rows if row.ratio is not None and row.week is not None and row.month is not None]
    if not rows:
        return ()
    opening = Point("sector.shares", names={"sector": sector.name})
    return (
        opening,
        *(Point(f"sector.share{n}", line(row), names_of(row), rank=n) for n, row in enumerate(full)),
    )


def _news(view: Survey, sector: SectorDay) -> tuple[Point, ...]:
    members = {s.symbol for s in view.book.shares.values() if s.sector_code == sector.code}
    told = [a for a in recent(view.book, timedelta(days=20)) if a.symbol in members]
    marks = [row for a in told if is_mark(a) and (row := view.row(a.symbol)) is not None]
    points: list[Point] = []
    if marks:
        names = {"list": "|".join(row.name for row in marks[:6])}
        points.append(Point("sector.marked", {}, names, {"day": view.book.day}))
        points += [
            Point(f"sector.marked_move{n}", line(row), names_of(row), rank=2 + n)
            for n, row in enumerate(marks[:2])
        ]
    records = [a for a in told if not is_mark(a)][:4]
    points += [record_point(f"news.record{n % 4}", a, view.book, rank=1 + n) for n, a in enumerate(records)]
    if not points:
        points.append(Point("sector.no_news", names={"sector": sector.name}))
    return (*points, *_flows(view, sector), *economy(view))


def _flows(view: Survey, sector: SectorDay) -> tuple[Point, ...]:
    """Foreign and fund money in the sector on the day of the flows, where the table has the sector."""
    if not view.book.profile.economy:
        return ()
    named = [
        f
        for f in view.book.flows
        if sector_name(f.sector).partition(" and ")[0] == sector.name.partition(" and ")[0]
    ]
    foreign = [f for f in named if f.side == "FIPI"]
    funds = next((f for f in named if f.investor == "Mutual Funds"), None)
    if not foreign or funds is None:
        return (Point("sector.no_flows", names={"sector": sector.name}, rank=3),)
    at = foreign[0].net.as_of
    net = Fact(
        f"foreign:{sector.name}:{at.date()}", sum((f.net.value for f in foreign), Decimal(0)), "USD mn", sector.name, at,
        "computed from FIPI by sector", foreign[0].net.status,
    )  # fmt: skip
    kind = "sector.foreign_in" if net.value > 0 else "sector.foreign_out"
    local = "sector.funds_in" if funds.net.value > 0 else "sector.funds_out"
    return (
        Point(kind, {"net": net}, {"sector": sector.name}, {"day": at.date()}, rank=1),
        Point(local, {"net": funds.net}, {"sector": sector.name}, rank=2),
    )


def _past(view: Survey, sector: SectorDay) -> tuple[Point, ...]:
    """Months, highs and lows, averages and swings of the sector's shares."""
    names = {"sector": sector.name}
    points = _fund_past(view, sector)
    if not sector.compares_shares:
        return tuple(points)
    for kind, months in (("sector.month", 1), ("sector.quarter", 3), ("sector.year", 12)):
        points += _span(view, sector, kind, months)
    known = [row for row in sector.rows if row.measured.high and row.measured.low]
    if known:
        near = max(known, key=lambda row: row.measured.close / (row.measured.high or 1))
        far = min(known, key=lambda row: row.measured.close / (row.measured.high or 1))
        facts = {
            "near": _below(view, near),
            "far": _below(view, far),
            "high": view.mint.money("high52", far.measured.high or 0, far.share.symbol, CLOSES),
        }
        days = {"high": far.measured.high_day} if far.measured.high_day else {}
        points.append(Point("sector.high", facts, {"first": near.name, "last": far.name}, days, rank=1))
    lines = [(row, view.past.closes_of(row.share.symbol)) for row in sector.rows]
    over = sum(len(closes) >= 200 and closes[-1] > fmean(closes[-200:]) for _, closes in lines)
    facts = {
        "over": view.mint.count("sector_above200", over, sector.name, CLOSES),
        "covered": view.mint.count("sector_covered", len(sector.rows), sector.name, QUOTES),
    }
    points.append(Point("sector.averages", facts, names, rank=1))
    return (*points, *_swings(view, sector))


def _fund_past(view: Survey, sector: SectorDay) -> list[Point]:
    """The months of the fund that is the sector."""
    if sector.fund is None or not all(months in sector.fund.measured.momentum for months in (1, 3, 12)):
        return []
    facts = {
        name: view.mint.fraction(
            f"move_{months}m", sector.fund.measured.momentum[months], sector.fund.share.symbol, CLOSES
        )
        for name, months in (("month", 1), ("quarter", 3), ("year", 12))
    }
    return [Point("sector.fund_past", facts, {"fund": sector.fund.name})]


def _below(view: Survey, row: Row) -> Fact:
    high = row.measured.high or row.measured.close
    return view.mint.fraction("below_high", row.measured.close / high - 1, row.share.symbol, CLOSES)


def _span(view: Survey, sector: SectorDay, kind: str, months: int) -> list[Point]:
    known = [(row, row.measured.momentum[months]) for row in sector.rows if months in row.measured.momentum]
    if not known:
        return []
    (best, high), (worst, low) = max(known, key=lambda k: k[1]), min(known, key=lambda k: k[1])
    facts = {
        "mean": view.mint.fraction(
            f"sector_{months}m", fmean(move for _, move in known), sector.name, CLOSES
        ),
        "best": view.mint.fraction(f"move_{months}m", high, best.share.symbol, CLOSES),
        "worst": view.mint.fraction(f"move_{months}m", low, worst.share.symbol, CLOSES),
    }
    return [Point(kind, facts, {"sector": sector.name, "first": best.name, "last": worst.name}, rank=1)]


def _swings(view: Survey, sector: SectorDay) -> list[Point]:
    """The calmest and the wildest share, and how closely the two busiest move together."""
    points = []
    ranked = sorted(
        ((r.measured.volatility, r.name, r) for r in sector.rows if r.measured.volatility),
        key=lambda v: v[:2],
    )
    if len(ranked) > 1:
        (low, calm, quiet), (high, wild, loud) = ranked[0], ranked[-1]
        facts = {
            "calm": view.mint.fraction("volatility", low, quiet.share.symbol, CLOSES),
            "wild": view.mint.fraction("volatility", high, loud.share.symbol, CLOSES),
        }
        points.append(Point("sector.swings", facts, {"calm": calm, "wild": wild}, rank=2))
    busy = sorted(sector.rows, key=lambda row: -row.value.value)[:2]
    lines = [log_returns(view.past.closes_of(row.share.symbol)[-127:]) for row in busy]
    if len(lines) == 2 and (tie := correlation(*lines)) is not None:
        fact = view.mint.times("correlation", tie, f"{busy[0].share.symbol}-{busy[1].share.symbol}", CLOSES)
        points.append(
            Point("sector.tie", {"tie": fact}, {"first": busy[0].name, "last": busy[1].name}, rank=4)
        )
    return points
