"""What the shapes of NCCPL's flows have in common: rows from CSV or JSON, their day, their class, how finely they are published."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial

from services.domain.errors import BrokenPage
from services.domain.sourcing import Page
from services.sources import cells, flow_names, listings
from services.sources.flow_names import Side

COARSEST = 0.01
"""USD million: no shape publishes fewer decimals."""

_DAYS = ("DATE", "TRADE_DATE", "TRANSACTION_DATE", "DATED", "DAY")
_SLASHED = re.compile(r"\d{1,2}/\d{1,2}/\d{4}", re.ASCII)


def items(page: Page) -> list[listings.Item]:
    """The rows, their columns in capitals with underscores: "Client Type" is CLIENT_TYPE."""
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        found = listings.lines(page)
        header = [_column(name) for name in (found[0] if found else [])]
        listings.need(
            page, header, [] if {"CLIENT_TYPE", "SIDE", "FLNETVALUEUSD"} & set(header) else ["CLIENT_TYPE"]
        )
        return listings.items(page, header, found[1:])
    value = listings.json_value(page)
    common: dict[str, object] = {}
    if isinstance(value, dict):
        common = {"date": value["date"]} if isinstance(value.get("date"), str) else {}
        value = next((value[name] for name in ("d", "data", "records", "rows") if name in value), None)
    if isinstance(value, str):  # ASP.NET wraps JSON into a text
        value = listings.json_text(page, value, column="d")
    if isinstance(value, list):
        value = [_renamed(common | one) if isinstance(one, dict) else one for one in value]
    rows = listings.objects(page, value)
    if not rows:
        raise BrokenPage("there are no rows (a day without trading?)", page=page.name)
    return rows


def _renamed(row: dict[str, object]) -> dict[str, object]:
    return {_column(name): value for name, value in row.items()}


def _column(name: object) -> str:
    return re.sub(r"[^A-Z0-9&/]+", "_", str(name).strip().upper()).strip("_")


def day_of(item: listings.Item) -> date:
    """The row's own day, else the one that was told with the file."""
    column = next((name for name in _DAYS if item.has(name)), "")
    if column:
        return item.day(column)
    asked = item.page.asked
    shown = asked.get("day", "")
    if not shown and asked.get("date1") and asked["date1"] == asked.get("date2", asked["date1"]):
        shown = asked["date1"]
        if _SLASHED.fullmatch(shown):  # SCSTrade is asked with MM/DD/YYYY
            month, day, year = shown.split("/")
            shown = f"{year}-{int(month):02d}-{int(day):02d}"
    if not shown:
        raise BrokenPage(
            "the file has no date, and no single day was told with it", page=item.page.name, column="DATE"
        )
    return item.read("DATE", lambda: cells.in_time(cells.day(shown), item.page.fetched_at))


def investor_of(item: listings.Item, column: str) -> tuple[Side, str] | None:
    """The side and the class; None for a total."""
    return item.read(column, partial(flow_names.investor, item.text(column)))


def step(rows: Sequence[listings.Item], columns: Sequence[str], scale: float = 1.0) -> float:
    """The last digit published, USD million."""
    places = 0
    for item in rows:
        for column in columns:
            try:
                exponent = Decimal(item.text(column).strip("()").replace(",", "") or "0").as_tuple().exponent
            except InvalidOperation:
                continue  # whoever reads it says so
            places = max(places, -exponent if isinstance(exponent, int) else 0)
    return min(COARSEST, 10.0**-places * scale)
