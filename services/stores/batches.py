"""Many documents written by one question, each with a fate of its own: what cannot be written harms no other."""

from collections.abc import Sequence
from typing import Final, Literal

from bson.errors import BSONError
from pymongo.errors import DocumentTooLarge, WriteConcernError

from services.domain.errors import Malformed, Unavailable
from services.stores.mongo import Document, Mongo

Fate = Literal["new", "taken"] | Malformed

_DUPLICATE: Final = 11000


async def insert_each(mongo: Mongo, collection: str, documents: Sequence[Document]) -> list[Fate]:
    """Insert all in any order; tells of each whether it was new, whether its key was taken, or why it cannot be kept.

    On return what is "new" is on the disks of a majority.

    Raises:
        Unavailable: The database did not confirm it; some may be there all the same.
    """
    # The bare command: half the work of ``insert_many`` for this process, and the server answers for each document.
    asked = {
        "insert": collection,
        "documents": list(documents),
        "ordered": False,
        "writeConcern": mongo.database.write_concern.document or {"w": "majority"},
    }
    try:
        answer = await mongo.database.command(asked)
    except WriteConcernError as error:
        raise Unavailable("the database could not confirm that it kept this") from error
    except (BSONError, DocumentTooLarge, OverflowError, UnicodeError, RecursionError) as error:
        return await _apart(mongo, collection, documents, type(error).__name__)
    fates: list[Fate] = ["new"] * len(documents)
    for failure in answer.get("writeErrors", ()):
        fates[failure["index"]] = _refused(failure["code"])
    if "writeConcernError" in answer:
        raise Unavailable("the database could not confirm that it kept this")
    return fates


async def _apart(mongo: Mongo, collection: str, documents: Sequence[Document], reason: str) -> list[Fate]:
    """One of these cannot be put into the database's form: halve until it stands alone."""
    if len(documents) == 1:
        return [Malformed(f"cannot be kept ({reason})")]
    middle = len(documents) // 2
    first = await insert_each(mongo, collection, documents[:middle])
    return first + await insert_each(mongo, collection, documents[middle:])


def _refused(code: int) -> Fate:
    return "taken" if code == _DUPLICATE else Malformed(f"the database refuses it (code {code})")
