"""One turn of talk, written as one: the session moves on, the answers are put, the question is closed, or nothing is."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from services.domain.conversation import Outbound, Session
from services.domain.errors import Unavailable
from services.stores.documents import session_document, session_value
from services.stores.mongo import Mongo, Taken, insert_all, reported
from services.stores.mongo import Session as Transaction
from services.stores.outbox import prepared, unique_keys

_ATTEMPTS: Final = 5

# The turn itself sends its answers, in order and with their words; a sweep takes over only where it died.
OWN_TURN = timedelta(minutes=10)


class MongoTurns:
    """``TurnStore`` on MongoDB.

    Args:
        mongo: The database.
        sealed_text: Stands for the words of a sealed message, which are written nowhere.
    """

    def __init__(self, mongo: Mongo, sealed_text: str) -> None:
        self._mongo = mongo
        self._sessions = mongo["sessions"]
        self._inbox = mongo["inbox"]
        self._outbox = mongo["outbox"]
        self._sealed_text = sealed_text

    @reported
    async def session(self, user_id: str) -> Session:
        """Where the conversation stands; an empty session for somebody new."""
        document = await self._sessions.find_one({"_id": user_id})
        return session_value(document) if document else Session(user_id)

    @reported
    async def commit(self, event_id: str, session: Session, outbounds: Sequence[Outbound]) -> list[Outbound]:
        """Write the turn in one transaction; returns the answers that were new, with their words.

        A turn is committed once: for an event that was closed or put aside before, nothing is written and nothing
        returned, so that a second worker on the same event cannot answer again. An event that the inbox does not
        know (a command of the terminal) is committed as well.

        Raises:
            Unavailable: The database did not answer, or other turns kept putting the same keys.
        """
        answers = unique_keys(outbounds)
        look_first = False  # almost every answer is new: looking costs a round trip, so it waits for a clash

        async def write(transaction: Transaction) -> set[str]:
            if not await self._close(event_id, transaction):
                return set()
            new = await self._put(answers, transaction, look_first=look_first)
            await self._move_on(session, transaction)
            return new

        for _ in range(_ATTEMPTS):
            try:
                new = await self._mongo.transaction(write)
            except Taken:
                look_first = True
            else:
                return [o for o in answers if o.key in new]
        raise Unavailable(f"the turn of {event_id} could not be written: others keep putting its keys")

    async def _close(self, event_id: str, transaction: Transaction) -> bool:
        """Close the entry and drop what it said: the answer is there, the words are needed no more."""
        closed = await self._inbox.update_one(
            {"_id": event_id, "state": "open"},
            {"$set": {"state": "closed"}, "$unset": {"body": ""}},
            session=transaction,
        )
        if closed.matched_count:
            return True
        return await self._inbox.find_one({"_id": event_id}, {"_id": 1}, session=transaction) is None

    async def _put(
        self, answers: Sequence[Outbound], transaction: Transaction, *, look_first: bool
    ) -> set[str]:
        known: set[str] = set()
        if look_first:
            keys = {"_id": {"$in": [o.key for o in answers]}}
            known = {
                d["_id"] for d in await self._outbox.find(keys, {"_id": 1}, session=transaction).to_list(None)
            }
        fresh = [o for o in answers if o.key not in known]
        if fresh:
            await insert_all(self._outbox, prepared(fresh, self._sealed_text, hold=OWN_TURN), transaction)
        return {o.key for o in fresh}

    async def _move_on(self, session: Session, transaction: Transaction) -> None:
        if session.awaiting is None and not session.memo:  # nothing to remember: nothing is kept
            await self._sessions.delete_one({"_id": session.user_id}, session=transaction)
            return
        await self._sessions.replace_one(
            {"_id": session.user_id}, session_document(session), upsert=True, session=transaction
        )
