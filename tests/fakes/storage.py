"""Object storage that dies, or lets something happen, at a chosen step; and what a lake looks like from outside."""

from collections.abc import Awaitable, Callable
from typing import Any

from obstore.store import MemoryStore

from services.stores.lake import ParquetLake
from services.stores.manifests import Manifests, path_of


class Died(BaseException):
    """The process ends here: nobody catches it."""


class Fragile:
    """A store whose ``step``-th change kills the process, before or after it has taken effect."""

    def __init__(self, store: Any, step: int = -1, *, after: bool = False) -> None:
        self.store = store
        self.left = step
        self.after = after

    async def put_async(self, path: str, data: bytes, **options: Any) -> object:
        self.left -= 1
        if self.left == -1 and not self.after:
            raise Died
        done = await self.store.put_async(path, data, **options)
        if self.left == -1:
            raise Died
        return done

    async def delete_async(self, paths: Any) -> None:
        self.left -= 1
        if self.left == -1:
            raise Died
        await self.store.delete_async(paths)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


class Meddled:
    """A store in which ``meddle`` runs once, right before the first call of ``verb`` on a path that starts so."""

    def __init__(self, store: Any, verb: str, start: str, meddle: Callable[[], Awaitable[object]]) -> None:
        self.store = store
        self.verb = verb
        self.start = start
        self.meddle: Callable[[], Awaitable[object]] | None = meddle

    async def put_async(self, path: str, data: bytes, **options: Any) -> object:
        await self._once("put", path)
        return await self.store.put_async(path, data, **options)

    async def get_async(self, path: str) -> object:
        await self._once("get", path)
        return await self.store.get_async(path)

    async def delete_async(self, paths: Any) -> None:
        await self._once("delete", paths[0])
        await self.store.delete_async(paths)

    async def _once(self, verb: str, path: str) -> None:
        meddle = self.meddle
        if meddle and verb == self.verb and path.startswith(self.start):
            self.meddle = None
            await meddle()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


async def contents(store: Any) -> dict[tuple[str, str], tuple[bytes, bytes]]:
    """Every partition's bytes: what counts, what lies beneath."""
    found = {}
    for (kind, period), entry in (await Manifests(store).newest()).parts.items():
        bodies = []
        for name in (entry.top, entry.under):
            got = await store.get_async(path_of(kind, period, name)) if name else None
            bodies.append(bytes(await got.bytes_async()) if got else b"")
        found[kind, period] = (bodies[0], bodies[1])
    return found


def fresh() -> tuple[Any, ParquetLake]:
    store = MemoryStore()
    return store, ParquetLake(store)
