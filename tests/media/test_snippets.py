"""The snippet cache: it gives back what was put, or nothing; damage, crashes and full disks cost only time."""

import os
from pathlib import Path

import pytest

from services.media.joining import paged
from services.media.snippets import SnippetCache

PACKETS = (b"one", b"twotwo", b"x" * 600)
KEY = SnippetCache.key("voice", "text")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/*"))


def test_what_was_put_is_given_back_by_memory_and_by_disk(tmp_path: Path):
    first = SnippetCache(tmp_path)
    assert first.get(KEY) is None
    assert first.put(KEY, PACKETS) == first.get(KEY) == SnippetCache(tmp_path).get(KEY) == paged(PACKETS)


def test_the_key_tells_its_parts_apart():
    assert SnippetCache.key("ab", "c") != SnippetCache.key("a", "bc")
    assert SnippetCache.key("a", "b") == SnippetCache.key("a", "b")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: data[:20],
        lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
        lambda data: b"X" + data[1:],
        lambda data: data + b"more",
    ],
)
def test_a_damaged_file_is_noticed_and_removed(tmp_path: Path, damage):
    SnippetCache(tmp_path).put(KEY, PACKETS)
    (file,) = files(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    again = SnippetCache(tmp_path)
    assert again.get(KEY) is None
    assert files(tmp_path) == []
    assert again.put(KEY, PACKETS) == SnippetCache(tmp_path).get(KEY)


def test_a_crash_while_writing_leaves_nothing_that_is_read(tmp_path: Path):
    cache = SnippetCache(tmp_path)
    (tmp_path / KEY[:2]).mkdir()
    (tmp_path / KEY[:2] / "tmpabc.half").write_bytes(b"half of a sni")
    assert cache.get(KEY) is None
    cache.put(KEY, PACKETS)
    assert [path.suffix for path in files(tmp_path)] == [".snippet"]


def test_a_folder_that_cannot_be_written_costs_only_the_cache(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    cache = SnippetCache(blocked)
    assert cache.put(KEY, PACKETS) == paged(PACKETS) == cache.get(KEY)


def test_the_least_recently_read_files_go_when_it_is_full(tmp_path: Path):
    cache = SnippetCache(tmp_path, limit=10_000, in_memory=1)
    keys = [SnippetCache.key(str(number)) for number in range(9)]
    for age, key in enumerate(keys):
        cache.put(key, (bytes(1000),))
        (file,) = tmp_path.glob(f"*/{key}*")
        os.utime(file, (1_000_000 + age, 1_000_000 + age))
    assert SnippetCache(tmp_path).get(keys[0]) is not None  # read: now the newest
    cache.put(SnippetCache.key("last"), (bytes(1000),))
    left = {path.stem for path in files(tmp_path)}
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 10_000
    assert keys[0] in left
    assert keys[1] not in left
    assert SnippetCache.key("last") in left


def test_memory_is_bounded(tmp_path: Path):
    cache = SnippetCache(tmp_path, in_memory=5_000)
    for number in range(50):
        cache.put(SnippetCache.key(str(number)), (bytes(900),))
    assert cache._recent_bytes <= 5_000
    assert cache._recent_bytes == sum(snippet.size for snippet in cache._recent.values())
