"""Closing what is answered, many at a time: nobody waits for it, and the answer in the outbox proves it meanwhile."""

import asyncio
from collections.abc import Sequence
from typing import Final

from services.domain.errors import MarketByteError
from services.stores.mongo import Document, Mongo, reported

CLOSE_EVERY: Final = 0.4  # seconds
CLOSED: Final[Document] = {"$set": {"state": "closed"}, "$unset": {"body": ""}}


class Closing:
    """Closes inbox entries a little later, all that came together by one question.

    Dies the process before that, the entries are still open; :func:`answered` finds their answers.
    """

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._waiting: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def add(self, event_id: str) -> None:
        """Close this entry soon and drop what it said: the answer is there, the words are needed no more."""
        self._waiting.add(event_id)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._later())

    async def settle(self) -> None:
        """Close what waits now."""
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        ids, self._waiting = self._waiting, set()
        if ids:
            try:
                await close(self._mongo, list(ids))
            except MarketByteError:
                self._waiting |= ids
                raise

    async def _later(self) -> None:
        while self._waiting:
            await asyncio.sleep(CLOSE_EVERY)
            try:
                await self.settle()
            except MarketByteError:
                continue  # the database is away; they wait on, and the next start would find their answers


@reported
async def close(mongo: Mongo, event_ids: Sequence[str]) -> None:
    """Close these entries, as far as they are open."""
    await mongo["inbox"].update_many({"_id": {"$in": list(event_ids)}, "state": "open"}, CLOSED)


@reported
async def answered(mongo: Mongo, event_ids: Sequence[str]) -> set[str]:
    """Which of these open entries have their whole answer in the outbox; they are closed now."""
    if not event_ids:
        return set()
    # Only an answer that was its turn's commit bears the name of its event; one told ahead of the rest does not.
    keys = [f"reply:{event_id}:0" for event_id in event_ids]
    found = mongo["outbox"].find({"_id": {"$in": keys}, "answers": {"$exists": True}}, {"answers": 1})
    done = {row["answers"] for row in await found.to_list(None)}
    if done:
        await close(mongo, sorted(done))
    return done
