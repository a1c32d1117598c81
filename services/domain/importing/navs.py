"""Funds' values of a unit and returns, as their association's table and the files made of it write them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from services.domain.importing.columns import day_column, figure_column, refuse_spilled, text_column
from services.domain.importing.figures import NOTHING
from services.domain.importing.headers import Field, Table
from services.domain.importing.reading import Around, Gathering
from services.domain.rows import NavRow

# Ours for the period's return, and the headers it goes by.
PERIODS: Mapping[str, tuple[str, ...]] = {
    "YTD": ("ytd", "ytdpct"), "MTD": ("mtd", "mtdpct"), "1D": ("1day", "1d", "daily"), "15D": ("15days", "15d"),
    "30D": ("30days", "30d"), "90D": ("90days", "90d"), "180D": ("180days", "180d"), "270D": ("270days", "270d"),
    "365D": ("365days", "365d", "1year", "1y"), "2Y": ("2years", "2y"), "3Y": ("3years", "3y"),
}  # fmt: skip
FIELDS = (
    Field("fund", ("fund", "fundname", "scheme", "schemename", "funds")),
    Field("day", ("validitydate", "date", "day", "navdate", "asof", "caldate", "entrydate"), required=False),
    Field("nav", ("nav", "netval", "navperunit", "navpu", "navrs", "netassetvalue")),
    Field("sector", ("sector", "type"), required=False),
    Field("category", ("category", "fundcategory"), required=False),
    Field("rating", ("rating", "stabilityrating"), required=False),
    Field("benchmark", ("benchmark",), required=False),
    Field("offer", ("offer", "offerprice", "saleprice"), required=False),
    Field("repurchase", ("repurchase", "repurchaseprice", "redemption", "redemptionprice"), required=False),
    Field("ter", ("expenseratio", "ter", "expenseratiopct", "totalexpenseratio", "terpct"), required=False),
    *(Field(period, words, required=False) for period, words in PERIODS.items()),
)  # fmt: skip
HIGHEST = 10_000_000.0  # Rs a unit
FARTHEST = 100_000.0  # percent


def read(table: Table, around: Around) -> Gathering:
    """The values. 0 is a fund that has none yet. A name that stands under several categories bears its category too.

    Raises:
        BrokenPage: The dates cannot be read.
    """
    gathering = Gathering("navs")
    refuse_spilled(table, gathering)
    dated = day_column(table, gathering, around)
    words = {
        name: ["" if text.casefold() in NOTHING else text for text in text_column(table, name)]
        for name in ("sector", "category", "rating", "benchmark")
    }
    funds = _told_apart(text_column(table, "fund"), words["category"])
    figures = {
        name: figure_column(table, gathering, name)
        for name in ("nav", "offer", "repurchase", "ter", *PERIODS)
    }
    for place, line in enumerate(table.lines):
        day, of_row = dated[place], {name: column[place] for name, column in figures.items()}
        reason = _fault(funds[place], of_row)
        if line in gathering.refused or day is None or reason:
            gathering.refuse(line, reason)
            continue
        nav = of_row["nav"] or None
        gathering.mended += nav is None
        returns = {period: value for period in PERIODS if (value := of_row[period]) is not None}
        gathering.add(line, NavRow(
            funds[place], day, words["sector"][place], words["category"][place], nav, words["rating"][place],
            words["benchmark"][place], returns, of_row["offer"] or None, of_row["repurchase"] or None, of_row["ter"],
        ))  # fmt: skip
    return gathering


def category_in_short(category: str) -> str:
    """A category without the note on how its returns are counted: "VPS-Equity (Absolute Return )" is "VPS-Equity"."""
    return category.partition("(")[0].strip()


def _told_apart(funds: Sequence[str], categories: Sequence[str]) -> list[str]:
    """A pension fund's parts go by one name: those are told apart by their categories."""
    of: dict[str, set[str]] = defaultdict(set)
    for fund, category in zip(funds, categories, strict=True):
        of[fund].add(category_in_short(category))
    return [
        f"{fund} ({short})" if len(of[fund]) > 1 and (short := category_in_short(category)) else fund
        for fund, category in zip(funds, categories, strict=True)
    ]


def _fault(fund: str, figures: Mapping[str, float | None]) -> str:
    if not fund:
        return "fund: empty"
    for name in ("nav", "offer", "repurchase", "ter"):
        value = figures[name]
        if value is not None and not 0 <= value <= HIGHEST:
            return f"{name}: below 0 or absurdly high"
    odd = next((p for p in PERIODS if abs(figures[p] or 0.0) > FARTHEST), "")
    return f"{odd}: absurd as a return in percent" if odd else ""
