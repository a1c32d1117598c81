"""Makes a freshly started server on a Unix socket a replica set of one, which transactions need.

Blocking by design: it works in the thread that starts the server.
"""

from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

_ALREADY_INITIATED: Final = 23


class ReplicaSetOfOne:
    """Used as ``with ReplicaSetOfOne(uri, socket) as server: …``; ask until the answer is true.

    Args:
        uri: Where the server listens.
        socket: Its socket's path, which is its member address too.
    """

    def __init__(self, uri: str, socket: str) -> None:
        self._client: MongoClient[dict[str, Any]] = MongoClient(uri, serverSelectionTimeoutMS=1000)
        self._host = f"{socket}:27017"  # the port is a form only; the server listens on the socket

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def writable(self) -> bool:
        """Whether the server takes writes."""
        with suppress(PyMongoError):
            return bool(self._client.admin.command("hello").get("isWritablePrimary"))
        return False

    def made_writable(self) -> bool:
        """As :meth:`writable`, but sets the replica set up where that is missing."""
        with suppress(PyMongoError):
            hello = self._client.admin.command("hello")
            if hello.get("isreplicaset") and "setName" not in hello:
                self._set_up()
            return bool(hello.get("isWritablePrimary"))
        return False

    def _set_up(self) -> None:
        member = {"_id": 0, "host": self._host}
        try:
            self._client.admin.command("replSetInitiate", {"_id": "rs0", "members": [member]})
        except OperationFailure as error:
            if error.code == _ALREADY_INITIATED:
                self._moved()

    def _moved(self) -> None:
        """The data directory has moved: the server no longer finds itself under its old address."""
        plan = self._client["local"]["system.replset"].find_one()
        if plan is not None and plan["members"][0]["host"] != self._host:
            plan["members"][0]["host"] = self._host
            plan["version"] += 1
            self._client.admin.command("replSetReconfig", plan, force=True)
