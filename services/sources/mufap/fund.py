"""One fund's answer of MUFAP's site: the history of its value, its allocation, its expense ratio, as JSON within JSON."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from services.domain.errors import BrokenPage
from services.domain.rows import HoldingRow, NavRow
from services.domain.sourcing import Page
from services.sources import cells, listings
from services.sources.mufap import names

ASSETS: Mapping[str, str] = {
    "StocksOREquitiesPercent": "equities",
    "Cashpercent": "cash",
    "TBillsPercent": "treasury bills",
    "PIBsPercent": "Pakistan Investment Bonds",
    "IjarahSukuksPercent": "Ijarah sukuk",
    "TFCsPercent": "TFCs and corporate sukuk",
    "CommercialpapersPercent": "commercial paper",
    "GovernmentBackedORGuaranteedSecuritiesPercent": "government-backed securities",
    "PlacementsWithBanksandDFIsPercent": "placements with banks and DFIs",
    "PlacementsWithNBFCsPercent": "placements with NBFCs",
    "ReverseReposAgainstGovernmentSecuritiesPercent": "reverse repo, government securities",
    "ReverseReposAgainstAllOtherSecuritiesPercent": "reverse repo, other securities",
    "CFSPercent": "CFS and margin trading",
    "SpreadTransactionPercent": "spread transactions",
    "CommodityPercent": "commodities",
    "OtherInvestAmountFundOfFundPercent": "other funds",
    "OtherIncludingReceivablePercent": "other and receivables",
    "LaibilitiesPercent": "liabilities",
}
"""Their fields (their spelling) and what they hold."""

_NAMED = ("FundName", "Fund_Name", "fundname", "Fund", "fund_name", "FundDesc", "fund_desc")
_CATEGORY = ("Category", "CategoryName", "category", "Category_Name")
_SECTOR = ("Sector", "SectorName", "sector")
_EXPENSE = "TotalExpenseRatioYTD"
_MOST_EXPENSE = 50.0
_TICKS = re.compile(r"/Date\((-?\d{1,14})(?:[+-]\d{4})?\)/")


def fund(page: Page) -> Sequence[NavRow]:
    """The fund's values (Table1), oldest first; the newest bears the expense ratio for the year to date (Table5), in %.

    Who it is: ``asked["fund"]``, ``asked["category"]``, ``asked["sector"]``, as on the table of the industry; the answer's own
    profile where they are not given.
    """
    content = _content(page)
    name, category, sector = _who(page, content)
    items = listings.objects(page, content.get("Table1"), "netval", "entryDate", column="Table1")
    values: dict[date, float] = {}
    for item in items:
        day = _day(item, "entryDate")
        value = item.read("netval", partial(names.unit_value, item.text("netval")))
        if values.setdefault(day, value) != value:
            item.broken(f"{day.isoformat()} has two values: of two funds under one name?", "entryDate")
    if not values:
        raise BrokenPage("there are no values", page=page.name, column="Table1")
    days, ratio = sorted(values), _expense_ratio(page, content)
    rows = [NavRow(name, day, sector, category, values[day] or None, part="fund") for day in days]
    return [*rows[:-1], replace(rows[-1], expense_ratio_pct=ratio)]


def allocation(page: Page) -> Sequence[HoldingRow]:
    """What the fund holds by kind of asset (Table2), under ``symbol`` "asset:equities" and so on: no shares are named there.

    Weights are fractions; liabilities are negative. What is zero is left out. Raises ``BrokenPage`` if the kinds do not add
    up to the whole (0.9 to 1.1: the months before 2024 have no percentages).
    """
    content = _content(page)
    name, _, _ = _who(page, content)
    items = listings.objects(page, content.get("Table2"), "Date", column="Table2")
    rows: list[HoldingRow] = []
    for item in items[:1]:
        day = _day(item, "Date")
        for field, label in ASSETS.items():
            share = item.percent(field, least=-300, most=300) if item.has(field) and item.text(field) else 0.0
            if share:
                signed = -abs(share) if label == "liabilities" else share
                rows.append(HoldingRow(name, day, f"asset:{label}", round(signed / 100, 8)))
    total = sum(row.weight for row in rows)
    gross = sum(row.weight for row in rows if row.weight > 0)
    if not any(0.9 <= each <= 1.1 for each in (total, gross)):
        raise BrokenPage(f"the kinds of assets add up to {total:.1%}", page=page.name, column="Table2")
    return rows


def _content(page: Page) -> dict[str, object]:
    """What is inside of ``{"data": "<JSON as text>"}``."""
    outer = listings.json_value(page)
    data = outer.get("data") if isinstance(outer, dict) else None
    inner = listings.json_text(page, data, column="data") if isinstance(data, str) else data
    if not isinstance(inner, dict) or "Table1" not in inner:
        raise BrokenPage("there is no such table", page=page.name, column="Table1")
    return {str(key): value for key, value in inner.items()}


def _who(page: Page, content: Mapping[str, object]) -> tuple[str, str, str]:
    profile = listings.objects(page, content["Table"], column="Table")[:1] if content.get("Table") else []

    def said(word: str, fields: Sequence[str]) -> str:
        own = next((item.text(field) for item in profile for field in fields if item.has(field)), "")
        return cells.tidy(page.asked.get(word, "")) or own

    name, category = said("fund", _NAMED), said("category", _CATEGORY)
    if not name:
        raise BrokenPage("whose values these are is not told (asked['fund'])", page=page.name, column="Table")
    return names.fund_name(name, category), names.category_name(category), said("sector", _SECTOR)


def _day(item: listings.Item, field: str) -> date:
    """A day as .NET writes it, or ISO. A day of figures alone could be either way round: refused."""
    shown = item.text(field)
    if ticks := _TICKS.fullmatch(shown):
        shown = (
            datetime.fromtimestamp(max(0, min(int(ticks[1]) // 1000, 7_258_118_399)), UTC).date().isoformat()
        )
    if "/" in shown and not any(letter.isalpha() for letter in shown):
        item.broken(f"{shown[:40]!r}: which of the two is the month is not told", field)
    day = shown[:10] if shown[4:5] == "-" else shown
    return item.read(field, lambda: names.valid_on(cells.day(day), item.page.fetched_at))


def _expense_ratio(page: Page, content: Mapping[str, object]) -> float | None:
    items = listings.objects(page, content.get("Table5") or [], column="Table5")
    if not items or not items[0].has(_EXPENSE) or not items[0].text(_EXPENSE):
        return None
    return items[0].percent(_EXPENSE, least=0, most=_MOST_EXPENSE) or None
