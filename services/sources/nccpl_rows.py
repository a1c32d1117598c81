"""NCCPL's own rows: a class of clients in a kind of market (and in a sector), in rupees with the net in dollars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from statistics import median

from services.domain.errors import BrokenPage
from services.domain.rows import FlowRow
from services.domain.sourcing import Page
from services.sources import flow_files, flow_names, flow_sums, listings
from services.sources.flow_names import ALL, Side
from services.sources.flow_sums import Total

_WHOLE = "TOTAL"
_MARKETS = frozenset(
    {
        "REG",
        "REGULAR",
        "FUT",
        "FUTURE",
        "BNB",
        "GEM",
        "NDM",
        "ODL",
        "CSF",
        "SIF",
        "DFC",
        "SQR",
        "IPO",
        "DEBT",
        _WHOLE,
    }
)
_RUPEES = (50.0, 1000.0)
"""Rupees for a dollar between which the file's own rate must lie: 105 in 2016, 280 in 2026."""
_WEIGHTY = 1_000.0
"""Dollars of net dealing from which on a row's own rate is not mere rounding."""
_SAME = 0.05
_KEPT = 8
"""Decimals of a million dollars that are kept: a cent."""


@dataclass(frozen=True, slots=True)
class _Dealt:
    """A row as published: rupees, and dollars (or None) in the file's unit; sales negative."""

    item: listings.Item
    day: date
    side: Side
    investor: str | None
    sector: str
    market: str
    bought: float | None
    sold: float | None
    net: float
    dollars: float | None


def by_client(page: Page, items: Sequence[listings.Item]) -> Sequence[FlowRow]:
    """Flows by class; kinds of market are added up, and must add up to the file's TOTAL where it has one.

    Dollars or millions of them is told by the rate the file's rupees and dollars give; that rate turns what was bought and
    sold into dollars, which NCCPL gives in rupees only. Without dollars ``asked["usd_pkr"]`` is that rate.
    """
    dealt: list[_Dealt] = []
    for item in items:
        dealt.append(_dealt(item, dealt[-1].side if dealt else None))
    rates, unit = _rates(page, dealt)
    _agreeing(dealt, rates, unit)
    found: dict[tuple[date, Side, str | None, str], list[_Dealt]] = {}
    for each in dealt:
        found.setdefault((each.day, each.side, each.investor, each.sector), []).append(each)
    rows: list[FlowRow] = []
    totals: list[Total] = []
    for (day, side, investor, sector), parts in found.items():
        bought, sold, net = _whole(page, parts, rates[day], unit)
        if investor is None:
            totals.append(Total(day, side, sector, net, parts[0].item.place))
        else:
            rows.append(FlowRow(day, side, investor, sector, net, bought, sold))
    if not rows:
        raise BrokenPage("no row of a class of investors", page=page.name, column="CLIENT_TYPE")
    return flow_sums.checked(page, rows, totals, step=flow_files.step(items, ["USD"], unit) if unit else 1e-6)


def _dealt(item: listings.Item, before: Side | None) -> _Dealt:
    """A row. A total without a name belongs to the side whose rows stand above it."""
    known = flow_files.investor_of(item, "CLIENT_TYPE")
    side = known[0] if known else flow_names.total_of(item.text("CLIENT_TYPE")) or before
    if side is None:
        item.broken("a total with no class of investors above it", "CLIENT_TYPE")
    market = item.text("MARKET_TYPE").upper()
    if market not in _MARKETS:
        item.broken(f"{market[:40]!r} is no kind of market we know", "MARKET_TYPE")
    sector = ALL
    if item.has("SECTOR_NAME") and item.text("SECTOR_NAME"):
        sector = item.read("SECTOR_NAME", partial(flow_names.sector, item.text("SECTOR_NAME")))
    bought, sold = (
        item.number_or_none(name) if item.has(name) else None for name in ("BUY_VALUE", "SELL_VALUE")
    )
    net = item.number("NET_VALUE")
    sold = None if sold is None else -abs(sold)
    if bought is not None and sold is not None and abs(bought + sold - net) > 2.0 + 1e-9 * (bought - sold):
        item.broken(f"bought {bought:.0f} and sold {sold:.0f} rupees do not make it", "NET_VALUE")
    dollars = item.number("USD") if item.has("USD") else None
    segment = item.text("SEGMENT").upper() if item.has("SEGMENT") else ""
    market = market if market == _WHOLE else f"{market} {segment}".strip()
    return _Dealt(
        item,
        flow_files.day_of(item),
        side,
        known[1] if known else None,
        sector,
        market,
        bought,
        sold,
        net,
        dollars,
    )


def _rates(page: Page, dealt: Sequence[_Dealt]) -> tuple[Mapping[date, float], float]:
    """Each day's rupees for a dollar, and the file's unit of dollars in millions (0 if it has none)."""
    days = sorted({each.day for each in dealt})
    if any(each.dollars is None for each in dealt):
        return dict.fromkeys(days, _told(page)), 0.0
    middle = {day: _middle([each for each in dealt if each.day == day]) for day in days}
    known = median([each for each in middle.values() if each] or [200.0])
    unit = next((unit for unit in (1e-6, 1.0) if _RUPEES[0] <= known / (unit * 1e6) <= _RUPEES[1]), 0.0)
    if not unit:
        raise BrokenPage(f"a dollar of {known:.4g} rupees cannot be", page=page.name, column="USD")
    return {day: (each or known) / (unit * 1e6) for day, each in middle.items()}, unit


def _middle(dealt: Sequence[_Dealt]) -> float:
    """Rupees for a unit of the USD column, 0 if nothing was dealt. The heaviest rows decide: small ones are rounded."""
    rows = sorted((each for each in dealt if each.dollars and each.net), key=lambda each: -abs(each.net))
    return median([each.net / each.dollars for each in rows[:15] if each.dollars]) if rows else 0.0


def _agreeing(dealt: Sequence[_Dealt], rates: Mapping[date, float], unit: float) -> None:
    """Rupees and dollars of every row say the same."""
    for each in dealt:
        paid, got = each.net / rates[each.day], (each.dollars or 0.0) * unit * 1e6
        if unit and abs(paid - got) > max(_WEIGHTY + unit * 1e6 * flow_files.COARSEST, abs(got) * _SAME):
            each.item.broken(
                f"{each.net:.0f} rupees are not {each.dollars:g} at {rates[each.day]:.2f}", "USD"
            )


def _told(page: Page) -> float:
    try:
        return listings.within(float(page.asked.get("usd_pkr", "")), *_RUPEES)
    except ValueError:
        detail = "there is no such column, and the rupees for a dollar were not told (asked['usd_pkr'])"
        raise BrokenPage(detail, page=page.name, column="USD") from None


def _whole(
    page: Page, parts: Sequence[_Dealt], rate: float, unit: float
) -> tuple[float | None, float | None, float]:
    """Bought, sold and net of all kinds of market, USD million."""
    whole = [each for each in parts if each.market == _WHOLE]
    others = [each for each in parts if each.market != _WHOLE]
    markets = [each.market for each in parts]
    if len(set(markets)) < len(markets):
        parts[-1].item.broken(
            f"{parts[-1].investor or 'a total'} in {parts[-1].sector!r} stands there twice", "MARKET_TYPE"
        )
    net = sum(_net(each, rate, unit) for each in whole or others)
    if whole and others:
        added = sum(_net(each, rate, unit) for each in others)
        if abs(added - net) > flow_sums.LEAST + 1e-6 * len(others):
            named = f"{whole[0].investor or 'total'}, sector {whole[0].sector!r}"
            detail = f"{named}: the markets add up to {added:+.6f} and TOTAL says {net:+.6f} USD million"
            raise BrokenPage(detail, page=page.name, column="MARKET_TYPE", row=whole[0].item.place)
    bought, sold = (
        _sum([getattr(each, name) for each in whole or others], rate) for name in ("bought", "sold")
    )
    return bought, sold, round(net, _KEPT)


def _net(each: _Dealt, rate: float, unit: float) -> float:
    return each.net / rate / 1e6 if each.dollars is None else each.dollars * unit


def _sum(rupees: Sequence[float | None], rate: float) -> float | None:
    known = [each for each in rupees if each is not None]
    return round(sum(known) / rate / 1e6, _KEPT) if len(known) == len(rupees) else None
