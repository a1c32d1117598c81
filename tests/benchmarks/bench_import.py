"""Ten years of prices through an import: 193,127 rows as CSV, XLSX, Parquet (and the real file where it is) into a real lake.

    python tests/benchmarks/bench_import.py

Each run is a process of its own. "whole" is from the bytes on disk to the rows in the lake on disk, wall and processor
seconds, with nothing compared (as the command line does); the peak is that of the whole process.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.imports import Brought, Imports
from services.sources.files.reading import read_tables
from services.stores.lake import ParquetLake
from services.stores.objects import open_store
from services.stores.raw import ObjectRaw
from tests.fakes import table_files as made
from tests.fakes.long_book import long_book
from tests.fakes.market_stores import DailyInMemory, LedgerInMemory

ROWS, SYMBOLS = 193_127, 98
REAL = Path("/work/shared/data/prices/psx_eod_unadjusted_2018_2026.parquet")
HEAD = ("symbol", "date", "open", "high", "low", "close", "volume")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Karachi"))


def rows():
    """As many rows as the real set has: every weekday of 98 symbols until there are enough."""
    day, made_ = date(2018, 1, 1), 0
    while made_ < ROWS:
        if day.weekday() < 5:
            for number in range(min(SYMBOLS, ROWS - made_)):
                close = 20 + number * 3.17 + day.toordinal() % 97 / 10
                made_ += 1
                yield (
                    f"S{number:02d}",
                    day,
                    round(close - 0.5, 2),
                    round(close + 1, 2),
                    round(close - 1, 2),
                    round(close, 2),
                    1000 + made_,
                )
        day += timedelta(days=1)


def written(form):
    """The bytes of the generated file in one format."""
    if form == "csv":
        return made.csv([HEAD, *rows()])
    if form == "xlsx":
        return made.xlsx([HEAD, *rows()])
    return made.parquet(**dict(zip(HEAD, map(list, zip(*rows(), strict=True)), strict=True)))


class Around:
    def now(self):
        return NOW

    async def book(self):
        return long_book()


async def whole(path, folder):
    began, cpu = time.perf_counter(), time.process_time()
    store = open_store(f"file://{folder}")
    around = Around()
    imports = Imports(
        raw=ObjectRaw(store), lake=ParquetLake(store), daily=DailyInMemory(), ledger=LedgerInMemory(), market=around,
        tables=read_tables, clock=around,
    )  # fmt: skip
    brought = [Brought(path.name, path.read_bytes())]
    preview = await imports.preview("prices", brought, compare=False)
    looked = time.perf_counter()
    (line,) = await imports.take(preview, brought, "bench")
    assert line.rows == ROWS, line
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{path.name:44} {path.stat().st_size / 2**20:6.1f} MB  read {looked - began:5.1f} s  stored {done - looked:5.1f} s  "
        f"whole {done - began:5.1f} s (processor {time.process_time() - cpu:5.1f} s)  peak {peak:4.0f} MB",
        flush=True,
    )


def main():
    if len(sys.argv) > 1:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(whole(Path(sys.argv[1]), folder))
        return
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for form in ("csv", "xlsx", "parquet"):
            files.append(Path(folder) / f"prices.{form}")
            files[-1].write_bytes(written(form))
        for path in [*files, *([REAL] if REAL.exists() else [])]:
            subprocess.run([sys.executable, __file__, str(path)], check=True)


if __name__ == "__main__":
    main()
