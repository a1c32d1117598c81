"""One turn of talk, written as one: the session moves on, the answers are put, the question is closed, or nothing is.

Turns that end at one time are written together. Where the session stays as it was and there is one answer, that answer
alone is the commit: its key is unique, and the inbox entry is closed behind it, many at a time.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bson.errors import BSONError
from pymongo import DeleteOne, ReplaceOne
from pymongo.errors import DocumentTooLarge, OperationFailure

from services.domain.conversation import Address, Outbound, Session
from services.domain.errors import Unavailable
from services.ports import Arrival
from services.stores.arrivals import Arrivals
from services.stores.batches import Fate, insert_each
from services.stores.closing import CLOSED, Closing
from services.stores.documents import session_document, session_value
from services.stores.grouping import Grouped
from services.stores.mongo import Document, Mongo, Taken, answering, insert_all, reported
from services.stores.mongo import Session as Transaction
from services.stores.outbox import prepared, unique_keys

LOAD_EVERY: Final = 0.008  # seconds from one group to the next, under load
COMMIT_EVERY: Final = 0.010
TOGETHER: Final = 40  # turns in one transaction
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class _End:
    """A turn as it is to be written."""

    event_id: str
    session: Session
    answers: tuple[Outbound, ...]
    begun: bool


class MongoTurns:
    """``TurnStore`` on MongoDB.

    Args:
        mongo: The database.
        sealed_text: Stands for the words of a sealed message, which are written nowhere.
        owner: This process, which sends the answers of its turns itself.
    """

    def __init__(self, mongo: Mongo, sealed_text: str, owner: str = "") -> None:
        self._mongo = mongo
        self._sessions = mongo["sessions"]
        self._inbox = mongo["inbox"]
        self._outbox = mongo["outbox"]
        self._sealed_text = sealed_text
        self._owner = owner
        self._closing = Closing(mongo)
        self._arrivals = Arrivals(mongo)
        self._loading = Grouped(self._load, linger=LOAD_EVERY)
        self._answering = Grouped(self._answer, linger=COMMIT_EVERY)
        self._moving = Grouped(self._move, linger=COMMIT_EVERY, most=TOGETHER)

    def arriving(self, addresses: Sequence[Address]) -> Awaitable[Arrival]:
        """Who writes and where they stand, found from now on; it may be awaited later, or never."""
        return self._arrivals.of(addresses)

    async def session(self, user_id: str) -> Session:
        """Where the conversation stands; an empty session for somebody new."""
        return await self._loading(user_id)

    async def commit(
        self,
        event_id: str,
        session: Session,
        outbounds: Sequence[Outbound],
        *,
        loaded: Session | None = None,
        begun: bool = True,
    ) -> list[Outbound]:
        """Write the turn as one; returns the answers that were new, with their words.

        A turn is committed once: for an event that was closed or put aside before, nothing is written and nothing
        returned, so that a second worker on the same event cannot answer again. An event that the inbox does not
        know (a command of the terminal) is committed as well.

        Args:
            event_id: The message that is answered.
            session: Where the conversation stands now.
            outbounds: The answers.
            loaded: Where it stood when the turn began: if that is the same, there is nothing to move.
            begun: The answers are sent this very moment by this process.

        Raises:
            Unavailable: The database did not answer, or other turns kept putting the same keys.
        """
        end = _End(event_id, session, tuple(unique_keys(outbounds)), begun)
        if loaded != session or len(end.answers) > 1:
            return await self._moved(end)
        if not end.answers:
            self._closing.add(event_id)
            return []
        fate = await self._answering(end)
        if not isinstance(fate, str):
            raise fate
        self._closing.add(event_id)
        return list(end.answers) if fate == "new" else []

    async def _moved(self, end: _End) -> list[Outbound]:
        result = await self._moving(end)
        if isinstance(result, BaseException):
            raise result
        return result

    async def settle(self) -> None:
        """Close at once what waits to be closed (at the end of the process)."""
        await self._closing.settle()

    async def close(self) -> None:
        """The end of the process: settle, if the database is there."""
        with suppress(Unavailable):
            await self._closing.settle()

    @reported
    async def _load(self, user_ids: Sequence[str]) -> list[Session]:
        found = await self._sessions.find({"_id": {"$in": list(set(user_ids))}}).to_list(None)
        kept = {row["_id"]: session_value(row) for row in found}
        return [kept.get(user_id) or Session(user_id) for user_id in user_ids]

    @reported
    async def _answer(self, ends: Sequence[_End]) -> list[Fate]:
        """The answers of turns that moved nothing."""
        documents = [
            {**document, "answers": end.event_id}
            for end in ends
            for document in self._prepared(end.answers, begun=end.begun)
        ]
        return await insert_each(self._mongo, "outbox", documents)

    async def _move(self, ends: Sequence[_End]) -> Sequence[list[Outbound] | BaseException]:
        """Several turns in one transaction; if anything stands in the way, each in its own, to fail on its own."""
        if len(ends) == 1:
            return [await self._alone(ends[0])]
        with suppress(BSONError, DocumentTooLarge, OperationFailure):
            if await self._all_at_once(ends):
                return [list(end.answers) for end in ends]
        return await asyncio.gather(*(self._alone(end) for end in ends), return_exceptions=True)

    @reported
    async def _all_at_once(self, ends: Sequence[_End]) -> bool:
        """One transaction for all, if each is open, each answer new; False if not, and then nothing was written."""

        async def write(transaction: Transaction) -> bool:
            ids = [end.event_id for end in ends]
            closed = await self._inbox.update_many(
                {"_id": {"$in": ids}, "state": "open"}, CLOSED, session=transaction
            )
            if closed.matched_count != len(ends):
                raise Taken("not all of these turns are open")
            answers = [document for end in ends for document in self._prepared(end.answers, begun=end.begun)]
            if answers:
                await insert_all(self._outbox, answers, transaction)
            await self._sessions.bulk_write([_stepped(end.session) for end in ends], session=transaction)
            return True

        try:
            return await self._mongo.transaction(write)
        except Taken:
            return False

    async def _alone(self, end: _End) -> list[Outbound]:
        """One turn in one transaction."""
        look_first = False  # almost every answer is new: looking costs a round trip, so it waits for a clash

        async def write(transaction: Transaction) -> set[str]:
            if not await self._close(end.event_id, transaction):
                return set()
            new = await self._put(end, transaction, look_first=look_first)
            await self._step(end.session, transaction)
            return new

        for _ in range(_ATTEMPTS):
            try:
                with answering():
                    new = await self._mongo.transaction(write)
            except Taken:
                look_first = True
            else:
                return [o for o in end.answers if o.key in new]
        raise Unavailable(f"the turn of {end.event_id} could not be written: others keep putting its keys")

    async def _close(self, event_id: str, transaction: Transaction) -> bool:
        """Close the entry and drop what it said: the answer is there, the words are needed no more."""
        closed = await self._inbox.update_one({"_id": event_id, "state": "open"}, CLOSED, session=transaction)
        if closed.matched_count:
            return True
        return await self._inbox.find_one({"_id": event_id}, {"_id": 1}, session=transaction) is None

    async def _put(self, end: _End, transaction: Transaction, *, look_first: bool) -> set[str]:
        known: set[str] = set()
        if look_first:
            keys = {"_id": {"$in": [o.key for o in end.answers]}}
            known = {
                d["_id"] for d in await self._outbox.find(keys, {"_id": 1}, session=transaction).to_list(None)
            }
        fresh = [o for o in end.answers if o.key not in known]
        if fresh:
            await insert_all(self._outbox, self._prepared(fresh, begun=end.begun), transaction)
        return {o.key for o in fresh}

    async def _step(self, session: Session, transaction: Transaction) -> None:
        who = {"_id": session.user_id}
        if _is_empty(session):
            await self._sessions.delete_one(who, session=transaction)
        else:
            await self._sessions.replace_one(who, session_document(session), upsert=True, session=transaction)

    def _prepared(self, answers: Sequence[Outbound], *, begun: bool) -> list[Document]:
        """The first is being sent; the others wait for it, in this process."""
        sent_now = prepared(answers[:1], self._sealed_text, owner=self._owner, begun=begun)
        return sent_now + prepared(answers[1:], self._sealed_text, owner=self._owner)


def _is_empty(session: Session) -> bool:
    """Nothing to remember: nothing is kept."""
    return session.awaiting is None and not session.memo


def _stepped(session: Session) -> ReplaceOne[Document] | DeleteOne:
    if _is_empty(session):
        return DeleteOne({"_id": session.user_id})
    return ReplaceOne({"_id": session.user_id}, session_document(session), upsert=True)
