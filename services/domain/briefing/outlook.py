"""The market brief's last section: what is due, what is known of risks and prices paid, and what we do not know."""

from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from services.domain.briefing.news import foreign_net, recent, record_point
from services.domain.briefing.points import Point, sector_name, short_name
from services.domain.briefing.survey import CLOSES, Survey
from services.domain.grounding import days_in, facts_in
from services.domain.indicators import max_drawdown
from services.domain.market import Event, Fact, MarketBook
from services.domain.quotation import price_status

AHEAD = timedelta(days=60)
DEEP = 0.2


def outlook(view: Survey, today: date) -> tuple[Point, ...]:
    """Calendar from ``today`` on, catalysts, risks and valuations; no strategy, and the gaps in our knowledge by name."""
    return (
        Point("outlook.open"),
        *_calendar(view, today),
        *_catalysts(view),
        *_risks(view),
        *_prices(view),
        *_gaps(view),
        Point("outlook.close"),
    )


def due(book: MarketBook, today: date, span: timedelta = AHEAD) -> tuple[Event, ...]:
    """Events after the book's day that ``today`` has not passed, soonest first."""
    ahead = [e for e in book.events if book.day < e.day <= today + span and e.day >= today]
    return tuple(sorted(ahead, key=lambda e: (e.day, e.symbol == "")))


def event_point(kind: str, event: Event, book: MarketBook, rank: int) -> Point:
    """An event as a sentence: its title with the symbol said as a name, its day, its source."""
    share = book.shares.get(event.symbol)
    title = event.title
    if share is not None:
        title = title.removeprefix(f"{event.symbol}: ").replace(event.symbol, short_name(share))
    stem = Fact(
        f"event:{event.day}:{event.symbol}",
        Decimal(0),
        "count",
        event.symbol or book.profile.country,
        book.closed_at,
        event.source,
        price_status(book),
    )
    figures = {f"figure{place}": fact for place, fact in enumerate(facts_in(title, stem))}
    days = {f"titled{place}": day for place, day in enumerate(sorted(days_in(title, event.day.year)))}
    names = {"title": title, "source": event.source, "name": short_name(share) if share else ""}
    return Point(kind, figures, names, {"day": event.day} | days, rank)


def _calendar(view: Survey, today: date) -> tuple[Point, ...]:
    points = []
    for place, event in enumerate(due(view.book, today)[:4]):
        kind = (
            f"outlook.company{place % 2}" if event.symbol in view.book.shares else f"outlook.event{place % 3}"
        )
        points.append(event_point(kind, event, view.book, rank=place))
    return tuple(points)


def _catalysts(view: Survey) -> tuple[Point, ...]:
    """Companies that have called a board meeting: what may be published next, without guessing what."""
    meetings = [
        a
        for a in recent(view.book, timedelta(days=14))
        if "board meeting" in a.title and a.symbol in view.book.shares
    ]
    return tuple(
        record_point(f"outlook.meeting{place}", a, view.book, rank=2 + place)
        for place, a in enumerate(meetings[:2])
    )


def _risks(view: Survey) -> tuple[Point, ...]:
    year = [level for day, level in view.closes if day > view.book.day - timedelta(weeks=52)]
    deepest = max_drawdown(year)
    points = []
    if deepest is not None and len(year) > 200:
        fall = view.mint.fraction("drawdown", -deepest, view.head, view.levels)
        points.append(Point("outlook.drawdown", {"fall": fall}, rank=1))
    known = [row for row in view.rows if row.measured.high]
    if known:
        deep = sum(row.measured.close <= (row.measured.high or 0) * (1 - DEEP) for row in known)
        facts = {
            "count": view.mint.count("deep", deep, "All", CLOSES),
            "covered": view.mint.count("with_year", len(known), "All", CLOSES),
            "margin": view.mint.fraction("deep_margin", DEEP, "All", "our choice of a deep fall"),
        }
        points.append(Point("outlook.deep", facts, rank=2))
    if "fipi_net_cytd" in view.book.rates:
        net = view.book.rates["fipi_net_cytd"]
        kind = "outlook.cytd_out" if net.value < 0 else "outlook.cytd_in"
        points.append(Point(kind, {"net": net}, days={"day": net.as_of.date()}, rank=2))
    if "policy_rate" in view.book.rates and "cpi_yoy" in view.book.rates:
        prices = view.book.rates["cpi_yoy"]
        points.append(Point("outlook.prices", {"prices": prices}, days={"day": prices.as_of.date()}, rank=3))
    return tuple(points)


def _prices(view: Survey) -> tuple[Point, ...]:
    """Price-earnings ratios and dividend yields of the covered shares as the screener publishes them."""
    table = [
        (row, known)
        for row in view.rows
        if (known := view.book.fundamentals.get(row.share.symbol)) is not None
    ]
    ratios = {row.share.symbol: f.pe for row, f in table if f.pe is not None and f.pe.value > 0}
    yields = [
        (row, f.dividend_yield)
        for row, f in table
        if f.dividend_yield is not None and f.dividend_yield.value > 0
    ]
    points = []
    if len(ratios) > 20:
        facts = {
            "pe": view.mint.times(
                "median_pe", median(f.value for f in ratios.values()), "All", "screener ratios"
            ),
            "count": view.mint.count("with_pe", len(ratios), "All", "screener ratios"),
        }
        points.append(Point("outlook.pe", facts, rank=2))
        points += _sector_ratios(view, ratios)
    if len(yields) > 20:
        top = sorted(yields, key=lambda pair: -pair[1].value)[:3]
        facts = {place: fact for place, (_, fact) in zip("abc", top, strict=True)}
        names = {f"{place}name": row.name for place, (row, _) in zip("abc", top, strict=True)}
        points.append(Point("outlook.yields", facts, names, rank=3))
    return tuple(points)


def _sector_ratios(view: Survey, ratios: dict[str, Fact]) -> list[Point]:
    """The sectors with the lowest and the highest median price-earnings ratio, of those with four or more."""
    groups: dict[str, list[Decimal]] = {}
    for symbol, ratio in ratios.items():
        groups.setdefault(sector_name(view.book.shares[symbol]), []).append(ratio.value)
    middles = {name: median(values) for name, values in groups.items() if len(values) >= 4}
    if len(middles) < 2:
        return []
    low, high = min(middles, key=lambda n: middles[n]), max(middles, key=lambda n: middles[n])
    facts = {
        "low": view.mint.times("sector_pe", middles[low], low, "screener ratios"),
        "high": view.mint.times("sector_pe", middles[high], high, "screener ratios"),
    }
    return [Point("outlook.sector_pe", facts, {"low": low, "high": high}, rank=3)]


def _gaps(view: Survey) -> tuple[Point, ...]:
    """What is missing or of another day; said, not hidden."""
    points = []
    net = foreign_net(view)
    if net is not None and net.as_of.date() != view.book.day:
        points.append(Point("outlook.flow_day", days={"day": net.as_of.date()}, rank=1))
    dated = {day for day, _ in view.closes}
    missing = [day for day in view.book.sessions[-30:] if day not in dated]
    if missing:
        count = view.mint.count("missing_closes", len(missing), view.head, "sessions without an index level")
        points.append(Point("outlook.missing", {"count": count}, days={"day": missing[-1]}, rank=4))
    return tuple(points)
