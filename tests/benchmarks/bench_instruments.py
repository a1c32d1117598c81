"""How long names take on the whole sample book: build (goal 150 ms), resolve (3 ms), mentions (5 ms), holdings."""

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.domain.errors import MarketByteError
from services.domain.holdings import read_holdings
from services.domain.instruments import Directory
from services.sources.sample import SampleMarket

NAMES = ["MEBL", "mezan bank", "Meezan", "alfalah fund", "lucki cement", "meezan islamc incom fund", "football", "MEBK",
         "میزان بینک", "الفلاح فنڈ", "engro fertilisers", "x" * 200, "ABL Fixd Rate Plan XXIX", "hubko", "pakstan state oil"]  # fmt: skip
TEXTS = ["what is the price of mezan bank today and of ogdcl", "news about engro and systems please", "LUCK ka price",
         "xray of alfalah fund", "sab theek hai bhai kia haal chaal hain aaj bazaar mein", "کے الیکٹرک اور میزان بینک کا ریٹ",
         "Meezan Islamic Fund 60%, baqi LUCK aur OGDC", "tell me something interesting regarding unusual companies tomorrow"]  # fmt: skip
LISTS = ["Meezan Islamic Fund 60%, baqi LUCK aur OGDC", "MEBL 50,000 LUCK 25,000 rupees", "MEBL " * 2000]


def timed(label: str, work: Callable[[str], object], inputs: list[str], rounds: int = 20) -> None:
    wall, cpu = [], []
    for text in inputs * rounds:
        start, busy = time.perf_counter(), time.thread_time()
        with suppress(MarketByteError):
            work(text)
        wall.append((time.perf_counter() - start) * 1000)
        cpu.append((time.thread_time() - busy) * 1000)
    shown = "   ".join(
        f"{name} p50 {_at(took, 0.5):7.2f} ms  p99 {_at(took, 0.99):7.2f} ms"
        for name, took in (("wall", wall), ("cpu", cpu))
    )
    print(f"{label:10} {shown}   ({len(wall)} runs)")


def _at(took: list[float], part: float) -> float:
    return sorted(took)[int((len(took) - 1) * part)]


def main() -> None:
    book = asyncio.run(SampleMarket().book())
    print(f"{len(book.shares)} shares, {len(book.funds)} funds, {len(book.index_names)} indices")
    timed("build", lambda _: Directory(book), [""])
    directory = Directory(book)
    timed("resolve", directory.resolve, NAMES)
    timed("mentions", directory.mentions, TEXTS)
    timed("holdings", lambda text: read_holdings(text, directory), LISTS)


if __name__ == "__main__":
    main()
