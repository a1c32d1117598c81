"""The raw archive: bytes once, every coming noted in its order and without secrets, whole after a crash."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest
from obstore.store import MemoryStore

from services.domain.errors import NotAvailable
from services.market_store import Raw
from services.stores.objects import open_store
from services.stores.raw import ObjectRaw
from tests.fakes.storage import Died, Fragile

KARACHI = timezone(timedelta(hours=5))
AT = datetime(2026, 8, 20, 2, 30, 0, 5, tzinfo=KARACHI)


def page(body: bytes, at: datetime = AT, name: str = "psx.market_watch", **more: object) -> Raw:
    return Raw(hashlib.sha256(body).hexdigest(), name, "psx", at, "text/html", **more)  # type: ignore[arg-type]


async def listed(archive: ObjectRaw) -> list[Raw]:
    return [raw async for raw in archive.listed()]


@pytest.mark.parametrize("where", ["folder", "memory"])
async def test_bytes_are_kept_once_and_each_coming_is_noted(where: str, tmp_path: Path) -> None:
    store = open_store("memory://" if where == "memory" else str(tmp_path))
    archive = ObjectRaw(store)
    body = bytes(range(256)) * 50_000  # 12.8 MB
    raws = [page(body, AT + timedelta(days=n)) for n in (1, 0, 2)]
    for raw in raws:
        await archive.keep(raw, body)
    assert await archive.body(raws[0].id) == body
    paths = [o["path"] async for chunk in store.list() for o in chunk]
    assert [p for p in paths if "notes" not in p] == [f"raw/{raws[0].id[:2]}/{raws[0].id}"]
    assert sorted(p.rpartition("/")[0] for p in paths if "notes" in p) == [
        "raw/notes/2026-08-19",  # half past two in Karachi is the evening before in UTC
        "raw/notes/2026-08-20",
        "raw/notes/2026-08-21",
    ]
    assert await listed(ObjectRaw(store)) == sorted(raws, key=lambda raw: raw.fetched_at)
    assert (await listed(archive))[0].fetched_at.utcoffset() == timedelta(hours=5)


async def test_comings_of_one_moment_keep_their_order() -> None:
    """A demo's clock stands still; a second process begins its counting anew."""
    store = MemoryStore()
    bodies = [f"{n}".encode() for n in range(70)]
    for half in (bodies[:35], bodies[35:]):
        archive = ObjectRaw(store)
        for body in half:
            await archive.keep(page(body), body)
    assert [raw.id for raw in await listed(archive)] == [hashlib.sha256(b).hexdigest() for b in bodies]


async def test_many_at_one_time_are_all_there() -> None:
    archive = ObjectRaw(MemoryStore())
    await asyncio.gather(*(archive.keep(page(b"same"), b"same") for _ in range(40)))
    assert len(await listed(archive)) == 40


async def test_no_secret_is_written_down() -> None:
    store = MemoryStore()
    archive = ObjectRaw(store)
    raw = page(
        b"x",
        url="https://user:hunter2@api.example.com/v3/quote?symbol=XLK&apikey=hunter2&access_token=hunter2&b=1",
        asked={"symbol": "XLK", "apiKey": "hunter2"},
        headers={
            "Content-Type": "text/html",
            "Set-Cookie": "sid=hunter2",
            "X-Api-Key": "hunter2",
            "Authorization": "Bearer hunter2",
            "ETag": '"a"',
        },
    )
    await archive.keep(raw, b"x")
    notes = [o["path"] async for chunk in store.list("raw/notes") for o in chunk]
    text = bytes(await (await store.get_async(notes[0])).bytes_async())
    assert b"hunter2" not in text
    (found,) = await listed(archive)
    assert found.url == "https://api.example.com/v3/quote?symbol=XLK&b=1"
    assert found.asked == {"symbol": "XLK"}
    assert found.headers == {"Content-Type": "text/html", "ETag": '"a"'}
    assert orjson.loads(text)["size"] == 1


async def test_an_open_url_stays_as_it_was() -> None:
    archive = ObjectRaw(MemoryStore())
    url = "https://dps.psx.com.pk/historical?month=8&q=a%20b#x"
    await archive.keep(page(b"x", url=url), b"x")
    assert (await listed(archive))[0].url == url


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", [0, 1])
async def test_a_crash_in_between_leaves_no_note_without_bytes(step: int, after: bool) -> None:
    store = MemoryStore()
    with pytest.raises(Died):
        await ObjectRaw(Fragile(store, step, after=after)).keep(page(b"x"), b"x")
    archive = ObjectRaw(store)
    for raw in await listed(archive):
        assert await archive.body(raw.id) == b"x"
    before = len(await listed(archive))
    await archive.keep(page(b"x"), b"x")  # it is simply done again
    assert len(await listed(archive)) == before + 1
    assert await archive.body(page(b"x").id) == b"x"


async def test_bytes_cut_short_are_found_out_and_mended() -> None:
    store = MemoryStore()
    archive = ObjectRaw(store)
    raw = page(b"whole page")
    await archive.keep(raw, b"whole page")
    await store.put_async(f"raw/{raw.id[:2]}/{raw.id}", b"whole")
    with pytest.raises(NotAvailable, match="damaged"):
        await archive.body(raw.id)
    await archive.keep(raw, b"whole page")
    assert await archive.body(raw.id) == b"whole page"


@pytest.mark.parametrize("bent", ["", "../x", "A" * 64, "a" * 63, "a" * 64 + "/.."])
async def test_a_bent_or_unknown_id_is_not_available(bent: str) -> None:
    archive = ObjectRaw(MemoryStore())
    with pytest.raises(NotAvailable):
        await archive.body(bent)
    with pytest.raises(NotAvailable):
        await archive.body("0" * 64)


async def test_a_callers_mistakes_are_not_kept() -> None:
    archive = ObjectRaw(MemoryStore())
    with pytest.raises(ValueError, match="SHA-256"):
        await archive.keep(page(b"x"), b"y")
    with pytest.raises(ValueError, match="zone"):
        await archive.keep(page(b"x", AT.replace(tzinfo=None)), b"x")
    assert await listed(archive) == []
    await archive.keep(page(b"x", AT.astimezone(UTC)), b"x")
    assert len(await listed(archive)) == 1
