"""What funds hold, from their monthly reports: fund, day, share, weight in percent or as a fraction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from services.domain.errors import BrokenPage
from services.domain.importing.columns import (
    TICKER,
    caption,
    day_column,
    figure_column,
    note_unknown,
    refuse_spilled,
    text_column,
)
from services.domain.importing.headers import Field, Table
from services.domain.importing.reading import Around, Gathering
from services.domain.rows import HoldingRow

FIELDS = (
    Field("fund", ("fund", "fundname", "fundcode", "scheme", "schemename", "etf", "portfolio"), required=False),
    Field("day", ("date", "day", "asof", "asofdate", "month", "reportdate", "monthend", "validitydate"), required=False),
    Field("symbol", ("symbol", "ticker", "scrip", "holding", "stock", "security", "company", "companyname", "name", "stockname",
                     "toptenholdings", "toptenequityholdings", "top10holdings", "equityholdings", "holdings", "issuer")),
    Field("weight", ("weight", "weightpct", "pct", "pctoftotalassets", "pctofta", "oftotalassets", "pctofnetassets", "pctofna",
                     "ofnetassets", "ofassets", "pctofassets", "percentage", "percent", "allocation", "allocationpct", "exposure",
                     "share", "totalassetspct", "netassetspct", "pctofportfolio")),
)  # fmt: skip
FUND_WORDS = frozenset({"fund", "fundname", "scheme", "nameoffund", "schemename"})
WHOLE = 1.0
SLACK = 0.005  # ten weights rounded to a whole percent can be half a percent over


def read(table: Table, around: Around) -> Gathering:
    """The holdings; companies' names become tickers where they are certain, and are refused where they are not.

    Raises:
        BrokenPage: No fund or day can be found, or a fund's weights come to more than the whole of it.
    """
    gathering = Gathering("fund-holdings")
    refuse_spilled(table, gathering)
    funds, dated = _funds(table), day_column(table, gathering, around, months=True)
    symbols = [_ticker(text, around) for text in text_column(table, "symbol")]
    weights = figure_column(table, gathering, "weight")
    if _in_percent(table, weights):
        weights = [None if weight is None else round(weight / 100, 8) for weight in weights]
    for line, fund, day, symbol, weight in zip(table.lines, funds, dated, symbols, weights, strict=True):
        if line in gathering.refused:
            continue
        reason = _fault(fund, symbol, weight)
        if reason or day is None or weight is None:
            gathering.refuse(line, reason)
            continue
        gathering.add(line, HoldingRow(fund, day, symbol, weight))
    note_unknown(gathering, {s for s in symbols if s}, around.symbols)
    _check_sums(gathering, table.page)
    return gathering


def _funds(table: Table) -> list[str]:
    if "fund" in table.columns:
        return text_column(table, "fund")
    above = caption(table, FUND_WORDS)
    if not above:
        raise BrokenPage(
            'no column for the fund, and no line "Fund: …" above the table', page=table.page, column="fund"
        )
    return [above] * len(table.lines)


def _ticker(text: str, around: Around) -> str:
    upper = text.upper()
    if upper in around.symbols or (TICKER.fullmatch(text) and not around.symbols):
        return upper
    return around.ticker_of(text) or (text if TICKER.fullmatch(text) else "")


def _in_percent(table: Table, weights: Sequence[float | None]) -> bool:
    """By its header, by a sign in its cells, or because a weight or a fund's sum is above 1."""
    title = table.titles["weight"].casefold()
    if (
        "%" in title
        or "percent" in title
        or any(isinstance(cell, str) and "%" in cell for cell in table.cells("weight"))
    ):
        return True
    return any(weight is not None and weight > WHOLE + SLACK for weight in weights)


def _fault(fund: str, symbol: str, weight: float | None) -> str:
    if not fund:
        return "fund: empty"
    if not symbol:
        return "symbol: no share we know by that name"
    if weight is None:
        return "weight: empty"
    return "" if 0 <= weight <= WHOLE + SLACK else "weight: below 0 or above the whole fund"


def _check_sums(gathering: Gathering, page: str) -> None:
    sums: dict[tuple[str, date], float] = defaultdict(float)
    for row in set(gathering.rows):
        if isinstance(row, HoldingRow):
            sums[row.fund, row.day] += row.weight
    for (fund, day), total in sorted(sums.items()):
        if total > WHOLE + SLACK:
            raise BrokenPage(
                f"the weights of {fund[:60]} on {day.isoformat()} come to {total:.1%}",
                page=page,
                column="weight",
            )
