"""People: kept, found by any of their addresses, handed out and forgotten as a whole."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from pymongo import UpdateOne

from services.domain.conversation import Address
from services.domain.errors import BadInput
from services.domain.users import User
from services.stores.documents import address_key, plain, user_document, user_value
from services.stores.grouping import Grouped
from services.stores.mongo import Document, Mongo, Session, Taken, reported

# What every collection calls the person; inbox entries know only addresses.
_BY_PERSON: Final = {
    "sessions": "_id",
    "outbox": "user_id",
    "alerts": "user_id",
    "tickets": "user_id",
    "codes": "user_id",
}
FIND_EVERY: Final = 0.008  # seconds from one group of lookups to the next, under load
_INTERNAL: Final = ("keys", "open", "lane", "put", "kept_at")


class MongoUsers:
    """``UserStore`` on MongoDB."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._users = mongo["users"]
        self._finding = Grouped(self._find, linger=FIND_EVERY)

    @reported
    async def get(self, user_id: str) -> User | None:
        """The person of that id."""
        document = await self._users.find_one({"_id": user_id})
        return user_value(document) if document else None

    @reported
    async def by_address(self, address: Address) -> User | None:
        """The person who is reached there."""
        document = await self._users.find_one({"keys": address_key(address)})
        return user_value(document) if document else None

    async def by_addresses(self, addresses: Sequence[Address]) -> User | None:
        """The person who is reached at any of these; of several the one at the first address."""
        return await self._finding(addresses)

    @reported
    async def _find(self, asked: Sequence[Sequence[Address]]) -> list[User | None]:
        """Many of those lookups at one time are one question."""
        rows = [[address_key(address) for address in addresses] for addresses in asked]
        wanted = list({key for keys in rows for key in keys})
        found = await self._users.find({"keys": {"$in": wanted}}).to_list(None)
        by_key = {key: document for document in found for key in document["keys"]}
        firsts = [next((by_key[key] for key in keys if key in by_key), None) for keys in rows]
        return [user_value(document) if document else None for document in firsts]

    @reported
    async def save(self, user: User) -> None:
        """Insert or replace.

        Raises:
            BadInput: One of the addresses belongs to another person.
        """
        try:
            await self._users.replace_one({"_id": user.id}, user_document(user), upsert=True)
        except Taken as error:
            if "keys" not in str((error.details or {}).get("keyPattern", "keys")):
                await self._users.replace_one(
                    {"_id": user.id}, user_document(user)
                )  # two first saves at once
                return
            raise BadInput("one of these addresses already belongs to another person") from None

    @reported
    async def change(self, before: User, after: User) -> None:
        """Write only what differs; nobody who was deleted comes back.

        Raises:
            BadInput: One of the addresses belongs to another person.
        """
        old, new = user_document(before), user_document(after)
        differing = {
            f"body.{name}": value for name, value in new["body"].items() if value != old["body"].get(name)
        }
        differing |= {name: new[name] for name in ("stage", "keys") if new[name] != old[name]}
        if not differing:
            return
        try:
            await self._users.update_one({"_id": after.id}, {"$set": differing})
        except Taken:
            raise BadInput("one of these addresses already belongs to another person") from None

    @reported
    async def remember_brief(self, user_id: str, brief: str) -> None:
        """Note the last brief and nothing else."""
        await self._users.update_one({"_id": user_id}, {"$set": {"body.last_brief": brief}})

    @reported
    async def remember_briefs(self, briefs: Mapping[str, str]) -> None:
        """The same for many, by user id."""
        changes = [
            UpdateOne({"_id": user_id}, {"$set": {"body.last_brief": brief}})
            for user_id, brief in briefs.items()
        ]
        if changes:
            await self._users.bulk_write(changes, ordered=False)

    async def page(self, *, stages: Sequence[str] = (), after: str = "") -> AsyncIterator[User]:
        """Every person (of these stages) behind that id in the order of ids, a page at a time."""
        where: Document = {"stage": {"$in": list(stages)}} if stages else {}
        if after:
            where["_id"] = {"$gt": after}
        async for document in self._mongo.pages("users", where):
            yield user_value(document)

    @reported
    async def among(self, user_ids: Sequence[str]) -> list[User]:
        """Those of these people who are there, in one question."""
        found = await self._users.find({"_id": {"$in": list(user_ids)}}).to_list(None)
        return [user_value(document) for document in found]

    @reported
    async def counts(self) -> dict[str, int]:
        """How many there are by stage."""
        rows = await self._mongo.aggregate("users", [{"$group": {"_id": "$stage", "n": {"$sum": 1}}}])
        return {str(row["_id"]): int(row["n"]) for row in rows}

    @reported
    async def held(self) -> list[str]:
        """The codes that anybody holds, what most people hold first."""
        rows = await self._mongo.aggregate("users", [
            {"$unwind": "$body.portfolio.holdings"},
            {"$group": {"_id": "$body.portfolio.holdings.code", "n": {"$sum": 1}}},
            {"$sort": {"n": -1, "_id": 1}},
        ])  # fmt: skip
        return [str(row["_id"]) for row in rows]

    @reported
    async def delete(self, user_id: str) -> None:
        """Forget the person everywhere, in one transaction: half a person never stays."""

        async def forget(session: Session) -> None:
            keys = await self._keys(user_id, session)
            await self._users.delete_one({"_id": user_id}, session=session)
            await self._mongo["inbox"].delete_many({"address": {"$in": keys}}, session=session)
            await self._mongo["outbox"].delete_many({"address": {"$in": keys}}, session=session)
            for collection, field in _BY_PERSON.items():
                await self._mongo[collection].delete_many({field: user_id}, session=session)

        await self._mongo.transaction(forget)

    @reported
    async def everything(self, user_id: str) -> dict[str, object]:
        """All that is stored of a person, by subject, in JSON types; empty lists where there is nothing."""
        found: dict[str, object] = {"user": None}
        user = await self._users.find_one({"_id": user_id})
        if user:
            found["user"] = _readable(user)
        keys = await self._keys(user_id)
        found["inbox"] = await self._all("inbox", {"address": {"$in": keys}})
        for collection, field in _BY_PERSON.items():
            found[collection] = await self._all(collection, {field: user_id})
        return found

    async def _keys(self, user_id: str, session: Session | None = None) -> list[str]:
        user = await self._users.find_one({"_id": user_id}, {"keys": 1}, session=session)
        return list(user["keys"]) if user else []

    async def _all(self, collection: str, where: Document) -> list[object]:
        rows = await self._mongo[collection].find(where).to_list(None)
        return [_readable(row) for row in rows]


def _readable(document: dict[str, Any]) -> object:
    return plain({k: v for k, v in document.items() if k not in _INTERNAL})
