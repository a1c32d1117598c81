"""The media store over a folder and in memory: the same bytes once, whole, under keys nobody can bend."""

import asyncio
import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from services.domain.errors import BadSetting, NotAvailable, Unavailable
from services.stores.media import ObjectMedia

PNG = b"\x89PNG" + bytes(range(256)) * 40


@pytest.mark.parametrize("where", ["folder", "memory"])
async def test_bytes_come_back_under_their_hash(where: str, tmp_path: Path) -> None:
    media = ObjectMedia("memory://" if where == "memory" else f"file://{tmp_path}/a%20b")
    ref = await media.put(PNG, "image/png", "chart.png")
    assert ref.key == hashlib.sha256(PNG).hexdigest() + ".png"
    assert (ref.mime, ref.size, ref.name) == ("image/png", len(PNG), "chart.png")
    assert await media.get(ref.key) == PNG
    refs = await asyncio.gather(*(media.put(PNG, "image/png") for _ in range(20)))
    assert {r.key for r in refs} == {ref.key}
    assert await media.get((await media.put(b"", "audio/ogg; codecs=opus")).key) == b""
    assert (await media.put(b"x", "x-strange/../../etc")).key.endswith(".bin")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../secret",
        "/etc/passwd",
        "a" * 64,
        "a" * 64 + ".png/../../x",
        "A" * 64 + ".png",
        "a" * 64 + ".png\n",
        "%2e%2e",
    ],
)
async def test_a_bent_key_is_no_object(key: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    with pytest.raises(NotAvailable):
        await ObjectMedia(str(tmp_path / "media")).get(key)


async def test_an_unknown_key_is_not_available(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable):
        await ObjectMedia(f"file://{tmp_path}").get("0" * 64 + ".png")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_the_sweep_takes_old_objects_only(tmp_path: Path) -> None:
    media = ObjectMedia(f"file://{tmp_path}")
    old, used, new = [await media.put(data, "audio/ogg") for data in (b"old", b"used", b"new")]
    (tmp_path / "foreign.txt").write_text("not ours")
    for name in (old.key, used.key, "foreign.txt"):
        os.utime(tmp_path / name, (1_000_000_000, 1_000_000_000))
    assert await media.put(b"used", "audio/ogg") == used  # put again: it is wanted, so it is young again
    assert await media.sweep(timedelta(days=30)) == 1
    assert names(tmp_path) == sorted([used.key, new.key, "foreign.txt"])
    with pytest.raises(NotAvailable):
        await media.get(old.key)


async def test_an_object_cut_short_is_mended_by_the_next_put(tmp_path: Path) -> None:
    media = ObjectMedia(f"file://{tmp_path}")
    ref = await media.put(PNG, "image/png")
    (tmp_path / ref.key).write_bytes(PNG[:10])
    await media.put(PNG, "image/png")
    assert await media.get(ref.key) == PNG


async def test_a_bad_address_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for url in ("nonsense://x", f"file://{tmp_path}/file"):
        with pytest.raises(BadSetting, match="MARKETBYTE_STORAGE_URL"):
            ObjectMedia(url)


async def test_a_folder_that_went_away_is_unavailable(tmp_path: Path) -> None:
    media = ObjectMedia(f"file://{tmp_path}/m")
    (tmp_path / "m").rmdir()
    (tmp_path / "m").write_text("a file stands in the way")
    with pytest.raises(Unavailable):
        await media.put(b"x", "audio/ogg")
