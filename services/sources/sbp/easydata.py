"""SBP's EasyData: official time series by key, as JSON from its API or as CSV from its download button.

The API wants its personal key in the query. It is nowhere else: not in ``asked``, not in what a parser reads.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from services.domain.errors import BrokenPage
from services.domain.rows import RateRow
from services.domain.sourcing import Page
from services.sources import cells, listings
from services.sources.clock import KARACHI

Unit = Literal["%", "index points", "PKR per USD", "USD mn", "PKR mn"]

SERIES: Mapping[str, tuple[str, Unit]] = {
    "TS_GP_IR_SIRPR_AH.SBPOL0030": ("policy_rate", "%"),
    "TS_GP_IR_SIRPR_AH.SBPOL0010": ("policy_ceiling", "%"),
    "TS_GP_IR_SIRPR_AH.SBPOL0020": ("policy_floor", "%"),
    "TS_GP_BAM_SIRKIBOR_D.KIBOR0010": ("kibor_1m", "%"),
    "TS_GP_BAM_SIRKIBOR_D.KIBOR0020": ("kibor_3m", "%"),
    "TS_GP_BAM_SIRKIBOR_D.KIBOR0030": ("kibor_6m", "%"),
    "TS_GP_BAM_SIRKIBOR_D.7KIBOR12M": ("kibor_12m", "%"),
    "TS_GP_ES_FADERPKR_M.XRDAVG0220": ("usd_monthly_average", "PKR per USD"),
    "TS_GP_PT_CPI_M.P00011516": ("cpi_yoy", "%"),
    "TS_GP_EXT_PAKRES_M.Z00030": ("reserves_sbp", "USD mn"),
    "TS_GP_EXT_PAKRES_M.Z00050": ("reserves_banks", "USD mn"),
    "TS_GP_BOP_WR_M.WR0340": ("remittances", "USD mn"),
}
"""The series we read, by key: our name and unit. KIBOR's are the offers."""

_UNITS: Mapping[str, Unit] = {
    "percent": "%", "%": "%", "million usd": "USD mn", "usd million": "USD mn", "million us dollar": "USD mn",
    "million us$": "USD mn", "pkr per usd": "PKR per USD", "pak rupees per us dollar": "PKR per USD",
    "rupees per us dollar": "PKR per USD", "pkr": "PKR per USD", "index": "index points", "million pkr": "PKR mn",
}  # fmt: skip
_DAY, _VALUE, _KEY, _UNIT, _STATUS = (
    "Observation Date",
    "Observation Value",
    "Series Key",
    "Unit",
    "Observation Status",
)
_MOST: Mapping[Unit, float] = {
    "%": 100,
    "index points": 1e6,
    "PKR per USD": 10_000,
    "USD mn": 1e6,
    "PKR mn": 1e12,
}
_FALLING = frozenset({"cpi_yoy"})
"""Changes, which may be negative; rates, prices and stocks may not."""


def easydata(page: Page) -> Sequence[RateRow]:
    """The observations of the series in the answer, oldest first; one without a value (status "missing") is left out."""
    rows = [row for item in _items(page) if (row := _row(item)) is not None]
    if not rows:
        raise BrokenPage("no observation with a value", page=page.name, column=_VALUE)
    rows.sort(key=lambda row: (row.day, row.name))
    for before, row in pairwise(rows):
        if (before.name, before.day) == (row.name, row.day):
            detail = f"{row.name} of {row.day.isoformat()} stands there twice"
            raise BrokenPage(detail, page=page.name, column=_DAY)
    return rows


def _items(page: Page) -> list[listings.Item]:
    needed = (_DAY, _VALUE, _KEY, _UNIT)
    if page.body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in {b"{", b"["}:
        last = page.body.split(b"\n", 1)[0].strip().strip(b'"').lower().endswith(_VALUE.lower().encode())
        return listings.csv_items(page, *needed, closed=last, also=[_STATUS])
    value = listings.json_value(page)
    if not isinstance(value, dict) or "columns" not in value:
        raise BrokenPage(
            "no observations but another answer (an expired key?)", page=page.name, column="columns"
        )
    return listings.grid(page, value["columns"], value.get("rows"), *needed)


def _row(item: listings.Item) -> RateRow | None:
    key = item.text(_KEY)
    if key not in SERIES:
        item.broken(f"{key[:60]!r} is none of the series read: {', '.join(SERIES)}", _KEY)
    name, unit = SERIES[key]
    shown = item.text(_UNIT).lower().replace(".", "")
    if _UNITS.get(shown) != unit:
        item.broken(f"{shown!r}, where {unit!r} was expected", _UNIT)
    if not item.text(_VALUE):
        if not item.has(_STATUS) or item.text(_STATUS).lower() in {"", "normal"}:
            item.broken("nothing there", _VALUE)
        return None
    least = -100.0 if name in _FALLING else 0.0
    value = item.read(_VALUE, lambda: listings.within(cells.number(item.text(_VALUE)), least, _MOST[unit]))
    return RateRow(name, item.read(_DAY, lambda: _day(item)), value, unit)


def _day(item: listings.Item) -> date:
    """Series reach back to the fifties; only the future is refused."""
    day = cells.day(item.text(_DAY)[:11].split("T")[0].strip())
    if day.year < 1947 or day > item.page.fetched_at.astimezone(KARACHI).date() + timedelta(days=1):
        raise ValueError(f"{day.isoformat()} cannot be a day observed")
    return day
