"""Mutual funds and exchange-traded funds of the sample day: NAV, returns, fee and what is disclosed of the holdings."""

import gzip
import re
from pathlib import Path

from services.sources.build.codes import fund_codes
from services.sources.build.files import figure, iso, plain, rows, table_rows
from services.sources.build.prices import DAY
from services.sources.build.tables import ETF_SYMBOLS

_SECTORS = ("Open-End Funds", "Dedicated Equity Funds", "Exchange Traded Fund (ETF)")
_PERIODS = {
    "1 Day": "1D",
    "15 Days": "15D",
    "30 Days": "30D",
    "90 Days": "90D",
    "180 Days": "180D",
    "270 Days": "270D",
    "365 Days": "365D",
    "MTD": "MTD",
    "YTD": "YTD",
    "2 Years": "2Y",
    "3 Years": "3Y",
}


def funds(data: Path, shares: set[str]) -> dict[str, dict[str, object]]:
    """Every open-end fund and ETF by code. Pension funds are left out: several sub-funds share one name.

    Of the two captures (22 and 24 Aug 2026) the newest NAV not later than the day is taken, else the first after
    it; its validity date travels with it.
    """
    captured = _capture_csv(data) + _capture_html(data)
    codes = fund_codes(sorted({row["Fund Name"] for row in captured}), shares)
    best: dict[str, dict[str, str]] = {}
    for row in captured:
        name = row["Fund Name"]
        if name not in best or _rank(row) > _rank(best[name]):
            best[name] = row
    return {codes[name]: _fund(row) for name, row in best.items()}


def _rank(row: dict[str, str]) -> tuple[bool, int]:
    """Not later than the day first, then as near to the day as can be."""
    ordinal = int(row["valid"].replace("-", ""))
    return row["valid"] <= DAY, ordinal if row["valid"] <= DAY else -ordinal


def _fund(row: dict[str, str]) -> dict[str, object]:
    category = re.sub(r"\s*\((Absolute|Annualized) Return \)$", "", row["Category"])
    name = row["Fund Name"]
    return {
        "name": name,
        "kind": "etf" if name in ETF_SYMBOLS else "mutual",
        "category": category,
        "shariah": category.startswith("Shariah Compliant"),
        "annualised": "Annualized" in row["Category"],
        "nav": figure(row["NAV"]),
        "valid": row["valid"],
        "returns": {
            label: value for key, label in _PERIODS.items() if (value := figure(row[key])) is not None
        },
    }


def _capture_csv(data: Path) -> list[dict[str, str]]:
    table = [
        row for row in rows(data / "funds/mufap_industry_returns_2026-08-24.csv") if row["Sector"] in _SECTORS
    ]
    return [row | {"valid": iso(row["Validity Date"], "%b %d, %Y")} for row in table]


def _capture_html(data: Path) -> list[dict[str, str]]:
    """The page itself; columns are found by their heading.

    Raises:
        ValueError: If a heading is missing.
    """
    with gzip.open(
        data / "funds/mufap_IndustryStatDaily_tab1_2026-08-22.html.gz", "rt", encoding="utf-8"
    ) as file:
        page = file.read()
    headings = [plain(each) for each in re.findall(r"<th[^>]*>(.*?)</th>", page, re.DOTALL)]
    missing = {"Sector", "Category", "Fund Name", "Validity Date", "NAV", *_PERIODS} - set(headings)
    if missing:
        raise ValueError(f"MUFAP page without {sorted(missing)}")
    found = [
        dict(zip(headings, cells, strict=False)) for cells in table_rows(page) if len(cells) == len(headings)
    ]
    kept = [row for row in found if row["Sector"] in _SECTORS]
    return [row | {"valid": iso(row["Validity Date"], "%b %d, %Y")} for row in kept]


def meezan_etf(data: Path, closes: dict[str, float]) -> dict[str, object]:
    """MZNPETF's own page: shares per 10,000 units, cash, fee, closing price; weights at the basket date's closes.

    The cash part is left out of the weights, so they add to less than 1.

    Raises:
        ValueError: If the basket is not of the sample day, or its cash share does not fit the page's own figure.
    """
    page = (data / "funds/dps_etf_MZNPETF_2026-08-21.html").read_text(encoding="utf-8")
    start = page.index("Cash Component:")
    words = plain(page[start : start + 900])
    cash = float(re.search(r"Rs\. ([\d,.]+)", words)[1].replace(",", ""))  # type: ignore[index]  # a page without it must fail
    stated = float(re.search(r"% Cash Component: ([\d.]+)%", words)[1])  # type: ignore[index]  # a page without it must fail
    day = iso(re.search(r"[A-Z][a-z]{2} \d{1,2}, \d{4}", words)[0], "%b %d, %Y")  # type: ignore[index]  # as above
    units = {row[0]: int(row[2]) for row in table_rows(page[start:]) if len(row) == 3 and row[2].isdigit()}
    values = {symbol: count * closes[symbol] for symbol, count in units.items()}
    total = sum(values.values()) + cash
    if day != DAY or abs(cash / total * 100 - stated) > 0.02:
        raise ValueError(f"MZNPETF basket of {day}: cash {cash / total:.4%}, the page says {stated} %")
    fee = re.search(r"Up to ([\d.]+) % p\.a\.", plain(page))
    ldcp = re.search(r"LDCP\s*</div>\s*<div[^>]*>\s*([\d.]+)", page)
    return {
        "day": day,
        "weights": {symbol: round(value / total, 6) for symbol, value in values.items()},
        "fee": float(fee[1]) / 100 if fee else None,
        "close": float(ldcp[1]) if ldcp else None,
        "unit_value": round(total / 10_000, 4),
    }
