"""The market brief's third section: dated records, payouts, policy and prices, and who brought or took money."""

from datetime import datetime, timedelta
from decimal import Decimal

from services.domain.briefing.points import Mint, Point, sector_name, short_name
from services.domain.briefing.survey import Survey
from services.domain.grounding import days_in, facts_in
from services.domain.market import Announcement, Fact, Flow, MarketBook
from services.domain.quotation import price_status

FRESH = timedelta(days=10)
_INVESTORS = {
    "Banks/DFI": "banks and development finance institutions",
    "Broker Proprietary Trading": "brokers on their own account",
    "Insurance": "insurance companies",
    "NBFC": "non-bank finance companies",
    "Other Organization": "other organisations",
}
_WORTH = {"record": 0, "policy": 0, "result": 1, "payout": 2, "action": 3, "notice": 4, "index": 9}


def news(view: Survey) -> tuple[Point, ...]:
    """What was published lately, with the day's price where the share is covered; then the economy and the flows."""
    return (*_opening(view), *_marked(view), *_records(view), *economy(view), *_flows(view))


def record_point(kind: str, told: Announcement, book: MarketBook, rank: int) -> Point:
    """A record as a sentence: its own title with the symbol said as a name; its figures become facts of the record."""
    entity, status = told.symbol or book.profile.country, price_status(book)
    stem = Fact(f"record:{told.id}", Decimal(0), "count", entity, _at(told, book), told.source, status)
    share = book.shares.get(told.symbol)
    title = told.title
    if share is not None and title.startswith(told.symbol):
        title = short_name(share) + title.removeprefix(told.symbol)
    figures = {f"figure{place}": fact for place, fact in enumerate(facts_in(told.title, stem))}
    days = {f"titled{place}": day for place, day in enumerate(sorted(days_in(told.title, told.day.year)))}
    return Point(kind, figures, {"title": title, "source": told.source}, {"day": told.day} | days, rank)


def is_mark(told: Announcement) -> bool:
    """Whether a record is only the exchange's ex-mark of a day, told in one breath with its like."""
    return told.id.startswith("mark:")


def recent(book: MarketBook, span: timedelta = FRESH) -> tuple[Announcement, ...]:
    """Records of the last days that are no index levels, the weightiest first, then the newest."""
    last = book.news_day
    fresh = [a for a in book.announcements if last - span <= a.day <= last and a.kind != "index"]
    return tuple(sorted(fresh, key=lambda a: (_WORTH[a.kind], last - a.day, a.id)))


def _at(told: Announcement, book: MarketBook) -> datetime:
    """The record's day; its hour is not known: the book's closing hour stands for it, midnight on a later day."""
    at = book.closed_at.replace(year=told.day.year, month=told.day.month, day=told.day.day)
    return at if told.day <= book.day else at.replace(hour=0, minute=0)


def _opening(view: Survey) -> tuple[Point, ...]:
    fresh = recent(view.book)
    if not fresh:
        return (Point("news.none"),)
    facts = {
        "count": view.mint.count("records", len(fresh), "All", "announcements"),
        "days": view.mint.count("record_days", FRESH.days, "All", "our choice of a window"),
    }
    # New York's are mostly lists of movers and figures of the economy.
    kind = "news.open" if view.book.profile.economy else "news.open_dated"
    return (Point(kind, facts, days={"day": view.book.day}),)


def _marked(view: Survey) -> tuple[Point, ...]:
    """Covered shares that trade without their dividend from this day on, and what that did to their reference price."""
    symbols = [
        a.symbol for a in recent(view.book) if is_mark(a) and "XD" in a.title and a.day == view.book.day
    ]
    rows = sorted((r for s in symbols if (r := view.row(s)) is not None), key=lambda r: -r.weight)
    if len(rows) < 2:
        return ()
    facts = {
        "count": view.mint.count("xd", len(rows), "All", "ex-dividend marks"),
        "a": rows[0].move,
        "b": rows[1].move,
    }
    names = {"list": "|".join(r.name for r in rows[:6]), "aname": rows[0].name, "bname": rows[1].name}
    return (
        Point("news.marked", facts, names, {"day": view.book.day}),
        Point("news.marked_moves", {"a": rows[0].move, "b": rows[1].move}, names, rank=2),
    )


def _records(view: Survey) -> tuple[Point, ...]:
    """Single records in the order of their weight; every second one with the share's own day beside it."""
    points = []
    told = [a for a in recent(view.book) if not is_mark(a) and (a.symbol in view.book.quotes or not a.symbol)]
    for place, record in enumerate(told[:8]):
        row = view.row(record.symbol)
        with_move = row is not None and place % 2 == 1 and record.kind != "record"
        kind = f"news.moved{place // 2 % 3}" if with_move else f"news.record{place // 2 % 4}"
        point = record_point(kind, record, view.book, rank=1 + place // 2)
        extra = {"move": row.move, "price": row.price} if row is not None else {}
        days = {**point.days, "book": view.book.day}
        points.append(Point(kind, {**point.facts, **extra}, point.names, days, point.rank))
    return tuple(points)


def economy(view: Survey) -> tuple[Point, ...]:
    """Policy rate, inflation and the dollar, each with its own day."""
    rates, points = view.book.rates, []
    policy, prices = rates.get("policy_rate"), rates.get("cpi_yoy")
    if policy is not None and prices is not None:
        gap = real_rate(view.mint, policy, prices)
        kind = "news.real_above" if gap.value >= 0 else "news.real_below"
        points.append(
            Point("news.policy", {"policy": policy, "prices": prices}, days={"policy": policy.as_of.date()})
        )
        points.append(Point(kind, {"gap": gap}, rank=4))
    if "USD" in rates:
        facts = {"usd": rates["USD"]} | {
            code.lower(): rates[code] for code in ("SAR", "AED") if code in rates
        }
        points.append(Point("news.rupee" if len(facts) == 3 else "news.dollar", facts, rank=3))
    return tuple(points)


def real_rate(mint: Mint, policy: Fact, prices: Fact) -> Fact:
    """The policy rate less yearly inflation, in percentage points."""
    return mint.fact("real_rate", policy.value - prices.value, "%", "PK", "policy rate and consumer prices")


def foreign_net(view: Survey) -> Fact | None:
    """Net buying of all foreign classes on the day of the flows, USD million."""
    flows = [f for f in view.book.flows if f.side == "FIPI" and f.sector == "All"]
    if not flows:
        return None
    total = sum((f.net.value for f in flows), Decimal(0))
    first = flows[0].net
    name, source = f"foreign_net:{first.as_of.date()}", f"computed from {first.source}"
    return Fact(name, total, "USD mn", "All", first.as_of, source, first.status)


def _flows(view: Survey) -> tuple[Point, ...]:
    net = foreign_net(view)
    if net is None:  # not in yet, which is no news where nobody publishes it
        return (Point("news.no_flows", rank=3),) if view.book.profile.economy else ()
    day = {"day": net.as_of.date()}
    points = [Point("news.foreign_in" if net.value > 0 else "news.foreign_out", {"net": net}, days=day)]
    local = sorted(_of(view.book.flows, "LIPI", "All"), key=lambda f: f.net.value)
    if len(local) > 2 and local[0].net.value < 0 < local[-1].net.value:
        facts = {"sold": local[0].net, "bought": local[-1].net}
        names = {"seller": investor_name(local[0]), "buyer": investor_name(local[-1])}
        points.append(Point("news.local", facts, names, rank=2))
    points += _foreign_sectors(view)
    return tuple(points)


def _foreign_sectors(view: Survey) -> list[Point]:
    """The sectors that foreigners left and entered most, all foreign classes together."""
    sums: dict[str, Decimal] = {}
    for flow in view.book.flows:
        if flow.side == "FIPI" and flow.sector not in {"All", "All Other", "Debt Market"}:
            sums[flow.sector] = sums.get(flow.sector, Decimal(0)) + flow.net.value
    if len(sums) < 3:
        return []
    first = next(f.net for f in view.book.flows if f.side == "FIPI")
    at, source = first.as_of, "computed from FIPI by sector"
    ends = {"sold": min(sums, key=lambda s: sums[s]), "bought": max(sums, key=lambda s: sums[s])}
    facts = {
        way: Fact(f"foreign_{way}:{at.date()}", sums[name], "USD mn", name, at, source, first.status)
        for way, name in ends.items()
    }
    if facts["sold"].value >= 0 or facts["bought"].value <= 0:
        return []
    return [
        Point("news.foreign_sectors", facts, {way: sector_name(name) for way, name in ends.items()}, rank=3)
    ]


def investor_name(flow: Flow) -> str:
    """A class of investors in plain English."""
    return _INVESTORS.get(flow.investor, flow.investor.lower())


def _of(flows: tuple[Flow, ...], side: str, sector: str) -> list[Flow]:
    return [flow for flow in flows if flow.side == side and flow.sector == sector]
