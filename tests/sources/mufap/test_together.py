"""Both tables of one evening and a fund's own page, kept and read back: nothing of one is lost to another."""

from datetime import date, timedelta
from itertools import permutations

import orjson
import pytest
from obstore.store import MemoryStore

from services.domain.errors import BrokenPage
from services.domain.fund_values import Told, by_fund
from services.domain.records import Batch
from services.domain.rows import NavRow
from services.sources.mufap import READERS
from services.stores.lake import ParquetLake
from services.stores.lake_days import LakeDays
from tests.sources.asked import PAGES, came

DAY = date(2026, 9, 10)
STOCK = "Indus Stock Fund"
OWN = {
    "Table": [{"FundName": STOCK, "Category": "Equity"}],
    "Table1": [{"netval": "1204.55", "entryDate": "2026-09-10T00:00:00"}],
    "Table2": [],
    "Table5": [{"TotalExpenseRatioYTD": "4.52"}],
}


def batches() -> list[Batch]:
    bodies = {
        "mufap.navs": (PAGES / "mufap" / "navs.html").read_bytes(),
        "mufap.returns": (PAGES / "mufap" / "returns.html").read_bytes(),
        "mufap.fund": orjson.dumps({"data": orjson.dumps(OWN).decode()}),
    }
    pages = {name: came(name, body, fund=STOCK, category="Equity") for name, body in bodies.items()}
    at = pages["mufap.fund"].fetched_at
    return [Batch("navs", READERS[name](page), at, "mufap", "live", name) for name, page in pages.items()]


def of_stock(told: list[Told]) -> dict[str, object]:
    rows = [row for row, _ in by_fund(told, DAY)[STOCK]]
    return {
        name: next((value for row in rows if (value := getattr(row, name))), None)
        for name in ("nav", "returns", "offer", "repurchase", "expense_ratio_pct", "category", "benchmark")
    }


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_one_refresh_brings_all_of_a_fund_in_whatever_order_its_tables_come(
    order: tuple[int, ...],
) -> None:
    given = batches()
    lake = ParquetLake(MemoryStore())
    for place in order:
        assert await lake.write([given[place]]) == len(given[place].rows)
    found = await LakeDays(lake, lambda: DAY).since("navs", DAY - timedelta(days=30))
    told = [(row, batch) for batch in found for row in batch.rows if isinstance(row, NavRow)]
    known = of_stock(told)
    returns = known.pop("returns")
    assert known == {
        "nav": 1204.55, "offer": 1240.68, "repurchase": 1204.55, "expense_ratio_pct": 4.52,
        "category": "Equity (Absolute Return)", "benchmark": "KSE-100",
    }  # fmt: skip
    assert isinstance(returns, dict)
    assert (returns["YTD"], returns["365D"]) == (-3.45, 17.2)
    assert await lake.write(given) == 0  # the same evening again changes nothing


async def test_a_file_corrects_the_table_of_returns_and_goes_without_a_trace() -> None:
    given, lake = batches(), ParquetLake(MemoryStore())
    await lake.write(given)
    before = await lake.rows("navs")
    at = given[0].as_of + timedelta(hours=1)
    row = NavRow(STOCK, DAY, "Open-End Funds", "Equity (Absolute Return)", 1300.0)
    assert await lake.write([Batch("navs", (row,), at, "file", "imported", "f")]) == 1
    found = await LakeDays(lake, lambda: DAY).since("navs", DAY)
    told = [(row, batch) for batch in found for row in batch.rows if isinstance(row, NavRow)]
    assert of_stock(told)["nav"] == 1300.0
    assert of_stock(told)["offer"] == 1240.68
    assert await lake.remove("f") == 1
    assert await lake.rows("navs") == before


RETURNS = (PAGES / "mufap" / "returns.html").read_text()
_ROW = RETURNS[RETURNS.index('<tr class="fund-block">') :].partition("</tr>")[0] + "</tr>"


def test_a_fund_that_has_no_value_yet_has_none() -> None:
    rows = READERS["mufap.returns"](came("mufap.returns", RETURNS.replace("1,204.5500", "0.0000")))
    assert {row.fund: row.nav for row in rows if isinstance(row, NavRow)}[STOCK] is None


def test_a_fund_of_which_nothing_is_told_is_left_out_and_the_same_twice_is_once() -> None:
    known = READERS["mufap.returns"](came("mufap.returns", RETURNS))
    silent = (
        _ROW.replace("Sep 12, 2026", "N/A").replace("10.5012", "N/A").replace("Indus Cash Fund", "Gone Fund")
    )
    for more in (silent, _ROW):
        page = RETURNS.replace("</tbody>", f"{more}</tbody>")
        assert READERS["mufap.returns"](came("mufap.returns", page)) == known


def test_a_value_without_its_day_is_refused() -> None:
    page = RETURNS.replace("Sep 12, 2026", "N/A", 1)
    with pytest.raises(BrokenPage) as broken:
        READERS["mufap.returns"](came("mufap.returns", page))
    assert (broken.value.column, broken.value.row) == ("Validity Date", 1)
