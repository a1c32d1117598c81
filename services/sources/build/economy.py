"""Indices, currencies, policy rate, inflation, yields and flows of the sample day, each with its own date."""

import json
import re
from pathlib import Path

from services.sources.build.files import Row, iso, rows
from services.sources.build.prices import DAY, FIRST
from services.sources.build.tables import FLOW_INVESTORS, FLOW_SECTORS, INDEX_NAMES

_CURRENCIES = (
    "USD",
    "EUR",
    "GBP",
    "AED",
    "SAR",
    "CNY",
    "JPY",
    "CAD",
    "AUD",
    "CHF",
    "KWD",
    "QAR",
    "OMR",
    "TRY",
    "INR",
    "MYR",
)
_TENORS = ("1W", "1M", "3M", "6M", "1Y", "3Y", "5Y", "10Y")
_FLOW_FACTS = {"wtd": "fipi_net_wtd", "mtd": "fipi_net_mtd", "cy": "fipi_net_cytd", "fy": "fipi_net_fytd"}

Rate = list[object]  # name, value, unit, date, source


def indices(data: Path) -> tuple[dict[str, list[float]], dict[str, dict[str, float]]]:
    """Level and change of each index on the day, and closes by index and date up to the day.

    The ribbon's changes chain: the close of 17 Aug is 18 Aug's close minus its change. 12 and 13 Aug 2026 are not
    known and stay gaps; closes that the source repeated unchanged ("stale") are left out.
    """
    levels: dict[str, list[float]] = {}
    closes: dict[str, dict[str, float]] = {}
    for row in rows(data / "index/kse100_merged_2004_2026.csv"):
        if FIRST <= row["date"] <= DAY and row["stale"] != "True":
            closes.setdefault("KSE100", {})[row["date"]] = float(row["close"])
    for row in rows(data / "index/psx_indices_2026-08-18_21.csv"):
        if row["date"] > DAY:
            continue
        close, change = float(row["close"]), float(row["change"])
        own = closes.setdefault(row["index"], {})
        own[row["date"]] = close
        if row["date"] == "2026-08-18":
            own["2026-08-17"] = round(close - change, 2)
        if row["date"] == DAY:
            levels[row["index"]] = [close, change]
    unnamed = set(levels) - set(INDEX_NAMES)
    if unnamed:
        raise ValueError(f"indices without a name in tables.INDEX_NAMES: {sorted(unnamed)}")
    return levels, closes


def currencies(data: Path) -> list[Rate]:
    """SBP's mark-to-market sheet: ready rates in rupees for one unit of the currency.

    Needs pdfplumber on the developer's machine (``pip install --target DIR pdfplumber``, PYTHONPATH=DIR).

    Raises:
        ValueError: If the file is not that sheet (a wrong one has come under the right name before).
    """
    import pdfplumber

    with pdfplumber.open(data / "sbp/m2m_17-Jul-26.pdf") as sheet:
        text: str = sheet.pages[0].extract_text()
    if "Mark to Market Revaluation" not in text.splitlines()[0]:
        raise ValueError("sbp/m2m_17-Jul-26.pdf is not a mark-to-market sheet")
    day = iso(text.split(maxsplit=1)[0], "%d-%b-%y")
    found: list[Rate] = []
    for line in text.splitlines():
        match = re.match(r"([A-Z]{3}) ([\d.]+) ", line)
        if match and match[1] in _CURRENCIES:
            unit = "PKR per USD" if match[1] == "USD" else "PKR"
            found.append([match[1], float(match[2]), unit, day, "SBP mark-to-market rates (ready)"])
    return found


def rates(data: Path) -> list[Rate]:
    """Policy rate, CPI index and its change on the year, the last known yields, and the currencies."""
    policy = max(
        (row for row in rows(data / "rates/sbp_policy_rate_2020_2026.csv")),
        key=lambda row: row["effective_date"],
    )
    cpi = {
        row["month"]: float(row["national_cpi_2015_16_100"])
        for row in rows(data / "rates/pbs_national_cpi_2023_2026.csv")
    }
    month = max(cpi)
    before = f"{int(month[:4]) - 1}{month[4:]}"
    yearly = round((cpi[month] / cpi[before] - 1) * 100, 2)
    month_end = {"05": "31"}[month[5:]]
    pbs = "PBS national CPI (2015-16 = 100)"
    found: list[Rate] = [
        [
            "policy_rate",
            float(policy["policy_rate_pct"]),
            "%",
            policy["effective_date"],
            "SBP monetary policy",
        ],
        ["cpi_index", cpi[month], "index points", f"{month}-{month_end}", pbs],
        ["cpi_yoy", yearly, "%", f"{month}-{month_end}", f"{pbs}, {month} against {before}"],
    ]
    return [*found, *_yields(data), *currencies(data)]


def _yields(data: Path) -> list[Rate]:
    curve = rows(data / "rates/mufap_pkrv_yield_curve_2022_2025.csv.gz")
    date_key, tenor_key, rate_key = list(curve[0])[:3]
    last = max(row[date_key] for row in curve)
    own = {row[tenor_key]: float(row[rate_key]) for row in curve if row[date_key] == last}
    return [[f"pkrv_{tenor}", own[tenor], "%", last, "MUFAP PKRV"] for tenor in _TENORS]


def flows(data: Path) -> tuple[str, list[list[object]], list[Rate]]:
    """The day's date, net buying by investors and sector, and the foreigners' running totals (USD million).

    Raises:
        ValueError: If foreign and local sums do not mirror each other, or a sector does not net to zero.
    """
    table = rows(data / "flows/fipi_lipi_2026-09-10.csv")
    day = table[0]["date"]
    classes = [row for row in table if row["side"] in {"FIPI", "LIPI"}]
    _balanced(classes)
    found: list[list[object]] = []
    for row in classes:
        investor = FLOW_INVESTORS.get(row["label"], row["label"])
        found.append([row["side"], investor, "All", float(row["net_usd_mn"])])
        found += [[row["side"], investor, name, float(row[word])] for word, name in FLOW_SECTORS.items()]
    source = "NCCPL FIPI/LIPI"
    totals: list[Rate] = [
        [_FLOW_FACTS[row["label"]], float(row["net_usd_mn"]), "USD mn", day, source]
        for row in table
        if row["side"] == "FIPI_PERIOD"
    ]
    foreign = next(row for row in table if row["side"] == "FIPI_TOTAL")
    totals.insert(0, ["fipi_net_day", float(foreign["net_usd_mn"]), "USD mn", day, source])
    return day, found, totals


def _balanced(classes: list[Row]) -> None:
    for word in ("net_usd_mn", *FLOW_SECTORS):
        left = sum(float(row[word]) for row in classes)
        if abs(left) > 2e-5:
            raise ValueError(f"flows: {word} does not net to zero ({left:.6f})")


def weights(data: Path) -> dict[str, float]:
    """KSE-100 weights of 8 April 2026 as fractions; the day's ex-mark is glued to a symbol and is taken off."""
    table = rows(data / "symbols/kse100_constituents_weights_2026-04-08.csv")
    marked = re.compile(r"(?<=\w{3})(?:XD|XB|XR)$")
    return {
        marked.sub("", row["SYMBOL"]): round(float(row["IDX WTG (%)"].rstrip("%")) / 100, 6) for row in table
    }


def compact(value: object) -> bytes:
    """JSON with sorted keys and no spaces: the same input gives the same bytes."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()
