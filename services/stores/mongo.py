"""MongoDB: the one file that knows the driver. Connects, prepares collections and indexes, maps the driver's errors.

The same code runs on the embedded server, a replica set and a sharded cluster, with motor or with PyMongo's own
asynchronous client.
"""

import asyncio
import functools
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final, Literal, ParamSpec, TypeVar, cast

from pymongo import AsyncMongoClient, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    CollectionInvalid,
    ConfigurationError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    InvalidURI,
    OperationFailure,
    WaitQueueTimeoutError,
)

from services.domain.errors import BadSetting, Unavailable
from services.stores.schema import COLLECTIONS, Plan

Document = dict[str, Any]
Driver = Literal["motor", "pymongo"]
Session = AsyncClientSession
Taken = (
    DuplicateKeyError  # "a document with that key is there": the one driver error that stores decide about
)
P = ParamSpec("P")
R = TypeVar("R")

_DUPLICATE: Final = 11000
_NAMESPACE_EXISTS: Final = 48
_INDEX_DIFFERS: Final = (85, 86)
_REFUSED: Final = (13, 18, 8000)
# An election takes up to 11 s at the default settings; the driver waits so long for a primary, then tries once more.
_SELECTION_MS: Final = 12_000
_OPERATION_MS: Final = 20_000


def wall_clock() -> datetime:
    """The machine's real time, for expiry only.

    The server removes old documents by its own clock, and a demo's clock (``MARKETBYTE_NOW``) may stand months away
    from that. It is never shown and never compared with a ``Clock``.
    """
    return datetime.fromtimestamp(time.time(), UTC)


@contextmanager
def answering() -> Iterator[None]:
    """Turn the driver's errors into ours; what is a mistake in our code stays as it is.

    Raises:
        Unavailable: The database did not answer in time.
        BadSetting: It answered that we may not.
    """
    try:
        yield
    except (ConnectionFailure, AutoReconnect, ExecutionTimeout, WaitQueueTimeoutError) as error:
        raise Unavailable(
            f"the database does not answer ({type(error).__name__}): is its process running? "
            "See MARKETBYTE_MONGODB_URI; unset, the first marketbyte process of a data directory runs it"
        ) from error
    except (InvalidURI, ConfigurationError) as error:
        raise BadSetting(
            f"MARKETBYTE_MONGODB_URI cannot be used ({error}); a good example: mongodb://127.0.0.1:27017/?replicaSet=rs0"
        ) from error
    except OperationFailure as error:
        if error.code in _REFUSED:
            raise BadSetting(
                "MARKETBYTE_MONGODB_URI: the server refuses this user (see its name, password and role)"
            ) from error
        if error.timeout:
            raise Unavailable("the database did not answer in time") from error
        raise


def reported(method: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Wrap a store's coroutine in :func:`answering`."""

    @functools.wraps(method)
    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        with answering():
            return await method(*args, **kwargs)

    return call


class Mongo:
    """One database, whichever driver is behind it. Made by :func:`connect`."""

    def __init__(self, client: AsyncMongoClient[Document], name: str, driver: Driver) -> None:
        self._client = client
        self._driver = driver
        self.database: AsyncDatabase[Document] = client[name]

    def __getitem__(self, name: str) -> AsyncCollection[Document]:
        return self.database[name]

    async def transaction(self, work: Callable[[Session], Awaitable[R]]) -> R:
        """Run ``work`` in one transaction; it is repeated when the server asks for that, so it must be repeatable."""
        async with await self._session() as session:
            return await session.with_transaction(cast("Any", work))

    async def _session(self) -> Session:
        started: Any = self._client.start_session()  # motor's is awaited, pymongo's is not
        return cast("Session", await started if hasattr(started, "__await__") else started)

    async def aggregate(self, collection: str, pipeline: Sequence[Document]) -> list[Document]:
        """All rows of a small aggregation."""
        cursor: Any = self[collection].aggregate(pipeline)
        if hasattr(cursor, "__await__"):
            cursor = await cursor
        return cast("list[Document]", await cursor.to_list(None))

    async def pages(
        self, collection: str, where: Document, *, order: str = "_id", size: int = 200
    ) -> AsyncIterator[Document]:
        """Every match in the order of a unique field, a page at a time: no cursor stays open between pages."""
        last: object = None
        while True:
            beyond = {**where, order: {"$gt": last}} if last is not None else where
            with answering():
                page = await self[collection].find(beyond).sort(order, 1).limit(size).to_list(None)
            for document in page:
                yield document
            if len(page) < size:
                return
            last = page[-1][order]

    @reported
    async def ping(self) -> None:
        """Raises ``Unavailable`` when the server does not answer."""
        await self.database.command("ping")

    async def drop(self) -> None:
        """Remove the whole database: for tests and benchmarks."""
        await self._client.drop_database(self.database.name)

    async def close(self) -> None:
        """Give the connections back."""
        closing: Any = self._client.close()
        if closing is not None:
            await closing


@reported
async def connect(uri: str, name: str = "marketbyte", *, driver: Driver = "motor") -> Mongo:
    """Connect, check that the server can do transactions, and bring collections, validators and indexes up to date.

    Args:
        uri: ``MARKETBYTE_MONGODB_URI`` or what ``EmbeddedMongo.start`` gave.
        name: The database's name.
        driver: ``MARKETBYTE_MONGO_DRIVER``.

    Raises:
        BadSetting: The URI is wrong, the login is refused, or the server is neither a replica set nor a cluster.
        Unavailable: Nothing answers there.
    """
    # On a thread: it imports the driver, reads source files for its own traces, and asks the DNS for mongodb+srv.
    mongo = Mongo(await asyncio.to_thread(_client, uri, driver), name, driver)
    try:
        await _check(mongo)
        await _prepare(mongo)
    except BaseException:
        await mongo.close()
        raise
    return mongo


def _client(uri: str, driver: Driver) -> AsyncMongoClient[Document]:
    options: dict[str, Any] = {"tz_aware": True, "appname": "marketbyte", "w": "majority", "maxPoolSize": 64}
    options |= {"serverSelectionTimeoutMS": _SELECTION_MS, "socketTimeoutMS": _OPERATION_MS}
    for option in list(options):
        if f"{option.lower()}=" in uri.lower():  # the operator's own word counts
            del options[option]
    if driver == "pymongo":
        return AsyncMongoClient(uri, **options)
    # motor runs each operation on a thread; it reads the size of its pool at import (10 is its default).
    os.environ.setdefault("MOTOR_MAX_WORKERS", "64")  # noqa: TID251 - no setting of ours: motor's only way to be told
    from motor.motor_asyncio import AsyncIOMotorClient

    # The two clients differ in a few awaits, all hidden in Mongo; PyMongo's types serve for both.
    return cast("AsyncMongoClient[Document]", AsyncIOMotorClient(uri, **options))


async def _check(mongo: Mongo) -> None:
    hello = await mongo.database.command("hello")
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise BadSetting(
            "MARKETBYTE_MONGODB_URI points to a standalone server, and MarketByte needs transactions: "
            'start mongod with --replSet rs0 and run `mongosh --eval "rs.initiate()"` once'
        )


async def _prepare(mongo: Mongo) -> None:
    there = {c["name"]: c for c in await _collections(mongo)}
    await asyncio.gather(*(_bring_up(mongo, plan, there.get(plan.name)) for plan in COLLECTIONS))


async def _bring_up(mongo: Mongo, plan: Plan, there: Document | None) -> None:
    if there is None:
        await _create(mongo, plan)
    elif there.get("options", {}).get("validator") != plan.validator:
        await mongo.database.command({"collMod": plan.name, "validator": plan.validator})
    if plan.indexes:
        await _index(mongo[plan.name], plan.indexes)


async def _collections(mongo: Mongo) -> list[Document]:
    answer = await mongo.database.command({"listCollections": 1, "cursor": {"batchSize": 1000}})
    return cast("list[Document]", answer["cursor"]["firstBatch"])


async def _create(mongo: Mongo, plan: Plan) -> None:
    try:
        await mongo.database.command({"create": plan.name, "validator": plan.validator})
    except CollectionInvalid:
        return
    except OperationFailure as error:
        if error.code != _NAMESPACE_EXISTS:  # another process was quicker
            raise


async def _index(collection: AsyncCollection[Document], indexes: Sequence[IndexModel]) -> None:
    try:
        await collection.create_indexes(list(indexes))
    except OperationFailure as error:
        if error.code not in _INDEX_DIFFERS:
            raise
        for index in indexes:  # an older version's index of that name: made anew
            with suppress(OperationFailure):
                await collection.drop_index(index.document["name"])
        await collection.create_indexes(list(indexes))


async def insert_all(
    collection: AsyncCollection[Document], documents: Sequence[Document], session: Session
) -> None:
    """Insert all within a transaction; raises ``Taken`` if one is there already (the transaction is void then)."""
    try:
        await collection.insert_many(list(documents), session=session)
    except BulkWriteError as error:
        failures = (error.details or {}).get("writeErrors", [])
        if failures and all(failure["code"] == _DUPLICATE for failure in failures):
            raise Taken(str(error), _DUPLICATE) from error
        raise


async def insert_new(collection: AsyncCollection[Document], documents: Sequence[Document]) -> set[str]:
    """Insert those whose ``_id`` is not there yet, each once; returns the ids that were new."""
    if not documents:
        return set()
    ids = {str(document["_id"]) for document in documents}
    try:
        await collection.insert_many(list(documents), ordered=False)
    except BulkWriteError as error:
        failures = (error.details or {}).get("writeErrors", [])
        if any(failure["code"] != _DUPLICATE for failure in failures):
            raise
        return ids - {str(documents[failure["index"]]["_id"]) for failure in failures}
    return ids
