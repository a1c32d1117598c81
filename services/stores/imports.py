"""The ledger of imported files: which content was taken, when, by whom, and whether it was taken back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.market_store import Imported
from services.stores.mongo import Document, Mongo, reported


class MongoImports:
    """``ImportLedger`` on MongoDB; a file is known by the hash of its content, and stays so after its undoing."""

    def __init__(self, mongo: Mongo) -> None:
        self._imports = mongo["imports"]

    @reported
    async def known(self, file_hash: str) -> Imported | None:
        """What was taken from this content; ``undone`` tells whether it still counts."""
        found = await self._imports.find_one({"_id": file_hash})
        return _value(found) if found else None

    @reported
    async def record(self, imported: Imported) -> None:
        """Note it; the same content again (after an undo) replaces the note."""
        await self._imports.replace_one({"_id": imported.id}, _document(imported), upsert=True)

    @reported
    async def undone(self, file_hash: str) -> None:
        """Note that it was taken back; an unknown one is no error."""
        await self._imports.update_one({"_id": file_hash}, {"$set": {"undone": True}})

    @reported
    async def newest(self, *, limit: int = 10) -> list[Imported]:
        """The last ones, newest first, those taken back too."""
        found = await self._imports.find({}).sort([("at", -1), ("_id", 1)]).limit(limit).to_list(None)
        return [_value(document) for document in found]


def _document(imported: Imported) -> Document:
    return {
        "_id": imported.id,
        "kind": imported.kind,
        "name": imported.name,
        "at": imported.at,
        "by": imported.by,
        "rows": imported.rows,
        "first": imported.first.isoformat() if imported.first else None,
        "last": imported.last.isoformat() if imported.last else None,
        "undone": imported.undone,
        "said_at": imported.at.isoformat(),  # with its offset and microseconds, which the server's own dates lose
    }


def _value(document: Mapping[str, Any]) -> Imported:
    first, last = (date.fromisoformat(document[n]) if document[n] else None for n in ("first", "last"))
    return Imported(
        document["_id"],
        document["kind"],
        document["name"],
        datetime.fromisoformat(document["said_at"]),
        document["by"],
        document["rows"],
        first,
        last,
        document["undone"],
    )
