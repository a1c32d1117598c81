"""Histories of batches for the lake, and the plain model that it is held against."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from services.domain.records import Batch, Kind, Row, key_of
from services.domain.rows import Bar, EventRow
from services.stores.lake import ParquetLake

DAYS = (date(2026, 7, 31), date(2026, 8, 3), date(2026, 8, 20))
NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KINDS: tuple[Kind, ...] = ("bars", "events")


@st.composite
def a_batch(draw: st.DrawFn, number: int) -> Batch:
    kind = draw(st.sampled_from(KINDS))
    rows: list[Row] = []
    for _ in range(draw(st.integers(1, 4))):
        name, day, value = (
            draw(st.sampled_from("AB")),
            draw(st.sampled_from(DAYS)),
            float(draw(st.integers(0, 3))),
        )
        if kind == "bars":
            rows.append(Bar(name, day, None, None, None, value, 0))
        else:
            at = datetime(day.year, day.month, day.day, 22, tzinfo=UTC)
            rows.append(EventRow(name, at, "US", "t", actual=value))
    status = draw(st.sampled_from(["live", "imported"]))
    at = NOON + timedelta(minutes=draw(st.integers(0, 3)))
    origin = draw(st.sampled_from([f"{number}", f"same {status}"]))
    return Batch(kind, tuple(rows), at, "s", status, origin)


@st.composite
def histories(draw: st.DrawFn) -> list[Batch]:
    return [draw(a_batch(number)) for number in range(draw(st.integers(1, 7)))]


def expected(kind: Kind, batches: Sequence[Batch]) -> dict[tuple[object, ...], Row]:
    """Of each key the row whose batch has the newest ``as_of``, of two of one moment the one that came later."""
    counts: dict[tuple[object, ...], tuple[datetime, Row]] = {}
    for batch in batches:
        for row in batch.rows if batch.kind == kind else ():
            key = key_of(kind, row)
            if key not in counts or counts[key][0] <= batch.as_of:
                counts[key] = (batch.as_of, row)
    return {key: row for key, (_, row) in counts.items()}


async def said(lake: ParquetLake) -> dict[Kind, dict[tuple[object, ...], Row]]:
    return {kind: {key_of(kind, row): row for row in await lake.rows(kind)} for kind in KINDS}


async def check(lake: ParquetLake, batches: Sequence[Batch]) -> None:
    for kind in KINDS:
        rows = await lake.rows(kind)
        wanted = expected(kind, batches)
        assert len(rows) == len(wanted)
        assert {key_of(kind, row): row for row in rows} == wanted


def in_groups(batches: Sequence[Batch], cuts: Sequence[int]) -> list[list[Batch]]:
    places = sorted({0, len(batches), *(cut % (len(batches) + 1) for cut in cuts)})
    return [list(batches[a:b]) for a, b in pairwise(places)]
