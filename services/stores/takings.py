"""Notes of which fetched page gave which rows to the lake: with the raw bytes they are what it is made anew from."""

import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import orjson
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore
from pydantic import TypeAdapter

from services.market_store import Took
from services.stores.objects import unreachable

_FOLDER: Final = "raw/taken"
_TOOK: Final = TypeAdapter(Took)


class ObjectTakings:
    """``Takings`` on object storage: ``raw/taken/<date>/<time>-<order>.json``, one document a write.

    Args:
        store: What ``objects.open_store`` opened; the raw archive's own. What opens a door is not in these notes: the
            fetcher leaves it out of addresses and headers before anybody keeps them.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._order = 0

    async def note(self, taken: Sequence[Took]) -> None:
        """Keep them under the time of the newest, in the order of the writes.

        Raises:
            Unavailable: The folder or bucket did not take them.
        """
        if not taken:
            return
        at = max(took.as_of for took in taken).astimezone(UTC)
        self._order = max(self._order + 1, time.time_ns())
        name = f"{_FOLDER}/{at:%Y-%m-%d}/{at:%H%M%S.%f}-{self._order:020d}-{secrets.token_hex(4)}.json"
        text = orjson.dumps([_document(took) for took in taken], option=orjson.OPT_SORT_KEYS)
        try:
            with suppress(
                AlreadyExistsError
            ):  # ours: it was put, the answer was lost, the library put it again
                await self._store.put_async(name, text, mode="create")
        except (BaseError, OSError) as error:
            raise unreachable(error, "raw archive") from error

    async def listed(self) -> AsyncIterator[Took]:
        """All of them, in their order.

        Raises:
            Unavailable: The folder or bucket did not answer.
        """
        try:
            paths = sorted([note["path"] async for chunk in self._store.list(_FOLDER) for note in chunk])
            for path in paths:
                found = await self._store.get_async(path)
                for document in orjson.loads(bytes(await found.bytes_async())):
                    yield _TOOK.validate_python(
                        document | {"as_of": datetime.fromisoformat(document["as_of"])}
                    )
        except (BaseError, OSError) as error:
            raise unreachable(error, "raw archive") from error


def _document(took: Took) -> dict[str, object]:
    fields: dict[str, object] = _TOOK.dump_python(took)
    raw = {**_TOOK.dump_python(took)["raw"], "fetched_at": took.raw.fetched_at.isoformat(), "headers": {}}
    return {**fields, "raw": raw, "as_of": took.as_of.isoformat()}
