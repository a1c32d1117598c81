"""The last chapter of a sector brief: what is paid for its shares, what they paid out, and the dates ahead."""

from datetime import date
from decimal import Decimal
from statistics import median

from services.domain.briefing.outlook import due, event_point
from services.domain.briefing.points import Point
from services.domain.briefing.survey import Row, SectorDay, Survey
from services.domain.market import Fundamentals


def sector_value(view: Survey, sector: SectorDay, today: date) -> tuple[Point, ...]:
    """Ratios and yields as the screener has them, what is due, and the closing word."""
    table = [(r, f) for r in sector.rows if (f := view.book.fundamentals.get(r.share.symbol)) is not None]
    members = {row.share.symbol for row in sector.rows}
    events = [e for e in due(view.book, today) if not e.symbol or e.symbol in members]
    return (
        *_ratios(view, sector, table),
        *_yields(view, sector, table),
        *_caps(view, sector, table),
        *(
            event_point(f"outlook.company{n % 2}" if e.symbol else f"outlook.event{n % 3}", e, view.book, n)
            for n, e in enumerate(events[:3])
        ),
        Point("sector.close", names={"sector": sector.name}),
    )


def _ratios(view: Survey, sector: SectorDay, table: list[tuple[Row, Fundamentals]]) -> list[Point]:
    known = sorted(
        ((f.pe, r) for r, f in table if f.pe is not None and f.pe.value > 0), key=lambda k: k[0].value
    )
    if len(known) < 2 and "cheap" in view.book.profile.blank_screens:
        return []
    if len(known) < 2:
        return [Point("sector.no_pe", names={"sector": sector.name}, rank=2)]
    (low, cheap), (high, dear) = known[0], known[-1]
    middle = view.mint.times("sector_pe", median(f.value for f, _ in known), sector.name, "screener ratios")
    points = [
        Point("sector.pe", {"pe": middle, "low": low, "high": high}, {"first": cheap.name, "last": dear.name})
    ]
    every = [f.pe.value for f in view.book.fundamentals.values() if f.pe is not None and f.pe.value > 0]
    if len(every) > 20:
        whole = view.mint.times("market_pe", median(every), "All", "screener ratios")
        points.append(Point("sector.pe_market", {"whole": whole}, {"sector": sector.name}, rank=2))
    return points


def _yields(view: Survey, sector: SectorDay, table: list[tuple[Row, Fundamentals]]) -> list[Point]:
    paid = sorted(
        (
            (f.dividend_yield, r)
            for r, f in table
            if f.dividend_yield is not None and f.dividend_yield.value > 0
        ),
        key=lambda k: -k[0].value,
    )
    if not paid and "dividend" in view.book.profile.blank_screens:
        return []
    if not paid:
        return [Point("sector.no_yield", names={"sector": sector.name}, rank=2)]
    count = view.mint.count("sector_payers", len(paid), sector.name, "screener yields")
    points = [Point("sector.yields", {"top": paid[0][0], "count": count}, {"first": paid[0][1].name}, rank=1)]
    if len(paid) > 2:
        middle = view.mint.fact(
            "sector_yield", median(f.value for f, _ in paid), "%", sector.name, "screener yields"
        )
        points.append(Point("sector.yield_middle", {"middle": middle}, rank=3))
    return points


def _caps(view: Survey, sector: SectorDay, table: list[tuple[Row, Fundamentals]]) -> list[Point]:
    caps = sorted(
        ((f.market_cap, r) for r, f in table if f.market_cap is not None), key=lambda k: -k[0].value
    )
    if len(caps) < 2:
        return []
    whole = sum((cap.value for cap, _ in caps), Decimal(0))
    total = view.mint.fact("sector_cap", whole, caps[0][0].unit, sector.name, "screener values")
    return [Point("sector.caps", {"total": total, "top": caps[0][0]}, {"first": caps[0][1].name}, rank=2)]
