"""One turn of talk, written as one: the session moves on, the answers are put, the question is closed, or nothing is."""

from collections.abc import Sequence

from services.domain.conversation import Outbound, Session
from services.stores.documents import session_document, session_value
from services.stores.mongo import Mongo, Taken, reported
from services.stores.mongo import Session as Transaction
from services.stores.outbox import prepared


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
        """
        unique = list({o.key: o for o in reversed(outbounds)}.values())[::-1]
        new: set[str] = set()

        async def write(transaction: Transaction) -> None:
            nonlocal new
            new = set()
            if not await self._close(event_id, transaction):
                return
            new = await self._put(unique, transaction)
            await self._move_on(session, transaction)

        for attempt in range(5):
            try:
                await self._mongo.transaction(write)
                break
            except Taken:  # another transaction put the same key first; the next attempt sees it
                if attempt == 4:
                    raise
        return [o for o in unique if o.key in new]

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

    async def _put(self, outbounds: Sequence[Outbound], transaction: Transaction) -> set[str]:
        if not outbounds:
            return set()
        keys = [o.key for o in outbounds]
        there = await self._outbox.find({"_id": {"$in": keys}}, {"_id": 1}, session=transaction).to_list(None)
        known = {str(document["_id"]) for document in there}
        fresh = [o for o in outbounds if o.key not in known]
        if fresh:
            await self._outbox.insert_many(prepared(fresh, self._sealed_text), session=transaction)
        return {o.key for o in fresh}

    async def _move_on(self, session: Session, transaction: Transaction) -> None:
        if session.awaiting is None and not session.memo:  # nothing to remember: nothing is kept
            await self._sessions.delete_one({"_id": session.user_id}, session=transaction)
            return
        await self._sessions.replace_one(
            {"_id": session.user_id}, session_document(session), upsert=True, session=transaction
        )
