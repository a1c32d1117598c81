"""The lake against a plain model: whatever order, grouping, undoing and dying, the same rows and the same bytes."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from obstore.store import MemoryStore

from services.domain.records import Batch, Kind, Row, key_of
from services.domain.rows import Bar, EventRow
from services.market_store import Raw
from services.stores.lake import ParquetLake
from services.stores.raw import ObjectRaw
from tests.fakes.storage import Died, Fragile, contents, fresh

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


@FEW
@given(histories(), st.lists(st.integers(0, 10), max_size=4))
def test_the_newest_row_of_a_key_counts_and_grouping_is_no_matter(
    history: list[Batch], cuts: list[int]
) -> None:
    async def run() -> None:
        store, lake = fresh()
        for group in in_groups(history, cuts):
            before = await said(lake)
            changed = await lake.write(group)
            after = await said(lake)
            assert changed == sum(
                row != before[kind].get(key) for kind in KINDS for key, row in after[kind].items()
            )
        await check(lake, history)
        once, other = fresh()
        await other.write(history)
        assert await contents(once) == await contents(store)

    asyncio.run(run())


@FEW
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_coming_is_no_matter_where_no_two_are_of_one_moment(
    history: list[Batch], random: object
) -> None:
    distinct = [
        Batch(b.kind, b.rows, NOON + timedelta(minutes=n), b.source, b.status, b.origin)
        for n, b in enumerate(history)
    ]

    async def run() -> None:
        store, lake = fresh()
        await lake.write(distinct)
        mixed = list(distinct)
        random.shuffle(mixed)  # type: ignore[attr-defined]
        other_store, other = fresh()
        for batch in mixed:
            await other.write([batch])
        assert await contents(store) == await contents(other_store)

    asyncio.run(run())


@FEW
@given(histories(), st.randoms(use_true_random=False))
def test_undoing_imports_in_any_order_leaves_what_would_be_without_them(
    history: list[Batch], random: object
) -> None:
    imports = sorted({batch.origin for batch in history if batch.status == "imported"})
    random.shuffle(imports)  # type: ignore[attr-defined]

    async def run() -> None:
        store, lake = fresh()
        for batch in history:
            await lake.write([batch])
        left = list(history)
        for origin in imports:
            before = await said(lake)
            changed = await lake.remove(origin)
            left = [batch for batch in left if batch.origin != origin]
            await check(lake, left)
            after = await said(lake)
            assert changed >= sum(after[k].get(key) != row for k in KINDS for key, row in before[k].items())
            without_store, without = fresh()
            await without.write(left)
            assert await contents(store) == await contents(without_store)

    asyncio.run(run())


@FEW
@given(histories(), histories(), st.integers(0, 12), st.booleans())
def test_a_writer_that_dies_leaves_the_old_or_the_new_never_half(
    history: list[Batch], more: list[Batch], step: int, after: bool
) -> None:
    more = [Batch(b.kind, b.rows, b.as_of, b.source, b.status, "more " + b.origin) for b in more]

    async def run() -> None:
        store, lake = fresh()
        await lake.write(history)
        old = await contents(store)
        whole, other = fresh()
        await other.write(history)
        await other.write(more)
        new = await contents(whole)
        try:
            await ParquetLake(Fragile(store, step, after=after)).write(more)
        except Died:
            assert await contents(store) in ([old, new] if after else [old])
        else:
            assert await contents(store) == new
        survivor = ParquetLake(store)
        await survivor.sweep(timedelta(0))
        await survivor.write(more)  # it is simply done again
        assert await contents(store) == new
        await check(survivor, [*history, *more])

    asyncio.run(run())


@FEW
@given(histories(), st.integers(0, 6))
def test_an_undo_or_a_sweep_that_dies_can_be_done_again(history: list[Batch], step: int) -> None:
    imports = sorted({batch.origin for batch in history if batch.status == "imported"})[:1]

    async def run() -> None:
        store, lake = fresh()
        for batch in history:
            await lake.write([batch])
        for origin in imports:
            try:
                await ParquetLake(Fragile(store, step)).remove(origin)
            except Died:
                await check(lake, history)
            await lake.remove(origin)
        left = [batch for batch in history if batch.origin not in imports]
        await check(lake, left)
        try:
            await ParquetLake(Fragile(store, step)).sweep(timedelta(0))
        except Died:
            await check(ParquetLake(store), left)
        await lake.sweep(timedelta(0))
        await check(lake, left)

    asyncio.run(run())


@FEW
@given(histories(), histories())
def test_two_writers_at_one_time_lose_nothing(ones: list[Batch], others: list[Batch]) -> None:
    """Every batch is of its own moment, so that who was first is no matter."""
    both = [
        Batch(b.kind, b.rows, NOON + timedelta(minutes=n), b.source, b.status, f"{n}")
        for n, b in enumerate([*ones, *others])
    ]

    async def run() -> None:
        store = MemoryStore()
        lakes = (ParquetLake(store), ParquetLake(store))

        async def write(lake: ParquetLake, batches: Sequence[Batch]) -> None:
            for batch in batches:
                await lake.write([batch])

        await asyncio.gather(write(lakes[0], both[: len(ones)]), write(lakes[1], both[len(ones) :]))
        await check(lakes[0], both)
        once, single = fresh()
        await single.write(both)
        assert await contents(once) == await contents(store)

    asyncio.run(run())


def bodies(history: Sequence[Batch]) -> list[tuple[Raw, bytes, Batch]]:
    found = []
    for n, batch in enumerate(history):
        body = f"page {n} of {batch.origin}".encode()
        name = hashlib.sha256(body).hexdigest()
        raw = Raw(name, f"p{n}", batch.source, NOON + timedelta(seconds=n), "text/html")
        found.append(
            (raw, body, Batch(batch.kind, batch.rows, batch.as_of, batch.source, batch.status, name))
        )
    return found


@FEW
@given(histories())
def test_the_lake_made_anew_from_the_raw_archive_is_the_same_bytes(history: list[Batch]) -> None:
    pages = bodies(history)
    by_id = {raw.id: batch for raw, _, batch in pages}

    async def run() -> None:
        store, lake = fresh()
        archive = ObjectRaw(store)
        for raw, body, batch in pages:
            await archive.keep(raw, body)
            await lake.write([batch])
        before = await contents(store)
        rows = await lake.rebuild(archive, lambda raw, _: [by_id[raw.id]])
        assert await contents(store) == before
        assert rows == sum([len(await lake.rows(kind)) for kind in KINDS])
        ruined = ParquetLake(empty := MemoryStore())
        await ruined.rebuild(archive, lambda raw, _: [by_id[raw.id]])
        assert await contents(empty) == before
        assert await lake.rebuild(archive, lambda *_: []) == 0
        assert await contents(store) == {}

    asyncio.run(run())


async def test_a_rebuild_that_fails_or_is_overtaken_leaves_the_lake() -> None:
    from services.domain.errors import BrokenPage, Unavailable

    store, lake = fresh()
    archive = ObjectRaw(store)
    page, row = b"page", Bar("A", DAYS[0], None, None, None, 1.0, 0)
    name = hashlib.sha256(page).hexdigest()
    await archive.keep(Raw(name, "p", "s", NOON), page)
    batch = Batch("bars", (row,), NOON, "s", "live", name)
    await lake.write([batch])
    before = await contents(store)

    def broken(raw: Raw, body: bytes) -> list[Batch]:
        raise BrokenPage("no table", page=raw.name)

    with pytest.raises(BrokenPage):
        await lake.rebuild(archive, broken)
    assert await contents(store) == before
    other = ParquetLake(store)
    more = Batch("bars", (Bar("B", DAYS[0], None, None, None, 1.0, 0),), NOON, "s", "live", "b")

    class Slow:
        async def body(self, raw_id: str) -> bytes:
            await other.write([more])
            return await archive.body(raw_id)

        def listed(self):
            return archive.listed()

    with pytest.raises(Unavailable, match="rebuilt"):
        await lake.rebuild(Slow(), lambda *_: [batch])
    assert {bar.symbol for bar in await lake.rows("bars")} == {"A", "B"}
