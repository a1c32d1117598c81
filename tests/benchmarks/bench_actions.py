"""What becomes of the sample set's price cliffs, and how long 193,127 bars take.

Run: ``PYTHONPATH=. python tests/benchmarks/bench_actions.py`` (needs the sample data under /work/shared).
"""

import time
from collections import Counter

from services.domain.action_sources import KNOWN, actions_of
from services.domain.corporate_actions import adjusted, explain_jumps, released
from tests.fakes.price_set import PRICES, bars, listed_cliffs, payouts_by_ex_date


def main() -> None:
    if not PRICES.exists():
        print(f"no {PRICES}")
        return
    rows = bars()
    started = time.perf_counter()
    actions = actions_of(rows, [payouts_by_ex_date(), KNOWN])
    found = time.perf_counter()
    explained, quarantined = explain_jumps(rows, actions)
    judged = time.perf_counter()
    clean = released(rows, quarantined)
    adjusted(clean, actions)
    done = time.perf_counter()
    cliffs = listed_cliffs()
    told, held = ({(jump.symbol, jump.day) for jump in jumps} for jumps in (explained, quarantined))
    print(f"{len(rows):,} bars, {len({bar.symbol for bar in rows})} symbols, {len(actions):,} actions")
    print(
        f"jumps beyond the limit of their day: {len(explained)} explained, {len(quarantined)} in quarantine"
    )
    print(f"by: {dict(Counter(j.why for j in (*explained, *quarantined)))}")
    print(f"of the {len(cliffs)} listed cliffs: {len(cliffs & told)} explained, {len(cliffs & held)} in quarantine, "
          f"{len(cliffs - told - held)} neither")  # fmt: skip
    print(f"by year: {dict(sorted(Counter(jump.day.year for jump in quarantined).items()))}")
    print(f"suggested: {[f'{j.symbol} {j.day} {j.suggestion}' for j in quarantined if j.suggestion]}")
    print(f"released: {len(clean):,} bars")
    print(
        f"actions {found - started:.2f} s, judged {judged - found:.2f} s, released and adjusted {done - judged:.2f} s"
    )


if __name__ == "__main__":
    main()
