"""Precision and recall of tying headlines to symbols on both halves of the labelled set, and milliseconds a headline."""

import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from services.domain.tying import Tying  # noqa: E402  # the path comes first
from services.sources.sample import read  # noqa: E402

PAGES = ROOT / "tests" / "pages" / "news"
DAY = date(2026, 8, 20)
ROUNDS = 20


def labelled(half: str) -> list[tuple[frozenset[str], str, date]]:
    """The right symbols, the headline and its day."""
    lines = (PAGES / f"tying_{half}.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [
        (frozenset(codes.split(",")) - {""}, title, date.fromisoformat(day) if day else DAY)
        for codes, title, day in rows
    ]


def main() -> None:
    shares = read().shares
    start = time.perf_counter()
    tying = Tying(shares)
    print(f"names of {len(shares)} shares built in {1000 * (time.perf_counter() - start):.1f} ms")
    for half in ("dev", "held"):
        rows, took, right, wrong, missed = labelled(half), [], 0, 0, 0
        for wanted, title, day in rows * ROUNDS:
            begun = time.perf_counter()
            found = frozenset(tying.symbols(title, day))
            took.append(1000 * (time.perf_counter() - begun))
            right, wrong, missed = (
                right + len(found & wanted),
                wrong + len(found - wanted),
                missed + len(wanted - found),
            )
        if "--show" in sys.argv and half in sys.argv:
            for wanted, title, day in rows:
                found = frozenset(tying.symbols(title, day))
                if found != wanted:
                    print(
                        f"   {','.join(sorted(found)) or '-':12} should be {','.join(sorted(wanted)) or '-':12} {title}"
                    )
        took.sort()
        print(
            f"{half:5} {len(rows)} headlines   precision {right / (right + wrong):.3f}   recall {right / (right + missed):.3f}"
            f"   ({right // ROUNDS} right, {wrong // ROUNDS} wrong, {missed // ROUNDS} missed)"
            f"   p50 {took[len(took) // 2]:.3f} ms   p99 {took[int(len(took) * 0.99)]:.3f} ms"
        )


if __name__ == "__main__":
    main()
