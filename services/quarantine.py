"""Jumps of prices that no corporate action explains: kept from users, shown to the operator, settled by the operator's word."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from services.domain.action_sources import known_actions
from services.domain.corporate_actions import Jump, explain_jumps
from services.domain.errors import BadInput
from services.domain.profiles import Market
from services.domain.records import Batch
from services.domain.rows import ActionRow, Bar, PayoutRow
from services.domain.settled import SETTLEMENT, Settled, settlement_bytes
from services.domain.verdicts import verdict
from services.market_store import DailyData, Lake, Raw, RawArchive
from services.ports import Clock

SINCE = timedelta(days=600)
"""How far back it looks: a year's range, a year's risk and a margin rest on no older price."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of the jumps of a stretch of time: explained ones and those in quarantine, newest first."""

    explained: tuple[Jump, ...]
    quarantined: tuple[Jump, ...]


class Quarantine:
    """Judges the bars of the lake.

    Args:
        lake: Where bars, payouts and actions are kept.
        daily: Gets a settled action too, for the book that is put together from it.
        clock: The time.
        changed: Told after a settlement, so that a book that rests on it is made anew.
        archive: Keeps each settlement beside the raw pages, so that a lake made anew from these has it; None where no
            lake is ever made anew (tests).
        market: Whose bars they are. Only PSX's are judged: a jump there is one beyond its price limits. New York has none
            (a share may halve on its results, and must be told so), and its splits come from the source as actions.
    """

    def __init__(
        self,
        lake: Lake,
        daily: DailyData,
        clock: Clock,
        changed: Callable[[], Awaitable[object]] | None = None,
        *,
        archive: RawArchive | None = None,
        market: Market = "psx",
    ) -> None:
        self._market = market
        self._lake = lake
        self._daily = daily
        self._clock = clock
        self._changed = changed
        self._archive = archive
        self._kept: tuple[tuple[str, ...], Judged] | None = None

    async def judged(self) -> Judged:
        """All jumps since ``SINCE``; worked out once for the same bars, payouts and actions."""
        if self._market != "psx":
            return Judged((), ())
        first = self._clock.now().date() - SINCE
        version = (
            first.isoformat(),
            *[await self._lake.version(kind) for kind in ("bars", "payouts", "actions")],
        )
        if self._kept is None or self._kept[0] != version:
            bars = [row for row in await self._lake.rows("bars", first=first) if isinstance(row, Bar)]
            payouts = [row for row in await self._lake.rows("payouts") if isinstance(row, PayoutRow)]
            imported = [row for row in await self._lake.rows("actions") if isinstance(row, ActionRow)]
            self._kept = (version, await asyncio.to_thread(_judged, bars, imported, payouts))
        return self._kept[1]

    async def settle(self, symbol: str, day: date, words: str, by: str) -> tuple[ActionRow, ...]:
        """Put the operator's word on a jump as actions from the source "operator"; returns them.

        Raises:
            BadInput: If there is no such jump, the words settle nothing, or the price does not fit them.
        """
        state = await self.judged()
        jump = next(
            (j for j in (*state.quarantined, *state.explained) if (j.symbol, j.day) == (symbol.upper(), day)),
            None,
        )
        if jump is None:
            raise BadInput(f"no jump of {symbol.upper()[:12]} on {day} is known; /quarantine lists them")
        rows = verdict(jump, words, by)
        now = self._clock.now()
        told = settlement_bytes(Settled(symbol.upper(), day, words, by, now, rows))
        raw = Raw(sha256(told).hexdigest(), SETTLEMENT, "operator", now, "application/json")
        if self._archive is not None:
            await self._archive.keep(raw, told)
        batch = settlement(raw, rows)
        await self._lake.write([batch])
        await self._daily.put([batch])
        if self._changed is not None:
            await self._changed()
        return rows


def settlement(raw: Raw, rows: Sequence[ActionRow]) -> Batch:
    """A settlement's actions as they are stored, the same whether it is just made or read again from ``raw``."""
    return Batch("actions", rows, raw.fetched_at, raw.source, "imported", raw.id)


def _judged(bars: list[Bar], imported: list[ActionRow], payouts: list[PayoutRow]) -> Judged:
    explained, quarantined = explain_jumps(bars, known_actions(bars, imported, payouts))
    return Judged(_newest_first(explained), _newest_first(quarantined))


def _newest_first(jumps: tuple[Jump, ...]) -> tuple[Jump, ...]:
    return tuple(sorted(jumps, key=lambda jump: (jump.day, jump.symbol), reverse=True))
