"""The market brief's fourth section: which sectors led, and where prices stand against their own past."""

from collections.abc import Callable, Sequence
from statistics import fmean

from services.domain.briefing.overview import index_move
from services.domain.briefing.points import Point
from services.domain.briefing.survey import CLOSES, LEAST_ROWS, QUOTES, Row, SectorDay, Survey
from services.domain.indicators import log_returns, volatility
from services.domain.market import Fact

NEAR = 0.05


def technicals(view: Survey) -> tuple[Point, ...]:
    """Sectors of the day and the month, then averages, highs and lows, and how much prices swing."""
    return (
        *_sectors(view),
        *_indices(view),
        *_averages(view),
        *_extremes(view),
        *_swings(view),
        *_reaches(view),
    )


def _sectors(view: Survey) -> tuple[Point, ...]:
    groups = [sector for sector in view.sectors if sector.compared]
    if len(groups) < 6:
        return ()
    up = sum(sector.move.value > 0 for sector in groups)
    counts = {
        "count": view.mint.count("sectors", len(groups), "All", "covered shares"),
        "up": view.mint.count("sectors_up", up, "All", "sector averages"),
    }
    best = [_sector(f"sectors.best{place}", s, s.rows[:1]) for place, s in enumerate(groups[:3])]
    worst = [_sector(f"sectors.worst{place}", s, s.rows[-1:]) for place, s in enumerate(groups[:-4:-1])]
    opening = Point("sectors.count_fund" if view.funds else "sectors.count", counts)
    return (opening, *best, *worst, *_sector_money(view), *_sector_months(groups))


def _sector(kind: str, sector: SectorDay, rows: Sequence[Row]) -> Point:
    """A sector's place. A fund's move is its own and no average; its sector may have no share that we follow."""
    rank = 0 if kind.endswith("0") else 2 if kind.endswith("1") else 4
    facts, names = {"move": sector.move}, {"sector": sector.name}
    for row in rows:
        facts["share"], names["name"] = row.move, row.name
    if sector.fund is not None:
        kind = f"{kind}_fund" if len(sector.rows) >= LEAST_ROWS else f"{kind}_alone"
    return Point(kind, facts, names, rank=rank)


def _sector_money(view: Survey) -> tuple[Point, ...]:
    """The sector that took the largest part of the covered money."""
    top = max(view.sectors, key=lambda sector: sector.value.value)
    total = sum(sector.value.value for sector in view.sectors)
    if not total:
        return ()
    part = view.mint.fraction("sector_part", top.value.value / total, top.name, "price times volume")
    return (Point("sectors.money", {"part": part, "value": top.value}, {"sector": top.name}, rank=3),)


def _sector_months(groups: list[SectorDay]) -> tuple[Point, ...]:
    dated = sorted((s for s in groups if s.month is not None), key=lambda s: s.month.value if s.month else 0)
    if len(dated) < 2 or dated[0].month is None or dated[-1].month is None:
        return ()
    facts = {"best": dated[-1].month, "worst": dated[0].month}
    kind = "sectors.month" if dated[0].fund is None else "sectors.month_fund"
    return (Point(kind, facts, {"first": dated[-1].name, "last": dated[0].name}, rank=3),)


def _indices(view: Survey) -> tuple[Point, ...]:
    banks, oil = view.book.indices.get("BKTI"), view.book.indices.get("OGTI")
    if banks is None or oil is None:
        return ()
    facts = {"banks": index_move(view, banks), "oil": index_move(view, oil)}
    members = [row for row in view.rows if row.share.sector_code == view.book.profile.banks]
    if not members:
        return (Point("sectors.indices", facts, rank=5),)
    breadth = {
        "count": view.mint.count("banks", len(members), "banks", "covered shares"),
        "rose": view.mint.count("banks_rose", sum(row.move.value > 0 for row in members), "banks", QUOTES),
    }
    return (Point("sectors.indices", facts, rank=5), Point("sectors.banks", breadth, rank=6))


def _averages(view: Survey) -> tuple[Point, ...]:
    """The index and the shares against their 50- and 200-session averages."""
    levels = [level for _, level in view.closes]
    if len(levels) < 200:
        return ()
    level = view.headline
    shares = {
        "mid": _count(view, "above50", lambda line: len(line) >= 50 and line[-1] > fmean(line[-50:])),
        "long": _count(view, "above200", lambda line: len(line) >= 200 and line[-1] > fmean(line[-200:])),
        "covered": view.mint.count("covered", len(view.rows), "All", CLOSES),
    }
    if level is None:
        return (Point("tech.shares", shares, rank=1),)
    now = float(level.level.value)
    mid, long = fmean(levels[-50:]), fmean(levels[-200:])
    facts = {
        "mid": view.mint.points("average50", mid, view.head, view.levels),
        "long": view.mint.points("average200", long, view.head, view.levels),
        "midgap": view.mint.fraction("gap50", now / mid - 1, view.head, view.levels),
        "longgap": view.mint.fraction("gap200", now / long - 1, view.head, view.levels),
    }
    return (
        Point("tech.index", facts, {"index": view.head_name}, rank=1),
        Point("tech.shares", shares, rank=1),
    )


def _count(view: Survey, stem: str, test: Callable[[tuple[float, ...]], bool]) -> Fact:
    """How many covered shares' adjusted closes pass a test."""
    passed = sum(test(view.past.closes_of(row.share.symbol)) for row in view.rows)
    return view.mint.count(stem, passed, "All", CLOSES)


def _extremes(view: Survey) -> tuple[Point, ...]:
    """Shares at or near their 52-week highest and lowest closes."""
    known = [row for row in view.rows if row.measured.high is not None and row.measured.low is not None]
    lows = [row for row in known if row.measured.close <= (row.measured.low or 0)]
    highs = [row for row in known if row.measured.close >= (row.measured.high or 0)]
    near_high = sum(row.measured.close >= (row.measured.high or 0) * (1 - NEAR) for row in known)
    near_low = sum(row.measured.close <= (row.measured.low or 0) * (1 + NEAR) for row in known)
    facts = {
        "high": view.mint.count("near_high", near_high, "All", CLOSES),
        "low": view.mint.count("near_low", near_low, "All", CLOSES),
        "margin": view.mint.fraction("near", NEAR, "All", "our choice of near"),
    }
    points = [Point("tech.near", facts, rank=2)]
    for kind, rows in (("tech.highs", highs), ("tech.lows", lows)):
        if rows:
            names = {"list": "|".join(row.name for row in rows[:4])}
            points.append(
                Point(kind, {"count": view.mint.count(kind, len(rows), "All", CLOSES)}, names, rank=3)
            )
    return tuple(points)


def _swings(view: Survey) -> tuple[Point, ...]:
    """Annualised volatility of the index lately and over a year, and the wildest and calmest covered shares."""
    points = []
    month = volatility(log_returns([level for _, level in view.closes][-21:]))
    year = volatility(log_returns([level for _, level in view.closes][-253:]))
    if month is not None and year is not None and len(view.closes) > 253:
        facts = {
            "month": view.mint.fraction("volatility20", month, view.head, view.levels),
            "year": view.mint.fraction("volatility252", year, view.head, view.levels),
        }
        points.append(Point("tech.calmer" if month < year else "tech.wilder", facts, rank=3))
    ranked = sorted(
        ((row.measured.volatility, row) for row in view.rows if row.measured.volatility is not None),
        key=lambda pair: (pair[0], pair[1].share.symbol),
    )
    if len(ranked) > 10:
        (low, calm), (high, wild) = ranked[0], ranked[-1]
        facts = {
            "calm": view.mint.fraction("volatility", low, calm.share.symbol, CLOSES),
            "wild": view.mint.fraction("volatility", high, wild.share.symbol, CLOSES),
        }
        points.append(Point("tech.swings", facts, {"calm": calm.name, "wild": wild.name}, rank=5))
    return tuple(points)


def _reaches(view: Survey) -> tuple[Point, ...]:
    """The shares farthest over and under their own 200-session average."""
    lines = {row.name: view.past.closes_of(row.share.symbol) for row in view.rows}
    gaps = {name: line[-1] / fmean(line[-200:]) - 1 for name, line in lines.items() if len(line) >= 200}
    if len(gaps) < 10:
        return ()
    over, under = max(gaps, key=lambda n: gaps[n]), min(gaps, key=lambda n: gaps[n])
    facts = {
        "over": view.mint.fraction("gap200", gaps[over], over, CLOSES),
        "under": view.mint.fraction("gap200", gaps[under], under, CLOSES),
    }
    return (Point("tech.reaches", facts, {"over": over, "under": under}, rank=6),)
