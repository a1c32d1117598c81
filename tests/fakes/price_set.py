"""The unadjusted price set that may lie beside the project, as our rows; every reader is used only where it is there."""

import csv
import gzip
import re
from datetime import date
from pathlib import Path

from services.domain.rows import ActionRow, Bar

DATA = Path("/work/shared/data")
PRICES = DATA / "prices/psx_eod_unadjusted_2018_2026.parquet"
CLIFFS = DATA / "corporate_actions/unadjusted_jumps_2018_2026.csv"
PAYOUTS = DATA / "corporate_actions/payouts_history_scstrade.csv.gz"
_PERCENT = re.compile(r"\d+(?:\.\d+)?(?=\s*%)")


def bars() -> list[Bar]:
    """All bars of the set; prices to the paisa, zeros of open, high and low are missing."""
    from pyarrow import parquet

    columns = parquet.read_table(PRICES).to_pydict()
    names = ("symbol", "date", "open", "high", "low", "close", "volume")
    return [
        Bar(
            symbol,
            day if type(day) is date else date.fromisoformat(str(day)[:10]),
            *(round(float(value), 2) or None for value in (first, high, low)),
            round(float(close), 2),
            int(volume),
        )
        for symbol, day, first, high, low, close, volume in zip(*(columns[n] for n in names), strict=True)
    ]


def listed_cliffs() -> set[tuple[str, date]]:
    """Symbol and day of the cliffs that were found in the set by hand."""
    with CLIFFS.open(encoding="utf-8") as file:
        return {(row["symbol"], date.fromisoformat(row["date"])) for row in csv.DictReader(file)}


def payouts_by_ex_date() -> list[ActionRow]:
    """Dividends and bonuses of the payout history, which knows ex-dates; face values of Rs 10 are assumed."""
    found: list[ActionRow] = []
    with gzip.open(PAYOUTS, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["ex_date"])
            if part := _PERCENT.search(row["bm_dividend"]):
                found.append(ActionRow(row["company_code"], day, "dividend", 1.0, float(part[0]) / 10))
            if part := _PERCENT.search(row["bm_bonus"]):
                found.append(ActionRow(row["company_code"], day, "bonus", 1 / (1 + float(part[0]) / 100)))
    return found
