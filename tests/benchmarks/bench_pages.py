"""How long a page of the exchange's portal takes to read: ms a page (p50, p99) and MB/s, of processor time.

    python tests/benchmarks/bench_pages.py [folder of captured pages]

Reads the captured pages where they are, and pages of full size made from the small ones of the tests.
"""

import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.domain.sourcing import Page
from services.sources.psx.source import READERS

SMALL = Path(__file__).parents[1] / "pages" / "psx"
SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else "/work/shared/data")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ASKED = {"symbol": "HBL", "index": "KSE100"}
CAPTURED = {
    "psx_pages/2026-04/sector_summary.html": ("psx.sector_summary", "psx.sector_watch"),
    "psx_pages/2026-04/historical_engro.html": ("psx.historical",),
    "psx_pages/2026-04/indices_KSE100.html": ("psx.index_constituents",),
    "psx_pages/2026-04/symbols.json": ("psx.symbols",),
    "funds/dps_etf_MZNPETF_2026-08-21.html": ("psx.company", "psx.etf"),
}
GROWN = {
    "market_watch.html": ("psx.market_watch", 495),
    "screener.html": ("psx.screener", 735),
    "trading_board.html": ("psx.trading_board", 486),
}


def grown(file: str, count: int) -> bytes:
    """The small page with that many rows, each of a symbol of its own."""
    body = (SMALL / file).read_text()
    row = re.search(r"<tr><td.*?</tr>", body, re.DOTALL)
    assert row is not None
    name = re.search(r"<strong>(\w+)</strong>", row[0])
    assert name is not None
    rows = "".join(row[0].replace(f"<strong>{name[1]}<", f"<strong>S{place}<") for place in range(count))
    start, end = row.start(), body.index("</tbody>", row.start())
    return (body[:start] + rows + body[end:]).encode()


def measured(name: str, body: bytes, label: str, asked: dict[str, str]) -> None:
    page = Page(name, body, NOW, asked=asked)
    taken = []
    rows = 0
    for _ in range(25):
        started = time.process_time()
        rows = len(READERS[name](page))
        taken.append(time.process_time() - started)
    taken.sort()
    middle, worst = taken[len(taken) // 2] * 1e3, taken[-1] * 1e3
    print(
        f"{name:24} {rows:5} rows {len(body) / 1e3:7.0f} kB  p50 {middle:6.1f} ms  p99 {worst:6.1f} ms  {len(body) / middle / 1e3:6.1f} MB/s  {label}"
    )


if __name__ == "__main__":
    for file, names in CAPTURED.items():
        for name in names if (SHARED / file).exists() else ():
            asked = {} if "etf" in file else ASKED
            measured(name, (SHARED / file).read_bytes(), "captured", asked)
    for file, (name, count) in GROWN.items():
        measured(name, grown(file, count), "grown", ASKED)
