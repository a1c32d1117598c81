"""After an import was taken back: the days it had touched are put together anew from the lake."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from services.domain.records import Batch, Kind, Row, Status, day_of
from services.market_store import DailyData, Lake

NOTED = frozenset({"batch_as_of", "source", "status", "origin"})  # columns of the lake beside a row's own


async def put_back(daily: DailyData, lake: Lake, kind: Kind, span: tuple[date, date], now: datetime) -> int:
    """Make the daily data of some days what the lake says they are; days that are not there stay so.

    Rows keep the source, status and time that the lake notes with them.

    Args:
        daily: What is corrected.
        lake: What is right.
        kind: Of which rows.
        span: First and last day.
        now: The time for rows that the lake knows none of.

    Returns:
        How many days were put together anew.
    """
    first, last = span
    held = {day_of(row) for batch in await daily.since(kind, first) for row in batch.rows}
    days = sorted(day for day in held if first <= day <= last)
    if not days:
        return 0
    rows = await lake.rows(kind, first=days[0], last=days[-1])
    noted = await lake.columns(kind, first=days[0], last=days[-1])
    await daily.forget(kind, days)
    await daily.put(_batches(kind, [row if day_of(row) in held else None for row in rows], noted, now))
    return len(days)


def _batches(
    kind: Kind, rows: Sequence[Row | None], noted: Mapping[str, Sequence[object]], now: datetime
) -> list[Batch]:
    """The rows by what the lake notes with them, older batches first: the daily data keep the newer ones."""
    alike: dict[tuple[datetime, str, Status, str], list[Row]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row is None:
            continue
        note = {name: column[place] for name, column in noted.items() if name in NOTED}
        as_of = note.get("batch_as_of")
        alike[
            as_of if isinstance(as_of, datetime) else now,
            str(note.get("source") or "lake"),
            cast("Status", note.get("status") or "stale"),
            str(note.get("origin") or ""),
        ].append(row)
    return [Batch(kind, of_one, *told) for told, of_one in sorted(alike.items(), key=lambda each: each[0][0])]
