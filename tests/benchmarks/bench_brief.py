"""How long briefs take: cold survey, personal brief (text and spoken script), market brief; prints p50 and p99."""

import asyncio
import time
from datetime import datetime
from decimal import Decimal
from statistics import median
from zoneinfo import ZoneInfo

from services.briefing import Briefings
from services.domain.conversation import LANGUAGES, Address
from services.domain.portfolio import Holding, Portfolio
from services.domain.users import Preferences, User
from services.llm.model import OfflineModel
from services.sources.sample import SampleMarket

NOW = datetime(2026, 8, 21, 9, 0, tzinfo=ZoneInfo("Asia/Karachi"))


class StillClock:
    def now(self) -> datetime:
        return NOW


class Silent:
    def __getattr__(self, name: str) -> None:
        raise NotImplementedError(name)


def shown(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    print(
        f"{name:<28} p50 {median(ordered) * 1000:7.2f} ms   p99 {ordered[int(len(ordered) * 0.99)] * 1000:7.2f} ms   n {len(ordered)}"
    )


async def main() -> None:
    data, silent = SampleMarket(), Silent()
    await data.book()
    cold = []
    for _ in range(5):
        briefings = Briefings(data, silent, silent, silent, OfflineModel(), StillClock())
        start = time.perf_counter()
        await briefings.survey()
        cold.append(time.perf_counter() - start)
    shown("survey of a new book", cold)
    codes = [*(await data.book()).quotes][:8]
    holdings = tuple(Holding(code, Decimal(1) / len(codes)) for code in codes)
    for lang in LANGUAGES:
        user = User(
            "u",
            (Address("web", "1"),),
            NOW,
            "Ayesha",
            preferences=Preferences(lang=lang),
            portfolio=Portfolio(holdings),
        )
        times = []
        for _ in range(200):
            start = time.perf_counter()
            await briefings.personal(user, asked=True)
            times.append(time.perf_counter() - start)
        shown(f"personal brief, {lang}", times)
    times = []
    for _ in range(10):
        briefings._long.clear()
        start = time.perf_counter()
        await briefings.market("en")
        times.append(time.perf_counter() - start)
    shown("market brief, not kept", times)


if __name__ == "__main__":
    asyncio.run(main())
