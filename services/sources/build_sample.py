"""Makes the frozen sample market day (one dated file) from the public captures; see ``build/`` for each part.

python -m services.sources.build_sample --data ../shared/data
"""

import argparse
import gzip
import io
import sys
from pathlib import Path

from services.sources.build.economy import compact, flows, indices, rates, weights
from services.sources.build.funds import funds, meezan_etf
from services.sources.build.prices import (
    DAY,
    adjustments,
    bars,
    cliffs,
    column,
    quotes,
    screener,
    sessions,
    shares,
)
from services.sources.build.records import announcements, events, payouts
from services.sources.build.tables import ALIASES, INDEX_NAMES, SECTORS

TARGET = Path(__file__).parent / "sample_2026_08_20.json.gz"


def compose(data: Path) -> dict[str, object]:
    """The whole document.

    Raises:
        ValueError: If a check fails: wrong capture, unexplained cliff, unbalanced flows, alias to nothing.
    """
    series, screen = bars(data), screener(data)
    listed = shares(data, screen, series)
    factors = adjustments(data, series)
    left = cliffs(series, factors)
    if left:
        raise ValueError(f"cliffs that no factor explains: {left}")
    levels, closes = indices(data)
    flow_day, flow_rows, flow_totals = flows(data)
    found = funds(data, set(listed))
    found["JSGBETF"] = {"name": "JS Global Banking Sector ETF", "kind": "etf", "category": "Exchange Traded Fund",
                        "shariah": False, "annualised": False, "nav": None, "valid": DAY, "returns": {}}  # fmt: skip
    _aliases_lead_somewhere({*listed, *found, *levels})
    return {
        "day": DAY, "sessions": sessions(series), "bars": series, "sectors": SECTORS, "shares": listed,
        "quotes": quotes(series, screen), "screener": {symbol: screen[symbol] for symbol in listed if symbol in screen},
        "adjustments": factors, "indices": levels, "index_closes": closes, "index_names": INDEX_NAMES,
        "funds": found, "meezan_etf": meezan_etf(data, {symbol: column(each, "c")[-1] for symbol, each in series.items()}),
        "flow_day": flow_day, "flows": flow_rows, "rates": [*rates(data), *flow_totals],
        "payouts": payouts(data, set(listed)), "announcements": announcements(series, screen, set(listed), factors, closes),
        "events": events(), "kse100_weights": weights(data), "kse100_weights_day": "2026-04-08",
        "shariah_list_day": "2026-08-20", "aliases": _by_code(ALIASES),
    }  # fmt: skip


def _by_code(aliases: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """The other names of each code, as the market book keeps them; a name may stand under several codes."""
    found: dict[str, list[str]] = {}
    for name, codes in aliases.items():
        for code in codes:
            found.setdefault(code, []).append(name)
    return found


def _aliases_lead_somewhere(known: set[str]) -> None:
    lost = {code for codes in ALIASES.values() for code in codes} - known
    if lost:
        raise ValueError(f"aliases lead to unknown codes: {sorted(lost)}")


def packed(document: dict[str, object]) -> bytes:
    """Gzip without a time stamp or name: the same document gives the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0, compresslevel=9) as file:
        file.write(compact(document))
    return buffer.getvalue()


def main() -> int:
    """Build, write, say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of captures")
    parser.add_argument("--out", type=Path, default=TARGET)
    arguments = parser.parse_args()
    data = packed(compose(arguments.data))
    arguments.out.write_bytes(data)
    sys.stdout.write(f"{arguments.out}: {len(data):,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
