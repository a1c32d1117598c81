"""Who bought and who sold: one day's net flows by investors and by sector, ready to be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.domain.market import Fact, Flow, MarketBook

WHOLE = "All"
TOTALS = ("fipi_net_wtd", "fipi_net_mtd", "fipi_net_cytd", "fipi_net_fytd")


@dataclass(frozen=True, slots=True)
class Buying:
    """Net buying of one day, USD million. ``foreign_net`` is the day's total; investors and sectors largest first.

    ``totals`` are the foreigners' running sums by name; ``after_prices`` tells that the day lies after the prices'.
    """

    day: date
    foreign_net: Decimal
    foreigners: tuple[Flow, ...]
    locals: tuple[Flow, ...]
    sectors: tuple[tuple[str, Decimal], ...]
    totals: Mapping[str, Fact]
    source: str
    after_prices: bool


def buying_of(book: MarketBook) -> Buying | None:
    """The newest day of flows in the book; None if it has none."""
    if not book.flows:
        return None
    day = max(flow.net.as_of.date() for flow in book.flows)
    rows = [flow for flow in book.flows if flow.net.as_of.date() == day]
    foreign = [flow for flow in rows if flow.side == "FIPI"]
    whole = [flow for flow in rows if flow.sector == WHOLE]
    sectors: dict[str, Decimal] = {}
    for flow in foreign:
        if flow.sector != WHOLE:
            sectors[flow.sector] = sectors.get(flow.sector, Decimal(0)) + flow.net.value
    return Buying(
        day=day,
        foreign_net=sum((flow.net.value for flow in whole if flow.side == "FIPI"), Decimal(0)),
        foreigners=_largest(flow for flow in whole if flow.side == "FIPI"),
        locals=_largest(flow for flow in whole if flow.side == "LIPI"),
        sectors=tuple(sorted(sectors.items(), key=lambda each: (-each[1], each[0]))),
        totals={name: book.rates[name] for name in TOTALS if name in book.rates},
        source=rows[0].net.source,
        after_prices=day > book.day,
    )


def _largest(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    return tuple(sorted(flows, key=lambda flow: (-abs(flow.net.value), flow.investor)))
