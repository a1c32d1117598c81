"""The lake made anew from the raw archive: the same bytes, or the old lake."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from obstore.store import MemoryStore

from services.domain.errors import Fewer
from services.domain.records import Batch
from services.domain.rows import Bar
from services.market_store import Raw
from services.stores.lake import ParquetLake
from services.stores.raw import ObjectRaw
from tests.fakes.lake_histories import (
    DAYS,
    FEW,
    KINDS,
    NOON,
    histories,
)
from tests.fakes.storage import contents, fresh


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
        if rows:
            with pytest.raises(Fewer, match=r"fewer rows: [1-9]"):
                await lake.rebuild(archive, lambda *_: [])
        assert await contents(store) == before
        assert await lake.rebuild(archive, lambda *_: [], True) == 0
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
