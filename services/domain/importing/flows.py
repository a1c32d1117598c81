"""Foreign and local investors' dealing, as the clearing company's tables are exported: sectors in columns or in rows."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.domain.importing.columns import (
    day_column,
    figure_cells,
    figure_column,
    refuse_spilled,
    text_column,
)
from services.domain.importing.flows_check import WHOLE, Side, investor_of, rounding, sector_of
from services.domain.importing.headers import Field, Table, plain
from services.domain.importing.reading import Around, Gathering
from services.domain.rows import FlowRow, RateRow

FIELDS = (
    Field("investor", ("investor", "label", "investortype", "clienttype", "ctypename", "category", "investorclass", "client", "type")),
    Field("day", ("date", "day", "tradedate", "reportdate"), required=False),
    Field("side", ("side", "table", "portfolio", "fipilipi", "origin"), required=False),
    Field("sector", ("sector", "sectorname", "smallname", "industry"), required=False),
    Field("buy", ("buyusdmn", "buy", "grossbuy", "buyvalue", "bought", "buyusd", "buyusdm"), required=False),
    Field("sell", ("sellusdmn", "sell", "grosssell", "sellvalue", "sold", "sellusd", "sellusdm"), required=False),
    Field("net", ("netusdmn", "net", "netbuysell", "netusd", "netvalue", "usd", "netusdm", "netbuy", "total")),
)  # fmt: skip
# The foreigners' running sums that stand under the day's table, by the names under which the bot tells them.
PERIODS: Mapping[str, str] = {
    "wtd": "fipi_net_wtd", "weektodate": "fipi_net_wtd", "mtd": "fipi_net_mtd", "monthtodate": "fipi_net_mtd",
    "cy": "fipi_net_cytd", "cytd": "fipi_net_cytd", "fy": "fipi_net_fytd", "fytd": "fipi_net_fytd",
}  # fmt: skip
DAY = "fipi_net_day"
TOTALS = frozenset({"fipitotal", "fipinet", "totalfipi", "netfipi", "lipitotal", "lipinet", "totallipi", "netlipi", "grandtotal",
                    "total", "net", "gross", "foreigntotal", "localtotal"})  # fmt: skip
MOST = 100_000.0  # USD million; more than the whole market's worth

_Figures = tuple[float | None, float | None, float | None]


def read(table: Table, around: Around) -> Gathering:
    """The rows of one or more days. Lines of totals are left to the sums' own check; running totals stand beside.

    Raises:
        BrokenPage: The dates cannot be read.
    """
    gathering = Gathering("flows")
    refuse_spilled(table, gathering)
    dated = day_column(table, gathering, around)
    investors, sides = text_column(table, "investor"), text_column(table, "side")
    sectors = text_column(table, "sector")
    wide = _sector_columns(table, gathering) if "sector" not in table.columns else {}
    figures = list(
        zip(*(figure_column(table, gathering, name) for name in ("buy", "sell", "net")), strict=True)
    )
    turned = _sells_are_positive(figures)
    for place, line in enumerate(table.lines):
        day = dated[place]
        if (
            line in gathering.refused
            or day is None
            or _is_total(investors[place], sides[place], day, figures[place], gathering)
        ):
            continue
        who = _who(investors[place], sides[place])
        sector = sector_of(sectors[place]) if "sector" in table.columns else WHOLE
        reason = _fault(who, sector, figures[place])
        if reason or who is None or sector is None:
            gathering.refuse(line, reason)
            continue
        buy, sell, net = figures[place]
        sold = -sell if turned and sell is not None else sell
        gathering.add(line, FlowRow(day, *who, sector, net or 0.0, buy, sold))
        for name, column in wide.items():
            if (value := column[place]) is not None:
                gathering.add(line, FlowRow(day, *who, name, value))
    return gathering


def _sector_columns(table: Table, gathering: Gathering) -> dict[str, Sequence[float | None]]:
    """Columns that are sectors, by our names of them."""
    known = {sector_of(title): title for title in table.others if sector_of(title) not in {None, WHOLE}}
    return {
        name: figure_cells(table, gathering, title, table.others[title])
        for name, title in known.items()
        if name
    }


def _sells_are_positive(figures: Sequence[_Figures]) -> bool:
    """Some tables write sells without their sign; the whole column tells, by what net comes to."""
    full = [(b, s, n) for b, s, n in figures if b is not None and s is not None and n is not None]
    step = 3 * rounding(value for line in full for value in line)
    signed = sum(abs(b + s - n) <= step for b, s, n in full)
    bare = sum(abs(b - s - n) <= step for b, s, n in full)
    return bare > signed


def _is_total(investor: str, side: str, day: date, figures: _Figures, gathering: Gathering) -> bool:
    """Whether a line is a sum of others. The foreigners' running sums are kept as figures of their own."""
    net = figures[2]
    period = PERIODS.get(plain(investor))
    if (
        period
        and net is not None
        and plain(side).startswith(("fipi", "foreign", ""))
        and not plain(side).startswith("lipi")
    ):
        gathering.beside.append(RateRow(period, day, net, "USD mn"))
        return True
    if plain(investor) not in TOTALS and plain(side) not in TOTALS:
        return period is not None
    if net is not None and any(
        plain(word) in {"fipitotal", "fipinet", "totalfipi", "netfipi"} for word in (side, investor)
    ):
        gathering.beside.append(RateRow(DAY, day, net, "USD mn"))
    return True


def _who(investor: str, side: str) -> tuple[Side, str] | None:
    found = investor_of(investor)
    told = plain(side).upper()
    if found is None or (told in {"FIPI", "LIPI"} and told != found[0]):
        return None
    return found


def _fault(who: tuple[Side, str] | None, sector: str | None, figures: _Figures) -> str:
    if who is None:
        return "investor: no class of investors of this side"
    if sector is None:
        return "sector: none of this table"
    net = figures[2]
    if net is None:
        return "net: empty"
    return "" if abs(net) <= MOST else "net: absurdly large"
