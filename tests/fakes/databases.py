"""Empty databases for tests."""

import functools
from typing import Any

from pymongo import MongoClient


def emptied(uri: str, name: str) -> str:
    """The name of a database in which nothing is.

    It is emptied and not dropped, and used again and again: a server keeps the 83 files of a dropped one open for
    minutes, and at some hundred tests it would have no more to open.
    """
    database = _client(uri)[name]
    for collection in database.list_collection_names():
        database[collection].delete_many({})
    return name


@functools.cache
def _client(uri: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri)
