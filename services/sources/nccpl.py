"""NCCPL's flows of foreign (FIPI) and local (LIPI) investors, from files that people export.

Its own site is behind a bot challenge, which is not defeated: nothing here is ever fetched.

Three shapes are read, each as CSV or JSON: NCCPL's rows by client and market type, the matrix of classes by sectors, and
SCSTrade's rows. Whatever the shape, the sums must hold (``flow_sums``).
"""

from collections.abc import Mapping, Sequence
from functools import partial

from services.domain.errors import BrokenPage
from services.domain.rows import FlowRow
from services.domain.sourcing import Page, Parse
from services.sources import flow_files, flow_names, flow_sums, listings, nccpl_rows
from services.sources.flow_names import ALL, Side
from services.sources.flow_sums import Total

LICENCE = (
    "NCCPL's market information is read only from files the operator exported himself or receives under a licence; "
    "its site is never fetched."
)
_WORTH = ("BUY_USD_MN", "SELL_USD_MN", "NET_USD_MN")
_PERIODS = frozenset({"FIPI_PERIOD", "LIPI_PERIOD"})


def flows(page: Page) -> Sequence[FlowRow]:
    """Net buying by class and sector, USD million, whose sums hold. ``BrokenPage`` else, naming the sector and both sums.

    ``asked["day"]`` (ISO) says the day of a file without dates; ``asked["usd_pkr"]`` the rupees a dollar for one without
    dollars. A day of figures with slashes is DD/MM/YYYY, as NCCPL writes it.
    """
    items = flow_files.items(page)
    first = items[0]
    if first.has("CLIENT_TYPE"):
        return nccpl_rows.by_client(page, items)
    if first.has("SIDE") and first.has("LABEL"):
        return _matrix(page, items)
    if first.has("FLNETVALUEUSD"):
        return _republished(page, items)
    detail = "none of the shapes we read: CLIENT_TYPE and MARKET_TYPE, or side and label, or FLNetValueUSD"
    raise BrokenPage(detail, page=page.name, column="CLIENT_TYPE")


READERS: Mapping[str, Parse] = {"nccpl.flows": flows}


# --- the matrix: a row for a class, a column for a sector


def _matrix(page: Page, items: Sequence[listings.Item]) -> Sequence[FlowRow]:
    sectors = _sector_columns(items[0])
    rows: list[FlowRow] = []
    totals: list[Total] = []
    for item in items:
        side, day = item.text("SIDE").upper(), flow_files.day_of(item)
        if side in _PERIODS:
            continue
        if side not in {"FIPI", "LIPI", "FIPI_TOTAL", "LIPI_TOTAL"}:
            item.broken(f"{side[:40]!r} is neither FIPI nor LIPI", "side")
        nets = {ALL: item.number("NET_USD_MN")} | {
            name: item.number(column) for column, name in sectors.items()
        }
        of: Side = "FIPI" if side.startswith("FIPI") else "LIPI"
        if side.endswith("_TOTAL"):
            totals += [Total(day, of, name, net, item.place) for name, net in nets.items()]
            continue
        known = flow_files.investor_of(item, "LABEL")
        if known is None or known[0] != of:
            item.broken(f"{item.text('LABEL')[:40]!r} is no class of {of}", "label")
        bought, sold = item.number("BUY_USD_MN"), item.number("SELL_USD_MN")
        rows.append(FlowRow(day, of, known[1], ALL, nets.pop(ALL), bought, sold))
        rows += [FlowRow(day, of, known[1], name, net) for name, net in nets.items()]
    lacking = {"FIPI", "LIPI"} - {row.side for row in rows}
    if lacking:
        raise BrokenPage(f"no row of {lacking.pop()}: a part of the file", page=page.name, column="side")
    return flow_sums.checked(page, rows, totals, step=flow_files.step(items, ["NET_USD_MN", *sectors]))


def _sector_columns(item: listings.Item) -> Mapping[str, str]:
    """Column to our name, for all eleven sectors. Raises ``BrokenPage``."""
    for column in _WORTH:
        item.text(column)
    found: dict[str, str] = {}
    for column in item.columns:
        if column not in {"DATE", "SIDE", "LABEL", *_WORTH}:
            found[column] = item.read(column, partial(flow_names.sector, column.replace("_", " ")))
    if len(set(found.values())) != flow_sums.SECTORS or len(found) != flow_sums.SECTORS:
        raise BrokenPage(
            f"{len(found)} sectors of {flow_sums.SECTORS}", page=item.page.name, column="sectors"
        )
    return found


# --- SCSTrade: a row for a class in a sector, without dates


def _republished(page: Page, items: Sequence[listings.Item]) -> Sequence[FlowRow]:
    rows: list[FlowRow] = []
    totals: list[Total] = []
    for item in items:
        day, net = flow_files.day_of(item), item.number("FLNETVALUEUSD")
        column = "FLTYPENEW" if item.has("FLTYPENEW") else "FLTYPE"
        shown = item.text("FLSECTORNAME") if item.has("FLSECTORNAME") else ALL
        sector = item.read("FLSectorName", partial(flow_names.sector, shown))
        known = flow_files.investor_of(item, column)
        if known is not None:
            rows.append(FlowRow(day, known[0], known[1], sector, net))
        elif (side := flow_names.total_of(item.text(column))) is not None:
            totals.append(Total(day, side, sector, net, item.place))
    if not rows:
        raise BrokenPage("no row of a class of investors", page=page.name, column="FLTypeNew")
    return flow_sums.checked(page, rows, totals, step=flow_files.step(items, ["FLNETVALUEUSD"]))
