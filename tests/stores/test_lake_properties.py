"""The lake against a plain model: whatever order, grouping, undoing and dying, the same rows and the same bytes."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from obstore.store import MemoryStore

from services.domain.records import Batch
from services.stores.lake import ParquetLake
from tests.fakes.lake_histories import (
    FEW,
    KINDS,
    NOON,
    check,
    histories,
    in_groups,
    said,
)
from tests.fakes.storage import Died, Fragile, contents, fresh


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
