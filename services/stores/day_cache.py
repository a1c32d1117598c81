"""Days of market data behind a cache of two levels: this process's memory, and Redis where it is configured."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import uuid4

from services.domain.records import Batch, Kind, Row, keys_of
from services.market_store import Days
from services.stores.day_rows import Stamp, batches, one_batch, packed, stamp_of, unpacked

if TYPE_CHECKING:
    from redis.asyncio import BlockingConnectionPool

KEPT: Final = 300  # seconds
_PATIENCE: Final = 0.5  # seconds with a Redis that does not answer: the database is as quick
_AT_MOST: Final = 15  # seconds a process may read for all others; if it dies over it, they wait no longer
_LOOK: Final = 0.02  # seconds between two looks whether another process has read
_PREFIX: Final = "marketbyte:days:"

Entries = list[tuple[Stamp, Row]]


class _Pools:
    """The pools of connections that were made for one cache, so that each connection is given back.

    cashews closes none once its listener was called off, nor one that its listener dropped with an error.
    """

    def __init__(self) -> None:
        self._made: list[BlockingConnectionPool] = []

    def from_url(self, url: str, **options: object) -> "BlockingConnectionPool":
        """As redis-py's pool makes itself; cashews asks for it in this way."""
        from redis.asyncio import BlockingConnectionPool

        pool = BlockingConnectionPool.from_url(url, **options)
        self._made.append(pool)
        return pool

    async def close(self) -> None:
        """Shut every connection, in use or not."""
        while self._made:
            with suppress(OSError, TimeoutError):
                await self._made.pop().disconnect()


class CachedDays:
    """``Days`` that are read once in five minutes for all processes, however many ask at one time.

    With Redis each process keeps a copy, and is told when another takes it away (Redis' own client-side caching). What is
    stored there is our bytes, never an object to be unpickled. When Redis is away, the days are read as without it.

    Args:
        days: Where they are read.
        market: The market, so that two of them may share one Redis.
        redis_url: "" = this process's memory alone.
    """

    def __init__(self, days: Days, market: str, redis_url: str = "") -> None:
        # half a second of imports that no command without a book needs
        from cashews import Cache, register_backend, thunder_protection
        from cashews.backends.redis.client_side import BcastClientSide

        self._days = days
        self._cache = Cache()
        self._pools = _Pools()
        if redis_url:
            # redis-py knows sockets and cashews does not; what Redis it shall be is said once for all schemes.
            for scheme in ("redis", "rediss", "unix"):
                register_backend(scheme, BcastClientSide, pass_uri=True)
            # Under protocol 3 redis-py hands the news of other processes' changes to nobody.
            self._cache.setup(
                redis_url,
                client_side_prefix=_PREFIX,
                pickle_type="null",
                check_repr=False,
                suppress=True,
                protocol=2,
                socket_timeout=_PATIENCE,
                socket_connect_timeout=_PATIENCE,
                client_side_listen_timeout=_PATIENCE,
                max_connections=32,
                connection_pool_class=self._pools,
                timeout=10,  # seconds for a free one among them
            )
        else:
            self._cache.setup("mem://", size=200, check_interval=60)
        self._market = market
        self._turn = ""
        self._untold = False  # Redis was away when something changed: it is told as soon as it is back
        self._unpacked: dict[tuple[Kind, str], tuple[bytes, Entries]] = {}
        read = self._cache(ttl=KEPT, key="{key}", protected=False)(_read)
        read = self._cache.locked(ttl=_AT_MOST, key="{key}", check_interval=_LOOK)(read)
        self._read = cast("Callable[..., Awaitable[bytes]]", thunder_protection(key="{key}")(read))

    async def newest(
        self, kind: Kind, *, before: datetime | None = None, last: date | None = None
    ) -> Batch | None:
        """As it was at most five minutes ago."""

        async def read() -> bytes:
            batch = await self._days.newest(kind, before=before, last=last)
            return _bytes(kind, [batch] if batch else [])

        found = await self._kept(kind, "newest", str(last or ""), read)
        batch = one_batch(kind, found) if found else None
        if batch and before and batch.as_of > before and batch.status != "imported":
            return await self._days.newest(kind, before=before, last=last)  # kept by one whose clock is ahead
        return batch

    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        """As it was at most five minutes ago."""

        async def read() -> bytes:
            return _bytes(kind, await self._days.since(kind, first))

        return batches(kind, await self._kept(kind, "since", str(first), read))

    async def _kept(self, kind: Kind, asked: str, of: str, read: Callable[[], Awaitable[bytes]]) -> Entries:
        """What is kept; else it is read, once for all who ask (the lock for that is not asked for while something is kept)."""
        key = f"{self._market}:{await self._newest_turn()}:{asked}:{kind}:{of}"
        body = await self._cache.get(key)
        if body is None:  # shielded: one who goes away takes nobody's answer along
            body = await asyncio.shield(self._read(key=key, read=read))
        try:
            return self._rows(kind, asked, body)
        except Exception:  # noqa: BLE001  # whatever lies there under our name: it is no reason to say nothing
            body = await read()
            await self._cache.set(key, body, expire=KEPT)
            return self._rows(kind, asked, body)

    def _rows(self, kind: Kind, asked: str, body: object) -> Entries:
        """The rows of these bytes; the same bytes are unpacked once."""
        if not isinstance(body, bytes):
            raise TypeError("the cache holds something that is not ours")
        known = self._unpacked.get((kind, asked))
        if known is None or known[0] != body:
            known = self._unpacked[kind, asked] = (body, unpacked(kind, body) if body else [])
        return known[1]

    async def _newest_turn(self) -> str:
        """The word of the last change, of whichever process."""
        if self._untold:
            await self._tell()
        told = await self._cache.get(f"{self._market}:turn")
        if isinstance(told, bytes) and not self._untold:
            self._turn = told.decode(errors="replace")
        return self._turn

    async def _tell(self) -> None:
        self._untold = not await self._cache.set(f"{self._market}:turn", self._turn.encode())

    async def changed(self) -> None:
        """Something was stored: nobody is told of what was before.

        What is kept is kept under a word of its own from now on, not taken away: one who reads at this moment may still put
        there what was before.
        """
        self._turn = uuid4().hex
        await self._tell()

    async def close(self) -> None:
        """Give the connections back."""
        # Its listener never came to listen, or sleeps until it looks for a lost Redis again.
        with suppress(asyncio.CancelledError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._cache.close()
        await self._pools.close()


async def _read(key: str, read: Callable[[], Awaitable[bytes]]) -> bytes:  # noqa: ARG001  # the key is the cache's
    return await read()


def _bytes(kind: Kind, found: Sequence[Batch]) -> bytes:
    known: dict[tuple[object, ...], Any] = {}
    for batch in found:
        stamp = stamp_of(batch)
        known.update(
            (key, (stamp, row)) for key, row in zip(keys_of(kind, batch.rows), batch.rows, strict=True)
        )
    return packed(kind, known) if known else b""
