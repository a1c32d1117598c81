"""The object storage over S3, at the wire: the raw archive, the lake and its generations, pictures; and its refusals."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from obstore.store import ObjectStore

from services.domain.errors import NotAvailable, StorageForbidden, StorageMissing, Unavailable
from services.domain.records import Batch
from services.domain.rows import Bar
from services.market_store import Raw
from services.stores.lake import ParquetLake
from services.stores.media import ObjectMedia
from services.stores.objects import open_store
from services.stores.raw import ObjectRaw
from tests.fakes.every_row import ROWS
from tests.fakes.s3 import S3, Asked, s3
from tests.fakes.storage import contents

AT = datetime(2026, 8, 20, 18, 0, tzinfo=ZoneInfo("Asia/Karachi"))
DAY = date(2026, 8, 20)
_numbers = count()


@pytest.fixture(scope="module")
def house() -> Iterator[S3]:
    with s3() as house:
        yield house


@pytest.fixture
async def url(house: S3, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A bucket of this test's own, with the operator's settings in the environment."""
    for name, value in house.env().items():
        monkeypatch.setenv(name, value)
    name = f"bucket-{next(_numbers)}"
    house.bucket(name)
    house.asked.clear()
    yield f"s3://{name}/market/byte"
    house.busy = house.lost = lambda _: False


def bars(symbol: str, close: float = 1.0, origin: str = "o") -> Batch:
    return Batch("bars", (Bar(symbol, DAY, None, None, None, close, 1),), AT, "psx", "live", origin)


def page(body: bytes, at: datetime = AT) -> Raw:
    return Raw(hashlib.sha256(body).hexdigest(), "psx.market_watch", "psx", at)


async def paths(store: ObjectStore, prefix: str = "") -> list[str]:
    return [found["path"] async for chunk in store.list(prefix or None) for found in chunk]


async def test_a_bucket_holds_what_a_folder_holds(url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every kind of row, an import undone, a sweep: byte for byte the same."""
    folder = str(tmp_path_factory.mktemp("lake"))
    kept = []
    for where in (url, folder):
        store = open_store(where)
        lake = ParquetLake(store)
        given = [Batch(kind, rows, AT, "psx", "live", "o") for kind, rows in ROWS.items()]
        assert await lake.write(given) == sum(map(len, ROWS.values()))
        assert await lake.write(given) == 0
        imported = Batch("bars", (Bar("LUCK", DAY, None, None, None, 9.0, 1),), AT, "file", "imported", "f")
        assert await lake.write([imported]) == 1
        assert await lake.remove("f") == 1
        assert await lake.sweep(timedelta(hours=2)) == 0
        swept = await lake.sweep(timedelta(seconds=-1))
        again = ParquetLake(open_store(where))
        kept.append((
            await contents(store), swept, {kind: await again.rows(kind) for kind in ROWS},
            sorted(path for path in await paths(store, "clean")), await again.version("bars"),
        ))  # fmt: skip
    assert kept[0] == kept[1]
    assert kept[0][1] > 0


async def test_bytes_over_a_part_of_an_upload_and_odd_names_come_back(url: str) -> None:
    archive = ObjectRaw(open_store(url))
    bodies = [b"", b"small", bytes(range(256)) * 50_000]  # 12.8 MB: more than one part
    for body in bodies:
        await archive.keep(page(body), body)
    assert [raw.id async for raw in ObjectRaw(open_store(url)).listed()] == [page(b).id for b in bodies]
    assert [await archive.body(page(body).id) for body in bodies] == bodies
    with pytest.raises(NotAvailable):
        await archive.body("0" * 64)


async def test_more_keys_than_a_page_of_a_list_holds(house: S3, url: str) -> None:
    """S3 tells 1,000 keys at a time; the newest generation is on the second page."""
    store, lake = open_store(url), ParquetLake(open_store(url))
    await lake.write([bars("HBL")])
    newest = bytes(await (await store.get_async("manifest/000000000001.json")).bytes_async())
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    house.fill(bucket, [f"{prefix}/manifest/{n:012d}.json" for n in range(2, 1102)], newest)
    house.asked.clear()
    assert [row.symbol for row in await ParquetLake(store).rows("bars") if isinstance(row, Bar)] == ["HBL"]
    lists = [query for method, _, query, _ in house.asked if method == "GET" and "list-type=2" in query]
    assert any("continuation-token" in query for query in lists)
    house.asked.clear()
    await lake.write([bars("LUCK")])
    assert ("PUT", f"{_path(url)}/manifest/000000001102.json", "", True) in house.asked
    removed = ParquetLake(store)
    await removed.sweep(timedelta(seconds=-1))  # more than one request to delete can name
    assert (
        await paths(store, "manifest") == ["manifest/000000001103.json"]
        or len(await paths(store, "manifest")) == 1
    )


def _path(url: str) -> str:
    return "/" + url.removeprefix("s3://")


async def test_two_writers_at_once_lose_nothing(house: S3, url: str) -> None:
    lakes = [ParquetLake(open_store(url)) for _ in range(4)]
    symbols = [[f"S{w}N{n}" for n in range(5)] for w in range(4)]

    async def writing(lake: ParquetLake, mine: list[str]) -> int:
        return sum([await lake.write([bars(symbol)]) for symbol in mine])

    changed = await asyncio.gather(*map(writing, lakes, symbols))
    assert changed == [5, 5, 5, 5]
    found = await ParquetLake(open_store(url)).rows("bars")
    assert sorted(row.symbol for row in found if isinstance(row, Bar)) == sorted(
        symbol for mine in symbols for symbol in mine
    )
    commits = Counter(path for method, path, _, conditional in house.asked if conditional)
    assert max(commits.values()) > 1  # they did meet
    assert len(commits) >= 20


async def test_a_storage_that_asks_to_slow_down_is_asked_again(house: S3, url: str) -> None:
    turns = count(1)
    house.busy = lambda _: next(turns) % 3 != 0
    lake, archive = ParquetLake(open_store(url)), ObjectRaw(open_store(url))
    assert await lake.write([bars("HBL")]) == 1
    await archive.keep(page(b"x"), b"x")
    assert len(await lake.rows("bars")) == 1
    assert await archive.body(page(b"x").id) == b"x"


class Lost:
    """The answer to the first such request is lost after it took effect."""

    def __init__(self, method: str, part: str) -> None:
        self.wanted = (method, part)
        self.left = 1

    def __call__(self, asked: Asked) -> bool:
        if (asked[0], self.wanted[1] in asked[1]) != (self.wanted[0], True) or not self.left:
            return False
        self.left -= 1
        return True


@pytest.mark.parametrize("part", ["/manifest/", "/clean/"])
async def test_a_write_whose_answer_is_lost_is_not_taken_for_another_writers(
    house: S3, url: str, part: str
) -> None:
    """S3 took the new generation and the answer never came: the put is tried again and finds itself."""
    lake = ParquetLake(open_store(url))
    house.lost = Lost("PUT", part)
    assert await lake.write([bars("HBL")]) == 1
    assert len(await paths(open_store(url), "manifest")) == 1
    assert len(await ParquetLake(open_store(url)).rows("bars")) == 1


@pytest.mark.parametrize("part", ["/raw/notes/", "/raw/"])
async def test_a_page_whose_answer_is_lost_is_kept_once(house: S3, url: str, part: str) -> None:
    archive = ObjectRaw(open_store(url))
    house.lost = Lost("PUT", part)
    await archive.keep(page(b"x"), b"x")
    assert [raw.id async for raw in archive.listed()] == [page(b"x").id]


async def test_pictures_lie_in_a_bucket_too(url: str) -> None:
    media = ObjectMedia(url)
    ref = await media.put(b"\x89PNG...", "image/png")
    assert await media.put(b"\x89PNG...", "image/png") == ref
    assert await media.get(ref.key) == b"\x89PNG..."
    assert await media.sweep(timedelta(days=1)) == 0
    assert await media.sweep(timedelta(seconds=-5)) == 1
    with pytest.raises(NotAvailable):
        await media.get(ref.key)


async def refused(url: str) -> list[Unavailable]:
    """What each door says."""
    lake, archive, media = ParquetLake(open_store(url)), ObjectRaw(open_store(url)), ObjectMedia(url)

    async def listing() -> None:
        [raw async for raw in archive.listed()]

    found = []
    for work in (
        lake.write([bars("X")]), archive.keep(page(b"y"), b"y"), media.put(b"z", "image/png"),
        lake.rows("bars"), lake.version("bars"), lake.sweep(), listing(), archive.body("0" * 64), media.sweep(timedelta(days=1)),
    ):  # fmt: skip
        try:
            await work
        except (Unavailable, NotAvailable) as error:
            found.append(error)
    return [error for error in found if isinstance(error, Unavailable)]


async def test_a_bucket_that_is_not_there(url: str) -> None:
    errors = await refused("s3://no-such-bucket/x")
    assert len(errors) == 9
    assert {type(error) for error in errors} == {StorageMissing}
    assert "has no such bucket (NoSuchBucket): see MARKETBYTE_STORAGE_URL" in errors[0].detail


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (("AKIAIOSFODNN7EXAMPLE", "s" * 40), "does not know our key (InvalidAccessKeyId)"),
        (None, "does not know our key (SignatureDoesNotMatch)"),
    ],
)
async def test_a_wrong_key(
    house: S3, url: str, key: tuple[str, str] | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in house.env(key or (house.key[0], "not the secret")).items():
        monkeypatch.setenv(name, value)
    errors = await refused(url)
    assert len(errors) == 9
    assert {type(error) for error in errors} == {StorageForbidden}
    assert all(said in error.detail for error in errors)
    assert not any("not the secret" in str(error) or house.key[0] in str(error) for error in errors)


async def test_a_key_that_may_only_read(house: S3, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await ParquetLake(open_store(url)).write([bars("HBL")])
    for name, value in house.env(house.reader).items():
        monkeypatch.setenv(name, value)
    lake = ParquetLake(open_store(url))
    assert len(await lake.rows("bars")) == 1
    with pytest.raises(StorageForbidden, match="does not let us \\(AccessDenied\\)"):
        await lake.write([bars("LUCK")])
    with pytest.raises(StorageForbidden, match="does not let us"):
        await ObjectRaw(open_store(url)).keep(page(b"y"), b"y")


async def test_a_plain_address_is_an_operators_choice(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ALLOW_HTTP")
    with pytest.raises(StorageForbidden, match="AWS_ALLOW_HTTP=true"):
        await ParquetLake(open_store(url)).write([bars("HBL")])


async def test_no_answer_is_waited_for_in_seconds_not_minutes(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # nobody listens there
    began = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable, match="does not answer") as error:
        await ParquetLake(open_store(url)).version("bars")
    assert type(error.value) is Unavailable
    assert asyncio.get_running_loop().time() - began < 60
